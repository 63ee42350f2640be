"""The line that repeats an exchange, of curl or websocat; secrets stand in it as shell variables."""

import json
import re
import shlex

from preflight.catalog.steps import REALTIME
from preflight.model.exchange import Direction, Exchange, Request

_OPENING = re.compile(r'"msg"\s*:\s*"connect"')
_PONG = re.compile(r'"msg"\s*:\s*"pong"')
_CALLED = re.compile(r'"method"\s*:\s*"([^"]+)"')

_SECRET = re.compile(r"<([A-Za-z0-9_-]+)\.(token|password|id)>")
_SHOWN = frozenset({"content-type", "x-auth-token", "x-user-id"})


def curl(exchange: Exchange) -> str:
    """Write the request of an exchange as one shell command.

    A realtime call is written as a call of the same method over the REST bridge ``method.call``, which curl can make.
    Any other realtime conversation is written as what is typed into websocat, for curl speaks no websockets.
    """
    if exchange.request.method == REALTIME and not _is_one_call(exchange):
        return _typed(exchange)
    request = exchange.request if exchange.request.method != REALTIME else _over_the_bridge(exchange)
    words = ["curl", "-i", "-X", request.method]
    for name, value in request.headers:
        if name in _SHOWN:
            words += ["-H", f"{name}: {value}"]
    if request.body is not None:
        words += ["-d", request.body]
    words.append(request.url)
    return " ".join(_quoted(word) for word in words)


def _is_one_call(exchange: Exchange) -> bool:
    opens = any(_OPENING.search(frame) for frame in _sent(exchange))
    return not opens and _CALLED.search(exchange.request.body or "") is not None


def _typed(exchange: Exchange) -> str:
    frames = [frame for frame in _sent(exchange) if not _PONG.search(frame)]
    if not any(_OPENING.search(frame) for frame in frames):
        frames = [*_entrance(exchange.actor), *frames]
    words = ["printf", r"%s\n", *frames]
    return f"{' '.join(map(_quoted, words))} | websocat --no-close {_quoted(exchange.request.url)}"


def _sent(exchange: Exchange) -> list[str]:
    """Give what was sent, in order; an exchange without frames has its request alone."""
    sent = [frame.text for frame in exchange.frames if frame.direction is Direction.SENT]
    return sent or [exchange.request.body or ""]


def _entrance(actor: str) -> list[str]:
    """Give the frames by which a connection was opened before the exchange."""
    login = {"msg": "method", "method": "login", "id": "login", "params": [{"resume": f"<{actor}.token>"}]}
    return [json.dumps({"msg": "connect", "version": "1", "support": ["1"]}), json.dumps(login)]


def _over_the_bridge(exchange: Exchange) -> Request:
    frame = exchange.request.body or ""
    called = _CALLED.search(frame)
    http = exchange.request.url.replace("ws", "http", 1).removesuffix("/websocket")
    return Request(
        method="POST",
        url=f"{http}/api/v1/method.call/{called[1] if called else 'unknown'}",
        headers=(
            ("x-auth-token", f"<{exchange.actor}.token>"),
            ("x-user-id", f"<{exchange.actor}.id>"),
            ("content-type", "application/json"),
        ),
        body=json.dumps({"message": frame}),
    )


def _quoted(word: str) -> str:
    if not _SECRET.search(word):
        return shlex.quote(word)
    escaped = re.sub(r'([\\"$`])', r"\\\1", word)
    return '"' + _SECRET.sub(lambda match: f"${match[1].upper()}_{match[2].upper()}".replace("-", "_"), escaped) + '"'
