"""Canonical JSON: one spelling for one value."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.certificate.canonical import read_object, spell
from preflight.errors import CertificateError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=4)


@given(OBJECTS)
def test_an_object_is_read_from_its_spelling(value: dict[str, object]) -> None:
    assert read_object(spell(value), "it") == value  # type: ignore[arg-type] # the strategy makes JSON


@given(OBJECTS, st.data())
def test_no_changed_byte_gives_the_same_object(value: dict[str, object], data: st.DataObject) -> None:
    whole = spell(value)  # type: ignore[arg-type] # the strategy makes JSON
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != whole[at]))
    changed = whole[:at] + bytes([byte]) + whole[at + 1 :]
    with contextlib.suppress(CertificateError):
        assert read_object(changed, "it") != value


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":1}', '{"b":1,"a":1}', '{"a": 1}', '{"a":1}\n', '{"a":1.0e0}', '{"a":"\\u0041"}', '{"a":NaN}']
)
def test_any_other_spelling_is_refused(text: str) -> None:
    json.loads(text)
    with pytest.raises(CertificateError):
        read_object(text.encode(), "it")
