"""JSON is read, and values are written, as the engine under a server does."""

import json
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.mock.engine import as_text, escaped, number_as_text, read_json

HALF = "\ud800"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.0", 1),
        ("-0", 0),
        ("1e3", 1000),
        ("9007199254740993", 9007199254740992),
        ("1e999", inf),
        ("9" * 5000, inf),
        ("0.5", 0.5),
        ("[1.0]", [1]),
    ],
)
def test_every_number_is_a_double_and_a_whole_one_is_whole(text: str, value: object) -> None:
    read = read_json(text)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", '{"a": NaN}', "", "{'a': 1}", "01", "[1,]"])
def test_what_the_engine_refuses_is_no_json(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (whatever it says)
        read_json(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        (-1.5, "-1.5"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (1e-7, "1e-7"),
        (0.000001, "0.000001"),
        (1.25e-10, "1.25e-10"),
        (123456789012345680000.0, "123456789012345680000"),
        (inf, "Infinity"),
        (-inf, "-Infinity"),
        (nan, "NaN"),
    ],
)
def test_numbers_are_printed_as_the_engine_prints_them(value: float, text: str) -> None:
    assert number_as_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_printed_number_reads_back(value: float) -> None:
    assert float(number_as_text(value)) == value


def test_other_values_are_written_into_texts_as_the_engine_does() -> None:
    assert as_text([1, None, ["a", True], {"b": 2}]) == "1,,a,true,[object Object]"
    assert as_text(None) == "null"
    assert as_text("text") == "text"


@given(st.text(alphabet=st.characters(categories=["Cs", "L", "P"])))
def test_half_a_pair_is_escaped_and_reads_back(text: str) -> None:
    printed = escaped(json.dumps(text, ensure_ascii=False))
    assert json.loads(printed.encode()) == json.loads(json.dumps(text))
