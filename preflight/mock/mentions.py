"""Mentions: which users, groups of users and rooms a text names, as the message keeps them."""

from collections.abc import Iterator
from typing import Any

from preflight.mock import access, message_parser
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a user, a room or an item of a message's lists

#: The names that mean everybody, and everybody present; each needs a permission of its own.
GROUPS = ("all", "here")


def of_users(ws: Workspace, text: str, author: Document, room_id: str) -> list[Document]:
    """Lists the users that a text mentions, and the groups among them that the author may call."""
    return list(_of_users(ws, text, author, room_id))


def _of_users(ws: Workspace, text: str, author: Document, room_id: str) -> Iterator[Document]:
    for name in message_parser.user_names(text):
        if name in GROUPS:
            if access.has_permission(ws, author, f"mention-{name}", room_id):
                yield {"_id": name, "username": name}
            continue
        user = ws.users.named(name)
        if user is not None:
            known = {"name": user["name"]} if user.get("name") else {}
            yield {"_id": user["_id"], "username": user["username"], **known, "type": "user"}


def of_rooms(ws: Workspace, text: str) -> list[Document]:
    """Lists the channels and groups that a text mentions."""
    named = (ws.rooms.named(name) for name in message_parser.channel_names(text))
    return [
        {key: room[key] for key in ("_id", "name", "fname") if key in room}
        for room in named
        if room is not None and room["t"] in ("c", "p")
    ]


def people(message: Document) -> list[str]:
    """Lists the ids of the users whom a message mentions by name."""
    return [item["_id"] for item in message.get("mentions", ()) if item["_id"] not in GROUPS]


def calls_a_group(message: Document) -> bool:
    """Tells whether a message mentions everybody, or everybody present."""
    return any(item["_id"] in GROUPS for item in message.get("mentions", ()))
