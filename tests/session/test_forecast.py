"""Forecast: which calls a case will make, by what its catalog says."""

from pathlib import Path

import pytest

from preflight.catalog.cases import Case, CaseKind
from preflight.catalog.catalog import Catalog
from preflight.model.operation import OperationKey
from preflight.session.forecast import ONCE, Forecast
from preflight.wire.pace import LOGIN, Bucket
from tests.catalog.miniature import Miniature

INFO = OperationKey.parse("GET rooms.info")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Miniature(tmp_path / "contracts").load()


def by(catalog: Catalog, *, free: str = "admin") -> Forecast:
    return Forecast(catalog=catalog, limits=lambda actor: actor != free)


def case(catalog: Catalog, name: str, kind: CaseKind) -> Case:
    return next(each for each in catalog.cases_of(INFO) if (each.name, each.kind) == (name, kind))


def test_an_accepted_case_asks_once_and_needs_who_asks_and_what_it_names(catalog: Catalog) -> None:
    calls = by(catalog).accepted(case(catalog, "by-id", CaseKind.ACCEPTED))
    assert calls == {Bucket("GET", "rooms.info"): 1, Bucket(ONCE, "bob"): 1, Bucket(ONCE, "alice.room"): 1}


def test_what_must_be_there_is_created_once_with_everybody_it_takes(catalog: Catalog) -> None:
    forecast = by(catalog)
    calls = forecast.accepted(case(catalog, "by-id", CaseKind.ACCEPTED))
    first = forecast.now(calls, lambda _: False)
    assert first[Bucket("POST", "channels.create")] == 1
    assert first[Bucket("POST", "channels.join")] == 1
    assert first[LOGIN] == 2
    later = forecast.now(calls, lambda name: name in {"alice", "bob", "alice.room"})
    assert later == {Bucket("GET", "rooms.info"): 1}


def test_a_refused_case_looks_at_the_workspace_through_realtime_methods(catalog: Catalog) -> None:
    forecast = by(catalog)
    calls = forecast.refused(case(catalog, "archived", CaseKind.REFUSED))
    assert calls[Bucket("POST", "channels.create")] == 1
    assert calls[Bucket("ddp", "method.call/rooms/get", "alice")] == 3
    assert (
        forecast.refused(case(catalog, "nothing-given", CaseKind.REFUSED))[
            Bucket("ddp", "method.call/rooms/get", "alice")
        ]
        == 2
    )


def test_a_story_asks_what_its_script_names_of_whom_it_names_there(catalog: Catalog) -> None:
    script = ("bob", "GET rooms.info", "{alice.room.id}", "GET rooms.info", "GETS nothing", "no {placeholder", "/room")
    calls = by(catalog).story(script)
    assert calls.pop(Bucket("GET", "rooms.info")) == 2
    assert set(calls) == {Bucket(ONCE, name) for name in ("alice", "bob", "alice.room")}


def test_whoever_bypasses_the_limiter_costs_nothing(catalog: Catalog) -> None:
    calls = by(catalog, free="bob").accepted(case(catalog, "by-id", CaseKind.ACCEPTED))
    assert Bucket("GET", "rooms.info") not in calls
