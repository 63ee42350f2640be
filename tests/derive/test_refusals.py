from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.derive.facts import Content, Example
from preflight.derive.refusals import refusals, slug_of


def listed(*bodies: Any) -> list[tuple[str, Any]]:
    content = Content(examples=tuple(Example(name=str(number), value=body) for number, body in enumerate(bodies)))
    return [(one["id"], one["body"]) for one in refusals([content])]


def test_the_error_type_names_a_refusal_where_it_is_a_code() -> None:
    body = {"success": False, "error": "No kettle [error-no-kettle]", "errorType": "error-no-kettle"}
    assert listed({**body, "stack": "words"}) == [("error-no-kettle", body)]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"error": 'The "lid" is missing.'}, "the-lid-is-missing"),
        ({"error": "[The lid is missing.]", "errorType": "The lid is missing."}, "the-lid-is-missing"),
        ({"status": "error", "message": "Log in."}, "log-in"),
        ({"success": False}, "empty"),
    ],
)
def test_else_the_words_name_it(body: dict[str, Any], name: str) -> None:
    assert listed(body) == [(name, body)]


def test_two_refusals_with_one_code_are_told_apart_by_their_words() -> None:
    one = {"error": "No lid [bad]", "errorType": "bad"}
    two = {"error": "No spout [bad]", "errorType": "bad"}
    assert listed(one, two) == [("bad~no-lid", one), ("bad~no-spout", two)]
    assert listed(two, one) == listed(one, two)


def test_the_same_refusal_counts_once() -> None:
    body = {"error": "No lid"}
    assert listed(body, body) == [("no-lid", body)]


def test_refusals_with_the_same_words_are_numbered() -> None:
    one = {"error": "No lid", "details": {"a": 1}}
    two = {"error": "No lid", "details": {"a": 2}}
    assert listed(one, two) == [("no-lid~no-lid", one), ("no-lid~no-lid~2", two)]


@given(st.text(max_size=200))
def test_a_slug_is_short_and_plain(text: str) -> None:
    slug = slug_of(text)
    assert len(slug) <= 60
    assert all(character.isascii() and (character.isalnum() or character == "-") for character in slug)
