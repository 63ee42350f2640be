"""DDP frames: how they are spelled, what kind they are, and what an answering one says."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from preflight.model.json import Json, JsonObject

ACCEPTED, REFUSED = 200, 400
EVENTS = frozenset({"added", "changed", "removed", "addedBefore", "movedBefore"})
VERSION = "1"
SUPPORT = ("1", "pre2", "pre1")
_REFUSALS = frozenset({"failed", "error"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFrame:
    """A frame as it came: its kind is its `msg`, or server_id for the greeting of old servers."""

    kind: str
    body: JsonObject
    text: str

    @property
    def id(self) -> Json:
        """The id of what it is about; None where it has none."""
        return self.body.get("id")

    def ids(self, key: str) -> Sequence[Json]:
        """The ids that it lists under a key; none where that is no list."""
        listed = self.body.get(key)
        return listed if isinstance(listed, list) else ()


def read(text: str) -> ReceivedFrame:
    """Read a frame; raises ValueError, in words, where it is no JSON object with a kind."""
    try:
        body = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        msg = "no JSON"
        raise ValueError(msg) from problem
    if not isinstance(body, dict):
        msg = "JSON but no object"
        raise ValueError(msg)  # noqa: TRY004 (of the frame, not of the argument)
    kind = body.get("msg", "server_id" if "server_id" in body else None)
    if not isinstance(kind, str):
        msg = "without a kind: msg is no text"
        raise ValueError(msg)  # noqa: TRY004 (of the frame, not of the argument)
    return ReceivedFrame(kind=kind, body=body, text=text)


def json_of(text: str) -> Json:
    """Read a text as JSON; None where it is none."""
    try:
        parsed: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed


def spelled(body: Json) -> str:
    """Write a frame as JSON, with signs beyond ASCII as they are where UTF-8 can spell them."""
    text = json.dumps(body, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(body)
    return text


def connect() -> JsonObject:
    """Ask for a session."""
    return {"msg": "connect", "version": VERSION, "support": list(SUPPORT)}


def method(id_: str, name: str, params: Sequence[Json]) -> JsonObject:
    """Call a method."""
    return {"msg": "method", "method": name, "id": id_, "params": list(params)}


def sub(id_: str, name: str, params: Sequence[Json]) -> JsonObject:
    """Subscribe."""
    return {"msg": "sub", "id": id_, "name": name, "params": list(params)}


def unsub(id_: str) -> JsonObject:
    """Give a subscription up."""
    return {"msg": "unsub", "id": id_}


def ping(id_: str) -> JsonObject:
    """Ask whether the other side is there."""
    return {"msg": "ping", "id": id_}


def pong(frame: ReceivedFrame) -> JsonObject:
    """Answer a ping, with its id where it has one."""
    return {"msg": "pong"} | ({"id": frame.body["id"]} if "id" in frame.body else {})


def verdict_of(frame: ReceivedFrame) -> tuple[int, Json]:
    """Read an answering frame as a status and a body.

    A `result` with a result is 200 and ``{"result": …}``, with an undefined one 200 and ``{}``; a `result` or `nosub`
    with an error is 400 and that error object; `error` and `failed` are 400 and what else they say; all others are 200
    and what else they say. Dates stay EJSON.
    """
    if frame.body.get("error") is not None and frame.kind in {"result", "nosub"}:
        return REFUSED, frame.body["error"]
    if frame.kind == "result":
        return ACCEPTED, {"result": frame.body["result"]} if "result" in frame.body else {}
    told = {name: value for name, value in frame.body.items() if name != "msg"}
    if frame.kind == "nosub":
        told.pop("id", None)
    return (REFUSED if frame.kind in _REFUSALS else ACCEPTED), told


def fields_of(frame: ReceivedFrame) -> JsonObject:
    """Give the fields of an event; none where they are no object."""
    fields = frame.body.get("fields")
    return fields if isinstance(fields, Mapping) else {}


def _no_constant(name: str) -> Json:
    raise ValueError(name)
