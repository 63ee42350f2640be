"""Encryption: the name of the key by which the messages of a room are encrypted; the key itself stays with clients."""

from typing import Any

from preflight.mock.access import accessible_room
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user

_METHOD = {"method": "e2e.setRoomKeyID"}


def name_key(ws: Workspace, user: Document, room_id: Any, key_id: str) -> None:
    """Gives the key of a room its name, once.

    Raises:
        MeteorError: error-invalid-room for a room that the user does not see, error-room-e2e-key-already-exists.
    """
    room = accessible_room(ws, room_id, user)
    if room is None:
        raise MeteorError("error-invalid-room", "Invalid room", _METHOD)
    if room.get("e2eKeyId"):
        raise MeteorError("error-room-e2e-key-already-exists", "E2E Key ID already exists", _METHOD)
    room["e2eKeyId"] = key_id
    ws.touch(room)
