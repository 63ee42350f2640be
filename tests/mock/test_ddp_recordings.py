"""The Realtime API of the mock of 6.14 against frames of a genuine server of that release, where these are at hand."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from preflight.mock import deletions, edits, ejson, membership, messages, reactions, rooms, sending, users
from preflight.mock.clock import milliseconds
from preflight.mock.ddp.conversation import Conversation
from preflight.mock.ddp.realtime import Realtime
from preflight.mock.founding import found, join_default_rooms
from preflight.mock.methods import registry
from preflight.mock.release import Regime
from preflight.mock.rooms import Plan
from tests.reference import RECORDINGS

Document = dict[str, Any]

DDP = RECORDINGS / "ddp"
FILES = sorted(each for each in DDP.glob("*.json") if each.stem != "protocol") or [DDP / "rooms__get.json"]
PEOPLE = ("alice", "bob", "carol", "dave")
USER_IDS = {
    "jttQewid9xBhHa7A4": "alice",
    "JsXqJPRiL3fLkMbLw": "bob",
    "B5qfuWQRjfGptp49y": "carol",
    "KTLhewoWcFk7KCYxe": "dave",
    "6b02583fabb3b138c1ac2d82": "admin",
}
GROUP = "6b025b29abb3b138c1ac2f8b"
ROOM_ID, MESSAGE_ID = re.compile(r"^[0-9a-f]{24}$"), re.compile(r"^[2-9A-Za-z]{17}$")
DIRECT = re.compile(r"^[2-9A-Za-z]{34}$")
RECENT = 1_700_000_000_000
USERNAME = re.compile(r"(alice|bob|carol|dave)\.([0-9a-f]{5})")
CHANNEL_NAME = re.compile(r"golden-([0-9a-f]{5})")

#: Cases in which the mock does not answer as that server did, and why.
KNOWN = {
    ("removeRoomModerator", "not-having-role"): "the recording gave the role in a step that it does not show",
    ("login", "method-after-logout"): "the recording does not show whether its logout came before",
    ("ratelimit", "*"): "limits are off unless the server is started with them; test_ddp_limits looks at them",
}
#: Keys that the mock always has and that server sometimes, or the other way round, and why.
LOOSE = {
    "archived": "depends on what was archived before",
    "f": "depends on what was favoured before",
    "group": "a permission of a setting; the mock has permissions of its own alone",
    "groupPermissionId": "as group",
    "level": "as group",
    "section": "as group",
    "sectionPermissionId": "as group",
    "settingId": "as group",
    "sorter": "as group",
    "editor": "a setting of a kind that the mock does not have",
    "modules": "as editor",
    "invalidValue": "as editor",
    "attachments": "depends on the messages that the recording had written before",
    "t": "as attachments",
    "groupable": "as attachments",
    "reactions": "as attachments",
    "starred": "as attachments",
    "pinned": "as attachments",
    "pinnedAt": "as attachments",
    "pinnedBy": "as attachments",
    "editedAt": "as attachments",
    "editedBy": "as attachments",
}


class Stage:
    """The people and rooms that a case was recorded with, and a connection for each who speaks in it."""

    def __init__(self, method: str, case: Document) -> None:
        self.ws = found(release="6.14", edition="community", admin_password="x")
        text = json.dumps(case)
        named = USERNAME.search(text) or CHANNEL_NAME.search(text)
        self.suffix = named.groups()[-1] if named else "00000"
        self.people = {
            name: users.create(
                self.ws,
                username=f"{name}.{self.suffix}",
                name=name.capitalize(),
                password="x",
                email=f"{name}.{self.suffix}@example.com",
            )
            for name in PEOPLE
        }
        for user in self.people.values():
            join_default_rooms(self.ws, user)
        admin = self.ws.users.named("admin")
        assert admin is not None
        self.people["admin"] = admin
        self.tokens = {name: users.log_in(self.ws, user) for name, user in self.people.items()}
        alice, bob = self.people["alice"], self.people["bob"]
        members = (bob["username"],)
        self.channel = rooms.create(self.ws, alice, Plan(kind="c", name=f"golden-{self.suffix}", members=members))
        self.group = rooms.create(self.ws, alice, Plan(kind="p", name=f"golden-priv-{self.suffix}", members=members))
        self.direct = rooms.open_direct(self.ws, alice, [bob["username"]])
        self.renamed = rooms.create(self.ws, alice, Plan(kind="c", name="another", members=members))
        messages.post(self.ws, alice, self.channel, {"msg": "live delivery test"})
        self.named = self.channel  # the room that a case means by any id that is no other
        self._arrange(method, case["case"])
        self.realtime = Realtime(self.ws)
        self.told: list[Document] = []
        self.closed = False
        self.conversation = Conversation(self.realtime, self._hear, self._close)

    def _hear(self, text: str) -> None:
        self.told.append(json.loads(text))

    def _close(self) -> None:
        self.told.append({"__close": [1000, "Normal closure"]})

    def _arrange(self, method: str, name: str) -> None:
        """Bring about what a case presupposes."""
        alice, bob = self.people["alice"], self.people["bob"]
        if name.startswith("unknown-value:arg0(name)"):
            rooms.create(self.ws, alice, Plan(kind="c", name="unknownId0000000000"))
        if method == "unarchiveRoom" and name != "not-archived":
            rooms.archive(self.ws, self.channel, alice)
        if method == "addRoomOwner" and name.startswith("twice-2"):
            membership.add_role(self.ws, self.channel, bob, "owner", alice)
        if method.startswith("removeRoom") and name != "as-bob":
            membership.add_role(self.ws, self.channel, bob, method.removeprefix("removeRoom").lower(), alice)
        if method == "saveRoomSettings" and name.startswith("roomName"):
            self.named = self.renamed

    def here(self, value: Any) -> Any:
        """Give a recorded value with the ids of this stage, and with its own present."""
        if isinstance(value, dict) and isinstance(value.get("$date"), int) and value["$date"] > RECENT:
            return {"$date": milliseconds(self.ws.clock.now())}
        if isinstance(value, dict):
            return {key: self.here(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.here(inner) for inner in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, value: str) -> str:
        if value.startswith(("<TOKEN:", "<PASSWORD:", "<SHA256")):
            return self._secret(value)
        recorded_id, slash, event = value.partition("/")
        document = self._meant(recorded_id)
        if document is not None:
            return f"{document['_id']}{slash}{event}"
        if MESSAGE_ID.match(value) and value not in self.ws.messages:
            messages.post(self.ws, self.people["alice"], self.channel, {"msg": "hello there", "_id": value})
        return value

    def _meant(self, recorded_id: str) -> Document | None:
        if recorded_id in USER_IDS:
            return self.people[USER_IDS[recorded_id]]
        if recorded_id == GROUP:
            return self.group
        if ROOM_ID.match(recorded_id):
            return self.named
        return self.direct if DIRECT.match(recorded_id) else None

    def _secret(self, value: str) -> str:
        if value.startswith("<PASSWORD"):
            return "x"
        if value.startswith("<SHA256"):
            return users.digest("x")
        name = value.removeprefix("<TOKEN:").removesuffix(">").partition(".")[0]
        return self.tokens["dave" if name == "new" else name]

    def enter(self, actor: str | None) -> None:
        """Begin the session of a case, logged in where somebody is said to have sent it."""
        self.say({"msg": "connect", "version": "1", "support": ["1"]})
        name = str(actor).partition(".")[0]
        if name in self.tokens:
            self.say({"msg": "method", "id": "in", "method": "login", "params": [{"resume": self.tokens[name]}]})
        self.told.clear()

    def say(self, frame: Any) -> None:
        """Send what was sent."""
        sent = frame if isinstance(frame, str) else json.dumps(self.here(frame))
        self.conversation.receive(sent)


# -- what two frames have in common ----------------------------------------------------------------------------------


def paths(value: Any, at: str = "") -> set[str]:
    """Give every path of a value with its type; the items of a list count as one."""
    if isinstance(value, dict) and set(value) == {"$date"}:
        return {f"{at}:date"}
    if at == "/*/value":
        return {at}  # of a setting: of any type
    if isinstance(value, dict):
        return {f"{at}:object"}.union(
            *(paths(inner, f"{at}/{key}") for key, inner in value.items() if key not in LOOSE and key != "md")
        )
    if isinstance(value, list):
        return {f"{at}:array"}.union(*(paths(inner, f"{at}/*") for inner in value))
    return {f"{at}:{type(value).__name__}"}


def look(frame: Document) -> Any:
    """Give what matters of a frame: all of an error, the paths of a result that is more than one value."""
    if "error" in frame and isinstance(frame["error"], dict):
        return {"msg": frame["msg"], "error": without_names(frame["error"])}
    if frame.get("msg") == "result":
        result = frame.get("result", "absent")
        plain = isinstance(result, bool | int) or result == "absent"
        return {"msg": "result", "result": result if plain else sorted(paths(result))}
    if frame.get("msg") in {"changed", "added"}:
        return {"msg": frame["msg"], "collection": frame["collection"], "fields": sorted(paths(frame["fields"]))}
    if frame.get("msg") == "error":
        return {"msg": "error", "reason": frame["reason"], "offending": "offendingMessage" in frame}
    return sorted(frame) if "session" in frame else {key: value for key, value in frame.items() if key != "id"}


def without_names(error: Document) -> Document:
    return json.loads(CHANNEL_NAME.sub("golden", json.dumps(error)))  # type: ignore[no-any-return] # an object


def comparable(frames: list[Document]) -> list[Any]:
    return [look(frame) for frame in frames if frame.get("msg") != "updated"]


def cases(path: Path) -> Iterator[Document]:
    yield from json.loads(path.read_text(encoding="utf-8"))["cases"]


def is_about_limits(case: Document) -> bool:
    return any(frame.get("error", {}).get("error") == "too-many-requests" for frame in case["received"])


def frames_of(case: Document) -> list[Any]:
    sent: Any = case["sent"]
    return sent if isinstance(sent, list) else [sent]


def differences(path: Path) -> Iterator[tuple[str, Any, Any]]:
    method = path.stem.replace("__", "/")
    for case in cases(path):
        known = {(method, case["case"]), (method, "*")} & set(KNOWN)
        if known or is_about_limits(case):
            continue
        stage = Stage(method, case)
        stage.enter(case["actor"])
        for frame in frames_of(case):
            stage.say(frame)
        expected, got = comparable(case["received"]), comparable(stage.told)
        if expected != got:
            yield case["case"], expected, got


recorded = pytest.mark.skipif(not DDP.is_dir(), reason="the recordings of a genuine server are not at hand")


@recorded
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_methods_answer_as_those_of_a_genuine_server_did(path: Path) -> None:
    assert list(differences(path)) == []


@recorded
def test_every_recorded_method_is_there() -> None:
    known = set(registry(Regime.of("6.14")).names())
    assert {path.stem.replace("__", "/") for path in FILES} - {"ratelimit"} <= known


@recorded
def test_the_protocol_is_spoken_as_a_genuine_server_spoke_it() -> None:
    differing = []
    for case in cases(DDP / "protocol.json"):
        if case["case"].startswith("live:"):
            continue
        stage = Stage("protocol", case)
        for frame in case["sent"]:
            stage.say(frame)
        expected, got = [look(each) for each in case["received"]], [look(each) for each in stage.told]
        if expected != got:
            differing.append((case["case"], expected, got))
    assert differing == []


@recorded
def test_updates_come_before_results_as_they_did() -> None:
    stage = Stage("rooms/get", {"case": "valid"})
    stage.enter("alice")
    stage.say({"msg": "method", "id": "1", "method": "rooms/get", "params": []})
    assert [frame["msg"] for frame in stage.told] == ["updated", "result"]


@recorded
def test_events_arrive_as_a_genuine_server_sent_them() -> None:
    live = {case["case"]: case for case in cases(DDP / "protocol.json") if case["case"].startswith("live:")}
    stage = Stage("live", {"case": "live", "names": "bob.87923"})
    ws, alice, bob, room = stage.ws, stage.people["alice"], stage.people["bob"], stage.channel
    stage.enter("bob")

    def heard() -> list[Any]:
        ws.bus.deliver()
        frames, stage.told[:] = list(stage.told), []
        return [look(frame) for frame in frames]

    def subscribe(subscription_id: str, name: str, event: str) -> None:
        frame = {"msg": "sub", "id": subscription_id, "name": name, "params": [event, False]}
        stage.conversation.receive(ejson.encode(frame))

    def expected(name: str) -> list[Any]:
        return [look(frame) for frame in live[f"live:{name}"]["received"]]

    subscribe("s1", "stream-room-messages", room["_id"])
    first = sending.send(ws, alice, {"rid": room["_id"], "msg": "live delivery test"})
    assert heard() == expected("room-message-delivered-to-subscriber")
    for number, event in enumerate(("subscriptions-changed", "rooms-changed")):
        subscribe(f"u{number}", "stream-notify-user", f"{bob['_id']}/{event}")
    subscribe("r", "stream-notify-room", f"{room['_id']}/deleteMessage")
    heard()
    message = sending.send(ws, alice, {"rid": room["_id"], "msg": f"@{bob['username']} live mention"})
    assert heard() == expected("mention->subscriptions-changed+rooms-changed")
    edits.edit(ws, alice, message, edits.Edit(text="edited live"))
    assert [frame["collection"] for frame in heard()] == ["stream-room-messages", "stream-notify-user"]
    reactions.react(ws, alice, message, ":smile:")
    assert heard() == expected("message-reacted")
    deletions.delete(ws, alice, message)
    assert heard() == expected("message-deleted")
    assert first["_id"] in ws.messages
