"""App: the mock workspace as an ASGI application."""

from email.utils import format_datetime
from secrets import token_hex
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from preflight import __version__
from preflight.mock.answer import Answer
from preflight.mock.clock import Clock
from preflight.mock.ddp.realtime import Realtime
from preflight.mock.ddp.socket import realtime_routes
from preflight.mock.dispatch import Dispatcher, Received
from preflight.mock.families import all_routes
from preflight.mock.fault import Fault
from preflight.mock.release import Regime
from preflight.mock.request import join_headers
from preflight.mock.routing import Table
from preflight.mock.workspace import Workspace

SERVER = f"preflight-mock/{__version__}"
_LEGACY = {
    "x-xss-protection": "1",
    "x-content-type-options": "nosniff",
    "x-frame-options": "sameorigin",
    "content-security-policy": (
        "default-src 'self' ; connect-src *; font-src 'self' data:; frame-src *; img-src * data: blob:;"
        " media-src * data:; script-src 'self' 'unsafe-eval' ; style-src 'self' 'unsafe-inline'"
    ),
    "vary": "Accept-Encoding",
}


class Endpoint:
    """The door between ASGI and the dispatcher."""

    def __init__(self, dispatcher: Dispatcher, regime: Regime, clock: Clock) -> None:
        self._dispatcher = dispatcher
        self._regime = regime
        self._clock = clock
        self._instance = token_hex(8)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one HTTP request."""
        request = Request(scope, receive)
        received = Received(
            method=request.method,
            path=_path(scope["path"]),
            query=scope["query_string"].decode("latin-1"),
            headers=join_headers(scope["headers"]),
            content=await request.body(),
            address=request.client.host if request.client else "",
        )
        answer = await self._dispatcher.answer(received)
        await self._response(request.method, answer)(scope, receive, send)

    def _response(self, method: str, answer: Answer) -> Response:
        content = answer.encoded()
        date = format_datetime(self._clock.read().replace(microsecond=0), usegmt=True)
        headers = {"server": SERVER, "date": date, "access-control-allow-origin": "*"}
        if content:
            headers["content-type"] = answer.content_type
        if not self._regime.at_least("7.4"):
            headers |= _LEGACY | {"x-instance-id": self._instance}
        if answer.api and method != "OPTIONS":
            headers["access-control-allow-headers"] = self._regime.allowed_headers
        if answer.api and (answer.reached or self._regime.cache_headers_everywhere):
            headers |= {"cache-control": "no-store", "pragma": "no-cache"}
        shown = b"" if method == "HEAD" else content
        return Response(shown, status_code=answer.status, headers={**headers, **answer.headers})


def _path(target: str) -> str:
    """Gives the path of what was asked for, also where a client asks as one asks a proxy, by the whole address."""
    return target if target.startswith("/") else urlsplit(target).path or "/"


def create_app(
    ws: Workspace,
    fault: Fault | None = None,
    *,
    rate_limited: bool = False,
    slow_refusals: bool = False,
) -> Starlette:
    """Gives the application that serves a workspace, with one deviation planted where a fault is given."""
    table = Table(all_routes(), ws.regime)
    dispatcher = Dispatcher(ws, table, fault=fault, rate_limited=rate_limited, slow_refusals=slow_refusals)
    endpoint = Endpoint(dispatcher, ws.regime, ws.clock)
    ws.method_limits.enforced = rate_limited
    routes: list[BaseRoute] = [*realtime_routes(Realtime(ws, fault)), Route("/{path:path}", endpoint)]
    app = Starlette(routes=routes)
    app.router.default = endpoint  # for what is asked without a path
    return app
