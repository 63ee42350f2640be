"""Options that several commands take in the same way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from preflight import paths

F = TypeVar("F", bound=Callable[..., Any])  # Any: a function, or the command that click has made of it
Option = Callable[[F], F]

only: Option[Any] = click.option(
    "--only", metavar="GLOB", multiple=True, help="Operations to judge, e.g. 'chat.*'; may be repeated."
)
profile: Option[Any] = click.option(
    "--profile", metavar="NAME", default="full", show_default=True, help="Conformance profile."
)
release: Option[Any] = click.option(
    "--release", metavar="X.Y", help="Release to judge by. Without it, what the target reports."
)
timeout: Option[Any] = click.option(
    "--timeout", metavar="SECONDS", type=float, default=15.0, show_default=True, help="For each request."
)
contracts: Option[Any] = click.option(
    "--contracts",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=paths.CONTRACTS,
    help="Your own contracts, cases, errata and profiles in place of those that came with Preflight.",
)
