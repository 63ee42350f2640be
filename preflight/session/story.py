"""Stories: people of the run do something, and see what came of it; what nobody in the run made is left alone.

Servers finish some of what they were asked late. What must be seen is therefore looked for a few times, without
sleeping; what is never to be seen is looked for once something later shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from preflight.catalog.cases import Needs
from preflight.catalog.placeholders import escape_all
from preflight.catalog.steps import Step
from preflight.checks.behaviour import is_as_promised
from preflight.checks.evidence import Evidence, Pair, Sight
from preflight.model.claim import ClaimId
from preflight.model.exchange import Exchange
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.operation import OperationKey
from preflight.model.pointer import NothingThereError, look_up
from preflight.session.acts import Reply
from preflight.session.circumstances import CircumstanceError, demand, refuse_missing_right, succeeded
from preflight.session.performance import Performance
from preflight.wire.rest import Answer

MOST_LOOKS = 5


@dataclass(kw_only=True)
class Story:
    """What people do, and what they see afterwards.

    `claims` are those that it is about; `causes` names for each subject, and for each operation that does something,
    the claim of the operation whose effect it is. What something `proves` is named in either way. What the workspace
    `needs` to be is seen to before the first request.
    """

    performance: Performance
    claims: tuple[ClaimId, ...]
    causes: Mapping[str, ClaimId]
    needs: Needs = field(default_factory=Needs)
    sights: list[Sight] = field(default_factory=list)
    _pairs: list[Pair] = field(default_factory=list)
    _last: Exchange | None = None
    _is_set: bool = False

    def __post_init__(self) -> None:
        self.performance.aims += self.claims

    def uses(self, *things: str) -> Self:
        """See that what placeholders name exists before anything is looked at."""
        self._set()
        self.performance.guarded(lambda: self.performance.scene.resolve(list(things)))
        return self

    def does(self, actor: str, operation: str, body: JsonObject) -> JsonObject:
        """Let somebody do something that must succeed; gives the body of the answer.

        Raises:
            CircumstanceError: when it does not: other suites judge that.
        """
        answer = self.played(Step(actor=actor, operation=operation, body=body, has_body=True), operation)
        return self.performance.guarded(lambda: demand(answer, operation))

    def creates(self, actor: str, people: JsonObject) -> Exchange:
        """Let somebody ask for the direct room of some people; gives the exchange."""
        self.does(actor, "POST dm.create", people)
        return self.last

    def posts(self, actor: str, room: str, text: str, **more: Json) -> JsonObject:
        """Let somebody post a message; gives the message as the answer has it."""
        return as_object(self.does(actor, "POST chat.postMessage", {"roomId": room, "text": text, **more})["message"])

    def reads(self, actor: str, operation: str, query: JsonObject | None = None) -> Exchange:
        """Let somebody read something that they may; gives the exchange."""
        answer = self.played(Step(actor=actor, operation=operation, query=query or {}), f"{actor} reads {operation}")
        self.performance.guarded(lambda: demand(answer, operation))
        return answer.exchange

    def asks(self, actor: str, operation: str, query: JsonObject | None = None, *, proves: str = "") -> "Question":
        """Let somebody ask for something; `proves` is the first of the claims where it is left out."""
        cause = self._cause(proves)
        reader = ClaimId(OperationKey.parse(operation), cause.kind, cause.subject)
        return Question(
            story=self,
            step=Step(actor=actor, operation=operation, query=query or {}),
            cause=cause,
            reader=reader if self.performance.promises(reader) else None,
        )

    def found(self, exchange: Exchange, among: str, id_: str) -> JsonObject:
        """Give the item of a list in an answer that has an id.

        Raises:
            CircumstanceError: when there is none.
        """
        wanted = self.performance.expected(id_)
        try:
            items = as_list(look_up(exchange.response.json(), among))
        except NothingThereError:
            items = ()
        item = next((each for each in map(as_object, items) if each.get("_id") == wanted), None)
        if item is None:
            raise self._inconclusive(f"{exchange.purpose}: {wanted} is not among {len(items)}")
        return as_object(escape_all(item))

    def value(self, exchange: Exchange, at: str) -> Json:
        """Give what stands at a place of an answer.

        Raises:
            CircumstanceError: when there is no such place.
        """
        try:
            return escape_all(look_up(exchange.response.json(), at))
        except NothingThereError as problem:
            raise self._inconclusive(f"{exchange.purpose}: nothing at {at}") from problem

    def _inconclusive(self, why: str) -> CircumstanceError:
        self.performance.inconclusive(why)
        return CircumstanceError(why)

    def compares(
        self, before: Exchange, after: Exchange, *, at: str = "", but: tuple[str, ...] = (), proves: str = ""
    ) -> Self:
        """Put two readings side by side, which must be the same but for some keys."""
        claim = self._cause(proves)
        self._pairs.append(Pair(claim=claim, before=before, after=after, at=at, but=frozenset(but)))
        return self

    @property
    def last(self) -> Exchange:
        """The exchange that was made last.

        Raises:
            CircumstanceError: when there was none yet.
        """
        if self._last is None:
            raise CircumstanceError("nothing was done yet")
        return self._last

    def keeps(self, *checks: str) -> None:
        """Judge by checks; raises BrokenPromiseError with every finding."""
        evidence = Evidence(
            contract=self.performance.contract,
            claims=self.performance.claims,
            exchange=self.last,
            sights=tuple(self.sights),
            pairs=tuple(self._pairs),
        )
        Reply(performance=self.performance, evidence=evidence).keeps(*checks)

    def played(self, step: Step, purpose: str) -> Answer:
        """Send the request of a step.

        Raises:
            CircumstanceError: when a right is missing, or the limit of requests is reached.
            NotApplicableError: when the edition or a setting is otherwise than needed, and may not be changed.
        """
        self._set()
        performance = self.performance
        answer = performance.guarded(lambda: refuse_missing_right(performance.scene.play(step, purpose), step.actor))
        self._last = answer.exchange
        if step.operation == str(performance.contract.key) and succeeded(answer):
            performance.accepted = True
        return answer

    def _set(self) -> None:
        """See once that the edition and the settings are as the story needs them; raises NotApplicableError."""
        if not self._is_set:
            self._is_set = True
            self.performance.meet(self.needs)

    def _cause(self, proves: str) -> ClaimId:
        return self.causes[proves or self.claims[0].subject]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that somebody asks, and looks through the answer for what must be there, or must not.

    `cause` is the claim of the operation whose effect is looked for, `reader` that of the operation that is asked.
    """

    story: Story
    step: Step
    cause: ClaimId
    reader: ClaimId | None

    def sees(
        self, like: Json, *, at: str = "", among: str = "", named: tuple[str, ...] = (), absent: tuple[str, ...] = ()
    ) -> Self:
        """Look for what must be seen: at a place of the answer, or among the items of a list in it."""
        sought = self._sought(like, at or among)
        self._look(lambda exchange: replace(sought(exchange), among=bool(among), named=named, absent=absent))
        return self

    def misses(self, like: Json, *, at: str = "", among: str = "") -> Self:
        """Look for what must not be seen: at a place of the answer, or among the items of a list in it.

        Raises:
            CircumstanceError: when the answer is no success, and so shows nothing at all.
        """
        sought = self._sought(like, at or among)
        answer = self._look(lambda exchange: replace(sought(exchange), among=bool(among), hidden=True))
        self.story.performance.guarded(lambda: demand(answer, self.step.operation))
        return self

    def is_refused(self) -> Self:
        """Ask for what must be gone."""
        sought = self._sought({"success": True}, "")
        self._look(lambda exchange: replace(sought(exchange), hidden=True))
        return self

    def _look(self, seen: Callable[[Exchange], Sight]) -> Answer:
        for _ in range(MOST_LOOKS):
            answer = self.story.played(self.step, f"{self.step.actor} looks at {self.step.operation}")
            sight = seen(answer.exchange)
            if is_as_promised(sight):
                break
        self.story.sights.append(sight)
        return answer

    def _sought(self, like: Json, at: str) -> Callable[[Exchange], Sight]:
        expected = self.story.performance.expected(like)
        return lambda exchange: Sight(cause=self.cause, reader=self.reader, exchange=exchange, at=at, like=expected)
