"""Two factors: when an operation wants to know once more who asks, and what proves it.

Nobody in the mock has set up an authenticator or can read mail, so the second factor is the fallback that the server
has for them: the password, as the SHA-256 of it in hexadecimal.
"""

from datetime import timedelta
from typing import Any

from preflight.mock import users
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user

_METHOD = "password"


def demand(ws: Workspace, user: Document, token: str, code: str | None) -> None:
    """Demands a second factor of a user, unless it was shown a short while ago or the account is that young.

    Raises:
        MeteorError: totp-required without a code, totp-invalid with a wrong one.
    """
    settings = ws.settings
    enforced = settings["Accounts_TwoFactorAuthentication_Enforce_Password_Fallback"]
    if not settings["Accounts_TwoFactorAuthentication_Enabled"] or not enforced or _is_trusted(ws, user, token):
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
