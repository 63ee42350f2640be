"""Answer: what goes back over the wire, before it is bytes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any

from preflight.mock.clock import iso

JSON = "application/json"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=UTF-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status, a body (JSON where the content type is JSON, else text) and headers beside the usual ones."""

    status: int = 200
    body: Any = None
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    reached: bool = True  # whether the handler was reached; the newest releases send fewer headers otherwise
    api: bool = True  # whether the API answers, and not the web server around it, which sends fewer headers still

    def encoded(self) -> bytes:
        """Gives the body as bytes; None as text is an empty body."""
        if self.content_type != JSON:
            return str(self.body or "").encode()
        return encode(self.body)


def encode(body: Any) -> bytes:
    """Prints JSON as the server does: dates as ISO texts, nothing escaped that need not be."""
    try:
        text = json.dumps(body, default=_plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError:
        return encode(_finite(body))
    return text.encode("utf-8", "backslashreplace")  # half a surrogate pair is printed as its escape


def _finite(value: Any) -> Any:
    """Gives a value without the numbers that JSON cannot print; the server prints null for them."""
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(f"{type(value).__name__} does not belong into an answer")
