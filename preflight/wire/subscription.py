"""Subscriptions: the events of a stream in the order in which they came, and waiting for one of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

from preflight.model.exchange import Direction, Exchange, Frame
from preflight.model.json import Json, JsonObject
from preflight.wire import frames
from preflight.wire.answer import Answer
from preflight.wire.frames import ReceivedFrame
from preflight.wire.transcript import Transcriber

# Reads frames until a condition holds, for so many seconds at most; says whether it holds. The text is what is awaited.
Wait = Callable[[Callable[[], bool], float, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened in a collection: `kind` is that of its frame, such as changed; dates stay EJSON."""

    kind: str
    collection: str
    id: Json
    fields: JsonObject

    @property
    def name(self) -> str:
        """The event's name within its stream, such as a room id; empty where it has none."""
        name = self.fields.get("eventName")
        return name if isinstance(name, str) else ""

    @property
    def args(self) -> Sequence[Json]:
        """What the event carries; nothing where that is no list."""
        args = self.fields.get("args")
        return args if isinstance(args, list) else ()


class Feed:
    """Gathers the events of one subscription from all that a connection receives.

    No event says which subscription it belongs to: a feed takes those whose collection is its name and whose name is
    the first of its parameters. A publication that fills a collection of another name shows no events here.
    """

    def __init__(self, id_: str, name: str, params: Sequence[Json], sent: str) -> None:
        self.id = id_
        self.name = name
        self.sent = sent
        self.events: list[Event] = []
        self.frames = [Frame(direction=Direction.SENT, text=sent)]
        self.is_over = False
        self._event = params[0] if params else None

    def take(self, frame: ReceivedFrame) -> bool:
        """Take a frame if it is about this subscription; says whether it is."""
        is_end = frame.kind == "nosub" and frame.id == self.id
        is_event = self._is_event(frame)
        if is_event:
            self.events.append(
                Event(kind=frame.kind, collection=self.name, id=frame.id, fields=frames.fields_of(frame))
            )
        self.is_over = self.is_over or is_end
        is_mine = is_end or is_event or (frame.kind == "ready" and self.id in frame.ids("subs"))
        if is_mine:
            self.frames.append(Frame(direction=Direction.RECEIVED, text=frame.text))
        return is_mine

    def _is_event(self, frame: ReceivedFrame) -> bool:
        if frame.kind not in frames.EVENTS or frame.body.get("collection") != self.name:
            return False
        return frames.fields_of(frame).get("eventName", self._event) == self._event


class Subscription:
    """A stream that the target has opened; `answer` is its ready."""

    def __init__(self, feed: Feed, answer: Answer, wait: Wait, transcriber: Transcriber) -> None:
        self.answer = answer
        self._feed = feed
        self._wait = wait
        self._transcriber = transcriber
        self._started = perf_counter()

    @property
    def id(self) -> str:
        """The id under which it was asked for."""
        return self._feed.id

    @property
    def name(self) -> str:
        """The stream."""
        return self._feed.name

    @property
    def events(self) -> tuple[Event, ...]:
        """The events read up to now, oldest first."""
        return tuple(self._feed.events)

    @property
    def is_over(self) -> bool:
        """Whether the target has ended it, asked or unasked."""
        return self._feed.is_over

    def until(self, predicate: Callable[[Event], bool], within_s: float) -> Event | None:
        """Give the first event that fulfils a condition, read already or still to come.

        None means that none came within so many seconds, or that the target ended the subscription before. With no
        second at all it looks at what is read already.

        Raises:
            TargetError: when the connection closes meanwhile, or a frame does not fit.
        """
        events, seen = self._feed.events, 0

        def is_found() -> bool:
            nonlocal seen
            while seen < len(events):
                if predicate(events[seen]):
                    return True
                seen += 1
            return self.is_over

        self._wait(is_found, within_s, f"an event of {self.name}")
        return events[seen] if seen < len(events) else None

    def exchange(self, purpose: str) -> Exchange:
        """Give the subscription up to now as evidence: 200 and ``{"events": [their fields]}``."""
        return self._transcriber.exchange(
            actor=self.answer.exchange.actor,
            purpose=purpose,
            sent=self._feed.sent,
            status=frames.ACCEPTED,
            body={"events": [event.fields for event in self._feed.events]},
            frames=self._feed.frames,
            elapsed_s=perf_counter() - self._started + self.answer.exchange.elapsed_s,
        )
