"""Room settings: what may be changed of a room, by whom, and what the room says of it."""

from collections.abc import Mapping
from typing import Any

from preflight.mock import messages, rooms
from preflight.mock.access import has_permission
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room or subscription


def set_topic(ws: Workspace, room: Document, topic: Any, actor: Document) -> None:
    """Changes the topic and says so in the room; the same topic again changes nothing.

    Raises:
        MeteorError: error-action-not-allowed for who may not edit the room.
    """
    if not has_permission(ws, actor, "edit-room", room["_id"]):
        details = {"method": "saveRoomSettings", "action": "Editing_room"}
        raise MeteorError("error-action-not-allowed", "Editing room is not allowed", details)
    text = "" if topic is None else str(topic)
    if text == room.get("topic", ""):
        return
    room["topic"] = text
    ws.touch(room)
    messages.system(ws, room, "room_changed_topic", text, actor)


def set_read_only(ws: Workspace, room: Document, actor: Document, *, read_only: bool) -> None:
    """Makes a room read-only or writable, and says so in the room; raises MeteorError error-not-allowed."""
    if not has_permission(ws, actor, "set-readonly", room["_id"]):
        raise MeteorError("error-not-allowed", "Not allowed", {"method": "saveRoomSettings"})
    room["ro"] = read_only
    ws.touch(room)
    messages.system(ws, room, "room-set-read-only" if read_only else "room-removed-read-only", "", actor)


def save_settings(ws: Workspace, room: Document, changes: Mapping[str, Any], actor: Document) -> None:
    """Changes several things of a room at once, and says in the room what really changed.

    Raises:
        MeteorError: error-invalid-settings for a key that no room has, error-action-not-allowed for who may not edit
            it, or the refusal of a name that cannot be had.
    """
    details = {"method": "saveRoomSettings"}
    unknown = next((key for key in changes if key not in _SAVED), None)
    if unknown is not None:
        raise MeteorError("error-invalid-settings", "Invalid settings provided", details)
    if not has_permission(ws, actor, "edit-room", room["_id"]):
        refused = {**details, "action": "Editing_room"}
        raise MeteorError("error-action-not-allowed", "Editing room is not allowed", refused)
    for key, value in changes.items():
        _save(ws, room, actor, key, value)


_SAVED: Mapping[str, tuple[str, str]] = {
    "roomName": ("name", "r"),
    "roomTopic": ("topic", "room_changed_topic"),
    "roomAnnouncement": ("announcement", "room_changed_announcement"),
    "roomDescription": ("description", "room_changed_description"),
    "readOnly": ("ro", ""),
    "reactWhenReadOnly": ("reactWhenReadOnly", ""),
    "systemMessages": ("sysMes", ""),
    "default": ("default", ""),
    "joinCode": ("joinCode", ""),
    "roomCustomFields": ("customFields", ""),
    "favorite": ("favorite", ""),
}


def _save(ws: Workspace, room: Document, actor: Document, setting: str, value: Any) -> None:
    key, kind = _SAVED[setting]
    if room.get(key) == value:
        return
    if setting == "roomName":
        ws.rooms.rename(room, rooms.valid_name(ws, str(value), room))
        room["fname"] = value
    else:
        room[key] = value
    if setting == "joinCode":
        room["joinCodeRequired"] = bool(value)
    ws.touch(room)
    if setting == "readOnly":
        kind = "room-set-read-only" if value else "room-removed-read-only"
    elif setting == "reactWhenReadOnly":
        kind = "room-allowed-reacting" if value else "room-disallowed-reacting"
    if kind:
        messages.system(ws, room, kind, value if isinstance(value, str) else "", actor)
    for subscription in ws.subscriptions.of_room(room["_id"]):
        copied: Document = {name: room[name] for name in ("name", "fname", "customFields") if name in room}
        if any(subscription.get(name) != each for name, each in copied.items()):
            subscription.update(copied)
            ws.touch(subscription)


def mute(ws: Workspace, room: Document, user: Document, actor: Document) -> None:
    """Takes the word from a member; raises MeteorError error-not-allowed or error-user-not-in-room."""
    _silence(ws, room, user, actor, "muteUserInRoom")
    if room.get("ro"):
        _without(room, "unmuted", user["username"])
    else:
        _with(room, "muted", user["username"])
    messages.system(ws, room, "user-muted", user["username"], actor)


def unmute(ws: Workspace, room: Document, user: Document, actor: Document) -> None:
    """Gives a member the word; raises as mute does."""
    _silence(ws, room, user, actor, "unmuteUserInRoom")
    _without(room, "muted", user["username"])
    if room.get("ro"):
        _with(room, "unmuted", user["username"])
    messages.system(ws, room, "user-unmuted", user["username"], actor)


def _silence(ws: Workspace, room: Document, user: Document, actor: Document, method: str) -> None:
    if not has_permission(ws, actor, "mute-user", room["_id"]):
        raise MeteorError("error-not-allowed", "Not allowed", {"method": method})
    if ws.subscriptions.get(room["_id"], user["_id"]) is None:
        raise MeteorError("error-user-not-in-room", "User is not in this room", {"method": method})


def _with(room: Document, key: str, username: str) -> None:
    room[key] = [*(each for each in room.get(key, ()) if each != username), username]


def _without(room: Document, key: str, username: str) -> None:
    if key in room:
        room[key] = [each for each in room[key] if each != username]


def favorite(ws: Workspace, room: Document, user: Document, *, wanted: bool) -> None:
    """Marks a room as a favourite of a member, or not; raises MeteorError error-invalid-subscription."""
    subscription = ws.subscriptions.get(room["_id"], user["_id"])
    if subscription is None:
        reason = "You must be part of a room to favorite it"
        raise MeteorError("error-invalid-subscription", reason, {"method": "toggleFavorite"})
    subscription["f"] = wanted
    ws.touch(subscription)
