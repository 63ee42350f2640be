"""`preflight docs-diff`: what changed between two captures of documentation."""

import sys
from pathlib import Path

import click
from rich.console import Console

from preflight.cli.derive import files_of
from preflight.derive.revisions import revisions
from preflight.errors import ExitCode
from preflight.model.change import Effect
from preflight.reporting.changes import document, files, page, terminal


@click.command("docs-diff", short_help="Tell what changed between two captures of documentation.")
@click.argument("old", type=click.Path(path_type=Path, exists=True))
@click.argument("new", type=click.Path(path_type=Path, exists=True))
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write it to a .md or .html file as well.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
def docs_diff(*, old: Path, new: Path, out: Path | None, as_json: bool) -> None:
    """Tell what documentation says otherwise than before: operations, parameters, fields, refusals, permissions.

    OLD and NEW are files or folders, in any form that preflight derive reads. Exit code 0: nothing changed that can
    break a client, 1: something did, 2: a source cannot be read.

    \b
    preflight docs-diff docs/2025-12 docs/2026-08
    """
    if out:
        files.check_name(out)
    found = revisions(files_of(old), files_of(new))
    words = page.of_documentation(found)
    if out:
        files.write(words, out)
    if as_json:
        sys.stdout.write(document.text(document.of_documentation(found)))
    else:
        terminal.show(words, Console())
    if any(change.effect is Effect.BREAKING for change in found.changes):
        sys.exit(ExitCode.BROKEN)
