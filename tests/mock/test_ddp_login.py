"""Logging in and out over the Realtime API."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from preflight.mock.clock import at_milliseconds
from preflight.mock.users import digest
from tests.mock.talk import Talk, talk
from tests.mock.world import PASSWORD, World, world


@pytest.fixture(scope="module", params=["6.14", "8.0"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as given:
        yield given


@pytest.fixture
def nobody(here: World) -> Iterator[Talk]:
    with talk(here) as talking:
        yield talking


HASHED = {"digest": digest(PASSWORD), "algorithm": "sha-256"}


@pytest.mark.parametrize("selector", [{"username": "alice"}, {"email": "alice@example.com"}])
@pytest.mark.parametrize("password", [HASHED, PASSWORD])
def test_a_password_logs_in(here: World, nobody: Talk, selector: Any, password: Any) -> None:
    added, updated, result = nobody.called("login", {"user": selector, "password": password})
    emails = [{"address": "alice@example.com", "verified": False}]
    assert added == {
        "msg": "added",
        "collection": "users",
        "id": here.alice.id,
        "fields": {"username": "alice", "emails": emails},
    }
    assert updated["msg"] == "updated"
    told = result["result"]
    assert (told["id"], told["type"]) == (here.alice.id, "password")
    assert len(told["token"]) == 43
    lasts = at_milliseconds(told["tokenExpires"]["$date"]) - here.state.clock.read()
    assert timedelta(days=89) < lasts <= timedelta(days=90)


def test_a_user_id_and_a_second_factor_are_accepted_too(here: World, nobody: Talk) -> None:
    login = {"user": {"id": here.alice.id}, "password": HASHED}
    assert nobody.result("login", {"totp": {"login": login, "code": "123456"}})["id"] == here.alice.id


def test_a_token_of_rest_resumes_and_one_of_ddp_works_over_rest(here: World, nobody: Talk) -> None:
    token = here.bob.session.headers["X-Auth-Token"]
    told = nobody.result("login", {"resume": token})
    assert (told["id"], told["token"], told["type"]) == (here.bob.id, token, "resume")
    fresh = nobody.log_in("carol")
    headers = {"X-Auth-Token": fresh["token"], "X-User-Id": fresh["id"]}
    assert here.nobody.send("GET", "me", headers=headers).json()["username"] == "carol"


def test_somebody_else_on_the_same_connection_takes_the_first_ones_place(here: World, nobody: Talk) -> None:
    nobody.log_in("alice")
    frames = list(nobody.called("login", {"user": {"username": "bob"}, "password": HASHED}))
    assert [(frame["msg"], frame.get("id")) for frame in frames[:2]] == [
        ("removed", here.alice.id),
        ("added", here.bob.id),
    ]


@pytest.mark.parametrize(
    ("options", "code", "reason"),
    [
        ({"resume": "x" * 43}, 403, "You've been logged out by the server. Please log in again."),
        ({"resume": {"$ne": None}}, 400, "Match failed"),
        ({"resume": ""}, 400, "Unrecognized options for login request"),
        ({}, 400, "Unrecognized options for login request"),
        ({"user": {"username": "alice"}, "password": ""}, 400, "Unrecognized options for login request"),
        ({"password": HASHED}, 400, "Match failed"),
        ({"user": {"username": ""}, "password": HASHED}, 400, "Match failed"),
        ({"user": {"username": {"$ne": 1}}, "password": HASHED}, 400, "Match failed"),
        ({"user": {"name": "alice"}, "password": HASHED}, 400, "Match failed"),
        ({"user": {"username": "a", "email": "b"}, "password": HASHED}, 400, "Match failed"),
        ({"user": {"username": "alice"}, "password": {"algorithm": "sha-256"}}, 400, "Match failed"),
        ({"user": {"username": "alice"}, "password": {**HASHED, "algorithm": "md5"}}, 500, "Internal server error"),
        ("alice", 400, "Match failed"),
    ],
)
def test_what_proves_nothing_is_refused(nobody: Talk, options: Any, code: int, reason: str) -> None:
    error = nobody.error("login", options)
    assert (error["error"], error["reason"], error["message"]) == (code, reason, f"{reason} [{code}]")


def test_a_wrong_password_and_an_unknown_user_differ_in_older_releases_alone(here: World, nobody: Talk) -> None:
    wrong = nobody.error("login", {"user": {"username": "alice"}, "password": "wrong"})
    unknown = nobody.error("login", {"user": {"username": "nosuch"}, "password": "wrong"})
    assert wrong["error"] == unknown["error"] == 403
    old = ("Incorrect password", "User not found")
    new = ("Something went wrong. Please check your credentials.",) * 2
    assert (wrong["reason"], unknown["reason"]) == (old if here.state.regime.release == "6.14" else new)


def test_who_is_not_activated_is_refused(here: World, nobody: Talk) -> None:
    person = here.state.users.named("carol")
    assert person is not None
    person["active"] = False
    error = nobody.error("login", {"user": {"username": "carol"}, "password": HASHED})
    person["active"] = True
    assert error["error"] == "error-user-is-not-activated"
    assert error["details"] == {"function": "Accounts.validateLoginAttempt"}


def test_logging_out_ends_the_token_and_the_login(nobody: Talk) -> None:
    told = nobody.log_in("alice")
    assert "result" not in nobody.call("logout")
    assert nobody.result("rooms/get") == []
    assert nobody.error("login", {"resume": told["token"]})["error"] == 403


def test_a_token_that_is_ended_over_rest_logs_the_connection_out(here: World, nobody: Talk) -> None:
    person = here.logged_in("alice", PASSWORD)
    nobody.result("login", {"resume": person.session.headers["X-Auth-Token"]})
    person.post("logout")
    assert nobody.error("openRoom", "GENERAL")["error"] == "error-invalid-user"
