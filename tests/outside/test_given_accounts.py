"""Runs with ordinary rights from outside: one account, or accounts that were given; all is as it was afterwards."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from preflight.mock.limiter import CALLS, WINDOW
from preflight.mock.server import MockServer
from tests.outside.console import Told, preflight
from tests.outside.killing import Executioner, everything, signalled_at
from tests.outside.peopled import EVELYN, ORDINARY, PAULA, PETER, password_of, peopled

# Rooms, messages and files that one person can make, direct rooms, which it takes two for, and calls over DDP.
GLOBS = ("chat.postMessage", "chat.reportMessage", "dm.create", "ddp:archiveRoom", "rooms.info")
ONLY = tuple(word for glob in GLOBS for word in ("--only", glob))

World = tuple[MockServer, Executioner]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with peopled() as made:
        yield made


@pytest.fixture
def counting() -> Iterator[World]:
    # The window of the usual limiter, told in fifths of a second in place of minutes.
    with peopled(rate_limited=True, **{CALLS: 10, WINDOW: 200}) as made:
        yield made


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in (ORDINARY, PETER, PAULA, EVELYN):
        (tmp_path / f"{name}.pw").write_text(password_of(name) + "\n", encoding="utf-8")
    return tmp_path


def as_ordinary(world: World) -> tuple[str, ...]:
    return ("--target", world[0].url, "--user", ORDINARY, "--password-file", f"{ORDINARY}.pw")


def run_in(folder: Path) -> dict[str, Any]:
    (file,) = (folder / "reports" / "runs").glob("*/run.json")
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return told


def verdicts(run: dict[str, Any]) -> set[str]:
    return {case["verdict"] for case in run["cases"]}


def test_an_ordinary_account_judges_what_one_person_can_and_leaves_everything_as_it_was(
    counting: World, place: Path
) -> None:
    before = everything(counting[0].workspace)
    told = preflight("run", *as_ordinary(counting), *ONLY, folder=place)
    assert (told.code, told.err) == (3, ""), told.out
    assert everything(counting[0].workspace) == before
    run = run_in(place)
    assert verdicts(run) == {"pass", "inconclusive"}
    assert (run["verdict"], run["leftovers"]) == ("inconclusive", [])
    passed = [case["id"] for case in run["cases"] if case["verdict"] == "pass"]
    assert any(name.startswith("shapes/POST chat.postMessage") for name in passed)
    assert any(name.startswith("shapes/ddp:archiveRoom/") for name in passed)
    assert run["environment"]["cast"] == "the account of the run alone, as alice"
    assert run["environment"]["limiter"].startswith("on")
    assert told.out.count("the account of the run may create none (permission create-user) (") == 1
    assert password_of(ORDINARY) not in told.out


def test_a_run_of_an_ordinary_account_that_was_killed_is_swept_by_that_account(world: World, place: Path) -> None:
    mock, executioner = world
    before = everything(mock.workspace)
    changed = 0
    for at in (40, 75, 110):
        executioner.takes_effect = not executioner.takes_effect
        died = signalled_at(executioner, at, "run", *as_ordinary(world), *ONLY, folder=place)
        assert died.code == -signal.SIGKILL, died.out
        changed += everything(mock.workspace) != before
        swept = preflight("sweep", *as_ordinary(world), folder=place)
        assert (swept.code, swept.err) == (0, ""), swept.out
        assert everything(mock.workspace) == before, f"killed at request {at}"
    assert changed > 1


def given(place: Path, **accounts: str) -> tuple[str, str]:
    lines = [f"  {person}: {{user: {name}, password-file: {name}.pw}}" for person, name in accounts.items()]
    (place / "accounts.yaml").write_text("\n".join(["accounts:", *lines, ""]), encoding="utf-8")
    return "--accounts", "accounts.yaml"


@pytest.mark.parametrize("leader", [ORDINARY, "admin"])
def test_given_accounts_play_the_people_and_everything_is_as_it_was(world: World, place: Path, leader: str) -> None:
    mock = world[0]
    before = everything(mock.workspace)
    account = ("--target", mock.url, "--user", "admin", "--password", mock.admin_password)
    words = given(place, alice=ORDINARY, bob=PETER, carol=PAULA)
    told = preflight("run", *(as_ordinary(world) if leader == ORDINARY else account), *words, *ONLY, folder=place)
    assert (told.code, told.err) == (3, ""), told.out
    assert everything(mock.workspace) == before
    run = run_in(place)
    assert verdicts(run) <= {"pass", "inconclusive", "not applicable"}
    assert run["leftovers"] == []
    assert run["environment"]["cast"] == "given accounts: alice, bob, carol"
    reasons = {case["reason"] for case in run["cases"]}
    assert f"POST dm.create would change {PETER}, an account that was there before the run" in reasons
    members = next(case for case in run["cases"] if case["id"] == "shapes/GET rooms.info/by-id")
    assert members["verdict"] == "pass"  # it takes bob


def told_in_two_lines(told: Told) -> tuple[str, str]:
    assert (told.code, told.out) == (2, "")
    what, hint = told.err.splitlines()
    return what.removeprefix("preflight: "), hint.removeprefix("  Hint: ")


def test_what_an_accounts_file_must_not_say_is_told_with_its_line(world: World, place: Path) -> None:
    file = place / "accounts.yaml"
    for text, what in (
        ("accounts:\n  alice: {user: x, password: secret}\n", "accounts.yaml:2: "),
        ("accounts:\n  alice: {user: x, user-id: y}\n", "accounts.yaml:2: the account of alice has no secret"),
        ("accounts:\n  alise: {user: x, password-file: ordinary.pw}\n", "the accounts name alise, whom no case knows"),
        ("accounts:\n  alice: {user: x, password-file: none.pw}\n", "the secret file none.pw cannot be read"),
        ("accounts:\n  alice: {user: x, password-env: NOT_SET}\n", "which is not set"),
    ):
        file.write_text(text, encoding="utf-8")
        told = told_in_two_lines(
            preflight("run", *as_ordinary(world), "--accounts", "accounts.yaml", *ONLY, folder=place)
        )
        assert what in told[0]
        assert "secret}" not in "".join(told)


def test_an_account_that_is_not_let_in_leaves_its_part_open(world: World, place: Path) -> None:
    words = given(place, alice=ORDINARY, bob=PETER)
    (place / f"{PETER}.pw").write_text("wrong", encoding="utf-8")
    told = preflight("run", *as_ordinary(world), *words, "--only", "ddp:archiveRoom", folder=place)
    assert told.code == 3, told.out
    assert f"the account given for bob was not let in: login refused for user {PETER}" in told.out


def test_people_of_the_workspace_are_told_by_pseudonyms_where_that_is_asked_for(world: World, place: Path) -> None:
    workspace = world[0].workspace
    people = [user for user in workspace.users if user["username"] in {ORDINARY, PETER, PAULA, EVELYN}]
    told = preflight("run", *as_ordinary(world), "--only", "rooms.get", "--redact-people", folder=place)
    assert (told.code, told.err) == (3, ""), told.out
    run = run_in(place)
    assert verdicts(run) == {"pass", "inconclusive"}
    assert run["environment"]["people"] == "pseudonyms"
    private = {user["_id"] for user in people} | {PETER, PETER.title(), f"{ORDINARY}@example.org", f'"{ORDINARY}"'}
    # The journal names the account, so that a sweep knows it again.
    files = [each for each in (place / "reports").rglob("*") if each.is_file() and each.name != "journal.jsonl"]
    texts = [told.out, *(each.read_text(encoding="utf-8") for each in files)]
    assert [word for word in private for text in texts if word in text] == []
    assert any("person-" in text for text in texts)
