"""`preflight export`: what a release promises, in a form that other tools read."""

import json
from pathlib import Path

import click

from preflight import paths
from preflight.catalog.catalog import load_catalog
from preflight.catalog.openapi import as_openapi
from preflight.errors import UsageError
from preflight.model.release import Release
from preflight.plugin.judging import DEFAULT_RELEASE


@click.command(short_help="Write the effective contract as OpenAPI.")
@click.option("--release", metavar="X.Y", default=DEFAULT_RELEASE, show_default=True, help="Release to write.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["openapi"]),
    default="openapi",
    show_default=True,
    help="OpenAPI 3.1 as JSON.",
)
@click.option("--only", metavar="GLOB", multiple=True, default=("*",), help="Operations to write, e.g. 'chat.*'.")
@click.option(
    "--contracts",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=paths.CONTRACTS,
    help="Your own contracts in place of those that came with Preflight.",
)
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Where it goes.  [default: printed]"
)
def export(*, release: str, form: str, only: tuple[str, ...], contracts: Path, out: Path | None) -> None:
    """Write what a release promises of its REST operations: the documentation, corrected by errata.

    The file holds all it refers to, so that any tool for OpenAPI can use it.
    """
    del form  # there is one so far
    try:
        chosen = Release.parse(release)
    except ValueError as problem:
        raise UsageError(str(problem), hint="give --release two numbers, for instance --release 8.0") from problem
    document = as_openapi(load_catalog(chosen, root=contracts), only)
    if not document["paths"]:
        raise UsageError(
            f"nothing is selected by {', '.join(only)}",
            hint="preflight run --list shows the operations; a pattern looks like 'chat.*' or 'GET rooms.info'",
        )
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise UsageError(
            f"{out} cannot be written: {problem.strerror or problem}",
            hint="name with --out a file in a folder that exists",
        ) from problem
