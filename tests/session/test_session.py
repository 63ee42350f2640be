"""A session with a real socket in between: what it asks first, and that it leaves a workspace as it found it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from preflight.errors import LoginError, TargetError, UsageError
from preflight.mock.server import MockServer
from preflight.model.json import as_object
from preflight.model.release import Release
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.plugin.playing import play
from preflight.session.session import Plan, Session, open_session
from preflight.settings import Account
from preflight.wire.rest import Ask
from tests.catalogs import catalogs_read_once
from tests.session.lasting import state

ONLY = ("GET rooms.info", "POST dm.create", "POST chat.react", "GET autotranslate.*")


@pytest.fixture(scope="module", autouse=True)
def _catalogs() -> Iterator[None]:
    with catalogs_read_once():
        yield


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def plan(mock: MockServer, tmp_path: Path) -> Plan:
    account = Account(user=mock.admin_username, password=mock.admin_password)
    return Plan(target=mock.url, account=account, only=ONLY, journal=tmp_path / "journal.jsonl")


def closed(session: Session, **how: Any) -> Run:
    play(session)
    return session.close(**how)


# first words


def test_a_session_knows_release_edition_and_what_it_judges(plan: Plan) -> None:
    session = open_session(plan)
    try:
        assert session.release == Release(8, 0)
        assert session.ground.enterprise is True
        assert {str(key) for key in session.selection.operations} == {
            "GET rooms.info",
            "POST dm.create",
            "POST chat.react",
            "GET autotranslate.getSupportedLanguages",
        }
        assert {claim.operation for claim in session.selection.claims} == set(session.selection.operations)
    finally:
        run = session.close()
    assert run.target == plan.target
    assert run.environment["mock"] == "yes"
    assert run.environment["edition"] == "enterprise"


def test_an_edition_without_licence_is_told() -> None:
    with MockServer(edition="community") as server:
        account = Account(user="admin", password=server.admin_password)
        session = open_session(Plan(target=server.url, account=account, only=("rooms.info",)))
        assert session.ground.enterprise is False
        assert session.close().environment["edition"] == "community"


def test_a_wrong_selection_is_told_before_anybody_logs_in(plan: Plan) -> None:
    for wrong in ({"only": ("nothing.*",)}, {"profile": "fulll"}, {"release": "eight"}):
        with pytest.raises(UsageError):
            open_session(Plan(**{"target": plan.target, "account": Account(user="nobody", password="wrong")} | wrong))  # type: ignore[arg-type] # the fields of a plan


def test_a_refused_login_creates_nothing_and_leaves_no_journal(plan: Plan, mock: MockServer) -> None:
    before = state(mock.workspace)
    assert plan.journal is not None
    with pytest.raises(LoginError):
        open_session(Plan(target=plan.target, account=Account(user="admin", password="wrong"), journal=plan.journal))
    assert not plan.journal.exists()
    assert state(mock.workspace) == before


def test_a_token_is_used_and_not_given_back(mock: MockServer) -> None:
    admin = mock.workspace.users.named(mock.admin_username)
    assert admin is not None
    mock.workspace.users.grant("token-of-somebody-who-needs-it", admin["_id"])
    account = Account(auth_token="token-of-somebody-who-needs-it", user_id=admin["_id"])
    open_session(Plan(target=mock.url, account=account, only=("rooms.info",))).close()
    assert mock.workspace.users.holder("token-of-somebody-who-needs-it") is admin


def test_nobody_listening_is_told() -> None:
    with MockServer() as gone:
        url = gone.url
    with pytest.raises(TargetError, match="refuses connections"):
        open_session(Plan(target=url, account=Account(user="admin", password="x")))


# the workspace afterwards


def test_a_session_leaves_the_workspace_as_it_was(plan: Plan, mock: MockServer) -> None:
    before = state(mock.workspace)
    tokens = dict(mock.workspace.users._by_token)
    run = closed(open_session(plan))
    assert state(mock.workspace) == before
    assert mock.workspace.users._by_token == tokens
    assert run.leftovers == ()
    assert len(run.cases) > 50
    assert run.requests > len(run.cases)


def test_the_journal_on_the_disk_says_that_everything_is_gone(plan: Plan) -> None:
    closed(open_session(plan))
    assert plan.journal is not None
    lines = [json.loads(line) for line in plan.journal.read_text(encoding="utf-8").splitlines()]
    created = {line["number"] for line in lines if "created" in line}
    assert len(created) > 10
    assert {line["number"] for line in lines if "removed" in line} == created
    assert any(str(line.get("created", "")).startswith("setting ") for line in lines)


def test_a_session_that_is_cut_short_leaves_the_workspace_as_it_was_too(plan: Plan, mock: MockServer) -> None:
    before = state(mock.workspace)
    session = open_session(plan)
    scene = session.ground.stage.scene()
    scene.resolve(["{alice.talk.id}", "{alice.team.id}", "{alice.freshdm.id}", "{admin.dm.id}", "{carol.group.id}"])
    session.ground.keeper.meet({"AutoTranslate_Enabled": True})
    assert state(mock.workspace) != before
    run = session.close(interrupted=True)
    assert state(mock.workspace) == before
    assert (run.interrupted, run.verdict, run.leftovers) == (True, Verdict.INCONCLUSIVE, ())


def test_rooms_that_no_journal_names_are_removed_too(plan: Plan, mock: MockServer) -> None:
    before = state(mock.workspace)
    session = open_session(plan)
    alice = session.company.login("alice")
    bob = session.company.login("bob")
    for name, body in (
        ("chat.postMessage", {"channel": f"@{bob.username}", "text": "opens a DM on the way"}),
        ("groups.create", {"name": "made-on-the-way"}),
    ):
        answer = session.client.send(
            Ask(
                actor="alice",
                purpose="on the way",
                method="POST",
                path=f"/api/v1/{name}",
                body=body,
                has_body=True,
                headers=alice.headers,
            )
        )
        assert as_object(answer.body)["success"] is True
    assert session.close().leftovers == ()
    assert state(mock.workspace) == before


def test_what_cannot_be_removed_is_a_leftover_once(tmp_path: Path) -> None:
    with MockServer() as server:
        account = Account(user="admin", password=server.admin_password)
        session = open_session(
            Plan(target=server.url, account=account, only=("rooms.info",), journal=tmp_path / "journal.jsonl")
        )
        session.ground.stage.scene().resolve("{alice.channel.id}")
        room = next(entry for entry in session.journal.standing if entry.what.startswith("alice.channel"))
        server.workspace.permissions.assign("delete-c", [], server.workspace.clock.now())
        run = session.close()
    assert [leftover.what for leftover in run.leftovers].count(room.what) == 1


def test_a_target_that_dies_leaves_its_leftovers_told(tmp_path: Path) -> None:
    with MockServer() as server:
        account = Account(user="admin", password=server.admin_password)
        plan = Plan(
            target=server.url,
            account=account,
            only=("rooms.info",),
            journal=tmp_path / "journal.jsonl",
            patience_s=1,
        )
        session = open_session(plan)
        session.ground.stage.scene().resolve("{alice.channel.id}")
        standing = [entry.what for entry in session.journal.standing]
    run = session.close()
    assert [leftover.what for leftover in run.leftovers] == standing
    assert all("refuses connections" in leftover.why or "broke" in leftover.why for leftover in run.leftovers)
    assert run.verdict is Verdict.INCONCLUSIVE


def test_no_secret_of_a_run_is_in_the_run(plan: Plan, mock: MockServer) -> None:
    session = open_session(plan)
    play(session)
    secrets = set(session.client.redactor._names)
    run = session.close()
    assert mock.admin_password in secrets
    assert len(secrets) > 8
    assert plan.journal is not None
    text = repr(run) + plan.journal.read_text(encoding="utf-8")
    assert [secret for secret in secrets if secret in text] == []


def test_without_leave_no_setting_changes(mock: MockServer) -> None:
    account = Account(user=mock.admin_username, password=mock.admin_password)
    session = open_session(Plan(target=mock.url, account=account, only=("GET autotranslate.*",), disruptive=False))
    before = state(mock.workspace)["settings"]
    with patch.object(session.client, "send", wraps=session.client.send) as send:
        run = closed(session)
    asked = [f"{call.args[0].method} {call.args[0].path}" for call in send.call_args_list]
    assert "GET /api/v1/settings/AutoTranslate_Enabled" in asked
    assert not [request for request in asked if request.startswith("POST /api/v1/settings/")]
    assert state(mock.workspace)["settings"] == before
    reasons = {case.reason for case in run.cases if case.verdict is Verdict.NOT_APPLICABLE}
    found, may_not = sorted(reasons, key=lambda reason: "--disruptive" in reason)
    assert may_not.startswith("the setting AutoTranslate_Enabled is off, the case needs on; --disruptive")
    assert found.startswith("the setting AutoTranslate_ServiceProvider was found to be 'google-translate'")
    assert not run.operations[next(iter(run.operations))].exercised
    assert run.verdict is Verdict.PASS


def test_a_password_that_is_also_a_name_makes_no_finding() -> None:
    with MockServer(admin_username="admin", admin_password="admin") as mock:
        account = Account(user="admin", password="admin")
        session = open_session(Plan(target=mock.url, account=account, only=("dm.list.everyone", "dm.setTopic")))
        play(session)
        run = session.close()
    new = [outcome for outcome in run.outcomes if run.claims[outcome.claim].claim.erratum is None]
    assert [finding.received for outcome in new for finding in outcome.findings] == []


def test_a_room_whose_creation_was_never_answered_is_looked_for_and_no_leftover(plan: Plan) -> None:
    session = open_session(plan)
    session.company.login("alice")
    session.journal.intend("alice.room")
    session.journal.intend("alice.guest")
    assert [leftover.what for leftover in session.close(interrupted=True).leftovers] == ["alice.guest"]
