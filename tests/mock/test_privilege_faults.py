"""Each fault of privileges gives, or takes, what roles, permissions, tokens and membership do not."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from preflight.mock import departures, discussions, messages, rooms, users
from preflight.mock.ddp.realtime import Realtime
from preflight.mock.fault import Fault
from preflight.mock.faults import FAULTS
from preflight.mock.faults.privileges import PRIVILEGE_FAULTS
from tests.mock import test_faults as rest
from tests.mock import test_realtime_faults as realtime

BY_NAME = {each.name: each for each in PRIVILEGE_FAULTS}
SINCE = "2020-01-01T00:00:00.000Z"
Json = Any


class World:
    """A group that alice owns and bob moderates, with carol as a member; and people who are let in no more."""

    def __init__(self, planted: Fault | None) -> None:
        over_rest = planted is None or not planted.operation.startswith("ddp:")
        self.rest = rest.Stage(planted=planted if over_rest else None)
        self.ws, self.people = self.rest.ws, self.rest.people
        alice = self.people["alice"]
        for name in ("alice", "bob", "carol"):
            self.people[name]["emails"] = [{"address": f"{name}@mock.invalid", "verified": True}]
        plan = rooms.Plan(kind="p", name="hall", members=("bob", "carol"))
        self.hall = rooms.create(self.ws, alice, plan)
        self.board = rooms.create(
            self.ws, alice, rooms.Plan(kind="p", name="board", members=("carol",), read_only=True)
        )
        self.said = messages.post(self.ws, alice, self.hall, {"msg": "said"})
        self.hers = messages.post(self.ws, self.people["carol"], self.hall, {"msg": "hers"})
        self.ws.subscriptions.get(self.hall["_id"], self.people["bob"]["_id"])["roles"] = ["moderator"]  # type: ignore[index] # bob is in it
        self.code = rooms.create(self.ws, alice, rooms.Plan(kind="c", name="coded", members=("bob",)))
        self.code["joinCode"] = "sesame"
        self.voices = realtime.Stage(planted)
        self.voices.ws, self.voices.people = self.ws, self.people
        self.voices.realtime = Realtime(self.ws, planted)
        self.voices.group = self.hall
        self.ids = {
            "@hall": self.hall["_id"],
            "@board": self.board["_id"],
            "@said": self.said["_id"],
            "@hers": self.hers["_id"],
            "@code": self.code["_id"],
            "@direct": self.rest.direct["_id"],
            **{f"@{name}": user["_id"] for name, user in self.people.items()},
        }

    def filled(self, value: Json) -> Json:
        if isinstance(value, dict):
            return {key: self.filled(each) for key, each in value.items()}
        return self.ids.get(value, value) if isinstance(value, str) else value

    def asks(self, who: str, method: str, name: str, **sent: Json) -> str:
        told = self.rest.ask(who, method, name, self.filled(sent))
        return f"{told.status} {json.dumps(told.body)}"

    def calls(self, who: str, method: str, *params: Json) -> str:
        voice = realtime.Voice(self.voices, who)
        return json.dumps(voice.call(method, *[self.filled(each) for each in params]))

    def permits(self, permission: str, *roles: str) -> None:
        self.ws.permissions.assign(permission, list(roles), self.ws.clock.now())

    def ghost(self, how: str) -> str:
        """Make carol log out, or shut her out; her token stays in her hands."""
        carol = self.people["carol"]
        if how == "deleted":
            departures.remove_user(self.ws, carol, relinquish=True)
        else:
            carol["active"] = how != "deactivated"
            self.ws.users.revoke_all(carol["_id"])
        return "carol"


Deed = Callable[[World], str]


def edits(who: str, message: str = "@said") -> Deed:
    return lambda world: world.asks(
        who, "POST", "chat.update", roomId="@hall", msgId=message, text=world.ws.ids.short()
    )[:3]


def pins(who: str) -> Deed:
    return lambda world: world.asks(who, "POST", "chat.pinMessage", messageId="@said")[:3]


def error(told: str) -> str:
    """Give the code of an error, or what else was told."""
    found = json.loads(told)
    return str(found["error"]) if isinstance(found, dict) and "error" in found else told


def called(who: str, method: str, *params: Json) -> Deed:
    return lambda world: error(world.calls(who, method, *params))


def as_ghost(how: str, method: str, name: str, **sent: Json) -> Deed:
    return lambda world: world.asks(world.ghost(how), method, name, **sent)[:3]


def spoken_on(method: str, *params: Json) -> Deed:
    """Log in, be shut out, and go on speaking."""

    def deed(world: World) -> str:
        voice = realtime.Voice(world.voices, "carol")
        world.ghost("deactivated")
        return error(json.dumps(voice.call(method, *[world.filled(each) for each in params])))

    return deed


def back_by_ended_token(world: World) -> str:
    token = users.log_in(world.ws, world.people["carol"])
    voice = realtime.Voice(world.voices, None)
    voice.told(msg="method", id="in", method="login", params=[{"resume": token}])
    world.ghost("loggedout")
    told = json.dumps(realtime.Voice(world.voices, None).call("login", {"resume": token}))
    return "in" if "error" not in told else "out"


def after(permission: str, roles: tuple[str, ...], deed: Deed) -> Deed:
    """Do something, change who holds a permission, and do it again."""

    def twice(world: World) -> str:
        deed(world)
        world.permits(permission, *roles)
        return deed(world)

    return twice


def given_back(permission: str, roles: tuple[str, ...], deed: Deed) -> Deed:
    """Do something without a permission, and again with it."""

    def twice(world: World) -> str:
        world.permits(permission, "admin")
        deed(world)
        world.permits(permission, *roles)
        return deed(world)

    return twice


def group_made(world: World) -> str:
    told = world.calls("alice", "createPrivateGroup", f"made{world.ws.ids.short()}", [])
    return "made" if "rid" in told else error(told)


def heard(event: str, who: str, *, leaves: bool) -> Deed:
    """Listen, perhaps leave, and tell whether anything is heard of what alice then does."""

    def deed(world: World) -> str:
        room = {"hall": world.hall, "direct": world.rest.direct, "talk": talk(world)}[event.partition("/")[0]]
        kind, _, end = event.partition("/")
        name = f"{room['_id']}/{end}" if end else room["_id"]
        voice = realtime.Voice(world.voices, who)
        voice.told(
            msg="sub", id="s", name="stream-notify-room" if end else "stream-room-messages", params=[name, False]
        )
        if leaves:
            world.asks(who, "POST", "groups.leave", roomId="@hall")
        voice.frames.clear()
        said = messages.post(world.ws, world.people["alice"], room, {"msg": f"after in {kind}"})
        world.ws.bus.deliver()
        world.asks("alice", "POST", "chat.delete", roomId=room["_id"], msgId=said["_id"])
        world.ws.bus.deliver()
        return "heard" if said["_id"] in json.dumps(voice.frames) else "nothing"

    return deed


def talk(world: World) -> Json:
    wish = discussions.Wish(parent=world.hall["_id"], title="apart")
    return world.ws.rooms.get(discussions.create(world.ws, world.people["alice"], wish)["_id"])


def roles_of_carol(world: World) -> str:
    world.calls("carol", "addRoomLeader", "@hall", "@carol")
    found = world.ws.subscriptions.get(world.hall["_id"], world.people["carol"]["_id"])
    assert found is not None
    return str(found.get("roles", []))


def deleted_by_carol(world: World) -> str:
    world.asks("carol", "POST", "chat.delete", roomId="@hall", msgId="@said")
    return str(world.said["_id"] in world.ws.messages)


def shows(who: str, name: str, text: str, **query: str) -> Deed:
    return lambda world: str(text in world.asks(who, "GET", name, **query))


# For each fault: what shows it, and what it shows without the fault and with it.
PROBES: dict[str, tuple[Deed, str, str]] = {
    "chat-update-by-any-member": (edits("carol"), "400", "200"),
    "chat-pinMessage-by-any-member": (pins("carol"), "400", "200"),
    "chat-postMessage-read-only-for-nobody": (
        lambda world: world.asks("carol", "POST", "chat.postMessage", roomId="@board", text="x")[:3],
        "400",
        "200",
    ),
    "ddp-archiveRoom-by-moderators": (called("bob", "archiveRoom", "@hall"), "error-not-authorized", "null"),
    "ddp-addRoomOwner-by-themselves": (called("carol", "addRoomOwner", "@hall", "@carol"), "error-not-allowed", "true"),
    "ddp-unarchiveRoom-by-owners": (called("alice", "unarchiveRoom", "@hall"), "error-not-authorized", "null"),
    "chat-delete-refused-to-members-and-done": (deleted_by_carol, "True", "False"),
    "ddp-addRoomLeader-refused-and-done": (roles_of_carol, "[]", "['leader']"),
    "chat-pinMessage-not-by-moderators": (pins("bob"), "200", "400"),
    "chat-update-not-by-moderators": (edits("bob"), "200", "400"),
    "ddp-saveRoomSettings-not-by-moderators": (
        lambda world: str("result" in world.calls("bob", "saveRoomSettings", "@hall", "roomTopic", "x")),
        "True",
        "False",
    ),
    "chat-update-permission-cached": (
        after("edit-message", ("admin", "moderator"), edits("alice", "@hers")),
        "400",
        "200",
    ),
    "rooms-info-permission-cached": (
        after("view-p-room", ("admin",), lambda world: world.asks("carol", "GET", "rooms.info", roomId="@hall")[:3]),
        "400",
        "200",
    ),
    "ddp-createPrivateGroup-permission-cached": (
        after("create-p", ("admin",), group_made),
        "error-not-allowed",
        "made",
    ),
    "chat-pinMessage-permission-not-given-back": (
        given_back("pin-message", ("admin", "owner"), pins("alice")),
        "200",
        "400",
    ),
    "ddp-addRoomModerator-permission-not-given-back": (
        given_back("set-moderator", ("admin", "owner"), called("alice", "addRoomModerator", "@hall", "@carol")),
        "true",
        "error-not-allowed",
    ),
    "chat-getMessage-for-the-deactivated": (
        as_ghost("deactivated", "GET", "chat.getMessage", msgId="@said"),
        "401",
        "200",
    ),
    "dm-list-after-logout": (as_ghost("loggedout", "GET", "dm.list"), "401", "200"),
    "chat-postMessage-for-the-deleted": (
        as_ghost("deleted", "POST", "chat.postMessage", roomId="@hall", text="x"),
        "401",
        "400",
    ),
    "dm-open-403-for-ended-tokens": (as_ghost("loggedout", "POST", "dm.open", roomId="@direct"), "401", "403"),
    "ddp-hideRoom-spoken-on": (spoken_on("hideRoom", "@hall"), "error-invalid-user", "1"),
    "ddp-getRoomById-spoken-on": (spoken_on("getRoomById", "unknown"), "error-invalid-user", "error-not-allowed"),
    "ddp-login-by-ended-token": (back_by_ended_token, "out", "in"),
    "dm-members-with-addresses": (shows("alice", "dm.members", "bob@mock.invalid", roomId="@direct"), "False", "True"),
    "chat-getMessage-with-services": (shows("carol", "chat.getMessage", "bcrypt", msgId="@said"), "False", "True"),
    "rooms-info-with-join-code": (shows("bob", "rooms.info", "sesame", roomId="@code"), "False", "True"),
    "ddp-loadHistory-with-addresses": (
        lambda world: str("alice@mock.invalid" in world.calls("carol", "loadHistory", "@hall", None, 20, None)),
        "False",
        "True",
    ),
    "ddp-stream-room-messages-after-leaving": (heard("hall", "carol", leaves=True), "nothing", "heard"),
    "ddp-stream-notify-room-after-leaving": (heard("hall/deleteMessage", "carol", leaves=True), "nothing", "heard"),
    "ddp-stream-room-messages-of-directs": (heard("direct", "carol", leaves=False), "nothing", "heard"),
    "ddp-stream-room-messages-of-discussions": (heard("talk", "dave", leaves=False), "nothing", "heard"),
}


@pytest.mark.parametrize("name", PROBES)
def test_a_fault_deviates_from_the_sound_workspace(name: str) -> None:
    deed, sound, faulty = PROBES[name]
    for planted, told in ((None, sound), (BY_NAME[name], faulty)):
        world = World(planted)
        if "dave" not in world.people:
            world.people["dave"] = users.create(world.ws, username="dave", name="Dave", password="secret")
        assert deed(world) == told


def test_every_fault_is_probed_and_is_among_all() -> None:
    assert set(PROBES) == set(BY_NAME)
    assert set(BY_NAME) <= set(FAULTS)
    assert len(BY_NAME) == len(PRIVILEGE_FAULTS)


@pytest.mark.parametrize("each", PRIVILEGE_FAULTS, ids=lambda each: each.name)
def test_a_fault_leaves_other_operations_alone(each: Fault) -> None:
    world = World(each)
    assert world.rest.ask("alice", "GET", "subscriptions.get").status == 200
    assert world.rest.ask(None, "GET", "subscriptions.get").status == 401
