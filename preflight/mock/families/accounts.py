"""users.* that people do for themselves: registering, saying how they are, and setting what they prefer."""

from collections.abc import Mapping
from typing import Any

from preflight.mock import founding, named, users
from preflight.mock.access import has_permission
from preflight.mock.call import Call
from preflight.mock.limiter import Allowance
from preflight.mock.refusals import Failure, Forbidden, MeteorError
from preflight.mock.routing import Body, Routes
from preflight.mock.schemas import TEXT, closed

Document = dict[str, Any]  # a stored user

ROUTES = Routes()

_REGISTER = closed(
    {"username": TEXT, "email": TEXT, "pass": TEXT},
    {"name": TEXT, "secret": TEXT, "reason": TEXT, "customFields": {"type": "object"}},
)


@ROUTES.route("POST", "users.register", login=False, body=_REGISTER, allowance=Allowance(calls=1))
def register(call: Call) -> Body:
    """Makes an account for who asks, where the workspace lets everybody in."""
    ws, body = call.workspace, call.body
    if call.user is not None:
        raise Failure("Logged in users can not register again.")
    if not users.is_username(body["username"]):
        raise Failure("The username provided is not valid")
    if named.username(ws, body["username"]) is not None:
        raise Failure("Username is already in use")
    if ws.settings["Accounts_RegistrationForm"] != "Public":
        reason = "User registration is disabled"
        raise MeteorError("error-user-registration-disabled", reason, {"method": "registerUser"})
    users.check_email(body["email"])
    if ws.users.with_email(body["email"]) is not None:
        raise MeteorError("403", "Email already exists.")
    user = users.create(
        ws,
        username=body["username"],
        name=body.get("name") or body["username"],
        password=body["pass"],
        email=body["email"],
        verified=False,
    )
    founding.join_default_rooms(ws, user)
    keys = ("_id", "createdAt", "username", "emails", "type", "roles", "status", "active", "_updatedAt", "name")
    return {"user": {key: user[key] for key in keys}}


@ROUTES.route("GET", "users.getPreferences")
def get_preferences(call: Call) -> Body:
    """Gives what the caller has set for themself, the rest being as the workspace has it."""
    return {"preferences": dict(call.caller["settings"].get("preferences", {}))}


_PREFERENCES = closed({"data": {"type": "object"}}, {"userId": {"type": "string", "nullable": True}})


@ROUTES.route("POST", "users.setPreferences", body=_PREFERENCES)
def set_preferences(call: Call) -> Body:
    """Changes what a user has set for themself."""
    ws, user_id = call.workspace, call.body.get("userId")
    user = call.caller
    if user_id and user_id != user["_id"]:
        if not has_permission(ws, user, "edit-other-user-info"):
            raise MeteorError("error-action-not-allowed", "Editing user is not allowed")
        other = ws.users.get(user_id)
        if other is None:
            reason = 'The optional "userId" param provided does not match any users'
            raise MeteorError("error-invalid-user", reason)
        user = other
    preferences = {**user["settings"].get("preferences", {}), **call.body["data"]}
    user["settings"] = {**user["settings"], "preferences": preferences}
    ws.touch(user)
    return {"user": {"_id": user["_id"], "settings": {"preferences": preferences}}}


@ROUTES.route("POST", "users.createToken")
def create_token(call: Call) -> Body:
    """Refuses to log somebody in for another: a server does so only where its environment says it may."""
    named.person(call.workspace, call.body)
    raise MeteorError("error-not-authorized", "Not authorized", {"method": "createToken"})


# -- presence --------------------------------------------------------------------------------------------------------

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
    given = {key: parameters[key] for key in ("userId", "username", "user") if parameters.get(key)}
    return not given or call.caller["_id"] == given.get("userId") or call.caller["username"] in given.values()


def _self_or_other(call: Call, parameters: Mapping[str, Any], permission: str) -> Document:
    """Gives the user whom the parameters mean: the caller, or with a permission anybody; raises Forbidden."""
    if _is_self(call, parameters):
        return call.caller
    if not has_permission(call.workspace, call.caller, permission):
        raise Forbidden
    return named.person(call.workspace, parameters)


@ROUTES.route("GET", "users.getStatus")
def get_status(call: Call) -> Body:
    """Tells a user's presence."""
    if not _is_self(call, call.query):
        user = named.person(call.workspace, call.query)
        return {"_id": user["_id"], "status": user["status"]}
    user = call.caller
    connection = user.get("statusConnection", "offline")
    return {"_id": user["_id"], "connectionStatus": connection, "status": user["status"]}
