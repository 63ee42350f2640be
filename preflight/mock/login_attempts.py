"""Login attempts: who is kept out for having failed too often since they last succeeded.

One is kept out by the name that was tried, or by the address that tried, until some minutes after the last failure. It
makes no difference then whether the password is right.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from preflight.mock.failed_logins import Attempt, Failures
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

T = TypeVar("T")

_SETTINGS = "Block_Multiple_Failed_Logins"
_DETAILS = {"function": "Accounts.validateLoginAttempt"}


def guarded(ws: Workspace, attempt: Attempt, prove: Callable[[], T]) -> T:
    """Lets somebody prove who they are unless they are kept out, and notes what comes of it.

    Raises:
        MeteorError: error-login-blocked-for-ip or error-login-blocked-for-user; and whatever proving raises.
    """
    failures = ws.failed_logins
    if not ws.settings[f"{_SETTINGS}_Enabled"]:
        return prove()
    if _is_address_blocked(ws, attempt.address):
        failures.note(attempt, ws.clock.read())
        raise MeteorError("error-login-blocked-for-ip", "Login has been blocked For IP", _DETAILS)
    if _is_user_blocked(ws, attempt.username):
        raise MeteorError("error-login-blocked-for-user", "Login has been blocked For User", _DETAILS)
    try:
        proven = prove()
    except Exception:
        failures.note(attempt, ws.clock.read())
        raise
    failures.forget(attempt)
    return proven


def _is_address_blocked(ws: Workspace, address: str) -> bool:
    settings = ws.settings
    known = [each.strip() for each in str(settings[f"{_SETTINGS}_Ip_Whitelist"]).split(",")]
    if not settings[f"{_SETTINGS}_By_Ip"] or address in known:
        return False
    minutes = settings[f"{_SETTINGS}_Time_To_Unblock_By_Ip_In_Minutes"]
    limit = settings[f"{_SETTINGS}_Attempts_Until_Block_By_Ip"]
    return _is_blocked(ws, ws.failed_logins.by_address.get(address), limit, minutes)


def _is_user_blocked(ws: Workspace, username: str | None) -> bool:
    if username is None or not ws.settings[f"{_SETTINGS}_By_User"]:
        return False
    minutes = ws.settings[f"{_SETTINGS}_Time_To_Unblock_By_User_In_Minutes"]
    limit = ws.settings[f"{_SETTINGS}_Attempts_Until_Block_by_User"]
    return _is_blocked(ws, ws.failed_logins.by_username.get(username), limit, minutes)


def _is_blocked(ws: Workspace, failures: Failures | None, limit: int, minutes: int) -> bool:
    if failures is None or failures.last is None or not limit or failures.count < limit:
        return False
    return ws.clock.read() <= failures.last + timedelta(minutes=minutes)
