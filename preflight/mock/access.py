"""Access: who may see a room, and who may do what in it."""

from typing import Any

from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user or room

_PUBLIC_TEAM = 0


def has_permission(ws: Workspace, user: Document, permission: str, room_id: str | None = None) -> bool:
    """Tells whether a user holds a permission: by their own roles, or by those they have in a room."""
    return ws.permissions.granted(permission, _roles(ws, user, room_id))


def _roles(ws: Workspace, user: Document, room_id: str | None) -> list[str]:
    subscription = ws.subscriptions.get(room_id, user["_id"])
    return [*user["roles"], *(subscription.get("roles", ()) if subscription else ())]


def has_room_role(ws: Workspace, room_id: str, user: Document, role: str) -> bool:
    """Tells whether a user is owner, moderator or leader of a room."""
    subscription = ws.subscriptions.get(room_id, user["_id"])
    return subscription is not None and role in subscription.get("roles", ())


def can_access_room(ws: Workspace, room: Document | None, user: Document) -> bool:
    """Tells whether a user may see a room; a room that does not exist is seen by nobody."""
    if room is None:
        return False
    parent = ws.rooms.get(room.get("prid"))
    return (
        _is_open_to(ws, room, user)
        or _is_of_the_team(ws, room, user)
        or _is_subscribed(ws, room, user)
        or (parent is not None and can_access_room(ws, parent, user))
    )


def _is_open_to(ws: Workspace, room: Document, user: Document) -> bool:
    team = ws.teams.get(room.get("teamId", ""))
    public = room["t"] == "c" and (team is None or team["type"] == _PUBLIC_TEAM)
    return public and has_permission(ws, user, "view-c-room", room["_id"])


def _is_of_the_team(ws: Workspace, room: Document, user: Document) -> bool:
    team = ws.teams.get(room.get("teamId", ""))
    return team is not None and room["t"] == "c" and ws.subscriptions.get(team["roomId"], user["_id"]) is not None


def _is_subscribed(ws: Workspace, room: Document, user: Document) -> bool:
    if ws.subscriptions.get(room["_id"], user["_id"]) is None:
        return False
    permissions = ("view-joined-room", f"view-{room['t']}-room")
    return any(has_permission(ws, user, permission, room["_id"]) for permission in permissions)


def accessible_room(ws: Workspace, room_id: Any, user: Document) -> Document | None:
    """Gives a room that a user may see, or None where there is none or they may not."""
    room = ws.rooms.get(room_id)
    return room if can_access_room(ws, room, user) else None
