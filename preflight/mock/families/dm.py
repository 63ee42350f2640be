"""dm.* and im.*: direct rooms."""

from typing import Any

from preflight.mock import directs, messages, room_settings, rooms, subscriptions, uploads
from preflight.mock.access import accessible_room, can_access_room, has_permission
from preflight.mock.call import Call
from preflight.mock.history import between, is_asked_for
from preflight.mock.refusals import Failure, Forbidden, MeteorError, PermissionRefused
from preflight.mock.release import Regime
from preflight.mock.routing import Body, Routes
from preflight.mock.schemas import FILLED, FLAG, PAGING, TEXT, TEXTS, WORD_FLAG, closed, either
from preflight.mock.validation import Schema

Document = dict[str, Any]  # a stored user, room or subscription

ROUTES = Routes()

_ONE_ROOM = ({"roomId": TEXT}, {"username": TEXT})
_CREATE = either(({"usernames": TEXT}, {"username": TEXT}), {"excludeSelf": FLAG})
_HISTORY = closed(
    {"roomId": FILLED},
    {
        "latest": TEXT,
        "oldest": TEXT,
        "inclusive": WORD_FLAG,
        "unreads": WORD_FLAG,
        "showThreadMessages": WORD_FLAG,
        **PAGING,
    },
)
_MEMBERS = either(_ONE_ROOM, {"status": TEXTS, "filter": TEXT, "query": TEXT, **PAGING})
_TOPIC: Schema = {"type": "string", "nullable": True}


def _files_schema(regime: Regime) -> Schema:
    if not regime.at_least("8.0"):
        return either(_ONE_ROOM, {"query": TEXT, **PAGING})
    # Both branches know both ids: two ids break the choice alone.
    newest = {"onlyConfirmed": FLAG} if regime.at_least("8.3") else {}
    optional = {"roomId": TEXT, "username": TEXT, "query": TEXT, **PAGING, "name": TEXT, "typeGroup": TEXT, **newest}
    return either(_ONE_ROOM, optional)


def _messages_schema(regime: Regime) -> Schema:
    newer = {"mentionIds": TEXT, "starredIds": TEXT, "pinned": TEXT} if regime.at_least("7.0") else {}
    return either(_ONE_ROOM, {"query": TEXT, "fields": TEXT, **PAGING, **newer})


def _from_8_3(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Any:
    """Gives a schema that only the typed releases have."""

    def schema(regime: Regime) -> Schema | None:
        return closed(required, optional) if regime.at_least("8.3") else None

    return schema


@ROUTES.route("POST", "dm.create", body=_CREATE)
def create(call: Call) -> Body:
    """Opens the direct room of the caller and others, which is made where there is none."""
    given = call.body.get("username") if "username" in call.body else call.body["usernames"]
    if not given:
        raise Failure("invalid username")
    names = [given] if "username" in call.body else [name.strip() for name in given.split(",") if name.strip()]
    without = bool(call.body.get("excludeSelf"))
    room = rooms.open_direct(call.workspace, call.caller, names, without_caller=without)
    return {"room": {"t": "d", "rid": room["_id"], "usernames": room["usernames"], "_id": room["_id"]}}


@ROUTES.route("POST", "dm.delete", body=either(_ONE_ROOM))
def delete(call: Call) -> Body:
    """Removes a direct room for everybody."""
    directs.erase(call.workspace, call.caller, _found(call, call.body))
    return {}


@ROUTES.route("POST", "dm.close", body=_from_8_3({"roomId": TEXT}))
def close(call: Call) -> Body:
    """Closes a direct room in the caller's list."""
    ws, room_id = call.workspace, _required(call.body.get("roomId"), "Body")
    if isinstance(room_id, dict):
        raise Failure("nameOrId.startsWith is not a function")
    if ws.rooms.get(room_id) is not None:
        _open_to_caller(call, room_id)
        directs.meant(ws, call.caller, room_id)
    subscription = ws.subscriptions.get(room_id, call.caller["_id"])
    if subscription is None:
        raise Failure("The user is not subscribed to the room")
    if not subscription["open"]:
        raise Failure("The direct message room, is already closed to the sender")
    subscriptions.hide(ws, subscription)
    return {}


@ROUTES.route("POST", "dm.open", body=_from_8_3({"roomId": TEXT}))
def open_(call: Call) -> Body:
    """Opens a direct room in the caller's list; an open one stays open."""
    typed = call.regime.at_least("8.3")
    room = _mine(call, call.body["roomId"] if typed else _required(call.body.get("roomId"), "Body"))
    subscription = call.workspace.subscriptions.get(room["_id"], call.caller["_id"])
    if subscription is not None and not subscription["open"]:
        subscriptions.show(call.workspace, subscription)
    return {}


@ROUTES.route("POST", "dm.setTopic", body=_from_8_3({"roomId": TEXT}, {"topic": _TOPIC}))
def set_topic(call: Call) -> Body:
    """Changes the topic of a direct room; leaving it out clears it."""
    room = _mine(call, _required(call.body.get("roomId"), "Body"))
    room_settings.set_topic(call.workspace, room, call.body.get("topic"), call.caller)
    return {"topic": call.body["topic"]} if "topic" in call.body else {}


@ROUTES.route("GET", "dm.counters", query=_from_8_3({"roomId": TEXT}, {"userId": TEXT}))
def counters(call: Call) -> Body:
    """Counts people and messages of a direct room, for the caller or another member."""
    ws = call.workspace
    room_id = _required(call.query.get("roomId"), "Query")
    user_id = call.query.get("userId") or call.caller["_id"]
    if call.query.get("userId") and not has_permission(ws, call.caller, "view-room-administration"):
        raise Forbidden
    member = ws.users.get(user_id)
    if isinstance(room_id, dict):
        raise Failure("nameOrId.startsWith is not a function")
    if member is None or accessible_room(ws, room_id, member) is None:
        raise Forbidden
    return directs.counters(ws, call.caller, directs.meant(ws, member, room_id), user_id)


@ROUTES.route("GET", "dm.files", query=_files_schema)
def files(call: Call) -> Body:
    """Lists the files that were sent into a direct room."""
    selection = call.selection()
    room = _seen(call)
    found = uploads.of_room(call.workspace, room, call.query.get("name"), call.query.get("typeGroup"))
    return call.paged("files", selection.ordered(selection.matching(found), {"name": 1}), selection.shown)


@ROUTES.route("GET", "dm.history", query=_HISTORY)
def history(call: Call) -> Body:
    """Gives the messages of a direct room between two times."""
    room = _seen(call)
    told = between(call.workspace, room, call.query, call.page())
    shown = [messages.public(call.workspace, message, call.caller) for message in told["messages"]]
    return {**told, "messages": shown}


@ROUTES.route("GET", "dm.list")
def list_(call: Call) -> Body:
    """Lists the caller's direct rooms, closed ones too."""
    selection = call.selection()
    found = selection.ordered(directs.of(call.workspace, call.caller), {"name": 1})
    return call.paged("ims", found, selection.shown)


@ROUTES.route("GET", "dm.list.everyone")
def list_everyone(call: Call) -> Body:
    """Lists everybody's direct rooms, for who may administrate rooms."""
    _refuse_without(call, "view-room-administration")
    selection = call.selection()
    directly = [room for room in call.workspace.rooms if room["t"] == "d"]
    return call.paged("ims", selection.ordered(selection.matching(directly), {"name": 1}), selection.shown)


@ROUTES.route("GET", "dm.members", query=_MEMBERS)
def members(call: Call) -> Body:
    """Lists the active people of a direct room."""
    call.selection()
    room = _seen(call)
    found = directs.members(call.workspace, room, call.query.get("status"), call.query.get("filter"))
    return call.paged("members", found, lambda person: directs.member_shown(call.workspace, room, person))


@ROUTES.route("GET", "dm.messages", query=_messages_schema)
def messages_(call: Call) -> Body:
    """Lists the messages of a direct room, newest first, replies in threads among them."""
    room = _seen(call)
    selection = call.selection()
    found = [message for message in messages.of_room(call.workspace, room["_id"]) if _wanted(call, message)]
    return call.paged(
        "messages",
        selection.newest_first(selection.matching(found)),
        lambda message: selection.shown(messages.public(call.workspace, message, call.caller)),
    )


def _wanted(call: Call, message: Document) -> bool:
    if message.get("_hidden") and not call.regime.lists_show_hidden_messages:
        return False
    return is_asked_for(call.query, message)


@ROUTES.route("GET", "dm.messages.others")
def messages_others(call: Call) -> Body:
    """Lists the messages of anybody's direct room, for administrators of workspaces that allow it."""
    ws = call.workspace
    permission_first = call.regime.permission_sentence_for_everyone
    if permission_first:
        _refuse_without(call, "view-room-administration")
    if not ws.settings["API_Enable_Direct_Message_History_EndPoint"]:
        details = {"route": "/api/v1/im.messages.others"}
        raise MeteorError("error-endpoint-disabled", "This endpoint is disabled", details)
    if not permission_first:
        _refuse_without(call, "view-room-administration")
    room_id = call.query.get("roomId")
    if not room_id:
        raise MeteorError("error-roomid-param-not-provided", 'The parameter "roomId" is required')
    room = ws.rooms.get(room_id)
    if room is None or room["t"] != "d":
        raise MeteorError("error-room-not-found", f"No direct message room found by the id of: {room_id}")
    selection = call.selection()
    found = selection.ordered(selection.matching(messages.of_room(ws, room["_id"])), {"ts": -1})
    return call.paged("messages", found, lambda message: selection.shown(messages.public(ws, message, call.caller)))


@ROUTES.route("POST", "dm.blockUser", body=closed({"roomId": FILLED, "block": FLAG}), since="8.6")
def block_user(call: Call) -> Body:
    """Lets neither of two people write to the other, or lets them again."""
    room = call.workspace.rooms.get(call.body["roomId"])
    directs.block(call.workspace, call.caller, room, wanted=call.body["block"])
    return {}


# -- what these have in common ---------------------------------------------------------------------------------------


def _required(room_id: Any, part: str) -> Any:
    if not room_id:
        raise MeteorError("error-room-param-not-provided", f'{part} param "roomId" is required')
    return room_id


def _open_to_caller(call: Call, room_id: Any) -> None:
    if isinstance(room_id, dict):
        raise Failure("nameOrId.startsWith is not a function")
    if accessible_room(call.workspace, room_id, call.caller) is None:
        raise Forbidden


def _mine(call: Call, room_id: Any) -> Document:
    """Gives the direct room of an id that the caller may see: access is looked at before its type."""
    _open_to_caller(call, room_id)
    return directs.meant(call.workspace, call.caller, room_id)


def _found(call: Call, given: Any) -> Document:
    return directs.meant(call.workspace, call.caller, given["roomId"] if "roomId" in given else given.get("username"))


def _seen(call: Call) -> Document:
    """Gives the direct room that the query means and the caller may see: its type is looked at before access."""
    room = _found(call, call.query)
    if not can_access_room(call.workspace, room, call.caller):
        raise Forbidden
    return room


def _refuse_without(call: Call, permission: str) -> None:
    if not has_permission(call.workspace, call.caller, permission):
        raise PermissionRefused if call.regime.permission_sentence_for_everyone else Forbidden
