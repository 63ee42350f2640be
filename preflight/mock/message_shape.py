"""The shape that a message must have before it is kept: types of its fields, attachments and custom fields.

The texts are those of the server's own checks, which print the JavaScript type they met.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from preflight.mock.refusals import Failure

_TEXTS = ("_id", "msg", "alias", "emoji", "tmid", "avatar")
_LISTS = ("attachments", "blocks")
_ATTACHMENT_TEXTS = (
    "color",
    "text",
    "thumb_url",
    "message_link",
    "author_name",
    "author_link",
    "author_icon",
    "title",
    "title_link",
    "image_url",
    "audio_url",
    "video_url",
)


def kind(value: object) -> str:
    """Gives the JavaScript name of a JSON value's type, as the server's checks print it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "string" if isinstance(value, str) else "object"


def check_text(value: object, where: str = "") -> None:
    """Demands a text; raises Failure."""
    if not isinstance(value, str):
        raise Failure(f"Match error: Expected string, got {kind(value)}{where}")


def check_fields(body: Mapping[str, Any], wanted: Mapping[str, str], optional: Mapping[str, str]) -> None:
    """Demands the fields of a body, each with its JavaScript type, in the given order; raises Failure."""
    for name, type_name in wanted.items():
        if name not in body:
            raise Failure(f"Match error: Missing key '{name}'")
        _check_kind(name, body[name], type_name)
    for name, type_name in optional.items():
        if name in body:
            _check_kind(name, body[name], type_name)


def _check_kind(name: str, value: object, type_name: str) -> None:
    if type_name == "array":
        if not isinstance(value, list):
            raise Failure(f"Match error: Expected array, got {_printed(value)} in field {name}")
    elif type_name == "object" and isinstance(value, list):
        raise Failure(f"Match error: Expected plain object in field {name}")
    elif kind(value) != type_name:
        raise Failure(f"Match error: Expected {type_name}, got {kind(value)} in field {name}")


def _printed(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def check_message(message: Mapping[str, Any]) -> None:
    """Demands the types of a message's fields; raises Failure. A field that is null counts as absent."""
    for name in _TEXTS:
        value = message.get(name)
        if value is not None and not isinstance(value, str):
            depth = 3 if name == "avatar" else 2
            raise Failure(f"{'Match error: ' * depth}Expected string, got {kind(value)} in field {name}")
    if "tshow" in message and not isinstance(message["tshow"], bool | None):
        raise Failure(f"Match error: Match error: Expected boolean, got {kind(message['tshow'])} in field tshow")
    for name in _LISTS:
        value = message.get(name)
        if value is not None and not isinstance(value, list):
            raise Failure(f"Match error: Match error: Expected array, got {_printed(value)} in field {name}")


def without_false_records(message: Mapping[str, Any]) -> dict[str, Any]:
    """Gives a message without what its sender noted in the workspace's place, where that is not of the right type.

    A server keeps such notes and stumbles over them when it comes to count replies, stars or reactions.
    """
    return {key: value for key, value in message.items() if key not in _RECORDS or _RECORDS[key](value)}


def _is_text(value: Any) -> bool:
    return isinstance(value, str | None)


def _is_count(value: Any) -> bool:
    return value is None or kind(value) == "number"


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _are_stars(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) and "_id" in each for each in value)


def _are_reactions(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(each, dict) and _are_texts(each.get("usernames")) for each in value.values()
    )


_RECORDS: Mapping[str, Callable[[Any], bool]] = {
    "t": _is_text,
    "drid": _is_text,
    "tcount": _is_count,
    "replies": _are_texts,
    "starred": _are_stars,
    "reactions": _are_reactions,
}


def check_attachments(attachments: list[Any]) -> None:
    """Demands the types of what attachments say; raises Failure."""
    for attachment in attachments:
        if not isinstance(attachment, Mapping):
            continue
        for name in _ATTACHMENT_TEXTS:
            if attachment.get(name) is not None and not isinstance(attachment[name], str):
                raise Failure(f"Match error: Expected string, got {kind(attachment[name])} in field {name}")
        if not isinstance(attachment.get("fields", []), list):
            raise Failure(f"Match error: Expected array, got {_printed(attachment['fields'])} in field fields")


def check_custom_fields(fields: object, *, enabled: bool, schema: str) -> None:
    """Demands that custom fields are switched on and fit the schema of the setting; raises Failure."""
    if not enabled:
        raise Failure("Custom fields not enabled")
    try:
        wanted = json.loads(schema)
    except ValueError:
        raise Failure("Unexpected end of JSON input") from None
    if not _fits(fields, {"type": "object", **wanted}):
        raise Failure("Invalid custom fields")


def _fits(value: object, schema: Mapping[str, Any]) -> bool:
    """Tells whether a value fits, nothing being cast and nothing beyond the named properties being allowed."""
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
    wanted = schema.get("type")
    if wanted in {"number", "integer"}:
        if kind(value) != "number":
            return False
    elif wanted in kinds and not isinstance(value, kinds[wanted]):
        return False
    if "enum" in schema and value not in schema["enum"]:
        return False
    if not isinstance(value, dict):
        return True
    properties = schema.get("properties", {})
    return (
        all(name in value for name in schema.get("required", ()))
        and set(value) <= set(properties)
        and all(_fits(inner, properties[name]) for name, inner in value.items())
    )
