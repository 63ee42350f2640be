"""Discussions: rooms that hang on a room, and perhaps on one of its messages."""

from dataclasses import dataclass
from typing import Any

from preflight.mock import messages, rooms
from preflight.mock.access import accessible_room, has_permission
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room or message


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a discussion shall be: on which room and message, its title, its first message, and who is in it."""

    parent: Any
    title: str
    message: Any = None
    reply: Any = None
    members: tuple[str, ...] = ()


def create(ws: Workspace, creator: Document, wish: Wish) -> Document:
    """Makes a discussion, says so in its parent, and gives it as it was at its beginning.

    Raises:
        MeteorError: error-action-not-allowed, error-invalid-room, error-invalid-message or error-nested-discussion.
    """
    method = {"method": "DiscussionCreation"}
    if not ws.settings["Discussion_enabled"] or not _may_start(ws, creator):
        raise MeteorError("error-action-not-allowed", "You are not allowed to create a discussion", method)
    parent = accessible_room(ws, wish.parent, creator)
    if parent is None:
        raise MeteorError("error-invalid-room", "Invalid room", method)
    if parent.get("prid"):
        raise MeteorError("error-nested-discussion", "Cannot create nested discussions", method)
    about = ws.messages.get(wish.message) if wish.message else None
    if wish.message and (about is None or about["rid"] != parent["_id"]):
        raise MeteorError("error-invalid-message", "Invalid message", method)
    return _made(ws, creator, parent, about, wish)


def _may_start(ws: Workspace, user: Document) -> bool:
    return any(has_permission(ws, user, name) for name in ("start-discussion", "start-discussion-other-user"))


def _made(ws: Workspace, creator: Document, parent: Document, about: Document | None, wish: Wish) -> Document:
    extra = {"description": about["msg"]} if about is not None else {}
    room = rooms.discussion(ws, parent, creator, wish.title, extra)
    as_born = {"rid": room["_id"], "inserted": True, **room}
    author = [about["u"]["username"]] if about is not None else []
    rooms.populate(ws, room, creator, [*author, *wish.members])
    embedded = {"attachments": [_embedded(parent, about)]} if about is not None else {}
    messages.system(ws, parent, "discussion-created", wish.title, creator, drid=room["_id"], **embedded)
    if wish.reply:
        messages.post(ws, creator, room, {"msg": str(wish.reply)})
    return as_born


def _embedded(parent: Document, message: Document) -> Document:
    path = {"c": "channel", "p": "group", "d": "direct"}[parent["t"]]
    name = parent.get("name", parent["_id"])
    return {
        "text": message["msg"],
        "author_name": message["u"]["username"],
        "author_icon": f"/avatar/{message['u']['username']}",
        "message_link": f"/{path}/{name}?msg={message['_id']}",
        "ts": message["ts"],
    }
