"""`preflight drill`: how much of what is wrong do the suites find, and do they cry wolf?"""

import os
import sys
from contextlib import closing
from pathlib import Path
from time import perf_counter

import click
from rich.console import Console

from preflight.errors import ExitCode
from preflight.model.drill import CleanRun, Drill, Trial
from preflight.plugin.drilling import Order, Programme
from preflight.plugin.drilling import drill as play
from preflight.plugin.interruption import terminated_like_interrupted
from preflight.reporting.drill import DrillProgress, show_drill
from preflight.reporting.matrix import render_json, write_drill
from preflight.session.session import new_run_id
from preflight.settings import Depth


@click.command(short_help="Prove what the suites find: plant each fault and judge it.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--full", is_flag=True, help="Judge every operation for each fault, and not only those concerned.")
@click.option("--release", metavar="X.Y", help="Release to play. Without it, one that can have the fault.")
@click.option("--sample", metavar="N", type=click.IntRange(min=1), help="Plant N of them alone, of every kind.")
@click.option(
    "--depth",
    type=click.Choice(list(Depth)),
    help="How many requests are generated.  [default: as many as each fault needs]",
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="The first seed; also says which sample.",
)
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=1),
    default=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    help="Runs side by side.  [default: one for each core]",
)
@click.option(
    "--clean",
    metavar="N",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Runs without a fault, each with its own seed, on each release.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of progress and summary.")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("reports/drills"),
    show_default=True,
    help="Where the folder of this drill goes.",
)
def drill(  # noqa: PLR0913 (one argument for each option)
    *,
    names: tuple[str, ...],
    full: bool,
    release: str | None,
    sample: int | None,
    depth: str | None,
    seed: int,
    workers: int,
    clean: int,
    as_json: bool,
    out: Path,
) -> None:
    """Plant each fault in a mock workspace of its own, judge it, and tell which checks found what.

    Without names, every fault is planted (preflight faults lists them). Runs without any fault show whether anything is
    found where nothing is. Exit code 0: each fault was found by the check that names it, and nothing else.

    \b
    preflight drill
    preflight drill rooms-info-gone chat-postMessage-500 --clean 0
    preflight drill --clean 20 --json
    """
    programme = Programme(
        names=names,
        release=release,
        full=full,
        clean=clean,
        seed=seed,
        sample=sample,
        depth=Depth(depth) if depth else None,
    )
    console = Console(stderr=as_json, quiet=as_json)
    result = _played(programme.orders(), console, workers)
    paths = write_drill(result, out / new_run_id())
    if as_json:
        sys.stdout.write(render_json(result))
        for trouble in result.troubles:
            click.echo(f"preflight: this is a fault of Preflight itself: {trouble}", err=True)
    else:
        show_drill(result, console, paths)
    sys.exit(_exit_code(result))


def _played(orders: tuple[Order, ...], console: Console, workers: int) -> Drill:
    started = perf_counter()
    results: list[Trial | CleanRun] = []
    with (
        terminated_like_interrupted(),
        DrillProgress(console, len(orders)) as progress,
        closing(play(orders, workers=workers)) as playing,
    ):
        for result in playing:
            results.append(result)
            progress.ended(result)
    place = {order.fault: number for number, order in enumerate(orders)}
    trials = [result for result in results if isinstance(result, Trial)]
    clean = [result for result in results if isinstance(result, CleanRun)]
    return Drill(
        trials=tuple(sorted(trials, key=lambda trial: place[trial.planted.name])),
        clean=tuple(sorted(clean, key=lambda run: (run.seed, run.release))),
        seconds=round(perf_counter() - started, 3),
    )


def _exit_code(result: Drill) -> ExitCode:
    if result.troubles:
        return ExitCode.OURS
    return ExitCode.CONFORMS if result.is_passed else ExitCode.BROKEN
