"""Targets that cannot be judged, and credentials that do not serve: one line, one hint, the right exit code."""

from pathlib import Path

import pytest

from preflight.mock.server import MockServer
from tests.outside.console import Told, preflight
from tests.outside.servers import dead_address, page_server, silent_server


def told_in_two_lines(told: Told) -> tuple[str, str]:
    assert told.out == ""
    assert "Traceback" not in told.err
    what, hint = told.err.splitlines()
    assert what.startswith("preflight: ")
    assert hint.startswith("  Hint: ")
    return what.removeprefix("preflight: "), hint.removeprefix("  Hint: ")


def run(address: str, folder: Path, *words: str, **environ: str) -> Told:
    return preflight(
        "run", "--target", address, "--user", "admin", "--password", "sesame", *words, folder=folder, **environ
    )


def test_a_target_that_refuses_connections_is_inconclusive(tmp_path: Path) -> None:
    address = dead_address()
    told = run(address, tmp_path)
    assert told.code == 3
    assert told_in_two_lines(told)[0] == f"{address} refuses connections"


def test_a_target_that_does_not_answer_is_inconclusive(tmp_path: Path) -> None:
    with silent_server() as address:
        told = run(address, tmp_path, "--timeout", "0.5")
    assert told.code == 3
    assert told_in_two_lines(told)[0] == f"{address} did not answer within 0.5 s"


def test_a_target_that_answers_a_page_is_inconclusive(tmp_path: Path) -> None:
    with page_server() as address:
        told = run(address, tmp_path)
    assert told.code == 3
    what, hint = told_in_two_lines(told)
    assert what == f"{address} answers an HTML page with status 200 where Rocket.Chat tells its release"
    assert "/api/info" in hint


def test_a_refused_login_ends_the_run_at_once(tmp_path: Path) -> None:
    with MockServer() as mock:
        told = run(mock.url, tmp_path)
        people = len(mock.workspace.users)
    assert told.code == 2
    assert told_in_two_lines(told)[0] == "login refused for user admin"
    assert people == 2
    assert "sesame" not in told.err


def test_a_missing_password_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    told = preflight("run", "--target", dead_address(), "--user", "admin", folder=tmp_path)
    assert told.code == 2
    assert told_in_two_lines(told)[0] == "no password for user admin was given"


def test_nothing_is_left_in_the_folder_where_no_run_began(tmp_path: Path) -> None:
    run(dead_address(), tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--only", "rooms.inof"), "nothing is selected by rooms.inof in the profile full"),
        (("--profile", "rom"), "unknown profile 'rom'"),
        (("--fault", "no-such-fault"), "no-such-fault"),
        (("--release", "eight"), "eight"),
        (("--target", "chat.example.org", "--user", "a", "--password", "b"), "is no address and names no target"),
    ],
)
def test_what_cannot_be_asked_for_is_wrong_usage(tmp_path: Path, words: tuple[str, ...], what: str) -> None:
    told = preflight("run", *words, folder=tmp_path)
    assert told.code == 2
    assert what in told_in_two_lines(told)[0]
