"""Acts: what each way of asking sends, and which claims it is about."""

from pathlib import Path

import pytest

from preflight.catalog.contract import METHODS
from preflight.model.json import Json
from preflight.session.acts import MANNERS, OTHER_METHOD, Accepted, Intrusion, Manner, OtherMethod, Refused
from preflight.session.circumstances import CircumstanceError
from preflight.session.performance import BrokenPromiseError
from tests.session.theatre import SILENCE, theatre

MINE = {"X-Auth-Token": "mine-mine", "X-User-Id": "me"}
OTHER = {"X-Auth-Token": "theirs", "X-User-Id": "them"}


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("no-headers", {}),
        ("token-alone", {"X-Auth-Token": "mine-mine"}),
        ("user-id-alone", {"X-User-Id": "me"}),
        ("unknown-token", {"X-Auth-Token": "xxxxxxxxx", "X-User-Id": "me"}),
        ("token-of-somebody-else", {"X-Auth-Token": "theirs", "X-User-Id": "me"}),
        ("malformed", {"X-Auth-Token": "' OR ''='", "X-User-Id": '{"$gt":""}'}),
    ],
)
def test_a_manner_comes_with_its_headers(name: str, headers: dict[str, str]) -> None:
    manner = next(manner for manner in MANNERS if manner.id == name)
    assert manner.headers(MINE, OTHER) == headers


def test_no_manner_comes_with_a_valid_login() -> None:
    for manner in MANNERS:
        assert manner.headers(MINE, OTHER) not in (MINE, OTHER)
    assert len({manner.id for manner in MANNERS}) == len(MANNERS)


def test_a_manner_leaves_out_the_header_that_it_says() -> None:
    for manner in MANNERS:
        for subject in manner.omits:
            assert subject.removeprefix("header.") not in manner.headers(MINE, OTHER)


def test_an_intruder_asks_with_the_headers_of_the_manner_alone(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET rooms.info": (401, {"status": "error", "message": "log in"})})
    performance = world.perform("authentication")
    manner = Manner(id="token-of-somebody-else", title="borrowed")
    Intrusion(performance=performance, case=world.case("by-id"), manner=manner).ask().keeps("authentication.demanded")
    asked = world.target.asked[-1]
    assert asked.headers == {"X-Auth-Token": "token-of-pf-abc.alice", "X-User-Id": "id-of-pf-abc.bob"}
    assert asked.query == (("roomId", "room1"),)
    assert str(performance.finish().verdict) == "pass"


def test_an_open_door_is_a_broken_promise(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    performance = world.perform("authentication")
    reply = Intrusion(performance=performance, case=world.case("by-id"), manner=MANNERS[0]).ask()
    with pytest.raises(BrokenPromiseError) as told:
        reply.keeps("authentication.demanded", "authentication.body")
    assert "promised 401\n received 200" in str(told.value)
    performance.finish()


def test_an_accepted_case_is_about_the_success(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET rooms.info": SILENCE})
    performance = world.perform()
    with pytest.raises(CircumstanceError):
        Accepted(performance=performance, case=world.case("by-id")).ask()
    assert [str(claim) for claim in performance.aims] == ["GET rooms.info#success:200"]
    performance.finish()


def test_a_refused_case_is_about_the_refusal_and_what_it_leaves_out(tmp_path: Path) -> None:
    refusal: Json = {"success": False, "error": "no room [error-no-room]", "errorType": "error-no-room"}
    world = theatre(tmp_path, {"GET rooms.info": (400, refusal)})
    performance = world.perform("refusals")
    Refused(performance=performance, case=world.case("nothing-given")).ask().keeps(
        "refusal.status", "refusal.error-type", "refusal.no-effect", "parameter.required"
    )
    assert [str(claim) for claim in performance.aims] == [
        "GET rooms.info#refusal:400.error-no-room",
        "GET rooms.info#parameter:query.roomId",
    ]
    performance.finish()
    assert {str(outcome.claim) for outcome in performance.outcomes} == set(map(str, performance.aims))


def test_another_method_is_asked_for_bare(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    performance = world.perform("routes")
    OtherMethod(performance=performance).ask().keeps("method.only")
    asked = world.target.asked[-1]
    assert (asked.method, asked.path, asked.query, asked.has_body) == ("POST", "/api/v1/rooms.info", (), False)
    assert asked.headers["X-User-Id"] == "id-of-pf-abc.alice"
    performance.finish()


def test_every_documented_method_has_another() -> None:
    assert {method.upper() for method in METHODS} == set(OTHER_METHOD)
    assert all(method != other for method, other in OTHER_METHOD.items())
