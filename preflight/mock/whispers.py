"""Whispers: what one user alone is told in a room, and nobody keeps."""

from typing import Any

from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user

_SPEAKER = {"_id": "rocket.cat", "username": "rocket.cat"}


def whisper(ws: Workspace, room_id: str, user: Document, text: str) -> None:
    """Tells a user something in a room."""
    message_id, now = ws.ids.short(), ws.clock.now()
    message = {
        "_id": message_id,
        "rid": room_id,
        "ts": now,
        "msg": text,
        "u": _SPEAKER,
        "private": True,
        "_updatedAt": now,
    }
    ws.bus.note("whisper", "inserted", {"_id": message_id, "to": user["_id"], "message": message})
