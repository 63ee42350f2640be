"""Methods about people: logging in and out, presence, and finding somebody."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from preflight.mock import two_factor, users
from preflight.mock.access import can_access_room
from preflight.mock.failed_logins import Attempt
from preflight.mock.login_attempts import guarded
from preflight.mock.method import NOTHING, Invocation, MatchFailed, MethodError, Methods
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user or room

METHODS = Methods()

_ALIKE = "Something went wrong. Please check your credentials."
_LOGGED_OUT = "You've been logged out by the server. Please log in again."
_UNRECOGNIZED = "Unrecognized options for login request"
_ALGORITHM = "Invalid password hash algorithm. Only 'sha-256' is allowed."
_STATUSES = frozenset({"online", "away", "busy", "offline"})
_FOUND = 5  # how many people and rooms a search gives


# -- logging in and out ----------------------------------------------------------------------------------------------


@METHODS.method("login")
def login(call: Invocation) -> Document:
    """Logs the connection in, by password or by a token that was given before."""
    ws, options = call.workspace, _options(call)
    selector = options.get("user")
    name = selector.get("username") if isinstance(selector, dict) else None
    attempt = Attempt(address=call.address, username=name if isinstance(name, str) else None)
    user, token = guarded(ws, attempt, lambda: _recognised(ws, options))
    return _entered(call, user, token, kind="resume" if options.get("resume") else "password")


def _recognised(ws: Workspace, options: Mapping[str, Any]) -> tuple[Document, str]:
    if options.get("resume"):
        return _resumed(ws, options["resume"])
    if not options.get("password"):
        raise MethodError(400, _UNRECOGNIZED)
    user = _proven(ws, options)
    two_factor.demand_at_login(ws, user, options.get("code"))
    return user, users.log_in(ws, user)


def _options(call: Invocation) -> Mapping[str, Any]:
    """Gives what proves the caller, also where it is wrapped together with a second factor."""
    options = call.param(0)
    if not isinstance(options, dict):
        raise MatchFailed
    second = options.get("totp")
    if isinstance(second, dict) and second.get("code") and isinstance(second.get("login"), dict):
        return {**second["login"], "code": second["code"]}
    return options


def _resumed(ws: Workspace, token: Any) -> tuple[Document, str]:
    if not isinstance(token, str):
        raise MatchFailed
    user = ws.users.holder(token)
    if user is None:
        raise MethodError(403, _LOGGED_OUT)
    return user, token


def _proven(ws: Workspace, options: Mapping[str, Any]) -> Document:
    user = _meant(ws, options.get("user"))
    digest = _digest(options["password"])
    alike = ws.regime.login_failures_are_alike
    if user is None:
        raise MethodError(403, _ALIKE if alike else "User not found")
    if not users.knows(user, digest):
        raise MethodError(403, _ALIKE if alike else "Incorrect password")
    if not user["active"]:
        details = {"function": "Accounts.validateLoginAttempt"}
        raise MeteorError("error-user-is-not-activated", "User is not activated", details)
    return user


def _meant(ws: Workspace, selector: Any) -> Document | None:
    """Gives the user of ``{username}``, ``{email}`` or ``{id}``; raises MatchFailed where it is none of these."""
    if not isinstance(selector, dict) or len(selector) != 1:
        raise MatchFailed
    ((key, value),) = selector.items()
    if key not in {"username", "email", "id"} or not isinstance(value, str) or not value:
        raise MatchFailed
    found = {"username": ws.users.named, "email": ws.users.with_email, "id": ws.users.get}
    return found[key](value)


def _digest(password: Any) -> str:
    if isinstance(password, str):
        return users.digest(password)
    if not isinstance(password, dict) or not isinstance(password.get("digest"), str):
        raise MatchFailed
    if password.get("algorithm") != "sha-256":
        raise Failure(_ALGORITHM)
    return str(password["digest"])


def _entered(call: Invocation, user: Document, token: str, *, kind: str) -> Document:
    call.identity.user_id, call.identity.token = user["_id"], token
    days = call.workspace.settings["Accounts_LoginExpiration"]
    expires = call.workspace.clock.read() + timedelta(days=days)
    return {"id": user["_id"], "token": token, "tokenExpires": expires, "type": kind}


@METHODS.method("logout")
def logout(call: Invocation) -> Any:
    """Logs the connection out and ends its token."""
    call.workspace.users.revoke(call.identity.token or "")
    call.identity.user_id = call.identity.token = None
    return NOTHING


# -- presence --------------------------------------------------------------------------------------------------------


@METHODS.method("setUserStatus")
def set_status(call: Invocation) -> Any:
    """Changes what the caller says of their presence, in a word and in a text."""
    user = call.caller()
    status, text = call.param(0), call.param(1)
    if text is not None and not isinstance(text, str):
        raise MatchFailed
    if isinstance(status, str) and status in _STATUSES:
        user["status"] = status
    if text is not None:
        user["statusText"] = text
    call.workspace.touch(user)
    return NOTHING


@METHODS.method("UserPresence:online")
def online(call: Invocation) -> Any:
    """Says that somebody sits before the connection."""
    return _present(call, "online")


@METHODS.method("UserPresence:away")
def away(call: Invocation) -> Any:
    """Says that nobody sits before the connection for now."""
    return _present(call, "away")


@METHODS.method("UserPresence:setDefaultStatus")
def set_default_status(call: Invocation) -> Any:
    """Says how the caller wants to be seen while they are present."""
    status = call.text(0)
    return _present(call, status, by="statusDefault") if status in _STATUSES else NOTHING


def _present(call: Invocation, status: str, *, by: str = "statusConnection") -> Any:
    """Shows the caller so, by what the connection tells or by what they chose."""
    if call.user is None:
        return NOTHING
    known = {key: call.user.get(key, "online") for key in ("statusConnection", "statusDefault")}
    call.user.update({**known, by: status, "status": status})
    call.workspace.touch(call.user)
    return True


@METHODS.method("userSetUtcOffset")
def set_utc_offset(call: Invocation) -> Any:
    """Notes how many hours the caller's clock is ahead of UTC; of somebody who is not logged in nothing is noted."""
    offset = call.param(0)
    if isinstance(offset, bool) or not isinstance(offset, int | float):
        raise MatchFailed
    if call.user is not None:
        call.user["utcOffset"] = offset
        call.workspace.touch(call.user)
    return NOTHING


# -- finding somebody ------------------------------------------------------------------------------------------------


@METHODS.method("getUserRoles", until="8.0")
def get_user_roles(call: Invocation) -> list[Document]:
    """Lists the users who hold a role that shows beside their name."""
    call.caller()
    holding = [user for user in call.workspace.users if "admin" in user["roles"]]
    shown = sorted(holding, key=lambda user: str(user["username"]))
    return [{"_id": user["_id"], "username": user["username"], "roles": ["admin"]} for user in shown]


@METHODS.method("spotlight")
def spotlight(call: Invocation) -> Document:
    """Finds people and rooms by a part of their names; ``@`` asks for people alone, ``#`` for rooms."""
    text = call.param(0)
    if not isinstance(text, str):
        raise Failure("text.startsWith is not a function")
    if call.user is None:
        return {"users": [], "rooms": []}
    wanted = text.lstrip("@#").casefold()
    people = [] if text.startswith("#") else _people(call, call.user, wanted)
    found = [] if text.startswith("@") else _rooms(call, call.user, wanted)
    return {"users": people[:_FOUND], "rooms": found[:_FOUND]}


def _people(call: Invocation, asker: Document, wanted: str) -> list[Document]:
    keys = ("_id", "username", "status", "statusText", "name")
    matching = [
        user
        for user in call.workspace.users
        if user is not asker
        and user["active"]
        and (wanted in user["username"].casefold() or wanted in user.get("name", "").casefold())
    ]
    return [{**{key: user[key] for key in keys if key in user}, "outside": True} for user in matching]


def _rooms(call: Invocation, asker: Document, wanted: str) -> list[Document]:
    ws = call.workspace
    keys = ("_id", "name", "fname", "t", "lastMessage")
    return [
        {key: room[key] for key in keys if key in room}
        for room in ws.rooms
        if room["t"] in {"c", "p"}
        and wanted in room["name"].casefold()
        and can_access_room(ws, room, asker)
        and ws.subscriptions.get(room["_id"], asker["_id"]) is None
    ]
