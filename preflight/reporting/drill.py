"""What a person reads of a drill: progress while it is under way, and the summary in ten seconds."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from types import TracebackType
from typing import Self

from rich import progress as live
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from preflight.model.drill import CleanRun, Drill, Trial
from preflight.model.verdict import Verdict
from preflight.reporting.account import counted, lasting
from preflight.reporting.ink import STYLES, Ink

_MOST_MISSES = 12
_MOST_ALARMS = 8
_NOTHING = "nothing was found"


class DrillProgress:
    """Tells how far a drill is: one moving line on a terminal; anywhere else a line for each miss and false alarm."""

    def __init__(self, console: Console, total: int) -> None:
        self._ink = Ink(console)
        self._console = console
        self._counts: Counter[str] = Counter()
        self._live = live.Progress(
            TextColumn("drill", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(elapsed_when_finished=False),
            TextColumn("{task.fields[told]}", markup=False),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._live.add_task("drill", total=total, told="")

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def ended(self, result: Trial | CleanRun) -> None:
        """Count one more result."""
        self._counts[_outcome(result)] += 1
        told = ", ".join(f"{self._counts[word]} {word}" for word in _WORDS if self._counts[word])
        self._live.update(self._task, advance=1, told=told)
        if not self._console.is_terminal and _outcome(result) not in {"found", "clean"}:
            self._console.print(self._ink.text(_line(result)), highlight=False, soft_wrap=True)


_WORDS = ("found", "clean", "found otherwise", "missed", "false alarms", "our trouble")


def _outcome(result: Trial | CleanRun) -> str:
    if result.trouble:
        return "our trouble"
    if isinstance(result, CleanRun):
        return "false alarms" if result.findings else "clean"
    if result.is_named:
        return "found"
    return "found otherwise" if result.is_found else "missed"


def _line(result: Trial | CleanRun) -> str:
    name = f"clean run of {result.release}" if isinstance(result, CleanRun) else result.planted.name
    return f"{name}: {_outcome(result)}" + (f": {result.trouble}" if result.trouble else "")


def show_drill(drill: Drill, console: Console, reports: Mapping[str, PurePath] | None = None) -> None:
    """Print the summary; colours, width and signs are those that the console can show."""
    for line in _lines(Ink(console), drill, reports or {}):
        console.print(line, highlight=False, soft_wrap=True)


def seen_instead(trial: Trial) -> str:
    """Say what was seen where the check that names a fault did not find it."""
    if trial.trouble:
        return trial.trouble
    sightings = [seen for seen in trial.sightings if seen.counts]
    if not sightings:
        return f"{_NOTHING}, the run ends with {trial.verdict}"
    first, *others = sorted(sightings, key=lambda seen: (not seen.touched, seen.operation, seen.check))
    more = f" (and {counted(len(others), 'more check')})" if others else ""
    return f"{first}{more}"


def _lines(ink: Ink, drill: Drill, reports: Mapping[str, PurePath]) -> Iterator[Text]:
    yield Text()
    yield from _verdict(ink, drill)
    yield from _list(ink, "Our own trouble", Verdict.ERROR, drill.troubles, _MOST_MISSES)
    misses = [f"{trial.planted.name}: {trial.planted.check} expected, {seen_instead(trial)}" for trial in drill.misses]
    yield from _list(ink, "Not found by the check that names it", Verdict.FAIL, misses, _MOST_MISSES)
    alarms = [f"{run.release}, seed {run.seed}: {seen}" for run in drill.clean for seen in run.alarms]
    yield from _list(ink, "Found where nothing is", Verdict.FAIL, alarms, _MOST_ALARMS)
    if reports:
        yield from _heading(ink, "Reports")
    width = max(map(len, reports), default=0)
    for name, path in sorted(reports.items()):
        yield ink.text(f"  {name:<{width}}  {path.as_posix()}")
    yield Text()


def _verdict(ink: Ink, drill: Drill) -> Iterator[Text]:
    verdict = Verdict.ERROR if drill.troubles else Verdict.PASS if drill.is_passed else Verdict.FAIL
    told = f"{len(drill.named)} of {counted(len(drill.trials), 'fault')} found by the check that names it"
    first = Text.assemble(ink.mark(verdict), " ")
    yield from ink.wrapped(ink.text(told, f"bold {STYLES[verdict]}"), first, indent=2)
    figures = (
        f"found by any check {len(drill.found)}",
        f"clean runs {len(drill.clean)}",
        f"false alarms {drill.findings}",
        lasting(drill.seconds),
    )
    yield from ink.wrapped(ink.text(" · ".join(figures), "dim"), Text("  "), indent=2)


def _list(ink: Ink, title: str, verdict: Verdict, lines: tuple[str, ...] | list[str], most: int) -> Iterator[Text]:
    if lines:
        yield from _heading(ink, f"{title}: {len(lines)}")
    for line in lines[:most]:
        yield from ink.wrapped(ink.text(line), Text.assemble("    ", ink.mark(verdict), " "), indent=6)
    if len(lines) > most:
        yield ink.text(f"  … and {len(lines) - most} more; the matrix lists every one", "dim")


def _heading(ink: Ink, title: str) -> Iterator[Text]:
    yield Text()
    yield Text.assemble("  ", ink.text(title, "bold underline"))
