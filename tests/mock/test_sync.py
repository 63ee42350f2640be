from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from preflight.mock import sync
from preflight.mock.clock import EPOCH

MOMENTS = st.sets(st.integers(min_value=1, max_value=10_000), max_size=20)


def changed(milliseconds: set[int]) -> list[sync.Document]:
    return [{"_id": str(at), "_updatedAt": EPOCH + timedelta(milliseconds=at)} for at in milliseconds]


@given(MOMENTS, st.integers(min_value=1, max_value=7))
def test_the_next_cursors_lead_through_all_changes_once(moments: set[int], count: int) -> None:
    seen, cursor = [], None
    for _ in range(len(moments) + 1):
        page = sync.page(changed(moments), "_updatedAt", count=count, after=cursor)
        seen += [int(item["_id"]) for item in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == sorted(moments)


@given(MOMENTS, st.integers(min_value=1, max_value=7))
def test_the_previous_cursors_lead_back(moments: set[int], count: int) -> None:
    seen, cursor = [], str(20_000)
    for _ in range(len(moments) + 1):
        page = sync.page(changed(moments), "_updatedAt", count=count, before=cursor)
        seen += [int(item["_id"]) for item in page.items]
        if page.previous is None:
            break
        cursor = page.previous
    assert seen == sorted(moments, reverse=True)


def test_a_first_page_that_is_all_has_a_cursor_to_wait_at() -> None:
    page = sync.page(changed({5}), "_updatedAt", count=2)
    assert page.cursor == {"next": "5", "previous": "5"}


def test_a_cursor_that_is_no_time_stands_before_everything() -> None:
    assert len(sync.page(changed({1, 2}), "_updatedAt", count=9, after="soon").items) == 2
