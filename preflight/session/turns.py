"""Turns: which task comes next, so that no route waits while another could run.

Where nobody is counted, tasks keep their order. Where calls are counted, the run lasts as long as its busiest route:
of the tasks that need not wait, the one whose route has most left to do goes first; what needs none fills the pauses.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from preflight.session.forecast import Calls
from preflight.wire.pace import Bucket, Pace

T = TypeVar("T")

Forecasts = Callable[[T], Calls]


@dataclass(slots=True, kw_only=True, eq=False)
class _Task(Generic[T]):
    what: T
    group: str
    calls: Calls


class Turns(Generic[T]):
    """Gives one task after the other.

    Args:
        tasks: in the order which they keep where nothing speaks against it.
        group: names what a task changes of what all share; groups are never mixed.
        forecast: says which counted calls a task will make; asked for when calls are known to be counted.
        now: says which of them are left to do, now that some of what it needs is there.
        pace: knows the limiter.
    """

    def __init__(
        self,
        tasks: Iterable[T],
        group: Callable[[T], str],
        *,
        forecast: Forecasts[T],
        now: Callable[[Calls], Calls],
        pace: Pace,
    ) -> None:
        self._left = [_Task(what=task, group=group(task), calls=Counter()) for task in tasks]
        self._group = group
        self._forecast = forecast
        self._now = now
        self._pace = pace
        self._is_forecast = False
        self._load: Counter[Bucket] = Counter()

    def __bool__(self) -> bool:
        return bool(self._left)

    @property
    def is_free(self) -> bool:
        """Whether the next task is the next in order, whatever happens meanwhile."""
        return not self._pace.is_limited

    @property
    def left(self) -> tuple[T, ...]:
        """The tasks that have not had their turn."""
        return tuple(task.what for task in self._left)

    def next(self) -> T:
        """Give the task whose turn it is."""
        chosen = self._left[0]
        if self._pace.is_limited:
            self._learn()
            chosen = self._chosen([task for task in self._left if task.group == chosen.group])
        return self._taken(chosen).what

    def remove(self, what: T) -> None:
        """Take a task out of turn."""
        self._taken(next(task for task in self._left if task.what == what))

    def put_back(self, what: T, calls: Calls) -> None:
        """Let a task that has not ended have another turn, with the calls that are left to it."""
        self._left.insert(0, _Task(what=what, group=self._group(what), calls=calls))
        self._load.update(calls)

    def _taken(self, task: _Task[T]) -> _Task[T]:
        self._left.remove(task)
        self._load.subtract(task.calls)
        return task

    def _learn(self) -> None:
        if not self._is_forecast:
            self._is_forecast = True
            for task in self._left:
                task.calls = self._forecast(task.what)
                self._load.update(task.calls)

    def _chosen(self, tasks: list[_Task[T]]) -> _Task[T]:
        calls = {task: self._now(task.calls) for task in tasks}
        buckets = {bucket for each in calls.values() for bucket in each}
        room = {bucket: self._pace.room(bucket) for bucket in buckets}
        weight = {bucket: self._load[bucket] / self._pace.rate(bucket) for bucket in buckets}
        now = self._pace.clock.now()

        def wait(task: _Task[T]) -> float:
            """Say for how many seconds a task would have to wait for the room that it needs."""
            wanted = calls[task].items()
            full = (bucket for bucket, times in wanted if room[bucket] < min(times, self._pace.size(bucket)))
            return max((self._pace.opens(bucket) - now for bucket in full), default=0.0)

        def need(task: _Task[T]) -> tuple[float, ...]:
            """Say how busy the routes of a task are, the busiest first."""
            return tuple(sorted(-weight[bucket] for bucket in calls[task]))

        return min(tasks, key=lambda task: (wait(task), need(task) or (0.0,)))
