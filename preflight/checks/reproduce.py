"""The curl line that repeats an exchange; secrets stand in it as shell variables."""

import re
import shlex

from preflight.model.exchange import Exchange

_SECRET = re.compile(r"<([A-Za-z0-9_-]+)\.(token|password)>")
_SHOWN = frozenset({"content-type", "x-auth-token", "x-user-id"})


def curl(exchange: Exchange) -> str:
    """Write the request of an exchange as one shell command."""
    request = exchange.request
    words = ["curl", "-i", "-X", request.method]
    for name, value in request.headers:
        if name in _SHOWN:
            words += ["-H", f"{name}: {value}"]
    if request.body is not None:
        words += ["-d", request.body]
    words.append(request.url)
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    if not _SECRET.search(word):
        return shlex.quote(word)
    escaped = re.sub(r'([\\"$`])', r"\\\1", word)
    return '"' + _SECRET.sub(lambda match: f"${match[1].upper()}_{match[2].upper()}".replace("-", "_"), escaped) + '"'
