"""Realtime acts: frames that are said and answered, streams that are listened to, one question asked both ways.

Nothing here waits without a limit, and nothing sleeps: that something does not come is shown by something later that
does.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Self

from preflight.catalog.cases import Case
from preflight.catalog.steps import REALTIME
from preflight.checks.evidence import Due, Evidence, Hidden, Twin
from preflight.checks.realtime import is_due
from preflight.model.claim import ClaimId
from preflight.model.exchange import Exchange
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.pointer import NothingThereError, look_up
from preflight.session.acts import Reply
from preflight.session.circumstances import CircumstanceError, demand
from preflight.session.performance import Performance
from preflight.session.stage import query_of
from preflight.wire.redaction import digest_of
from preflight.wire.rest import API, Answer, Ask
from preflight.wire.subscription import Event, Subscription
from preflight.wire.talk import Talk

CONNECT: Final[JsonObject] = {"msg": "connect", "version": "1", "support": ["1", "pre2", "pre1"]}
TRIES = 3

_LOGIN, _ASKED, _MARKED = "login", "asked", "marked"
_REFUSING = frozenset({"error", "failed", "nosub"})
_MESSAGES = "stream-room-messages"


@dataclass(kw_only=True)
class Conversation:
    """Frames said over a connection of one's own, and the frames that must come in answer.

    `claims` are those that it is about, `case` the simplest valid call where they are of a method.
    """

    performance: Performance
    claims: tuple[ClaimId, ...]
    case: Case | None = None
    _dues: list[Due] = field(default_factory=list)
    _talk: Talk | None = None

    def __post_init__(self) -> None:
        self.performance.aims += self.claims

    def opens(self, actor: str = "nobody") -> Self:
        """Open the websocket and say nothing."""
        performance = self.performance
        opening = performance.stage.connections.talking(actor)
        self._talk = performance.guarded(lambda: performance.resources.enter_context(opening))
        performance.resources.callback(self._keep)
        return self

    def connects(self, actor: str = "nobody") -> Self:
        """Open the websocket and ask for a session."""
        self.opens(actor).says(CONNECT)
        self._await(lambda frame: frame.get("msg") == "connected", "a session")
        return self

    def logs_in(self, actor: str = "alice") -> Self:
        """Open the websocket, ask for a session, and log in."""
        self.connects(actor)
        login = self.performance.guarded(lambda: self.performance.stage.company.login(actor))
        self.says({"msg": "method", "method": "login", "id": _LOGIN, "params": [{"resume": login.token}]})
        self._await(lambda frame: "result" in frame and frame.get("id") == _LOGIN, "a login")
        return self

    def says(self, frame: Json) -> Self:
        """Send a frame, a text as it is."""
        template = self.performance.guarded(lambda: self.performance.scene.resolve(frame))
        self.performance.guarded(lambda: self._open_talk.send(template))
        return self

    def calls(self, id_: str) -> Self:
        """Call the method that this is about, validly, and as somebody who may."""
        if self.case is None:
            raise CircumstanceError("no case says how this method is called")
        params = self.performance.arguments(self.case)
        self.logs_in(self.case.actor)
        method = self.performance.contract.path
        # As it is: what the arguments hold by now is no template any more.
        frame: JsonObject = {"msg": "method", "method": method, "id": id_, "params": list(params)}
        self.performance.guarded(lambda: self._open_talk.send(json.dumps(frame)))
        return self

    def digest(self, password: str) -> str:
        """Give what takes the place of a password in a login; neither of them will be in any exchange."""
        told = str(self.performance.guarded(lambda: self.performance.scene.resolve(password)))
        self.performance.stage.client.redactor.learn_password(told, "case")
        return digest_of(told)

    def must_get(self, frame: JsonObject, *, named: tuple[str, ...] = (), proves: str = "") -> Self:
        """Wait for a frame that must come; `named` points to texts in it, `proves` is a subject of the claims.

        Raises:
            CircumstanceError: when it does not come and nothing else is answered either.
        """
        filled = as_object(self.performance.guarded(lambda: self.performance.scene.resolve(frame)))
        due = Due(subject=proves or self.claims[0].subject, frame=filled, named=named)
        self._dues.append(due)
        came = self._open_talk.until(lambda received: is_due(received, due))
        if came is None:
            self._must_be_alive()
        elif filled.get("msg") not in _REFUSING and "error" not in filled:
            self.performance.accepted = True
        return self

    def hears(self, predicate: Callable[[JsonObject], bool]) -> bool:
        """Wait for a frame that may come; says whether it has."""
        return self._open_talk.until(predicate) is not None

    def reply(self, *hidden: Hidden) -> Reply:
        """Give what was said and came together with all that is promised about it."""
        exchange = self._open_talk.exchange(self.performance.title)
        self.performance.scene.exchanges.append(exchange)
        self._talk = None
        # What stands in an exchange has no secrets, and neither must what it is compared with.
        clean = self.performance.stage.client.redactor.clean
        dues = tuple(replace(due, frame=as_object(json.loads(clean(json.dumps(due.frame))))) for due in self._dues)
        evidence = replace(_evidence(self.performance, exchange), dues=dues, hidden=hidden)
        return Reply(performance=self.performance, evidence=evidence)

    def keeps(self, *checks: str) -> None:
        """Judge by checks; raises BrokenPromiseError with every finding."""
        self.reply().keeps(*checks)

    @property
    def _open_talk(self) -> Talk:
        if self._talk is None:
            raise CircumstanceError("nothing was opened yet")
        return self._talk

    def _await(self, predicate: Callable[[JsonObject], bool], what: str) -> None:
        if self._open_talk.until(predicate) is None:
            self._inconclusive(f"the target did not give {what}")

    def _must_be_alive(self) -> None:
        """Tell a frame that is not answered from a target that answers nothing: the first is judged."""
        talk = self._open_talk
        if not talk.is_over:
            mark: JsonObject = {"msg": "preflight"}
            self.performance.guarded(lambda: talk.send(mark))
            if talk.until(lambda frame: frame.get("offendingMessage") == mark) is not None:
                return
        self._inconclusive("the target closed the connection, or answers nothing any more")

    def _inconclusive(self, why: str) -> None:
        self.performance.inconclusive(why)
        raise CircumstanceError(why)

    def _keep(self) -> None:
        """Keep the evidence of a talk that was never judged."""
        if self._talk is not None:
            self.performance.scene.exchanges.append(self._talk.exchange(self.performance.title))


@dataclass(kw_only=True)
class Audience:
    """People who listen to streams, and what they must hear, or must not."""

    performance: Performance
    claims: tuple[ClaimId, ...]

    def __post_init__(self) -> None:
        self.performance.aims += self.claims

    def listens(self, actor: str, event: str) -> "Listener":
        """Let somebody subscribe to an event of the stream, as they may."""
        performance = self.performance
        name = str(self.filled(event))
        login = performance.guarded(lambda: performance.stage.company.login(actor))
        opening = performance.stage.connections.listening(actor, login.token)
        client = performance.guarded(lambda: performance.resources.enter_context(opening))
        answer = performance.guarded(lambda: client.subscribe(performance.contract.path, [name, False]))
        if not isinstance(answer, Subscription):
            performance.scene.exchanges.append(answer.exchange)
            performance.inconclusive(f"{actor} was refused a subscription: {answer.exchange.response.body}")
            raise CircumstanceError(f"{actor} was refused a subscription")
        performance.accepted = True
        return Listener(audience=self, subscription=answer, is_alive=client.ping)

    def outsider(self, actor: str, event: str) -> "Outsider":
        """Let somebody ask for an event of the stream that is not for them."""
        performance = self.performance
        talk = Conversation(performance=performance, claims=()).logs_in(actor)
        asked = Hidden(
            subject=self.claims[0].subject, id=_ASKED, stream=performance.contract.path, event=str(self.filled(event))
        )
        return Outsider(audience=self, conversation=talk, asked=asked)

    def does(self, actor: str, operation: str, body: JsonObject) -> JsonObject:
        """Let somebody do something over REST that must succeed; gives the body of the answer."""
        method, _, name = operation.partition(" ")
        ask = partial(Ask, actor=actor, purpose=f"{operation} for others to hear", method=method, path=API + name)
        answer = self._send(actor, lambda: ask(body=self.filled(body), has_body=True))
        return self.performance.guarded(lambda: demand(answer, operation))

    def calls(self, actor: str, method: str, params: Sequence[Json]) -> None:
        """Let somebody call a realtime method over their own connection."""
        ask = partial(Ask, actor=actor, purpose=f"{method} for others to hear", method=REALTIME, path=method)
        self._send(actor, lambda: ask(body=self.filled(list(params))))

    def posts(self, actor: str, room: str, text: str) -> str:
        """Let somebody post a message; gives its id."""
        told = self.does(actor, "POST chat.postMessage", {"roomId": room, "text": text})
        return str(as_object(told.get("message")).get("_id"))

    def filled(self, template: Json) -> Json:
        """Fill in the placeholders of a template."""
        return self.performance.guarded(lambda: self.performance.scene.resolve(template))

    def _send(self, actor: str, ask: Callable[[], Ask]) -> Answer:
        performance = self.performance
        login = performance.guarded(lambda: performance.stage.company.login(actor))
        return performance.guarded(lambda: performance.scene.send(replace(ask(), headers=login.headers)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Somebody whom the target lets listen."""

    audience: Audience
    subscription: Subscription
    is_alive: Callable[[], Answer]

    def must_hear(self, *args: Json) -> Reply:
        """Wait for an event that holds what is given.

        Raises:
            CircumstanceError: when it does not come, and nothing is answered over the connection either.
        """
        performance, stream = self.audience.performance, self.subscription
        filled = as_list(self.audience.filled(list(args)))
        due = Due(
            subject=self.audience.claims[0].subject,
            frame={"msg": "changed", "collection": stream.name, "fields": {"args": list(filled)}},
        )

        def is_it(event: Event) -> bool:
            return is_due({"msg": event.kind, "collection": event.collection, "fields": event.fields}, due)

        patience_s = performance.stage.connections.patience_s
        performance.guarded(lambda: stream.until(is_it, patience_s))
        performance.guarded(self.is_alive)  # what came before the answer has been read, a second time as well
        exchange = stream.exchange(performance.title)
        performance.scene.exchanges.append(exchange)
        return Reply(performance=performance, evidence=replace(_evidence(performance, exchange), dues=(due,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    """Somebody who asks for what is not for them, and listens meanwhile to a room of their own."""

    audience: Audience
    conversation: Conversation
    asked: Hidden

    def asks(self, own_room: str) -> Self:
        """Subscribe to a room of their own, and to what is not for them."""
        told = self.conversation
        told.says({"msg": "sub", "id": _MARKED, "name": _MESSAGES, "params": [own_room, False]})
        told.hears(lambda frame: _MARKED in as_list(frame.get("subs")))
        told.says({"msg": "sub", "id": _ASKED, "name": self.asked.stream, "params": [self.asked.event, False]})
        told.hears(lambda frame: frame.get("id") == _ASKED or _ASKED in as_list(frame.get("subs")))
        return self

    def must_not_hear(self, own_room: str, actor: str) -> Reply:
        """Write in the room of their own, hear of that, and show that nothing else came before."""
        mark = self.audience.posts(actor, own_room, "{case.token} mark")
        if not self.conversation.hears(lambda frame: mark in _ids_of(frame)):
            why = f"{actor} does not even hear what is written in a room of their own"
            self.audience.performance.inconclusive(why)
            raise CircumstanceError(why)
        return self.conversation.reply(self.asked)


def _ids_of(frame: JsonObject) -> Iterable[Json]:
    return [as_object(arg).get("_id") for arg in as_list(as_object(frame.get("fields")).get("args"))]


@dataclass(kw_only=True)
class Comparison:
    """One question asked over the Realtime API and in another way."""

    performance: Performance
    claims: tuple[ClaimId, ...]

    def __post_init__(self) -> None:
        self.performance.aims += self.claims

    def needs(self, *things: str) -> None:
        """See that what placeholders name exists before anything is asked."""
        self._filled(list(things))

    def asks(
        self,
        params: Sequence[Json],
        *,
        other: str,
        at: str,
        query: Mapping[str, Json] | None = None,
        body: JsonObject | None = None,
    ) -> Reply:
        """Ask by a call with these arguments and by another operation, whose answer has the same at a place.

        What is written meanwhile would make the two differ: the other operation is asked before and after the call, and
        both again where it has changed in between.

        Raises:
            CircumstanceError: when it changes each time.
        """
        performance = self.performance
        ask = self._ask(other, query or {}, body)
        call = Ask(
            actor=performance.actor,
            purpose="ask over the Realtime API",
            method=REALTIME,
            path=performance.contract.path,
            body=self._filled(list(params)),
        )
        for _ in range(TRIES):
            before, mine, after = self._told(ask, at), self._send(call), self._told(ask, at)
            if before == after:
                return self._reply(mine, other, after)
        performance.inconclusive(f"{other} answers otherwise each time")
        raise CircumstanceError(f"{other} answers otherwise each time")

    def over_the_bridge(self, params: Sequence[Json]) -> JsonObject:
        """Write the body that asks the same of POST method.call."""
        method = self.performance.contract.path
        return {"message": json.dumps({"msg": "method", "method": method, "id": "1", "params": list(params)})}

    def _ask(self, other: str, query: Mapping[str, Json], body: JsonObject | None) -> Ask:
        method, _, name = other.partition(" ")
        return Ask(
            actor=self.performance.actor,
            purpose=f"ask by {other}",
            method=method,
            path=API + name,
            query=query_of(self._filled(dict(query))),
            body=body,
            has_body=body is not None,
        )

    def _filled(self, template: Json) -> Json:
        return self.performance.guarded(lambda: self.performance.scene.resolve(template))

    def _told(self, ask: Ask, at: str) -> Json:
        """Ask another operation; what it tells within a text is read."""
        told = self.performance.guarded(lambda: demand(self._send(ask), ask.purpose))
        try:
            message = told.get("message")
            return look_up(json.loads(message) if isinstance(message, str) else told, at)
        except (NothingThereError, ValueError) as problem:
            self.performance.inconclusive(f"{ask.purpose}: nothing at {at}")
            raise CircumstanceError(f"{ask.purpose}: nothing at {at}") from problem

    def _send(self, ask: Ask) -> Answer:
        performance = self.performance
        login = performance.guarded(lambda: performance.stage.company.login(performance.actor))
        return performance.guarded(lambda: performance.scene.send(replace(ask, headers=login.headers)))

    def _reply(self, mine: Answer, other: str, theirs: Json) -> Reply:
        performance = self.performance
        evidence = _evidence(performance, mine.exchange)
        performance.accepted = evidence.succeeded
        twin = Twin(
            subject=self.claims[0].subject,
            source=other,
            mine=as_object(mine.body).get("result"),
            theirs=theirs,
        )
        return Reply(performance=performance, evidence=replace(evidence, twins=(twin,)))


def _evidence(performance: Performance, exchange: Exchange) -> Evidence:
    return Evidence(contract=performance.contract, claims=performance.claims, exchange=exchange)
