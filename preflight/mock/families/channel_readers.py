"""channels.* and groups.* that only read: one room, lists of rooms, their people and their messages."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from preflight.mock import history, messages, named, rooms, uploads
from preflight.mock.access import can_access_room, has_permission, has_room_role
from preflight.mock.call import Call
from preflight.mock.refusals import Forbidden, MeteorError, PermissionRefused
from preflight.mock.release import Regime
from preflight.mock.routing import Body, Routes, Validated
from preflight.mock.schemas import FILLED, PAGING, TEXT, TEXTS, WORD_FLAG, closed, either
from preflight.mock.validation import Schema
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room, subscription or message

ROUTES = Routes()

_KINDS = {"channels": "c", "groups": "p"}
_SINGULAR = {"c": "channel", "p": "group"}
_NAMED: tuple[Mapping[str, Schema], ...] = ({"roomId": TEXT}, {"roomName": TEXT})
_FILLED: tuple[Mapping[str, Schema], ...] = ({"roomId": FILLED}, {"roomName": FILLED})
_PERSON: Mapping[str, Schema] = {key: {"type": "string", "nullable": True} for key in ("userId", "username", "user")}
_HISTORY = {
    "latest": FILLED,
    "oldest": FILLED,
    "showThreadMessages": WORD_FLAG,
    "inclusive": WORD_FLAG,
    "unreads": WORD_FLAG,
    **PAGING,
}
_GROUP_HISTORY = {**_HISTORY, **dict.fromkeys(("inclusive", "unreads", "showThreadMessages"), TEXT)}


def _messages_schema(regime: Regime) -> Schema:
    newer = {"mentionIds": TEXT, "starredIds": TEXT, "pinned": TEXT} if regime.at_least("7.0") else {}
    return closed({"roomId": TEXT}, {"query": TEXT, **PAGING, **newer})


def _both(
    action: str, *, channels: Validated = None, groups: Validated = None
) -> Callable[[Callable[[Call], Body]], Callable[[Call], Body]]:
    """Registers a reading handler for channels and for groups, each with the schema it has."""

    def register(handler: Callable[[Call], Body]) -> Callable[[Call], Body]:
        ROUTES.route("GET", f"channels.{action}", query=channels)(handler)
        ROUTES.route("GET", f"groups.{action}", query=groups)(handler)
        return handler

    return register


def _kind(call: Call) -> str:
    return _KINDS[call.name.partition(".")[0]]


def _meant(call: Call, *, archived: bool = True) -> Document:
    return named.channel_or_group(call.workspace, call.query, _kind(call), call.caller, archived=archived)


def _seen(call: Call) -> Document:
    """Gives the room that the query means where the caller may see it; raises Forbidden."""
    room = _meant(call)
    if not can_access_room(call.workspace, room, call.caller):
        raise Forbidden
    return room


# -- rooms -----------------------------------------------------------------------------------------------------------


@_both("info")
def info(call: Call) -> Body:
    """Shows one room."""
    return {_SINGULAR[_kind(call)]: rooms.listed(_seen(call))}


@ROUTES.route("GET", "channels.list")
def list_channels(call: Call) -> Body:
    """Lists the channels that the caller may see: all, or with a lesser permission those they are in."""
    ws, user = call.workspace, call.caller
    sees_all = has_permission(ws, user, "view-c-room")
    if not sees_all and not has_permission(ws, user, "view-joined-room"):
        raise PermissionRefused
    joined = {each["rid"] for each in ws.subscriptions.of_user(user["_id"])}
    wanted = call.query.get("_id")
    found = [
        room
        for room in ws.rooms
        if room["t"] == "c"
        and wanted in (None, "", room["_id"])
        and (room["_id"] in joined or (sees_all and can_access_room(ws, room, user)))
    ]
    return _listed(call, "channels", found)


@ROUTES.route("GET", "channels.list.joined")
def list_joined(call: Call) -> Body:
    """Lists the channels that the caller is in."""
    return _listed(call, "channels", _joined(call.workspace, call.caller, "c"))


@ROUTES.route("GET", "groups.list")
def list_groups(call: Call) -> Body:
    """Lists the groups that the caller is in."""
    return _listed(call, "groups", _joined(call.workspace, call.caller, "p"))


@ROUTES.route("GET", "groups.listAll")
def list_all_groups(call: Call) -> Body:
    """Lists all groups, for who may administrate rooms."""
    if not has_permission(call.workspace, call.caller, "view-room-administration"):
        raise PermissionRefused if call.regime.at_least("7.0") else Forbidden
    return _listed(call, "groups", [room for room in call.workspace.rooms if room["t"] == "p"])


def _joined(ws: Workspace, user: Document, kind: str) -> list[Document]:
    mine = (ws.rooms.get(each["rid"]) for each in ws.subscriptions.of_user(user["_id"]) if each["t"] == kind)
    return [room for room in mine if room is not None]


def _listed(call: Call, key: str, found: Iterable[Document]) -> Body:
    selection = call.selection()
    ordered = selection.ordered(selection.matching(found), {"name": 1})
    return call.paged(key, ordered, lambda room: selection.shown(rooms.listed(room)))


# -- messages and files ----------------------------------------------------------------------------------------------


@_both("messages", channels=_messages_schema, groups=either(_NAMED, {"query": TEXT, **PAGING}))
def messages_(call: Call) -> Body:
    """Lists the messages of a room, newest first, replies in threads among them."""
    ws = call.workspace
    room = _meant(call)
    if not can_access_room(ws, room, call.caller):
        raise Forbidden
    return _page_of(call, room, call.caller)


@ROUTES.route("GET", "channels.anonymousread", login=False)
def anonymous_read(call: Call) -> Body:
    """Lists the messages of a channel to anybody, where the workspace allows that."""
    room = rooms.by_id_or_name(call.workspace, call.query, "c")
    if not call.workspace.settings["Accounts_AllowAnonymousRead"]:
        method = {"method": "channels.anonymousread"}
        raise MeteorError("error-not-allowed", 'Enable "Allow Anonymous Read"', method)
    return _page_of(call, room, call.user or {"_id": ""})


def _page_of(call: Call, room: Document, viewer: Document) -> Body:
    selection = call.selection()
    visible = [
        each
        for each in messages.of_room(call.workspace, room["_id"])
        if history.is_asked_for(call.query, each)
        and (call.regime.lists_show_hidden_messages or not each.get("_hidden"))
    ]
    ordered = selection.newest_first(selection.matching(visible))
    return call.paged("messages", ordered, lambda each: selection.shown(messages.public(call.workspace, each, viewer)))


@_both("history", channels=either(_FILLED, _HISTORY), groups=either(_NAMED, _GROUP_HISTORY))
def history_(call: Call) -> Body:
    """Gives the messages of a room between two times; channels leave out replies in threads, groups do not."""
    room = _seen(call)
    threads = "true" if room["t"] == "p" else "false"
    asked = {"showThreadMessages": threads, **{key: value for key, value in call.query.items() if value is not None}}
    told = history.between(call.workspace, room, asked, call.page())
    shown = [messages.public(call.workspace, message, call.caller) for message in told["messages"]]
    return {**told, "messages": shown}


@_both("files")
def files(call: Call) -> Body:
    """Lists the files that were sent into a room."""
    selection = call.selection()
    found = uploads.of_room(call.workspace, _seen(call), call.query.get("name"), call.query.get("typeGroup"))
    return call.paged("files", selection.ordered(selection.matching(found), {"name": 1}), selection.shown)


# -- people ----------------------------------------------------------------------------------------------------------

_MEMBER_KEYS = ("_id", "username", "status", "name", "statusText", "utcOffset")


def _people(ws: Workspace, room: Document) -> list[Document]:
    found = (ws.users.get(each["u"]["_id"]) for each in ws.subscriptions.of_room(room["_id"]))
    return [person for person in found if person is not None]


def _statuses(call: Call) -> list[str] | None:
    given = call.query.get("status")
    if given is None:
        return None
    return [str(each) for each in given] if isinstance(given, list) else [str(given)]


@_both(
    "members",
    groups=either(
        _NAMED,
        {"offset": {"type": "number"}, "count": {"type": "number"}, "filter": TEXT, "status": TEXTS, "sort": TEXT},
    ),
)
def members(call: Call) -> Body:
    """Lists the active people in a room, by username."""
    ws = call.workspace
    room = _seen(call)
    if room.get("broadcast") and not has_permission(ws, call.caller, "view-broadcast-member-list", room["_id"]):
        raise Forbidden
    wanted, statuses = str(call.query.get("filter") or "").lower(), _statuses(call)
    found = [
        person
        for person in _people(ws, room)
        if person["active"]
        and (statuses is None or person["status"] in statuses)
        and (wanted in person["username"].lower() or wanted in person.get("name", "").lower())
    ]
    direction = call.sort().get("username", 1)
    ordered = sorted(found, key=lambda person: person["username"], reverse=direction < 0)
    return call.paged("members", ordered, lambda each: {key: each[key] for key in _MEMBER_KEYS if key in each})


@_both("online")
def online(call: Call) -> Body:
    """Lists the people in a room who are there now."""
    ws = call.workspace
    if not call.query.get("_id") and not call.query.get("query"):
        raise MeteorError("error-invalid-query", "Invalid query")
    room = ws.rooms.get(call.query.get("_id"))
    if room is None or room["t"] != _kind(call):
        raise MeteorError("error-not-allowed", "Not allowed")
    if not can_access_room(ws, room, call.caller):
        raise MeteorError("error-not-allowed", "Not allowed")
    here = [person for person in _people(ws, room) if person["status"] != "offline"]
    return {"online": [{"_id": person["_id"], "username": person["username"]} for person in here]}


@_both("moderators", channels=either(_NAMED, _PERSON), groups=either(_NAMED))
def moderators(call: Call) -> Body:
    """Lists the moderators of a room."""
    ws = call.workspace
    room = _meant(call, archived=False)
    if not can_access_room(ws, room, call.caller):
        raise Forbidden
    found = [person for person in _people(ws, room) if has_room_role(ws, room["_id"], person, "moderator")]
    return {"moderators": [{key: each[key] for key in ("_id", "username", "name") if key in each} for each in found]}


@_both("roles", channels=either(_NAMED), groups=either(_NAMED))
def roles(call: Call) -> Body:
    """Lists who holds which role in a room, by username."""
    ws = call.workspace
    room = _meant(call, archived=False)
    if not can_access_room(ws, room, call.caller):
        raise MeteorError("error-invalid-user", "Invalid user", {"method": "getRoomRoles"})
    held = [each for each in ws.subscriptions.of_room(room["_id"]) if each.get("roles")]
    ordered = sorted(held, key=lambda each: each["u"]["username"])
    return {"roles": [{key: each[key] for key in ("_id", "rid", "u", "roles")} for each in ordered]}


@_both("counters", groups=either(_NAMED, {"userId": {"type": "string", "nullable": True}}))
def counters(call: Call) -> Body:
    """Counts people and messages of a room for the caller, or for anybody where the caller may administrate rooms."""
    ws = call.workspace
    administrates = has_permission(ws, call.caller, "view-room-administration")
    user_id = call.query.get("userId") or call.caller["_id"]
    if call.query.get("userId") and not administrates:
        raise Forbidden
    room = _meant(call, archived=False)
    subscription = ws.subscriptions.get(room["_id"], user_id)
    joined = subscription is not None and (subscription["open"] or not call.regime.counters_need_an_open_room)
    told: Document = dict.fromkeys(
        ("joined", "members", "unreads", "unreadsFrom", "msgs", "latest", "userMentions"), None
    )
    told["joined"] = joined
    if joined and subscription is not None:
        told |= {
            "unreads": _unread(call, room, subscription),
            "unreadsFrom": subscription.get("ls", subscription["ts"]),
            "userMentions": subscription["userMentions"],
        }
    if joined or administrates:
        told |= {"members": room["usersCount"], "msgs": room["msgs"], "latest": room.get("lm", room["_updatedAt"])}
    return told


def _unread(call: Call, room: Document, subscription: Document) -> int | None:
    if not call.regime.counters_need_an_open_room:
        return int(subscription["unread"])
    seen, latest = subscription.get("ls"), room.get("lm", room["_updatedAt"])
    if seen is None:
        return None
    stored = messages.of_room(call.workspace, room["_id"])
    return len([each for each in stored if seen <= each["ts"] <= latest and not each.get("_hidden")])
