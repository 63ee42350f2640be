"""Sending: whether a user may say this in a room, and saying it.

A room refuses in this order: it does not exist, the user may not see it, one of two has blocked the other, it is
read-only, the user is muted. Then the message itself is looked at.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from preflight.mock import message_shape, messages, rooms, threads
from preflight.mock.access import can_access_room, has_permission
from preflight.mock.clock import milliseconds
from preflight.mock.engine import as_text
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.validation import parse_date
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a user, room or message

_METHOD = {"method": "sendMessage"}
_IN_TIME = timedelta(seconds=10)
_OUT_OF_SYNC = timedelta(seconds=60)


def check_room(ws: Workspace, user: Document, room_id: Any) -> Document:
    """Gives the room that a user may write to; raises Failure."""
    room = ws.rooms.get(room_id)
    if room is None:
        raise Failure("error-invalid-room")
    if not can_access_room(ws, room, user):
        raise Failure("error-not-allowed")
    subscription = ws.subscriptions.get(room["_id"], user["_id"]) or {}
    if room["t"] == "d" and (subscription.get("blocked") or subscription.get("blocker")):
        raise Failure("room_is_blocked")
    check_voice(ws, user, room)
    if user["username"] in room.get("muted", ()):
        raise Failure("You_have_been_muted")
    return room


def check_voice(ws: Workspace, user: Document, room: Document) -> None:
    """Demands that a user may speak in a read-only room; raises Failure."""
    unmuted = user["username"] in room.get("unmuted", ())
    if room.get("ro") and not unmuted and not has_permission(ws, user, "post-readonly", room["_id"]):
        raise Failure("You can't send messages because the room is readonly.")


def check_message(ws: Workspace, user: Document, room: Document, fields: Mapping[str, Any]) -> None:
    """Demands that a message has the right shape and claims nothing its author may not; raises Failure."""
    message_shape.check_message(fields)
    if (fields.get("alias") or fields.get("avatar")) and not has_permission(
        ws, user, "message-impersonate", room["_id"]
    ):
        raise Failure("Not enough permission")
    message_shape.check_attachments(fields.get("attachments") or [])
    if fields.get("customFields"):
        message_shape.check_custom_fields(
            fields["customFields"],
            enabled=ws.settings["Message_CustomFields_Enabled"],
            schema=ws.settings["Message_CustomFields"],
        )


def is_too_long(ws: Workspace, text: Any) -> bool:
    """Tells whether a text is longer than the setting Message_MaxAllowedSize allows."""
    return isinstance(text, str) and len(text) > ws.settings["Message_MaxAllowedSize"]


# -- a message as clients send it ------------------------------------------------------------------------------------


def send(ws: Workspace, user: Document, sent: Mapping[str, Any], previews: list[str] | None = None) -> Document:
    """Writes a message that is given as a whole, its room included, and gives it as stored.

    A reply goes to the room of its thread, whatever room it names. Raises MeteorError or Failure.
    """
    fields = _cleaned(ws, sent)
    if fields.get("tshow") and not fields.get("tmid"):
        raise MeteorError("invalid-params", "tshow provided but missing tmid", _METHOD)
    if fields.get("tmid") and not ws.settings["Threads_enabled"]:
        raise MeteorError("error-not-allowed", "not-allowed", _METHOD)
    fields["ts"] = _time_of(ws, fields.get("ts"))
    if is_too_long(ws, fields.get("msg")):
        reason = "Message size exceeds Message_MaxAllowedSize"
        raise MeteorError("error-message-size-exceeded", reason, _METHOD)
    root = threads.root_of(ws, fields.get("tmid"))
    room_id = root["rid"] if root is not None else fields.get("rid")
    if not room_id:
        raise Failure("The 'rid' property on the message object is missing.")
    message_shape.check_text(room_id)
    room = check_room(ws, user, room_id)
    if room.get("encrypted") and ws.settings["E2E_Enable"] and fields.get("t") != "e2e":
        reason = "Not allowed to send un-encrypted messages in an encrypted room"
        raise MeteorError("error-not-allowed", reason, _METHOD)
    check_message(ws, user, room, fields)
    if fields.get("_id") in ws.messages:
        raise Failure("Cannot read property 'starred' of undefined")
    return messages.post(ws, user, room, fields, previews=previews)


def _cleaned(ws: Workspace, sent: Mapping[str, Any]) -> Document:
    """Gives the fields as the newest releases read them: without NUL, and not empty; raises MeteorError."""
    fields = message_shape.without_false_records(sent)
    if not ws.regime.at_least("8.8"):
        return fields
    text = fields.get("msg")
    if isinstance(text, str):
        text = fields["msg"] = text.replace("\0", "")
    if not as_text(text or "").strip() and not any(fields.get(key) for key in ("attachments", "blocks")):
        raise MeteorError("error-invalid-message", "Message cannot be empty", _METHOD)
    return fields


def _time_of(ws: Workspace, sent: Any) -> datetime:
    """Gives the time of a message: now, unless the client's time is off by too much or no date at all."""
    if not sent:
        return ws.clock.now()
    now = ws.clock.read()
    claimed = sent if isinstance(sent, datetime) else parse_date(str(sent))
    if claimed is not None and abs(claimed - now) > _OUT_OF_SYNC:
        details = {**_METHOD, "message_ts": sent, "server_ts": milliseconds(now)}
        raise MeteorError("error-message-ts-out-of-sync", "Message timestamp is out of sync", details)
    if claimed is not None and abs(claimed - now) > _IN_TIME:
        return ws.clock.now()
    if isinstance(sent, datetime):
        return sent
    raise Failure("message.ts.getTime is not a function")


# -- a message as integrations post it -------------------------------------------------------------------------------


def post(ws: Workspace, user: Document, sent: Mapping[str, Any]) -> list[tuple[str, Document]]:
    """Writes a message into one room or several, and gives each selector as sent with the message as stored.

    A public channel is joined by posting, a direct room is made by it. Raises MeteorError invalid-channel, or Failure.
    """
    selectors = _selectors(sent)
    found = [(selector, _target(ws, user, selector)) for selector in selectors]
    for _selector, room in found:
        check_room(ws, user, room["_id"])
    fields = _post_fields(sent)
    if ws.regime.at_least("8.0"):
        texts = [fields["msg"], *(each.get("text") for each in fields["attachments"] if isinstance(each, dict))]
        if any(is_too_long(ws, text) for text in texts):
            raise Failure("error-message-size-exceeded")
    return [(selector, _posted(ws, user, room, fields)) for selector, room in found]


def _posted(ws: Workspace, user: Document, room: Document, fields: Document) -> Document:
    check_message(ws, user, room, fields)
    return messages.post(ws, user, room, fields)


def _selectors(sent: Mapping[str, Any]) -> list[str]:
    given = sent.get("channel") or sent.get("roomId")
    selectors = given if isinstance(given, list) else [given]
    for selector in selectors:
        if selector and not isinstance(selector, str):
            raise Failure("channel.substr is not a function")
    if not all(selectors):
        raise MeteorError("invalid-channel")
    return list(dict.fromkeys(selectors))


def _target(ws: Workspace, user: Document, selector: str) -> Document:
    """Gives the room that a selector means: ``#name``, ``@username``, an id, a name, or the id of a user."""
    if selector.startswith("@"):
        partner = ws.users.named(selector[1:]) or ws.users.get(selector[1:])
        room = None
    else:
        plain = selector.removeprefix("#")
        room = ws.rooms.get(plain) or ws.rooms.named(plain)
        partner = None if selector.startswith("#") else ws.users.get(plain)
    if room is None and partner is not None:
        return rooms.open_direct(ws, user, [partner["username"]])
    if room is None:
        raise MeteorError("invalid-channel")
    if room["t"] == "c" and can_access_room(ws, room, user):
        rooms.join(ws, room, user, posting=True)
    return room


def _post_fields(sent: Mapping[str, Any]) -> Document:
    """Gives the message that a post means, whose keys have other names and defaults than those of a message."""
    attachments = sent.get("attachments")
    listed = isinstance(attachments, list)
    fields: Document = {
        "alias": sent.get("username") or sent.get("alias") or "",
        "msg": as_text(sent.get("text") or sent.get("msg") or "").strip(),
        "attachments": [_read_attachment(each) for each in attachments] if listed and attachments else [],
        "parseUrls": sent.get("parseUrls", not (listed and attachments)),
        "groupable": sent.get("groupable", False),
    }
    fields |= {name: sent[name] for name in ("bot", "tmid", "customFields") if name in sent}
    avatar, emoji = (_first_with_content(sent, *names) for names in (_AVATAR, _EMOJI))
    if avatar is not None:
        fields["avatar"] = avatar
    elif emoji is not None:
        fields["emoji"] = emoji
    return fields


_AVATAR = ("icon_url", "avatar")
_EMOJI = ("icon_emoji", "emoji")


def _first_with_content(sent: Mapping[str, Any], *names: str) -> Any:
    """Gives the first text, list or object that is not empty; numbers and booleans count as empty."""
    return next((sent[name] for name in names if isinstance(sent.get(name), str | list | dict) and sent[name]), None)


def _read_attachment(sent: Any) -> Any:
    if isinstance(sent, dict) and sent.get("msg"):
        return {**{key: value for key, value in sent.items() if key != "msg"}, "text": as_text(sent["msg"]).strip()}
    return sent
