from collections.abc import Iterator
from typing import Any

import pytest

from preflight.mock import users
from tests.mock.world import PASSWORD, World, world

ALIKE = "Something went wrong. Please check your credentials."


@pytest.fixture(scope="module")
def old() -> Iterator[World]:
    with world("6.14") as served:
        yield served


@pytest.fixture(scope="module")
def current() -> Iterator[World]:
    with world("8.0") as served:
        yield served


@pytest.mark.parametrize(
    "who",
    [{"user": "alice"}, {"username": "alice"}, {"email": "alice@example.com"}, {"user": {"username": "alice"}}],
)
def test_a_user_may_be_named_in_several_ways(current: World, who: dict[str, Any]) -> None:
    body = current.nobody.does("login", password=PASSWORD, **who)
    assert body["success"] is True
    assert body["status"] == "success"
    assert body["data"]["userId"] == current.alice.id
    assert len(body["data"]["authToken"]) == 43


def test_a_digest_stands_for_the_password(current: World) -> None:
    digest = {"digest": users.digest(PASSWORD), "algorithm": "sha-256"}
    assert current.nobody.post("login", user="alice", password=digest).status_code == 200


def test_old_logins_have_no_success(old: World) -> None:
    assert set(old.nobody.does("login", user="alice", password=PASSWORD)) == {"status", "data"}


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"user": "alice", "password": "x"}, {"error": 403, "message": "Incorrect password"}),
        ({"user": "nobody", "password": "x"}, {"error": "Unauthorized", "message": "Unauthorized"}),
        ({"user": "alice"}, {"error": 400, "message": "Unrecognized options for login request"}),
        ({}, {"error": 400, "message": "Unrecognized options for login request"}),
        ({"password": "x"}, {"message": "Match error: Missing key 'user'"}),
        (
            {"resume": "unknown"},
            {"error": 403, "message": "You've been logged out by the server. Please log in again."},
        ),
        (
            {"user": "alice", "password": {"$ne": 1}},
            {"message": "Invalid password hash algorithm. Only 'sha-256' is allowed."},
        ),
        (
            {"user": 1, "password": "x"},
            {"message": "Match error: Match error: Expected object, got number in field user"},
        ),
    ],
)
def test_old_failures_say_what_was_wrong(old: World, body: dict[str, Any], answer: dict[str, Any]) -> None:
    refused = old.nobody.post("login", **body)
    assert (refused.status_code, refused.json()) == (401, {"status": "error", **answer})


def test_newer_failures_are_alike_and_crashes_are_hidden(current: World) -> None:
    for user in ("alice", "nobody"):
        refused = current.nobody.post("login", user=user, password="x")
        assert refused.status_code == 401
        assert refused.json() == {"success": False, "status": "error", "error": 403, "message": ALIKE}
    crashed = current.nobody.post("login", user=1, password="x")
    assert (crashed.status_code, crashed.json()["error"]) == (500, "Internal server error")


def test_a_deactivated_user_is_refused_and_so_are_their_tokens(current: World) -> None:
    person = current.person("sleeper")
    user = current.state.users.named("sleeper")
    assert user is not None
    user["active"] = False
    assert person.get("me").status_code == 401
    refused = current.nobody.post("login", user="sleeper", password=PASSWORD)
    assert refused.json()["error"] == "error-user-is-not-activated"


def test_logging_out_ends_the_token_and_no_other(current: World) -> None:
    first, second = (current.logged_in("bob", PASSWORD) for _ in range(2))
    body = first.does("logout")
    assert body == {"status": "success", "data": {"message": "You've been logged out!"}}
    assert first.post("logout").status_code == 401
    assert second.get("me").status_code == 200
    first.session.close()
    second.session.close()


def test_me_tells_services_only_as_present(current: World) -> None:
    me = current.alice.reads("me")
    assert me["services"] == {"email2fa": {"enabled": True}, "password": {"exists": True}}
    assert me["email"] == "alice@example.com"
    assert me["avatarUrl"] == f"{current.server.url}/avatar/alice"


def test_the_release_is_told_in_full_to_who_may_see_statistics(old: World, current: World) -> None:
    assert current.nobody.reads("/api/info")["version"] == "8.0"
    assert current.admin.reads("/api/info")["version"] == "8.0.0"
    assert current.admin.reads("/api/info")["info"]["version"] == "8.0.0"
    assert current.nobody.reads("info")["version"] == "8.0"
    assert old.nobody.get("info").headers["content-type"].startswith("text/html")
