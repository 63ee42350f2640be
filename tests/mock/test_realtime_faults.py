"""Each realtime fault deviates where it says it does, and nowhere else."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from preflight.mock import deletions, messages, rooms, users
from preflight.mock.ddp.conversation import Conversation
from preflight.mock.ddp.realtime import Realtime
from preflight.mock.fault import Fault
from preflight.mock.faults import FAULTS
from preflight.mock.faults.realtime import REALTIME_FAULTS
from preflight.mock.founding import found, join_default_rooms

CHECKS = {
    "route.exists",
    "authentication.demanded",
    "success.status",
    "field.type",
    "field.required",
    "field.value",
    "refusal.status",
    "refusal.error-type",
    "refusal.error-text",
    "refusal.no-effect",
    "protocol.answered",
    "stream.delivered",
    "stream.private",
    "agreement.same",
}
Json = Any


class Stage:
    """A workspace without a socket: alice and bob in a group, a channel and a direct room; carol outside."""

    def __init__(self, planted: Fault | None, release: str = "8.0") -> None:
        self.ws = found(admin_password="secret", release=release)
        self.people = {name: self._person(name) for name in ("alice", "bob", "carol")}
        alice = self.people["alice"]
        self.channel = rooms.create(self.ws, alice, rooms.Plan(kind="c", name="plaza", members=("bob",)))
        self.group = rooms.create(self.ws, alice, rooms.Plan(kind="p", name="circle", members=("bob",)))
        self.direct = rooms.open_direct(self.ws, alice, ["bob"])
        self.said = [messages.post(self.ws, alice, self.channel, {"msg": f"number {n}"}) for n in range(3)]
        self.realtime = Realtime(self.ws, planted)

    def _person(self, name: str) -> dict[str, Any]:
        user = users.create(self.ws, username=name, name=name.title(), password="secret")
        join_default_rooms(self.ws, user)
        return user

    def id(self, name: str) -> str:
        """Give the id of who or what a test names."""
        people = {f"id of {name}": each for name, each in self.people.items()}
        known = {**people, "channel": self.channel, "group": self.group, "direct": self.direct}
        return str(known[name]["_id"]) if name in known else name


class Voice:
    """One connection of somebody, or of nobody."""

    def __init__(self, stage: Stage, who: str | None) -> None:
        self.frames: list[Json] = []
        self.stage = stage
        self._conversation = Conversation(
            stage.realtime, lambda text: self.frames.append(json.loads(text)), lambda: None
        )
        self.begun = self.told(msg="connect", version="1", support=["1"])
        if who is not None:
            token = users.log_in(stage.ws, stage.people[who])
            self.told(msg="method", id="in", method="login", params=[{"resume": token}])

    def told(self, **frame: Json) -> list[Json]:
        """Say something and give what is answered."""
        self.frames.clear()
        self._conversation.receive(json.dumps(frame))
        return list(self.frames)

    def call(self, method: str, *params: Json) -> Json:
        """Call a method and give its result, its error, or None."""
        given = [self._filled(each) for each in params]
        frames = self.told(msg="method", id="1", method=method, params=given)
        results = [frame for frame in frames if frame["msg"] == "result"]
        return results[0].get("error", results[0].get("result"))

    def _filled(self, param: Json) -> Json:
        if isinstance(param, dict):
            return {key: self._filled(value) for key, value in param.items()}
        return self.stage.id(param) if isinstance(param, str) else param

    def listen(self, name: str, event: str) -> list[Json]:
        """Subscribe and give what is answered; a name before a slash is put as its id."""
        room, slash, rest = event.partition("/")
        return self.told(msg="sub", id="s", name=name, params=[f"{self.stage.id(room)}{slash}{rest}", False])

    def heard(self) -> list[Json]:
        """Give the events that have come since the last word."""
        self.stage.ws.bus.deliver()
        return [each for each in self.frames if each["msg"] == "changed"]


Probe = Callable[[Stage], Json]


def calling(who: str | None, method: str, *params: Json) -> Probe:
    return lambda stage: Voice(stage, who).call(method, *params)


def room_after(name: str, who: str, method: str, *params: Json) -> Probe:
    """Call a method and give the room as it is then."""

    def probe(stage: Stage) -> Json:
        Voice(stage, who).call(method, *params)
        return stage.ws.rooms.get(stage.id(name))

    return probe


def place_after(member: str, who: str, method: str, *params: Json) -> Probe:
    """Call a method and give somebody's subscription in the channel as it is then."""

    def probe(stage: Stage) -> Json:
        Voice(stage, who).call(method, *params)
        return stage.ws.subscriptions.get(stage.channel["_id"], stage.people[member]["_id"])

    return probe


def error_of(outcome: Json) -> Json:
    return outcome.get("error") if isinstance(outcome, dict) else None


def itself(outcome: Json) -> Json:
    return outcome


def kinds(frames: list[Json]) -> list[str]:
    return [frame["msg"] for frame in frames]


def hearing(who: str, stream: str, event: str, act: Callable[[Stage], object]) -> Probe:
    """Listen, let something happen, and give what is heard."""

    def probe(stage: Stage) -> Json:
        voice = Voice(stage, who)
        voice.listen(stream, event)
        act(stage)
        return [each["fields"]["args"] for each in voice.heard()]

    return probe


def speak(stage: Stage) -> None:
    messages.post(stage.ws, stage.people["alice"], stage.group, {"msg": "between us"})


def erase(stage: Stage) -> None:
    deletions.delete(stage.ws, stage.people["alice"], stage.said[-1])


def mention(stage: Stage) -> None:
    messages.post(stage.ws, stage.people["alice"], stage.channel, {"msg": "hello @bob"})


def typing(stage: Stage) -> None:
    Voice(stage, "alice").call(
        "stream-notify-room", f"{stage.group['_id']}/user-activity", "alice", ["user-typing"], {}
    )


def open_door(stage: Stage) -> Json:
    outcome = Voice(stage, None).call("getRoomById", "channel")
    return error_of(outcome)


def method_frames(method: str, *params: str) -> Probe:
    def probe(stage: Stage) -> Json:
        given = [stage.id(each) for each in params]
        return Voice(stage, "alice").told(msg="method", id="1", method=method, params=given)

    return probe


def archived_then(who: str) -> Probe:
    def probe(stage: Stage) -> Json:
        Voice(stage, "alice").call("archiveRoom", "channel")
        return Voice(stage, who).call("unarchiveRoom", "channel")

    return probe


DATE = {"$date": 0}
TOPIC = ("channel", "roomTopic", "weather")
MUTE = {"rid": "channel", "username": "bob"}
ROOMS, NOTICE, USER = "stream-room-messages", "stream-notify-room", "stream-notify-user"

# For each fault: what shows it, and what it shows, without the fault and with it.
PROBES: dict[str, tuple[Probe, Callable[[Json], Json], Json, Json]] = {
    "ddp-archiveRoom-gone": (calling("alice", "archiveRoom", "channel"), error_of, None, 404),
    "ddp-rooms-get-gone": (calling("alice", "rooms/get"), error_of, None, 404),
    "ddp-toggleFavorite-open-door": (
        calling(None, "toggleFavorite", "channel"),
        error_of,
        "error-invalid-user",
        None,
    ),
    "ddp-getRoomById-open-door": (open_door, itself, "error-invalid-user", None),
    "ddp-openRoom-500": (calling("alice", "openRoom", "channel"), error_of, None, 500),
    "ddp-hideRoom-truth-value": (calling("alice", "hideRoom", "channel"), type, int, bool),
    "ddp-getRoomById-count-as-text": (
        calling("alice", "getRoomById", "channel"),
        lambda room: room["msgs"],
        3,
        "3",
    ),
    "ddp-getRoomNameById-in-a-list": (calling("alice", "getRoomNameById", "channel"), itself, "plaza", ["plaza"]),
    "ddp-createDirectMessage-without-rid": (
        calling("alice", "createDirectMessage", "bob"),
        lambda room: "rid" in room,
        True,
        False,
    ),
    "ddp-rooms-get-without-remove": (
        calling("alice", "rooms/get", DATE),
        lambda told: "remove" in told,
        True,
        False,
    ),
    "ddp-createPrivateGroup-without-name": (
        calling("alice", "createPrivateGroup", "fresh", []),
        lambda room: "name" in room,
        True,
        False,
    ),
    "ddp-saveRoomSettings-other-room": (
        calling("alice", "saveRoomSettings", *TOPIC),
        lambda told: told["rid"] == "GENERAL",
        False,
        True,
    ),
    "ddp-archiveRoom-no-effect": (
        room_after("channel", "alice", "archiveRoom", "channel"),
        lambda room: room["archived"],
        True,
        False,
    ),
    "ddp-hideRoom-no-effect": (
        place_after("alice", "alice", "hideRoom", "channel"),
        lambda place: place["open"],
        False,
        True,
    ),
    "ddp-toggleFavorite-wrong-way": (
        place_after("alice", "alice", "toggleFavorite", "channel"),
        lambda place: place["f"],
        True,
        False,
    ),
    "ddp-saveRoomSettings-forgetful": (
        room_after("channel", "alice", "saveRoomSettings", *TOPIC),
        lambda room: room.get("topic"),
        "weather",
        None,
    ),
    "ddp-loadHistory-without-limit": (
        calling("alice", "loadHistory", "channel", None, 1),
        lambda told: len(told["messages"]),
        1,
        3,
    ),
    "ddp-loadHistory-oldest-first": (
        calling("alice", "loadHistory", "channel"),
        lambda told: told["messages"][0]["msg"],
        "number 2",
        "number 0",
    ),
    "ddp-muteUserInRoom-not-enforced": (
        room_after("channel", "alice", "muteUserInRoom", MUTE),
        lambda room: room["muted"],
        ["bob"],
        [],
    ),
    "ddp-addRoomModerator-not-stored": (
        place_after("bob", "alice", "addRoomModerator", "channel", "id of bob"),
        lambda place: place["roles"],
        ["moderator"],
        [],
    ),
    "ddp-getRoomRoles-nobody": (calling("alice", "getRoomRoles", "channel"), len, 1, 0),
    "ddp-addRoomOwner-refused-with-success": (
        calling("bob", "addRoomOwner", "channel", "id of bob"),
        error_of,
        "error-not-allowed",
        None,
    ),
    "ddp-unarchiveRoom-for-all": (archived_then("alice"), error_of, "error-not-authorized", None),
    "ddp-addRoomLeader-renamed-error": (
        calling("bob", "addRoomLeader", "channel", "id of bob"),
        error_of,
        "error-not-allowed",
        "error-forbidden",
    ),
    "ddp-addUserToRoom-renamed-error": (
        calling("alice", "addUserToRoom", {"rid": "unknown", "username": "carol"}),
        lambda outcome: (outcome["error"], outcome["message"]),
        ("error-invalid-room", "Invalid room [error-invalid-room]"),
        ("error-no-such-room", "Invalid room [error-no-such-room]"),
    ),
    "ddp-leaveRoom-reworded": (
        calling("alice", "leaveRoom", "unknown"),
        lambda outcome: outcome["reason"],
        "Invalid room",
        "Which room?",
    ),
    "ddp-saveRoomSettings-refused-and-done": (
        room_after("channel", "bob", "saveRoomSettings", *TOPIC),
        lambda room: room.get("topic"),
        None,
        "weather",
    ),
    "ddp-archiveRoom-refused-and-done": (
        room_after("channel", "bob", "archiveRoom", "channel"),
        lambda room: room.get("archived"),
        None,
        True,
    ),
    "ddp-ping-unanswered": (lambda stage: Voice(stage, None).told(msg="ping"), kinds, ["pong"], []),
    "ddp-connect-without-session": (
        lambda stage: Voice(stage, None).begun,
        lambda frames: ["session" in frame for frame in frames],
        [True],
        [False],
    ),
    "ddp-openRoom-without-updated": (
        method_frames("openRoom", "channel"),
        kinds,
        ["updated", "result"],
        ["result"],
    ),
    "ddp-getRoomNameById-other-id": (
        method_frames("getRoomNameById", "channel"),
        lambda frames: frames[-1]["id"],
        "1",
        "10",
    ),
    "ddp-stream-room-messages-never-ready": (
        lambda stage: Voice(stage, "alice").listen(ROOMS, "group"),
        kinds,
        ["ready"],
        [],
    ),
    "ddp-stream-room-messages-lost": (hearing("bob", ROOMS, "group", speak), len, 1, 0),
    "ddp-stream-room-messages-other-room": (
        hearing("bob", ROOMS, "group", speak),
        lambda heard: heard[0][0]["rid"] == "GENERAL",
        False,
        True,
    ),
    "ddp-stream-notify-user-subscriptions-lost": (
        hearing("bob", USER, "id of bob/subscriptions-changed", mention),
        len,
        1,
        0,
    ),
    "ddp-stream-notify-room-typing-lost": (hearing("bob", NOTICE, "group/user-activity", typing), len, 1, 0),
    "ddp-stream-notify-room-deletions-lost": (hearing("bob", NOTICE, "channel/deleteMessage", erase), len, 1, 0),
    "ddp-stream-room-messages-to-outsiders": (hearing("carol", ROOMS, "group", speak), len, 0, 1),
    "ddp-stream-notify-room-to-outsiders": (hearing("carol", NOTICE, "group/user-activity", typing), len, 0, 1),
    "ddp-stream-notify-user-to-others": (hearing("carol", USER, "id of bob/subscriptions-changed", mention), len, 0, 1),
    "ddp-rooms-get-without-directs": (
        calling("alice", "rooms/get"),
        lambda told: {room["t"] for room in told},
        {"c", "p", "d"},
        {"c", "p"},
    ),
    "ddp-getRoomById-miscounted": (
        calling("alice", "getRoomById", "channel"),
        lambda room: room["usersCount"],
        2,
        3,
    ),
}


@pytest.mark.parametrize("name", PROBES)
def test_a_realtime_fault_deviates_from_the_sound_workspace(name: str) -> None:
    probe, shown, sound, faulty = PROBES[name]
    planted = REALTIME_FAULTS[name]
    release = planted.release or "8.0"
    assert shown(probe(Stage(None, release))) == sound
    assert shown(probe(Stage(planted, release))) == faulty


def test_every_realtime_fault_is_probed_and_every_check_has_one() -> None:
    assert set(PROBES) == set(REALTIME_FAULTS)
    assert {each.check for each in REALTIME_FAULTS.values()} == CHECKS
    assert len(REALTIME_FAULTS) >= 25


@pytest.mark.parametrize("each", REALTIME_FAULTS.values(), ids=lambda each: each.name)
def test_a_realtime_fault_leaves_other_operations_alone(each: Fault) -> None:
    stage = Stage(each)
    voice = Voice(stage, "bob")
    assert [frame["msg"] for frame in voice.told(msg="unsub", id="x")] == ["nosub"]
    assert voice.call("readMessages", "channel") is None
    assert error_of(Voice(stage, None).call("readMessages", "channel")) == "error-invalid-user"


def test_tampering_with_a_result_leaves_the_state_alone() -> None:
    stage = Stage(REALTIME_FAULTS["ddp-getRoomById-count-as-text"])
    Voice(stage, "alice").call("getRoomById", "channel")
    assert stage.channel["msgs"] == 3


def test_realtime_faults_are_among_all_faults_under_names_of_their_own() -> None:
    assert set(REALTIME_FAULTS) <= set(FAULTS)
    for name, each in REALTIME_FAULTS.items():
        assert name.startswith("ddp-")
        assert each.operation.startswith("ddp:")
        assert each.sentence[0].islower()
        assert not each.sentence.endswith(".")
