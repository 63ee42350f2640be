"""Personal tokens: named tokens that a user makes for programs and that never expire."""

from typing import Any

from preflight.mock import users
from preflight.mock.access import has_permission
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user or token

_PERMISSION = "create-personal-access-tokens"
_SHOWN = 6  # characters of a token that lists show


def generate(ws: Workspace, user: Document, name: str, *, bypass: bool) -> str:
    """Makes a token; raises MeteorError not-authorized or error-token-already-exists."""
    method = _allowed(ws, user, "generateToken")
    if _named(user, name) is not None:
        raise MeteorError("error-token-already-exists", "A token with this name already exists", method)
    return _granted(ws, user, name, bypass=bypass)


def regenerate(ws: Workspace, user: Document, name: str) -> str:
    """Puts a new token in the place of one; raises MeteorError not-authorized or error-token-does-not-exists."""
    method = _allowed(ws, user, "regenerateToken")
    known = _known(user, name, method)
    _dropped(ws, user, known)
    return _granted(ws, user, name, bypass=known["bypassTwoFactor"])


def remove(ws: Workspace, user: Document, name: str) -> None:
    """Ends a token; raises MeteorError not-authorized or error-token-does-not-exists."""
    method = _allowed(ws, user, "removeToken")
    _dropped(ws, user, _known(user, name, method))


def listed(user: Document) -> list[Document]:
    """Lists a user's tokens by what may be shown of them."""
    keys = ("name", "createdAt", "lastTokenPart", "bypassTwoFactor")
    return [{key: each[key] for key in keys} for each in users.personal_tokens(user)]


def _allowed(ws: Workspace, user: Document, action: str) -> Document:
    """Gives what a refusal of an action tells; raises MeteorError for who may have no tokens at all."""
    method = {"method": f"personalAccessTokens:{action}"}
    if not has_permission(ws, user, _PERMISSION):
        raise MeteorError("not-authorized", "Not Authorized", method)
    return method


def _named(user: Document, name: str) -> Document | None:
    return next((each for each in users.personal_tokens(user) if each["name"] == name), None)


def _known(user: Document, name: str, method: Document) -> Document:
    known = _named(user, name)
    if known is None:
        raise MeteorError("error-token-does-not-exists", "Token does not exist", method)
    return known


def _granted(ws: Workspace, user: Document, name: str, *, bypass: bool) -> str:
    token = ws.ids.token()
    kept = users.personal_tokens(user)
    made = {
        "type": "personalAccessToken",
        "name": name,
        "createdAt": ws.clock.now(),
        "lastTokenPart": token[-_SHOWN:],
        "bypassTwoFactor": bypass,
        "token": token,
    }
    user["services"]["resume"] = {"loginTokens": [*kept, made]}
    ws.users.grant(token, user["_id"])
    return token


def _dropped(ws: Workspace, user: Document, known: Document) -> None:
    kept = [each for each in users.personal_tokens(user) if each is not known]
    user["services"]["resume"] = {"loginTokens": kept}
    ws.users.revoke(known["token"])
