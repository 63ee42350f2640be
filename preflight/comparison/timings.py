"""Timings: which operations take longer or shorter than noise explains.

Times of one second are not independent, since what slows a machine down slows down all that happens meanwhile: so each
second of a run counts once, by its median. Of those medians an operation needs enough in both runs. Its ratio of the
two is read against the ratios of the other operations, which tell how fast machines and networks were; what stands
out by many times the spread, with quartiles that do not even touch, is a change.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final

from preflight.comparison.answers import operation_of, told
from preflight.comparison.correspondence import Pair
from preflight.model.exchange import Exchange
from preflight.model.operation import OperationKey

MINIMUM: Final = 5
"""Independent seconds that an operation needs in each run."""
STANDS_OUT: Final = 6.0
"""Spreads by which a ratio must differ from the others; of normal noise one in a thousand million does."""
BENEATH_NOTICE_S: Final = 0.005
"""Seconds that nobody notices; an additional bar, for clocks and networks are no finer."""

# The standard deviation of normal noise, seen through its median absolute deviation; and that of a median of it.
_SCALE = 1.4826
_OF_A_MEDIAN = 1.2533
_ENOUGH_OPERATIONS = 4
# Without other operations to learn the noise from, a fifth either way is taken for it.
_UNKNOWN_SPREAD = 0.2

Times = Mapping[OperationKey | int, Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """An operation (or the refusals of one status) that takes longer or shorter; medians in seconds."""

    subject: OperationKey | int
    before_s: float
    after_s: float
    seconds: tuple[int, int]


def of_timings(pairs: Iterable[Pair]) -> tuple[Timing, ...]:
    """Find the operations, and the statuses of refusals, whose times changed beyond noise."""
    before, after = _times(pairs)
    return tuple(changed(before, after))


def changed(before: Times, after: Times) -> Iterator[Timing]:
    """Compare the times of two runs; each a median of one second."""
    enough = sorted((key for key in before if min(len(before[key]), len(after.get(key, ()))) >= MINIMUM), key=str)
    ratios = {key: math.log(_middle(after[key]) / _middle(before[key])) for key in enough}
    for key, ratio in ratios.items():
        pace, spread = _usual([found for other, found in ratios.items() if other != key])
        noise = math.hypot(spread, _uncertainty(before[key]), _uncertainty(after[key]))
        if abs(ratio - pace) <= STANDS_OUT * noise:
            continue
        paced = [value * math.exp(pace) for value in before[key]]
        if _apart(paced, after[key]) and abs(_middle(after[key]) - _middle(paced)) > BENEATH_NOTICE_S:
            yield Timing(
                subject=key,
                before_s=_middle(before[key]),
                after_s=_middle(after[key]),
                seconds=(len(before[key]), len(after[key])),
            )


def _usual(ratios: Sequence[float]) -> tuple[float, float]:
    """Give the ratio of the other operations, which is that of the machines, and how much it spreads."""
    if len(ratios) < _ENOUGH_OPERATIONS:
        return 0.0, _UNKNOWN_SPREAD
    pace = median(ratios)
    return pace, _SCALE * median(abs(ratio - pace) for ratio in ratios)


def _times(pairs: Iterable[Pair]) -> tuple[Times, Times]:
    seconds: tuple[dict[OperationKey | int, defaultdict[int, list[float]]], ...] = ({}, {})
    for pair in pairs:
        for old, new in pair.exchanges:
            for by_second, exchange, case in zip(seconds, (old, new), (pair.before, pair.after), strict=True):
                subject = _subject(exchange)
                if subject is not None and exchange.elapsed_s > 0:
                    by_second.setdefault(subject, defaultdict(list))[int(case.started_s)].append(exchange.elapsed_s)
    before, after = (
        {key: [median(found) for found in by_second.values()] for key, by_second in side.items()} for side in seconds
    )
    return before, after


def _subject(exchange: Exchange) -> OperationKey | int | None:
    """Count an accepted request for its operation, a refused one for its status."""
    answer = told(exchange.response)
    return answer.status if answer.refused else operation_of(exchange)


def _middle(values: Sequence[float]) -> float:
    return median(values)


def _uncertainty(values: Sequence[float]) -> float:
    """Give the relative uncertainty of a median."""
    middle = _middle(values)
    deviation = _SCALE * median(abs(value - middle) for value in values)
    return _OF_A_MEDIAN * deviation / math.sqrt(len(values)) / middle


def _apart(first: Sequence[float], second: Sequence[float]) -> bool:
    low, _, high = quantiles(first, n=4)
    lower, _, higher = quantiles(second, n=4)
    return high < lower or higher < low
