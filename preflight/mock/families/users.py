"""users.*: accounts, as administrators make them and as others see them."""

from collections.abc import Mapping
from typing import Any

from preflight.mock import departures, founding, users
from preflight.mock.access import has_permission
from preflight.mock.call import Call
from preflight.mock.refusals import Failure, MeteorError, PermissionRefused
from preflight.mock.routing import Body, Routes
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user

ROUTES = Routes()

_CREATE = {
    "type": "object",
    "properties": {
        "email": {"type": "string"},
        "name": {"type": "string"},
        "password": {"type": "string"},
        "username": {"type": "string"},
        "active": {"type": "boolean"},
        "roles": {"type": "array", "items": {"type": "string"}},
        "joinDefaultChannels": {"type": "boolean"},
        "requirePasswordChange": {"type": "boolean"},
        "sendWelcomeEmail": {"type": "boolean"},
        "verified": {"type": "boolean"},
        "statusText": {"type": "string"},
        "bio": {"type": "string"},
        "nickname": {"type": "string"},
        "setRandomPassword": {"type": "boolean"},
        "customFields": {"type": "object"},
    },
    "required": ["email", "name", "password", "username"],
    "additionalProperties": False,
}
_SHOWN_TO_ALL = ("_id", "username", "type", "status", "active", "name", "statusText")
_SHOWN_TO_SELF = ("createdAt", "services", "emails", "roles", "lastLogin", "settings")


@ROUTES.route("POST", "users.create", body=_CREATE)
def create(call: Call) -> Body:
    """Makes an account which joins the default rooms at once."""
    ws, body = call.workspace, call.body
    if not has_permission(ws, call.caller, "create-user"):
        raise MeteorError("error-action-not-allowed", "Adding user is not allowed")
    _refuse_taken(ws, body)
    user = users.create(
        ws,
        username=body["username"],
        name=body["name"],
        password=body["password"],
        email=body["email"],
        roles=body.get("roles") or ("user",),
    )
    user["active"] = body.get("active", True)
    if body.get("joinDefaultChannels", True):
        founding.join_default_rooms(ws, user)
    return {"user": _created(ws, user)}


def _refuse_taken(ws: Workspace, body: Mapping[str, Any]) -> None:
    if ws.users.named(body["username"]) is not None:
        reason = f"{body['username']} is already in use :("
        raise MeteorError(
            "error-field-unavailable", reason, {"method": "insertOrUpdateUser", "field": body["username"]}
        )
    if ws.users.with_email(body["email"]) is not None:
        reason = f"{body['email']} is already in use :("
        raise MeteorError("error-field-unavailable", reason, {"method": "insertOrUpdateUser", "field": body["email"]})


def _created(ws: Workspace, user: Document) -> Document:
    keys = ("_id", "createdAt", "username", "emails", "type", "roles", "status", "active", "_updatedAt")
    shown = {key: user[key] for key in keys}
    rooms = [subscription["rid"] for subscription in ws.subscriptions.of_user(user["_id"])]
    return {**shown, "__rooms": rooms, "name": user["name"], "settings": user["settings"]}


@ROUTES.route("GET", "users.info")
def info(call: Call) -> Body:
    """Tells of one user: most to administrators, more to themselves than to others."""
    ws, user = call.workspace, _meant(call.workspace, call.query)
    may_view_all = has_permission(ws, call.caller, "view-full-other-user-info")
    if may_view_all:
        shown = {key: value for key, value in user.items() if key != "services"}
    else:
        keys = (*_SHOWN_TO_ALL, *(_SHOWN_TO_SELF if user is call.caller else ()))
        shown = {key: user[key] for key in keys if key in user}
    if "services" in shown:
        shown["services"] = {"email2fa": user["services"]["email2fa"], "password": {"exists": True}}
    return {"user": {**shown, "canViewAllInfo": may_view_all}}


@ROUTES.route("GET", "users.list")
def list_(call: Call) -> Body:
    """Lists all users."""
    if not has_permission(call.workspace, call.caller, "view-d-room"):
        raise PermissionRefused
    selection = call.selection()
    found = selection.ordered(call.workspace.users, {"username": 1})
    keys = (*_SHOWN_TO_ALL, "roles", "nameInsensitive")

    def shown(user: Document) -> Document:
        named = {**user, "nameInsensitive": user["name"].lower()}
        return {key: named[key] for key in keys if key in named}

    return call.paged("users", found, shown)


@ROUTES.route("POST", "users.delete")
def delete(call: Call) -> Body:
    """Removes a user with their direct rooms and messages."""
    ws = call.workspace
    if not has_permission(ws, call.caller, "delete-user"):
        raise PermissionRefused
    user = _meant(ws, call.body)
    deleted = departures.remove_user(ws, user, relinquish=bool(call.body.get("confirmRelinquish")))
    return {"deletedRooms": deleted}


def _meant(ws: Workspace, parameters: Mapping[str, Any]) -> Document:
    if not parameters.get("userId") and not parameters.get("username"):
        reason = 'The required "userId" or "username" param was not provided'
        raise MeteorError("error-user-param-not-provided", reason)
    by_id = parameters.get("userId")
    user = ws.users.get(by_id) if by_id else ws.users.named(parameters.get("username"))
    if user is None:
        raise Failure("User not found.")
    return user
