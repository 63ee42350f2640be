"""Methods about rooms: reading them, making them, and changing what they are."""

from datetime import datetime
from typing import Any

from preflight.mock import membership, room_settings, rooms, subscriptions
from preflight.mock.access import can_access_room, has_permission
from preflight.mock.method import NOTHING, Invocation, MatchFailed, Methods
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.trash import tombstone

Document = dict[str, Any]  # a stored user, room or subscription

METHODS = Methods()


# -- reading ---------------------------------------------------------------------------------------------------------


@METHODS.method("rooms/get")
def get(call: Invocation) -> Any:
    """Gives the caller's rooms; with a date, those that changed, and every room erased since."""
    ws = call.workspace
    if call.user is None:
        anonymous = ws.settings["Accounts_AllowAnonymousRead"]
        return [rooms.listed(room) for room in ws.rooms if anonymous and room["t"] == "c" and room.get("default")]
    subscribed = [ws.rooms.get(each["rid"]) for each in ws.subscriptions.of_user(call.user["_id"])]
    mine = [rooms.listed(room) for room in subscribed if room is not None]
    since = call.param(0)
    if not isinstance(since, datetime):
        return mine
    gone = [tombstone(each) for each in ws.trash.since("rooms", since)]
    return {"update": [room for room in mine if room["_updatedAt"] > since], "remove": gone}


@METHODS.method("getRoomById")
def get_by_id(call: Invocation) -> Document:
    """Gives a room with everything that is kept of it; most of its errors name another method."""
    room_id = call.text(0)
    user = call.caller(method="getRoomNameById")
    room = call.workspace.rooms.get(room_id)
    if room is None:
        raise MeteorError("error-not-allowed", "Not allowed", {"method": "getRoomNameById"})
    if not can_access_room(call.workspace, room, user):
        raise MeteorError("error-not-allowed", "Not allowed", call.details)
    return dict(room)


@METHODS.method("getRoomNameById")
def get_name(call: Invocation) -> Any:
    """Gives the name of a room; direct rooms have none."""
    room_id = call.text(0)
    room, user = call.workspace.rooms.get(room_id), call.caller()
    if room is None or not can_access_room(call.workspace, room, user):
        raise MeteorError("error-not-allowed", "Not allowed", call.details)
    return room.get("name", NOTHING)


# -- making and removing ---------------------------------------------------------------------------------------------


@METHODS.method("createDirectMessage")
def create_direct(call: Invocation) -> Document:
    """Opens the direct room of the caller and others; no others gives their own."""
    if call.user is None or not all(isinstance(each, str) for each in call.params):
        raise MatchFailed
    if not all(call.params):
        raise Failure("invalid username")
    room = rooms.open_direct(call.workspace, call.user, list(call.params))
    return {"t": "d", "rid": room["_id"], "usernames": room["usernames"]}


@METHODS.method("createChannel")
def create_channel(call: Invocation) -> Document:
    """Makes a channel and gives it as it was before anybody was in it."""
    return _created(call, "c")


@METHODS.method("createPrivateGroup")
def create_group(call: Invocation) -> Document:
    """Makes a group and gives it as it was before anybody was in it."""
    return _created(call, "p")


def _created(call: Invocation, kind: str) -> Document:
    extra = call.param(4) or {}
    if not isinstance(extra, dict):
        raise MatchFailed
    plan = rooms.Plan(
        kind=kind,
        name=call.text(0),
        members=tuple(call.texts(1)),
        read_only=call.param(2) is True,
        custom_fields=call.param(3) if isinstance(call.param(3), dict) else None,
        extra={key: extra[key] for key in ("topic", "broadcast", "encrypted") if key in extra},
    )
    room = rooms.create(call.workspace, call.caller(), plan)
    born = {**room, "_updatedAt": room["ts"], "usersCount": 0}
    return {"rid": room["_id"], "inserted": True, **born}


@METHODS.method("eraseRoom")
def erase(call: Invocation) -> bool:
    """Removes a room."""
    room_id = call.text(0)
    user = call.caller()
    room = call.room(room_id)
    if not has_permission(call.workspace, user, f"delete-{room['t']}", room["_id"]):
        raise MeteorError("error-not-allowed", "Not allowed", call.details)
    rooms.delete(call.workspace, room)
    return True


# -- changing --------------------------------------------------------------------------------------------------------


@METHODS.method("archiveRoom")
def archive(call: Invocation) -> Any:
    """Archives a room; repeating it is no error."""
    room_id = call.text(0)
    user = call.caller()
    rooms.archive(call.workspace, call.room(room_id), user)
    return NOTHING


@METHODS.method("unarchiveRoom")
def unarchive(call: Invocation) -> Any:
    """Takes a room out of the archive."""
    room_id = call.text(0)
    user = call.caller()
    rooms.unarchive(call.workspace, call.room(room_id), user)
    return NOTHING


@METHODS.method("saveRoomSettings")
def save_settings(call: Invocation) -> Document:
    """Changes one thing of a room, or several that an object names."""
    user = call.caller(function="RocketChat.saveRoomName")
    room_id, given = call.param(0), call.param(1, False)
    if not isinstance(room_id, str):
        raise MeteorError("error-invalid-room", "Invalid room", call.details)
    if given is None:
        raise Failure("Cannot convert undefined or null to object")
    if isinstance(given, str):
        given = {given: call.param(2)}
    if not isinstance(given, dict):
        raise MeteorError("error-invalid-settings", "Invalid settings provided", call.details)
    room = call.room(room_id)
    room_settings.save_settings(call.workspace, room, given, user)
    return {"result": True, "rid": room["_id"]}


# -- the caller's own place in a room --------------------------------------------------------------------------------


@METHODS.method("toggleFavorite")
def favorite(call: Invocation) -> int:
    """Marks a room as the caller's favourite, or not; counts 1 also where it was that already."""
    room_id, wanted = call.text(0), call.param(1, True)
    if not isinstance(wanted, bool):
        raise MatchFailed
    user = call.caller()
    room = call.room(room_id, "error-invalid-subscription", "You must be part of a room to favorite it")
    room_settings.favorite(call.workspace, room, user, wanted=wanted)
    return 1


@METHODS.method("hideRoom")
def hide(call: Invocation) -> int:
    """Closes a room in the caller's list; counts 0 where they are not in it."""
    room_id = call.text(0)
    subscription = call.workspace.subscriptions.get(room_id, call.caller()["_id"])
    if subscription is None:
        return 0
    subscriptions.hide(call.workspace, subscription)
    return 1


@METHODS.method("openRoom")
def open_(call: Invocation) -> int:
    """Opens a room in the caller's list; counts 0 where they are not in it."""
    room_id = call.text(0)
    subscription = call.workspace.subscriptions.get(room_id, call.caller()["_id"])
    if subscription is None:
        return 0
    subscriptions.show(call.workspace, subscription)
    return 1


@METHODS.method("joinRoom")
def join(call: Invocation) -> Any:
    """Brings the caller into a room; who is in it already is told nothing."""
    ws, room_id = call.workspace, call.text(0)
    user = call.caller()
    room = call.room(room_id)
    if not can_access_room(ws, room, user):
        raise MeteorError("error-not-allowed", "Not allowed", call.details)
    if ws.subscriptions.get(room["_id"], user["_id"]) is not None:
        return NOTHING
    code = room.get("joinCode")
    if code and call.param(1) != code and not has_permission(ws, user, "join-without-join-code"):
        raise MeteorError("error-code-required", "Code required", call.details)
    rooms.join(ws, room, user)
    return True


@METHODS.method("leaveRoom")
def leave(call: Invocation) -> Any:
    """Takes the caller out of a room."""
    room_id = call.text(0)
    user = call.caller()
    membership.leave(call.workspace, call.room(room_id), user)
    return NOTHING
