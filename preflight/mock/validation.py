"""Validation: whether a query or a body fits a schema, told in the words of the server's validator.

The schema language is the part of JSON Schema that the server's routes use: type, properties, required,
additionalProperties, items, enum, minLength, pattern, format, nullable, oneOf, anyOf. Like the server's validator it
stops at the first keyword that fails, prints every branch of a oneOf or anyOf, and changes values to the type that is
wanted where that can be done without loss.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from preflight.mock.document import copied
from preflight.mock.engine import number_as_text

Schema = Mapping[str, Any]  # a JSON Schema; its values depend on the keyword
Value = Any  # any JSON value

_ISO = re.compile(r"^\d{4}-\d\d-\d\d[T\s]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?$", re.IGNORECASE)
_ABSENT = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coercion:
    """How far values are changed to fit."""

    arrays: bool = False
    iso_dates: bool = True


STRICT = Coercion()


def validate(schema: Schema, value: Value, coercion: Coercion = STRICT) -> tuple[Value, list[str]]:
    """Gives the value as the handler will see it, and the complaints: none where it fits."""
    holder = [copied(value)]
    complaints = list(_complaints(schema, holder, 0, coercion))
    return holder[0], complaints


def _complaints(schema: Schema, holder: Any, key: Any, coercion: Coercion) -> Iterator[str]:
    """Yields what the first failing keyword says; a value that was changed is written back to its holder."""
    wanted = schema.get("type")
    if wanted is not None and not _fits(schema, wanted, holder, key, coercion):
        yield f"must be {wanted if isinstance(wanted, str) else ','.join(wanted)}"
        return
    for keyword, check in _KEYWORDS.items():
        if keyword in schema and not (holder[key] is None and schema.get("nullable")):
            complaints = list(check(schema, holder, key, coercion))
            if complaints:
                yield from complaints
                return


def _fits(schema: Schema, wanted: str | list[str], holder: Any, key: Any, coercion: Coercion) -> bool:
    value = holder[key]
    types = [wanted] if isinstance(wanted, str) else wanted
    if (value is None and schema.get("nullable")) or any(_TYPES[name](value) for name in types):
        return True
    if coercion.arrays and isinstance(value, list) and len(value) == 1 and "array" not in types:
        value = value[0]
        if any(_TYPES[name](value) for name in types):
            holder[key] = value
            return True
    for name in types:
        changed = _changed(name, value)
        if name == "array" and coercion.arrays and not isinstance(value, dict | list):
            changed = [value]
        if changed is not _ABSENT:
            holder[key] = changed
            return True
    return False


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Mapping[str, Callable[[Value], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and float(value).is_integer(),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def _changed(name: str, value: Value) -> Value:
    """Gives the value as another type, or _ABSENT where that would lose something."""
    if name == "string":
        return _as_text(value)
    if name in {"number", "integer"}:
        number = _as_number(value)
        whole = number is _ABSENT or name == "number" or float(number).is_integer()
        return number if whole else _ABSENT
    if name == "boolean":
        return _as_boolean(value)
    if name == "null":
        return None if value in ("", False) or value == 0 else _ABSENT
    return _ABSENT


def _as_text(value: Value) -> Value:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_as_text(value) if _is_number(value) else _ABSENT


def _as_number(value: Value) -> Value:
    if value is None or isinstance(value, bool):
        return int(bool(value))
    if not isinstance(value, str) or not value:
        return _ABSENT
    try:
        number = float(value) if value.strip() else 0.0
    except ValueError:
        return _ABSENT
    if not math.isfinite(number) or "_" in value:
        return _ABSENT
    return int(number) if number.is_integer() else number


def _as_boolean(value: Value) -> Value:
    if value is None or value == "false" or (_is_number(value) and value == 0):
        return False
    return True if value == "true" or (_is_number(value) and value == 1) else _ABSENT


def _required(schema: Schema, holder: Any, key: Any, _coercion: Coercion) -> Iterator[str]:
    value = holder[key]
    if isinstance(value, dict):
        absent = [name for name in schema["required"] if name not in value]
        if absent:
            yield f"must have required property '{absent[0]}'"


def _additional(schema: Schema, holder: Any, key: Any, _coercion: Coercion) -> Iterator[str]:
    value = holder[key]
    if schema["additionalProperties"] is False and isinstance(value, dict) and set(value) - set(schema["properties"]):
        yield "must NOT have additional properties"


def _properties(schema: Schema, holder: Any, key: Any, coercion: Coercion) -> Iterator[str]:
    value = holder[key]
    if not isinstance(value, dict):
        return
    for name, inner in schema["properties"].items():
        if name in value:
            complaints = list(_complaints(inner, value, name, coercion))
            if complaints:
                yield from complaints
                return


def _items(schema: Schema, holder: Any, key: Any, coercion: Coercion) -> Iterator[str]:
    value = holder[key]
    if not isinstance(value, list):
        return
    for index in range(len(value)):
        complaints = list(_complaints(schema["items"], value, index, coercion))
        if complaints:
            yield from complaints
            return


def _enum(schema: Schema, holder: Any, key: Any, _coercion: Coercion) -> Iterator[str]:
    if holder[key] not in schema["enum"]:
        yield "must be equal to one of the allowed values"


def _min_length(schema: Schema, holder: Any, key: Any, _coercion: Coercion) -> Iterator[str]:
    value = holder[key]
    if isinstance(value, str) and len(value) < schema["minLength"]:
        yield f"must NOT have fewer than {schema['minLength']} characters"


def _min_items(schema: Schema, holder: Any, key: Any, _coercion: Coercion) -> Iterator[str]:
    value = holder[key]
    if isinstance(value, list) and len(value) < schema["minItems"]:
        yield f"must NOT have fewer than {schema['minItems']} items"


def _pattern(schema: Schema, holder: Any, key: Any, _coercion: Coercion) -> Iterator[str]:
    value = holder[key]
    if isinstance(value, str) and not re.search(schema["pattern"], value):
        yield f'must match pattern "{schema["pattern"]}"'


def _format(schema: Schema, holder: Any, key: Any, coercion: Coercion) -> Iterator[str]:
    value = holder[key]
    if isinstance(value, str) and schema["format"] == "iso-date-time":
        valid = is_iso(value) if coercion.iso_dates else parse_date(value) is not None
        if not valid:
            yield 'must match format "iso-date-time"'


def _one_of(schema: Schema, holder: Any, key: Any, coercion: Coercion) -> Iterator[str]:
    spoken: list[str] = []
    fitting = 0
    for branch in schema["oneOf"]:
        complaints = list(_complaints(branch, holder, key, coercion))
        spoken += complaints
        fitting += not complaints
    if fitting != 1:
        if fitting == 0:
            yield from spoken
        yield "must match exactly one schema in oneOf"


def _any_of(schema: Schema, holder: Any, key: Any, coercion: Coercion) -> Iterator[str]:
    spoken: list[str] = []
    for branch in schema["anyOf"]:
        complaints = list(_complaints(branch, holder, key, coercion))
        if not complaints:
            return
        spoken += complaints
    yield from spoken
    yield "must match a schema in anyOf"


# In the order in which the server's validator looks at them.
_KEYWORDS: Mapping[str, Callable[[Schema, Any, Any, Coercion], Iterator[str]]] = {
    "minLength": _min_length,
    "pattern": _pattern,
    "minItems": _min_items,
    "required": _required,
    "enum": _enum,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "additionalProperties": _additional,
    "properties": _properties,
    "items": _items,
    "format": _format,
}


def is_iso(text: str) -> bool:
    """Tells whether a text is a date and a time with T or a space between them; the zone may be absent."""
    return bool(_ISO.match(text)) and parse_date(text) is not None


def parse_date(text: str) -> datetime | None:
    """Reads a date as the server's engine does, or gives None; digits alone are a year and otherwise no date."""
    return _iso_date(text.strip()) or _mail_date(text)


def _iso_date(text: str) -> datetime | None:
    # The engine reads a plain year as a date; longer runs of digits, epoch milliseconds among them, are none.
    if re.fullmatch(r"\d{4}(?:-\d\d)?", text):
        text = f"{text}-01-01" if len(text) == 4 else f"{text}-01"  # noqa: PLR2004
    elif not re.match(r"^\d{4}-\d\d-\d\d", text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _utc(moment)


def _mail_date(text: str) -> datetime | None:
    try:
        return _utc(parsedate_to_datetime(text))
    except (ValueError, IndexError, TypeError):
        return None


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
