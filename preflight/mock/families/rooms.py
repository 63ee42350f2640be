"""rooms.*: what all kinds of rooms have in common."""

from typing import Any

from preflight.mock import discussions, membership, named, room_settings, rooms, subscriptions, teams
from preflight.mock.access import accessible_room, can_access_room, has_permission
from preflight.mock.call import Call
from preflight.mock.operators import matching
from preflight.mock.refusals import Failure, Forbidden, MeteorError, NotFound, TypedFailure
from preflight.mock.routing import Body, Routes
from preflight.mock.schemas import FILLED, PAGING, TEXT, TEXTS, closed
from preflight.mock.trash import tombstone
from preflight.mock.validation import parse_date
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room or subscription

ROUTES = Routes()

_DATE_CODE = "error-updatedSince-param-invalid"
_DATE_TEXT = 'The "updatedSince" query parameter must be a valid date.'


@ROUTES.route("GET", "rooms.get")
def get(call: Call) -> Body:
    """Gives the caller's rooms, open or not; with a date, those that changed, and every room erased since."""
    ws = call.workspace
    given = call.query.get("updatedSince")
    subscribed = [ws.rooms.get(each["rid"]) for each in ws.subscriptions.of_user(call.caller["_id"])]
    mine = [room for room in subscribed if room is not None]
    if not given:
        return {"update": [rooms.listed(room) for room in mine], "remove": []}
    since = parse_date(given) if isinstance(given, str) else None
    if since is None:
        raise MeteorError(_DATE_CODE, _DATE_TEXT)
    changed = [rooms.listed(room) for room in mine if room["_updatedAt"] > since]
    return {"update": changed, "remove": [tombstone(each) for each in ws.trash.since("rooms", since)]}


@ROUTES.route("GET", "rooms.info")
def info(call: Call) -> Body:
    """Shows one room, with its team and the room it hangs on."""
    ws = call.workspace
    room = _asked(call)
    if room.get("archived") and not call.regime.archived_rooms_are_shown:
        raise MeteorError("error-room-archived", f"The channel, {room['name']}, is archived")
    if not can_access_room(ws, room, call.caller):
        # The server hands text and type to each other's place, in every release.
        raise TypedFailure("not-allowed", "Not Allowed")
    told: Document = {"room": call.selection().shown(room)}
    team = ws.teams.get(room.get("teamId", ""))
    if team is not None:
        told["team"] = teams.shown(team)
    parent = _parent(ws, room, team)
    return {**told, "parent": parent} if parent is not None else told


def _parent(ws: Workspace, room: Document, team: Document | None) -> Document | None:
    """Gives what is told of the room that a discussion hangs on, or of the main room of a team's other rooms."""
    keys: tuple[str, ...] = ("_id", "name", "fname", "t", "u", "prid", "sidepanel")
    parent = ws.rooms.get(room.get("prid"))
    if parent is None and team is not None and not room.get("teamMain"):
        keys = ("_id", "name", "fname", "t", "sidepanel")
        parent = ws.rooms.get(team["roomId"])
    return parent and {key: parent[key] for key in keys if key in parent}


def _asked(call: Call) -> Document:
    query = call.query
    if not {"roomId", "roomName"} & set(query) or ({"roomId", "roomName"} <= set(query) and not any(query.values())):
        reason = 'The parameter "roomId" or "roomName" is required'
        raise MeteorError("error-roomid-param-not-provided", reason)
    ws = call.workspace
    asked = query["roomId"] if "roomId" in query else query["roomName"]
    if isinstance(asked, dict) and call.regime.operators_reach_the_database:
        room = matching(ws.rooms, "_id" if "roomId" in query else "name", asked)
    else:
        room = ws.rooms.get(asked) if "roomId" in query else ws.rooms.named(asked)
    if room is None:
        reason = 'The required "roomId" or "roomName" param provided does not match any channel'
        raise MeteorError("error-room-not-found", reason)
    return room


def _of_body(call: Call, *, key: str = "roomId") -> Document:
    """Gives the room that the body means; raises MeteorError where nothing is given or nothing is found."""
    if not call.body.get(key):
        raise MeteorError("error-room-param-not-provided", f'The parameter "{key}" or "roomName" is required')
    room = call.workspace.rooms.get(call.body[key])
    if room is None:
        reason = 'The required "roomId" or "roomName" param provided does not match any channel'
        raise MeteorError("error-room-not-found", reason)
    return room


@ROUTES.route("GET", "rooms.nameExists", query=closed({"roomName": TEXT}))
def name_exists(call: Call) -> Body:
    """Tells whether a channel or group has this name."""
    return {"exists": call.workspace.rooms.named(call.query["roomName"]) is not None}


@ROUTES.route("GET", "rooms.getDiscussions")
def get_discussions(call: Call) -> Body:
    """Lists the discussions that hang on a room."""
    ws = call.workspace
    room = named.any_room(ws, call.query)
    if not can_access_room(ws, room, call.caller):
        raise TypedFailure("not-allowed", "Not Allowed")
    selection = call.selection()
    found = selection.matching(ws.rooms.discussions_of(room["_id"]))
    ordered = selection.ordered(found, {"fname": 1})
    return call.paged("discussions", ordered, lambda each: selection.shown(rooms.listed(each)))


_MEMBER = {
    "oneOf": [closed({"roomId": FILLED, "userId": FILLED}), closed({"roomId": FILLED, "username": FILLED})],
}


@ROUTES.route("GET", "rooms.isMember", query=_MEMBER)
def is_member(call: Call) -> Body:
    """Tells whether somebody is in a room."""
    ws, query = call.workspace, call.query
    room = named.any_room(ws, query)
    user = ws.users.get(query["userId"]) if "userId" in query else ws.users.named(query["username"])
    if user is None:
        raise Failure("error-user-not-found")
    if not can_access_room(ws, room, call.caller):
        raise Forbidden
    return {"isMember": ws.subscriptions.get(room["_id"], user["_id"]) is not None}


_BY_ROLE = {"roomId": TEXT, "roomName": TEXT, "filter": TEXT, "status": TEXTS, **PAGING}


@ROUTES.route("GET", "rooms.membersOrderedByRole", query=closed({}, _BY_ROLE), since="7.3")
def members_by_role(call: Call) -> Body:
    """Lists the active people in a room: owners first, then leaders and moderators, then the others."""
    ws = call.workspace
    room = named.any_room(ws, call.query)
    if not can_access_room(ws, room, call.caller):
        raise NotFound
    if room.get("broadcast") and not has_permission(ws, call.caller, "view-broadcast-member-list", room["_id"]):
        raise Forbidden
    wanted, statuses = str(call.query.get("filter") or "").lower(), call.query.get("status")
    found = [
        told
        for each in ws.subscriptions.of_room(room["_id"])
        if (told := _member_shown(ws, each)) is not None
        and wanted in f"{told['username']} {told.get('name', '')}".lower()
        and (statuses is None or told["status"] in statuses)
    ]
    return call.paged("members", sorted(found, key=_rank))


def _member_shown(ws: Workspace, subscription: Document) -> Document | None:
    user = ws.users.get(subscription["u"]["_id"])
    if user is None or not user["active"]:
        return None
    keys = ("_id", "username", "name", "status", "statusText", "utcOffset")
    place = {key: subscription[key] for key in ("_id", "ts", "roles") if key in subscription}
    told = {**{key: user[key] for key in keys if key in user}, "subscription": place}
    return {**told, "roles": place["roles"]} if "roles" in place else told


def _rank(member: Document) -> tuple[int, str]:
    held = member.get("roles", ())
    return min([_RANKS[role] for role in held if role in _RANKS], default=len(_RANKS)), member["username"]


_RANKS = {"owner": 0, "leader": 1, "moderator": 2}


@ROUTES.route("GET", "rooms.roles", query=closed({"rid": TEXT}), since="8.0")
def roles(call: Call) -> Body:
    """Lists who holds which role in a room, by username."""
    ws = call.workspace
    room = accessible_room(ws, call.query["rid"], call.caller)
    if room is None:
        raise MeteorError("error-invalid-user", "Invalid user", {"method": "getRoomRoles"})
    held = [each for each in ws.subscriptions.of_room(room["_id"]) if each.get("roles")]
    ordered = sorted(held, key=lambda each: each["u"]["username"])
    return {"roles": [{key: each[key] for key in ("_id", "rid", "u", "roles")} for each in ordered]}


@ROUTES.route("POST", "rooms.open", body=closed({"roomId": FILLED}), since="7.0")
def open_(call: Call) -> Body:
    """Shows a room in the caller's list."""
    subscriptions.show(call.workspace, _place(call))
    return {}


@ROUTES.route("POST", "rooms.hide", body=closed({"roomId": FILLED}), since="7.0")
def hide(call: Call) -> Body:
    """Takes a room from the caller's list; they stay a member."""
    subscriptions.hide(call.workspace, _place(call))
    return {}


def _place(call: Call) -> Document:
    room = accessible_room(call.workspace, call.body["roomId"], call.caller)
    if room is None:
        raise Forbidden
    subscription = call.workspace.subscriptions.get(room["_id"], call.caller["_id"])
    if subscription is None:
        raise Failure("error-room-already-hidden")
    return subscription


@ROUTES.route("POST", "rooms.changeArchivationState", body=closed({"rid": TEXT}, {"action": TEXT}))
def change_archivation_state(call: Call) -> Body:
    """Puts a room into the archive, or takes it out: whatever action is not archive takes it out."""
    ws = call.workspace
    archive = call.body.get("action") == "archive"
    room = ws.rooms.get(call.body["rid"])
    if room is None:
        raise MeteorError(
            "error-invalid-room", "Invalid room", {"method": "archiveRoom" if archive else "unarchiveRoom"}
        )
    (rooms.archive if archive else rooms.unarchive)(ws, room, call.caller)
    return {}


@ROUTES.route("POST", "rooms.createDiscussion")
def create_discussion(call: Call) -> Body:
    """Hangs a discussion on a room."""
    body = call.body
    for key in ("prid", "t_name"):
        if not body.get(key):
            raise Failure(f'Body parameter "{key}" is required.')
    members = body.get("users") or []
    if not isinstance(members, list):
        raise Failure('Body parameter "users" must be an array.')
    wish = discussions.Wish(
        parent=body["prid"],
        message=body.get("pmid"),
        title=str(body["t_name"]),
        reply=body.get("reply"),
        members=tuple(str(each) for each in members),
    )
    return {"discussion": discussions.create(call.workspace, call.caller, wish)}


@ROUTES.route("POST", "rooms.delete")
def delete(call: Call) -> Body:
    """Removes a room."""
    if not call.body.get("roomId"):
        raise Failure("The 'roomId' param is required")
    room = call.workspace.rooms.get(call.body["roomId"])
    details = {"method": "eraseRoom"}
    if room is None:
        raise MeteorError("error-invalid-room", "Invalid room", details)
    if not has_permission(call.workspace, call.caller, f"delete-{room['t']}", room["_id"]):
        raise MeteorError("error-not-allowed", "Not allowed", details)
    rooms.delete(call.workspace, room)
    return {}


@ROUTES.route("POST", "rooms.favorite")
def favorite(call: Call) -> Body:
    """Marks a room as the caller's favourite, or not."""
    if "favorite" not in call.body:
        raise Failure("The 'favorite' param is required")
    room = _of_body(call)
    if room.get("archived"):
        raise MeteorError("error-room-archived", f"The channel, {room['name']}, is archived")
    room_settings.favorite(call.workspace, room, call.caller, wanted=bool(call.body["favorite"]))
    return {}


@ROUTES.route("POST", "rooms.leave")
def leave(call: Call) -> Body:
    """Takes the caller out of a room."""
    membership.leave(call.workspace, _of_body(call), call.caller)
    return {}


@ROUTES.route("POST", "rooms.muteUser")
def mute(call: Call) -> Body:
    """Takes the word from a member."""
    room_settings.mute(call.workspace, _of_body(call), _member(call), call.caller)
    return {}


@ROUTES.route("POST", "rooms.unmuteUser")
def unmute(call: Call) -> Body:
    """Gives the word back to a member."""
    room_settings.unmute(call.workspace, _of_body(call), _member(call), call.caller)
    return {}


def _member(call: Call) -> Document:
    ws, body = call.workspace, call.body
    if not body.get("username") and not body.get("userId"):
        reason = 'The required "userId" or "username" param was not provided'
        raise MeteorError("error-user-param-not-provided", reason)
    user = ws.users.named(body.get("username")) or ws.users.get(body.get("userId"))
    if user is None:
        raise MeteorError("error-invalid-user", "Invalid user")
    return user


@ROUTES.route("POST", "rooms.saveRoomSettings")
def save_settings(call: Call) -> Body:
    """Changes what is sent of a room's topic, announcement, description, name and read-only state."""
    room = _of_body(call, key="rid")
    changes = {key: value for key, value in call.body.items() if key != "rid"}
    room_settings.save_settings(call.workspace, room, changes, call.caller)
    return {"rid": room["_id"]}
