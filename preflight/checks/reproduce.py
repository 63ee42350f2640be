"""The curl line that repeats an exchange; secrets stand in it as shell variables."""

import json
import re
import shlex

from preflight.model.exchange import Exchange, Request

REALTIME = "ddp"

_CALLED = re.compile(r'"method"\s*:\s*"([^"]+)"')

_SECRET = re.compile(r"<([A-Za-z0-9_-]+)\.(token|password|id)>")
_SHOWN = frozenset({"content-type", "x-auth-token", "x-user-id"})


def curl(exchange: Exchange) -> str:
    """Write the request of an exchange as one shell command.

    A realtime call is written as a call of the same method over the REST bridge ``method.call``, which curl can make.
    """
    request = exchange.request if exchange.request.method != REALTIME else _over_the_bridge(exchange)
    words = ["curl", "-i", "-X", request.method]
    for name, value in request.headers:
        if name in _SHOWN:
            words += ["-H", f"{name}: {value}"]
    if request.body is not None:
        words += ["-d", request.body]
    words.append(request.url)
    return " ".join(_quoted(word) for word in words)


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
