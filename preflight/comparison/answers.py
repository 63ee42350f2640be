"""Answers: what one exchange asked, and how it was answered, as values that can be compared."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from preflight.model import normal
from preflight.model.exchange import Exchange, Response
from preflight.model.json import Json, as_object
from preflight.model.operation import OperationKey

API: Final = "/api/v1/"
REALTIME: Final = "ddp"
ARRANGEMENT: Final = "arrange "

# What a refusal says in words or codes; the rest of its body is fields.
ERROR_TYPE: Final = "errorType"
TEXTS: Final = ("error", "reason", "message")

_LOWEST_REFUSAL = 400
_TYPES: Final[Mapping[type, str]] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    type(None): "null",
    int: "number",
    float: "number",
}


def is_arrangement(exchange: Exchange) -> bool:
    """Tell whether an exchange made ready what a case needs, and is not what the case is about."""
    return exchange.purpose.startswith(ARRANGEMENT)


def operation_of(exchange: Exchange) -> OperationKey | None:
    """Give the operation that an exchange asked for; None for talk about the realtime protocol itself."""
    if exchange.request.method == REALTIME:
        call = _call(exchange)
        return OperationKey(name=str(call.get("method")), method=REALTIME) if call.get("msg") == "method" else None
    path = unquote(urlsplit(exchange.request.url).path)
    _, mark, name = path.partition(API)
    return OperationKey(name=name, method=exchange.request.method) if mark and name else None


def asked(exchange: Exchange) -> Json:
    """Give what was asked, without address, login and the number of a call."""
    if exchange.request.method == REALTIME:
        return {key: part for key, part in _call(exchange).items() if key != "id"}
    parts = urlsplit(exchange.request.url)
    return {
        "path": f"{exchange.request.method} {parts.path.rpartition(API)[2]}",
        "query": [list(pair) for pair in parse_qsl(parts.query, keep_blank_values=True)],
        "headers": sorted(name.lower() for name, _ in exchange.request.headers),
        "body": _parsed(exchange.request.body or ""),
    }


def _call(exchange: Exchange) -> Mapping[str, Json]:
    return as_object(_parsed(exchange.request.body or ""))


def _parsed(text: str) -> Json:
    try:
        parsed: Json = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a request was answered: `words` are codes and texts of a refusal, `body` is None where it is no JSON."""

    status: int
    media_type: str
    words: Mapping[str, str]
    body: Json

    @property
    def refused(self) -> bool:
        """Whether the answer is a refusal."""
        return self.status >= _LOWEST_REFUSAL

    @property
    def is_json(self) -> bool:
        """Whether the answer is a JSON object or array."""
        return self.body is not None

    @property
    def text(self) -> str:
        """What a refusal says to people, wherever it says it."""
        return next((self.words[key] for key in ("error", "message", "") if key in self.words), "")


def told(response: Response) -> Told:
    """Read an answer."""
    media_type = (response.header("content-type") or "").partition(";")[0].strip().lower()
    parsed = _parsed(response.body)
    body = parsed if isinstance(parsed, Mapping | list) else None
    refused = response.status >= _LOWEST_REFUSAL
    return Told(
        status=response.status,
        media_type=media_type,
        words=dict(_words(body, response.body, media_type)) if refused else {},
        body=body,
    )


def _words(body: Json, text: str, media_type: str) -> Iterator[tuple[str, str]]:
    if body is None:
        # A page for browsers is worded anew in every release; that it is one shows in its content type.
        if text and media_type != "text/html":
            yield "", normal.text(text)
        return
    for key in (ERROR_TYPE, *TEXTS):
        said = as_object(body).get(key)
        if isinstance(said, str):
            yield key, normal.text(said)
        elif isinstance(said, int | float) and not isinstance(said, bool):
            yield key, str(said)


def type_of(value: Json) -> str:
    """Name the type of a value; whole numbers are numbers, since JSON knows no others."""
    return next(name for kind, name in _TYPES.items() if isinstance(value, kind) and _exact(value, kind))


def _exact(value: Json, kind: type) -> bool:
    return isinstance(value, bool) is (kind is bool)
