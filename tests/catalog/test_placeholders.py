"""Placeholders: what is found, what takes their place, and braces that are meant as braces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.catalog import placeholders
from preflight.catalog.placeholders import Name, PlaceholderError
from preflight.model.json import Json

WORD = st.from_regex(r"[a-z][a-z0-9]{0,4}", fullmatch=True)
NAME = st.lists(WORD, min_size=2, max_size=4).map(".".join)
TEXT = st.text(max_size=12)
VALUES: dict[str, Json] = {"alice.id": "A1", "room.size": 3, "room.flag": True, "room.users": ["a"], "a.b": "{a.b}"}


@given(st.text(st.characters(exclude_characters="{}")))
def test_text_without_braces_is_unchanged(text: str) -> None:
    assert placeholders.resolve(text, VALUES.__getitem__) == text
    assert placeholders.names(text) == ()


@given(TEXT)
def test_escaped_text_comes_back(text: str) -> None:
    assert placeholders.resolve(placeholders.escape(text), VALUES.__getitem__) == text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | TEXT,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
        max_leaves=8,
    )
)
def test_an_escaped_value_comes_back(value: Json) -> None:
    assert placeholders.resolve(placeholders.escape_all(value), VALUES.__getitem__) == value


@given(st.lists(st.tuples(TEXT, NAME), max_size=4))
def test_every_name_is_found_in_its_order(parts: list[tuple[str, str]]) -> None:
    template = "".join(f"{placeholders.escape(text)}{{{name}}}" for text, name in parts)
    assert placeholders.names(template) == tuple(name for _, name in parts)


@given(st.lists(st.tuples(TEXT, NAME), min_size=2, max_size=4))
def test_values_stand_between_the_text(parts: list[tuple[str, str]]) -> None:
    template = "".join(f"{placeholders.escape(text)}{{{name}}}" for text, name in parts)
    resolved = placeholders.resolve_text(template, lambda name: f"<{name}>")
    assert resolved == "".join(f"{text}<{name}>" for text, name in parts)


def test_a_string_that_is_one_placeholder_takes_the_value_with_its_type() -> None:
    template: Json = {"n": "{room.size}", "f": "{room.flag}", "u": ["{room.users}"], "t": "{alice.id}"}
    assert placeholders.resolve(template, VALUES.__getitem__) == {"n": 3, "f": True, "u": [["a"]], "t": "A1"}


def test_within_a_text_values_are_written_out() -> None:
    assert placeholders.resolve("{room.size} of {room.flag}", VALUES.__getitem__) == "3 of true"


def test_values_are_not_resolved_again() -> None:
    assert placeholders.resolve("{a.b} {a.b}", VALUES.__getitem__) == "{a.b} {a.b}"


def test_keys_and_other_values_are_left_alone() -> None:
    template: Json = {"{alice.id}": [1, None, 2.5, False]}
    assert placeholders.resolve(template, VALUES.__getitem__) == template
    assert placeholders.names(template) == ()


def test_doubled_braces_beside_a_placeholder() -> None:
    assert placeholders.parse("{{{alice.id}}}") == ("{", Name("alice.id"), "}")


@pytest.mark.parametrize("text", ["{", "}", "{}", "{alice}", "{alice.}", "a } b", '{"name": 1}', "{alice.id", "{1.a}"])
def test_a_stray_brace_is_told(text: str) -> None:
    with pytest.raises(PlaceholderError, match="double a brace"):
        placeholders.parse(text)
