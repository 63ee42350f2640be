"""Limiter: how many calls an address may make to one route within a window of time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from preflight.mock.clock import milliseconds
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

CALLS = "API_Enable_Rate_Limiter_Limit_Calls_Default"
WINDOW = "API_Enable_Rate_Limiter_Limit_Time_Default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How many calls a route allows, in which window; what is not said is as the settings have it.

    An allowance that is not announced counts behind headers that show the usual limit. ``waived_by`` is a permission
    that lifts it.
    """

    calls: int
    window_ms: int | None = None
    announced: bool = True
    waived_by: str | None = None


@dataclass(slots=True, kw_only=True)
class _Window:
    ends: datetime
    used: int = 0


class Limiter:
    """Counts the calls by address, route and method."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str, str], _Window] = {}

    def count(self, ws: Workspace, key: tuple[str, str, str], allowance: Allowance | None = None) -> dict[str, str]:
        """Counts one call and gives the headers that tell of it.

        Raises:
            RateLimited: when the window has no room for it.
        """
        now = ws.clock.read()
        usual: int = ws.settings[CALLS]
        limit = allowance.calls if allowance is not None else usual
        shown = limit if allowance is None or allowance.announced else usual
        length = (allowance and allowance.window_ms) or ws.settings[WINDOW]
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            window = _Window(ends=now + timedelta(milliseconds=length))
            self._windows[key] = window
        window.used += 1
        told = {
            "x-ratelimit-limit": str(shown),
            "x-ratelimit-remaining": str(max(0, limit - window.used)),
            "x-ratelimit-reset": str(milliseconds(window.ends)),
        }
        if window.used > limit:
            raise RateLimited(ceil((window.ends - now).total_seconds()), told)
        return told


class RateLimited(MeteorError):  # noqa: N818 - a refusal is no error of the mock
    """The refusal of one call too many, with the headers that tell when the next may come."""

    def __init__(self, seconds: int, headers: dict[str, str]) -> None:
        wait = f"You must wait {seconds} seconds before trying this endpoint again."
        reason = f"Error, too many requests. Please slow down. {wait}"
        super().__init__("error-too-many-requests", reason)
        self.headers = headers
