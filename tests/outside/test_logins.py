"""The ways to log in, from outside: with a second factor, with a token, and with certificates of one's own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from preflight.mock import personal_tokens, two_factor
from preflight.mock.authenticator import code_at
from preflight.mock.server import MockServer
from tests.outside.console import Told, preflight

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
ONLY = ("--only", "rooms.info", "--read-only")


def run(mock: MockServer, folder: Path, *words: str) -> Told:
    return preflight("run", "--target", mock.url, *ONLY, *words, folder=folder)


def by_password(mock: MockServer) -> tuple[str, ...]:
    return "--user", mock.admin_username, "--password", mock.admin_password


def code_now() -> str:
    return code_at(SECRET, datetime.now(UTC))


def test_a_second_factor_that_nobody_can_be_asked_for_is_told_in_one_line_and_a_hint(tmp_path: Path) -> None:
    with MockServer(admin_totp=SECRET) as mock:
        told = run(mock, tmp_path, *by_password(mock))
    assert (told.code, told.out) == (2, "")
    what, hint = told.err.splitlines()
    assert what == "preflight: login refused for user admin: a code of the second factor is asked for"
    assert "--totp CODE" in hint


def test_a_code_lets_in_and_a_wrong_one_does_not(tmp_path: Path) -> None:
    with MockServer(admin_totp=SECRET) as mock:
        told = run(mock, tmp_path, *by_password(mock), "--totp", code_now())
        assert told.code in {0, 3}, told.err
        assert told.err == ""
        told = run(mock, tmp_path, *by_password(mock), "--totp", "12345")
        assert told.code == 2
        assert "the code was not taken" in told.err


def test_a_sweep_takes_a_code_too(tmp_path: Path) -> None:
    with MockServer(admin_totp=SECRET) as mock:
        words = ("sweep", "--target", mock.url, *by_password(mock))
        assert preflight(*words, folder=tmp_path).code == 2
        told = preflight(*words, "--totp", code_now(), folder=tmp_path)
    assert (told.code, told.err) == (0, "")


@pytest.mark.parametrize("has_second_factor", [False, True], ids=["without", "with"])
def test_a_personal_access_token_lets_in_and_is_good_afterwards(tmp_path: Path, has_second_factor: bool) -> None:  # noqa: FBT001
    with MockServer() as mock:
        admin = mock.workspace.users.named(mock.admin_username)
        assert admin is not None
        token = personal_tokens.generate(mock.workspace, admin, "nightly", bypass=True)
        if has_second_factor:
            two_factor.set_up(admin, SECRET)
        told = run(mock, tmp_path, "--auth-token", token, "--user-id", admin["_id"])
        assert told.code in {0, 3}, told.err
        assert mock.workspace.users.holder(token) is admin
        left = [file for file in tmp_path.rglob("*") if file.is_file() and token.encode() in file.read_bytes()]
    assert left == []


def test_a_token_of_nobody_is_refused(tmp_path: Path) -> None:
    with MockServer() as mock:
        told = run(mock, tmp_path, "--auth-token", "x" * 43, "--user-id", "nobody")
    assert told.code == 2
    assert "login refused for user id nobody" in told.err
    assert "x" * 43 not in told.err
