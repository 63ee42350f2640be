"""Method limits: how often realtime methods may be called, by address, by user and by connection.

Not enforced unless the workspace is told to, as with the limits of the REST API. Over DDP the refusal is an error like
any other; nothing announces how many calls are left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from preflight.mock.refusals import MeteorError

Document = dict[str, Any]  # a stored user
Key = tuple[str, ...]

_TEN_SECONDS = timedelta(seconds=10)
_FIVE_SECONDS = timedelta(seconds=5)
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many calls in so much time; ``waived_by`` is a permission that lifts it."""

    calls: int
    window: timedelta
    waived_by: str | None = None


_BY_ADDRESS = Limit(calls=120000, window=_MINUTE)
_BY_USER = Limit(calls=1200, window=_MINUTE)
_BY_CONNECTION = Limit(calls=600, window=_MINUTE)
_BY_USER_AND_METHOD = Limit(calls=20, window=_TEN_SECONDS)
_BY_CONNECTION_AND_METHOD = Limit(calls=10, window=_TEN_SECONDS)
_MANY = "send-many-messages"

#: The methods that have a limit of their own, for each user (or connection, where nobody is logged in).
OF_METHODS = {
    "getRoomById": Limit(calls=10, window=_MINUTE),
    "createDirectMessage": Limit(calls=10, window=_MINUTE, waived_by=_MANY),
    "sendMessage": Limit(calls=5, window=_SECOND, waived_by=_MANY),
    "userSetUtcOffset": Limit(calls=1, window=_MINUTE),
    "setUserStatus": Limit(calls=1, window=_SECOND),
    "followMessage": Limit(calls=5, window=_FIVE_SECONDS),
    "unfollowMessage": Limit(calls=5, window=_FIVE_SECONDS),
    "login": Limit(calls=5, window=_TEN_SECONDS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls: from which address, over which connection (none: one request), and as which user, perhaps."""

    address: str
    connection: str | None = None
    user_id: str | None = None


@dataclass(slots=True, kw_only=True)
class _Window:
    ends: datetime
    used: int = 0


class MethodLimits:
    """Counts the calls of realtime methods in their windows."""

    def __init__(self) -> None:
        self.enforced = False
        self._windows: dict[Key, _Window] = {}

    def count(self, caller: Caller, method: str, waived: frozenset[str], now: datetime) -> None:
        """Counts one call; ``waived`` are the permissions of the caller that may lift a limit.

        Raises:
            MeteorError: too-many-requests, with the milliseconds until the next call may come.
        """
        if not self.enforced:
            return
        full = [
            window.ends
            for key, limit in _limits(caller, method)
            if limit.waived_by not in waived and self._is_full(window := self._window(key, limit, now), limit)
        ]
        if full:
            raise _too_many(max(full) - now)

    def _window(self, key: Key, limit: Limit, now: datetime) -> _Window:
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            window = _Window(ends=now + limit.window)
            self._windows[key] = window
        return window

    @staticmethod
    def _is_full(window: _Window, limit: Limit) -> bool:
        window.used += 1
        return window.used > limit.calls


def _limits(caller: Caller, method: str) -> Iterator[tuple[Key, Limit]]:
    yield ("address", caller.address), _BY_ADDRESS
    own = OF_METHODS.get(method)
    if caller.user_id is not None:
        yield ("user", caller.user_id), _BY_USER
        yield ("user", caller.user_id, method), _BY_USER_AND_METHOD
    if caller.connection is not None:
        yield ("connection", caller.connection), _BY_CONNECTION
        yield ("connection", caller.connection, method), _BY_CONNECTION_AND_METHOD
    if own is not None:
        yield ("own", caller.user_id or caller.connection or caller.address, method), own


def _too_many(rest: timedelta) -> MeteorError:
    wait = f"You must wait {ceil(rest.total_seconds())} seconds before trying again."
    reason = f"Error, too many requests. Please slow down. {wait}"
    return MeteorError("too-many-requests", reason, {"timeToReset": rest // timedelta(milliseconds=1)})
