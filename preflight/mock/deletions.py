"""Deletions: who may delete a message, and what remains of it.

What remains depends on the settings Message_KeepHistory and Message_ShowDeletedStatus. With neither the message goes
to the trash. The first message of a thread always stays, emptied, and leaves a hidden copy, as with both settings.
"""

from typing import Any

from preflight.mock import edits, threads, users
from preflight.mock.access import can_access_room, has_permission
from preflight.mock.document import copied
from preflight.mock.messages import is_in_room
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a user, room or message


def delete(ws: Workspace, user: Document, message: Document) -> None:
    """Deletes a message as far as the user may; raises MeteorError, or Failure in a read-only room."""
    room = ws.rooms.get(message["rid"])
    if room is None or not can_access_room(ws, room, user) or not _may_delete(ws, user, room, message):
        raise MeteorError("error-action-not-allowed", "Not allowed")
    is_thread = message.get("tcount", 0) > 0
    if is_thread or ws.settings["Message_ShowDeletedStatus"]:
        if is_thread or ws.settings["Message_KeepHistory"]:
            edits.keep_copy(ws, user, message)
        _empty(ws, user, message)
    elif ws.settings["Message_KeepHistory"]:
        message["_hidden"] = True
        ws.touch(message)
    else:
        ws.messages.remove(message)
        ws.trash.put("message", message, ws.clock.now())
    if message.get("tmid"):
        threads.discount_reply(ws, message)
    _note_in_room(ws, room, message)


def _may_delete(ws: Workspace, user: Document, room: Document, message: Document) -> bool:
    if has_permission(ws, user, "force-delete-message", room["_id"]):
        return True
    own = message["u"]["_id"] == user["_id"] and has_permission(ws, user, "delete-own-message", room["_id"])
    if not ws.settings["Message_AllowDeleting"]:
        return False
    if not own and not has_permission(ws, user, "delete-message", room["_id"]):
        return False
    if edits.is_too_late(ws, user, message, "Message_AllowDeleting_BlockDeleteInMinutes"):
        return False
    speaks = has_permission(ws, user, "post-readonly", room["_id"])
    if room.get("ro") and not speaks and message["u"]["username"] not in room.get("unmuted", ()):
        raise Failure("You can't delete messages because the room is readonly.")
    return True


def _empty(ws: Workspace, user: Document, message: Document) -> None:
    message.update(t="rm", msg="", urls=[], mentions=[], channels=[], attachments=[], reactions={})
    message.pop("md", None)
    message.update(editedAt=ws.clock.now(), editedBy=users.brief(user))
    ws.touch(message)


def _note_in_room(ws: Workspace, room: Document, message: Document) -> None:
    """Counts the message out; the last message is found anew, while the time of the last message stays."""
    room["msgs"] -= 1
    if room.get("lastMessage", {}).get("_id") == message["_id"]:
        last = _last_of(ws, room)
        if last is None:
            del room["lastMessage"]
        else:
            room["lastMessage"] = copied(last)
    ws.touch(room)


def _last_of(ws: Workspace, room: Document) -> Document | None:
    for message in reversed(ws.messages.of_room(room["_id"])):
        if "t" not in message and not message.get("_hidden") and is_in_room(message):
            return message
    return None
