from datetime import UTC, datetime
from typing import Any

import pytest

from preflight.mock.refusals import MeteorError
from preflight.mock.selection import Selection, parse_fields, parse_query, parse_sort


def test_the_last_key_sorts_among_equals() -> None:
    documents = [{"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 2}]
    ordered = Selection(sort={"a": 1, "b": -1}).ordered(documents)
    assert ordered == [{"a": 1, "b": 2}, {"a": 1, "b": 1}, {"a": 2, "b": 1}]


def test_documents_without_the_key_come_first() -> None:
    assert Selection(sort={"name": 1}).ordered([{"name": "x"}, {}]) == [{}, {"name": "x"}]


def test_values_of_different_types_can_be_sorted() -> None:
    values: list[dict[str, Any]] = [{"v": datetime(2026, 1, 1, tzinfo=UTC)}, {"v": "x"}, {"v": 3}, {"v": None}]
    assert [document["v"] for document in Selection(sort={"v": 1}).ordered(values)][:2] == [None, 3]


@pytest.mark.parametrize("raw", ['{"ts":"up"}', "{bad", '{"ts":2}', '{"ts":true}'])
def test_a_bad_sort_is_refused_with_what_was_sent(raw: str) -> None:
    with pytest.raises(MeteorError) as refused:
        parse_sort(raw)
    assert refused.value.text == f'Invalid sort parameter provided: "{raw}" [error-invalid-sort]'
    assert refused.value.details == {"helperMethod": "parseJsonQuery"}


def test_a_bad_fields_and_a_bad_query_are_refused() -> None:
    with pytest.raises(MeteorError, match="error-invalid-fields"):
        parse_fields('{"name":2}')
    with pytest.raises(MeteorError, match="error-invalid-query"):
        parse_query("{bad")


def test_operators_that_are_not_allowed_vanish() -> None:
    assert parse_query('{"$where":"1","a":{"$ne":1},"$or":[{"b":2}]}') == {"a": {}, "$or": [{"b": 2}]}


def test_a_query_looks_into_values_lists_and_patterns() -> None:
    documents = [{"_id": 1, "t": "d", "usernames": ["a", "b"]}, {"_id": 2, "t": "c", "name": "general"}]

    def found(**query: Any) -> list[int]:
        return [document["_id"] for document in Selection(query=query).matching(documents)]

    assert found(t="d") == [1]
    assert found(usernames="b") == [1]
    assert found(name={"$regex": "^gen"}) == [2]
    assert found(**{"$or": [{"t": "d"}, {"t": "c"}]}) == [1, 2]


def test_fields_choose_or_leave_out_and_never_show_secrets() -> None:
    document = {"_id": 1, "name": "x", "t": "c", "joinCode": "secret"}
    assert Selection(fields={"name": 1}).shown(document) == {"_id": 1, "name": "x"}
    assert Selection(fields={"name": 0}).shown(document) == {"_id": 1, "t": "c"}
    assert Selection(fields={"joinCode": 1}).shown(document) == {"_id": 1}
