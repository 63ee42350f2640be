"""Who fails to log in too often is kept out for a while, by name and by address, over REST and DDP alike."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from preflight.mock.clock import Clock
from preflight.mock.founding import found
from preflight.mock.release import Regime
from preflight.mock.workspace import Workspace
from tests.mock.talk import Talk, talk
from tests.mock.world import PASSWORD, World, world

BY_USER = "Block_Multiple_Failed_Logins_Attempts_Until_Block_by_User"
BY_ADDRESS = "Block_Multiple_Failed_Logins_Attempts_Until_Block_By_Ip"
WHITELIST = "Block_Multiple_Failed_Logins_Ip_Whitelist"
DETAILS = {"function": "Accounts.validateLoginAttempt"}


class Hands:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture(params=Regime.known())
def state(request: pytest.FixtureRequest, hands: Hands) -> Workspace:
    return found(release=request.param, admin_password=PASSWORD, clock=Clock(hands))


@pytest.fixture
def here(state: Workspace) -> Iterator[World]:
    with world(workspace=state, admin_password=PASSWORD) as given:
        yield given


def fail(here: World, times: int, **body: Any) -> None:
    for _ in range(times):
        refused = here.nobody.post("login", **{"user": "alice", "password": "wrong", **body})
        assert refused.status_code == 401
        assert "blocked" not in refused.text


def kept_out(here: World, whom: str, **body: Any) -> bool:
    """Tell whether a right login is refused, and demand the words of the server where it is."""
    answer = here.nobody.post("login", **{"user": "alice", "password": PASSWORD, **body})
    if answer.status_code == 200:
        return False
    code, reason = f"error-login-blocked-for-{whom.lower()}", f"Login has been blocked For {whom}"
    told = {"status": "error", "error": code, "message": reason, "details": DETAILS}
    modern = here.state.regime.at_least("8.0")
    assert (answer.status_code, answer.json()) == (401, {"success": False, **told} if modern else told)
    return True


def test_after_ten_failures_the_right_password_is_refused_too(here: World) -> None:
    fail(here, 10)
    assert kept_out(here, "User")
    assert not kept_out(here, "User", user="bob")


def test_nine_failures_are_forgotten_with_a_success(here: World) -> None:
    for _ in range(2):
        fail(here, 9)
        assert not kept_out(here, "User")


def test_minutes_after_the_last_failure_the_door_is_open_again(here: World, hands: Hands) -> None:
    fail(here, 10)
    hands.now += timedelta(minutes=5)
    assert kept_out(here, "User")  # what is refused so is no failure of its own
    hands.now += timedelta(milliseconds=1)
    assert not kept_out(here, "User")


def test_who_fails_once_more_then_is_kept_out_again_at_once(here: World, hands: Hands) -> None:
    fail(here, 10)
    hands.now += timedelta(minutes=6)
    fail(here, 1)
    assert kept_out(here, "User")


def test_an_address_is_kept_out_whomever_it_tries_to_be(here: World) -> None:
    with here.setting(BY_ADDRESS, 3):
        fail(here, 2, user="nobody")
        fail(here, 1, resume="unknown", user=None, password=None)
        assert kept_out(here, "IP", user="bob")
    assert not kept_out(here, "IP", user="bob")


def test_an_address_that_is_known_is_never_kept_out(here: World) -> None:
    with here.setting(BY_ADDRESS, 3), here.setting(WHITELIST, "10.0.0.1, 127.0.0.1"):
        fail(here, 5, user="nobody")
        assert not kept_out(here, "IP", user="bob")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("Block_Multiple_Failed_Logins_Enabled", False),
        ("Block_Multiple_Failed_Logins_By_User", False),
        (BY_USER, 0),
        (BY_USER, 12),
    ],
)
def test_settings_take_effect(here: World, setting: str, value: Any) -> None:
    with here.setting(setting, value):
        fail(here, 11)
        assert not kept_out(here, "User")


def test_both_doors_count_together(here: World) -> None:
    fail(here, 5)
    with talk(here) as nobody:
        for _ in range(5):
            assert nobody.error("login", _selected("wrong"))["error"] == 403
        assert kept_out(here, "User")
        refused = nobody.error("login", _selected(PASSWORD))
    assert refused == {
        "isClientSafe": True,
        "error": "error-login-blocked-for-user",
        "reason": "Login has been blocked For User",
        "details": DETAILS,
        "message": "Login has been blocked For User [error-login-blocked-for-user]",
        "errorType": "Meteor.Error",
    }


def test_a_token_still_resumes_for_who_is_kept_out_by_name(here: World) -> None:
    token = here.alice.session.headers["X-Auth-Token"]
    fail(here, 10)
    assert not kept_out(here, "User", resume=token, user=None, password=None)
    with talk(here) as nobody:
        _enters(nobody, token)


def _selected(password: str) -> dict[str, Any]:
    return {"user": {"username": "alice"}, "password": password}


def _enters(nobody: Talk, token: object) -> None:
    assert nobody.result("login", {"resume": token})["type"] == "resume"
