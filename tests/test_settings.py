"""Settings: where the account comes from, and what is said when it is incomplete."""

from pathlib import Path

import pytest

from preflight.errors import UsageError
from preflight.settings import Account, account_from, alias_of, target_from


def test_options_go_before_the_environment() -> None:
    environ = {"PREFLIGHT_USER": "env", "PREFLIGHT_PASSWORD": "env-pw"}
    assert account_from(Account(user="me", password="mine"), environ=environ) == Account(user="me", password="mine")


def test_the_environment_fills_what_is_missing() -> None:
    environ = {"PREFLIGHT_USER": "env", "PREFLIGHT_PASSWORD": "env-pw"}
    assert account_from(Account(), environ=environ) == Account(user="env", password="env-pw")


def test_a_password_file_gives_its_first_line(tmp_path: Path) -> None:
    file = tmp_path / "pw"
    file.write_text("secret words\nignored\n", encoding="utf-8")
    assert account_from(Account(user="me"), file, environ={}).password == "secret words"


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_password_file_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "pw"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match="is empty"):
        account_from(Account(user="me"), file, environ={})


def test_a_missing_password_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        account_from(Account(user="me"), tmp_path / "none", environ={})


def test_a_missing_password_names_the_user() -> None:
    with pytest.raises(UsageError, match="no password for user me was given"):
        account_from(Account(user="me"), environ={})


def test_a_missing_user_is_told() -> None:
    with pytest.raises(UsageError, match="no account"):
        account_from(Account(), environ={})


def test_a_token_needs_its_user_id() -> None:
    with pytest.raises(UsageError, match="without its user id"):
        account_from(Account(auth_token="t"), environ={})
    with pytest.raises(UsageError, match="without its token"):
        account_from(Account(user_id="u"), environ={})


def test_a_password_is_not_shown() -> None:
    assert "hunter2" not in repr(Account(user="me", password="hunter2", auth_token="hunter2"))


def test_the_target_may_stand_in_the_environment() -> None:
    assert target_from(None, {"PREFLIGHT_TARGET": "https://a"}) == "https://a"
    assert target_from("https://b", {"PREFLIGHT_TARGET": "https://a"}) == "https://b"
    assert target_from(None, {}) is None


@pytest.mark.parametrize(
    ("target", "alias", "name"),
    [
        (None, None, "mock"),
        (None, "ours", "ours"),
        ("https://chat.example.org", None, "chat.example.org"),
        ("https://chat.example.org:8443/sub", None, "chat.example.org:8443"),
        ("https://chat.example.org", "staging", "staging"),
    ],
)
def test_a_target_has_a_name_whatever_its_address(target: str | None, alias: str | None, name: str) -> None:
    assert alias_of(target, alias) == name


def test_credentials_in_an_address_are_no_part_of_a_name() -> None:
    assert alias_of("https://root:secret@chat.example.org") == "chat.example.org"


@pytest.mark.parametrize("alias", ["", " ", "two\nlines", "turned \u202eround", "x" * 81])
def test_what_cannot_stand_in_a_report_is_no_name(alias: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a target"):
        alias_of(None, alias)
