"""The DDP client: one realtime connection, an explicit state machine, every conversation an exchange.

Used by one thread. Reading happens inside waits: whoever waits for one answer takes in all frames that come before it
and answers pings at once. Every wait has a limit and says what it waited for. A connection that is lost stays lost.

A realtime answer is read as a status and a body: see `preflight.wire.frames.verdict_of`.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from preflight.errors import PreflightError, TargetError
from preflight.model.exchange import Direction
from preflight.model.json import Json, JsonObject
from preflight.wire import frames
from preflight.wire.address import websocket_address
from preflight.wire.answer import Answer
from preflight.wire.conversation import Conversation, Conversations
from preflight.wire.ddp_state import MisfitError, State, Step, after_frame, after_step
from preflight.wire.redaction import Redactor, digest_of
from preflight.wire.subscription import Feed, Subscription
from preflight.wire.transcript import Transcriber, exchange_ids
from preflight.wire.watch import Watch, call_in
from preflight.wire.websocket import ClosedError, Websocket

NOBODY = "nobody"
_LONGEST_TOLD = 60


class PendingCall:
    """A method call that was sent; its answer may come before or after those of others."""

    def __init__(self, finish: Callable[[], Answer]) -> None:
        self._finish = finish

    def answer(self) -> Answer:
        """Wait for the answer; raises TargetError where none comes in time."""
        return self._finish()


class DdpClient:
    """Speaks DDP with one workspace over one websocket; nothing is sent before `open` or `connect`.

    Args:
        base_url: address of the workspace, http or https, without credentials.
        redactor: knows the secrets; learns those which frames show.
        timeout_s: how long to wait for the websocket and for an answer, in seconds.
        ids: gives the ids of exchanges; clients of one run must share it.
        watch: sees each method call before it is sent, and its answer.
        ca_bundle: a file or folder of certificates to trust in place of the usual ones.

    Raises:
        UsageError: when the address is no HTTP address.
    """

    def __init__(  # noqa: PLR0913 (each may be set alone)
        self,
        base_url: str,
        redactor: Redactor,
        *,
        timeout_s: float = 15.0,
        ids: Iterator[str] | None = None,
        watch: Watch | None = None,
        ca_bundle: Path | None = None,
    ) -> None:
        self.url = websocket_address(base_url)
        self.redactor = redactor
        self.frames_sent = 0
        self.actor = NOBODY
        self._timeout_s = timeout_s
        self._ca_bundle = ca_bundle
        self._watch = watch
        self._transcriber = Transcriber(self.url, redactor, ids or exchange_ids())
        self._state = State.NEW
        self._socket: Websocket | None = None
        self._lost_how = "was closed"
        self._numbers = itertools.count(1)
        self._conversations = Conversations()
        self._feeds: dict[str, Feed] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def state(self) -> State:
        """Where the connection stands."""
        return self._state

    def open(self) -> None:
        """Open the websocket and send nothing; raises TargetError where it does not open."""
        opened = self._after(Step.OPENED)
        self._socket = Websocket(self.url, timeout_s=self._timeout_s, ca_bundle=self._ca_bundle)
        self._state = opened

    def connect(self) -> Answer:
        """Open the websocket unless it is open, and ask for a session; raises TargetError where none is given."""
        if self._state is State.NEW:
            self.open()
        answer = self._ask(frames.connect(), purpose="ask for a realtime session")
        if answer.status == frames.ACCEPTED:
            return answer
        self.close()
        raise TargetError(
            f"{self.url} refuses a session of DDP version {frames.VERSION}: {answer.exchange.response.body}",
            hint="check that the address is a Rocket.Chat workspace; every release speaks this version",
        )

    def login_with_password(self, actor: str, user: str, password: str) -> Answer:
        """Log in by user name or e-mail address; of the password only its digest is sent."""
        self.redactor.learn_password(password, actor)
        who = {"email" if "@" in user else "username": user}
        return self._log_in(actor, {"user": who, "password": {"digest": digest_of(password), "algorithm": "sha-256"}})

    def login_with_token(self, actor: str, token: str) -> Answer:
        """Log in by a token of an earlier login, REST or realtime."""
        self.redactor.learn(token, f"{actor}.token")
        return self._log_in(actor, {"resume": token})

    def call(self, method: str, params: Sequence[Json], *, purpose: str) -> Answer:
        """Call a method and wait for its answer; raises TargetError where none comes in time."""
        return self._ask(frames.method(self._next_id(), method, params), purpose=purpose)

    def start(self, method: str, params: Sequence[Json], *, purpose: str) -> PendingCall:
        """Call a method and leave its answer for later."""
        conversation = self._begin(frames.spelled(frames.method(self._next_id(), method, params)), purpose=purpose)
        return PendingCall(lambda: self._finish(conversation))

    def call_raw(self, frame: Json, *, purpose: str = "send a frame as it is") -> Answer:
        """Send any frame, a text as it is, and wait for the frame that answers it."""
        text = frame if isinstance(frame, str) else frames.spelled(frame)
        return self._finish(self._begin(text, purpose=purpose))

    def ping(self) -> Answer:
        """Ask whether the target is there; reads what has come in meanwhile, and so answers its pings."""
        return self._ask(frames.ping(self._next_id()), purpose="is the other side there?")

    def subscribe(self, name: str, params: Sequence[Json]) -> Subscription | Answer:
        """Subscribe to a stream; gives the refusal where the target refuses."""
        id_ = self._next_id()
        text = frames.spelled(frames.sub(id_, name, params))
        feed = self._feeds[id_] = Feed(id_, name, params, text)
        answer = None
        try:
            answer = self._finish(self._begin(text, purpose=f"subscribe to {name}"))
        finally:
            if answer is None or answer.status != frames.ACCEPTED:
                del self._feeds[id_]
        if answer.status != frames.ACCEPTED:
            return answer
        return Subscription(feed, answer, self._wait, self._transcriber)

    def unsubscribe(self, subscription: Subscription) -> Answer:
        """Give a subscription up; its events remain."""
        answer = self._ask(frames.unsub(subscription.id), purpose=f"give the subscription to {subscription.name} up")
        self._feeds.pop(subscription.id, None)
        return answer

    def close(self) -> None:
        """Close the connection; does nothing where it is closed."""
        self._state = self._after(Step.HUNG_UP)
        if self._socket:
            self._end("was closed")

    def _log_in(self, actor: str, options: JsonObject) -> Answer:
        frame = frames.method(self._next_id(), "login", [options])
        answer = self._finish(self._begin(frames.spelled(frame), purpose=f"log in as {actor}", actor=actor))
        if answer.status == frames.ACCEPTED:
            self.actor = actor
        return answer

    def _next_id(self) -> str:
        return f"pf{next(self._numbers)}"

    def _ask(self, frame: JsonObject, *, purpose: str) -> Answer:
        return self._finish(self._begin(frames.spelled(frame), purpose=purpose))

    def _begin(self, text: str, *, purpose: str, actor: str | None = None) -> Conversation:
        body = frames.json_of(text)
        conversation = Conversation(actor=actor or self.actor, purpose=purpose, text=text, body=body)
        self.redactor.learn_from(body, conversation.actor)
        call = call_in(body, conversation.actor)
        if self._watch and call:
            self._watch.before(call)
        if conversation.kind == "connect" and self._socket:
            self._state = self._after(Step.ASKED)
        self._send(text, conversation.what)
        self._conversations.start(conversation)
        return conversation

    def _finish(self, conversation: Conversation) -> Answer:
        try:
            awaited = f"the answer to {conversation.what}"
            is_answered = self._wait(lambda: conversation.answer is not None, self._timeout_s, awaited)
        finally:
            self._conversations.give_up(conversation)
        if not is_answered or conversation.answer is None:
            raise self._trouble(
                f"did not answer {conversation.what} within {self._timeout_s:g} s",
                hint="check that the workspace is not overloaded, or give --timeout more seconds",
            )
        status, body = frames.verdict_of(conversation.answer)
        call = call_in(conversation.text, conversation.actor)
        if self._watch and call:
            self._watch.after(call, body)
        exchange = self._transcriber.exchange(
            actor=conversation.actor,
            purpose=conversation.purpose,
            sent=conversation.text,
            status=status,
            body=body,
            frames=conversation.frames,
            elapsed_s=conversation.elapsed_s,
        )
        return Answer(status=status, body=body, exchange=exchange)

    def _wait(self, is_done: Callable[[], bool], within_s: float, awaited: str) -> bool:
        """Read until a condition holds; False where it does not hold in time."""
        deadline = monotonic() + within_s
        while not is_done():
            left_s = deadline - monotonic()
            if left_s <= 0:
                return False
            frame = self._receive(left_s, awaited)
            if frame is not None:
                self._take(frame, awaited)
        return True

    def _send(self, text: str, what: str) -> None:
        if self._socket is None:
            raise self._not_open(f"{what} was not sent")
        self.frames_sent += 1
        try:
            self._socket.send(text)
        except ClosedError as closed:
            raise self._lost(str(closed), f"before {what} was sent") from closed
        except UnicodeEncodeError as problem:
            raise PreflightError(
                "UTF-8 cannot spell a frame that was to be sent", hint="leave lone surrogates out, or escape them"
            ) from problem

    def _receive(self, within_s: float, awaited: str) -> str | bytes | None:
        if self._socket is None:
            raise self._not_open(f"{awaited} cannot come")
        try:
            return self._socket.receive(within_s)
        except ClosedError as closed:
            raise self._lost(str(closed), f"while waiting for {awaited}") from closed

    def _take(self, text: str | bytes, awaited: str) -> None:
        """Take one frame in: first the state, then those whom it concerns."""
        if isinstance(text, bytes):
            raise self._unreadable("binary", awaited)
        try:
            frame = frames.read(text)
        except ValueError as problem:
            raise self._unreadable(f"{problem}: {self.redactor.clean(text)[:_LONGEST_TOLD]!r}", awaited) from problem
        self.redactor.learn_from(frame.body, self._conversations.actor or self.actor)
        try:
            self._state = after_frame(self._state, frame.kind)
            self._share(frame)
        except MisfitError as misfit:
            raise self._trouble(
                f"sent a frame that does not fit while waiting for {awaited}: {misfit}",
                hint="this is no DDP as Rocket.Chat speaks it; check for a proxy that changes websockets",
            ) from misfit
        if frame.kind == "ping":
            pong = frames.spelled(frames.pong(frame))
            self._send(pong, "the answer to a ping")
            self._conversations.see(Direction.SENT, pong)

    def _share(self, frame: frames.ReceivedFrame) -> None:
        is_mine = [feed.take(frame) for feed in self._feeds.values()]
        if frame.kind == "nosub" and any(is_mine) and not self._conversations.is_awaited(frame):
            return  # the target ends a subscription unasked
        self._conversations.take(frame)

    def _after(self, step: Step) -> State:
        try:
            return after_step(self._state, step)
        except MisfitError as misfit:
            raise PreflightError(
                f"the realtime connection to {self.url} is {self._state}: {misfit}",
                hint="a connection is opened once; make a new client for another one",
            ) from misfit

    def _end(self, how: str) -> None:
        """Close the socket, whoever began."""
        socket, self._socket = self._socket, None
        if socket:
            socket.close()
        self._state = self._after(Step.LOST)
        self._lost_how = how
        self._conversations.clear()

    def _lost(self, how: str, when: str) -> TargetError:
        self._end(how)
        return self._trouble(f"{how} {when}", hint="look into the log of the workspace and of any proxy in between")

    def _not_open(self, what: str) -> PreflightError:
        if self._state is State.NEW:
            return PreflightError(
                f"the connection to {self.url} is not open: {what}", hint="call connect of the client first"
            )
        return self._trouble(
            f"{self._lost_how} before: {what}", hint="a connection is opened once; make a new client for another one"
        )

    def _unreadable(self, what: str, awaited: str) -> TargetError:
        return self._trouble(
            f"sent a frame that is {what}, while waiting for {awaited}",
            hint="this is no DDP as Rocket.Chat speaks it; check for a proxy that changes websockets",
        )

    def _trouble(self, what: str, *, hint: str) -> TargetError:
        return TargetError(self.redactor.clean(f"{self.url} {what}"), hint=hint)
