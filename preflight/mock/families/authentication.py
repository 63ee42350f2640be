"""Authentication: login, logout, who am I, and what release this is."""

from collections.abc import Mapping
from typing import Any

from preflight.mock import two_factor, users
from preflight.mock.access import has_permission
from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.failed_logins import Attempt
from preflight.mock.limiter import Allowance
from preflight.mock.login_attempts import guarded
from preflight.mock.refusals import MeteorError
from preflight.mock.routing import Body, Routes
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user

ROUTES = Routes()

_PREFERENCES: Document = {
    "enableAutoAway": True,
    "idleTimeLimit": 300,
    "desktopNotificationRequireInteraction": False,
    "desktopNotifications": "all",
    "pushNotifications": "all",
    "unreadAlert": True,
    "useEmojis": True,
    "convertAsciiEmoji": True,
    "autoImageLoad": True,
    "saveMobileBandwidth": True,
    "collapseMediaByDefault": False,
    "hideUsernames": False,
    "hideRoles": False,
    "hideFlexTab": False,
    "displayAvatars": True,
    "sidebarGroupByType": True,
    "themeAppearence": "auto",
    "sidebarViewMode": "medium",
    "sidebarDisplayAvatar": True,
    "sidebarShowUnread": False,
    "sidebarSortby": "activity",
    "showThreadsInMainChannel": False,
    "alsoSendThreadToChannel": "default",
    "sidebarShowFavorites": True,
    "sendOnEnter": "normal",
    "emailNotificationMode": "mentions",
    "newRoomNotification": "door",
    "newMessageNotification": "chime",
    "muteFocusedConversations": True,
    "notificationsSoundVolume": 100,
    "omnichannelTranscriptEmail": False,
    "notifyCalendarEvents": True,
    "enableMobileRinging": True,
    "sidebarSectionsOrder": [
        "Incoming_Calls",
        "Incoming_Livechats",
        "Open_Livechats",
        "On_Hold_Chats",
        "Unread",
        "Favorites",
        "Teams",
        "Discussions",
        "Channels",
        "Direct_Messages",
        "Conversations",
    ],
    "featuresPreview": "[]",
}
_ALIKE = "Something went wrong. Please check your credentials."
_LOGGED_OUT = "You've been logged out by the server. Please log in again."
_UNRECOGNIZED = "Unrecognized options for login request"


class _Refused(Exception):  # noqa: N818 - it never leaves this module
    """A login that fails, as the keys of its answer; ``crash`` is an error that newer servers hide."""

    def __init__(self, told: Document, *, crash: bool = False) -> None:
        super().__init__()
        self.told = told
        self.crash = crash


@ROUTES.route("POST", "login", login=False, allowance=Allowance(calls=5, announced=False))
def login(call: Call) -> Answer:
    """Gives a token to who proves who they are, by password or by a token they have."""
    regime = call.regime
    attempt = Attempt(address=call.address, username=_tried_name(call.payload))
    try:
        user, token = guarded(call.workspace, attempt, lambda: _proven(call.workspace, call.payload))
    except MeteorError as kept_out:
        told = {"error": kept_out.code, "details": kept_out.details, "message": kept_out.reason}
        return _refused(call, told)
    except _Refused as refused:
        if refused.crash and regime.at_least("8.0"):
            return Answer(status=500, body={"success": False, "error": "Internal server error"})
        return _refused(call, refused.told)
    data = {"userId": user["_id"], "authToken": token, "me": _me(call.workspace, user, own_services=False)}
    body: Document = {"status": "success", "data": data}
    return Answer(body={**body, "success": True} if regime.login_names_success else body)


def _refused(call: Call, told: Document) -> Answer:
    body = {"status": "error", **told}
    return Answer(status=401, body={"success": False, **body} if call.regime.login_names_success else body)


def _tried_name(body: Any) -> str | None:
    """Gives the username that a login is about, where it names one."""
    given = next((body[key] for key in ("user", "username") if key in body), None) if isinstance(body, dict) else None
    name = given.get("username") if isinstance(given, dict) else given
    return name if isinstance(name, str) and "@" not in name else None


def _proven(ws: Workspace, body: Any) -> tuple[Document, str]:
    if not isinstance(body, dict):
        raise _Refused({"message": "Match error: Expected plain object"}, crash=True)
    if body.get("resume"):
        return _resumed(ws, body["resume"])
    if not body.get("password"):
        raise _Refused({"error": 400, "message": _UNRECOGNIZED})
    digest = _digest(body["password"])
    user = _meant(ws, body)
    if user is None:
        raise _Refused(_unknown(ws))
    if not users.knows(user, digest):
        message = _ALIKE if ws.regime.login_failures_are_alike else "Incorrect password"
        raise _Refused({"error": 403, "message": message})
    if not user["active"]:
        details = {"function": "Accounts.validateLoginAttempt"}
        raise _Refused({"error": "error-user-is-not-activated", "details": details, "message": "User is not activated"})
    two_factor.demand_at_login(ws, user, body.get("code"))
    return user, users.log_in(ws, user)


def _resumed(ws: Workspace, token: Any) -> tuple[Document, str]:
    if not isinstance(token, str):
        raise _Refused({"message": "Match error: Expected string, got object in field resume"}, crash=True)
    user = ws.users.holder(token)
    if user is None:
        raise _Refused({"error": 403, "message": _LOGGED_OUT})
    return user, token


def _unknown(ws: Workspace) -> Document:
    if ws.regime.login_failures_are_alike:
        return {"error": 403, "message": _ALIKE}
    return {"error": "Unauthorized", "message": "Unauthorized"}


def _digest(password: Any) -> str:
    if isinstance(password, str):
        return users.digest(password)
    if isinstance(password, dict) and "hashed" in password:
        raise _Refused({"message": "data and hash must be strings"}, crash=True)
    if not isinstance(password, dict) or password.get("algorithm") != "sha-256":
        message = "Invalid password hash algorithm. Only 'sha-256' is allowed."
        raise _Refused({"message": message}, crash=True)
    return str(password.get("digest"))


def _meant(ws: Workspace, body: Mapping[str, Any]) -> Document | None:
    given = next((body[key] for key in ("user", "username", "email") if key in body), None)
    if given is None:
        raise _Refused({"message": "Match error: Missing key 'user'"}, crash=True)
    if isinstance(given, dict):
        _check_selector(given)
        return ws.users.named(given.get("username")) or ws.users.with_email(str(given.get("email", "")))
    if not isinstance(given, str):
        kind = "boolean" if isinstance(given, bool) else "number"
        message = f"Match error: Match error: Expected object, got {kind} in field user"
        raise _Refused({"message": message}, crash=True)
    if not given:
        message = "Match error: Match error: Failed Match.Where validation in field username in field user.username"
        raise _Refused({"message": message}, crash=True)
    if set(body) - {"user", "username", "email", "password", "code"}:
        message = "Match error: Match error: Expected object, got string in field user"
        raise _Refused({"message": message}, crash=True)
    return ws.users.with_email(given) if "@" in given else ws.users.named(given)


def _check_selector(selector: Mapping[str, Any]) -> None:
    strange = next((key for key in selector if key not in {"username", "email", "id"}), None)
    if strange is not None:
        message = f"Match error: Match error: Unknown key in field {strange} in field user.{strange}"
        raise _Refused({"message": message}, crash=True)


@ROUTES.route("POST", "logout")
@ROUTES.route("GET", "logout")
def logout(call: Call) -> Answer:
    """Ends the token that the call carries."""
    call.workspace.users.revoke(call.token or "")
    return Answer(body={"status": "success", "data": {"message": "You've been logged out!"}})


@ROUTES.route("GET", "me")
def me(call: Call) -> Body:
    """Tells the caller what the workspace knows of them."""
    return _me(call.workspace, call.caller, own_services=True)


_OF_PRESENCE = ("statusConnection", "statusDefault", "statusText", "utcOffset")


def _me(ws: Workspace, user: Document, *, own_services: bool) -> Document:
    password = {"exists": True} if own_services else dict(user["services"]["password"])
    totp = {"totp": {"enabled": True}} if "totp" in user["services"] else {}
    services = {"email2fa": dict(user["services"]["email2fa"]), **totp, "password": password}
    preferences = {**_PREFERENCES, **user["settings"].get("preferences", {})}
    settings = {"profile": {}, **user["settings"], "preferences": preferences}
    keys = ("_id", "username", "emails", "roles", "status", "active", "_updatedAt", "name")
    shown = {key: user[key] for key in keys} | {key: user[key] for key in _OF_PRESENCE if key in user}
    email = {"email": user["emails"][0]["address"]} if user["emails"] else {}
    return {
        **shown,
        "settings": settings,
        "requirePasswordChange": False,
        **({"isOAuthUser": False} if own_services else {}),
        "services": services,
        **email,
        "avatarUrl": users.avatar_url(ws, user),
    }


@ROUTES.route("GET", "info", login=False, since="7.4")
@ROUTES.route("GET", "/api/info", login=False)
def info(call: Call) -> Body:
    """Tells the release; its patch and build only to who may see statistics."""
    ws = call.workspace
    may_see = call.user is not None and has_permission(ws, call.user, "view-statistics")
    version = ws.regime.version if may_see else ws.regime.release
    build: Document = {
        "version": ws.regime.version,
        "build": {"date": ws.clock.read(), "nodeVersion": "v22.0.0", "arch": "x64", "platform": "linux"},
        "marketplaceApiVersion": "1.0.0",
        "commit": {},
    }
    return {
        "version": version,
        **({"info": build} if may_see else {}),
        "minimumClientVersions": {"desktop": "3.9.6", "mobile": "4.39.0"},
        "cloudWorkspaceId": "",
    }
