"""Clock: what time the workspace believes it is, in whole milliseconds of UTC."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_TICK = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _system() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Gives times that always rise: two writes never share a millisecond, so that every order by time is total."""

    def __init__(self, source: Callable[[], datetime] = _system) -> None:
        self._source = source
        self._last = EPOCH

    def now(self) -> datetime:
        """Gives the time of the next write, later than every time given before."""
        self._last = max(self.read(), self._last + _TICK)
        return self._last

    def read(self) -> datetime:
        """Gives the time without taking it: for windows, expiry and comparisons."""
        moment = self._source()
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def iso(moment: datetime) -> str:
    """Prints a time as the server does: ``2026-11-22T05:28:35.123Z``."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def milliseconds(moment: datetime) -> int:
    """Gives the milliseconds since 1970."""
    return (moment - EPOCH) // _TICK


def at_milliseconds(milliseconds_since_1970: int) -> datetime:
    """Gives the time that lies so many milliseconds after 1970."""
    return EPOCH + milliseconds_since_1970 * _TICK
