"""Times of invented runs: what noise explains is no change, whatever its size."""

import random

from hypothesis import given
from hypothesis import strategies as st

from preflight.comparison.correspondence import correspond
from preflight.comparison.timings import MINIMUM, changed, of_timings
from preflight.model.operation import OperationKey
from tests.comparison.miniature import Play, Talk, view

OPERATIONS = [OperationKey(name=f"greet.{name}", method="GET") for name in ("all", "one", "some", "none", "more")]


def noisy(middle: float, seed: int, *, count: int = 12, noise: float = 0.15) -> list[float]:
    chance = random.Random(seed)  # noqa: S311 (noise, not a secret)
    return [max(1e-6, chance.lognormvariate(0, noise) * middle) for _ in range(count)]


def times(seed: int, *, pace: float = 1.0) -> dict[OperationKey | int, list[float]]:
    return {key: noisy(0.02 * pace, seed + number) for number, key in enumerate(OPERATIONS)}


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_noise_is_no_change(one: int, other: int) -> None:
    assert list(changed(times(one), times(other))) == []


@given(st.integers(0, 10_000), st.floats(0.2, 8))
def test_a_slower_machine_is_no_change(seed: int, pace: float) -> None:
    assert list(changed(times(seed), times(seed + 77, pace=pace))) == []


@given(st.integers(0, 10_000), st.floats(0.5, 4))
def test_an_operation_that_takes_ten_times_as_long_is_found_whatever_the_pace(seed: int, pace: float) -> None:
    slower = times(seed + 77, pace=pace) | {OPERATIONS[2]: noisy(0.2 * pace, seed + 5)}
    assert [found.subject for found in changed(times(seed), slower)] == [OPERATIONS[2]]


def test_one_slow_answer_is_no_change() -> None:
    spoilt = times(2)
    spoilt[OPERATIONS[0]][3] = 9.0
    assert list(changed(times(1), spoilt)) == []


def test_too_few_times_tell_nothing() -> None:
    slow = times(2) | {OPERATIONS[1]: noisy(2.0, 9, count=MINIMUM - 1)}
    assert list(changed(times(1), slow)) == []


def test_times_that_nobody_notices_tell_nothing() -> None:
    quick: dict[OperationKey | int, list[float]] = {key: noisy(0.0002, number) for number, key in enumerate(OPERATIONS)}
    slower: dict[OperationKey | int, list[float]] = {
        key: noisy(0.0002, number + 50) for number, key in enumerate(OPERATIONS)
    }
    assert list(changed(quick, slower | {OPERATIONS[1]: noisy(0.002, 9)})) == []


def plays(elapsed_s: float, *, seconds: int, status: int = 200) -> list[Play]:
    return [
        Play(
            name=f"shapes/GET greet.all/n{number}",
            talks=(Talk(elapsed_s=elapsed_s * (1 + number % 3 / 20), status=status),),
            started_s=number * seconds / 40,
        )
        for number in range(40)
    ]


def test_many_answers_of_one_second_count_once() -> None:
    busy = correspond(view(plays(0.01, seconds=1)), view(plays(0.9, seconds=1)))
    assert of_timings(busy.pairs) == ()
    spread = correspond(view(plays(0.01, seconds=20)), view(plays(0.9, seconds=20)))
    assert [found.subject for found in of_timings(spread.pairs)] == [OPERATIONS[0]]


def test_refusals_are_timed_by_their_status() -> None:
    slow = correspond(view(plays(0.01, seconds=20, status=401)), view(plays(0.9, seconds=20, status=401)))
    assert [found.subject for found in of_timings(slow.pairs)] == [401]
