"""Membership: how people come into a room by others' will, leave it, and hold roles in it."""

from typing import Any

from preflight.mock import messages, subscriptions
from preflight.mock.access import has_permission, has_room_role
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room or subscription


def may_add(ws: Workspace, room: Document, user: Document) -> bool:
    """Tells whether a user may bring others into a room."""
    joined = ws.subscriptions.get(room["_id"], user["_id"]) is not None
    by_membership = joined and has_permission(ws, user, "add-user-to-joined-room", room["_id"])
    return by_membership or has_permission(ws, user, f"add-user-to-any-{room['t']}-room", room["_id"])


def leave(ws: Workspace, room: Document, user: Document) -> None:
    """Takes a user out of a room by their own will.

    Raises:
        MeteorError: error-not-allowed (a direct room), error-user-not-in-room, error-you-are-last-owner.
    """
    details = {"method": "leaveRoom"}
    permission = f"leave-{room['t']}"
    if room["t"] == "d" or not has_permission(ws, user, permission, room["_id"]):
        raise MeteorError("error-not-allowed", "Not allowed", details)
    if ws.subscriptions.get(room["_id"], user["_id"]) is None:
        raise MeteorError("error-user-not-in-room", "You are not in this room", details)
    if has_room_role(ws, room["_id"], user, "owner") and len(holders(ws, room, "owner")) == 1:
        reason = "You are the last owner. Please set new owner before leaving the room."
        raise MeteorError("error-you-are-last-owner", reason, details)
    _out(ws, room, user)
    messages.system(ws, room, "ult" if room.get("teamMain") else "ul", user["username"], user)


def kick(ws: Workspace, room: Document, user: Document, actor: Document) -> None:
    """Takes a user out of a room by another's will; raises MeteorError as leave does, and where the actor may not."""
    details = {"method": "removeUserFromRoom"}
    if not may_remove(ws, room, actor):
        raise MeteorError("error-not-allowed", "Not allowed", details)
    if ws.subscriptions.get(room["_id"], user["_id"]) is None:
        raise MeteorError("error-user-not-in-room", "User is not in this room", details)
    if has_room_role(ws, room["_id"], user, "owner") and len(holders(ws, room, "owner")) == 1:
        reason = "You are the last owner. Please set new owner before leaving the room."
        raise MeteorError("error-you-are-last-owner", reason, details)
    _out(ws, room, user)
    messages.system(ws, room, "ru", user["username"], actor)


def may_remove(ws: Workspace, room: Document, actor: Document) -> bool:
    """Tells whether a user may take others out of a room."""
    return any(
        has_permission(ws, actor, name, room["_id"]) for name in ("remove-user", f"kick-user-from-any-{room['t']}-room")
    )


def _out(ws: Workspace, room: Document, user: Document) -> None:
    subscription = ws.subscriptions.get(room["_id"], user["_id"])
    if subscription is not None:
        subscriptions.remove(ws, subscription)
        room["usersCount"] -= 1


def holders(ws: Workspace, room: Document, role: str) -> list[Document]:
    """Lists the subscriptions that hold a role in a room."""
    return [each for each in ws.subscriptions.of_room(room["_id"]) if role in each.get("roles", ())]


def add_role(ws: Workspace, room: Document, user: Document, role: str, actor: Document) -> None:
    """Makes a member owner, moderator or leader, and says so in the room.

    Raises:
        MeteorError: error-not-allowed, error-user-not-in-room, error-user-already-ROLE.
    """
    details = {"method": f"addRoom{role.capitalize()}"}
    subscription = _for_role(ws, room, user, details, may=has_permission(ws, actor, f"set-{role}", room["_id"]))
    if role in subscription.get("roles", ()):
        article = "an" if role == "owner" else "a"
        raise MeteorError(f"error-user-already-{role}", f"User is already {article} {role}", details)
    subscriptions.add_role(ws, subscription, role)
    messages.system(ws, room, "subscription-role-added", user["username"], actor, role=role)


def remove_role(ws: Workspace, room: Document, user: Document, role: str, actor: Document) -> None:
    """Takes a role in a room from a member, and says so in the room.

    Raises:
        MeteorError: error-not-allowed, error-user-not-in-room, error-user-not-ROLE, error-remove-last-owner.
    """
    details = {"method": f"removeRoom{role.capitalize()}"}
    subscription = _for_role(ws, room, user, details, may=has_permission(ws, actor, f"set-{role}", room["_id"]))
    if role not in subscription.get("roles", ()):
        article = "an" if role == "owner" else "a"
        raise MeteorError(f"error-user-not-{role}", f"User is not {article} {role}", details)
    if role == "owner" and len(holders(ws, room, "owner")) == 1:
        reason = "This is the last owner. Please set a new owner before removing this one."
        raise MeteorError("error-remove-last-owner", reason, details)
    subscriptions.remove_role(ws, subscription, role)
    messages.system(ws, room, "subscription-role-removed", user["username"], actor, role=role)


def _for_role(ws: Workspace, room: Document, user: Document, details: Document, *, may: bool) -> Document:
    if not may:
        raise MeteorError("error-not-allowed", "Not allowed", details)
    subscription = ws.subscriptions.get(room["_id"], user["_id"])
    if subscription is None:
        raise MeteorError("error-user-not-in-room", "User is not in this room", details)
    return subscription
