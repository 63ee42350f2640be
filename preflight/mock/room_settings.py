"""Room settings: what may be changed of a room, by whom, and what the room says of it."""

from collections.abc import Callable, Mapping
from typing import Any

from preflight.mock import messages, rooms
from preflight.mock.access import has_permission
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room or subscription

_METHOD = {"method": "saveRoomSettings"}


def save_settings(ws: Workspace, room: Document, changes: Mapping[str, Any], actor: Document) -> None:
    """Changes several things of a room at once, and says in the room what really changed.

    Nothing is changed where one of them is refused. Members of a direct room may switch encryption and nothing else.

    Raises:
        MeteorError: error-invalid-settings for a key that no room has, error-action-not-allowed for who may not edit
            it, or the refusal of a value that cannot be had.
    """
    if any(key not in _SAVERS for key in changes):
        raise MeteorError("error-invalid-settings", "Invalid settings provided", _METHOD)
    if not has_permission(ws, actor, "edit-room", room["_id"]):
        if room["t"] != "d" or "encrypted" not in changes:
            raise _refused("Editing room is not allowed", "Editing_room")
        changes = {"encrypted": changes["encrypted"]}
    if room.get("broadcast") and (changes.get("readOnly") or changes.get("reactWhenReadOnly")):
        reason = "Editing readOnly/reactWhenReadOnly are not allowed for broadcast rooms"
        raise _refused(reason, "Editing_room")
    for key, value in changes.items():
        _check(ws, room, actor, key, value)
    for key, value in changes.items():
        _SAVERS[key](ws, room, actor, value)


def set_topic(ws: Workspace, room: Document, topic: Any, actor: Document) -> None:
    """Changes the topic and says so in the room; the same topic again changes nothing.

    Raises:
        MeteorError: error-action-not-allowed for who may not edit the room.
    """
    save_settings(ws, room, {"roomTopic": topic}, actor)


# -- what is refused -------------------------------------------------------------------------------------------------


def _refused(reason: str, action: str) -> MeteorError:
    return MeteorError("error-action-not-allowed", reason, {**_METHOD, "action": action})


def _check(ws: Workspace, room: Document, actor: Document, key: str, value: Any) -> None:
    if key in {"default", "featured"} and not has_permission(ws, actor, "view-room-administration"):
        raise _refused("Viewing room administration is not allowed", "Viewing_room_administration")
    if key == "encrypted" and value != room.get("encrypted"):
        _check_encryption(ws, room, actor)
    if key == "roomType" and value != room["t"]:
        _check_kind(ws, actor, value)
    if key == "sidepanel" and not room.get("teamMain"):
        raise _refused("Invalid room", "Change_Room_Sidepanel")
    if key.startswith("retention") and not has_permission(ws, actor, "edit-room-retention-policy", room["_id"]):
        raise _refused("Editing room retention policy is not allowed", "Editing_room")
    if key == "roomAvatar" and not has_permission(ws, actor, "edit-room-avatar", room["_id"]):
        raise _refused("Editing a room avatar is not allowed", "Editing_room")


def _check_encryption(ws: Workspace, room: Document, actor: Document) -> None:
    action = "Change_Room_Encrypted"
    if room["t"] == "c":
        raise _refused("Only groups or direct channels can enable encryption", action)
    if room["t"] != "d" and not has_permission(ws, actor, "toggle-room-e2e-encryption", room["_id"]):
        raise _refused("You do not have permission to toggle E2E encryption", action)


def _check_kind(ws: Workspace, actor: Document, kind: Any) -> None:
    if kind == "c" and not has_permission(ws, actor, "create-c"):
        raise _refused("Changing a private group to a public channel is not allowed", "Change_Room_Type")
    if kind == "p" and not has_permission(ws, actor, "create-p"):
        raise _refused("Changing a public channel to a private room is not allowed", "Change_Room_Type")
    if kind not in {"c", "p"}:
        details = {"function": "RocketChat.saveRoomType", "type": kind}
        raise MeteorError("error-invalid-room-type", "error-invalid-room-type", details)


# -- what is kept ----------------------------------------------------------------------------------------------------

_Saver = Callable[[Workspace, Document, Document, Any], None]


def _name(ws: Workspace, room: Document, actor: Document, value: Any) -> None:
    name = str(value)
    if name in {room.get("name"), ""} or room["t"] == "d":
        return
    ws.rooms.rename(room, rooms.valid_name(ws, name, room))
    room["fname"] = name
    team = ws.teams.get(room.get("teamId", ""))
    if team is not None and room.get("teamMain"):
        team["name"] = name
    _copy_to_members(ws, room, "name", "fname")
    messages.system(ws, room, "r", name, actor)


def _text(key: str) -> _Saver:
    """Keeps a text such as the topic; a number is kept as a text, and nothing as an empty one."""

    def save(ws: Workspace, room: Document, actor: Document, value: Any) -> None:
        text = "" if value is None else str(value)
        if text != room.get(key, ""):
            room[key] = text
            messages.system(ws, room, f"room_changed_{key}", text, actor)

    return save


def _kind(ws: Workspace, room: Document, actor: Document, value: Any) -> None:
    if value != room["t"]:
        room["t"] = value
        _copy_to_members(ws, room, "t")
        messages.system(ws, room, "room_changed_privacy", {"c": "public", "p": "private"}[value], actor)


def _switch(key: str, on: str, off: str) -> _Saver:
    """Keeps whether something is on, and says which it is where that changed."""

    def save(ws: Workspace, room: Document, actor: Document, value: Any) -> None:
        if value != room.get(key):
            changed = bool(value) != bool(room.get(key))
            room[key] = value
            ws.touch(room)
            if changed:
                messages.system(ws, room, on if value else off, "", actor)

    return save


def _plain(key: str) -> _Saver:
    """Keeps a value without a word."""

    def save(ws: Workspace, room: Document, _actor: Document, value: Any) -> None:
        if room.get(key) != value:
            room[key] = value
            ws.touch(room)

    return save


def _custom_fields(ws: Workspace, room: Document, _actor: Document, value: Any) -> None:
    room["customFields"] = value
    ws.touch(room)
    _copy_to_members(ws, room, "customFields")


def _join_code(ws: Workspace, room: Document, _actor: Document, value: Any) -> None:
    code = "" if value is None else str(value)
    room["joinCodeRequired"] = bool(code.strip())
    if code.strip():
        room["joinCode"] = code
    else:
        room.pop("joinCode", None)
    ws.touch(room)


def _favorite(ws: Workspace, room: Document, _actor: Document, value: Any) -> None:
    """Makes the room one that everybody finds among their favourites when it is a default one."""
    wanted = value if isinstance(value, dict) else {}
    room["favorite"] = bool(wanted.get("favorite"))
    room["default"] = bool(wanted.get("defaultValue", room.get("default")))
    ws.touch(room)


def _retention(key: str) -> _Saver:
    def save(ws: Workspace, room: Document, _actor: Document, value: Any) -> None:
        room["retention"] = {**room.get("retention", {}), key: value}
        ws.touch(room)

    return save


def _copy_to_members(ws: Workspace, room: Document, *keys: str) -> None:
    for subscription in ws.subscriptions.of_room(room["_id"]):
        subscription.update({key: room[key] for key in keys})
        ws.touch(subscription)


_SAVERS: Mapping[str, _Saver] = {
    "roomName": _name,
    "roomTopic": _text("topic"),
    "roomAnnouncement": _text("announcement"),
    "roomDescription": _text("description"),
    "roomType": _kind,
    "readOnly": _switch("ro", "room-set-read-only", "room-removed-read-only"),
    "reactWhenReadOnly": _switch("reactWhenReadOnly", "room-allowed-reacting", "room-disallowed-reacting"),
    "encrypted": _switch("encrypted", "room_e2e_enabled", "room_e2e_disabled"),
    "systemMessages": _plain("sysMes"),
    "default": _plain("default"),
    "featured": _plain("featured"),
    "roomAvatar": _plain("avatarETag"),
    "sidepanel": _plain("sidepanel"),
    "joinCode": _join_code,
    "roomCustomFields": _custom_fields,
    "favorite": _favorite,
    "retentionEnabled": _retention("enabled"),
    "retentionMaxAge": _retention("maxAge"),
    "retentionExcludePinned": _retention("excludePinned"),
    "retentionFilesOnly": _retention("filesOnly"),
    "retentionIgnoreThreads": _retention("ignoreThreads"),
    "retentionOverrideGlobal": _retention("overrideGlobal"),
}


# -- members ---------------------------------------------------------------------------------------------------------


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
