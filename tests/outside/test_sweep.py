"""`preflight sweep` from outside: whatever kills a run, and whenever, the workspace is afterwards as it was before."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from preflight.mock.server import MockServer
from preflight.model.run import Leftover
from preflight.session.records import find_records
from preflight.session.sweep import Sweep
from preflight.settings import Account
from tests.outside.console import Told, preflight
from tests.outside.killing import Executioner, everything, executing_mock, signalled_at

# People, rooms and discussions, some for the run and some for a case, and a setting that is changed for the moment.
ONLY = ("--only", "chat.getDiscussions", "--only", "autotranslate.getSupportedLanguages")
EVERY = 10
KILLED_LATE = 90

World = tuple[MockServer, Executioner]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with executing_mock() as made:
        yield made


def aimed(mock: MockServer) -> tuple[str, ...]:
    return ("--target", mock.url, "--user", mock.admin_username, "--password", mock.admin_password)


def swept(world: World, folder: Path, *words: str) -> Told:
    return preflight("sweep", *aimed(world[0]), *words, folder=folder)


def killed_at(world: World, at: int, folder: Path) -> bool:
    """Kill a run at one of its requests; says whether it was still going."""
    mock, executioner = world
    died = signalled_at(executioner, at, "run", *aimed(mock), *ONLY, "--disruptive", folder=folder)
    assert died.code in {-signal.SIGKILL, 0}, died.out
    return died.code == -signal.SIGKILL


def swept_here(world: World, folder: Path) -> list[Leftover]:
    """Sweep as the command does, in this process."""
    mock = world[0]
    records, unread = find_records(folder / "reports" / "runs", mock.url)
    assert unread == []
    with Sweep(mock.url, Account(user=mock.admin_username, password=mock.admin_password), records=records) as sweep:
        return sweep.carry_out(sweep.plan(), lambda _removal, _why: None)


def prefix_in(folder: Path) -> str:
    (journal,) = (folder / "reports" / "runs").glob("*/journal.jsonl")
    prefix: str = json.loads(journal.read_text(encoding="utf-8").partition("\n")[0])["prefix"]
    return prefix


def test_a_run_that_is_killed_at_any_tenth_request_leaves_nothing_after_a_sweep(world: World, tmp_path: Path) -> None:
    mock, executioner = world
    before = everything(mock.workspace)
    at, changed = EVERY, 0
    while True:
        executioner.takes_effect = at // EVERY % 2 == 1
        if not killed_at(world, at, tmp_path):
            break
        changed += everything(mock.workspace) != before
        assert swept_here(world, tmp_path) == []
        assert everything(mock.workspace) == before, f"killed at request {at}"
        at += EVERY
    assert changed > 8
    assert everything(mock.workspace) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("at", [30, 80])
def test_a_run_that_is_asked_to_end_leaves_nothing(
    world: World, tmp_path: Path, at: int, number: signal.Signals
) -> None:
    before = everything(world[0].workspace)
    words = ("run", *aimed(world[0]), *ONLY, "--disruptive")
    ended = signalled_at(world[1], at, *words, folder=tmp_path, number=number)
    assert ended.code == 130, ended.out
    assert everything(world[0].workspace) == before
    told = swept(world, tmp_path)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith("nothing to remove")


@pytest.mark.parametrize(
    ("route", "workers"),
    [("users.create", "1"), ("teams.create", "1"), ("teams.create", "2"), ("rooms.createDiscussion", "2")],
)
def test_what_was_created_and_never_answered_is_looked_for_when_a_run_is_interrupted(
    world: World, tmp_path: Path, route: str, workers: str
) -> None:
    mock, executioner = world
    before = everything(mock.workspace)
    words = ("run", *aimed(mock), "--only", "rooms.*", "--workers", workers)
    executioner.route, executioner.takes_effect = route, True
    try:
        ended = signalled_at(executioner, 1, *words, folder=tmp_path, number=signal.SIGINT)
    finally:
        executioner.route = ""
    assert ended.code == 130, ended.out
    assert everything(mock.workspace) == before
    runs = list((tmp_path / "reports" / "runs").glob("*/run.json"))
    # A worker that was interrupted before it had begun has no run, and its crew then writes none.
    assert len(runs) == 1 or (workers == "2" and not runs)
    assert [json.loads(run.read_text(encoding="utf-8"))["leftovers"] for run in runs] in ([[]], [])


def test_a_sweep_that_is_killed_can_be_repeated(world: World, tmp_path: Path) -> None:
    mock, executioner = world
    before = everything(mock.workspace)
    assert killed_at(world, KILLED_LATE, tmp_path)
    at, kills = 5, 0
    while signalled_at(executioner, at, "sweep", *aimed(mock), folder=tmp_path).code == -signal.SIGKILL:
        kills += 1
        executioner.takes_effect = not executioner.takes_effect
        at += 3
    assert kills > 2
    assert everything(mock.workspace) == before
    assert swept(world, tmp_path).out.startswith("nothing to remove")


def test_a_dry_run_shows_what_a_sweep_would_remove_and_removes_nothing(world: World, tmp_path: Path) -> None:
    before = everything(world[0].workspace)
    assert killed_at(world, KILLED_LATE, tmp_path)
    left = everything(world[0].workspace)
    told = swept(world, tmp_path, "--dry-run")
    assert (told.code, told.err) == (0, "")
    prefix = prefix_in(tmp_path)
    assert f"would be removed: user {prefix}.alice (in the journal)" in told.out
    assert f"would be removed: room {prefix}-" in told.out
    assert everything(world[0].workspace) == left
    told = swept(world, tmp_path)
    assert (told.code, told.err) == (0, "")
    assert f"will be removed: user {prefix}.alice (in the journal)" in told.out
    assert f"done: user {prefix}.alice" in told.out
    assert told.out.endswith("nothing is left\n")
    assert everything(world[0].workspace) == before


def test_a_run_whose_journal_is_lost_is_swept_by_its_prefix(world: World, tmp_path: Path) -> None:
    before = everything(world[0].workspace)
    assert killed_at(world, KILLED_LATE, tmp_path)
    prefix = prefix_in(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    told = swept(world, elsewhere)
    assert (told.code, told.err) == (3, "")
    assert f"users have these prefixes: {prefix}\n" in told.out
    told = swept(world, elsewhere, "--prefix", prefix)
    assert (told.code, told.err) == (0, "")
    assert everything(world[0].workspace) == before
    assert swept(world, tmp_path).code == 0


def test_what_cannot_be_asked_for_is_told_in_one_line_and_a_hint(world: World, tmp_path: Path) -> None:
    other = tmp_path / "journal.jsonl"
    heading = {"run": "r", "prefix": "pf-abcdef", "target": "http://other.invalid", "account": "a", "account_id": "i"}
    other.write_text(json.dumps({**heading, "started": "2026-01-01T00:00:00.000Z"}) + "\n", encoding="utf-8")
    for words, what in (
        (("--journal", str(other)), "speaks of http://other.invalid, not of"),
        (("--journal", str(tmp_path / "none.jsonl")), "is not there"),
        (("--prefix", "pf-"), "'pf-' is no prefix of a run"),
        (("--password", "wrong"), "login refused for user admin"),
    ):
        told = swept(world, tmp_path, *words)
        assert (told.code, told.out) == (2, "")
        first, hint = told.err.splitlines()
        assert what in first
        assert hint.startswith("  Hint: ")
    assert "no target to sweep was given" in preflight("sweep", folder=tmp_path).err
