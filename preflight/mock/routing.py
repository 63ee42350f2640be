"""Routing: which handler answers which method and path, in which releases, and what a request must look like first.

A family module makes its table and decorates its handlers:

    ROUTES = Routes()

    @ROUTES.route("GET", "rooms.info", query=SCHEMA)
    def info(call: Call) -> Body: ...

A handler gives the body of a success, to which the dispatcher adds ``success: true``, or a whole ``Answer``, or raises
a refusal. A name may have parts to fill in: ``settings/:_id``. Each ``dm.`` route has its twin ``im.``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.limiter import Allowance
from preflight.mock.release import Regime
from preflight.mock.validation import Schema

Body = Mapping[str, Any]  # the JSON object of a success, without the key success
Handler = Callable[[Call], Body | Answer]
#: A schema, or what gives the one of a release (None: the release does not validate), or None: no release does.
Validated = Schema | Callable[[Regime], Schema | None] | None
#: How often a route may be called, where that is not as often as any: always, or as the release has it.
Allowed = Allowance | Callable[[Regime], Allowance | None] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one path, in the releases from ``since`` to before ``until``."""

    method: str
    name: str
    handler: Handler
    query: Validated = None
    body: Validated = None
    permission: str | None = None
    login: bool = True
    typed_from: str | None = None
    since: str | None = None
    until: str | None = None
    allowance: Allowed = None
    two_factor: bool = False
    removed_in: str | None = None

    def exists_in(self, regime: Regime) -> bool:
        """Tells whether a release has this route."""
        begun = self.since is None or regime.at_least(self.since)
        return begun and not (self.until is not None and regime.at_least(self.until))


class Routes:
    """The routes of one family."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)

    def route(  # noqa: PLR0913 - each is a fact of its own about a route
        self,
        method: str,
        name: str,
        *,
        query: Validated = None,
        body: Validated = None,
        permission: str | None = None,
        login: bool = True,
        typed_from: str | None = None,
        since: str | None = None,
        until: str | None = None,
        allowance: Allowed = None,
        two_factor: bool = False,
        removed_in: str | None = None,
    ) -> Callable[[Handler], Handler]:
        """Registers the decorated handler for a method and a name, and for the twin ``im.`` of a name ``dm.``."""
        names = (name, f"im.{name[3:]}") if name.startswith("dm.") else (name,)

        def register(handler: Handler) -> Handler:
            self._routes += [
                Route(
                    method=method,
                    name=each,
                    handler=handler,
                    query=query,
                    body=body,
                    permission=permission,
                    login=login,
                    typed_from=typed_from,
                    since=since,
                    until=until,
                    allowance=allowance,
                    two_factor=two_factor,
                    removed_in=removed_in,
                )
                for each in names
            ]
            return handler

        return register


class Table:
    """All routes of one release, found by path."""

    def __init__(self, routes: Iterable[Route], regime: Regime) -> None:
        self._plain: dict[str, dict[str, Route]] = {}
        self._patterns: list[tuple[list[str], dict[str, Route]]] = []
        for route in routes:
            if route.exists_in(regime):
                self._entry(route.name)[route.method] = route

    def _entry(self, name: str) -> dict[str, Route]:
        if ":" not in name:
            return self._plain.setdefault(name, {})
        parts = name.split("/")
        known = next((methods for pattern, methods in self._patterns if pattern == parts), None)
        if known is None:
            known = {}
            self._patterns.append((parts, known))
        return known

    def find(self, name: str) -> tuple[Mapping[str, Route], dict[str, str]]:
        """Gives the routes of a path by method (none where it is unknown), and the parts that were filled in."""
        if name in self._plain:
            return self._plain[name], {}
        parts = name.split("/")
        for pattern, methods in self._patterns:
            filled = _filled(pattern, parts)
            if filled is not None:
                return methods, filled
        return {}, {}


def _filled(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(parts):
        return None
    filled: dict[str, str] = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if wanted.startswith(":") and part:
            filled[wanted[1:]] = part
        elif wanted != part:
            return None
    return filled
