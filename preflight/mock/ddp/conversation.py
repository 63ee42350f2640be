"""Conversation: the protocol spoken on one connection, as a machine of three states that knows of no socket.

OPENED becomes CONNECTED by ``connect``, or CLOSED where the server does not speak the version. CONNECTED takes ping,
method, sub and unsub. Anything else, and anything malformed, is answered with an error frame and changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from preflight.mock import ejson
from preflight.mock.ddp import frames
from preflight.mock.ddp.emission import Emission
from preflight.mock.ddp.frames import Frame
from preflight.mock.ddp.realtime import Realtime
from preflight.mock.method import Identity, Invocation, error_object
from preflight.mock.refusals import Refusal

Document = dict[str, Any]  # a stored user


class State(Enum):
    """How far a conversation is."""

    OPENED = auto()
    CONNECTED = auto()
    CLOSED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subscription:
    name: str
    params: list[Any]
    event: str


class Conversation:
    """One connection: what is received goes in as texts, what is to be sent comes out as texts."""

    def __init__(
        self, realtime: Realtime, send: Callable[[str], None], close: Callable[[], None], address: str = "127.0.0.1"
    ) -> None:
        self.state = State.OPENED
        self._realtime = realtime
        self._send = send
        self._close = close
        self._address = address
        self._identity = Identity()
        self._shown_user: str | None = None  # whom the client's collection of users holds
        self._subscriptions: dict[str, _Subscription] = {}
        realtime.join(self)

    def leave(self) -> None:
        """Ends the conversation on this side; nothing is sent any more."""
        self.state = State.CLOSED
        self._realtime.leave(self)

    def receive(self, text: str) -> None:
        """Answers one message of the client, and then tells everybody what it changed."""
        if self.state is State.CLOSED:
            return
        message = _parsed(text)
        for frame in self._realtime.framed(_operation(message), list(self._answers(message))):
            self._send(ejson.encode(frame))
        if self._has_ended():
            self._close()
        self._realtime.ws.bus.deliver()

    def _has_ended(self) -> bool:
        return self.state is State.CLOSED

    def heartbeat(self) -> None:
        """Asks whether the client is still there."""
        if self.state is State.CONNECTED:
            self._send(ejson.encode({"msg": "ping"}))

    def hear(self, emission: Emission) -> None:
        """Tells the client of an event where it subscribed to it and still may hear it."""
        if self.state is not State.CONNECTED or (emission.origin and emission.origin == self._identity.connection):
            return
        named = (emission.stream, emission.event)
        if not any((each.name, each.event) == named for each in self._subscriptions.values()):
            return
        user = self._user()
        if not self._realtime.reaches(user, *named):
            return
        args = emission.args(user)
        if args is not None:
            self._send(ejson.encode(frames.event(*named, args)))

    # -- what a message is answered with -----------------------------------------------------------------------------

    def _answers(self, message: Any) -> Iterator[Frame]:
        if not isinstance(message, dict | list):
            yield frames.error("Bad request")
        elif isinstance(message, list) or not message.get("msg"):
            yield frames.error("Bad request", message)
        elif message["msg"] == "connect":
            yield self._connect(message)
        elif self.state is State.OPENED:
            yield frames.error("Must connect first", message)
        else:
            yield from self._spoken(message)

    def _connect(self, message: Frame) -> Frame:
        if self.state is State.CONNECTED:
            return frames.error("Already connected", message)
        version, support = message.get("version"), message.get("support")
        offered = support if isinstance(support, list) and all(isinstance(each, str) for each in support) else []
        best = next((each for each in offered if each in frames.VERSIONS), None)
        if version not in offered or version != best:
            self.state = State.CLOSED
            self._realtime.leave(self)
            return frames.failed()
        self.state = State.CONNECTED
        self._identity.connection = self._realtime.ws.ids.short()
        return frames.connected(self._identity.connection)

    def _spoken(self, message: Frame) -> Iterator[Frame]:
        kind = message["msg"]
        if kind == "ping":
            yield frames.pong(message)
        elif kind == "method":
            yield from self._called(message)
        elif kind == "sub":
            yield from self._subscribed(message)
        elif kind == "unsub":
            self._subscriptions.pop(str(message.get("id")), None)
            yield frames.nosub(message)
        elif kind != "pong":
            yield frames.error("Bad request", message)

    # -- methods -----------------------------------------------------------------------------------------------------

    def _called(self, message: Frame) -> Iterator[Frame]:
        if not _is_well_formed(message, "method") or not isinstance(message.get("randomSeed", ""), str):
            yield frames.error("Malformed method invocation", message)
            return
        call = Invocation(
            workspace=self._realtime.ws,
            name=message["method"],
            params=tuple(message.get("params", ())),
            user=self._user(),
            identity=self._identity,
            address=self._address,
        )
        outcome = self._realtime.invoke(call)
        yield from self._change_of_user()
        yield frames.updated(message["id"])
        yield frames.result(message["id"], outcome.told())

    def _user(self) -> Document | None:
        return self._identity.user(self._realtime.ws)

    def _change_of_user(self) -> Iterator[Frame]:
        """Brings the client's collection of users up to date, and ends what the new user may not hear."""
        user = self._user()
        now = user["_id"] if user is not None else None
        if now == self._shown_user:
            return
        if self._shown_user is not None:
            yield frames.removed("users", self._shown_user)
        self._shown_user = now
        if user is not None:
            yield frames.added("users", user["_id"], {"username": user["username"], "emails": user["emails"]})
        yield from self._reconsidered(user)

    def _reconsidered(self, user: Document | None) -> Iterator[Frame]:
        for subscription_id, each in list(self._subscriptions.items()):
            try:
                self._realtime.admit(user, each.name, each.params)
            except Refusal as refusal:
                del self._subscriptions[subscription_id]
                yield frames.nosub({"id": subscription_id}, error_object(refusal))

    # -- subscriptions -----------------------------------------------------------------------------------------------

    def _subscribed(self, message: Frame) -> Iterator[Frame]:
        if not _is_well_formed(message, "name"):
            yield frames.error("Malformed subscription", message)
            return
        if message["id"] in self._subscriptions:
            return
        params = message.get("params", [])
        try:
            event = self._realtime.admit(self._user(), message["name"], params)
        except Refusal as refusal:
            yield frames.nosub(message, error_object(refusal))
            return
        self._subscriptions[message["id"]] = _Subscription(name=message["name"], params=params, event=event)
        yield frames.ready(message["id"])


def _parsed(text: str) -> Any:
    """Reads a message; None stands for a text that is no JSON, as for the JSON null."""
    try:
        return ejson.decode(text)
    except (ValueError, RecursionError):
        return None


def _is_well_formed(message: Frame, name: str) -> bool:
    """Tells whether a call or a subscription has an id and a name that are texts, and parameters that are a list."""
    texts = all(isinstance(message.get(key), str) for key in ("id", name))
    return texts and isinstance(message.get("params", []), list)


def _operation(message: Any) -> str:
    """Gives the key of what a message asks for: ``ddp:archiveRoom``, ``ddp:stream-room-messages``, ``ddp:ping``."""
    if not isinstance(message, Mapping):
        return "ddp:"
    named = {"method": "method", "sub": "name"}.get(str(message.get("msg")), "msg")
    return f"ddp:{message.get(named)}"
