"""Checks of relations: what holds between several answers of one operation, whatever the data.

Pages are parts of the whole list, an order is one, what a filter keeps is in the list, what changed is told once.
"""

from collections.abc import Iterator, Mapping, Sequence

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
    yield from judged(evidence.claim(ClaimKind.BEHAVIOUR, "pages.join"), _first(_torn(evidence)))


@check("relation.count", "A page MUST hold no more than was asked for, and say how many it holds and where it begins.")
def relation_count(evidence: Evidence) -> Judgements:
    """Judge the number of items of each page, and what the answer says of count and offset."""
    yield from judged(evidence.claim(ClaimKind.BEHAVIOUR, "pages.count"), _first(_miscounted(evidence)))


@check("relation.total", "The total MUST be the number of all items, the same on every page.")
def relation_total(evidence: Evidence) -> Judgements:
    """Judge the total of each page by the whole."""
    yield from judged(evidence.claim(ClaimKind.BEHAVIOUR, "pages.total"), _first(_wrong_totals(evidence)))


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
