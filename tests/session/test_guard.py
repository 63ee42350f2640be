"""The guard: what a suite asks of things that are not the run's never reaches the wire."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.catalog.effects import Effect, load_effects
from preflight.catalog.steps import REALTIME
from preflight.mock import rooms, users
from preflight.mock.server import MockServer
from preflight.model.json import Json
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.plugin.playing import play
from preflight.session.circumstances import CircumstanceError, UnsentError
from preflight.session.guard import ForeignObjectError, Guard
from preflight.session.journal import Journal, Undo
from preflight.session.session import Plan, Session, open_session
from preflight.settings import Account
from preflight.wire.rest import API, Ask
from preflight.wire.watch import Call
from tests.outside.killing import everything

PREFIX = "pf-0a1b2c"
EFFECTS = load_effects()


def guard(journal: Journal | None = None, *, read_only: bool = False) -> Guard:
    made = Guard(EFFECTS, journal or Journal(), prefix=PREFIX, account=frozenset({"root"}), read_only=read_only)
    made.after(call("POST users.create", actor="admin"), {"user": {"_id": "alice1", "username": f"{PREFIX}.alice"}})
    made.after(call("POST channels.create"), {"channel": {"_id": "room1", "t": "c", "name": "room-of-alice"}})
    return made


def call(operation: str, parameters: Json = None, *, actor: str = "alice") -> Call:
    method, _, name = operation.rpartition(" ")
    return Call(actor=actor, method=method or REALTIME, name=name, parameters=parameters)


def passes(made: Guard, operation: str, parameters: Json = None, *, actor: str = "alice") -> bool:
    try:
        made.before(call(operation, parameters, actor=actor))
    except ForeignObjectError:
        return False
    return True


# whose is it?


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("POST chat.postMessage", {"roomId": "GENERAL", "text": "x"}),
        ("POST chat.postMessage", {"channel": "#general", "text": "x"}),
        ("POST chat.postMessage", {"channel": "@root", "text": "x"}),
        ("POST chat.postMessage", {"roomId": ["room1", "GENERAL"], "text": "x"}),
        ("POST chat.sendMessage", {"message": {"rid": "GENERAL", "msg": "x"}}),
        ("POST chat.sendMessage", {"message": {"rid": "room1", "_id": "message-of-another", "msg": "x"}}),
        ("POST chat.delete", {"roomId": "room1", "msgId": "message-of-another"}),
        ("POST channels.invite", {"roomId": "room1", "userId": "stranger"}),
        ("POST channels.invite", {"roomId": "room1", "usernames": ["stranger"]}),
        ("POST channels.create", {"name": f"{PREFIX}-x", "members": ["stranger"]}),
        ("POST rooms.delete", {"roomId": {"$ne": ""}}),
        ("POST rooms.media/GENERAL", None),
        ("POST rooms.mediaConfirm/room1/file-of-another", {}),
        ("POST users.delete", {"userId": "stranger"}),
        ("POST users.update", {"userId": "stranger", "data": {"name": "x"}}),
        ("POST dm.create", {"usernames": f"{PREFIX}.alice,stranger"}),
        ("POST teams.addRooms", {"teamId": "team-of-another", "rooms": ["room1"]}),
        ("POST teams.addRooms", {"teamId": f"{PREFIX}-team", "rooms": ["GENERAL"]}),
        ("GET chat.ignoreUser", [{"rid": "GENERAL"}, {"userId": "stranger"}]),
        ("GET dm.messages", [{"username": "stranger"}]),
        ("GET dm.files", [{"roomId": "stranger"}]),
        ("joinRoom", ["GENERAL"]),
        ("eraseRoom", ["GENERAL"]),
        ("sendMessage", [{"rid": "GENERAL", "msg": "x"}]),
        ("createDirectMessage", ["stranger"]),
        ("addRoomOwner", ["room1", "stranger"]),
        ("addRoomOwner", ["room1", {"$ne": ""}]),
        ("stream-notify-room", ["GENERAL/typing", "x", True]),
        ("POST method.call/joinRoom", {"message": '{"msg": "method", "method": "joinRoom", "params": ["GENERAL"]}'}),
        ("POST method.call/rooms:get", {"message": '{"msg": "method", "method": "eraseRoom", "params": ["GENERAL"]}'}),
    ],
)
def test_what_is_not_the_runs_is_not_touched(operation: str, parameters: Json) -> None:
    assert not passes(guard(), operation, parameters)
    assert not passes(guard(), operation, parameters, actor="admin")


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("POST chat.postMessage", {"roomId": "room1", "text": "for @stranger in #general"}),
        ("POST chat.postMessage", {"channel": f"@{PREFIX}.bob", "text": "x"}),
        ("POST channels.invite", {"roomName": "room-of-alice", "userId": "alice1"}),
        ("POST rooms.delete", {}),
        ("POST rooms.delete", {"roomId": ""}),
        ("POST rooms.delete", {"roomId": 7}),
        ("POST rooms.delete", {"roomId": "no id has a space or a ' in it"}),
        ("GET rooms.info", [{"roomId": "GENERAL"}]),
        ("getRoomById", ["GENERAL"]),
        ("stream-notify-room", ["room1/typing", "x", True]),
        ("POST login", {"user": "root", "password": "x"}),
        ("POST users.setStatus", {"message": "x"}),
    ],
)
def test_what_is_the_runs_or_nobodys_passes(operation: str, parameters: Json) -> None:
    assert passes(guard(), operation, parameters)


def test_the_account_of_the_run_is_not_changed() -> None:
    assert not passes(guard(), "POST users.setStatus", {"message": "x"}, actor="admin")
    assert passes(guard(), "POST users.setStatus", {"userId": "alice1", "message": "x"}, actor="admin")
    assert not passes(guard(), "UserPresence:away", [], actor="admin")


def test_what_the_account_creates_has_the_prefix() -> None:
    assert not passes(guard(), "POST channels.create", {"name": "lounge"}, actor="admin")
    assert passes(guard(), "POST channels.create", {"name": f"{PREFIX}-lounge"}, actor="admin")


def test_a_write_that_is_not_in_the_table_is_refused_unless_it_says_nothing() -> None:
    assert not passes(guard(), "POST integrations.create", {"name": PREFIX})
    assert not passes(guard(), "DELETE rooms.info", [{"roomId": "room1"}])
    assert not passes(guard(), "POST rooms.info", None, actor="admin")
    assert passes(guard(), "POST rooms.info")
    assert not passes(guard(), "sendEverything", ["room1"])
    assert passes(guard(), "sendEverything", [])


def test_settings_and_permissions_change_only_while_the_journal_can_put_them_back() -> None:
    journal = Journal()
    made = guard(journal)
    permissions: Json = {"permissions": [{"_id": "create-c", "roles": []}]}
    assert not passes(made, "POST settings/E2E_Enable", {"value": True}, actor="admin")
    assert not passes(made, "POST permissions.update", permissions, actor="admin")
    for what in ("setting E2E_Enable", "permission create-c"):
        journal.created(journal.intend(what), what, Undo(actor="admin", operation="POST x", body={}))
    assert passes(made, "POST settings/E2E_Enable", {"value": True}, actor="admin")
    assert passes(made, "POST permissions.update", permissions, actor="admin")
    assert not passes(made, "POST settings/Site_Url", {"value": "x"}, actor="admin")


# what it learns


def test_messages_of_own_rooms_and_rooms_of_own_people_are_the_runs() -> None:
    made = guard()
    made.after(
        call("GET rooms.get"),
        {
            "update": [
                {"_id": "mine", "t": "p", "u": {"_id": "alice1"}},
                {"_id": "theirs", "t": "p", "u": {"_id": "stranger"}},
                {"_id": "direct", "t": "d", "usernames": [f"{PREFIX}.alice", "root"]},
                {"_id": "mixed", "t": "d", "usernames": [f"{PREFIX}.alice", "stranger"]},
            ],
            "messages": [{"_id": "m1", "rid": "room1"}, {"_id": "m2", "rid": "GENERAL"}],
        },
    )
    for room, is_own in {"mine": True, "theirs": False, "direct": False, "mixed": False}.items():
        assert passes(made, "POST rooms.delete", {"roomId": room}) == is_own or room == "direct"
    assert passes(made, "POST chat.delete", {"roomId": "room1", "msgId": "m1"})
    assert not passes(made, "POST chat.delete", {"roomId": "room1", "msgId": "m2"})


def test_a_reader_teaches_nothing_of_others() -> None:
    made = guard()
    made.after(call("GET rooms.info"), {"room": {"_id": "GENERAL", "t": "c", "name": "general"}})
    assert not passes(made, "POST rooms.leave", {"roomId": "GENERAL"})


@given(st.text(alphabet="abcXYZ019-_.", min_size=1))
def test_no_id_that_nobody_showed_passes(name: str) -> None:
    if not name.startswith(PREFIX):
        assert not passes(guard(), "POST rooms.delete", {"roomId": name})


def test_whoever_reads_only_sends_nothing_that_could_change_something() -> None:
    made = guard(read_only=True)
    for operation in [*EFFECTS.rest, *EFFECTS.realtime]:
        name = operation.rpartition(" ")[2]
        method = REALTIME if " " not in operation else operation.partition(" ")[0]
        action = EFFECTS.action(method, name)
        assert action is not None
        if action.effect in {Effect.READS, Effect.SESSION, Effect.CALL}:
            continue
        with pytest.raises(CircumstanceError, match="--read-only"):
            made.before(call(operation))
    made.before(call("GET rooms.info", [{"roomId": "GENERAL"}]))


# accounts that were there before the run


def beside(*people: str) -> Guard:
    made = guard()
    for person in people:
        made.meets(person, f"id-of-{person}", person)
    return made


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("POST channels.create", {"name": f"{PREFIX}-room", "members": ["bob"]}),
        ("POST channels.invite", {"roomId": "room1", "userId": "id-of-bob"}),
        ("POST channels.addOwner", {"roomId": "room1", "userId": "id-of-alice"}),
        ("GET chat.ignoreUser", [{"rid": "room1"}, {"userId": "id-of-bob"}]),
        ("addUsersToRoom", [{"rid": "room1", "users": ["bob"]}]),
        ("POST chat.postMessage", {"roomId": "room1", "text": "hello @bob"}),
    ],
)
def test_given_accounts_may_be_brought_into_a_room_of_the_run(operation: str, parameters: Json) -> None:
    beside("alice", "bob").before(call(operation, parameters))


@pytest.mark.parametrize(
    ("operation", "parameters", "actor"),
    [
        ("POST users.delete", {"userId": "id-of-bob", "confirmRelinquish": True}, "admin"),
        ("POST users.setActiveStatus", {"userId": "id-of-bob", "activeStatus": False}, "admin"),
        ("POST users.update", {"userId": "id-of-bob", "data": {"username": f"{PREFIX}-bob"}}, "admin"),
        ("POST roles.addUserToRole", {"username": "bob", "roleName": "admin"}, "admin"),
        ("POST dm.create", {"username": "bob"}, "alice"),
        ("POST dm.create", {"usernames": f"bob,{PREFIX}.nobody"}, "alice"),
        ("POST chat.postMessage", {"channel": "@bob", "text": f"{PREFIX} hello"}, "alice"),
        ("createDirectMessage", ["bob"], "alice"),
        ("POST users.setStatus", {"message": "away"}, "alice"),
        ("POST users.setPreferences", {"data": {"language": "de"}}, "bob"),
        ("userSetUtcOffset", [2], "alice"),
        ("POST channels.create", {"name": "lounge"}, "alice"),
        ("POST channels.create", {"name": "odd name!", "members": []}, "alice"),
        ("POST chat.reportMessage", {"messageId": f"{PREFIX}-m", "description": "x"}, "alice"),
    ],
)
def test_what_would_change_a_given_account_is_not_sent_and_is_no_fault(
    operation: str, parameters: Json, actor: str
) -> None:
    with pytest.raises(UnsentError):
        beside("alice", "bob").before(call(operation, parameters, actor=actor))


def test_what_others_have_is_as_foreign_to_given_accounts_as_to_created_ones() -> None:
    made = beside("alice", "bob")
    assert not passes(made, "POST channels.invite", {"roomId": "GENERAL", "userId": "id-of-bob"})
    assert not passes(made, "POST channels.invite", {"roomId": "room1", "userId": "stranger"})


def test_a_room_that_a_given_account_makes_under_the_prefix_is_the_runs() -> None:
    made = beside("alice")
    of_alice: Json = {"_id": "id-of-alice"}
    rooms: Json = [
        {"_id": "new", "t": "p", "name": f"{PREFIX}-new", "u": of_alice},
        {"_id": "old", "t": "p", "name": "attic", "u": of_alice},
        {"_id": "odd", "t": "p", "name": f"{PREFIX}-odd", "u": {"_id": "stranger"}},
    ]
    made.after(call("GET rooms.get"), {"update": rooms})
    assert [passes(made, "POST rooms.delete", {"roomId": name}) for name in ("new", "old", "odd")] == [
        True,
        False,
        False,
    ]


def test_nobody_is_created_where_nobody_may_be() -> None:
    made = guard()
    made.closed = "there is nobody for {person}"
    with pytest.raises(UnsentError, match="there is nobody for somebody new"):
        made.before(call("POST users.create", {"username": f"{PREFIX}.carol"}, actor="admin"))


# in a session


@pytest.fixture
def mock() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def session(mock: MockServer, tmp_path: Path) -> Iterator[Session]:
    account = Account(user=mock.admin_username, password=mock.admin_password)
    opened = open_session(
        Plan(target=mock.url, account=account, only=("rooms.info",), journal=tmp_path / "journal.jsonl")
    )
    yield opened
    opened.close()


def judged(session: Session) -> Run:
    play(session)
    return session.close()


def asked(session: Session, name: str, body: Json, *, method: str = "POST", actor: str = "alice") -> Ask:
    path = name if method == REALTIME else API + name
    headers = session.company.login(actor).headers
    return Ask(actor=actor, purpose="x", method=method, path=path, body=body, has_body=True, headers=headers)


def test_a_suite_that_touches_what_others_have_is_stopped_before_the_wire(mock: MockServer, session: Session) -> None:
    zoe = users.create(mock.workspace, username="zoe", name="Zoe", password="x", email="z@x.invalid", roles=("user",))
    room = rooms.create(mock.workspace, zoe, rooms.Plan(kind="c", name="room-of-zoe"))
    session.company.login("alice")
    before = everything(mock.workspace)
    scene = session.ground.stage.scene()
    with patch.object(session.client._http, "request") as wire:
        for ask in (
            asked(session, "chat.postMessage", {"roomId": "GENERAL", "text": "x"}),
            asked(session, "rooms.delete", {"roomId": room["_id"]}, actor="admin"),
            asked(session, "channels.join?roomId=GENERAL", None),
            asked(session, "users.setActiveStatus", {"userId": zoe["_id"], "activeStatus": False}, actor="admin"),
        ):
            with pytest.raises(ForeignObjectError, match="it was not sent"):
                scene.send(ask)
        wire.assert_not_called()
    with pytest.raises(ForeignObjectError, match="ddp:joinRoom names 'GENERAL'"):
        scene.send(asked(session, "joinRoom", ["GENERAL"], method=REALTIME))
    login = session.company.login("alice")
    with session.ground.stage.connections.listening("alice", login.token) as client, pytest.raises(ForeignObjectError):
        client.call("eraseRoom", [room["_id"]], purpose="x")
    with session.ground.stage.connections.talking("alice") as talk, pytest.raises(ForeignObjectError):
        talk.send('{"msg": "method", "method": "joinRoom", "id": "1", "params": ["GENERAL"]}')
    assert everything(mock.workspace) == before


def test_a_run_that_reads_only_changes_nothing_and_says_what_it_could_not_judge(mock: MockServer) -> None:
    before = everything(mock.workspace)
    account = Account(user=mock.admin_username, password=mock.admin_password)
    only = ("rooms.get", "rooms.info", "chat.postMessage", "dm.messages")
    run = judged(open_session(Plan(target=mock.url, account=account, only=only, read_only=True)))
    assert everything(mock.workspace) == before
    assert run.environment["mode"] == "read-only"
    seen = {case.verdict for case in run.cases if str(case.operation) == "GET rooms.get" and case.suite == "shapes"}
    assert Verdict.PASS in seen
    asked = {case.verdict for case in run.cases if str(case.operation) == "GET rooms.get"}
    assert asked <= {Verdict.PASS, Verdict.INCONCLUSIVE}
    posting = [case for case in run.cases if str(case.operation) == "POST chat.postMessage"]
    reasons = {case.reason for case in posting if case.verdict is Verdict.INCONCLUSIVE}
    assert reasons
    assert all(reason.startswith("--read-only: ") for reason in reasons)
    assert run.verdict is Verdict.INCONCLUSIVE
    assert Verdict.FAIL not in {outcome.verdict for outcome in run.outcomes}
