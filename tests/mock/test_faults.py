"""Each fault deviates where it says it does, and nowhere else."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from preflight.errors import UsageError
from preflight.mock import messages, pins, rooms, users
from preflight.mock.dispatch import Dispatcher, Received
from preflight.mock.families import all_routes
from preflight.mock.fault import Fault
from preflight.mock.faults import FAULTS, fault
from preflight.mock.faults.rest import REST_FAULTS
from preflight.mock.founding import found, join_default_rooms
from preflight.mock.routing import Table

CHECKS = {
    "route.exists",
    "method.only",
    "authentication.demanded",
    "authentication.body",
    "success.status",
    "success.content-type",
    "success.envelope",
    "field.type",
    "field.required",
    "field.value",
    "parameter.accepted",
    "parameter.required",
    "refusal.status",
    "refusal.error-type",
    "refusal.error-text",
    "refusal.envelope",
    "refusal.no-effect",
    "permission.demanded",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    status: int
    body: Any
    headers: dict[str, str]
    content_type: str


class Stage:
    """A workspace without a socket: alice and bob in a channel and a direct room, carol outside."""

    def __init__(self, *, planted: Fault | None) -> None:
        self.tokens: dict[str, tuple[str, str]] = {}
        self.ws = found(admin_password="secret")
        self.people = {name: self._person(name) for name in ("alice", "bob", "carol")}
        alice, bob = self.people["alice"], self.people["bob"]
        self.channel = rooms.create(self.ws, alice, rooms.Plan(kind="c", name="plaza", members=("bob",)))
        self.direct = rooms.open_direct(self.ws, alice, ["bob"])
        self.said = messages.post(self.ws, alice, self.channel, {"msg": "hello"})
        self.written = messages.post(self.ws, alice, self.direct, {"msg": "hello you"})
        messages.post(self.ws, bob, self.channel, {"msg": "a reply", "tmid": self.said["_id"]})
        self.group = rooms.create(self.ws, alice, rooms.Plan(kind="p", name="circle"))
        self.secret = messages.post(self.ws, alice, self.group, {"msg": "between us"})
        self.ws.settings["AutoTranslate_Enabled"] = True
        pins.pin(self.ws, alice, self.said)
        self.dispatcher = Dispatcher(self.ws, Table(all_routes(), self.ws.regime), fault=planted)

    def _person(self, name: str) -> dict[str, Any]:
        user = users.create(self.ws, username=name, name=name.title(), password="secret")
        join_default_rooms(self.ws, user)
        self.tokens[name] = (users.log_in(self.ws, user), user["_id"])
        return user

    def ask(self, who: str | None, method: str, name: str, sent: dict[str, Any] | None = None) -> Told:
        headers = {"content-type": "application/json"}
        if who is not None:
            headers["x-auth-token"], headers["x-user-id"] = self.tokens[who]
        return self.asked(headers, method, name, sent or {})

    def asked(self, headers: dict[str, str], method: str, name: str, sent: dict[str, Any]) -> Told:
        received = Received(
            method=method,
            path=f"/api/v1/{name}",
            query=urlencode(sent) if method == "GET" else "",
            headers=headers,
            content=json.dumps(sent).encode() if method == "POST" else b"",
            address="127.0.0.1",
        )
        answer = self.dispatcher.respond(received)
        content_type = answer.headers.get("content-type", answer.content_type)
        is_json = answer.content_type == "application/json"
        body = json.loads(answer.encoded()) if is_json else answer.encoded().decode()
        return Told(status=answer.status, body=body, headers=dict(answer.headers), content_type=content_type)


def reads(who: str | None, name: str, **query: str) -> Callable[[Stage], Told]:
    return lambda stage: stage.ask(who, "GET", name, _filled(stage, query))


def writes(who: str | None, name: str, **body: Any) -> Callable[[Stage], Told]:
    return lambda stage: stage.ask(who, "POST", name, _filled(stage, body))


def _filled(stage: Stage, sent: dict[str, Any]) -> dict[str, Any]:
    """Put ids where a test names what has them: ``@channel`` is the id of the channel."""
    ids = {
        "@channel": stage.channel,
        "@direct": stage.direct,
        "@said": stage.said,
        "@written": stage.written,
        "@group": stage.group,
        "@secret": stage.secret,
    }
    return {
        key: _filled(stage, value) if isinstance(value, dict) else ids[value]["_id"] if value in ids else value
        for key, value in sent.items()
    }


def twice(*asked: Callable[[Stage], Told]) -> Callable[[Stage], Told]:
    return lambda stage: [ask(stage) for ask in asked][-1]


def with_foreign_id(stage: Stage) -> Told:
    token, user_id = stage.tokens["alice"][0], stage.tokens["bob"][1]
    return stage.asked({"x-auth-token": token, "x-user-id": user_id}, "GET", "dm.list", {})


def topic_after_refusal(stage: Stage) -> Told:
    writes("alice", "dm.setTopic", roomId="@direct", topic="forced")(stage)
    return reads("alice", "rooms.info", roomId="@direct")(stage)


def text_after_refusal(stage: Stage) -> Told:
    writes("bob", "chat.update", roomId="@channel", msgId="@said", text="forced")(stage)
    return reads("alice", "chat.getMessage", msgId="@said")(stage)


def room_after_refusal(stage: Stage) -> Told:
    writes("alice", "dm.delete", roomId="@direct")(stage)
    return reads("alice", "rooms.info", roomId="@direct")(stage)


def text_after_edit(stage: Stage) -> Told:
    ask = reads("alice", "chat.getMessage", msgId="@said")
    ask(stage)
    writes("alice", "chat.update", roomId="@channel", msgId="@said", text="new")(stage)
    return ask(stage)


POST = {"roomId": "@channel", "text": "x"}
MESSAGE = {"rid": "@channel", "msg": "x"}

# For each fault: what shows it, and what it shows, without the fault and with it.
PROBES: dict[str, tuple[Callable[[Stage], Told], Callable[[Told], Any], Any, Any]] = {
    "rooms-info-gone": (reads("alice", "rooms.info", roomId="GENERAL"), lambda told: told.status, 200, 404),
    "dm-list-html": (reads("alice", "dm.list"), lambda told: told.content_type[:9], "applicati", "text/html"),
    "rooms-get-any-method": (writes("alice", "rooms.get"), lambda told: told.status, 404, 200),
    "rooms-get-open-door": (reads(None, "rooms.get"), lambda told: told.status, 401, 200),
    "dm-list-borrowed-token": (with_foreign_id, lambda told: told.status, 401, 200),
    "dm-open-401-as-403": (writes(None, "dm.open", roomId="x"), lambda told: told.status, 401, 403),
    "chat-getMessage-open-door": (
        reads(None, "chat.getMessage", msgId="@said"),
        lambda told: told.status,
        401,
        200,
    ),
    "chat-search-401-reworded": (
        reads(None, "chat.search"),
        lambda told: told.body["message"],
        "You must be logged in to do this.",
        "Please log in.",
    ),
    "rooms-info-401-without-status": (reads(None, "rooms.info"), lambda told: "status" in told.body, True, False),
    "chat-postMessage-500": (writes("alice", "chat.postMessage", **POST), lambda told: told.status, 200, 500),
    "dm-create-201": (writes("alice", "dm.create", username="bob"), lambda told: told.status, 200, 201),
    "dm-members-content-type": (
        reads("alice", "dm.members", roomId="@direct"),
        lambda told: told.content_type,
        "application/json",
        "text/plain",
    ),
    "rooms-get-without-success": (reads("alice", "rooms.get"), lambda told: "success" in told.body, True, False),
    "chat-getMessage-wrapped": (
        reads("alice", "chat.getMessage", msgId="@said"),
        lambda told: "message" in told.body,
        True,
        False,
    ),
    "dm-counters-success-as-text": (
        reads("alice", "dm.counters", roomId="@direct"),
        lambda told: told.body["success"],
        True,
        "true",
    ),
    "rooms-info-count-as-text": (
        reads("alice", "rooms.info", roomId="@direct"),
        lambda told: told.body["room"]["msgs"],
        1,
        "1",
    ),
    "rooms-get-date-format": (
        reads("alice", "rooms.get"),
        lambda told: {"T" in each["_updatedAt"] for each in told.body["update"]},
        {True},
        {False},
    ),
    "rooms-info-unknown-type": (
        reads("alice", "rooms.info", roomId="@direct"),
        lambda told: told.body["room"]["t"],
        "d",
        "x",
    ),
    "chat-sendMessage-null-id": (
        writes("alice", "chat.sendMessage", message=MESSAGE),
        lambda told: told.body["message"]["_id"] is None,
        False,
        True,
    ),
    "chat-getThreadMessages-epoch": (
        reads("alice", "chat.getThreadMessages", tmid="@said"),
        lambda told: [type(each["ts"]) for each in told.body["messages"]],
        [str],
        [int],
    ),
    "dm-messages-total-as-text": (
        reads("alice", "dm.messages", roomId="@direct"),
        lambda told: told.body["total"],
        1,
        "1",
    ),
    "dm-create-without-id": (
        writes("alice", "dm.create", username="bob"),
        lambda told: "rid" in told.body["room"],
        True,
        False,
    ),
    "chat-getPinnedMessages-without-total": (
        reads("alice", "chat.getPinnedMessages", roomId="@channel"),
        lambda told: "total" in told.body,
        True,
        False,
    ),
    "rooms-get-without-remove": (reads("alice", "rooms.get"), lambda told: "remove" in told.body, True, False),
    "chat-postMessage-author-without-username": (
        writes("alice", "chat.postMessage", **POST),
        lambda told: "username" in told.body["message"]["u"],
        True,
        False,
    ),
    "rooms-info-stale": (
        twice(reads("alice", "rooms.info", roomId="@direct"), reads("alice", "rooms.info", roomId="GENERAL")),
        lambda told: told.body["room"]["t"],
        "c",
        "d",
    ),
    "chat-getMessage-stale": (text_after_edit, lambda told: told.body["message"]["msg"], "new", "hello"),
    "chat-update-old-text": (
        writes("alice", "chat.update", roomId="@channel", msgId="@said", text="new"),
        lambda told: told.body["message"]["msg"],
        "new",
        "new (as it was)",
    ),
    "chat-sendMessage-room-mixed-up": (
        writes("alice", "chat.sendMessage", message=MESSAGE),
        lambda told: told.body["message"]["rid"] == "GENERAL",
        False,
        True,
    ),
    "chat-getStarredMessages-count-refused": (
        reads("alice", "chat.getStarredMessages", roomId="@channel", count="1"),
        lambda told: told.status,
        200,
        400,
    ),
    "rooms-get-updatedSince-refused": (
        reads("alice", "rooms.get", updatedSince="2020-01-01T00:00:00Z"),
        lambda told: told.status,
        200,
        400,
    ),
    "dm-history-inclusive-refused": (
        reads("alice", "dm.history", roomId="@direct", inclusive="true"),
        lambda told: told.status,
        200,
        400,
    ),
    "rooms-info-without-room": (reads("alice", "rooms.info"), lambda told: told.status, 400, 200),
    "chat-getPinnedMessages-without-room": (
        reads("alice", "chat.getPinnedMessages"),
        lambda told: told.status,
        400,
        200,
    ),
    "autotranslate-languages-without-target": (
        reads("alice", "autotranslate.getSupportedLanguages"),
        lambda told: told.body.get("errorType"),
        "invalid-params",
        "error-action-not-allowed",
    ),
    "rooms-info-unknown-room-200": (reads("alice", "rooms.info", roomId="x"), lambda told: told.status, 400, 200),
    "dm-messages-forbidden-as-400": (
        reads("carol", "dm.messages", roomId="@direct"),
        lambda told: told.status,
        403,
        400,
    ),
    "chat-react-emoji-refused-with-500": (
        writes("alice", "chat.react", messageId="@said", emoji="nosuchemoji"),
        lambda told: told.status,
        400,
        500,
    ),
    "dm-open-renamed-error": (
        writes("alice", "dm.open"),
        lambda told: told.body["errorType"],
        "error-room-param-not-provided",
        "error-room-missing",
    ),
    "chat-pinMessage-without-error-type": (
        writes("alice", "chat.pinMessage", messageId="x"),
        lambda told: "errorType" in told.body,
        True,
        False,
    ),
    "chat-postMessage-renamed-error": (
        writes("alice", "chat.postMessage", channel="#nosuchroom", text="x"),
        lambda told: told.body["errorType"],
        "invalid-channel",
        "error-invalid-channel",
    ),
    "chat-getMessage-reworded": (
        reads("carol", "chat.getMessage", msgId="@secret"),
        lambda told: told.body["error"],
        "Not allowed [error-not-allowed]",
        "You may not see this message [error-not-allowed]",
    ),
    "rooms-info-reworded": (
        reads("alice", "rooms.info"),
        lambda told: told.body["error"][:9],
        "The param",
        "Which roo",
    ),
    "chat-followMessage-claims-success": (
        writes("alice", "chat.followMessage", mid="x"),
        lambda told: told.body["success"],
        False,
        True,
    ),
    "dm-setTopic-claims-success": (
        writes("alice", "dm.setTopic", roomId="@direct", topic="x"),
        lambda told: told.body["success"],
        False,
        True,
    ),
    "dm-setTopic-refused-and-done": (
        topic_after_refusal,
        lambda told: told.body["room"].get("topic"),
        None,
        "forced",
    ),
    "chat-update-refused-and-done": (
        text_after_refusal,
        lambda told: told.body["message"]["msg"],
        "hello",
        "forced",
    ),
    "dm-delete-refused-and-done": (room_after_refusal, lambda told: told.status, 200, 400),
    "dm-list-everyone-for-all": (reads("carol", "dm.list.everyone"), lambda told: told.status, 403, 200),
    "chat-pinMessage-for-all": (
        writes("bob", "chat.pinMessage", messageId="@said"),
        lambda told: told.status,
        400,
        200,
    ),
    "autotranslate-languages-for-all": (
        reads("bob", "autotranslate.getSupportedLanguages", targetLanguage="en"),
        lambda told: told.status,
        400,
        200,
    ),
}


@pytest.mark.parametrize("name", PROBES)
def test_a_fault_deviates_from_the_sound_workspace(name: str) -> None:
    probe, shown, sound, faulty = PROBES[name]
    assert shown(probe(Stage(planted=None))) == sound
    assert shown(probe(Stage(planted=fault(name)))) == faulty


OF_REST = {each.name: each for each in REST_FAULTS}


def test_every_fault_is_probed_and_every_check_has_one() -> None:
    assert set(PROBES) == set(OF_REST)
    assert {each.check for each in OF_REST.values()} == CHECKS


@pytest.mark.parametrize("each", OF_REST.values(), ids=lambda each: each.name)
def test_a_fault_leaves_other_operations_alone(each: Fault) -> None:
    stage = Stage(planted=each)
    assert stage.ask("alice", "GET", "subscriptions.get").status == 200
    assert stage.ask(None, "GET", "subscriptions.get").status == 401


def test_a_fault_on_a_dm_operation_shows_on_its_twin() -> None:
    stage = Stage(planted=fault("dm-list-everyone-for-all"))
    assert stage.ask("carol", "GET", "im.list.everyone").status == 200


def test_tampering_with_an_answer_leaves_the_state_alone() -> None:
    stage = Stage(planted=fault("rooms-info-unknown-type"))
    reads("alice", "rooms.info", roomId="@direct")(stage)
    assert stage.direct["t"] == "d"


def test_an_unknown_name_is_told_the_nearest() -> None:
    with pytest.raises(UsageError) as refused:
        fault("rooms-info-gon")
    assert "rooms-info-gone" in refused.value.hint


def test_sentences_are_plain_words() -> None:
    for each in FAULTS.values():
        assert each.sentence[0].islower()
        assert not each.sentence.endswith(".")
        assert each.name == each.name.replace("_", "-").replace(" ", "-")
