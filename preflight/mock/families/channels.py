"""channels.* and groups.*: public and private rooms. The two differ in a word here and there."""

from collections.abc import Callable, Mapping
from typing import Any

from preflight.mock import membership, messages, room_settings, rooms
from preflight.mock.access import can_access_room, has_permission
from preflight.mock.call import Call
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.routing import Body, Routes
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room or subscription

ROUTES = Routes()

_KINDS = {"channels": "c", "groups": "p"}
_SINGULAR = {"c": "channel", "p": "group"}


def _both(method: str, action: str) -> Callable[[Callable[[Call], Body]], Callable[[Call], Body]]:
    """Registers a handler for channels and for groups."""

    def register(handler: Callable[[Call], Body]) -> Callable[[Call], Body]:
        for family in _KINDS:
            ROUTES.route(method, f"{family}.{action}")(handler)
        return handler

    return register


def _kind(call: Call) -> str:
    return _KINDS[call.name.partition(".")[0]]


def _meant(call: Call, parameters: Mapping[str, Any], *, archived: bool = True) -> Document:
    """Gives the channel, or the group that the caller is in, which the parameters mean."""
    kind = _kind(call)
    room = rooms.by_id_or_name(call.workspace, parameters, kind, archived=archived)
    if kind == "p" and not can_access_room(call.workspace, room, call.caller):
        reason = 'The required "roomId" or "roomName" param provided does not match any group'
        raise MeteorError("error-room-not-found", reason)
    return room


def _person(ws: Workspace, parameters: Mapping[str, Any]) -> Document:
    """Gives the user whom the parameters mean; raises MeteorError where there is none."""
    names = ("userId", "username", "user")
    if not any(parameters.get(name) for name in names):
        reason = 'The required "userId" or "username" param was not provided'
        raise MeteorError("error-user-param-not-provided", reason)
    found = ws.users.get(parameters.get("userId")) or ws.users.named(
        parameters.get("username") or parameters.get("user")
    )
    if found is None:
        reason = 'The required "userId" or "username" param provided does not match any users'
        raise MeteorError("error-invalid-user", reason)
    return found


@_both("POST", "create")
def create(call: Call) -> Body:
    """Makes a channel or a group with its first members."""
    name = call.body.get("name")
    if not name:
        raise Failure('Body param "name" is required')
    members = call.body.get("members") or []
    if not isinstance(members, list):
        raise Failure('Body param "members" must be an array if provided')
    for key in ("customFields", "extraData"):
        if call.body.get(key) and not isinstance(call.body[key], dict):
            raise Failure(f'Body param "{key}" must be an object if provided')
    extra = call.body.get("extraData") or {}
    plan = rooms.Plan(
        kind=_kind(call),
        name=str(name),
        members=tuple(str(each) for each in members),
        read_only=bool(call.body.get("readOnly")),
        custom_fields=call.body.get("customFields"),
        extra={key: extra[key] for key in ("topic", "broadcast", "encrypted") if key in extra},
    )
    return _shown(call, rooms.create(call.workspace, call.caller, plan))


@_both("GET", "info")
def info(call: Call) -> Body:
    """Shows one room."""
    return _shown(call, _meant(call, call.query))


def _shown(call: Call, room: Document) -> Body:
    return {_SINGULAR[_kind(call)]: rooms.listed(room)}


@_both("GET", "list")
def list_(call: Call) -> Body:
    """Lists all channels, or the groups that the caller is in."""
    ws, kind = call.workspace, _kind(call)
    selection = call.selection()
    found = [room for room in ws.rooms if room["t"] == kind and _is_listed(ws, room, call.caller)]
    ordered = selection.ordered(selection.matching(found), {"name": 1})
    return call.paged(f"{_SINGULAR[kind]}s", ordered, lambda room: selection.shown(rooms.listed(room)))


def _is_listed(ws: Workspace, room: Document, user: Document) -> bool:
    if room["t"] == "p":
        return ws.subscriptions.get(room["_id"], user["_id"]) is not None
    return can_access_room(ws, room, user)


@_both("POST", "delete")
def delete(call: Call) -> Body:
    """Removes a room."""
    room = _meant(call, call.body)
    if not has_permission(call.workspace, call.caller, f"delete-{room['t']}", room["_id"]):
        raise MeteorError("error-not-allowed", "Not allowed", {"method": "eraseRoom"})
    rooms.delete(call.workspace, room)
    return {}


@_both("POST", "invite")
def invite(call: Call) -> Body:
    """Brings people into a room."""
    ws = call.workspace
    room = _meant(call, call.body)
    listed = call.body.get("userIds")
    people = [_person(ws, {"userId": each}) for each in listed] if listed else [_person(ws, call.body)]
    if not membership.may_add(ws, room, call.caller):
        raise MeteorError("error-not-allowed", "Not allowed", {"method": "addUsersToRoom"})
    for person in people:
        rooms.join(ws, room, person)
    return _shown(call, room)


@_both("POST", "kick")
def kick(call: Call) -> Body:
    """Takes somebody out of a room."""
    room = _meant(call, call.body)
    membership.kick(call.workspace, room, _person(call.workspace, call.body), call.caller)
    return _shown(call, room)


@_both("POST", "leave")
def leave(call: Call) -> Body:
    """Takes the caller out of a room."""
    room = _meant(call, call.body)
    membership.leave(call.workspace, room, call.caller)
    return _shown(call, room)


@_both("POST", "archive")
def archive(call: Call) -> Body:
    """Archives a room that is not archived yet."""
    rooms.archive(call.workspace, _meant(call, call.body, archived=False), call.caller)
    return {}


@_both("POST", "unarchive")
def unarchive(call: Call) -> Body:
    """Takes a room out of the archive."""
    room = _meant(call, call.body)
    if not room.get("archived"):
        raise rooms.not_archived(room, _SINGULAR[_kind(call)])
    rooms.unarchive(call.workspace, room, call.caller)
    return {}


@ROUTES.route("POST", "channels.join")
def join(call: Call) -> Body:
    """Brings the caller into a channel."""
    ws = call.workspace
    room = _meant(call, call.body, archived=False)
    if not can_access_room(ws, room, call.caller):
        raise MeteorError("error-not-allowed", "Not allowed", {"method": "joinRoom"})
    code = room.get("joinCode")
    if code and call.body.get("joinCode") != code and not has_permission(ws, call.caller, "join-without-join-code"):
        raise MeteorError("error-code-required", "Code required", {"method": "joinRoom"})
    rooms.join(ws, room, call.caller)
    return _shown(call, room)


def _role(change: Callable[[Workspace, Document, Document, str, Document], None], role: str) -> Callable[[Call], Body]:
    def handler(call: Call) -> Body:
        room = _meant(call, call.body)
        change(call.workspace, room, _person(call.workspace, call.body), role, call.caller)
        return {}

    return handler


for _name in ("owner", "moderator", "leader"):
    _both("POST", f"add{_name.capitalize()}")(_role(membership.add_role, _name))
    _both("POST", f"remove{_name.capitalize()}")(_role(membership.remove_role, _name))


@_both("POST", "setTopic")
def set_topic(call: Call) -> Body:
    """Changes the topic of a room."""
    if "topic" not in call.body:
        raise Failure('The bodyParam "topic" is required')
    room_settings.set_topic(call.workspace, _meant(call, call.body), call.body["topic"], call.caller)
    return {"topic": call.body["topic"]}


@_both("POST", "setReadOnly")
def set_read_only(call: Call) -> Body:
    """Makes a room read-only, or writable again."""
    wanted = call.body.get("readOnly")
    if wanted is None:
        raise Failure('The bodyParam "readOnly" is required')
    room = _meant(call, call.body)
    if bool(room.get("ro")) == wanted:
        raise Failure(f"The {_SINGULAR[_kind(call)]} read only setting is the same as what it would be changed to.")
    room_settings.save_settings(call.workspace, room, {"readOnly": wanted}, call.caller)
    return _shown(call, room)


@_both("GET", "messages")
def messages_(call: Call) -> Body:
    """Lists the messages of a room, newest first."""
    ws = call.workspace
    room = _meant(call, call.query)
    if not can_access_room(ws, room, call.caller):
        raise MeteorError("error-not-allowed", "Not allowed")
    selection = call.selection()
    visible = [each for each in messages.of_room(ws, room["_id"]) if not each.get("_hidden")]
    ordered = selection.ordered(selection.matching(visible), {"ts": -1})
    return call.paged("messages", ordered, lambda each: selection.shown(messages.public(ws, each, call.caller)))


@_both("GET", "members")
def members(call: Call) -> Body:
    """Lists the people in a room."""
    ws = call.workspace
    room = _meant(call, call.query)
    people = [ws.users.get(each["u"]["_id"]) for each in ws.subscriptions.of_room(room["_id"])]
    keys = ("_id", "username", "status", "name", "statusText", "utcOffset")
    found = sorted((each for each in people if each is not None), key=lambda each: each["username"])
    return call.paged("members", found, lambda each: {key: each[key] for key in keys if key in each})


@_both("GET", "counters")
def counters(call: Call) -> Body:
    """Counts people and messages of a room for the caller."""
    ws = call.workspace
    room = _meant(call, call.query)
    subscription = ws.subscriptions.get(room["_id"], call.caller["_id"])
    told: Document = {
        "joined": subscription is not None and subscription["open"],
        "members": room["usersCount"],
        "unreads": None,
        "unreadsFrom": None,
        "msgs": room["msgs"],
        "latest": room.get("lm", room["_updatedAt"]),
        "userMentions": None,
    }
    if subscription is not None:
        told |= {
            "unreads": subscription["unread"],
            "unreadsFrom": subscription.get("ls"),
            "userMentions": subscription["userMentions"],
        }
    return told
