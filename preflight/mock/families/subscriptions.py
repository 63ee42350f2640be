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


_UNREAD = {"anyOf": [closed({"roomId": TEXT}), closed({"firstUnreadMessage": closed({"_id": TEXT})})]}


@ROUTES.route("POST", "subscriptions.unread", body=_UNREAD)
def unread(call: Call) -> Body:
    """Notes a room as unread, from one message on or from its last one."""
    ws, user = call.workspace, call.caller
    details = {"method": "unreadMessages", "action": "Unread_messages"}
    if call.body.get("roomId"):
        visible = [each for each in ws.messages.of_room(call.body["roomId"]) if not each.get("_hidden")]
        if not visible or ws.subscriptions.get(call.body["roomId"], user["_id"]) is None:
            raise MeteorError("error-no-message-for-unread", "There are no messages to mark unread", details)
        first = visible[-1]
    else:
        found = ws.messages.get(call.body["firstUnreadMessage"]["_id"])
        if found is None or found["u"]["_id"] == user["_id"]:
            raise MeteorError("error-action-not-allowed", "Not allowed", details)
        first = found
    subscription = ws.subscriptions.get(first["rid"], user["_id"])
    if subscription is None:
        raise MeteorError("error-invalid-subscription", "Invalid subscription", {"method": "unreadMessages"})
    if call.body.get("roomId") or first["ts"] < subscription.get("ls", first["ts"]):
        subscription |= {"open": True, "alert": True, "ls": first["ts"]}
        ws.touch(subscription)
    return {}
