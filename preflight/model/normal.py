"""What is normal: ids, times, tokens, prefixes and addresses differ from run to run and say nothing about behaviour."""

import re
from collections.abc import Mapping
from typing import Final

from preflight.model.json import Json

ID: Final = "<id>"

_ID_LETTERS = "2-9A-HJ-NP-Za-km-z"
# The ids of servers: 17 letters and digits without look-alikes, 24 of hexadecimal, and those of DMs, which join two.
_SHORT_ID = re.compile(rf"[{_ID_LETTERS}]{{17}}")
_LONG_ID = re.compile(rf"[0-9a-f]{{24}}|[0-9a-f]{{24}}[{_ID_LETTERS}]{{17}}|[{_ID_LETTERS}]{{17}}[0-9a-f]{{24}}")
_JOINED_ID = re.compile(rf"[0-9a-f]{{48}}|[{_ID_LETTERS}]{{34}}")
_WORD = re.compile(r"[A-Za-z0-9]{17,48}")
_UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")

# In this order: a time may hold what looks like a port.
_PATTERNS: Final = (
    (_UUID, ID),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"), "<time>"),
    (re.compile(r"(?<![\w.])1[5-9]\d{8}(?:\d{3})?(?![\w.])"), "<time>"),
    (re.compile(r"(?<![A-Za-z0-9])pf-[0-9a-z]{6}(?![0-9a-z])"), "<run>"),
    (re.compile(r"(?<![A-Za-z0-9])t\d{4}[0-9a-f]{6}"), "<case>"),
    (re.compile(r"\b(?:https?|wss?)://[^\s/\"'\\]+"), "<target>"),
    (re.compile(r"\b(?:127\.0\.0\.1|localhost)(?::\d+)?\b"), "<target>"),
    (re.compile(r"(?<=\bwait )\d+(?= seconds?\b)"), "<number>"),
)


def looks_like_an_id(word: str) -> bool:
    """Tell whether a whole word is made as servers make ids."""
    return bool(_SHORT_ID.fullmatch(word) or _LONG_ID.fullmatch(word) or _JOINED_ID.fullmatch(word))


def text(told: str) -> str:
    """Give a text without what is different in every run."""
    # Ids first: what looks like a time may be the middle of one.
    told = _WORD.sub(_without_id, told)
    for pattern, name in _PATTERNS:
        told = pattern.sub(name, told)
    return told


def value(given: Json) -> Json:
    """Give a value with every text in it made normal, keys too; a value that is an id as a whole becomes one."""
    match given:
        case str():
            return ID if looks_like_an_id(given) else text(given)
        case bool() | None:
            return given
        case int() | float():
            return "<time>" if text(str(given)) == "<time>" else given
        case Mapping():
            return {text(key): value(part) for key, part in given.items()}
        case _:
            return [value(part) for part in given]


def _without_id(word: re.Match[str]) -> str:
    found = word[0]
    if not looks_like_an_id(found):
        return found
    # A long word of prose is made of the same letters as an id, but it is no mixture.
    mixed = any(sign.isdigit() for sign in found) or (not found.islower() and not found.istitle())
    return ID if mixed else found
