"""EJSON: JSON as the Realtime API speaks it.

A date is ``{"$date": milliseconds}``, a number beyond all bounds ``{"$InfNaN": 1}``.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from math import copysign, inf, isfinite, isnan, nan
from typing import Any

from preflight.mock.clock import EPOCH, at_milliseconds, milliseconds
from preflight.mock.engine import escaped, read_json
from preflight.mock.validation import parse_date

_DATE = "$date"
_ESCAPE = "$escape"
_UNBOUNDED = "$InfNaN"


def encode(value: Any) -> str:
    """Prints a value; an object that would read as a date is escaped."""
    return escaped(json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":")))


def decode(text: str) -> Any:
    """Reads a value; a date that is none is the beginning of 1970. Raises ValueError where the text is no JSON."""
    return _rich(read_json(text))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {_DATE: milliseconds(value)}
    if isinstance(value, Mapping):
        plain = {str(key): _plain(inner) for key, inner in value.items()}
        return {_ESCAPE: plain} if _is_special(plain) else plain
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not isfinite(value):
        return {_UNBOUNDED: 0 if isnan(value) else int(copysign(1, value))}
    return value


def _rich(value: Any) -> Any:
    if isinstance(value, list):
        return [_rich(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {_DATE}:
        return _date(value[_DATE])
    if set(value) == {_UNBOUNDED}:
        return _unbounded(value[_UNBOUNDED])
    if set(value) == {_ESCAPE} and isinstance(value[_ESCAPE], dict):
        return {key: _rich(inner) for key, inner in value[_ESCAPE].items()}
    return {key: _rich(inner) for key, inner in value.items()}


def _is_special(value: Mapping[str, Any]) -> bool:
    return set(value) in ({_DATE}, {_ESCAPE}, {_UNBOUNDED})


def _unbounded(sign: Any) -> float:
    return {1: inf, -1: -inf}.get(sign, nan) if isinstance(sign, int) else nan


def _date(given: Any) -> datetime:
    if isinstance(given, str):
        return parse_date(given) or EPOCH
    try:
        return at_milliseconds(int(given or 0))
    except (TypeError, ValueError, OverflowError):
        return EPOCH
