"""Named: which user, users or room the parameters of a request mean, whichever of their names they use."""

from collections.abc import Mapping
from typing import Any

from preflight.mock import rooms
from preflight.mock.access import can_access_room
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user or room

_USER_KEYS = ("userId", "username", "user")
_NO_SUCH_ROOM = 'The required "roomId" or "roomName" param provided does not match any '


def username(ws: Workspace, name: Any) -> Document | None:
    """Gives the user of a name, whatever its case, or None."""
    found = ws.users.named(name)
    if found is not None or not isinstance(name, str):
        return found
    return next((user for user in ws.users if user["username"].lower() == name.lower()), None)


def names_somebody(parameters: Mapping[str, Any]) -> bool:
    """Tells whether the parameters mean a user at all."""
    return any(_filled(parameters.get(key)) for key in _USER_KEYS)


def person(ws: Workspace, parameters: Mapping[str, Any]) -> Document:
    """Gives the user of ``userId``, else of ``username`` or ``user``; raises MeteorError where there is none."""
    if not names_somebody(parameters):
        reason = 'The required "userId" or "username" param was not provided'
        raise MeteorError("error-user-param-not-provided", reason)
    if _filled(parameters.get("userId")):
        found = ws.users.get(parameters["userId"])
    else:
        given = parameters["username"] if _filled(parameters.get("username")) else parameters["user"]
        found = username(ws, given)
    if found is None:
        reason = 'The required "userId" or "username" param provided does not match any users'
        raise MeteorError("error-invalid-user", reason)
    return found


def people(ws: Workspace, parameters: Mapping[str, Any]) -> list[Document]:
    """Gives the users of ``userIds``, ``usernames`` or a single name; unknown ones are left out.

    Raises:
        MeteorError: when nobody is named.
    """
    ids, names = (parameters.get(key) for key in ("userIds", "usernames"))
    listed = ids if isinstance(ids, list) else names if isinstance(names, list) else []
    sole = next((parameters[key] for key in _USER_KEYS if parameters.get(key)), None)
    wanted = [*listed, *([sole] if sole is not None else [])]
    if not wanted:
        reason = 'Please provide "userId" or "username" or "userIds" or "usernames" as param'
        raise MeteorError("error-users-params-not-provided", reason)
    by_id = isinstance(ids, list) or bool(parameters.get("userId"))
    found = [ws.users.get(each) if by_id else username(ws, each) for each in wanted]
    return [each for each in found if each is not None]


def _filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def channel_or_group(
    ws: Workspace, parameters: Mapping[str, Any], kind: str, user: Document, *, archived: bool = False
) -> Document:
    """Gives the channel, or the group that a user may see, which the parameters mean.

    Raises:
        MeteorError: nothing is given, nothing is found, or it is archived where that is not wanted.
    """
    room = rooms.by_id_or_name(ws, parameters, kind)
    if kind == "p" and not can_access_room(ws, room, user):
        raise MeteorError("error-room-not-found", f"{_NO_SUCH_ROOM}group")
    return room if archived else rooms.by_id_or_name(ws, parameters, kind, archived=False)


def any_room(ws: Workspace, parameters: Mapping[str, Any], *, archived: bool = False) -> Document:
    """Gives the room of any kind that the parameters mean; raises MeteorError as ``channel_or_group`` does."""
    if not parameters.get("roomId") and not parameters.get("roomName"):
        raise MeteorError("error-roomid-param-not-provided", 'The parameter "roomId" or "roomName" is required')
    by_id = parameters.get("roomId")
    room = ws.rooms.get(by_id) if by_id else ws.rooms.named(parameters.get("roomName"))
    if room is None:
        raise MeteorError("error-room-not-found", f"{_NO_SUCH_ROOM}channel")
    if room.get("archived") and not archived:
        raise MeteorError("error-room-archived", f"The channel, {room.get('name', room['_id'])}, is archived")
    return room
