from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from preflight.mock import ejson
from preflight.mock.clock import EPOCH

DATES = some.integers(min_value=-(10**12), max_value=10**13).map(lambda ms: EPOCH + timedelta(milliseconds=ms))
EXACT = some.integers(min_value=-(2**53), max_value=2**53)
PLAIN = some.none() | some.booleans() | EXACT | some.floats(allow_nan=False) | some.text()
KEYS = some.text() | some.sampled_from(["$date", "$escape", "$InfNaN"])
VALUES = some.recursive(PLAIN | DATES, lambda inner: some.lists(inner) | some.dictionaries(KEYS, inner), max_leaves=12)


@given(VALUES)
def test_what_is_printed_reads_back(value: object) -> None:
    assert ejson.decode(ejson.encode(value)) == value


def test_a_date_is_an_object_with_its_milliseconds() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    assert ejson.encode({"ts": moment}) == '{"ts":{"$date":1767323045678}}'


@pytest.mark.parametrize("given", ['"no date"', "null", "[]", "1e400", "{}", "99999999999999999999"])
def test_a_date_that_is_none_is_the_beginning_of_time(given: str) -> None:
    assert ejson.decode(f'{{"$date": {given}}}') == EPOCH


def test_a_text_that_is_no_json_is_refused() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        ejson.decode("hello")


@pytest.mark.parametrize("text", ["NaN", '{"a": Infinity}', '{"$date": -Infinity}'])
def test_a_number_that_json_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"NaN|Infinity"):
        ejson.decode(text)


def test_what_is_beyond_all_bounds_is_an_object_with_its_sign() -> None:
    assert ejson.encode([float("inf"), float("-inf"), float("nan")]) == '[{"$InfNaN":1},{"$InfNaN":-1},{"$InfNaN":0}]'
    assert ejson.decode('{"$InfNaN":-1}') == float("-inf")
    assert ejson.decode('{"$InfNaN":"x"}') != ejson.decode('{"$InfNaN":"x"}')  # no number at all


def test_half_a_surrogate_pair_is_printed_as_its_escape() -> None:
    assert ejson.encode("\ud800") == '"\\ud800"'
