"""Checks of relations: what holds between several answers of one operation, whatever the data.

Pages are parts of the whole list, an order is one, what a filter keeps is in the list, what changed is told once.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from preflight.checks.behaviour import pairs_by_claim, parted
from preflight.checks.changes import changes
from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgements, Page, judged
from preflight.checks.show import show
from preflight.model.claim import ClaimKind
from preflight.model.json import Json, as_list, as_object
from preflight.model.pointer import NothingThereError, look_up, pointer

WHOLE = 100  # what servers give at most, unless they are told otherwise


@check("relation.pages-join", "Pages of any size MUST join to the whole list, without repeats and without losses.")
def relation_pages_join(evidence: Evidence) -> Judgements:
    """Judge each page by the part of the whole that it is."""
    return _by_any_name(evidence, "pages.join", _torn)


@check("relation.count", "A page MUST hold no more than was asked for, and say how many it holds and where it begins.")
def relation_count(evidence: Evidence) -> Judgements:
    """Judge the number of items of each page, and what the answer says of count and offset."""
    yield from judged(evidence.claim(ClaimKind.BEHAVIOUR, "pages.count"), _first(_miscounted(evidence)))


@check("relation.total", "The total MUST be the number of all items, the same on every page.")
def relation_total(evidence: Evidence) -> Judgements:
    """Judge the total of each page by the whole."""
    yield from judged(evidence.claim(ClaimKind.BEHAVIOUR, "pages.total"), _first(_wrong_totals(evidence)))


@check("relation.sorted", "A list MUST be in the order that was asked for, and in its own where none was.")
def relation_sorted(evidence: Evidence) -> Judgements:
    """Judge the order of the items, and that none is lost by it."""
    if any(page.by for page in evidence.pages):
        yield from judged(evidence.claim(ClaimKind.BEHAVIOUR, "sorted"), _first(_disordered(evidence)))


@check("relation.subset", "What a filter keeps MUST be a part of the list: all that fits, and nothing else.")
def relation_subset(evidence: Evidence) -> Judgements:
    """Judge filtered items by what is known of the list; newer filters are promised by names of their own."""
    if any(page.holds is not None for page in evidence.pages):
        yield from _by_any_name(evidence, "filtered", _unfiltered)


@check(
    "relation.window", "What is asked for by its time MUST be told once, and neither be lost nor come from elsewhere."
)
def relation_window(evidence: Evidence) -> Judgements:
    """Judge the items of windows by the times of all items."""
    if any(page.stamp for page in evidence.pages):
        yield from judged(evidence.claim(ClaimKind.BEHAVIOUR, "window"), _first(_outside(evidence)))


@check("relation.same", "Two ways to name the same thing MUST give the same answer.")
def relation_same(evidence: Evidence) -> Judgements:
    """Judge answers side by side."""
    return _pairs(evidence, "the same: ")


@check("relation.idempotent", "Doing again what was done already MUST change nothing.")
def relation_idempotent(evidence: Evidence) -> Judgements:
    """Judge things that were read before and after the repetition."""
    return _pairs(evidence, "unchanged: ")


def _by_any_name(evidence: Evidence, subject: str, wrong: Callable[[Evidence], Iterator[Deviation]]) -> Judgements:
    """Judge the claims of an operation that have a subject, or one that begins with it: newer ones have their own."""
    for claim in evidence.claims:
        if claim.operation == evidence.contract.key and f"{claim.subject}.".startswith(f"{subject}."):
            yield from judged(claim, _first(wrong(evidence)))


def items_of(page: Page) -> Sequence[Json]:
    """Give the items of a page; none where the answer has no such list."""
    try:
        return as_list(look_up(_body(page), page.at))
    except NothingThereError:
        return ()


def _torn(evidence: Evidence) -> Iterator[Deviation]:
    if evidence.whole is None:
        return
    whole = items_of(evidence.whole)
    for page in evidence.pages:
        items = items_of(page)
        # Asked for none in particular, a server gives what it gives at most.
        wanted = whole[page.offset : page.offset + (page.count or len(items) or WHOLE)]
        for index, item in enumerate(wanted):
            yield from _unlike_the_whole(page, items, index, item)
        # More than was asked for is another matter: only what is not in the whole list is told here.
        if len(wanted) < len(items) <= (page.count or len(items)):
            yield _deviation(page, "no more items", show(items[len(wanted)]), f"/{len(wanted)}")


def _unlike_the_whole(page: Page, items: Sequence[Json], index: int, item: Json) -> Iterator[Deviation]:
    if index >= len(items):
        yield _deviation(page, f"{_named(item)}, as in the whole list", "nothing", f"/{index}")
    elif _named(items[index]) != _named(item):
        yield _deviation(page, f"{_named(item)}, as in the whole list", _named(items[index]), f"/{index}")
    else:
        for change in changes(item, items[index]):
            promised = f"{show(change.before)}, as in the whole list"
            yield _deviation(page, promised, show(change.after), f"/{index}{pointer(change.where)}")


def _miscounted(evidence: Evidence) -> Iterator[Deviation]:
    for page in evidence.pages:
        number = len(items_of(page))
        if page.count and number > page.count:
            yield _deviation(page, f"{page.count} items at most", str(number), "")
        told = as_object(_body(page))
        for name, promised in (("count", number), ("offset", page.offset)):
            if told.get(name, promised) != promised:
                yield Deviation(
                    promised=str(promised), received=show(told[name]), where=f"/{name}", exchange=page.exchange
                )


def _wrong_totals(evidence: Evidence) -> Iterator[Deviation]:
    if evidence.whole is None:
        return
    number = len(items_of(evidence.whole))
    total = as_object(_body(evidence.whole)).get("total")
    promised: Json = number if number < WHOLE else total
    for page in (evidence.whole, *evidence.pages):
        told = as_object(_body(page)).get("total")
        if told != promised:
            yield Deviation(promised=show(promised), received=show(told), where="/total", exchange=page.exchange)


def _disordered(evidence: Evidence) -> Iterator[Deviation]:
    for page in (each for each in evidence.pages if each.by):
        items = items_of(page)
        for index, (one, other) in enumerate(pairwise(items), 1):
            if not _in_order(one, other, page):
                order = f"{'rising' if page.direction > 0 else 'falling'} by {page.by}"
                told = f"{show(_field(one, page.by))}, then {show(_field(other, page.by))}"
                yield _deviation(page, order, told, f"/{index}{pointer((page.by,))}")
        yield from _lost(evidence, page, items)


def _in_order(one: Json, other: Json, page: Page) -> bool:
    left, right = (_field(item, page.by) for item in (one, other)[:: page.direction])
    if isinstance(left, str) and isinstance(right, str):
        return left <= right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left <= right
    return left is None or left == right  # what has no value comes first, and nothing is known of other kinds


def _lost(evidence: Evidence, page: Page, items: Sequence[Json]) -> Iterator[Deviation]:
    """Give what of the whole list is not among the items; where the whole is not known to be all, nothing."""
    whole = items_of(evidence.whole) if evidence.whole else ()
    told = {_named(item) for item in items}
    for item in whole:
        if len(whole) < WHOLE and _named(item) not in told:
            yield _deviation(page, f"{_named(item)}, as in the whole list", f"not among {len(items)}", "")


def _unfiltered(evidence: Evidence) -> Iterator[Deviation]:
    whole = {_named(item) for item in items_of(evidence.whole)} if evidence.whole else set()
    for page in (each for each in evidence.pages if each.holds is not None):
        holds = {show(id_) for id_ in page.holds or ()}
        told = [_named(item) for item in items_of(page)]
        for index, name in enumerate(told):
            if name not in holds:
                yield _deviation(page, f"none but {_listed(holds)}", name, f"/{index}")
            if page.within and name not in whole:
                yield _deviation(page, "an item of the whole list", name, f"/{index}")
        for name in sorted(holds - {*told}):
            yield _deviation(page, name, f"not among {len(told)}", "")


def _outside(evidence: Evidence) -> Iterator[Deviation]:
    whole = items_of(evidence.whole) if evidence.whole else ()
    for page in (each for each in evidence.pages if each.stamp):
        told = Counter(_named(item) for item in items_of(page))
        for item in whole:
            moment, name = str(_field(item, page.stamp)), _named(item)
            wanted = _is_within(moment, page)
            if wanted and not told[name]:
                yield _deviation(page, f"{name} of {moment}", f"not among {told.total()}", "")
            if wanted is False and told[name]:
                yield _deviation(page, f"nothing of {moment}", name, "")
            if told[name] > 1:
                yield _deviation(page, f"{name} once", f"{told[name]} times", "")


def _is_within(moment: str, page: Page) -> bool | None:
    """Tell whether an item of a moment must be there; None where nothing is promised of that."""
    if moment in {page.since, page.until}:
        return page.inclusive
    # Times in ISO-8601 of one zone and precision are in the order of their letters.
    return page.since < moment and (not page.until or moment < page.until)


def _pairs(evidence: Evidence, told: str) -> Judgements:
    for claim, pairs in pairs_by_claim(evidence).items():
        yield from judged(claim, [found for pair in pairs for found in parted(pair, told)])


def _field(item: Json, name: str) -> Json:
    return as_object(item).get(name)


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


def _first(found: Iterator[Deviation]) -> list[Deviation]:
    """Keep the first of what is wrong: it has one cause, however often it shows."""
    first = next(found, None)
    return [] if first is None else [first]


def _deviation(page: Page, promised: str, received: str, where: str) -> Deviation:
    return Deviation(promised=promised, received=received, where=page.at + where, exchange=page.exchange)


def _named(item: Json) -> str:
    return show(item["_id"]) if isinstance(item, Mapping) and "_id" in item else show(item)


def _body(page: Page) -> Json:
    try:
        return page.exchange.response.json()
    except (ValueError, RecursionError):
        return None
