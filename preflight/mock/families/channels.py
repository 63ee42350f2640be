"""channels.* and groups.*: how public and private rooms come to be, change and end; the two differ in a word or two."""

from collections.abc import Callable, Mapping
from typing import Any

from preflight.mock import membership, named, room_settings, rooms, subscriptions
from preflight.mock.access import can_access_room, has_permission
from preflight.mock.call import Call
from preflight.mock.refusals import Failure, Forbidden, MeteorError, TypedFailure
from preflight.mock.routing import Body, Routes
from preflight.mock.schemas import FLAG, TEXT, either
from preflight.mock.validation import Schema
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room or subscription

ROUTES = Routes()

_KINDS = {"channels": "c", "groups": "p"}
_SINGULAR = {"c": "channel", "p": "group"}
_SPOKEN = {"c": "channel", "p": "private group"}
_ROOM: tuple[Mapping[str, Schema], ...] = ({"roomId": TEXT}, {"roomName": TEXT})


def _with(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Gives the schema of a room, by id or by name, and what else there must and may be."""
    return either([{**room, **required} for room in _ROOM], optional)


_ONLY_A_ROOM = _with({})


def _both(
    method: str, action: str, *, channels: Schema | None = None
) -> Callable[[Callable[[Call], Body]], Callable[[Call], Body]]:
    """Registers a handler for channels, whose body may have a schema, and for groups, which look for themselves."""

    def register(handler: Callable[[Call], Body]) -> Callable[[Call], Body]:
        ROUTES.route(method, f"channels.{action}", body=channels)(handler)
        ROUTES.route(method, f"groups.{action}")(handler)
        return handler

    return register


def _kind(call: Call) -> str:
    return _KINDS[call.name.partition(".")[0]]


def _meant(call: Call, *, archived: bool = False) -> Document:
    """Gives the room that the body means; archived ones are refused unless they are wanted."""
    return named.channel_or_group(call.workspace, call.body, _kind(call), call.caller, archived=archived)


def _shown(call: Call, room: Document) -> Body:
    return {_SINGULAR[_kind(call)]: rooms.listed(room)}


def _shown_channel(call: Call, room: Document) -> Body:
    """Gives the room where it is a channel; groups say nothing."""
    return _shown(call, room) if _kind(call) == "c" else {}


# -- beginning and end -----------------------------------------------------------------------------------------------


@_both("POST", "create")
def create(call: Call) -> Body:
    """Makes a channel or a group with its first members."""
    body, kind = call.body, _kind(call)
    if kind == "c" and not has_permission(call.workspace, call.caller, "create-c"):
        raise Forbidden
    name = body.get("name")
    if not name:
        raise Failure('Body param "name" is required')
    members = body.get("members") or []
    if not isinstance(members, list):
        raise Failure('Body param "members" must be an array if provided')
    for key in ("customFields", "extraData"):
        if body.get(key) and not isinstance(body[key], dict):
            raise Failure(f'Body param "{key}" must be an object if provided')
    extra = body.get("extraData") or {}
    plan = rooms.Plan(
        kind=kind,
        name=str(name),
        members=tuple(str(each) for each in members),
        read_only=bool(body.get("readOnly")),
        custom_fields=body.get("customFields"),
        extra={key: extra[key] for key in ("topic", "broadcast", "encrypted") if key in extra},
    )
    return _shown(call, rooms.create(call.workspace, call.caller, plan))


@_both("POST", "delete", channels=_ONLY_A_ROOM)
def delete(call: Call) -> Body:
    """Removes a room."""
    room = _meant(call, archived=True)
    if not has_permission(call.workspace, call.caller, f"delete-{room['t']}", room["_id"]):
        raise MeteorError("error-not-allowed", "Not allowed", {"method": "eraseRoom"})
    rooms.delete(call.workspace, room)
    return {}


@_both("POST", "archive", channels=_ONLY_A_ROOM)
def archive(call: Call) -> Body:
    """Archives a room that is not archived yet."""
    rooms.archive(call.workspace, _meant(call), call.caller)
    return {}


@_both("POST", "unarchive", channels=_ONLY_A_ROOM)
def unarchive(call: Call) -> Body:
    """Takes a room out of the archive."""
    room = _meant(call, archived=True)
    if not room.get("archived"):
        stop = "" if room["t"] == "c" else "."
        raise Failure(f"The {_SPOKEN[room['t']]}, {room['name']}, is not archived{stop}")
    rooms.unarchive(call.workspace, room, call.caller)
    return {}


# -- people ----------------------------------------------------------------------------------------------------------


@_both("POST", "invite")
def invite(call: Call) -> Body:
    """Brings people into a room."""
    ws = call.workspace
    room = _meant(call)
    people = named.people(ws, call.body)
    if not people:
        raise TypedFailure("invalid-user-invite-list", "Cannot invite if no users are provided")
    if not membership.may_add(ws, room, call.caller):
        raise MeteorError("error-not-allowed", "Not allowed", {"method": "addUsersToRoom"})
    for person in people:
        rooms.join(ws, room, person)
    return _shown(call, room)


@_both("POST", "kick", channels=_with({"userId": TEXT}))
def kick(call: Call) -> Body:
    """Takes somebody out of a room."""
    room = _meant(call)
    membership.kick(call.workspace, room, named.person(call.workspace, call.body), call.caller)
    return _shown_channel(call, room)


@_both("POST", "leave", channels=_ONLY_A_ROOM)
def leave(call: Call) -> Body:
    """Takes the caller out of a room."""
    room = _meant(call)
    membership.leave(call.workspace, room, call.caller)
    return _shown_channel(call, room)


@ROUTES.route("POST", "channels.join", body=_with({}, {"joinCode": {"type": "string", "nullable": True}}))
def join(call: Call) -> Body:
    """Brings the caller into a channel."""
    ws = call.workspace
    room = _meant(call)
    if not can_access_room(ws, room, call.caller):
        raise MeteorError("error-not-allowed", "Not allowed", {"method": "joinRoom"})
    code = room.get("joinCode")
    if code and call.body.get("joinCode") != code and not has_permission(ws, call.caller, "join-without-join-code"):
        raise MeteorError("error-code-required", "Code required", {"method": "joinRoom"})
    rooms.join(ws, room, call.caller)
    return _shown(call, room)


def _role(change: Callable[[Workspace, Document, Document, str, Document], None], role: str) -> Callable[[Call], Body]:
    def handler(call: Call) -> Body:
        room = _meant(call)
        change(call.workspace, room, named.person(call.workspace, call.body), role, call.caller)
        return {}

    return handler


for _name in ("owner", "moderator", "leader"):
    _both("POST", f"add{_name.capitalize()}")(_role(membership.add_role, _name))
    _both("POST", f"remove{_name.capitalize()}")(_role(membership.remove_role, _name))


# -- the caller's list -----------------------------------------------------------------------------------------------


@_both("POST", "open", channels=_ONLY_A_ROOM)
def open_(call: Call) -> Body:
    """Shows a room in the caller's list again."""
    subscription = _place(call)
    if subscription["open"]:
        ending = "to" if subscription["t"] == "c" else "for"
        raise Failure(f"The {_SPOKEN[subscription['t']]}, {subscription['name']}, is already open {ending} the sender")
    subscriptions.show(call.workspace, subscription)
    return {}


@_both("POST", "close")
def close(call: Call) -> Body:
    """Takes a room from the caller's list; they stay a member."""
    subscription = _place(call)
    if not subscription["open"]:
        raise Failure(f"The {_SPOKEN[subscription['t']]}, {subscription['name']}, is already closed to the sender")
    subscriptions.hide(call.workspace, subscription)
    return {}


def _place(call: Call) -> Document:
    room = _meant(call, archived=True)
    subscription = call.workspace.subscriptions.get(room["_id"], call.caller["_id"])
    if subscription is None:
        raise Failure(f'The user is not subscribed to the {_SINGULAR[room["t"]]} "{room["name"]}".')
    return subscription


# -- settings --------------------------------------------------------------------------------------------------------


@_both("POST", "rename")
def rename(call: Call) -> Body:
    """Gives a room another name."""
    name = call.body.get("name")
    if not isinstance(name, str) or not name.strip():
        raise Failure('The bodyParam "name" is required')
    room = _meant(call)
    if room["name"] == name:
        raise Failure(f"The {_SINGULAR[room['t']]} name is the same as what it would be renamed to.")
    room_settings.save_settings(call.workspace, room, {"roomName": name}, call.caller)
    return _shown(call, room)


def _text(action: str, parameter: str, setting: str) -> Callable[[Call], Body]:
    def handler(call: Call) -> Body:
        if parameter not in call.body:
            raise Failure(f'The bodyParam "{parameter}" is required')
        value = call.body[parameter]
        room_settings.save_settings(call.workspace, _meant(call), {setting: value}, call.caller)
        return {parameter: value or ""}

    handler.__doc__ = f"Changes a room as {action} says, and gives back what was sent."
    return handler


for _action, _parameter, _setting in (
    ("setTopic", "topic", "roomTopic"),
    ("setDescription", "description", "roomDescription"),
    ("setPurpose", "purpose", "roomDescription"),
):
    _both("POST", _action)(_text(_action, _parameter, _setting))
_both("POST", "setAnnouncement", channels=_with({"announcement": TEXT}))(
    _text("setAnnouncement", "announcement", "roomAnnouncement")
)


@_both("POST", "setReadOnly", channels=_with({"readOnly": FLAG}))
def set_read_only(call: Call) -> Body:
    """Makes a room read-only, or writable again."""
    wanted = call.body.get("readOnly")
    if wanted is None:
        raise Failure('The bodyParam "readOnly" is required')
    room = _meant(call)
    if bool(room.get("ro")) == wanted:
        raise Failure(f"The {_SPOKEN[room['t']]} read only setting is the same as what it would be changed to.")
    room_settings.save_settings(call.workspace, room, {"readOnly": wanted}, call.caller)
    return _shown(call, room)


@_both("POST", "setType")
def set_type(call: Call) -> Body:
    """Makes a channel private or a group public."""
    wanted = call.body.get("type")
    if not isinstance(wanted, str) or not wanted.strip():
        raise Failure('The bodyParam "type" is required')
    room = _meant(call)
    if room["t"] == wanted:
        raise Failure(f"The {_SPOKEN[room['t']]} type is the same as what it would be changed to.")
    room_settings.save_settings(call.workspace, room, {"roomType": wanted}, call.caller)
    return _shown(call, room)


@_both("POST", "setCustomFields")
def set_custom_fields(call: Call) -> Body:
    """Changes what a workspace adds to its rooms."""
    fields = call.body.get("customFields")
    if not isinstance(fields, dict):
        raise Failure('The bodyParam "customFields" is required with a type like object.')
    room = _meant(call)
    room_settings.save_settings(call.workspace, room, {"roomCustomFields": fields}, call.caller)
    return _shown(call, room)


@ROUTES.route("POST", "channels.setDefault")
def set_default(call: Call) -> Body:
    """Makes a channel one that new users join, or no longer."""
    wanted = call.body.get("default")
    if "default" not in call.body:
        raise TypedFailure('The bodyParam "default" is required', "error-channels-setdefault-is-same")
    room = _meant(call)
    if room.get("default") == wanted:
        text = "The channel default setting is the same as what it would be changed to."
        raise TypedFailure(text, "error-channels-setdefault-missing-default-param")
    is_default = str(wanted).lower() in {"true", "1"}
    room_settings.save_settings(call.workspace, room, {"default": is_default}, call.caller)
    return _shown(call, room)


@ROUTES.route("POST", "channels.setJoinCode")
def set_join_code(call: Call) -> Body:
    """Asks who joins a channel for a word."""
    code = call.body.get("joinCode")
    if not isinstance(code, str) or not code.strip():
        raise Failure('The bodyParam "joinCode" is required')
    room = _meant(call)
    room_settings.save_settings(call.workspace, room, {"joinCode": code}, call.caller)
    return _shown(call, room)


@ROUTES.route("POST", "groups.setEncrypted")
def set_encrypted(call: Call) -> Body:
    """Switches the encryption of a group."""
    wanted = call.body.get("encrypted")
    if wanted is None:
        raise Failure('The bodyParam "encrypted" is required')
    room = _meant(call)
    room_settings.save_settings(call.workspace, room, {"encrypted": wanted}, call.caller)
    return _shown(call, room)
