"""Subscriptions: how people come to be in a room, how they leave, and what they have read."""

from typing import Any

from preflight.mock import receipts, users
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room or subscription


def owner(ws: Workspace, room: Document, user: Document) -> Document:
    """Makes a user the first owner of a room."""
    subscription = _new(ws, room, user)
    subscription["ls"] = subscription["ts"]
    subscription["roles"] = ["owner"]
    return _kept(ws, subscription)


def member(ws: Workspace, room: Document, user: Document) -> Document:
    """Makes a user a member of a room from its beginning: nothing to read yet."""
    return _kept(ws, _new(ws, room, user))


def newcomer(ws: Workspace, room: Document, user: Document) -> Document:
    """Makes a user a member who came later: the room shows itself as unread."""
    return _kept(ws, {**_new(ws, room, user), "alert": True, "unread": 1, "userMentions": 1})


def poster(ws: Workspace, room: Document, user: Document) -> Document:
    """Makes a user a member by their posting: everything is read."""
    subscription = _new(ws, room, user)
    return _kept(ws, {**subscription, "ls": subscription["ts"]})


def partner(ws: Workspace, room: Document, user: Document, others: list[Document], *, is_open: bool) -> Document:
    """Makes a user a member of a direct room, which is named after the others in it."""
    shown = others or [user]
    now = ws.clock.now()
    subscription: Document = {
        "_id": ws.ids.short(),
        "rid": room["_id"],
        "u": users.brief(user),
        "_updatedAt": now,
        "alert": False,
        "fname": ", ".join(each.get("name") or each["username"] for each in shown),
        "groupMentions": 0,
        "name": ", ".join(each["username"] for each in shown),
        "open": is_open,
        "t": "d",
        "ts": now,
        "unread": 0,
        "userMentions": 0,
    }
    return _kept(ws, subscription)


def _new(ws: Workspace, room: Document, user: Document) -> Document:
    now = ws.clock.now()
    extra: Document = {key: room[key] for key in ("fname", "customFields", "prid", "teamId", "teamMain") if key in room}
    return {
        "_id": ws.ids.hex(),
        "open": True,
        "alert": False,
        "unread": 0,
        "userMentions": 0,
        "groupMentions": 0,
        "ts": now,
        "rid": room["_id"],
        "name": room["name"],
        **extra,
        "t": room["t"],
        "u": users.brief(user),
        "_updatedAt": now,
    }


def _kept(ws: Workspace, subscription: Document) -> Document:
    ws.subscriptions.add(subscription)
    return subscription


def remove(ws: Workspace, subscription: Document) -> None:
    """Ends a subscription; the trash keeps it."""
    ws.subscriptions.remove(subscription)
    ws.trash.put("subscription", subscription, ws.clock.now())


def read(ws: Workspace, subscription: Document) -> None:
    """Notes that everything in the room was read now."""
    subscription |= {"open": True, "alert": False, "unread": 0, "userMentions": 0, "groupMentions": 0}
    subscription["ls"] = ws.clock.now()
    ws.touch(subscription)
    receipts.note_reading(ws, subscription["rid"])


def show(ws: Workspace, subscription: Document) -> None:
    """Opens a room in its member's list."""
    subscription["open"] = True
    ws.touch(subscription)


def hide(ws: Workspace, subscription: Document) -> None:
    """Closes a room in its member's list; what is unread stays unread."""
    subscription |= {"open": False, "alert": False}
    ws.touch(subscription)


def add_role(ws: Workspace, subscription: Document, role: str) -> None:
    """Gives a member a role in the room."""
    subscription["roles"] = [*subscription.get("roles", ()), role]
    ws.touch(subscription)


def remove_role(ws: Workspace, subscription: Document, role: str) -> None:
    """Takes a role from a member; the list stays, empty perhaps."""
    subscription["roles"] = [held for held in subscription.get("roles", ()) if held != role]
    ws.touch(subscription)
