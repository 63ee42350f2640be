"""Durations: which operations were slow to answer, where the time of a run went, and what the rate limiter cost."""

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final
from urllib.parse import urlsplit

from preflight.model.exchange import Exchange
from preflight.model.operation import OperationKey
from preflight.model.run import Run

_TOO_MANY_REQUESTS: Final = 429
_API: Final = "/api/v1/"
_REALTIME: Final = "ddp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast an operation answered the requests that the run kept; times in seconds."""

    operation: OperationKey
    requests: int
    median_s: float
    longest_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteTime:
    """The time that the cases of one suite took, in seconds."""

    suite: str
    cases: int
    seconds: float


def slowest(run: Run, most: int) -> tuple[Pace, ...]:
    """Give the operations that answered slowest by the median of their requests, the slowest first."""
    paces = [
        Pace(operation=key, requests=len(own), median_s=median(own), longest_s=max(own))
        for key, own in _times(run).items()
    ]
    return tuple(sorted(paces, key=lambda pace: (-pace.median_s, pace.operation))[:most])


def by_suite(run: Run) -> tuple[SuiteTime, ...]:
    """Give the time of each suite, the longest first."""
    grouped: dict[str, list[float]] = {}
    for case in run.cases:
        grouped.setdefault(case.suite, []).append(case.seconds)
    times = [SuiteTime(suite=suite, cases=len(own), seconds=sum(own)) for suite, own in grouped.items()]
    return tuple(sorted(times, key=lambda time: (-time.seconds, time.suite)))


def throttled(run: Run) -> Mapping[OperationKey | None, int]:
    """Count the answers of the rate limiter by operation; None stands for requests to none that was judged."""
    counts: dict[OperationKey | None, int] = {}
    for exchange in run.exchanges.values():
        if exchange.response.status == _TOO_MANY_REQUESTS:
            key = _operation(exchange, run.operations)
            counts[key] = counts.get(key, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))))


def waited(run: Run) -> float:
    """Give the seconds that the run waited for the rate limiter; workers that waited at once count each."""
    return sum(one.seconds for one in run.waits)


def _times(run: Run) -> dict[OperationKey, list[float]]:
    times: dict[OperationKey, list[float]] = {}
    for exchange in run.exchanges.values():
        key = _operation(exchange, run.operations)
        if key is not None:
            times.setdefault(key, []).append(exchange.elapsed_s)
    return times


def _operation(exchange: Exchange, known: Container[OperationKey]) -> OperationKey | None:
    request = exchange.request
    method = request.method
    name = _called(request.body) if method == _REALTIME else _path(request.url).partition(_API)[2]
    key = OperationKey(name=name, method=method)
    return key if name and key in known else None


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _called(body: str | None) -> str:
    try:
        frame = json.loads(body or "")
    except ValueError:
        return ""
    name = frame.get("method") if isinstance(frame, dict) else None
    return name if isinstance(name, str) else ""
