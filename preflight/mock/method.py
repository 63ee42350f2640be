"""Method: one realtime method, how it is called, and what comes of it, over DDP and over the REST bridge alike.

A family module under ``methods`` makes its table and decorates its handlers:

    METHODS = Methods()

    @METHODS.method("archiveRoom")
    def archive(call: Invocation) -> None: ...

What a handler gives is the result; ``NOTHING`` is a result that is absent. What it raises becomes an error object: a
``MeteorError`` with its code, a plain ``Failure`` as the hidden 500 that the Realtime API makes of it.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from preflight.mock.access import has_permission
from preflight.mock.method_limits import OF_METHODS, Caller
from preflight.mock.refusals import MeteorError, Refusal
from preflight.mock.release import Regime
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored document, or an object of a frame

_LOG = logging.getLogger(__name__)


class _Nothing:
    """The result of a method that gives none: the key is absent."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = _Nothing()


class MethodError(Refusal):
    """An error that is a number on the Realtime API: 400, 403, 404 or 500."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


class MatchFailed(MethodError):  # noqa: N818 - a refusal is no error of the mock
    """Parameters that are not of the types which the method wants."""

    def __init__(self) -> None:
        super().__init__(400, "Match failed")


@dataclass(slots=True, kw_only=True)
class Identity:
    """Who speaks on a connection: changed by logging in and out."""

    connection: str | None = None
    user_id: str | None = None
    token: str | None = None

    def user(self, ws: Workspace) -> Document | None:
        """Gives the user who is logged in, or None; a token that was ended logs out."""
        holder = ws.users.holder(self.token)
        return holder if holder is not None and holder["_id"] == self.user_id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One call of a realtime method."""

    workspace: Workspace
    name: str
    params: tuple[Any, ...] = ()
    user: Document | None = None
    identity: Identity = field(default_factory=Identity)
    address: str = "127.0.0.1"

    @property
    def operation(self) -> str:
        """The key of the operation, ``ddp:archiveRoom``."""
        return f"ddp:{self.name}"

    @property
    def details(self) -> Document:
        """What errors say of where they came from."""
        return {"method": self.name}

    def caller(self, **details: str) -> Document:
        """Gives the user who calls; raises MeteorError error-invalid-user where nobody is logged in."""
        if self.user is None:
            raise MeteorError("error-invalid-user", "Invalid user", details or self.details)
        return self.user

    def param(self, place: int, default: Any = None) -> Any:
        """Gives a parameter, or the default where it was not sent."""
        return self.params[place] if len(self.params) > place else default

    def text(self, place: int) -> str:
        """Gives a parameter that must be a text; raises MatchFailed."""
        value = self.param(place)
        if not isinstance(value, str):
            raise MatchFailed
        return value

    def texts(self, place: int, *, required: bool = False) -> list[str]:
        """Gives a parameter that must be a list of texts, or may be left out; raises MatchFailed."""
        if len(self.params) <= place and not required:
            return []
        value = self.param(place)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise MatchFailed
        return value

    def named(self, place: int, *keys: str) -> Document:
        """Gives a parameter that must be an object in which these keys are texts; raises MatchFailed."""
        value = self.param(place)
        if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in keys):
            raise MatchFailed
        return value

    def room(self, room_id: Any, code: str = "error-invalid-room", reason: str = "Invalid room") -> Document:
        """Gives a room that must exist; raises MeteorError."""
        room = self.workspace.rooms.get(room_id)
        if room is None:
            raise MeteorError(code, reason, self.details)
        return room


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a call: a result, which may be absent, or an error object."""

    result: Any = NOTHING
    error: Document | None = None

    def told(self) -> Document:
        """Gives the part of a frame that tells of it."""
        if self.error is not None:
            return {"error": self.error}
        return {} if self.result is NOTHING else {"result": self.result}


Handler = Callable[[Invocation], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method, in all releases before ``until``."""

    name: str
    handler: Handler
    until: str | None = None

    def exists_in(self, regime: Regime) -> bool:
        """Tells whether a release has this method."""
        return self.until is None or not regime.at_least(self.until)


class Methods:
    """The methods of one family."""

    def __init__(self) -> None:
        self._methods: list[Method] = []

    def __iter__(self) -> Iterator[Method]:
        return iter(self._methods)

    def method(self, name: str, *, until: str | None = None) -> Callable[[Handler], Handler]:
        """Registers the decorated handler under a name."""

        def register(handler: Handler) -> Handler:
            self._methods.append(Method(name=name, handler=handler, until=until))
            return handler

        return register


class Registry:
    """All methods of one release, by name."""

    def __init__(self, methods: Iterable[Method], regime: Regime) -> None:
        self._by_name: Mapping[str, Method] = {each.name: each for each in methods if each.exists_in(regime)}

    def names(self) -> tuple[str, ...]:
        """Lists the methods of the release."""
        return tuple(self._by_name)

    def invoke(self, call: Invocation) -> Outcome:
        """Calls a method; whatever is raised becomes its error object."""
        method = self._by_name.get(call.name)
        if method is None:
            return Outcome(error=error_object(MethodError(404, f"Method '{call.name}' not found")))
        try:
            _count(call)
            return Outcome(result=method.handler(call))
        except Refusal as refusal:
            return Outcome(error=error_object(refusal))
        except Exception:  # noqa: BLE001 - a crash must reach the client as servers hide it, and not end the connection
            _LOG.exception("method %s failed", call.name)
            return Outcome(error=error_object(_HIDDEN))


_HIDDEN = MethodError(500, "Internal server error")
_WAIVING = frozenset(limit.waived_by for limit in OF_METHODS.values() if limit.waived_by)


def _count(call: Invocation) -> None:
    ws = call.workspace
    user_id = call.user["_id"] if call.user is not None else None
    caller = Caller(address=call.address, connection=call.identity.connection, user_id=user_id)
    held = [name for name in _WAIVING if call.user is not None and has_permission(ws, call.user, name)]
    ws.method_limits.count(caller, call.name, frozenset(held), ws.clock.read())


def error_object(refusal: Refusal) -> Document:
    """Gives the error object of a refusal: one without a code is hidden behind a 500."""
    if not isinstance(refusal, MeteorError | MethodError):
        refusal = _HIDDEN
    told: Document = {"isClientSafe": True, "error": refusal.code}
    if refusal.reason:
        told["reason"] = refusal.reason
    details = refusal.details if isinstance(refusal, MeteorError) else None
    if details is not None:
        told["details"] = details
    told["message"] = f"{refusal.reason} [{refusal.code}]" if refusal.reason else f"[{refusal.code}]"
    told["errorType"] = "Meteor.Error"
    return told
