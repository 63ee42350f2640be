"""Methods about messages: writing, changing and marking them, and reading a room's history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from preflight.mock import deletions, edits, messages, pins, reactions, sending, stars, subscriptions
from preflight.mock.access import accessible_room, can_access_room
from preflight.mock.edits import Edit
from preflight.mock.method import NOTHING, Invocation, MatchFailed, Methods
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.validation import parse_date
from preflight.mock.whispers import whisper

Document = dict[str, Any]  # a stored user, room or message

METHODS = Methods()

_USUAL_PAGE = 20
#: What a client may send along with an edit; any other key must be as it is.
_EDITABLE = frozenset({"tshow", "alias", "attachments", "avatar", "emoji", "msg", "customFields", "content"})


# -- writing ---------------------------------------------------------------------------------------------------------


@METHODS.method("sendMessage")
def send(call: Invocation) -> Any:
    """Writes a message and gives it; most refusals are whispered into the room, and the result is absent."""
    ws, sent = call.workspace, call.named(0)
    user = call.caller()
    if sent.get("t") and sent["t"] != "e2e":
        raise Failure("Cannot send system messages using 'sendMessage'")
    try:
        message = sending.send(ws, user, sent, call.param(1))
    except (MeteorError, Failure) as refusal:
        code = refusal.code if isinstance(refusal, MeteorError) else refusal.text
        if code == "error-not-allowed":
            reason = refusal.reason if isinstance(refusal, MeteorError) else None
            raise MeteorError(code, reason, call.details) from None
        if isinstance(sent.get("rid"), str):
            whisper(ws, sent["rid"], user, code)
        return NOTHING
    return messages.public(ws, message, user)


@METHODS.method("updateMessage")
def update(call: Invocation) -> Any:
    """Changes the text of a message; one that does not exist is no error."""
    ws, sent = call.workspace, call.named(0, "_id")
    previews = call.texts(1) if call.param(1) is not None else None
    user = call.caller()
    message = ws.messages.get(sent["_id"])
    if message is None or "msg" not in sent:
        return NOTHING
    changed = next((key for key, value in sent.items() if key not in _EDITABLE and value != message.get(key)), None)
    if changed is not None:
        raise MeteorError("error-invalid-update-key", f"Cannot update the message {changed}", call.details)
    if not isinstance(sent["msg"], str):
        raise Failure("text.trim is not a function")
    fields = sent.get("customFields")
    wanted = Edit(
        text=sent["msg"], custom_fields=fields if isinstance(fields, Mapping) else None, previews=previews or None
    )
    edits.edit(ws, user, message, wanted)
    return NOTHING


@METHODS.method("deleteMessage")
def delete(call: Invocation) -> Any:
    """Deletes a message; one that does not exist is refused like one that is not the caller's."""
    sent = call.named(0, "_id")
    user = call.caller()
    message = call.workspace.messages.get(sent["_id"])
    if message is None:
        raise MeteorError("error-action-not-allowed", "Not allowed")
    deletions.delete(call.workspace, user, message)
    return NOTHING


# -- marking ---------------------------------------------------------------------------------------------------------


@METHODS.method("pinMessage")
def pin(call: Invocation) -> Document:
    """Pins a message and gives the system message that tells of it."""
    user, message = _to_pin(call, "pinning")
    return messages.public(call.workspace, pins.pin(call.workspace, user, message), user)


@METHODS.method("unpinMessage")
def unpin(call: Invocation) -> bool:
    """Takes a pin from a message."""
    user, message = _to_pin(call, "unpinning")
    pins.unpin(call.workspace, user, message)
    return True


def _to_pin(call: Invocation, word: str) -> tuple[Document, Document]:
    if call.param(0) is None:
        raise Failure("Cannot read property '_id' of undefined")
    sent = call.named(0, "_id")
    user = call.caller()
    message = call.workspace.messages.get(sent["_id"])
    if message is None:
        details = {**call.details, "action": "Message_pinning"}
        raise MeteorError("error-invalid-message", f"Message you are {word} was not found", details)
    return user, message


@METHODS.method("starMessage")
def star(call: Invocation) -> bool:
    """Sets or takes the caller's star; tells whether there is such a message in a room of theirs."""
    user = call.caller()
    sent = call.param(0)
    if not isinstance(sent, dict | list):
        raise Failure("Cannot read property 'rid' of undefined")
    named = sent if isinstance(sent, dict) else {}
    if any(key not in named or isinstance(named[key], dict) for key in ("_id", "rid")):
        # What is absent, or an operator, matches anything in the database; here it marks nothing.
        return True
    message = call.workspace.messages.get(named["_id"])
    if message is None or message["rid"] != named["rid"]:
        return False
    return stars.star(call.workspace, user, message, wanted=bool(named.get("starred")))


@METHODS.method("setReaction")
def react(call: Invocation) -> Any:
    """Puts a reaction on a message, or takes it off."""
    name, message_id, wanted = call.param(0), call.param(1), call.param(2)
    user = call.caller()
    if not isinstance(name, str) or isinstance(message_id, bool | int | float):
        raise Failure("reaction.replace is not a function")
    if isinstance(message_id, dict | list):
        return NOTHING  # an operator matches anything in the database; here it marks nothing
    message = call.workspace.messages.get(message_id)
    if message is None:
        raise MeteorError("error-not-allowed", "Not allowed", call.details)
    reactions.react(call.workspace, user, message, name, wanted=wanted if isinstance(wanted, bool) else None)
    return NOTHING


# -- reading ---------------------------------------------------------------------------------------------------------


@METHODS.method("readMessages")
def read(call: Invocation) -> Any:
    """Notes that the caller has read a room."""
    ws, room_id = call.workspace, call.text(0)
    user = call.caller()
    room = call.room(room_id, "error-room-does-not-exist", "This room does not exist")
    if not can_access_room(ws, room, user):
        raise MeteorError("error-not-allowed", "Not allowed", call.details)
    subscription = ws.subscriptions.get(room["_id"], user["_id"])
    if subscription is None:
        raise Failure("error-invalid-subscription")
    subscriptions.read(ws, subscription)
    return NOTHING


@METHODS.method("loadMissedMessages")
def load_missed(call: Invocation) -> Any:
    """Gives what was written in a room since a time, newest first; false to who may not see it."""
    room_id, since = call.text(0), call.param(1)
    if not isinstance(since, datetime):
        raise MatchFailed
    if call.user is None:
        return False
    if not room_id:
        raise MeteorError("error-invalid-room", "Invalid room", {"method": "getUsersOfRoom"})
    room = accessible_room(call.workspace, room_id, call.user)
    if room is None:
        return False
    missed = [each for each in _visible(call, room) if each["ts"] > since]
    return [messages.public(call.workspace, each, call.user) for each in missed]


@METHODS.method("loadHistory")
def load_history(call: Invocation) -> Any:
    """Gives messages of a room, newest first, and how much lies unread before them; false to who may not see it."""
    room_id, end = call.text(0), call.param(1)
    user = call.caller()
    room = accessible_room(call.workspace, room_id, user)
    if room is None:
        return False
    shows_threads = call.param(4, True) is not False
    visible = [each for each in _visible(call, room) if shows_threads or messages.is_in_room(each)]
    page = [each for each in visible if _is_before(each, end)]
    limit = call.param(2, _USUAL_PAGE)
    if isinstance(limit, int | float) and limit > 0:
        page = page[: int(limit)]
    told: Document = {"messages": [messages.public(call.workspace, each, user) for each in page]}
    unread = _unread_before(visible, page, call.param(3))
    if unread:
        told["firstUnread"] = messages.public(call.workspace, unread[-1], user)
    return {**told, "unreadNotLoaded": len(unread)}


def _visible(call: Invocation, room: Document) -> list[Document]:
    """Lists the messages of a room that are neither hidden nor of a hidden kind, newest first."""
    of_room = room.get("sysMes")
    hidden = of_room if isinstance(of_room, list) else call.workspace.settings["Hide_System_Messages"]
    kept = reversed(messages.of_room(call.workspace, room["_id"]))
    return [each for each in kept if not each.get("_hidden") and each.get("t") not in hidden]


def _is_before(message: Document, end: Any) -> bool:
    """Tells whether a message lies before an end: none leaves everything, and what is no date leaves nothing."""
    if end is None:
        return True
    return isinstance(end, datetime) and bool(message["ts"] < end)


def _unread_before(visible: list[Document], page: list[Document], last_seen: Any) -> list[Document]:
    """Lists what lies between the last seen time and the page, newest first."""
    seen = parse_date(last_seen) if isinstance(last_seen, str) else last_seen
    if not isinstance(seen, datetime) or not page:
        return []
    return [each for each in visible if seen < each["ts"] < page[-1]["ts"]]
