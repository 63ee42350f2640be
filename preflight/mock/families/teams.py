"""teams.*: teams, the rooms that belong to them, and the people in them."""

from typing import Any

from preflight.mock import named, rooms, subscriptions, teams
from preflight.mock.access import has_permission
from preflight.mock.call import Call
from preflight.mock.refusals import Failure, Forbidden, PermissionRefused
from preflight.mock.routing import Body, Routes
from preflight.mock.schemas import TEXT, TEXTS, closed, either

Document = dict[str, Any]  # a stored user, room or team

ROUTES = Routes()

_TEAM = ({"teamId": TEXT}, {"teamName": TEXT})
_PERSON = closed({"userId": TEXT}, {"roles": {"type": "array", "items": TEXT, "nullable": True}})
_PEOPLE = {"type": "array", "items": _PERSON, "minItems": 1}


@ROUTES.route("POST", "teams.create", permission="create-team")
def create(call: Call) -> Body:
    """Makes a team with its main room."""
    name, kind = call.body.get("name"), call.body.get("type")
    if not name:
        raise Failure("Body param 'name' is required")
    if isinstance(kind, bool) or kind not in (0, 1):
        raise Failure("error-team-creation")
    given = call.body.get("members")
    members = tuple(str(each) for each in given) if isinstance(given, list) else ()
    by_name = tuple(user["username"] if (user := call.workspace.users.get(each)) else each for each in members)
    return {"team": teams.create(call.workspace, call.caller, str(name), kind, by_name)}


@ROUTES.route("POST", "teams.delete", body=either(_TEAM, {"roomsToRemove": {**TEXTS, "nullable": True}}))
def delete(call: Call) -> Body:
    """Removes a team."""
    team = teams.meant(call.workspace, call.body)
    teams.delete(call.workspace, call.caller, team, list(call.body.get("roomsToRemove") or ()))
    return {}


@ROUTES.route("GET", "teams.info")
def info(call: Call) -> Body:
    """Shows one team."""
    team = teams.meant(call.workspace, call.query)
    _refuse_strangers(call, team)
    return {"teamInfo": team}


@ROUTES.route("GET", "teams.list")
def list_(call: Call) -> Body:
    """Lists the teams that the caller is in."""
    ws = call.workspace
    mine = [team for team in ws.teams.values() if ws.subscriptions.get(team["roomId"], call.caller["_id"])]
    return call.paged("teams", sorted(mine, key=lambda team: team["name"]))


@ROUTES.route("GET", "teams.listAll", permission="view-all-teams")
def list_all(call: Call) -> Body:
    """Lists all teams, with how many rooms and people each has."""
    ws = call.workspace

    def shown(team: Document) -> Document:
        joined = [room for room in ws.rooms if room.get("teamId") == team["_id"] and not room.get("teamMain")]
        people = ws.subscriptions.of_room(team["roomId"])
        return {**team, "rooms": len(joined), "numberOfUsers": len(people)}

    return call.paged("teams", sorted(ws.teams.values(), key=lambda team: team["name"]), shown)


# -- rooms -----------------------------------------------------------------------------------------------------------


@ROUTES.route("POST", "teams.addRooms")
def add_rooms(call: Call) -> Body:
    """Puts rooms into a team."""
    team = teams.meant(call.workspace, call.body)
    given = call.body.get("rooms")
    added = teams.add_rooms(call.workspace, call.caller, team, list(given) if isinstance(given, list) else [])
    return {"rooms": [rooms.listed(room) for room in added]}


@ROUTES.route("POST", "teams.removeRoom", body=either([{**team, "roomId": TEXT} for team in _TEAM]))
def remove_room(call: Call) -> Body:
    """Takes a room out of a team; it goes on without it."""
    ws = call.workspace
    team = teams.meant(ws, call.body)
    if not has_permission(ws, call.caller, "remove-team-channel", team["roomId"]):
        raise Forbidden
    room = ws.rooms.get(call.body["roomId"])
    if room is None or room.get("teamId") != team["_id"]:
        raise Failure("invalid-room" if room is None else "room-not-on-that-team")
    del room["teamId"]
    ws.touch(room)
    return {"room": rooms.listed(room)}


@ROUTES.route("GET", "teams.listRooms")
def list_rooms(call: Call) -> Body:
    """Lists the rooms of a team that the caller may see."""
    ws = call.workspace
    team = teams.meant(ws, call.query)
    _refuse_strangers(call, team)
    sees_all = has_permission(ws, call.caller, "view-all-team-channels", team["roomId"])
    found = [
        room
        for room in ws.rooms
        if room.get("teamId") == team["_id"]
        and not room.get("teamMain")
        and (sees_all or room["t"] == "c" or ws.subscriptions.get(room["_id"], call.caller["_id"]) is not None)
    ]
    return call.paged("rooms", sorted(found, key=lambda room: room["name"]), rooms.listed)


# -- people ----------------------------------------------------------------------------------------------------------


@ROUTES.route("GET", "teams.members")
def members(call: Call) -> Body:
    """Lists the people in a team."""
    ws = call.workspace
    team = teams.meant(ws, call.query)
    _refuse_strangers(call, team)

    def shown(subscription: Document) -> Document:
        user = ws.users.get(subscription["u"]["_id"]) or subscription["u"]
        told = {key: user[key] for key in ("_id", "username", "name", "status") if key in user}
        created = {"createdBy": team["createdBy"], "createdAt": subscription["ts"]}
        return {"user": told, "roles": list(subscription.get("roles", ())), **created}

    people = sorted(ws.subscriptions.of_room(team["roomId"]), key=lambda each: each["u"]["username"])
    return call.paged("members", people, shown)


@ROUTES.route("POST", "teams.addMembers", body=either([{**team, "members": _PEOPLE} for team in _TEAM]))
def add_members(call: Call) -> Body:
    """Brings people into a team, with roles perhaps; its main room says so."""
    ws = call.workspace
    team = teams.meant(ws, call.body)
    if not any(has_permission(ws, call.caller, f"{verb}-team-member", team["roomId"]) for verb in ("add", "edit")):
        raise Forbidden
    for member in call.body["members"]:
        user = ws.users.get(member["userId"])
        room = ws.rooms.get(team["roomId"])
        if user is None or room is None:
            raise Failure("invalid-user")
        teams.add_member(ws, room, user, call.caller)
        subscription = ws.subscriptions.get(room["_id"], user["_id"])
        for role in member.get("roles") or ():
            if subscription is not None and role not in subscription.get("roles", ()):
                subscriptions.add_role(ws, subscription, role)
    return {}


@ROUTES.route("POST", "teams.removeMember", body=either([{**team, "userId": TEXT} for team in _TEAM], {"rooms": TEXTS}))
def remove_member(call: Call) -> Body:
    """Takes somebody out of a team, and out of some of its rooms."""
    ws = call.workspace
    team = teams.meant(ws, call.body)
    if not has_permission(ws, call.caller, "edit-team-member", team["roomId"]):
        raise Forbidden
    user = named.person(ws, {"userId": call.body["userId"]})
    teams.remove_member(ws, team, user, call.caller, call.body.get("rooms") or ())
    return {}


@ROUTES.route("POST", "teams.leave", body=either(_TEAM, {"rooms": TEXTS}))
def leave(call: Call) -> Body:
    """Takes the caller out of a team, and out of some of its rooms."""
    team = teams.meant(call.workspace, call.body)
    teams.remove_member(call.workspace, team, call.caller, call.caller, call.body.get("rooms") or ())
    return {}


def _refuse_strangers(call: Call, team: Document) -> None:
    """Refuses who is not in a private team and may not see all teams."""
    ws, user = call.workspace, call.caller
    known = team["type"] == 0 or ws.subscriptions.get(team["roomId"], user["_id"]) is not None
    if not known and not has_permission(ws, user, "view-all-teams"):
        raise PermissionRefused if call.regime.at_least("8.0") else Forbidden
