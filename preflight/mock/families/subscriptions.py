"""subscriptions.*: the caller's place in rooms."""

from typing import Any

from preflight.mock import subscriptions
from preflight.mock.call import Call
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.routing import Body, Routes
from preflight.mock.schemas import FLAG, TEXT, closed
from preflight.mock.trash import tombstone
from preflight.mock.validation import parse_date

Document = dict[str, Any]  # a stored subscription

ROUTES = Routes()

_READ = {"anyOf": [closed({"rid": TEXT}, {"readThreads": FLAG}), closed({"roomId": TEXT}, {"readThreads": FLAG})]}


@ROUTES.route("GET", "subscriptions.get")
def get(call: Call) -> Body:
    """Gives the caller's subscriptions; with a date, those that changed and those that ended since."""
    ws, user_id = call.workspace, call.caller["_id"]
    given = call.query.get("updatedSince")
    mine = ws.subscriptions.of_user(user_id)
    if not given:
        return {"update": mine, "remove": []}
    since = parse_date(given) if isinstance(given, str) else None
    if since is None:
        raise MeteorError("error-roomId-param-invalid", 'The "lastUpdate" query parameter must be a valid date.')
    ended = [each for each in ws.trash.since("subscription", since) if each["u"]["_id"] == user_id]
    return {
        "update": [each for each in mine if each["_updatedAt"] > since],
        "remove": [tombstone(each) for each in ended],
    }


@ROUTES.route("GET", "subscriptions.getOne", query=closed({"roomId": TEXT}))
def get_one(call: Call) -> Body:
    """Gives the caller's subscription in one room, or null."""
    return {"subscription": call.workspace.subscriptions.get(call.query["roomId"], call.caller["_id"])}


@ROUTES.route("POST", "subscriptions.read", body=_READ)
def read(call: Call) -> Body:
    """Notes that the caller has read a room."""
    ws = call.workspace
    room_id = call.body.get("rid", call.body.get("roomId"))
    if ws.rooms.get(room_id) is None:
        raise Failure("error-invalid-subscription")
    subscription = ws.subscriptions.get(room_id, call.caller["_id"])
    if subscription is None:
        raise MeteorError("error-invalid-subscription", "Invalid subscription", {"method": "readMessages"})
    subscriptions.read(ws, subscription)
    return {}
