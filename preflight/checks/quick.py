"""The one door to jsonschema-rs: whether a body fits its schema, told fast; what does not fit is told by checks."""

import jsonschema_rs

from preflight.checks.formats import is_date_time
from preflight.model.json import Json, JsonObject

_validators: dict[int, tuple[JsonObject, jsonschema_rs.Draft202012Validator]] = {}


def fits(schema: JsonObject, body: Json) -> bool:
    """Tell whether a body fits a schema, formats included."""
    # Schemas are neither hashable nor small: each is compiled once, and kept so that its identity stays its own.
    if id(schema) not in _validators:
        validator = jsonschema_rs.Draft202012Validator(
            dict(schema), validate_formats=True, ignore_unknown_formats=True, formats={"date-time": _is_date_time}
        )
        _validators[id(schema)] = schema, validator
    return _validators[id(schema)][1].is_valid(body)


def _is_date_time(value: str) -> bool:
    try:
        return is_date_time(value)
    except ValueError:
        return False
