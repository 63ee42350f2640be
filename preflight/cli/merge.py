"""`preflight merge`: the runs of all shards as one run, with one verdict."""

import sys
from pathlib import Path

import click
from rich.console import Console

from preflight.model.merging import merged
from preflight.plugin.judging import EXIT_CODES
from preflight.reporting.folder import open_run, write_reports
from preflight.reporting.run_file import render as render_run
from preflight.reporting.terminal import show
from preflight.session.session import new_run_id
from preflight.settings import RunSettings


@click.command(short_help="Join the runs of all shards.")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=RunSettings().out,
    show_default=True,
    help="Where the folder of the joined run goes.",
)
@click.option("--json", "as_json", is_flag=True, help="Print run.json instead of the summary.")
def merge(*, runs: tuple[Path, ...], out: Path, as_json: bool) -> None:
    """Join the runs of all shards into one run with one verdict; RUN is a run folder or its run.json.

    Refused where a shard is missing or there twice, or where the runs do not belong together.

    \b
    preflight run --shard 1/2 --out part1      (on one machine)
    preflight run --shard 2/2 --out part2      (on another)
    preflight merge part1/* part2/*
    """
    run = merged([open_run(path) for path in runs], new_run_id())
    reports = write_reports(run, out / run.id)
    if as_json:
        sys.stdout.write(render_run(run))
    else:
        show(run, Console(), reports)
    sys.exit(EXIT_CODES[run.verdict])
