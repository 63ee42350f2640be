"""Search: what a search text asks for, and which messages of a room answer it.

A text is filters (``from:me``, ``has:star``, ``before:2026-01-31``, ``order:asc``, …) and what remains: an expression
between slashes, or words of which one must be found.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from preflight.mock.validation import parse_date

Document = dict[str, Any]  # a message, or a user
Test = Callable[[Document], bool]

_WORD = re.compile(r"\w+")
_EXPRESSION = re.compile(r"^/(.+)/([imxs]*)$")
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "x": re.VERBOSE, "s": re.DOTALL}
_FILTER = re.compile(
    r"(?P<key>from|mention|has|is|label|file-desc|file-title|before|after|on|order):(?P<value>\"[^\"]+\"|\S+)"
)
_DAY = timedelta(days=1)


class Search:
    """One search text, read for one user."""

    def __init__(self, text: str, searcher: Document) -> None:
        self._searcher = searcher
        self._tests: list[Test] = []
        self._ascending = False
        self._words: set[str] = set()
        self._read_words(_FILTER.sub(self._read_filter, text).strip())

    def among(self, messages: list[Document]) -> list[Document]:
        """Gives the messages that answer, newest first, or oldest first where the text asks for that."""
        found = [self._scored(message) for message in messages if self._answers(message)]
        return found if self._ascending else found[::-1]

    def _answers(self, message: Document) -> bool:
        if message.get("_hidden") or message.get("t") == "rm":
            return False
        return all(test(message) for test in self._tests)

    def _scored(self, message: Document) -> Document:
        if not self._words:
            return message
        matches = sum(word in self._words for word in _words(message.get("msg", "")))
        return {**message, "score": matches}

    def _read_words(self, text: str) -> None:
        expression = _EXPRESSION.match(text)
        if expression:
            self._tests.append(_matches(expression.group(1), expression.group(2)))
        elif text:
            self._words = set(_words(text))
            self._tests.append(lambda message: bool(self._words.intersection(_words(message.get("msg", "")))))
        elif not self._tests:
            self._tests.append(lambda _message: False)

    def _read_filter(self, match: re.Match[str]) -> str:
        test = self._filter(match["key"], match["value"].strip('"'))
        if test is None:
            return match.group()
        self._tests.append(test)
        return " "

    def _filter(self, key: str, value: str) -> Test | None:
        """Gives the test that a filter stands for; None leaves it a word of the text."""
        if key in {"from", "mention"}:
            return self._of_user(key, value)
        if key in {"has", "is"}:
            return self._of_state(value)
        if key in {"before", "after", "on"}:
            return _of_day(key, value)
        if key == "order":
            self._ascending = value.startswith("asc")
            return _any_message
        inner = {"label": "title", "file-title": "title", "file-desc": "description"}[key]
        return _of_attachment(inner, value)

    def _of_user(self, key: str, value: str) -> Test:
        name = self._searcher["username"] if value in {"me", "@me"} else value.removeprefix("@")
        if key == "from":
            return lambda message: bool(message["u"]["username"] == name)
        return lambda message: any(user["username"] == name for user in message.get("mentions", ()))

    def _of_state(self, value: str) -> Test | None:
        searcher = self._searcher["_id"]
        states: dict[str, Test] = {
            "star": lambda message: any(star["_id"] == searcher for star in message.get("starred", ())),
            "pin": lambda message: bool(message.get("pinned")),
            "pinned": lambda message: bool(message.get("pinned")),
            "url": lambda message: bool(message.get("urls")),
            "link": lambda message: bool(message.get("urls")),
            "location": lambda message: bool(message.get("location")),
            "map": lambda message: bool(message.get("location")),
        }
        return states.get(value)


def _any_message(_message: Document) -> bool:
    return True


def _words(text: str) -> Iterator[str]:
    return (match.group().casefold() for match in _WORD.finditer(text))


def _matches(expression: str, flags: str) -> Test:
    try:
        pattern = re.compile(expression, sum(_FLAGS[flag] for flag in set(flags)))
    except re.error:
        return lambda _message: False
    return lambda message: bool(pattern.search(message.get("msg", "")))


def _of_day(key: str, value: str) -> Test | None:
    day = _day(value)
    if day is None:
        return None
    tests: dict[str, Test] = {
        "before": lambda message: bool(message["ts"] <= day),
        "after": lambda message: bool(message["ts"] >= day + _DAY),
        "on": lambda message: bool(day <= message["ts"] < day + _DAY),
    }
    return tests[key]


def _day(value: str) -> datetime | None:
    """Reads ``2026-01-31`` or ``31/01/2026``."""
    turned = re.fullmatch(r"(\d{2})[/-](\d{2})[/-](\d{4})", value)
    moment = parse_date(f"{turned[3]}-{turned[2]}-{turned[1]}" if turned else value)
    return moment and moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _of_attachment(key: str, value: str) -> Test:
    wanted = value.casefold()
    return lambda message: any(
        wanted in str(attachment.get(key, "")).casefold() for attachment in message.get("attachments", ())
    )
