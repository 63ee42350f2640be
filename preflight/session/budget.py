"""Budget: which tasks a run of so many minutes plays, the most valuable first, and how long tasks take together.

A task is worth the claims that no task before it is about: what is required weighs more than advice, and who gets in
and what succeeds weigh more than what else could be said. A run lasts as long as its busiest route, or as its requests
one after the other.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from math import ceil
from typing import Generic, TypeVar

from preflight.model.claim import Claim, ClaimId, ClaimKind, Level
from preflight.session.forecast import ONCE, Calls
from preflight.wire.pace import Bucket, Pace

T = TypeVar("T")

_WEIGHTS: Mapping[ClaimKind, float] = {
    ClaimKind.SECURITY: 8,
    ClaimKind.AUTHENTICATION: 8,
    ClaimKind.SUCCESS: 6,
    ClaimKind.ROUTE: 6,
    ClaimKind.PERMISSION: 6,
    ClaimKind.BEHAVIOUR: 4,
    ClaimKind.REFUSAL: 3,
    ClaimKind.PARAMETER: 2,
    ClaimKind.FIELD: 1,
    ClaimKind.METHOD: 1,
    ClaimKind.ROBUSTNESS: 1,
}
_ADVICE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate(Generic[T]):
    """A task, the claims that it is about, the counted calls that it makes, and how many requests it sends in all."""

    what: T
    aims: frozenset[ClaimId]
    calls: Calls
    requests: int


@dataclass(kw_only=True)
class Estimate:
    """How long tasks take together; `now` turns what must be there into calls, `request_s` is what a request takes."""

    pace: Pace
    now: Callable[[Calls, Callable[[str], bool]], Calls]
    request_s: float
    requests: int = 0
    calls: Calls = field(default_factory=Counter)
    _there: set[str] = field(default_factory=set)

    @property
    def seconds(self) -> float:
        """For how many seconds all tasks last that were added."""
        return max(
            [self.requests * self.request_s, *(self._lasts(bucket, self.calls[bucket]) for bucket in self.calls)]
        )

    @property
    def busiest(self) -> Bucket | None:
        """The route for which the others wait; None where nothing is counted."""
        return max(self.calls, key=lambda bucket: self._lasts(bucket, self.calls[bucket]), default=None)

    def with_one_more(self, candidate: Candidate[T]) -> float:
        """For how many seconds all tasks last, and another one."""
        more = self._left_of(candidate)
        slowest = max((self._lasts(bucket, self.calls[bucket] + more[bucket]) for bucket in more), default=0.0)
        return max(self.seconds, slowest, (self.requests + candidate.requests) * self.request_s)

    def add(self, candidate: Candidate[T]) -> None:
        """Add a task."""
        self.calls.update(self._left_of(candidate))
        self.requests += candidate.requests
        self._there.update(bucket.route for bucket in candidate.calls if bucket.method == ONCE)

    def _left_of(self, candidate: Candidate[T]) -> Calls:
        return self.now(candidate.calls, self._there.__contains__)

    def _lasts(self, bucket: Bucket, calls: int) -> float:
        size = self.pace.size(bucket)
        return (ceil(calls / size) - 1) * size / self.pace.rate(bucket)


def affordable(
    candidates: Iterable[Candidate[T]], claims: Mapping[ClaimId, Claim], estimate: Estimate, seconds: float
) -> list[T]:
    """Choose tasks that last no longer than so many seconds, by what they are worth beside those chosen already."""
    chosen: list[T] = []
    covered: set[ClaimId] = set()
    order = count()
    waiting = [(-_worth(one, claims, covered), one.requests, next(order), one) for one in candidates]
    heapq.heapify(waiting)
    while waiting:
        known, requests, place, best = heapq.heappop(waiting)
        worth = -_worth(best, claims, covered)
        if worth > known:  # others were chosen meanwhile that are about the same
            heapq.heappush(waiting, (worth, requests, place, best))
        elif estimate.with_one_more(best) <= seconds:
            estimate.add(best)
            covered |= best.aims
            chosen.append(best.what)
    return chosen


def _worth(candidate: Candidate[T], claims: Mapping[ClaimId, Claim], covered: set[ClaimId]) -> float:
    return sum(
        _WEIGHTS[claim.kind] * (1 if claims[claim].level is Level.MUST else _ADVICE)
        for claim in candidate.aims - covered
        if claim in claims
    )
