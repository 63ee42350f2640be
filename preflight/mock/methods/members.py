"""Methods about the people in a room: bringing them in, what they are there, and whether they may speak."""

from typing import Any

from preflight.mock import membership, messages, room_settings, rooms, subscriptions, users
from preflight.mock.access import can_access_room, has_permission
from preflight.mock.method import NOTHING, Handler, Invocation, Methods
from preflight.mock.permissions import OF_SUBSCRIPTIONS
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.whispers import whisper

Document = dict[str, Any]  # a stored user, room or subscription

METHODS = Methods()

_ADDING = {"method": "addUsersToRoom"}
_REMOVED = "8.0"  # the release that no longer has the methods for muting and for reading roles


# -- bringing people in ----------------------------------------------------------------------------------------------


@METHODS.method("addUserToRoom")
def add_user(call: Invocation) -> Any:
    """Brings somebody into a room, who is said to have joined; its errors name the method for several."""
    user = call.caller()
    data = call.param(0)
    if data is None:
        raise Failure("Cannot read property 'rid' of undefined")
    given = data.get("username") if isinstance(data, dict) else None
    room = _to_add_to(call, data, user)
    for person in _people(call, [given]):
        if _is_in(call, room, person):
            whisper(call.workspace, room["_id"], user, f"{person['username']} is already in here.")
        else:
            rooms.join(call.workspace, room, person)
    return NOTHING


@METHODS.method("addUsersToRoom")
def add_users(call: Invocation) -> bool:
    """Brings people into a room, each of whom is said to have been added."""
    user = call.caller()
    data = call.param(0)
    if data is None:
        raise Failure("Cannot read property 'rid' of null")
    room = _to_add_to(call, data, user)
    given = data.get("users")
    if not isinstance(given, list):
        raise MeteorError("error-invalid-arguments", "Invalid arguments", _ADDING)
    ws = call.workspace
    for person in _people(call, given):
        if not _is_in(call, room, person):
            subscriptions.newcomer(ws, room, person)
            room["usersCount"] += 1
            messages.system(ws, room, "au", person["username"], users.brief(user))
    return True


def _is_in(call: Invocation, room: Document, person: Document) -> bool:
    """Tells whether somebody is in a room."""
    return call.workspace.subscriptions.get(room["_id"], person["_id"]) is not None


def _to_add_to(call: Invocation, data: Any, user: Document) -> Document:
    """Gives the room that the caller may bring people into; raises MeteorError."""
    room = call.workspace.rooms.get(data.get("rid")) if isinstance(data, dict) else None
    if room is None:
        raise MeteorError("error-invalid-room", "Invalid room", _ADDING)
    if room["t"] == "d":
        raise MeteorError("error-cant-invite-for-direct-room", "Can't invite user to direct rooms", _ADDING)
    if not membership.may_add(call.workspace, room, user):
        raise MeteorError("error-not-allowed", "Not allowed", _ADDING)
    return room


def _people(call: Invocation, usernames: list[Any]) -> list[Document]:
    """Gives the users of some names; raises Failure for what is no name, and MeteorError for one that nobody has."""
    if not all(isinstance(each, str) and each for each in usernames):
        raise Failure("Cannot read property 'trim' of undefined")
    found = [call.workspace.users.named(each.removeprefix("@")) for each in usernames]
    if None in found:
        raise MeteorError("error-invalid-username", "Invalid username", _ADDING)
    return [person for person in found if person is not None]


# -- roles -----------------------------------------------------------------------------------------------------------


def _role_changer(role: str, *, wanted: bool) -> Handler:
    """Makes the handler that gives a role in a room, or takes it."""

    def change(call: Invocation) -> bool:
        ws, room_id, user_id = call.workspace, call.text(0), call.text(1)
        actor = call.caller()
        room = ws.rooms.get(room_id)
        if room is None and role != "leader":  # the method for leaders never asks whether there is such a room
            raise MeteorError("error-invalid-room", "Invalid room", call.details)
        if not has_permission(ws, actor, f"set-{role}", room_id):
            raise MeteorError("error-not-allowed", "Not allowed", call.details)
        person = ws.users.get(user_id)
        if person is None:
            raise MeteorError("error-invalid-user", "Invalid user", call.details)
        if room is None:
            raise MeteorError("error-user-not-in-room", "User is not in this room", call.details)
        (membership.add_role if wanted else membership.remove_role)(ws, room, person, role, actor)
        return True

    return change


for _role in OF_SUBSCRIPTIONS:
    METHODS.method(f"addRoom{_role.capitalize()}")(_role_changer(_role, wanted=True))
    METHODS.method(f"removeRoom{_role.capitalize()}")(_role_changer(_role, wanted=False))


@METHODS.method("getRoomRoles", until=_REMOVED)
def get_roles(call: Invocation) -> list[Document]:
    """Lists who holds a role in a room, by username."""
    ws, room_id = call.workspace, call.text(0)
    user = call.caller()
    room = call.room(room_id)
    if not can_access_room(ws, room, user):
        raise MeteorError("error-invalid-user", "Invalid user", call.details)
    holding = [each for each in ws.subscriptions.of_room(room["_id"]) if each.get("roles")]
    return [
        {"_id": each["_id"], "rid": each["rid"], "u": _shown(call, each["u"]), "roles": list(each["roles"])}
        for each in sorted(holding, key=lambda each: str(each["u"]["username"]))
    ]


def _shown(call: Invocation, brief: Document) -> Document:
    person = call.workspace.users.get(brief["_id"])
    if person is None or not call.workspace.settings["UI_Use_Real_Name"]:
        return dict(brief)
    return {**brief, "name": person.get("name")}


# -- who may speak ---------------------------------------------------------------------------------------------------


@METHODS.method("muteUserInRoom", until=_REMOVED)
def mute(call: Invocation) -> bool:
    """Takes the word from a member, also from one who does not have it."""
    data = call.named(0, "rid", "username")
    user = call.caller()
    room, person = _to_silence(call, data, user)
    room_settings.mute(call.workspace, room, person, user)
    return True


@METHODS.method("unmuteUserInRoom", until=_REMOVED)
def unmute(call: Invocation) -> bool:
    """Gives a member the word."""
    data = call.named(0, "rid", "username")
    if call.user is None:
        raise MeteorError("error-not-allowed", "Not allowed", call.details)
    room, person = _to_silence(call, data, call.user)
    room_settings.unmute(call.workspace, room, person, call.user)
    return True


def _to_silence(call: Invocation, data: Document, user: Document) -> tuple[Document, Document]:
    """Gives the room and the member that are meant; who may not do it is not even told that there is no such room."""
    ws = call.workspace
    if not has_permission(ws, user, "mute-user", data["rid"]):
        raise MeteorError("error-not-allowed", "Not allowed", call.details)
    room = call.room(data["rid"])
    if room["t"] == "d":
        details = {**call.details, "type": "d"}
        raise MeteorError("error-invalid-room-type", "d is not a valid room type", details)
    person = ws.users.named(data["username"])
    if person is None:
        raise MeteorError("error-user-not-in-room", "User is not in this room", call.details)
    return room, person
