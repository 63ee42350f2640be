"""`preflight init`: write a settings file to begin with."""

from pathlib import Path

import click

from preflight import paths
from preflight.catalog.settings_file import SETTINGS_FILE
from preflight.errors import UsageError


@click.command(short_help="Write a settings file to begin with.")
@click.argument("path", metavar="[FILE]", type=click.Path(path_type=Path), default=Path(SETTINGS_FILE))
def init(path: Path) -> None:
    """Write a settings file with comments, preflight.toml: name your workspaces in it, and type less.

    A file that is there already is never overwritten. Secrets do not belong into it: it names the file or the
    environment variable that holds one.

    \b
    preflight init
    preflight run --target staging
    """
    text = (paths.REPORT_TEMPLATES / SETTINGS_FILE).read_text(encoding="utf-8")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as problem:
        raise UsageError(
            f"{path} is there already", hint="edit it, or name another file; nothing was changed"
        ) from problem
    except OSError as problem:
        raise UsageError(
            f"{path} cannot be written: {problem.strerror}", hint="name a file in a folder that can be written"
        ) from problem
    click.echo(f"{path} is written. Name your workspace in it, then: preflight run --target staging")
