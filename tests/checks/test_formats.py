"""Formats."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.checks.formats import FORMATS


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-14, 14))
def test_every_moment_that_is_printed_is_a_date_time(moment: datetime, hours: int) -> None:
    assert FORMATS.conforms(moment.isoformat(), "date-time")
    assert FORMATS.conforms(moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "date-time")
    elsewhere = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert FORMATS.conforms(elsewhere.isoformat(), "date-time")


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "1767323045678", "20260102T030405Z"],
)
def test_what_is_no_moment_is_no_date_time(text: str) -> None:
    assert not FORMATS.conforms(text, "date-time")


def test_a_number_is_no_matter_of_formats() -> None:
    assert FORMATS.conforms(12, "date-time")
