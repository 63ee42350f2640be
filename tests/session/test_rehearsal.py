"""Rehearsal: refusals are asked side by side, and judged as if each were asked in its turn."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier

import pytest

from preflight.model.exchange import Exchange, Request, Response
from preflight.session.acts import MANNERS, Intrusion
from preflight.session.circumstances import CircumstanceError
from preflight.session.rehearsal import SIDE_BY_SIDE, SLOW_S, Rehearsal, is_slow
from preflight.wire.rest import Answer, Ask
from tests.session.theatre import SILENCE, Reply, Theatre, theatre

REFUSED: Reply = (401, {"status": "error", "message": "log in"})
CREATING = "alice POST channels.create"


@pytest.fixture
def world(tmp_path: Path) -> Theatre:
    return theatre(tmp_path, {"GET rooms.info": REFUSED})


@pytest.fixture
def meeting(world: Theatre) -> Iterator[Rehearsal[str]]:
    """Nobody gets an answer before all six have asked."""
    everybody = Barrier(len(MANNERS))

    def send(ask: Ask) -> Answer:
        everybody.wait(timeout=60)
        return world.target.send(ask)

    rehearsal = Rehearsal[str](send)
    yield rehearsal
    rehearsal.close()


def intrusions(world: Theatre, case: str = "archived") -> dict[str, Intrusion]:
    return {
        manner.id: Intrusion(performance=world.perform("authentication"), case=world.case(case), manner=manner)
        for manner in MANNERS
    }


def test_all_are_on_their_way_before_the_first_is_judged(world: Theatre, meeting: Rehearsal[str]) -> None:
    acts = intrusions(world)
    for name, act in acts.items():
        meeting.start(name, act)
    for name, act in acts.items():
        assert meeting.take() == name
        act.ask().keeps("authentication.demanded")
        result = act.performance.finish()
        (exchange, *_) = (world.ground.recorder.exchanges[id_] for id_ in reversed(result.exchanges))
        assert (str(result.verdict), exchange.purpose) == ("pass", act.manner.title)
    assert meeting.take() is None


def test_what_is_arranged_serves_every_manner_and_goes_with_the_last(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET rooms.info": REFUSED})
    acts = list(intrusions(world).values())
    for act in acts:
        act.ask().keeps("authentication.demanded")
        act.performance.finish()
    assert world.target.names.count(CREATING) == 1
    assert [len(act.performance.scene.exchanges) for act in acts] == [2, 1, 1, 1, 1, 1]
    assert world.ground.shared == {}


def test_what_stands_in_the_way_is_told_in_its_turn(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"POST channels.create": (400, {"success": False, "error": "no more rooms"})})
    rehearsal = Rehearsal[str](world.target.send)
    acts = intrusions(world)
    for name, act in acts.items():
        rehearsal.start(name, act)
    for act in acts.values():
        with pytest.raises(CircumstanceError, match="no more rooms"):
            act.ask()
        assert str(act.performance.finish().verdict) == "inconclusive"
    rehearsal.close()


def test_a_target_that_is_lost_meanwhile_is_a_circumstance(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET rooms.info": SILENCE})
    rehearsal = Rehearsal[str](world.target.send)
    act = next(iter(intrusions(world).values()))
    rehearsal.start("first", act)
    with pytest.raises(CircumstanceError, match="did not answer"):
        act.ask()
    assert str(act.performance.finish().verdict) == "inconclusive"
    rehearsal.close()


def test_only_so_many_are_on_their_way_at_once(world: Theatre) -> None:
    rehearsal = Rehearsal[int](world.target.send)
    number = 0
    while rehearsal.has_room:
        for act in intrusions(world).values():
            rehearsal.start(number, act)
            number += 1
    assert SIDE_BY_SIDE <= number < SIDE_BY_SIDE + len(MANNERS)
    assert [rehearsal.take(), rehearsal.take()] == [0, 1]
    rehearsal.close()


@pytest.mark.parametrize(("elapsed_s", "slow"), [(SLOW_S, True), (SLOW_S / 2, False)])
def test_a_refusal_that_takes_long_is_slow(elapsed_s: float, slow: bool) -> None:  # noqa: FBT001 (a parameter of a test)
    exchange = Exchange(
        id="x1",
        actor="alice",
        purpose="x",
        request=Request(method="GET", url="http://target.invalid/api/v1/me"),
        response=Response(status=401),
        elapsed_s=elapsed_s,
    )
    assert is_slow(exchange) is slow


def test_what_stood_in_the_way_once_is_no_reason_any_more_in_its_turn(tmp_path: Path) -> None:
    room: Reply = (200, {"success": True, "channel": {"_id": "room1", "name": "room"}})
    answers: Iterator[Reply] = iter([SILENCE, room])
    world = theatre(tmp_path, {"POST channels.create": lambda _: next(answers), "GET rooms.info": REFUSED})
    rehearsal = Rehearsal[str](world.target.send)
    act = next(iter(intrusions(world).values()))
    rehearsal.start("first", act)
    act.ask().keeps("authentication.demanded")
    assert str(act.performance.finish().verdict) == "pass"
    rehearsal.close()


def test_our_own_trouble_is_told_in_its_turn(tmp_path: Path) -> None:
    def broken(_: Ask) -> Reply:
        raise ZeroDivisionError

    world = theatre(tmp_path, {"POST channels.create": broken})
    rehearsal = Rehearsal[str](world.target.send)
    act = next(iter(intrusions(world).values()))
    rehearsal.start("first", act)
    assert rehearsal.take() == "first"
    with pytest.raises(ZeroDivisionError):
        act.ask()
    rehearsal.close()
