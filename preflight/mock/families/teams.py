"""teams.*: as much of teams as rooms show."""

from preflight.mock import rooms, teams
from preflight.mock.call import Call
from preflight.mock.refusals import Failure
from preflight.mock.routing import Body, Routes

ROUTES = Routes()


@ROUTES.route("POST", "teams.create", permission="create-team")
def create(call: Call) -> Body:
    """Makes a team with its main room."""
    name, kind = call.body.get("name"), call.body.get("type")
    if not name:
        raise Failure("Body param 'name' is required")
    if kind not in (0, 1):
        raise Failure("error-team-creation")
    given = call.body.get("members")
    members = tuple(str(each) for each in given) if isinstance(given, list) else ()
    by_name = tuple(user["username"] if (user := call.workspace.users.get(each)) else each for each in members)
    return {"team": teams.create(call.workspace, call.caller, str(name), kind, by_name)}


@ROUTES.route("POST", "teams.delete")
def delete(call: Call) -> Body:
    """Removes a team."""
    team = teams.meant(call.workspace, call.body)
    teams.delete(call.workspace, call.caller, team, list(call.body.get("roomsToRemove") or ()))
    return {}


@ROUTES.route("POST", "teams.addRooms")
def add_rooms(call: Call) -> Body:
    """Puts rooms into a team."""
    team = teams.meant(call.workspace, call.body)
    added = teams.add_rooms(call.workspace, call.caller, team, list(call.body.get("rooms") or ()))
    return {"rooms": [rooms.listed(room) for room in added]}
