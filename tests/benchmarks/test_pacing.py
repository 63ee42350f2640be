"""A run under the default rate limiter lasts hardly longer than its busiest route must, on a clock of its own."""

import pytest

from benchmarks.pacing import least, measured
from preflight.model.verdict import Verdict
from preflight.wire.pace import LOGIN, Bucket

MOST = 1.1


def test_a_whole_run_takes_at_most_a_tenth_longer_than_its_calls_must() -> None:
    found = measured()
    assert (found.run.verdict, found.run.leftovers) == (Verdict.PASS, ())
    assert found.pace.counted[found.busiest] > 500
    assert 1.0 <= found.ratio <= MOST
    assert not [case.id for case in found.run.cases if "limiter" in case.reason]


def test_a_part_of_a_run_takes_at_most_a_tenth_longer_than_its_calls_must() -> None:
    found = measured(("POST chat.s*", "dm.c*"))
    assert (found.run.verdict, found.run.leftovers) == (Verdict.PASS, ())
    assert found.pace.counted[found.busiest] > 100
    assert 1.0 <= found.ratio <= MOST
    assert sum(found.pace.refused.values()) == 0
    assert not [case.id for case in found.run.cases if case.verdict is Verdict.INCONCLUSIVE]


@pytest.mark.parametrize(
    ("bucket", "calls", "seconds"),
    [
        (Bucket("POST", "chat.postMessage"), 10, 0),
        (Bucket("POST", "chat.postMessage"), 11, 60),
        (Bucket("POST", "chat.postMessage"), 31, 180),
        (LOGIN, 6, 60),
        (Bucket("ddp", "method.call/rooms/get", "alice"), 41, 20),
    ],
)
def test_the_least_is_a_window_for_each_further_ten_calls(bucket: Bucket, calls: int, seconds: float) -> None:
    assert least(bucket, calls, 60.0) == seconds
