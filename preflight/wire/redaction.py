"""Redaction by value: no secret that the run has seen becomes part of an exchange.

A secret is learnt when it is given (passwords, tokens of the command line) or when an answer shows it (the token of
a login). From then on every spelling of it that can stand in a header, a query, a body or a URL is replaced by its
name in angle brackets, such as ``<alice.token>``.
"""

import hashlib
import json
from collections.abc import Iterator
from threading import Lock
from urllib.parse import quote, quote_plus

from preflight.model.json import Json

SECRET_KEYS = frozenset(
    {
        "authtoken",
        "token",
        "password",
        "bcrypt",
        "resume",
        "hashedtoken",
        "secret",
        "digest",
        "code",
        "joincode",
    }
)
_SHORTEST_FOUND = 8


class Redactor:
    """Knows the secrets of a run and takes them out of texts."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._ordered: tuple[tuple[str, str], ...] = ()
        self._lock = Lock()

    def learn(self, secret: str, name: str) -> None:
        """Remember a secret under a name; the first name of a value stays."""
        with self._lock:
            if not secret or secret in self._names:
                return
            self._names[secret] = name
            spelled = {spelling: f"<{name}>" for known, name in self._names.items() for spelling in _spellings(known)}
            self._ordered = tuple(sorted(spelled.items(), key=lambda pair: -len(pair[0])))

    def learn_password(self, password: str, owner: str) -> None:
        """Remember a password, and its digest, which takes its place in a realtime login."""
        self.learn(password, f"{owner}.password")
        self.learn(digest_of(password), f"{owner}.digest")

    def learn_from(self, body: Json, owner: str) -> None:
        """Learn what stands in a body under a key that names a secret."""
        for key, value in _leaves(body):
            if key.lower() in SECRET_KEYS and len(value) >= _SHORTEST_FOUND:
                self.learn(value, f"{owner}.{_name_of(key)}")

    def clean(self, text: str) -> str:
        """Give the text without any known secret."""
        for spelling, mark in self._ordered:
            if spelling in text:
                text = text.replace(spelling, mark)
        return text


def digest_of(password: str) -> str:
    """Give the SHA-256 of a password in hexadecimal digits."""
    return hashlib.sha256(password.encode("utf-8", "surrogatepass")).hexdigest()


def _name_of(key: str) -> str:
    return "token" if key.lower() in {"authtoken", "token", "resume"} else key.lower()


def _spellings(secret: str) -> Iterator[str]:
    yield secret
    yield quote(secret, safe="", errors="surrogatepass")
    yield quote_plus(secret, errors="surrogatepass")
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]


def _leaves(body: Json) -> Iterator[tuple[str, str]]:
    """Give each text with the key under which it stands, in the order of the body, however deep it is."""
    waiting: list[tuple[str, Json]] = [("", body)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict):
            waiting.extend(reversed(value.items()))
        elif isinstance(value, list):
            waiting.extend([(key, item) for item in reversed(value)])
