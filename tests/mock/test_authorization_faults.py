"""Each fault of authorization lets somebody outside in, tells them, or does for them, what it must not."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from preflight.mock import discussions, messages, rooms, uploads, users
from preflight.mock.call import Upload
from preflight.mock.ddp.realtime import Realtime
from preflight.mock.fault import Fault
from preflight.mock.faults import FAULTS
from preflight.mock.faults.authorization import AUTHORIZATION_FAULTS
from tests.mock import test_faults as rest
from tests.mock import test_realtime_faults as realtime

BY_NAME = {each.name: each for each in AUTHORIZATION_FAULTS}
CAROL = "carol"
Json = Any


class World:
    """Alice and bob with a thread, a file and a discussion in a private group, and a direct room; carol outside."""

    def __init__(self, planted: Fault | None) -> None:
        over_rest = planted is None or not planted.operation.startswith("ddp:")
        self.rest = rest.Stage(planted=planted if over_rest else None)
        self.ws, alice = self.rest.ws, self.rest.people["alice"]
        self.group, self.direct, self.secret = self.rest.group, self.rest.direct, self.rest.secret
        self.group["topic"] = "plans"
        messages.post(self.ws, alice, self.group, {"msg": "a reply", "tmid": self.secret["_id"]})
        wish = discussions.Wish(parent=self.group["_id"], title="apart")
        self.talk = self.ws.rooms.get(discussions.create(self.ws, alice, wish)["_id"])
        assert self.talk is not None
        self.aside = messages.post(self.ws, alice, self.talk, {"msg": "aside"})
        for room in (self.group, self.direct):
            sent = Upload(name="plan.txt", media_type="text/plain", content=b"plan")
            uploads.show(self.ws, room, alice, uploads.keep(self.ws, room, alice, sent), {})
        self.voices = realtime.Stage(planted)
        self.voices.ws, self.voices.people = self.ws, self.rest.people
        self.voices.realtime = Realtime(self.ws, planted)
        self.voices.group, self.voices.direct = self.group, self.direct
        self.ids = {
            "@group": self.group["_id"],
            "@talk": self.talk["_id"],
            "@direct": self.direct["_id"],
            "@secret": self.secret["_id"],
            "@aside": self.aside["_id"],
            "@name of the talk": self.talk["name"],
            "@own": rooms.create(self.ws, self.rest.people[CAROL], rooms.Plan(kind="p", name="own"))["_id"],
            "@file": next(each["_id"] for each in self.ws.messages.of_room(self.direct["_id"]) if "file" in each),
        }

    def filled(self, value: Json) -> Json:
        if isinstance(value, dict):
            return {key: self.filled(each) for key, each in value.items()}
        return self.ids.get(value, value) if isinstance(value, str) else value

    def asked(self, method: str, name: str, sent: dict[str, Json]) -> Json:
        """Ask as carol over REST; gives status and body in one text."""
        told = self.rest.ask(CAROL, method, name, self.filled(sent))
        return f"{told.status} {json.dumps(told.body)}"

    def called(self, method: str, *params: Json) -> Json:
        """Call as carol over the Realtime API; gives what came of it as a text."""
        return json.dumps(realtime.Voice(self.voices, CAROL).call(method, *[self.filled(each) for each in params]))

    def state(self) -> Json:
        """Give all that is stored of the rooms that are not carol's."""
        private = {"@group": self.group, "@talk": self.talk, "@direct": self.direct}
        found = {
            name: [room, self.ws.messages.of_room(room["_id"]), self.ws.subscriptions.of_room(room["_id"])]
            for name, room in private.items()
            if room is not None
        }
        return json.dumps(found, default=str)


Deed = Callable[[World], Json]


def second_reads(name: str, **query: Json) -> Deed:
    """Ask as the administrator, who is no member either, after carol has asked."""

    def deed(world: World) -> Json:
        world.asked("GET", name, query)
        admin = next(user for user in world.ws.users if "admin" in user["roles"])
        world.rest.tokens["admin"] = (users.log_in(world.ws, admin), admin["_id"])
        told = world.rest.ask("admin", "GET", name, world.filled(query))
        return f"{told.status} {json.dumps(told.body)}"

    return deed


def reads(name: str, **query: Json) -> Deed:
    return lambda world: world.asked("GET", name, query)


def writes(name: str, **body: Json) -> Deed:
    return lambda world: world.asked("POST", name, body)


def calls(name: str, *params: Json) -> Deed:
    return lambda world: world.called(name, *params)


# What shows that somebody outside was let in or told: the deed, and a text of its answer that the sound one lacks.
TELLING: dict[str, tuple[Deed, str]] = {
    "chat-getMessage-to-outsiders": (reads("chat.getMessage", msgId="@secret"), "between us"),
    "chat-getMessage-of-discussions-to-outsiders": (reads("chat.getMessage", msgId="@aside"), "aside"),
    "chat-syncMessages-of-directs-to-outsiders": (
        reads("chat.syncMessages", roomId="@direct", lastUpdate="2020-01-01T00:00:00.000Z"),
        "hello you",
    ),
    "chat-getThreadMessages-to-outsiders": (reads("chat.getThreadMessages", tmid="@secret"), "a reply"),
    "chat-search-to-outsiders": (reads("chat.search", roomId="@group", searchText="between"), "between us"),
    "chat-getPinnedMessages-to-outsiders": (reads("chat.getPinnedMessages", roomId="@group"), "200"),
    "dm-files-to-outsiders": (reads("dm.files", roomId="@direct"), "plan.txt"),
    "dm-members-to-outsiders": (reads("dm.members", roomId="@direct"), "bob"),
    "rooms-info-of-discussions-to-outsiders": (reads("rooms.info", roomId="@talk"), "apart"),
    "rooms-info-to-the-second-outsider": (second_reads("rooms.info", roomId="@group"), "circle"),
    "ddp-loadHistory-to-outsiders": (calls("loadHistory", "@group", None, 20, None), "between us"),
    "ddp-getRoomNameById-of-discussions": (calls("getRoomNameById", "@talk"), "@name of the talk"),
    "chat-postMessage-names-the-room": (writes("chat.postMessage", roomId="@group", text="x"), "circle"),
    "rooms-info-tells-the-topic": (reads("rooms.info", roomId="@group"), "plans"),
    "dm-open-names-the-members": (writes("dm.open", roomId="@direct"), "alice"),
    "chat-delete-quotes-the-room": (writes("chat.delete", roomId="@talk", msgId="@aside"), "aside"),
    "dm-messages-names-files": (reads("dm.messages", roomId="@direct"), "plan.txt"),
    "ddp-getRoomById-names-the-room": (calls("getRoomById", "@group"), "circle"),
    "ddp-archiveRoom-names-the-members": (calls("archiveRoom", "@group"), "alice"),
    "dm-counters-200-for-outsiders": (reads("dm.counters", roomId="@direct"), "200"),
    "chat-followMessage-500-for-outsiders": (writes("chat.followMessage", mid="@secret"), "500"),
    "chat-getDiscussions-empty-for-outsiders": (reads("chat.getDiscussions", roomId="@group"), "200"),
    "ddp-toggleFavorite-1-for-outsiders": (calls("toggleFavorite", "@group"), "1"),
}
# What changes what is not carol's, which it does not in the sound workspace.
DOING: dict[str, Deed] = {
    "chat-sendMessage-by-thread": writes("chat.sendMessage", message={"rid": "@own", "tmid": "@secret", "msg": "x"}),
    "ddp-addUserToRoom-by-outsiders": calls("addUserToRoom", {"rid": "@group", "username": CAROL}),
    "chat-update-refused-to-outsiders-and-done": writes("chat.update", roomId="@group", msgId="@secret", text="x"),
    "chat-react-refused-and-done": writes("chat.react", messageId="@secret", emoji=":eyes:"),
    "chat-pinMessage-refused-to-outsiders-and-done": writes("chat.pinMessage", messageId="@secret"),
    "chat-followMessage-refused-and-done": writes("chat.followMessage", mid="@secret"),
    "chat-starMessage-by-outsiders": writes("chat.starMessage", messageId="@secret"),
    "chat-postMessage-refused-to-outsiders-and-done": writes("chat.postMessage", roomId="@group", text="x"),
    "dm-close-for-the-others": writes("dm.close", roomId="@direct"),
    "chat-ignoreUser-for-the-others": reads("chat.ignoreUser", rid="@group", userId="x", ignore="true"),
    "ddp-hideRoom-for-the-others": calls("hideRoom", "@group"),
    "ddp-saveRoomSettings-refused-to-outsiders-and-done": calls("saveRoomSettings", "@group", "roomTopic", "x"),
    "ddp-archiveRoom-refused-to-outsiders-and-done": calls("archiveRoom", "@group"),
    "ddp-leaveRoom-miscounts": calls("leaveRoom", "@group"),
}


@pytest.mark.parametrize("name", TELLING)
def test_a_fault_answers_who_is_outside_otherwise(name: str) -> None:
    deed, text = TELLING[name]
    for planted, is_told in ((None, False), (BY_NAME[name], True)):
        world = World(planted)
        answer = deed(world)
        assert (world.filled(text) in answer) is is_told, answer


@pytest.mark.parametrize("name", DOING)
def test_a_fault_does_what_somebody_outside_asks_for(name: str) -> None:
    for planted, is_done in ((None, False), (BY_NAME[name], True)):
        world = World(planted)
        before = world.state()
        DOING[name](world)
        assert (world.state() != before) is is_done


def test_every_fault_is_probed_and_is_among_all() -> None:
    assert {*TELLING, *DOING} == set(BY_NAME)
    assert set(BY_NAME) <= set(FAULTS)
    assert len(BY_NAME) == len(AUTHORIZATION_FAULTS) >= 35


@pytest.mark.parametrize("each", AUTHORIZATION_FAULTS, ids=lambda each: each.name)
def test_a_fault_leaves_members_alone(each: Fault) -> None:
    world = World(each)
    assert world.rest.ask("alice", "GET", "subscriptions.get").status == 200
    assert world.rest.ask("bob", "GET", "chat.getMessage", {"msgId": world.rest.said["_id"]}).status == 200
