"""The part of the plugin that lets cases take turns: each when the limiter of the target has room for it."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from preflight.plugin.suites import PROBLEM, _Item, _item_of, judging_of, needs_of
from preflight.session.acts import Accepted, Refused
from preflight.session.forecast import Calls, Forecast
from preflight.session.listing import Listing
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
    judged = judging_of(config).open()
    pace = judged.ground.stage.client.pace
    forecast = Forecast(catalog=judged.selection.catalog, limits=pace.limits)
    turns = Turns(
        ours,
        needs_of,
        forecast=lambda item: calls_of(forecast, _item_of(item)),
        now=lambda calls: forecast.now(calls, judged.ground.stage.has),
        pace=pace,
    )
    others = [item for item in session.items if _item_of(item) is None]
    _take(session, turns, others)
    return True


def _take(session: pytest.Session, turns: Turns[pytest.Item], others: list[pytest.Item]) -> None:
    upcoming: pytest.Item | None = None
    while turns or upcoming:
        item = upcoming or turns.next()
        # Where turns depend on what happens meanwhile nobody knows the next one: pytest lets all its fixtures go.
        upcoming = turns.next() if turns and turns.is_free else None
        _play(session, item, upcoming or (others[0] if others and not turns else None))
    for number, item in enumerate(others, start=1):
        _play(session, item, others[number] if number < len(others) else None)


def _play(session: pytest.Session, item: pytest.Item, following: pytest.Item | None) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    if session.shouldfail:
        raise session.Failed(session.shouldfail)
    if session.shouldstop:
        raise session.Interrupted(session.shouldstop)


def calls_of(forecast: Forecast, item: _Item | None) -> Calls:
    """Say which counted calls an item will make."""
    if item is None:
        return Counter()
    act = item.act.func if isinstance(item.act, partial) else item.act
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
    Story: lambda forecast, known: forecast.story(dict.fromkeys(claim.operation for claim in known["claims"])),
    Trespassing: _trespasses,
}
