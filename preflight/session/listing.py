"""Listings: one list asked for in many ways, whose answers must agree with each other whatever stands in it."""

from dataclasses import dataclass, field
from typing import Self

from preflight.catalog.lists import List
from preflight.catalog.steps import Step
from preflight.checks.evidence import Evidence, Page
from preflight.checks.judge import judge
from preflight.checks.relations import WHOLE, items_of
from preflight.model.claim import ClaimId
from preflight.model.json import JsonObject
from preflight.session.acts import Reply
from preflight.session.circumstances import CircumstanceError, demand, refuse_missing_right
from preflight.session.performance import Performance

# How much of a list is asked for in pages: each page is a request, and most limits allow ten a minute.
MOST_ITEMS = 5


@dataclass(kw_only=True)
class Listing:
    """A list of which everything is known, and the answers that were got by asking for it.

    Raises:
        CircumstanceError: from each of its questions, when the list is not to be had.
    """

    performance: Performance
    claims: tuple[ClaimId, ...]
    known: List
    _whole: Page | None = None
    _pages: list[Page] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.performance.aims += self.claims

    def asks_for_everything(self) -> Self:
        """Ask for as much as servers give at once."""
        performance = self.performance
        performance.meet(self.known.settings)
        performance.guarded(lambda: performance.scene.resolve(list(self.known.things)))
        self._whole = self._asked({"count": WHOLE})
        if not items_of(self._whole):
            why = f"{self.known.operation} lists nothing, so that nothing can be told of its pages"
            performance.inconclusive(why)
            raise CircumstanceError(why)
        return self

    def asks_for_pages_of(self, size: int) -> Self:
        """Ask for page after page, up to the end or as far as is enough."""
        for offset in range(0, min(len(items_of(self._everything)), MOST_ITEMS), size):
            self._pages.append(self._asked({"offset": offset, "count": size}))
        return self

    def asks_for_what_is_behind_the_end(self) -> Self:
        """Ask for a page that begins where the list ends, where its end is known."""
        number = len(items_of(self._everything))
        if number < WHOLE:
            self._pages.append(self._asked({"offset": number, "count": 2}))
        return self

    def asks_for_a_count_of_zero(self) -> Self:
        """Ask for no number in particular, of a list that is short enough to be given at once."""
        if len(items_of(self._everything)) < WHOLE:
            self._pages.append(self._asked({"offset": 0, "count": 0}))
        return self

    def keeps(self, *checks: str) -> None:
        """Judge by checks; raises BrokenPromiseError with every finding.

        Raises:
            CircumstanceError: when somebody else changed the list meanwhile.
        """
        performance = self.performance
        evidence = Evidence(
            contract=performance.contract,
            claims=performance.claims,
            exchange=self._everything.exchange,
            whole=self._whole,
            pages=tuple(self._pages),
        )
        if any(outcome.findings for outcome in judge(checks, evidence, performance.id)) and self._has_changed():
            why = f"what {self.known.operation} lists was changed meanwhile"
            performance.inconclusive(why)
            raise CircumstanceError(why)
        Reply(performance=performance, evidence=evidence).keeps(*checks)

    def _has_changed(self) -> bool:
        return items_of(self._asked({"count": WHOLE})) != items_of(self._everything)

    @property
    def _everything(self) -> Page:
        if self._whole is None:
            raise CircumstanceError("nothing was asked for yet")
        return self._whole

    def _asked(self, more: JsonObject, actor: str = "") -> Page:
        performance, known = self.performance, self.known
        operation = str(known.operation)
        step = Step(actor=actor or known.actor, operation=operation, query={**known.query, **more})
        answer = performance.guarded(
            lambda: refuse_missing_right(performance.scene.play(step, f"ask for {_told(more)}"), step.actor)
        )
        performance.guarded(lambda: demand(answer, operation))
        performance.accepted = True
        offset, count = more.get("offset", 0), more.get("count")
        return Page(
            exchange=answer.exchange,
            at=known.items,
            offset=offset if isinstance(offset, int) else 0,
            count=count if isinstance(count, int) else None,
        )


def _told(more: JsonObject) -> str:
    return ", ".join(f"{name} {value}" for name, value in more.items()) or "the list"
