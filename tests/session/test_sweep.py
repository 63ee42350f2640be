"""A sweep: removes what its signs prove to be a run's, puts back what the run had changed, and touches nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from preflight.mock import rooms, teams, users
from preflight.mock.server import MockServer
from preflight.model.run import Leftover
from preflight.session.journal import Heading, Journal, Undo
from preflight.session.records import read_record
from preflight.session.session import Plan, open_session
from preflight.session.sweep import Sweep, SweepPlan
from preflight.settings import Account
from tests.outside.killing import everything
from tests.session.dying import begun, dead

PREFIX = "pf-0a1b2c"


@pytest.fixture
def mock() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


def account_of(mock: MockServer) -> Account:
    return Account(user=mock.admin_username, password=mock.admin_password)


@contextmanager
def sweeping(mock: MockServer, file: Path | None = None, **how: Any) -> Iterator[Sweep]:
    records = [read_record(file)] if file else []
    with Sweep(mock.url, account_of(mock), records=records, **how) as sweep:
        yield sweep


def swept(mock: MockServer, file: Path | None = None, **how: Any) -> tuple[SweepPlan, list[Leftover]]:
    with sweeping(mock, file, **how) as sweep:
        plan = sweep.plan()
        return plan, sweep.carry_out(plan, lambda _removal, _why: None)


def whats(plan: SweepPlan) -> list[str]:
    return [removal.what for removal in plan.removals]


def person(mock: MockServer, name: str, *, mailbox: str = "somewhere.invalid") -> dict[str, Any]:
    return users.create(
        mock.workspace, username=name, name=name, password="x", email=f"{name}@{mailbox}", roles=("user",)
    )


def room_of(mock: MockServer, maker: dict[str, Any], name: str) -> dict[str, Any]:
    return rooms.create(mock.workspace, maker, rooms.Plan(kind="p", name=name))


def ids(mock: MockServer) -> set[str]:
    return {room["_id"] for room in mock.workspace.rooms}


# by journal


def test_everything_that_a_run_created_is_removed_and_what_it_changed_is_put_back(
    mock: MockServer, tmp_path: Path
) -> None:
    before = everything(mock.workspace)
    dead(begun(mock.url, account_of(mock), tmp_path / "journal.jsonl"))
    assert everything(mock.workspace) != before
    plan, left = swept(mock, tmp_path / "journal.jsonl")
    assert left == []
    assert everything(mock.workspace) == before
    assert whats(plan)[:3] == ["permission create-d", "setting E2E_Enable", "setting AutoTranslate_Enabled"]
    assert [what.partition(" ")[0] for what in whats(plan)][-4:] == ["user"] * 4


def test_a_plan_changes_nothing(mock: MockServer, tmp_path: Path) -> None:
    dead(begun(mock.url, account_of(mock), tmp_path / "journal.jsonl"))
    before, journal = everything(mock.workspace), (tmp_path / "journal.jsonl").read_bytes()
    with sweeping(mock, tmp_path / "journal.jsonl") as sweep:
        assert len(sweep.plan().removals) > 12
    assert everything(mock.workspace) == before
    assert (tmp_path / "journal.jsonl").read_bytes() == journal


def test_a_second_sweep_finds_nothing(mock: MockServer, tmp_path: Path) -> None:
    dead(begun(mock.url, account_of(mock), tmp_path / "journal.jsonl"))
    swept(mock, tmp_path / "journal.jsonl")
    assert swept(mock, tmp_path / "journal.jsonl") == (SweepPlan(), [])


def test_a_setting_that_somebody_has_changed_since_is_left_as_it_is(mock: MockServer, tmp_path: Path) -> None:
    session = open_session(
        Plan(target=mock.url, account=account_of(mock), only=("rooms.info",), journal=tmp_path / "journal.jsonl")
    )
    session.ground.keeper.meet({"Message_MaxAllowedSize": 10})
    dead(session)
    mock.workspace.settings["Message_MaxAllowedSize"] = 7000
    plan, left = swept(mock, tmp_path / "journal.jsonl")
    assert mock.workspace.settings["Message_MaxAllowedSize"] == 7000
    assert whats(plan) == []
    assert left == [
        Leftover(
            what="setting Message_MaxAllowedSize",
            why="is 7000, was 5000 before the run, and it was not the run that made it so",
        )
    ]


def test_what_cannot_be_removed_is_told_and_stays_in_the_journal(mock: MockServer, tmp_path: Path) -> None:
    dead(begun(mock.url, account_of(mock), tmp_path / "journal.jsonl"))
    mock.workspace.permissions.assign("delete-p", [], mock.workspace.clock.now())
    _, left = swept(mock, tmp_path / "journal.jsonl")
    assert left
    assert all(leftover.what.startswith("room ") and "Not allowed" in leftover.why for leftover in left)
    record = read_record(tmp_path / "journal.jsonl")
    record.close()
    assert record.standing
    assert not record.ended


def test_lists_that_are_not_shown_are_told_and_the_journal_is_followed_all_the_same(
    mock: MockServer, tmp_path: Path
) -> None:
    dead(begun(mock.url, account_of(mock), tmp_path / "journal.jsonl"))
    mock.workspace.permissions.assign("view-room-administration", [], mock.workspace.clock.now())
    _, left = swept(mock, tmp_path / "journal.jsonl")
    assert [leftover.why.partition(":")[0] for leftover in left][:2] == ["groups.listAll", "dm.list.everyone"]
    assert not [room for room in mock.workspace.rooms if "pf-" in room.get("name", "")]


# never anything else


def test_what_only_looks_like_a_runs_is_left_alone_and_told(mock: MockServer) -> None:
    stranger = person(mock, f"{PREFIX}.bob")
    theirs = room_of(mock, stranger, "a-room-of-theirs")
    named = room_of(mock, person(mock, "zoe"), f"{PREFIX}-channel")
    team = teams.create(mock.workspace, person(mock, "yves"), f"{PREFIX}-team", 0, ())
    ours = person(mock, f"{PREFIX}.alice", mailbox="preflight.invalid")
    mixed = rooms.direct(mock.workspace, ours, [ours, stranger, mock.workspace.users.named("zoe") or {}])
    before = everything(mock.workspace)
    plan, left = swept(mock, prefixes=[PREFIX])
    assert whats(plan) == [f"user {PREFIX}.alice"]
    assert left == []
    assert {theirs["_id"], named["_id"], team["roomId"]} <= ids(mock)
    assert len(everything(mock.workspace)["users"]) == len(before["users"]) - 1
    told = " | ".join(plan.unclear)
    assert f"user {PREFIX}.bob has no mailbox" in told
    assert f"room {PREFIX}-channel was made by nobody of the run" in told
    assert f"team {PREFIX}-team was made by nobody of the run" in told
    assert f"direct room {mixed['_id']} has members who are not the run's" in told


def test_another_run_is_left_alone(mock: MockServer) -> None:
    other = person(mock, "pf-ffffff.alice", mailbox="preflight.invalid")
    room = room_of(mock, other, "pf-ffffff-channel")
    plan, left = swept(mock, prefixes=[PREFIX])
    assert (plan, left) == (SweepPlan(), [])
    assert room["_id"] in ids(mock)


def test_a_longer_name_is_no_prefix(mock: MockServer) -> None:
    person(mock, f"{PREFIX}9.alice", mailbox="preflight.invalid")
    assert swept(mock, prefixes=[PREFIX])[0] == SweepPlan()


def test_a_person_of_the_journal_without_its_prefix_is_left_alone(mock: MockServer, tmp_path: Path) -> None:
    human = person(mock, "human")
    file = tmp_path / "journal.jsonl"
    journal = Journal(file)
    journal.begin(
        Heading(
            run="r", prefix=PREFIX, target=mock.url, account="admin", account_id="a", started="2020-01-01T00:00:00.000Z"
        )
    )
    undo = Undo(actor="admin", operation="POST users.delete", body={"userId": human["_id"]})
    journal.created(journal.intend("user human"), "user human", undo)
    journal.close()
    plan, _ = swept(mock, file)
    assert whats(plan) == []
    assert plan.unclear == ["user human has not the prefix of the run"]
    assert mock.workspace.users.named("human") is human


# without a journal


def test_a_lost_journal_is_replaced_by_the_prefix(mock: MockServer, tmp_path: Path) -> None:
    before = everything(mock.workspace)
    session = begun(mock.url, account_of(mock), tmp_path / "journal.jsonl")
    session.ground.keeper.restore()
    session.ground.rights.restore()
    prefix = session.ground.stage.marks.prefix
    dead(session)
    with sweeping(mock) as sweep:
        assert sweep.prefixes_there() == {prefix}
    _, left = swept(mock, prefixes=[prefix])
    assert left == []
    assert everything(mock.workspace) == before


def test_a_room_that_the_account_made_under_the_prefix_is_removed(mock: MockServer) -> None:
    admin = mock.workspace.users.named(mock.admin_username) or {}
    made = room_of(mock, admin, f"{PREFIX}-by-admin")
    other = room_of(mock, admin, "by-admin")
    swept(mock, prefixes=[PREFIX])
    assert made["_id"] not in ids(mock)
    assert other["_id"] in ids(mock)


def test_large_workspaces_are_looked_through_page_by_page(mock: MockServer) -> None:
    owner = person(mock, "owner")
    ours = person(mock, f"{PREFIX}.alice", mailbox="preflight.invalid")
    mine = room_of(mock, ours, "made-first")
    for number in range(130):
        room_of(mock, owner, f"room-{number}")
        person(mock, f"person-{number}")
    plan, left = swept(mock, prefixes=[PREFIX])
    assert whats(plan) == ["room made-first", f"user {PREFIX}.alice"]
    assert left == []
    assert mine["_id"] not in ids(mock)
