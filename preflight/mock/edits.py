"""Edits: who may change a message, and what changing it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from preflight.mock import message_shape, messages, users
from preflight.mock.access import has_permission
from preflight.mock.document import copied
from preflight.mock.refusals import MeteorError
from preflight.mock.sending import check_room
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a user or message


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a message shall say from now on; ``None`` is what was not sent."""

    text: str
    custom_fields: Mapping[str, Any] | None = None
    previews: list[str] | None = None


def edit(ws: Workspace, user: Document, message: Document, wanted: Edit) -> None:
    """Changes a message, in its room too; the same text and nothing else leaves everything as it is.

    Raises:
        MeteorError: error-action-not-allowed or error-message-editing-blocked.
        Failure: the room may not be written to, or the custom fields do not fit.
    """
    if wanted.text == message["msg"] and wanted.previews is None and wanted.custom_fields is None:
        return
    _check(ws, user, message)
    if wanted.custom_fields is not None:
        message_shape.check_custom_fields(
            wanted.custom_fields,
            enabled=ws.settings["Message_CustomFields_Enabled"],
            schema=ws.settings["Message_CustomFields"],
        )
    room = check_room(ws, user, message["rid"])
    if ws.settings["Message_KeepHistory"]:
        keep_copy(ws, user, message)
    message["msg"] = wanted.text
    if wanted.custom_fields is not None:
        message["customFields"] = dict(wanted.custom_fields)
    messages.read_text(ws, message, user, wanted.previews)
    message.update(editedAt=ws.clock.now(), editedBy=users.brief(user))
    ws.touch(message)
    messages.mirror(ws, room, message)


def _check(ws: Workspace, user: Document, message: Document) -> None:
    room_id = message["rid"]
    own = message["u"]["_id"] == user["_id"] and ws.settings["Message_AllowEditing"]
    if not own and not has_permission(ws, user, "edit-message", room_id):
        details = {"method": "updateMessage", "action": "Message_editing"}
        raise MeteorError("error-action-not-allowed", "Message editing not allowed", details)
    if is_too_late(ws, user, message, "Message_AllowEditing_BlockEditInMinutes"):
        details = {"method": "updateMessage"}
        raise MeteorError("error-message-editing-blocked", "Message editing is blocked", details)


def is_too_late(ws: Workspace, user: Document, message: Document, setting: str) -> bool:
    """Tells whether the minutes that a setting leaves for changing a message are over; 0 leaves all the time."""
    minutes = ws.settings[setting]
    if not minutes or has_permission(ws, user, "bypass-time-limit-edit-and-delete", message["rid"]):
        return False
    return bool(ws.clock.read() - message["ts"] > timedelta(minutes=minutes))


def keep_copy(ws: Workspace, user: Document, message: Document) -> None:
    """Keeps a message as it is now, hidden, under an id of its own."""
    copy = copied(message)
    copy.update(
        _id=ws.ids.hex(),
        _hidden=True,
        parent=message["_id"],
        editedAt=ws.clock.now(),
        editedBy=users.brief(user),
    )
    ws.messages.add(ws.touch(copy))
