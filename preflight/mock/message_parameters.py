"""The parameters of the chat routes: schemas in the releases that have them, and the words of those that have none."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from preflight.mock import message_shape
from preflight.mock.access import accessible_room
from preflight.mock.call import Call
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.release import Regime
from preflight.mock.validation import Schema, parse_date

Document = dict[str, Any]  # a room or message

TEXT: Schema = {"type": "string"}
FILLED: Schema = {"type": "string", "minLength": 1}
OPTIONAL_TEXT: Schema = {"type": "string", "nullable": True}
OPTIONAL_FLAG: Schema = {"type": "boolean", "nullable": True}
OPTIONAL_LIST: Schema = {"type": "array", "nullable": True}
OPTIONAL_TEXTS: Schema = {"type": "array", "items": TEXT, "nullable": True}
OPTIONAL_OBJECT: Schema = {"type": "object", "nullable": True}
DATE: Schema = {"type": "string", "format": "iso-date-time"}
FILLED_DATE: Schema = {"type": "string", "format": "iso-date-time", "minLength": 1}
_NUMBER: Schema = {"type": "number", "nullable": True}
PART: Mapping[str, Schema] = {"offset": _NUMBER, "count": _NUMBER}
PAGED: Mapping[str, Schema] = {**PART, "sort": OPTIONAL_TEXT}

#: The first release whose chat routes validate by schema.
VALIDATING = "8.0"


def closed(properties: Mapping[str, Schema], *required: str) -> Schema:
    """Gives the schema of an object that has these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def since(release: str, schema: Schema) -> Callable[[Regime], Schema | None]:
    """Gives a schema that holds from a release on; before, the handler looks for itself."""
    return lambda regime: schema if regime.at_least(release) else None


# -- what a handler looks for itself ---------------------------------------------------------------------------------


def filled_text(call: Call, name: str, refusal: MeteorError) -> str:
    """Gives a parameter that must be a text with more than blanks in it; raises the refusal, or Failure for no text."""
    value = (call.query if call.method == "GET" else call.body).get(name)
    if value is None:
        raise refusal
    if not isinstance(value, str):
        raise Failure(f"{name}.trim is not a function")
    if not value.strip():
        raise refusal
    return value


def message_of(call: Call, refusal: MeteorError) -> Document:
    """Gives the message that ``messageId`` of the body means; raises the refusal where that is missing."""
    message_id = filled_text(call, "messageId", refusal)
    message = call.workspace.messages.get(message_id)
    if message is None:
        reason = 'The provided "messageId" does not match any existing message.'
        raise MeteorError("error-message-not-found", reason)
    return message


def given(call: Call, name: str, refusal: MeteorError | Failure) -> Any:
    """Gives a parameter of the query that must not be absent or empty; raises the refusal."""
    value = call.query.get(name)
    if value is None or value == "":
        raise refusal
    return value


def date(call: Call, name: str, refusal: MeteorError) -> datetime:
    """Gives a parameter of the query that must be a date; raises the refusal."""
    value = call.query.get(name)
    moment = parse_date(value) if isinstance(value, str) else None
    if moment is None:
        raise refusal
    return moment


def seen_room(call: Call, room_id: Any, refusal: MeteorError | Failure) -> Document:
    """Gives a room that the caller may see; raises the refusal."""
    room = accessible_room(call.workspace, room_id, call.caller)
    if room is None:
        raise refusal
    return room


def optional_text(call: Call, name: str) -> str | None:
    """Gives a parameter of the query that may be absent and is else a text; raises Failure."""
    value = call.query.get(name)
    if value is not None and message_shape.kind(value) != "string":
        raise Failure("Match error: Failed Match.OneOf, Match.Maybe or Match.Optional validation")
    return value or None
