"""`preflight compare`: what changed between two runs."""

import sys
from pathlib import Path

import click
from rich.console import Console

from preflight.comparison.comparison import compare as compare_runs
from preflight.errors import ExitCode
from preflight.model.change import Answer, Comparison
from preflight.reporting.changes import document, files, page, terminal
from preflight.reporting.folder import open_run

EXIT_CODES = {
    Answer.YES: ExitCode.CONFORMS,
    Answer.NO: ExitCode.BROKEN,
    Answer.UNKNOWN: ExitCode.INCONCLUSIVE,
}


@click.command(short_help="Tell what changed between two runs.")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--accept-promised", is_flag=True, help="Call safe what the documentation of the new release promises.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write it to a .md or .html file as well.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
def compare(*, before: Path, after: Path, accept_promised: bool, out: Path | None, as_json: bool) -> None:
    """Tell which behaviour changed between two runs of one profile, and whether an upgrade is safe.

    BEFORE and AFTER are folders of runs, or their run.json. Ids, times, tokens and addresses are no changes. Exit code
    0: safe to upgrade, 1: not safe, 2: the runs cannot be compared, 3: it cannot be told.

    \b
    preflight compare reports/runs/BEFORE reports/runs/AFTER
    preflight compare reports/runs/BEFORE reports/runs/AFTER --out upgrade.html
    """
    if out:
        files.check_name(out)
    runs = open_run(before), open_run(after)
    tell(compare_runs(*runs, names=(before, after), accept_promised=accept_promised), out=out, as_json=as_json)


def tell(comparison: Comparison, *, out: Path | None, as_json: bool) -> None:
    """Say what changed, and leave with the exit code."""
    words = page.of_runs(comparison)
    if out:
        files.write(words, out)
    if as_json:
        sys.stdout.write(document.text(document.of_runs(comparison)))
    else:
        terminal.show(words, Console())
    sys.exit(EXIT_CODES[comparison.safety.answer])
