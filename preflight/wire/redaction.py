"""Redaction by value: no secret that the run has seen becomes part of an exchange, nor of anything else that is kept.

A secret is learnt when it is given (passwords, tokens, codes), when it is made, or when an answer shows it (the token
of a login). From then on every spelling of it that can stand in a header, a query, a body, a frame or a URL is replaced
by its name in angle brackets, such as ``<alice.token>``. How it is looked for depends on what it can be mistaken for:

- a secret of eight signs and more is replaced wherever it stands;
- a shorter one is replaced where it is a word of its own;
- one that is a number, shorter than four signs, or a word of the API (``message``, ``room``, ``true``) would tear
  evidence apart: it is replaced where secrets are said, such as under the key ``password``, and nowhere else.
"""

import base64
import hashlib
import html
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit
from weakref import WeakSet

from preflight.model.json import Json

SECRET_KEYS = frozenset(
    {
        "authtoken",
        "token",
        "password",
        "pass",
        "bcrypt",
        "resume",
        "hashedtoken",
        "secret",
        "digest",
        "code",
        "joincode",
        "totp",
        "x-auth-token",
        "x-2fa-code",
    }
)
_SHORTEST_FOUND = 8
_SHORTEST_WORD = 4
_SHORTEST_CORE = 10
_RUN = re.compile(r"[A-Za-z0-9_+/=\-!%.$~]{8,}")
_CONSTANTS = frozenset({"true", "false", "null", "undefined", "none"})

_ALIVE: "WeakSet[Redactor]" = WeakSet()


class Redactor:
    """Knows the secrets of a run and takes them out of texts; threads may share it.

    Args:
        is_ordinary: tells whether a text, in lower case, is a word that every workspace uses.
    """

    def __init__(self, is_ordinary: Callable[[str], bool] = lambda _: False) -> None:
        self._is_ordinary = is_ordinary
        self._names: dict[str, str] = {}
        self._runs: dict[str, str] = {}
        self._by_length: list[str] = []
        self._lengths: list[int] = []
        self._others: dict[str, str] = {}
        self._words: dict[str, tuple[re.Pattern[str], str]] = {}
        self._ordinary: dict[str, str] = {}
        self._lock = Lock()
        _ALIVE.add(self)

    def learn(self, secret: str, name: str) -> None:
        """Remember a secret under a name; the first name of a value stays."""
        with self._lock:
            if not secret or secret in self._names:
                return
            self._names[secret] = name
            mark = f"<{name}>"
            if self._is_weak(secret):
                self._ordinary = {**self._ordinary, secret: mark}
            elif len(secret) < _SHORTEST_FOUND:
                pattern = re.compile(rf"(?<!\w){re.escape(secret)}(?!\w)")
                self._words = {**self._words, secret: (pattern, mark)}
            else:
                self._learn_spellings(secret, mark)

    def learn_password(self, password: str, owner: str, user: str = "") -> None:
        """Remember a password, and its digest, which takes its place in a realtime login."""
        self.learn(password, f"{owner}.password")
        self.learn(digest_of(password), f"{owner}.digest")
        if user:
            basic = base64.b64encode(f"{user}:{password}".encode("utf-8", "surrogatepass")).decode()
            self.learn(basic, f"{owner}.basic")

    def learn_from(self, body: Json, owner: str) -> None:
        """Learn what stands in a body under a key that names a secret."""
        for key, value in _leaves(body):
            if key.lower() in SECRET_KEYS and len(value) >= _SHORTEST_FOUND and not self._is_weak(value):
                self.learn(value, f"{owner}.{_name_of(key)}")

    def clean(self, text: str) -> str:
        """Give the text without any known secret that could be told from it."""
        found = {spelling for run in set(_RUN.findall(text)) for spelling in self._inside(run)}
        found |= {spelling for spelling in self._others if spelling in text}
        for spelling in sorted(found, key=len, reverse=True):
            text = text.replace(spelling, self._runs.get(spelling) or self._others[spelling])
        for word, (pattern, mark) in self._words.items():
            if word in text:
                text = pattern.sub(mark.replace("\\", "\\\\"), text)
        return text

    def clean_body(self, text: str) -> str:
        """Give a body or a frame without any known secret; JSON is looked into for where secrets are said."""
        cleaned = self.clean(text)
        if any(secret in cleaned for secret in self._ordinary):
            try:
                body: Json = json.loads(cleaned)
            except (ValueError, RecursionError):
                return cleaned
            masked = self._masked(body)
            return cleaned if masked == body else json.dumps(masked, ensure_ascii=False)
        return cleaned

    def clean_url(self, url: str) -> str:
        """Give an address without any known secret, its query looked into for where secrets are said."""
        cleaned = self.clean(url)
        if any(secret in cleaned for secret in self._ordinary):
            parts = urlsplit(cleaned)
            asked = parse_qsl(parts.query, keep_blank_values=True)
            masked = [(key, str(self._said(key, value))) for key, value in asked]
            if masked != asked:
                return urlunsplit(parts._replace(query=urlencode(masked, safe="<>")))
        return cleaned

    def _inside(self, run: str) -> Iterator[str]:
        """Give the spellings that a run of signs holds; only those which are no longer than it are looked for."""
        return (each for each in self._by_length[: bisect_right(self._lengths, len(run))] if each in run)

    def _is_weak(self, secret: str) -> bool:
        low = secret.lower()
        return len(secret) < _SHORTEST_WORD or secret.isdigit() or low in _CONSTANTS or self._is_ordinary(low)

    def _learn_spellings(self, secret: str, mark: str) -> None:
        runs, others = dict(self._runs), dict(self._others)
        for spelling in _spellings(secret):
            (runs if _RUN.fullmatch(spelling) else others).setdefault(spelling, mark)
        by_length = sorted(runs, key=len)
        self._runs, self._others = runs, others
        self._by_length, self._lengths = by_length, [len(each) for each in by_length]

    def _masked(self, value: Json, key: str = "") -> Json:
        if isinstance(value, Mapping):
            return {name: self._masked(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._masked(inner, key) for inner in value]
        return self._said(key, value)

    def _said(self, key: str, value: Json) -> Json:
        if not isinstance(value, str):
            return value
        if key.lower() in SECRET_KEYS:
            return self._ordinary.get(value, value)
        # A realtime call that a request carries is JSON within JSON.
        return self.clean_body(value) if value.startswith(("{", "[")) else value


def cleaned_by_all(text: str) -> str:
    """Give a text without the secrets of any run of this process, for what tells of a fault of our own."""
    for redactor in tuple(_ALIVE):
        text = redactor.clean(text)
    return text


def digest_of(password: str) -> str:
    """Give the SHA-256 of a password in hexadecimal digits."""
    return hashlib.sha256(password.encode("utf-8", "surrogatepass")).hexdigest()


def _name_of(key: str) -> str:
    return "token" if key.lower() in {"authtoken", "token", "resume"} else key.lower()


def _spellings(secret: str) -> Iterator[str]:
    yield secret
    for quoted in (quote(secret, safe="", errors="surrogatepass"), quote_plus(secret, errors="surrogatepass")):
        yield quoted
        yield re.sub("%[0-9A-F]{2}", lambda sign: sign.group().lower(), quoted)
    for written in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield written
        yield json.dumps(written)[1:-1]
    yield html.escape(secret)
    yield repr(secret)[1:-1]
    yield from _cores(secret.encode("utf-8", "surrogatepass"))


def _cores(secret: bytes) -> Iterator[str]:
    """Give what base64 makes of a secret within whatever else, such as a user name before it."""
    for offset, start in ((0, 0), (1, 2), (2, 3)):
        padded = b"\0" * offset + secret
        end = len(padded) * 8 // 6
        if end - start >= _SHORTEST_CORE:
            yield base64.b64encode(padded).decode()[start:end]
            yield base64.urlsafe_b64encode(padded).decode()[start:end]


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
