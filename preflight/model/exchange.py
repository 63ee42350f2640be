"""Exchanges: one request and its response, or one realtime conversation; redacted before they exist."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from preflight.model.json import Json

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was sent; `url` is absolute and includes the query, `body` is the text sent or None."""

    method: str
    url: str
    headers: Headers = ()
    body: str | None = None


@lru_cache(maxsize=64)  # many checks look at one body, one after the other
def _parsed(body: str) -> Json:
    parsed: Json = json.loads(body)
    return parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What came back; header names are lower case, `body` is the decoded text."""

    status: int
    headers: Headers = ()
    body: str = ""

    def header(self, name: str) -> str | None:
        """Give the first value of a header by its lower-case name; None where it is absent."""
        return next((value for key, value in self.headers if key == name), None)

    def json(self) -> Json:
        """Parse the body; raises ValueError where it is no JSON."""
        return _parsed(self.body)


class Direction(StrEnum):
    """Which way a frame went, as seen from Preflight."""

    SENT = "sent"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One text frame of a websocket."""

    direction: Direction
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """The evidence: who asked what, and the answer; `elapsed_s` in seconds.

    `frames` are those of a realtime conversation in the order in which they crossed the connection; REST has none.
    """

    id: str
    actor: str
    purpose: str
    request: Request
    response: Response
    elapsed_s: float = field(compare=False, default=0.0)
    frames: tuple[Frame, ...] = ()
