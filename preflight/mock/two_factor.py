"""Two factors: when a login or an operation wants to know once more who asks, and what proves it.

Who has set up an authenticator proves it by a code of it. Nobody in the mock can read mail; for all others the second
factor of an operation is the fallback that the server has: the password, as the SHA-256 of it in hexadecimal. A login
does without, since it has seen the password already.
"""

from datetime import timedelta
from typing import Any

from preflight.mock import authenticator, users
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user

_METHOD = "password"
_TOTP = "totp"


def set_up(user: Document, secret: str) -> None:
    """Gives a user an authenticator with a secret (base32), whose codes every login with a password then needs."""
    authenticator.code_at(secret, user["createdAt"])
    user["services"][_TOTP] = {"enabled": True, "secret": secret}


def demand_at_login(ws: Workspace, user: Document, code: object) -> None:
    """Demands a code of who has an authenticator and has just shown the password.

    Raises:
        MeteorError: totp-required without a code, totp-invalid with a wrong one.
    """
    secret = _secret(user)
    if not ws.settings["Accounts_TwoFactorAuthentication_Enabled"] or secret is None:
        return
    _demand_code(ws, secret, code)


def _demand_code(ws: Workspace, secret: str, code: object) -> None:
    details: Document = {"method": _TOTP, "codeGenerated": False}
    if not code:
        raise MeteorError("totp-required", "TOTP Required", {**details, "availableMethods": [_TOTP]})
    if not authenticator.accepts(secret, str(code), ws.clock.read()):
        raise MeteorError("totp-invalid", "TOTP Invalid", details)


def _secret(user: Document) -> str | None:
    kept = user["services"].get(_TOTP, {})
    return str(kept["secret"]) if kept.get("enabled") else None


def demand(ws: Workspace, user: Document, token: str, code: str | None) -> None:
    """Demands a second factor of a user, unless it was shown a short while ago or the account is that young.

    Raises:
        MeteorError: totp-required without a code, totp-invalid with a wrong one.
    """
    settings, secret = ws.settings, _secret(user)
    if not settings["Accounts_TwoFactorAuthentication_Enabled"] or _is_trusted(ws, user, token):
        return
    if secret is not None:
        _demand_code(ws, secret, code)
        ws.users.confirm(token, ws.clock.read() + _remembered(ws))
        return
    if not settings["Accounts_TwoFactorAuthentication_Enforce_Password_Fallback"]:
        return
    details: Document = {"method": _METHOD, "codeGenerated": False}
    if not code:
        raise MeteorError("totp-required", "TOTP Required", {**details, "availableMethods": []})
    if not users.knows(user, code):
        raise MeteorError("totp-invalid", "TOTP Invalid", details)
    ws.users.confirm(token, ws.clock.read() + _remembered(ws))


def _is_trusted(ws: Workspace, user: Document, token: str) -> bool:
    now = ws.clock.read()
    if any(each["token"] == token and each["bypassTwoFactor"] for each in users.personal_tokens(user)):
        return True
    until = ws.users.confirmed_until(token)
    return user["createdAt"] + _remembered(ws) > now or (until is not None and until > now)


def _remembered(ws: Workspace) -> timedelta:
    return timedelta(seconds=ws.settings["Accounts_TwoFactorAuthentication_RememberFor"])
