"""The part of the plugin that lets cases take turns: each when the limiter of the target has room for it."""

import pytest

from preflight.catalog.steps import REALTIME
from preflight.model.release import Release
from preflight.plugin.planning import LEFT_OUT, Planner, act_class, aims_of, calls_of
from preflight.plugin.suites import ACT, PERFORMANCE, PROBLEM, act_of, item_of, judging_of, needs_of
from preflight.session.acts import Intrusion
from preflight.session.forecast import ONCE
from preflight.session.probing import Probing
from preflight.session.rehearsal import Rehearsal, is_slow
from preflight.session.turns import Turns


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Play the cases in turns; leave it to pytest where there are none."""
    config = session.config
    if session.testsfailed or config.option.collectonly or PROBLEM in config.stash:
        return None
    ours = [item for item in session.items if item_of(item) is not None]
    if not ours:
        return None
    rehearsal = Rehearsal[pytest.Item](judging_of(config).open().client.send)
    try:
        _Programme(session, ours, rehearsal).play()
    finally:
        rehearsal.close()
    return True


SECONDS = 60
_QUICK_SINCE = Release.parse("7.0")  # older releases delay refusals


class _Programme:
    """The cases of a run, and whatever else pytest was asked to run, one after the other.

    Where minutes are set, the most valuable cases that fit into them are played, and none is begun after them.
    """

    def __init__(self, session: pytest.Session, ours: list[pytest.Item], rehearsal: Rehearsal[pytest.Item]) -> None:
        judged = judging_of(session.config).open()
        self._judged = judged
        self._pace = judged.client.pace
        planner = Planner(judged)
        self._forecast = forecast = planner.counted
        minutes = judged.plan.max_minutes
        self._deadline = None if minutes is None else self._pace.clock.now() + minutes * SECONDS
        played = ours if minutes is None else _affordable(planner, ours, minutes)
        self._left_out = [item for item in ours if item not in played]
        self._session = session
        self._others = [item for item in session.items if item_of(item) is None]
        self._rehearsal = rehearsal
        self._is_slow = judged.release < _QUICK_SINCE
        self._group = ""
        self._turns = Turns(
            played,
            needs_of,
            forecast=lambda item: calls_of(forecast, item_of(item)),
            now=lambda calls: forecast.now(calls, judged.ground.stage.has),
            pace=self._pace,
        )

    def play(self) -> None:
        """Play everything."""
        upcoming: pytest.Item | None = None
        while self._turns or upcoming:
            if self._is_over and upcoming is None:
                self._left_out += self._turns.left
                break
            item = upcoming or self._next()
            if self._proceeds(item):
                upcoming = None
                continue
            # Where turns depend on what happens meanwhile nobody knows the next one: pytest lets all its fixtures go.
            upcoming = self._next() if self._turns and self._turns.is_free and not self._is_slow else None
            self._play(item, upcoming or (self._others[0] if self._others and not self._turns else None))
        for item in self._left_out:
            self._leave_out(item)
        for number, item in enumerate(self._others, start=1):
            self._play(item, self._others[number] if number < len(self._others) else None)

    @property
    def _is_over(self) -> bool:
        return self._deadline is not None and self._pace.clock.now() >= self._deadline

    def _leave_out(self, item: pytest.Item) -> None:
        act_of(item)
        found, performance = item_of(item), item.stash[PERFORMANCE]
        if found is not None:
            performance.aims += [one for one in aims_of(self._judged, found) if one not in performance.aims]
        performance.inconclusive(LEFT_OUT)
        performance.finish()

    def _next(self) -> pytest.Item:
        item = self._rehearsal.take()
        if item is None:
            item = self._turns.next()
            # What changes what all share is sent ahead only once the first such case has been played.
            if not self._is_slow or not _is_intrusion(item) or (needs_of(item) and not self._group):
                return item
            self._rehearse(item)
            self._rehearsal.take()  # it is the first of them, and has its turn at once
        else:
            self._turns.remove(item)
        for other in self._turns.left if self._is_slow else ():
            if not self._rehearsal.has_room:
                break
            if _is_intrusion(other) and needs_of(other) == needs_of(item) and ACT not in other.stash:
                self._rehearse(other)
        return item

    def _proceeds(self, item: pytest.Item) -> bool:
        """Let a case of many requests to one route send those for which there is room; says whether more are left."""
        found = item_of(item)
        if self._turns.is_free or found is None or found.case is None or act_class(found) is not Probing:
            return False
        if needs_of(item) != self._group:
            return False  # whoever plays beside this run is waited for only when the first such case is played
        chunk = self._forecast.probes(found.case, 1)
        act, room = act_of(item), max((self._pace.room(bucket) for bucket in chunk if bucket.method != ONCE), default=0)
        if not isinstance(act, Probing) or not chunk or not act.proceeds(max(1, room)):
            return False
        size = max(self._pace.size(bucket) for bucket in chunk if bucket.method != ONCE)
        self._turns.put_back(item, self._forecast.probes(found.case, size))
        return True

    def _rehearse(self, item: pytest.Item) -> None:
        act = act_of(item)
        if isinstance(act, Intrusion):
            self._rehearsal.start(item, act)

    def _play(self, item: pytest.Item, following: pytest.Item | None) -> None:
        session = self._session
        self._group = needs_of(item)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        performance = item.stash.get(PERFORMANCE, None)
        if performance is not None and _is_intrusion(item):
            self._is_slow = any(map(is_slow, performance.scene.exchanges[-1:]))


def _affordable(planner: Planner, items: list[pytest.Item], minutes: float) -> list[pytest.Item]:
    found = ((item, item_of(item)) for item in items)
    chosen, _ = planner.chosen([planner.candidate(item, one) for item, one in found if one is not None], minutes)
    places = set(map(id, chosen))
    return [item for item in items if id(item) in places]


def _is_intrusion(item: pytest.Item) -> bool:
    """Whether a case is refused whatever happens beside it, and changes nothing: over HTTP, and without a login."""
    found = item_of(item)
    return found is not None and act_class(found) is Intrusion and found.key.method != REALTIME
