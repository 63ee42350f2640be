"""Oddities: what is odd about a generated request, so that it can be told what must come of it."""

from dataclasses import dataclass
from enum import StrEnum


class Odd(StrEnum):
    """The kinds of oddity; only some of them say what must come of a request."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    OPERATOR = "operator"
    PATTERN = "pattern"
    SHAPE = "shape"
    SPELLING = "spelling"
    SCRIPT = "script"
    ROUGH = "rough"
    LINKED = "linked"
    DRAWN = "drawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """What is odd about a request: the kind, the parameter (``body.message.rid``), and in words.

    `plain` tells that the same request without the oddity was answered with success, where that was asked.
    """

    kind: Odd
    subject: str
    words: str
    plain: bool = False
