"""How a value is shown in a finding: as JSON, shortened."""

import json

from preflight.model.json import Json

LONGEST = 160


def show(value: Json) -> str:
    """Print a value on one line, at most 160 characters."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def type_name(value: Json) -> str:
    """Name the JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
