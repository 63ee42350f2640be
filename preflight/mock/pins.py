"""Pins: the messages that a room keeps at hand for everybody."""

from typing import Any

from preflight.mock import messages, users
from preflight.mock.access import can_access_room, has_permission
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a user, room or message


def pin(ws: Workspace, user: Document, message: Document) -> Document:
    """Pins a message and gives what the answer shows: the system message that tells of it.

    Newer releases give a message that is pinned already as it is, without a second system message. Raises MeteorError.
    """
    _check_setting(ws, "pinMessage")
    room = ws.rooms.get(message["rid"])
    if not ws.regime.at_least("8.0"):
        _check_subscription(ws, user, message, "pinMessage", "pinning")
    if room is None or not can_access_room(ws, room, user):
        raise _unauthorized("pinMessage")
    _check_permission(ws, user, message, "pinMessage")
    if message.get("pinned") and ws.regime.at_least("8.0"):
        return message
    _set(ws, user, room, message, pinned=True)
    quoted = {
        "text": message["msg"],
        "author_name": message["u"]["username"],
        "author_icon": f"/avatar/{message['u']['username']}",
        "ts": message["ts"],
        "attachments": message.get("attachments", []),
    }
    return messages.system(ws, room, "message_pinned", "", user, attachments=[quoted])


def unpin(ws: Workspace, user: Document, message: Document) -> None:
    """Takes a pin from a message, also one that was not pinned; raises MeteorError."""
    _check_setting(ws, "unpinMessage")
    _check_subscription(ws, user, message, "unpinMessage", "unpinning")
    _check_permission(ws, user, message, "unpinMessage")
    _set(ws, user, ws.rooms.get(message["rid"]), message, pinned=False)


def _set(ws: Workspace, user: Document, room: Document | None, message: Document, *, pinned: bool) -> None:
    message.update(pinned=pinned, pinnedAt=ws.clock.now(), pinnedBy=users.brief(user))
    ws.touch(message)
    # Only a pin shows in the room; taking one off leaves the room as it was.
    if room is not None and pinned:
        messages.mirror(ws, room, message, "pinned", "pinnedAt", "pinnedBy")


def _check_setting(ws: Workspace, method: str) -> None:
    if not ws.settings["Message_AllowPinning"]:
        details = {"method": method, "action": "Message_pinning"}
        raise MeteorError("error-action-not-allowed", "Message pinning not allowed", details)


def _check_subscription(ws: Workspace, user: Document, message: Document, method: str, word: str) -> None:
    if ws.subscriptions.get(message["rid"], user["_id"]) is None:
        details = {"method": method, "action": "Message_pinning"}
        raise MeteorError("error-invalid-message", f"Message you are {word} was not found", details)


def _check_permission(ws: Workspace, user: Document, message: Document, method: str) -> None:
    if not has_permission(ws, user, "pin-message", message["rid"]):
        raise _unauthorized(method)


def _unauthorized(method: str) -> MeteorError:
    return MeteorError("not-authorized", "Not Authorized", {"method": method})
