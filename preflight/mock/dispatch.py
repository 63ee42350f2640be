"""Dispatch: one request from its bytes to its answer, in the order of checks of the release.

Older releases ask for the login first and look at the request afterwards; a few releases in between look at typed
requests first; the newest ask for login and permission before they look. What a handler raises becomes the answer here.
"""

import logging
from asyncio import sleep
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import SystemRandom

from preflight.mock import two_factor
from preflight.mock.access import has_permission
from preflight.mock.answer import HTML, TEXT, Answer
from preflight.mock.call import Call, canonical
from preflight.mock.fault import Fault, Memory
from preflight.mock.limiter import Limiter, RateLimited
from preflight.mock.page import PAGE
from preflight.mock.refusals import Body, Forbidden, PermissionRefused, Refusal, TypedFailure
from preflight.mock.release import Regime
from preflight.mock.request import MalformedJson, as_characters, header, parse_body, parse_query
from preflight.mock.routing import Route, Table, Validated
from preflight.mock.validation import Coercion, Schema, validate
from preflight.mock.workspace import Workspace

_BAD_REQUEST = (
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n'
    "<body>\n<pre>Bad Request</pre>\n</body>\n</html>\n"
)
_NO_SUCH_ENDPOINT = {"status": "error", "message": "API endpoint does not exist"}
_NO_CORS = 'CORS not enabled. Go to "Admin > General > REST Api" to enable it.'
_METHODS = "GET, POST, PUT, DELETE, HEAD, PATCH"
_LOG = logging.getLogger("preflight.mock")
_UNAUTHORIZED = 401
_FORBIDDEN = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it came."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    content: bytes
    address: str


class NotLoggedIn(Refusal):
    """The route demands a login, and nobody is logged in."""

    status = _UNAUTHORIZED

    def __init__(self, regime: Regime) -> None:
        super().__init__()
        self._body = regime.not_logged_in

    def body(self) -> Body:
        """Gives the 401 of the release."""
        return dict(self._body)


class Dispatcher:
    """Answers every request below /api."""

    def __init__(
        self,
        ws: Workspace,
        table: Table,
        *,
        fault: Fault | None = None,
        rate_limited: bool = False,
        slow_refusals: bool = False,
    ) -> None:
        self._ws = ws
        self._table = table
        self._fault = fault
        self._memory: Memory = {}
        self._limiter = Limiter() if rate_limited else None
        self._slow_refusals = slow_refusals and ws.regime.refusals_are_slow

    async def answer(self, received: Received) -> Answer:
        """Answers a request, after the delay that refusals have where that was asked for."""
        answer = self.respond(received)
        self._ws.bus.deliver()
        if self._slow_refusals and answer.status in (_UNAUTHORIZED, _FORBIDDEN):
            await sleep(SystemRandom().uniform(0.5, 1.0))
        return answer

    def respond(self, received: Received) -> Answer:
        """Answers a request at once."""
        method, name = self._looked_up(received)
        routes, filled = self._table.find(name)
        if method == "OPTIONS":
            return self._options(received, routes)
        if not routes:
            return self._unknown(method, api=received.path.startswith("/api/"))
        if method == "HEAD":
            return self._head(received, routes)
        if method not in routes:
            return self._wrong_method(routes)
        return self._routed(received, routes[method], method, name, filled)

    def _looked_up(self, received: Received) -> tuple[str, str]:
        name = received.path.removeprefix("/api/v1/").removesuffix("/")
        if self._fault and self._fault.lookup and self._fault.touches_path(canonical(name)):
            return self._fault.lookup(received.method, name)
        return received.method, name

    # -- requests that no handler answers ----------------------------------------------------------------------------

    def _options(self, received: Received, routes: Mapping[str, Route]) -> Answer:
        origin = header(received.headers, "origin")
        if origin is None and "access-control-request-method" not in received.headers:
            modern = self._ws.regime.at_least("7.4")
            if not modern and not routes:
                return Answer(content_type=TEXT, headers={"allow": "OPTIONS, GET, HEAD"}, api=False)
            return Answer(body="OK" if modern else "", content_type=TEXT)
        if not self._ws.settings["API_Enable_CORS"]:
            return Answer(status=405, body=_NO_CORS, content_type=TEXT)
        return self._preflight(origin)

    def _preflight(self, origin: str | None) -> Answer:
        settings = self._ws.settings
        wanted = [each.strip() for each in str(settings["API_CORS_Origin"]).split(",")]
        if "*" in wanted:
            return Answer(content_type=TEXT, headers=self._cors("*"))
        if origin in wanted:
            return Answer(content_type=TEXT, headers={**self._cors(str(origin)), "vary": "Origin"})
        if self._ws.regime.at_least("8.0"):
            return Answer(status=_FORBIDDEN, body="Invalid origin", content_type=TEXT)
        return Answer(content_type=TEXT)

    def _cors(self, origin: str) -> dict[str, str]:
        base = self._ws.regime.allowed_headers
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": _METHODS,
            "access-control-allow-headers": base if "visitor" in base else f"{base}, x-visitor-token, Authorization",
        }

    def _unknown(self, method: str, *, api: bool = True) -> Answer:
        if api and not self._ws.regime.unknown_route_is_a_page:
            return Answer(status=404, body="404 Not Found", content_type=TEXT)
        if method in {"GET", "HEAD"}:
            return Answer(body=PAGE, content_type=HTML, api=False)
        return Answer(status=405, content_type=TEXT, headers={"allow": "OPTIONS, GET, HEAD"}, api=False)

    def _head(self, received: Received, routes: Mapping[str, Route]) -> Answer:
        if self._ws.regime.unknown_route_is_a_page:
            return self._unknown("HEAD")
        if "GET" not in routes:
            return self._unknown("HEAD")
        return self.respond(replace(received, method="GET"))

    def _wrong_method(self, routes: Mapping[str, Route]) -> Answer:
        if not self._ws.regime.wrong_method_is_405:
            return Answer(status=404, body="404 Not Found", content_type=TEXT)
        return Answer(status=405, body=_NO_SUCH_ENDPOINT, headers={"allow": ", ".join([*routes, "OPTIONS"])})

    # -- requests that a handler answers -----------------------------------------------------------------------------

    def _routed(self, received: Received, route: Route, method: str, name: str, filled: Mapping[str, str]) -> Answer:
        try:
            strict = self._ws.regime.malformed_json_is_a_page
            payload, uploads = parse_body(received.content, received.headers.get("content-type", ""), strict=strict)
        except MalformedJson:
            if strict:
                return Answer(status=400, body=_BAD_REQUEST, content_type=HTML, api=False)
            payload, uploads = {}, {}
        if payload is None:
            payload = as_characters(received.content) if self._ws.regime.at_least("7.4") else {}
        token = header(received.headers, "x-auth-token")
        call = Call(
            workspace=self._ws,
            method=method,
            name=name,
            user=self._recognised(token, header(received.headers, "x-user-id")),
            token=token,
            query=parse_query(received.query) if received.query else {},
            payload=payload,
            headers=received.headers,
            path=filled,
            uploads=uploads,
            address=received.address,
        )
        return self._with_fault(call, route)

    def _recognised(self, token: str | None, user_id: str | None) -> dict[str, object] | None:
        holder = self._ws.users.holder(token)
        return holder if holder is not None and holder["_id"] == user_id else None

    def _with_fault(self, call: Call, route: Route) -> Answer:
        fault = self._fault
        if fault is None or not fault.touches(call.operation):
            return self._handled(call, route)
        changed = fault.before(call, self._memory) if fault.before else call
        answer = changed if isinstance(changed, Answer) else self._handled(changed, route)
        try:
            return fault.after(call, answer, self._memory) if fault.after else answer
        except Forbidden:
            return answer  # a fault that asks who calls leaves the answers to nobody as they are

    def _handled(self, call: Call, route: Route) -> Answer:
        reached = False
        try:
            for check in self._order(route):
                call = check(call, route)
            reached = True
            if route.removed_in is not None:
                call.announce_removal("endpoint-deprecation", f'The endpoint "/api/v1/{route.name}"', route.removed_in)
            result = route.handler(call)
        except Refusal as refusal:
            headers = {**call.notes, **(refusal.headers if isinstance(refusal, RateLimited) else {})}
            return Answer(status=refusal.status, body=refusal.body(), headers=headers, reached=reached)
        except Exception as problem:  # noqa: BLE001 - as the server does: what breaks in a handler is a refusal
            _LOG.warning("%s broke on a request: %r", call.operation, problem)
            return Answer(status=400, body={"success": False, "error": str(problem)}, headers=call.notes)
        if isinstance(result, Answer):
            return replace(result, headers={**call.notes, **result.headers})
        return Answer(body={**result, "success": True}, headers=call.notes)

    def _order(self, route: Route) -> tuple[Callable[[Call, Route], Call], ...]:
        regime = self._ws.regime
        if not regime.typed(route.name, route.typed_from):
            return (self._authenticate, self._limit, self._validate, self._permit, self._confirm)
        if regime.validates_first(route.name, route.typed_from):
            return (self._validate, self._authenticate, self._limit, self._permit, self._confirm)
        return (self._authenticate, self._permit, self._validate, self._limit, self._confirm)

    def _authenticate(self, call: Call, route: Route) -> Call:
        if route.login and call.user is None:
            raise NotLoggedIn(self._ws.regime)
        return call

    def _permit(self, call: Call, route: Route) -> Call:
        if route.permission is not None and not has_permission(self._ws, call.caller, route.permission):
            raise PermissionRefused
        return call

    def _limit(self, call: Call, route: Route) -> Call:
        ws = self._ws
        allowance = route.allowance(ws.regime) if callable(route.allowance) else route.allowance
        waiving = ("api-bypass-rate-limit", (allowance and allowance.waived_by) or "")
        exempt = call.user is not None and any(has_permission(ws, call.user, name) for name in waiving)
        if self._limiter is None or exempt or not ws.settings["API_Enable_Rate_Limiter"]:
            return call
        # A route is counted as a whole, whatever fills its path in.
        key = (call.address, route.name if call.path else call.name, call.method)
        call.notes.update(self._limiter.count(ws, key, allowance))
        return call

    def _confirm(self, call: Call, route: Route) -> Call:
        if route.two_factor:
            two_factor.demand(self._ws, call.caller, call.token or "", header(call.headers, "x-2fa-code"))
        return call

    def _validate(self, call: Call, route: Route) -> Call:
        regime = self._ws.regime
        query_schema, body_schema = _schema(route.query, regime), _schema(route.body, regime)
        if query_schema is not None:
            coercion = Coercion(arrays=regime.query_coerces_arrays, iso_dates=regime.dates_follow_iso)
            call = replace(call, query=self._fitting(route, "query", query_schema, call.query, coercion))
        if body_schema is not None:
            coercion = Coercion(iso_dates=regime.dates_follow_iso)
            call = replace(call, payload=self._fitting(route, "body", body_schema, call.payload, coercion))
        return call

    def _fitting(self, route: Route, part: str, schema: Schema, value: object, coercion: Coercion) -> dict[str, object]:
        fitted, complaints = validate(schema, value, coercion)
        if complaints:
            raise TypedFailure(*self._ws.regime.invalid(route.name, part, complaints, route.typed_from))
        return dict(fitted)


def _schema(validated: Validated, regime: Regime) -> Schema | None:
    return validated(regime) if callable(validated) else validated
