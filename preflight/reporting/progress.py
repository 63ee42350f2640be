"""Progress while a run is under way: a live line for each suite, or a plain line when one ends."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from rich import progress as live
from rich.console import Console
from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from preflight.model.verdict import Verdict
from preflight.reporting.account import counted, lasting

_TOLD = (Verdict.FAIL, Verdict.ERROR, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE)


class Progress:
    """Tells how far each suite is; `totals` is how many cases each suite has.

    On a terminal the lines are live, with counts, elapsed time and an estimate; anywhere else each suite prints one
    line when its last case has ended, and those cut short print theirs when the run ends.
    """

    def __init__(
        self, console: Console, totals: Mapping[str, int], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        show = _LiveLines if console.is_terminal else _PlainLines
        self._lines: _Lines = show(console)
        self._suites = {name: _Suite(name=name, total=total) for name, total in totals.items()}
        self._clock = clock

    def __enter__(self) -> Self:
        self._lines.open(tuple(self._suites.values()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close(tuple(self._suites.values()))

    def case_finished(self, suite: str, verdict: Verdict) -> None:
        """Count one more case of a suite; a suite that was not announced is announced by its first case."""
        known = self._suites.setdefault(suite, _Suite(name=suite, total=0))
        known.count(verdict, self._clock())
        self._lines.update(known)

    def waits(self, seconds: float, what: str) -> None:
        """Say that nothing happens for some seconds, because the target allows no more of something yet."""
        self._lines.wait(f"waiting {lasting(seconds)}: the limiter allows no more {what} yet")

    def is_lost(self, seconds: float) -> None:
        """Say that the target has stopped answering, and for how long it is waited for at most."""
        self._lines.wait(f"waiting at most {lasting(seconds)}: the target has stopped answering")


@dataclass(slots=True, kw_only=True)
class _Suite:
    """How far one suite is; its time runs from the end of its first case."""

    name: str
    total: int
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    first: float | None = None
    last: float = 0.0

    def count(self, verdict: Verdict, now: float) -> None:
        self.first = now if self.first is None else self.first
        self.last = now
        self.verdicts[verdict] += 1

    @property
    def done(self) -> int:
        return self.verdicts.total()

    @property
    def ended(self) -> bool:
        return self.done >= self.total

    @property
    def told(self) -> str:
        """The verdicts worth a word, for instance ``2 fail, 1 inconclusive``."""
        named = [f"{self.verdicts[verdict]} {verdict}" for verdict in _TOLD if self.verdicts[verdict]]
        return ", ".join(named) or ("all pass" if self.done else "")

    @property
    def line(self) -> str:
        cases = counted(self.total, "case") if self.ended else f"{self.done:,} of {counted(self.total, 'case')}"
        seconds = lasting(self.last - (self.first if self.first is not None else self.last))
        return ", ".join(filter(None, (f"{self.name}: {cases} in {seconds}", self.told)))


class _Lines(Protocol):
    """A way to show suites."""

    def __init__(self, console: Console) -> None: ...

    def open(self, suites: tuple[_Suite, ...]) -> None:
        """Begin to show."""

    def update(self, suite: _Suite) -> None:
        """Show that a suite has come further."""

    def wait(self, told: str) -> None:
        """Show that nothing happens for a while."""

    def close(self, suites: tuple[_Suite, ...]) -> None:
        """Show what there is and end."""


class _PlainLines:
    """One line for each suite: for logs, which keep every line."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._told: set[str] = set()

    def open(self, suites: tuple[_Suite, ...]) -> None:
        """Say nothing: nothing has ended."""

    def update(self, suite: _Suite) -> None:
        if suite.total and suite.ended:
            self._tell(suite)

    def wait(self, told: str) -> None:
        self._console.print(told, highlight=False, markup=False, soft_wrap=True)

    def close(self, suites: tuple[_Suite, ...]) -> None:
        for suite in suites:
            if suite.name not in self._told and suite.done:
                suite.total = max(suite.total, suite.done)
                self._tell(suite)

    def _tell(self, suite: _Suite) -> None:
        if suite.name not in self._told:
            self._told.add(suite.name)
            self._console.print(suite.line, highlight=False, markup=False, soft_wrap=True)


class _LiveLines:
    """A moving line for each suite."""

    def __init__(self, console: Console) -> None:
        self._live = live.Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(elapsed_when_finished=False),
            TextColumn("{task.fields[told]}", markup=False),
            console=console,
        )
        self._tasks: dict[str, TaskID] = {}
        self._pause: TaskID | None = None

    def open(self, suites: tuple[_Suite, ...]) -> None:
        for suite in suites:
            self._task(suite)
        self._live.start()

    def update(self, suite: _Suite) -> None:
        if self._pause is not None:
            self._live.update(self._pause, visible=False)
        task = self._task(suite)
        self._live.start_task(task)
        self._live.update(task, completed=suite.done, total=max(suite.total, suite.done), told=suite.told)

    def wait(self, told: str) -> None:
        if self._pause is None:
            self._pause = self._live.add_task("(pause)", start=False, total=0, told=told)
        self._live.update(self._pause, visible=True, told=told)

    def close(self, suites: tuple[_Suite, ...]) -> None:
        if self._pause is not None:
            self._live.update(self._pause, visible=False)
        for suite in suites:
            self._live.stop_task(self._task(suite))
        self._live.stop()

    def _task(self, suite: _Suite) -> TaskID:
        if suite.name not in self._tasks:
            added = self._live.add_task(suite.name, start=False, total=suite.total, told="")
            self._tasks[suite.name] = added
        return self._tasks[suite.name]
