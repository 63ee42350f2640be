"""The one door to requests: sends a REST request and gives back a redacted exchange.

What can go wrong, in the order of the way: the address is no HTTP address (``UsageError``); nobody listens, the name is
unknown, the answer does not come in time, the certificate is not trusted, the connection breaks (``TargetError``,
each with its own sentence and hint).
"""

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from threading import RLock, local
from time import perf_counter
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from requests.adapters import HTTPAdapter

from preflight import __version__
from preflight.errors import TargetError
from preflight.model.exchange import Exchange, Headers, Request, Response
from preflight.model.json import Json
from preflight.wire.address import workspace_address
from preflight.wire.answer import Answer
from preflight.wire.pace import MOST_TRIES, NOBODY, TOO_MANY_REQUESTS, Bucket, Pace, Refusal, bucket_of, is_counted
from preflight.wire.redaction import Redactor
from preflight.wire.watch import Call, Watch

__all__ = ["API", "Answer", "Ask", "FilePart", "Query", "RestClient"]

API = "/api/v1/"
UNAUTHORIZED = 401
SILENT_HEADERS = frozenset({"accept", "accept-encoding", "connection", "content-length", "user-agent"})
TOKEN_HEADER = "X-Auth-Token"  # noqa: S105 (the name of a header)
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-2fa-code"})

Query = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """A file sent as multipart form data under the field ``file``."""

    name: str
    type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request before it is sent: `path` is below the address of the target, `body` is sent as JSON if `has_body`.

    Of one that `intrudes` nobody is let in, so that no limiter counts it, and it waits for none.
    """

    actor: str
    purpose: str
    method: str
    path: str
    query: Query = ()
    body: Json = field(default=None, repr=False)
    has_body: bool = False
    file: FilePart | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    intrudes: bool = False


Listener = Callable[[Ask, Answer], None]


class Renewing(Protocol):
    """Knows what to do where somebody is let in no more."""

    def __call__(self, ask: Ask) -> Ask | None:
        """Give a request that was answered with 401 as it is to be repeated; None where the answer holds."""

    def current_token(self, token: str) -> str:
        """Give the token that took the place of one which has ended, else the token itself."""


class RestClient:
    """Speaks HTTP with one target over kept connections; `listener`, where there is one, hears every answer.

    Threads may share it: each has connections of its own, and the watch and the listener hear one at a time.

    Args:
        base_url: address of the workspace, with or without a path, without credentials.
        redactor: knows the secrets; learns those which answers show.
        timeout_s: how long to wait for a connection and for an answer, in seconds.
        pace: knows how often the target lets itself be asked.
        ca_bundle: a file or folder of certificates to trust in place of the usual ones.

    Raises:
        UsageError: when the address is no HTTP address.
    """

    def __init__(
        self,
        base_url: str,
        redactor: Redactor,
        *,
        timeout_s: float = 15.0,
        pace: Pace | None = None,
        ca_bundle: Path | None = None,
    ) -> None:
        self.base_url = workspace_address(base_url)
        self.redactor = redactor
        self.pace = pace or Pace()
        self.requests_sent = 0
        self.spent_s = 0.0
        self.listener: Listener | None = None
        self.timeout_s = timeout_s
        self.ca_bundle = ca_bundle
        self.watch: Watch | None = None
        self.renewing: Renewing | None = None
        self._numbers = itertools.count(1)
        self._lock = RLock()
        self._own = local()
        self._sessions: list[requests.Session] = []
        # What the environment says of proxies and certificates is the same for every request: it is read once.
        trusted = str(ca_bundle) if ca_bundle else None
        found = requests.Session().merge_environment_settings(self.base_url, {}, None, trusted, None)
        self._surroundings: Mapping[str, Any] = found  # Any: as requests has read them
        for address in self._surroundings["proxies"].values():
            redactor.learn(unquote(urlsplit(address).password or ""), "proxy.password")

    def close(self) -> None:
        """Let the connections go."""
        with self._lock:
            for session in self._sessions:
                session.close()
            self._sessions.clear()
            self._own = local()

    def send(self, ask: Ask) -> Answer:
        """Send one request when the limiter has room for it, and again when the limiter refuses it all the same.

        Raises:
            TargetError: when no answer arrives; and whatever a watch and who renews logins raise.
        """
        answer = self._send_in_time(ask)
        if answer.status == UNAUTHORIZED and self.renewing is not None:
            again = self.renewing(ask)
            if again is not None:
                return self._send_in_time(again)
        return answer

    def _send_in_time(self, ask: Ask) -> Answer:
        caller = ask.actor if TOKEN_HEADER in ask.headers else NOBODY
        bucket = bucket_of(ask.method, _name(ask.path), caller)
        for left in reversed(range(MOST_TRIES)):
            if not ask.intrudes:
                self.pace.before(bucket, caller)
            answer = self._send_once(ask)
            refusal = self._refusal(ask, bucket, caller, answer)
            if refusal is None:
                break
            if left:
                self.pace.wait(refusal.seconds, str(bucket))
        return answer

    def _refusal(self, ask: Ask, bucket: Bucket, caller: str, answer: Answer) -> Refusal | None:
        """Let the pace learn from an answer; from one to an intruder only where it was counted all the same."""
        headers = dict(answer.exchange.response.headers)
        if ask.intrudes and answer.status != TOO_MANY_REQUESTS and not is_counted(headers):
            return None
        return self.pace.after(bucket, caller, answer.status, headers, answer.body)

    def _send_once(self, ask: Ask) -> Answer:
        with self._lock:
            if self.watch:
                self.watch.before(_call(ask))
            self.requests_sent += 1
        http = self._http
        started = perf_counter()
        try:
            reply = http.request(
                ask.method,
                self.base_url + ask.path,
                params=list(ask.query),
                data=json.dumps(ask.body, ensure_ascii=False).encode() if ask.has_body else None,
                files=_multipart(ask.file),
                headers=_headers(ask),
                timeout=self.timeout_s,
                allow_redirects=False,
            )
        except requests.RequestException as problem:
            raise _unreachable(self.base_url, self.timeout_s, problem) from problem
        elapsed_s = perf_counter() - started
        text = _decoded(reply)
        body = _parsed(text)
        with self._lock:
            self.spent_s += elapsed_s
            self.redactor.learn_from(body, ask.actor)
            if self.watch:
                self.watch.after(_call(ask), body)
            answer = Answer(status=reply.status_code, body=body, exchange=self._exchange(ask, reply, text, elapsed_s))
            if self.listener is not None:
                self.listener(ask, answer)
        return answer

    @property
    def _http(self) -> requests.Session:
        """Give the connections of this thread."""
        found: requests.Session | None = getattr(self._own, "http", None)
        if found is None:
            found = self._own.http = _session(self._surroundings["proxies"], self._surroundings["verify"])
            with self._lock:
                self._sessions.append(found)
        return found

    def _exchange(self, ask: Ask, reply: requests.Response, text: str, elapsed_s: float) -> Exchange:
        clean = self.redactor.clean_body
        return Exchange(
            id=f"x{next(self._numbers):05d}",
            actor=ask.actor,
            purpose=ask.purpose,
            request=Request(
                method=ask.method,
                url=self.redactor.clean_url(reply.request.url or self.base_url + ask.path),
                headers=_shown(reply.request.headers, self.redactor),
                body=clean(_sent_body(ask)) if ask.has_body or ask.file else None,
            ),
            response=Response(status=reply.status_code, headers=_shown(reply.headers, self.redactor), body=clean(text)),
            elapsed_s=round(elapsed_s, 4),
        )


def _call(ask: Ask) -> Call:
    """Give what a server would understand, whichever way a path spells it."""
    query = ask.path.partition("?")[2]
    asked = [*ask.query, *parse_qsl(query, keep_blank_values=True)]
    parameters: list[Json] = [{name.partition("[")[0]: value} for name, value in asked]
    body = ask.body if ask.has_body else None
    return Call(
        actor=ask.actor,
        method=ask.method.upper(),
        name=_name(ask.path),
        parameters=body if isinstance(body, dict) and not parameters else [*parameters, body],
    )


def _name(path: str) -> str:
    return unquote(path.partition("?")[0].removeprefix(API)).rstrip("/")


def _session(proxies: Any, verify: Any) -> requests.Session:  # Any: as requests has read them
    http = requests.Session()
    http.headers["User-Agent"] = f"preflight/{__version__}"
    # A login is what the headers of a request say, and nothing else: neither a cookie of an answer before it,
    # which would let somebody in who comes without headers, nor a password that .netrc holds for the host.
    http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    http.auth = _as_it_is
    http.proxies, http.verify = proxies, verify
    http.trust_env = False
    for scheme in ("http://", "https://"):
        http.mount(scheme, HTTPAdapter(pool_connections=2, pool_maxsize=8))
    return http


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _decoded(reply: requests.Response) -> str:
    try:
        return reply.content.decode(reply.encoding or "utf-8", errors="replace")
    except LookupError:  # the answer names a charset that nobody knows
        return reply.content.decode("utf-8", errors="replace")


def _headers(ask: Ask) -> dict[str, str]:
    headers = dict(ask.headers)
    if ask.has_body:
        headers.setdefault("Content-Type", "application/json")
    return headers


def _multipart(file: FilePart | None) -> dict[str, tuple[str, bytes, str]] | None:
    return {"file": (file.name, file.text.encode(), file.type)} if file else None


def _sent_body(ask: Ask) -> str:
    if ask.file:
        return f"(multipart form: file={ask.file.name}, {ask.file.type}, {len(ask.file.text)} characters)"
    return json.dumps(ask.body, ensure_ascii=False)


def _parsed(text: str) -> Json:
    try:
        parsed: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed


def _shown(headers: Mapping[str, str], redactor: Redactor) -> Headers:
    return tuple(
        _header(name.lower(), f"<{name.lower()}>" if name.lower() in SECRET_HEADERS else redactor.clean(_text(value)))
        for name, value in headers.items()
        if name.lower() not in SILENT_HEADERS
    )


@lru_cache(maxsize=1024)
def _header(name: str, value: str) -> tuple[str, str]:
    """Give a header as it is shown; most come thousands of times in a run, and are kept once."""
    return name, value


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _unreachable(base_url: str, timeout_s: float, problem: requests.RequestException) -> TargetError:
    if isinstance(problem, requests.exceptions.SSLError):
        return TargetError(
            f"{base_url} shows a certificate that is not trusted",
            hint="give its authority with --ca-bundle or the environment variable REQUESTS_CA_BUNDLE",
        )
    if isinstance(problem, requests.exceptions.Timeout):
        return TargetError(
            f"{base_url} did not answer within {timeout_s:g} s",
            hint="check the address, or give --timeout more seconds",
        )
    told = str(problem)
    if "refused" in told:
        return TargetError(
            f"{base_url} refuses connections",
            hint="check address and port, and that the workspace is running",
        )
    if "resolve" in told or "Name or service" in told:
        return TargetError(f"the name in {base_url} is not known", hint="check the spelling and the DNS")
    return TargetError(
        f"the connection to {base_url} broke ({type(problem).__name__})",
        hint="check the network and any proxy in between, then run again",
    )
