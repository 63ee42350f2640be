from datetime import UTC, datetime
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from preflight.mock.clock import Clock, at_milliseconds, iso, milliseconds
from preflight.mock.ids import Ids
from preflight.mock.validation import parse_date

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


def test_two_writes_never_share_a_time() -> None:
    clock = Clock(lambda: NOON)
    times = [clock.now() for _ in range(3)]
    assert times == sorted(set(times))


def test_reading_the_clock_takes_no_time() -> None:
    clock = Clock(lambda: NOON)
    assert clock.read() == clock.read() == NOON.replace(microsecond=123000)


@given(st.integers(min_value=0, max_value=4_000_000_000_000))
def test_a_time_that_is_printed_can_be_read(moment: int) -> None:
    assert parse_date(iso(at_milliseconds(moment))) == at_milliseconds(moment)
    assert milliseconds(at_milliseconds(moment)) == moment


def frozen(seed: int) -> Ids:
    return Ids(Random(seed))  # noqa: S311 - the point is that it repeats itself


def test_ids_have_the_shapes_of_a_server() -> None:
    ids = frozen(1)
    assert [len(made) for made in (ids.short(), ids.hex(), ids.token(), ids.digits(10))] == [17, 24, 43, 10]
    assert not set("01IOl") & set("".join(ids.short() for _ in range(100)))


def test_the_same_randomness_makes_the_same_ids() -> None:
    assert frozen(7).short() == frozen(7).short()
