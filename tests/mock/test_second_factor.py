"""A second factor of logins: who has an authenticator shows a code beside the password, over REST and DDP alike."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from preflight.mock import two_factor
from preflight.mock.authenticator import accepts, code_at
from preflight.mock.release import Regime
from tests.mock.talk import talk
from tests.mock.world import PASSWORD, World, world

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the secret of RFC 6238: 12345678901234567890
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module", params=Regime.known())
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as made:
        alice = made.state.users.get(made.alice.id)
        assert alice is not None
        two_factor.set_up(alice, SECRET)
        yield made


def told(here: World, **more: Any) -> tuple[int, Any, Any, Any]:
    answer = here.nobody.send("POST", "login", json={"user": "alice", "password": PASSWORD, **more})
    body = answer.json()
    return answer.status_code, body.get("error"), body.get("message"), body.get("details", {}).get("method")


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(SECRET, datetime.fromtimestamp(seconds, UTC)) == code


def test_a_code_is_good_for_a_step_before_and_after_and_no_longer() -> None:
    code = code_at(SECRET, NOW)
    assert [accepts(SECRET, code, NOW + timedelta(seconds=each)) for each in (-60, -30, 0, 30, 60)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_what_is_no_base32_makes_no_code() -> None:
    with pytest.raises(ValueError, match="base32"):
        code_at("018", NOW)


def test_a_password_alone_does_not_let_in(here: World) -> None:
    assert told(here) == (401, "totp-required", "TOTP Required", "totp")


def test_a_wrong_code_does_not_let_in(here: World) -> None:
    assert told(here, code="000000x") == (401, "totp-invalid", "TOTP Invalid", "totp")


def test_a_wrong_password_is_told_before_the_code_is_asked_for(here: World) -> None:
    assert told(here, password="wrong", code=code_at(SECRET, here.state.clock.read()))[1] == 403


def test_the_code_lets_in(here: World) -> None:
    assert told(here, code=code_at(SECRET, here.state.clock.read()))[0] == 200


def test_a_token_needs_no_code(here: World) -> None:
    token = here.alice.session.headers["X-Auth-Token"]
    assert here.nobody.send("POST", "login", json={"resume": token}).status_code == 200


def test_nobody_is_asked_where_second_factors_are_off(here: World) -> None:
    with here.setting("Accounts_TwoFactorAuthentication_Enabled", value=False):
        assert told(here)[0] == 200


def test_others_are_not_asked(here: World) -> None:
    assert told(here, user="bob")[0] == 200


def test_the_realtime_login_asks_for_the_code_too(here: World) -> None:
    login = {"user": {"username": "alice"}, "password": PASSWORD}
    with talk(here) as nobody:
        refused = list(nobody.called("login", login))[-1]["error"]
        assert (refused["error"], refused["details"]["method"]) == ("totp-required", "totp")
        code = code_at(SECRET, here.state.clock.read())
        assert nobody.result("login", {"totp": {"login": login, "code": code}})["id"] == here.alice.id
