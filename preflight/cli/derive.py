"""`preflight derive`: contracts from documentation."""

import sys
from pathlib import Path

import click

from preflight.derive.derivation import derive as derive_contracts
from preflight.derive.derivation import differences, write
from preflight.errors import ExitCode


@click.command(short_help="Make contracts from documentation.")
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("contracts"),
    show_default=True,
    help="Where the contracts go.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where DIR differs from what the sources give.")
def derive(*, sources: tuple[Path, ...], out: Path, check: bool) -> None:
    """Read documentation and write the facts in it as contracts.

    A source is a file, or a folder of files, in one of four forms, told by its content: an OpenAPI file (YAML or JSON),
    a page copied as text, a page exported as Markdown, or a category index page copied as text.
    """
    derived = derive_contracts([file for source in sources for file in files_of(source)])
    if not check:
        written = write(derived, out)
        click.echo(derived.report.text())
        click.echo(f"{len(written)} files written to {out}")
        return
    found = differences(derived, out)
    for line in found:
        click.echo(line)
    if found:
        click.echo(f"{out} is not what the sources give; run preflight derive without --check, and read the change")
        sys.exit(ExitCode.BROKEN)
    click.echo(f"{out} is what the sources give")


def files_of(source: Path) -> list[Path]:
    """Give a file itself, and of a folder the files in it, by name."""
    return sorted(path for path in source.iterdir() if path.is_file()) if source.is_dir() else [source]
