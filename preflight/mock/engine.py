"""Engine: how the JavaScript engine under a server reads JSON, and writes values as text.

Every number is a double there: one with more digits loses some, one beyond all bounds is infinite, and a whole one is
printed without a point.
"""

import json
from decimal import Decimal
from math import isfinite, isnan
from typing import Any, NoReturn

_EXACT = 2**53  # up to here every whole number is a double
_PLAIN = (1e-6, 1e21)  # within these bounds a number is printed without an exponent


def read_json(text: str) -> Any:
    """Reads a JSON text; raises ValueError or RecursionError where it is none."""
    return json.loads(text, parse_int=_whole, parse_float=_number, parse_constant=_no_constant)


def _whole(text: str) -> int | float:
    return int(text) if len(text) < len(str(_EXACT)) else _number(text)


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if isfinite(value) and value.is_integer() and abs(value) < _PLAIN[1] else value


def _no_constant(text: str) -> NoReturn:
    raise ValueError(text)


def escaped(text: str) -> str:
    """Gives a JSON text that is well-formed in every encoding: half a surrogate pair is written as its escape."""
    return text.encode("utf-8", "backslashreplace").decode()


def as_text(value: Any) -> str:
    """Gives a JSON value as the engine writes it into a text."""
    if isinstance(value, list):
        return ",".join("" if each is None else as_text(each) for each in value)
    if isinstance(value, dict):
        return "[object Object]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return number_as_text(value) if isinstance(value, int | float) else str(value)


def number_as_text(value: float) -> str:
    """Gives a number as the engine prints it: ``1``, ``0.5``, ``1e+21``, ``Infinity``."""
    if isnan(value):
        return "NaN"
    if not isfinite(value):
        return "Infinity" if value > 0 else "-Infinity"
    if abs(value) <= _EXACT and value == int(value):
        return str(int(value))
    value = float(value)
    if _PLAIN[0] <= abs(value) < _PLAIN[1]:
        return format(Decimal(repr(value)), "f")
    digits, _, exponent = repr(value).partition("e")
    return f"{digits}e{int(exponent):+d}"
