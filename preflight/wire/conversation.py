"""Conversations: a sent frame, the frame that answers it, and what crossed the connection in between.

Answers come in any order; each is told by what it names: the id of a call or subscription, or the offending message. A
frame that names nobody (a ping, an event, an error without its message) belongs to all that wait, or to the oldest.
"""

from dataclasses import dataclass, field
from time import perf_counter

from preflight.model.exchange import Direction, Frame
from preflight.model.json import Json, as_object
from preflight.wire.ddp_state import MisfitError
from preflight.wire.frames import ReceivedFrame

_ANSWERS = frozenset({"connected", "failed", "result", "ready", "nosub", "pong", "error"})


@dataclass(slots=True, kw_only=True, eq=False)
class Conversation:
    """One sent frame; `body` is its JSON, None where its text is none; it is over when `answer` is there."""

    actor: str
    purpose: str
    text: str
    body: Json
    frames: list[Frame] = field(default_factory=list)
    answer: ReceivedFrame | None = None
    elapsed_s: float = 0.0
    _started: float = field(default_factory=perf_counter)

    @property
    def kind(self) -> Json:
        """What the sent frame says that it is."""
        return as_object(self.body).get("msg")

    @property
    def id(self) -> Json:
        """The id that the sent frame gave; None where it has none."""
        return as_object(self.body).get("id")

    @property
    def what(self) -> str:
        """The sent frame in words."""
        body = as_object(self.body)
        match self.kind:
            case "connect":
                return "the request to connect"
            case "method":
                return f"the method {body.get('method')}"
            case "sub":
                return f"the subscription to {body.get('name')}"
            case "unsub":
                return "the end of a subscription"
            case "ping":
                return "the ping"
        return "a frame sent as it is"

    def is_answered_by(self, frame: ReceivedFrame) -> bool:
        """Whether a frame names this conversation as the one that it answers."""
        match frame.kind:
            case "connected" | "failed":
                return self.kind == "connect"
            case "result":
                return self.kind == "method" and self.id == frame.id
            case "ready":
                return self.kind == "sub" and self.id in frame.ids("subs")
            case "nosub":
                return self.kind in {"sub", "unsub"} and self.id == frame.id
            case "pong":
                return self.kind == "ping" and frame.id in {None, self.id}
        return self.body is not None and frame.body.get("offendingMessage") == self.body

    def see(self, direction: Direction, text: str) -> None:
        """Note a frame that crossed the connection."""
        self.frames.append(Frame(direction=direction, text=text))

    def end(self, answer: ReceivedFrame) -> None:
        """Take the answer."""
        self.see(Direction.RECEIVED, answer.text)
        self.answer = answer
        self.elapsed_s = perf_counter() - self._started


class Conversations:
    """Those that wait for an answer, and those that waited in vain, whose answers may come late."""

    def __init__(self) -> None:
        self._waiting: list[Conversation] = []
        self._given_up: list[Conversation] = []

    @property
    def actor(self) -> str | None:
        """Who started the oldest of those that wait."""
        return self._waiting[0].actor if self._waiting else None

    def start(self, conversation: Conversation) -> None:
        """Wait for an answer."""
        self._waiting.append(conversation)
        conversation.see(Direction.SENT, conversation.text)

    def give_up(self, conversation: Conversation) -> None:
        """Wait no longer; does nothing where the answer is there."""
        if conversation in self._waiting:
            self._waiting.remove(conversation)
            self._given_up.append(conversation)

    def clear(self) -> None:
        """Forget all, for no answer can come any more."""
        self._waiting.clear()
        self._given_up.clear()

    def see(self, direction: Direction, text: str) -> None:
        """Show a frame that names nobody to all that wait."""
        for conversation in self._waiting:
            conversation.see(direction, text)

    def is_awaited(self, frame: ReceivedFrame) -> bool:
        """Whether a frame answers one of those that wait, or waited."""
        return any(one.is_answered_by(frame) for one in (*self._waiting, *self._given_up))

    def take(self, frame: ReceivedFrame) -> None:
        """Give a frame to those whom it concerns; raises MisfitError where it answers what nobody asked."""
        if frame.kind == "updated":
            for conversation in self._waiting:
                if conversation.id in frame.ids("methods"):
                    conversation.see(Direction.RECEIVED, frame.text)
        elif frame.kind in _ANSWERS:
            self._settle(frame)
        else:
            self.see(Direction.RECEIVED, frame.text)

    def _settle(self, frame: ReceivedFrame) -> None:
        answered = [one for one in self._waiting if one.is_answered_by(frame)]
        late = [one for one in self._given_up if one.is_answered_by(frame)]
        if frame.kind == "error" and not answered and not late:
            answered = self._waiting[:1]
        for conversation in answered if frame.kind == "ready" else answered[:1]:
            self._waiting.remove(conversation)
            conversation.end(frame)
        if answered or frame.kind == "pong":
            return
        if not late:
            raise MisfitError(self._expected(), _told(frame))
        self._given_up.remove(late[0])

    def _expected(self) -> str:
        return f"an answer to {', '.join(one.what for one in self._waiting)}" if self._waiting else "no answer"


def _told(frame: ReceivedFrame) -> str:
    match frame.kind:
        case "error":
            return f"error {frame.body.get('reason')!r:.80}"
        case "ready":
            return f"ready of {frame.body.get('subs')!r:.80}"
    return f"{frame.kind} of {frame.id!r:.40}"
