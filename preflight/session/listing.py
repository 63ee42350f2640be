"""Listings: one list asked for in many ways, whose answers must agree with each other whatever stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from preflight.catalog.cases import Needs
from preflight.catalog.lists import Cursor, List, Window
from preflight.catalog.steps import Step
from preflight.checks.evidence import Evidence, Page
from preflight.checks.judge import judge
from preflight.checks.relations import WHOLE, items_of
from preflight.model.claim import ClaimId
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.pointer import NothingThereError, look_up
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
    _query: JsonObject | None = None  # what is asked in place of the query that is known
    _pages: list[Page] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.performance.aims += self.claims

    def asks_for_everything(self) -> Self:
        """Ask for as much as servers give at once."""
        self._prepare()
        self._whole = self._asked({"count": WHOLE})
        self._must_hold_something()
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

    def asks_from_cursor_to_cursor(self) -> Self:
        """Ask for everything from one cursor on, and again in pages, each from where the one before it ended."""
        cursor = self.known.cursor or Cursor(query={}, at="", parameter="")
        self._prepare()
        self._query = cursor.query
        self._whole = self._asked({"count": WHOLE})
        self._must_hold_something()
        size = max(len(items_of(self._whole)) // MOST_ITEMS, 2)
        after: JsonObject = {}
        for number in range(MOST_ITEMS):
            page = self._asked({"count": size, **after})
            self._pages.append(replace(page, offset=number * size))
            next_ = self._next(page, cursor)
            if not next_:
                break
            after = {cursor.parameter: next_}
        return self

    def _next(self, page: Page, cursor: Cursor) -> Json:
        """Give the cursor of the next page; None where the answer names none."""
        try:
            return look_up(page.exchange.response.json(), cursor.at)
        except NothingThereError:
            return None

    def asks_in_every_order(self) -> Self:
        """Ask for the list rising and falling by each field by which it can be, where the release takes an order."""
        for by, direction in self.known.order.items():
            self._pages.append(replace(self._asked({"count": WHOLE}), by=by, direction=direction))
        for by in self.known.sort if self._takes("sort") else ():
            for direction in (1, -1):
                page = self._asked({"count": WHOLE, "sort": {by: direction}})
                self._pages.append(replace(page, by=by, direction=direction))
        return self

    def asks_with_every_filter(self) -> Self:
        """Ask with each filter that the release takes."""
        for each in self.known.filters:
            if all(map(self._takes, each.query)):
                holds = self.performance.expected(list(each.holds))
                page = self._asked({"count": WHOLE, **each.query}, each.actor)
                within = each.actor == self.known.actor
                self._pages.append(replace(page, holds=frozenset(map(str, as_list(holds))), within=within))
        return self

    def asks_for_all_times(self) -> Self:
        """Ask for everything that has a time."""
        self._prepare()
        self._whole = self._asked({})
        self._must_hold_something()
        return self

    def asks_for_some_times(self) -> Self:
        """Ask for what was after each of some moments, and before them where the list can be asked that."""
        window = self.known.window or Window(since="", stamp="")
        moments = sorted({str(as_object(item).get(window.stamp)) for item in items_of(self._everything)})
        for moment in dict.fromkeys((moments[0], moments[len(moments) // 2], moments[-1])):
            self._asks_from(window, moment)
        if window.until:
            self._asks_until(window, moments)
        return self

    def _asks_from(self, window: Window, moment: str) -> None:
        page = self._asked({window.since: moment})
        exactly = False if window.inclusive else None
        self._pages.append(replace(page, stamp=window.stamp, since=moment, inclusive=exactly))

    def _asks_until(self, window: Window, moments: Sequence[str]) -> None:
        first, last = moments[len(moments) // 4], moments[-(len(moments) // 4) - 1]
        for inclusive in (False, True):
            asked = {window.since: first, window.until: last, window.inclusive: str(inclusive).lower()}
            page = replace(self._asked(asked), stamp=window.stamp, since=first, until=last, inclusive=inclusive)
            self._pages.append(page)

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
        asked: JsonObject = {} if self._everything.count is None else {"count": self._everything.count}
        return items_of(self._asked(asked)) != items_of(self._everything)

    def _prepare(self) -> None:
        performance = self.performance
        performance.meet(Needs(settings=self.known.settings))
        performance.guarded(lambda: performance.scene.resolve(list(self.known.things)))

    def _must_hold_something(self) -> None:
        if not items_of(self._everything):
            why = f"{self.known.operation} lists nothing, so that nothing can be told of it"
            self.performance.inconclusive(why)
            raise CircumstanceError(why)

    def _takes(self, parameter: str) -> bool:
        """Whether the release knows a parameter."""
        subject = f"query.{parameter.removesuffix('[]')}"
        return any(each.subject == subject for each in self.performance.contract.parameters)

    @property
    def _everything(self) -> Page:
        if self._whole is None:
            raise CircumstanceError("nothing was asked for yet")
        return self._whole

    def _asked(self, more: JsonObject, actor: str = "") -> Page:
        performance, known = self.performance, self.known
        operation = str(known.operation)
        step = Step(
            actor=actor or known.actor,
            operation=operation,
            query={**(known.query if self._query is None else self._query), **more},
        )
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
