"""Schemas: the words in which routes say what a request must look like."""

from collections.abc import Iterable, Mapping

from preflight.mock.validation import Schema

TEXT: Schema = {"type": "string"}
FILLED: Schema = {"type": "string", "minLength": 1}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
WORD_FLAG: Schema = {"type": "string", "enum": ["true", "false"]}
TEXTS: Schema = {"type": "array", "items": TEXT}
PAGING: Mapping[str, Schema] = {"offset": NUMBER, "count": NUMBER, "sort": TEXT}


def closed(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Gives an object that must have some keys, may have others, and no further ones."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def either(branches: Iterable[Mapping[str, Schema]], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Gives an object that must be exactly one of several, all with the same optional keys."""
    return {"oneOf": [closed(required, optional) for required in branches]}
