"""Checks of relations: pages against the whole list."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from preflight.checks.evidence import Evidence, Page
from preflight.model.claim import Claim, ClaimId
from preflight.model.exchange import Exchange, Request, Response
from preflight.model.json import Json
from tests.checks.miniature import KEY, evidence, findings

SUBJECTS = ("pages.join", "pages.count", "pages.total")
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
