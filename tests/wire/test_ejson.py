"""EJSON: dates go from one spelling to the other and nothing else changes."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.model.json import Json
from preflight.wire import ejson

YEAR_1, YEAR_9999 = -62135596800000, 253402300799999
MOMENTS = st.integers(min_value=YEAR_1, max_value=YEAR_9999)
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
PLAIN = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5).filter(lambda key: key[:1] != "$"), inner)
    ),
    max_leaves=8,
)


@given(MOMENTS)
def test_every_moment_survives_both_ways(milliseconds: int) -> None:
    assert ejson.date(ejson.iso(milliseconds)) == {"$date": milliseconds}


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_written_as_rest_writes_it(moment: datetime) -> None:
    told = ejson.iso(int(str(ejson.date(moment.isoformat(timespec="milliseconds"))["$date"])))
    assert told == moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


@given(PLAIN)
def test_what_holds_no_date_stays_as_it_is(value: Json) -> None:
    assert ejson.to_iso(value) == value
    assert ejson.from_iso(value) == value


@given(st.lists(MOMENTS, max_size=4))
def test_dates_deep_in_a_value_survive_both_ways(moments: list[int]) -> None:
    value: Json = {"messages": [{"ts": {"$date": moment}, "u": {"_id": "a"}} for moment in moments]}
    written = ejson.to_iso(value)
    assert written == {"messages": [{"ts": ejson.iso(moment), "u": {"_id": "a"}} for moment in moments]}


def test_a_date_of_a_parameter_may_be_written_in_iso() -> None:
    value: Json = ["GENERAL", {"$date": "2026-11-22T05:20:00.125Z"}, "2026-11-22T05:20:00.125Z"]
    assert ejson.from_iso(value) == ["GENERAL", {"$date": 1795324800125}, "2026-11-22T05:20:00.125Z"]


@pytest.mark.parametrize(
    "value",
    [
        {"$date": "soon"},
        {"$date": 1.5},
        {"$date": True},
        {"$date": None},
        {"$date": YEAR_1 - 1},
        {"$date": YEAR_9999 + 1},
        {"$date": 10**30},
        {"$date": 1, "and": "more"},
        {"$escape": {"$date": 1}},
    ],
)
def test_what_only_looks_like_a_date_stays_as_it_is(value: Json) -> None:
    assert ejson.to_iso(value) == value


def test_within_an_escaped_object_dates_are_dates() -> None:
    assert ejson.to_iso({"$escape": {"$date": {"$date": 0}}}) == {"$escape": {"$date": "1970-01-01T00:00:00.000Z"}}


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T01:00:00.000+01:00", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("1970-01-01T00:00:00.0019Z", 1),
    ],
)
def test_a_moment_may_have_an_offset_and_is_cut_to_milliseconds(text: str, milliseconds: int) -> None:
    assert ejson.date(text) == {"$date": milliseconds}


@pytest.mark.parametrize(
    "text", ["", "2026-11-22", "2026-11-22T05:20:00", "2026-13-01T00:00:00Z", "2026-W47-7", "٢026-11-22T05:20:00Z"]
)
def test_a_bad_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no moment|month"):
        ejson.date(text)
    with pytest.raises(ValueError, match=r"no moment|month"):
        ejson.from_iso([{"$date": text}])
