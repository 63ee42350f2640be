"""users.*: accounts, as administrators make them and as others see them."""

from collections.abc import Mapping
from typing import Any

from preflight.mock import departures, founding, users
from preflight.mock.access import has_permission
from preflight.mock.call import Call
from preflight.mock.limiter import Allowance
from preflight.mock.refusals import Failure, Forbidden, MeteorError, PermissionRefused
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


_STATUSES = ("online", "away", "offline", "busy")


@ROUTES.route("POST", "users.setStatus", allowance=Allowance(calls=5))
def set_status(call: Call) -> Body:
    """Changes what a user says of their presence, in a word and in a text."""
    ws, body = call.workspace, call.body
    _check_status(body)
    method = {"method": "users.setStatus"}
    if not ws.settings["Accounts_AllowUserStatusMessageChange"]:
        raise MeteorError("error-not-allowed", "Change status is not allowed", method)
    user = _self_or_other(call, body, "edit-other-user-info")
    status = body.get("status")
    if body.get("message") is not None:
        user["statusText"] = body["message"].strip()[:120]
        ws.touch(user)
    if not status:
        return {}
    if status not in _STATUSES:
        reason = "Valid status types include online, away, offline, and busy."
        raise MeteorError("error-invalid-status", reason, method)
    if status == "offline" and not ws.settings["Accounts_AllowInvisibleStatusOption"]:
        raise MeteorError("error-status-not-allowed", "Invisible status is disabled", method)
    user.update(status=status, statusDefault=status)
    ws.touch(user)
    return {}


def _check_status(body: Mapping[str, Any]) -> None:
    """Demands a message or a status, each a text; raises Failure."""
    texts = [name for name in ("message", "status") if isinstance(body.get(name), str)]
    wrong = any(body.get(name) is not None and name not in texts for name in ("message", "status"))
    if wrong or not texts:
        raise Failure("Match error: Failed Match.OneOf, Match.Maybe or Match.Optional validation")


def _is_self(call: Call, parameters: Mapping[str, Any]) -> bool:
    """Tells whether the parameters mean the caller: naming nobody does."""
    named = {key: parameters[key] for key in ("userId", "username", "user") if parameters.get(key)}
    return not named or call.caller["_id"] == named.get("userId") or call.caller["username"] in named.values()


def _self_or_other(call: Call, parameters: Mapping[str, Any], permission: str) -> Document:
    """Gives the user whom the parameters mean: the caller, or with a permission anybody; raises Forbidden."""
    if _is_self(call, parameters):
        return call.caller
    if not has_permission(call.workspace, call.caller, permission):
        raise Forbidden
    return _meant(call.workspace, parameters)


@ROUTES.route("GET", "users.getStatus")
def get_status(call: Call) -> Body:
    """Tells a user's presence."""
    if not _is_self(call, call.query):
        user = _meant(call.workspace, call.query)
        return {"_id": user["_id"], "status": user["status"]}
    user = call.caller
    connection = user.get("statusConnection", "offline")
    return {"_id": user["_id"], "connectionStatus": connection, "status": user["status"]}


def _meant(ws: Workspace, parameters: Mapping[str, Any]) -> Document:
    if not parameters.get("userId") and not parameters.get("username"):
        reason = 'The required "userId" or "username" param was not provided'
        raise MeteorError("error-user-param-not-provided", reason)
    by_id = parameters.get("userId")
    user = ws.users.get(by_id) if by_id else ws.users.named(parameters.get("username"))
    if user is None:
        raise Failure("User not found.")
    return user
