"""EJSON: how a date crosses the realtime API, ``{"$date": milliseconds}``, and how REST and people write it, ISO 8601.

``{"$escape": {"$date": 1}}`` is no date but an object that looks like one; it stays what it is. So does a date that no
calendar of this language holds (before the year 1, after the year 9999) or that is no whole number: whoever judges it
sees what the server sent.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from preflight.model.json import Json, JsonObject

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_DATE, _ESCAPE = "$date", "$escape"
# datetime.fromisoformat also reads weeks, and dates without a time or an offset.
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)


def date(iso: str) -> JsonObject:
    """Give the EJSON date of a moment in ISO 8601 with an offset, cut to milliseconds; raises ValueError for others."""
    if not _ISO.fullmatch(iso):
        msg = f"{iso!r:.60} is no moment such as 2026-11-22T05:20:00.000Z"
        raise ValueError(msg)
    return {_DATE: (datetime.fromisoformat(iso) - _EPOCH) // _MILLISECOND}


def iso(milliseconds: int) -> str:
    """Write milliseconds since 1970 as REST does, in UTC; raises OverflowError outside the years 1 to 9999."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_iso(value: Json) -> Json:
    """Give the value with ISO 8601 in the place of each EJSON date."""
    return _replaced(value, _spelled)


def from_iso(value: Json) -> Json:
    """Give the value with an EJSON date in the place of each ``{"$date": "ISO 8601"}``.

    Raises:
        ValueError: when such a text is no moment in ISO 8601.
    """
    return _replaced(value, lambda told: date(told) if isinstance(told, str) else None)


def _spelled(told: Json) -> Json:
    try:
        return iso(told) if type(told) is int else None
    except OverflowError:
        return None


def _replaced(value: Json, replacement: Callable[[Json], Json]) -> Json:
    """Replace what stands under $date; a replacement of None keeps the object."""
    if isinstance(value, Mapping):
        if len(value) == 1 and _DATE in value:
            return replacement(value[_DATE]) or value
        escaped = value.get(_ESCAPE)
        if len(value) == 1 and isinstance(escaped, Mapping):
            return {_ESCAPE: {name: _replaced(item, replacement) for name, item in escaped.items()}}
        return {name: _replaced(item, replacement) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_replaced(item, replacement) for item in value]
    return value
