"""Checks of relations: pages, orders, filters and windows against the whole list, and answers against each other."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from preflight.checks.evidence import Evidence, Page, Pair
from preflight.checks.judge import judge
from preflight.model.claim import Claim, ClaimId
from preflight.model.exchange import Exchange, Request, Response
from preflight.model.json import Json
from tests.checks.miniature import KEY, evidence, findings

SUBJECTS = ("pages.join", "pages.count", "pages.total", "sorted", "filtered", "filtered.newer", "window", "same.room")
ITEMS: Sequence[Json] = [{"_id": letter, "msg": f"the {letter}"} for letter in "abcde"]


def exchange(body: Json) -> Exchange:
    return Exchange(
        id="x2",
        actor="bob",
        purpose="ask for a page",
        request=Request(method="GET", url="http://chat.example/api/v1/list"),
        response=Response(status=200, body=json.dumps(body)),
    )


def page(items: Sequence[Json], at: int = 0, asked: int | None = None, **told: Json) -> Page:
    body: Mapping[str, Json] = {"items": items, "count": len(items), "offset": at, "total": 5, **told}
    return Page(exchange=exchange(body), at="/items", offset=at, count=asked)


def listed(*pages: Page, whole: Sequence[Json] = ITEMS) -> Evidence:
    ids = [ClaimId.parse(f"{KEY}#behaviour:{subject}") for subject in SUBJECTS]
    claims = {id_: Claim(id=id_, promise="pages join", page="https://docs.example") for id_ in ids}
    return replace(evidence(200, {"success": True}), claims=claims, whole=page(whole, asked=100), pages=pages)


def honest() -> list[Page]:
    return [
        *(page(ITEMS[offset : offset + 2], offset, 2) for offset in (0, 2, 4)),
        page([], 5, 2),
        page(ITEMS, 0, 0),
    ]


@pytest.mark.parametrize("check", ["relation.pages-join", "relation.count", "relation.total"])
def test_honest_pages_keep_every_promise(check: str) -> None:
    assert findings(check, listed(*honest())) == []


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (page(ITEMS[1:3], 2, 2), ('"c", as in the whole list', '"b"', "/items/0")),
        (page(ITEMS[2:3], 2, 2), ('"d", as in the whole list', "nothing", "/items/1")),
        (page(ITEMS[:2], 5, 2), ("no more items", '{"_id": "a", "msg": "the a"}', "/items/0")),
        (page([], 0, 0), ('"a", as in the whole list', "nothing", "/items/0")),
        (
            page([{"_id": "c", "msg": None}, ITEMS[3]], 2, 2),
            ('"the c", as in the whole list', "null", "/items/0/msg"),
        ),
    ],
)
def test_a_page_that_is_no_part_of_the_whole_is_found(wrong: Page, found: tuple[str, str, str]) -> None:
    assert findings("relation.pages-join", listed(*honest(), wrong)) == [found]


def test_a_page_that_is_too_long_is_a_matter_of_its_count_alone() -> None:
    judged = listed(page(ITEMS[:3], 0, 2))
    assert findings("relation.pages-join", judged) == []
    assert findings("relation.count", judged) == [("2 items at most", "3", "/items")]


def test_count_and_offset_are_those_of_the_page_where_they_are_told() -> None:
    assert findings("relation.count", listed(page(ITEMS[4:], 4, 2, count=2))) == [("1", "2", "/count")]
    assert findings("relation.count", listed(page(ITEMS[:2], 2, 2, offset=0))) == [("2", "0", "/offset")]
    silent = Page(exchange=exchange({"items": ITEMS[:2]}), at="/items", count=2)
    assert findings("relation.count", listed(silent)) == []


def test_the_total_is_the_number_of_all_items_on_every_page() -> None:
    assert findings("relation.total", listed(page(ITEMS[:2], 0, 2, total=4))) == [("5", "4", "/total")]
    assert findings("relation.total", listed(whole=ITEMS[:4])) == [("4", "5", "/total")]


def test_a_long_list_is_judged_by_its_own_total() -> None:
    many: Sequence[Json] = [{"_id": str(number)} for number in range(100)]
    judged = replace(listed(page(many[:2], 0, 2, total=250)), whole=page(many, asked=100, total=250))
    assert findings("relation.total", judged) == []


def test_only_the_first_of_what_is_wrong_is_told() -> None:
    assert len(findings("relation.pages-join", listed(page(ITEMS[2:4], 0, 2), page(ITEMS[:2], 2, 2)))) == 1


def judged_subjects(check: str, judged: Evidence) -> dict[str, bool]:
    return {one.claim.subject: bool(one.findings) for one in judge([check], judged, "case")}


def ordered(*values: Json, direction: int = 1, whole: Sequence[Json] | None = None) -> Evidence:
    items: Sequence[Json] = [{"_id": str(number), "ts": value} for number, value in enumerate(values)]
    return listed(replace(page(items), by="ts", direction=direction), whole=items if whole is None else whole)


def test_a_list_rises_or_falls_as_it_was_asked_to() -> None:
    assert findings("relation.sorted", ordered(1, 2, 2, 3)) == []
    assert findings("relation.sorted", ordered("c", "b", "a", direction=-1)) == []
    assert findings("relation.sorted", ordered(None, 1, 2)) == []
    assert findings("relation.sorted", ordered(1, 2, 4, 3)) == [("rising by ts", "4, then 3", "/items/3/ts")]
    assert findings("relation.sorted", ordered("a", "b", direction=-1)) == [
        ("falling by ts", '"a", then "b"', "/items/1/ts")
    ]
    assert findings("relation.sorted", ordered(1, None)) == [("rising by ts", "1, then null", "/items/1/ts")]


def test_an_order_loses_nothing() -> None:
    judged = ordered(1, 2, whole=[{"_id": "0"}, {"_id": "1"}, {"_id": "2"}])
    assert findings("relation.sorted", judged) == [('"2", as in the whole list', "not among 2", "/items")]


def filtered(*ids: str, holds: Sequence[str], within: bool = True) -> Evidence:
    items: Sequence[Json] = [{"_id": letter} for letter in ids]
    judged = listed(replace(page(items), holds=frozenset(holds), within=within))
    return replace(judged, claims={id_: claim for id_, claim in judged.claims.items() if id_.subject == "filtered"})


def test_a_filter_keeps_what_fits_and_nothing_else() -> None:
    assert findings("relation.subset", filtered("a", "c", holds="ca")) == []
    assert findings("relation.subset", filtered("a", "b", holds="a")) == [('none but "a"', '"b"', "/items/1")]
    assert findings("relation.subset", filtered("a", holds="ab")) == [('"b"', "not among 1", "/items")]
    assert findings("relation.subset", filtered("a", holds="")) == [("none but nothing", '"a"', "/items/0")]
    assert findings("relation.subset", filtered("x", holds="x")) == [("an item of the whole list", '"x"', "/items/0")]
    assert findings("relation.subset", filtered("x", holds="x", within=False)) == []


def test_a_filter_is_judged_by_whatever_name_it_is_promised() -> None:
    judged = listed(replace(page(ITEMS), holds=frozenset("abcde")))
    assert judged_subjects("relation.subset", judged) == {"filtered": False, "filtered.newer": False}


DATED: Sequence[Json] = [{"_id": letter, "at": f"2026-01-01T00:00:0{letter}.000Z"} for letter in "1234"]


def window(ids: str, since: str, until: str = "", *, inclusive: bool | None = None) -> list[tuple[str, str, str]]:
    items: Sequence[Json] = [{"_id": letter} for letter in ids]
    asked = replace(
        page(items),
        stamp="at",
        since=f"2026-01-01T00:00:0{since}.000Z",
        until=f"2026-01-01T00:00:0{until}.000Z" if until else "",
        inclusive=inclusive,
    )
    return findings("relation.window", listed(asked, whole=DATED))


def test_a_window_tells_what_was_after_a_moment_once() -> None:
    assert window("34", "2") == []
    assert window("234", "2") == []  # nothing is promised of the moment itself
    assert window("4", "2") == [('"3" of 2026-01-01T00:00:03.000Z', "not among 1", "/items")]
    assert window("134", "2") == [("nothing of 2026-01-01T00:00:01.000Z", '"1"', "/items")]
    assert window("344", "2") == [('"4" once', "2 times", "/items")]


def test_the_moments_of_a_window_count_where_that_is_asked_for() -> None:
    assert window("234", "2", "4", inclusive=True) == []
    assert window("3", "2", "4", inclusive=False) == []
    assert window("3", "2", "4", inclusive=True) == [('"2" of 2026-01-01T00:00:02.000Z', "not among 1", "/items")]
    assert window("23", "2", "4", inclusive=False) == [("nothing of 2026-01-01T00:00:02.000Z", '"2"', "/items")]


@pytest.mark.parametrize("check", ["relation.sorted", "relation.subset", "relation.window"])
def test_nothing_is_judged_of_what_was_not_asked(check: str) -> None:
    assert judged_subjects(check, listed(*honest())) == {}


@pytest.mark.parametrize(("check", "told"), [("relation.same", "the same: "), ("relation.idempotent", "unchanged: ")])
def test_two_readings_are_the_same_but_for_what_may_differ(check: str, told: str) -> None:
    before, after = exchange({"room": {"name": "a", "msgs": 1}}), exchange({"room": {"name": "a", "msgs": 2}})
    claim = ClaimId.parse(f"{KEY}#behaviour:same.room")
    pair = Pair(claim=claim, before=before, after=after, at="/room")
    assert findings(check, replace(listed(), pairs=(pair,))) == [(f"{told}1", "2", "/room/msgs")]
    alike = replace(pair, but=frozenset({"msgs"}))
    assert judged_subjects(check, replace(listed(), pairs=(alike,))) == {"same.room": False}
