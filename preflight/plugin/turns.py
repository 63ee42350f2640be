"""The part of the plugin that lets cases take turns: each when the limiter of the target has room for it."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from preflight.catalog.steps import REALTIME
from preflight.model.release import Release
from preflight.plugin.suites import ACT, PERFORMANCE, PROBLEM, _Item, _item_of, act_of, judging_of, needs_of
from preflight.session.acts import Accepted, Intrusion, Refused
from preflight.session.forecast import ONCE, PROBES, Calls, Forecast
from preflight.session.listing import Listing
from preflight.session.probing import Probing
from preflight.session.rehearsal import Rehearsal, is_slow
from preflight.session.story import Story
from preflight.session.trespass import Trespassing
from preflight.session.turns import Turns


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Play the cases in turns; leave it to pytest where there are none."""
    config = session.config
    if session.testsfailed or config.option.collectonly or PROBLEM in config.stash:
        return None
    ours = [item for item in session.items if _item_of(item) is not None]
    if not ours:
        return None
    rehearsal = Rehearsal[pytest.Item](judging_of(config).open().client.send)
    try:
        _Programme(session, ours, rehearsal).play()
    finally:
        rehearsal.close()
    return True


_QUICK_SINCE = Release.parse("7.0")  # older releases delay refusals


class _Programme:
    """The cases of a run, and whatever else pytest was asked to run, one after the other."""

    def __init__(self, session: pytest.Session, ours: list[pytest.Item], rehearsal: Rehearsal[pytest.Item]) -> None:
        judged = judging_of(session.config).open()
        self._pace = judged.client.pace
        self._forecast = forecast = Forecast(catalog=judged.selection.catalog, limits=self._pace.limits)
        self._session = session
        self._others = [item for item in session.items if _item_of(item) is None]
        self._rehearsal = rehearsal
        self._is_slow = judged.release < _QUICK_SINCE
        self._group = ""
        self._turns = Turns(
            ours,
            needs_of,
            forecast=lambda item: calls_of(forecast, _item_of(item)),
            now=lambda calls: forecast.now(calls, judged.ground.stage.has),
            pace=self._pace,
        )

    def play(self) -> None:
        """Play everything."""
        upcoming: pytest.Item | None = None
        while self._turns or upcoming:
            item = upcoming or self._next()
            if self._proceeds(item):
                upcoming = None
                continue
            # Where turns depend on what happens meanwhile nobody knows the next one: pytest lets all its fixtures go.
            upcoming = self._next() if self._turns and self._turns.is_free and not self._is_slow else None
            self._play(item, upcoming or (self._others[0] if self._others and not self._turns else None))
            self._rehearsal.end(item)
        for number, item in enumerate(self._others, start=1):
            self._play(item, self._others[number] if number < len(self._others) else None)

    def _next(self) -> pytest.Item:
        item = self._rehearsal.next
        if item is None:
            item = self._turns.next()
            # What changes what all share is sent ahead only once the first such case has been played.
            if not self._is_slow or not _is_intrusion(item) or (needs_of(item) and not self._group):
                return item
            self._rehearse(item)
        else:
            self._turns.remove(item)
        for other in self._turns.left:
            if not self._rehearsal.has_room:
                break
            if _is_intrusion(other) and needs_of(other) == needs_of(item) and ACT not in other.stash:
                self._rehearse(other)
        return item

    def _proceeds(self, item: pytest.Item) -> bool:
        """Let a case of many requests to one route send those for which there is room; says whether more are left."""
        found = _item_of(item)
        if self._turns.is_free or found is None or found.case is None or _made_of(found) is not Probing:
            return False
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


def _is_intrusion(item: pytest.Item) -> bool:
    """Whether a case is refused whatever happens beside it, and changes nothing: over HTTP, and without a login."""
    found = _item_of(item)
    return found is not None and _made_of(found) is Intrusion and found.key.method != REALTIME


def _made_of(item: _Item) -> object:
    return item.act.func if isinstance(item.act, partial) else item.act


def calls_of(forecast: Forecast, item: _Item | None) -> Calls:
    """Say which counted calls an item will make."""
    if item is None:
        return Counter()
    act = _made_of(item)
    known = item.act.keywords if isinstance(item.act, partial) else {}
    if act in _FORECASTS:
        return _FORECASTS[act](forecast, known)
    return forecast.arrangement(item.case) if item.case else Counter()


def _trespasses(forecast: Forecast, known: Mapping[str, Any]) -> Calls:
    claim = known["claims"][0]
    return forecast.trespasses(forecast.catalog.trespasses_of(claim.operation, claim.subject.partition(".")[0]))


# Any: acts and their arguments
_FORECASTS: Mapping[Any, Callable[[Forecast, Mapping[str, Any]], Calls]] = {
    Accepted: lambda forecast, known: forecast.accepted(known["case"]),
    Refused: lambda forecast, known: forecast.refused(known["case"]),
    Listing: lambda forecast, known: forecast.listing(known["known"]),
    Probing: lambda forecast, known: forecast.arrangement(known["case"]) + forecast.probes(known["case"], PROBES),
    Story: lambda forecast, known: forecast.story(dict.fromkeys(claim.operation for claim in known["claims"])),
    Trespassing: _trespasses,
}
