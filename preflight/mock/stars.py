"""Stars: the marks that a user sets on messages for themself."""

from typing import Any

from preflight.mock import messages
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a user or message


def star(ws: Workspace, user: Document, message: Document, *, wanted: bool) -> bool:
    """Sets or takes a user's star, and tells whether that happened: in rooms they have not joined nothing does.

    Raises:
        MeteorError: error-action-not-allowed where the setting Message_AllowStarring is off.
    """
    if not ws.settings["Message_AllowStarring"]:
        details = {"method": "starMessage", "action": "Message_starring"}
        raise MeteorError("error-action-not-allowed", "Message starring not allowed", details)
    room = ws.rooms.get(message["rid"])
    if room is None or ws.subscriptions.get(room["_id"], user["_id"]) is None:
        return False
    others = [each for each in message.get("starred", ()) if each["_id"] != user["_id"]]
    message["starred"] = [*others, {"_id": user["_id"]}] if wanted else others
    ws.touch(message)
    messages.mirror(ws, room, message, "starred")
    return True


def is_starred_by(message: Document, user: Document) -> bool:
    """Tells whether a message bears the star of a user."""
    return any(each["_id"] == user["_id"] for each in message.get("starred", ()))
