"""How long a run under the default rate limiter lasts, by the least that its calls can take.

``python -m benchmarks.pacing [PATTERN...]`` judges a mock workspace whose limiter is on, with a clock on which nothing
passes but waiting, so that hours take minutes. The least is what the busiest route needs: ten calls at once, and a
minute for each further ten. ``--real`` takes a limiter of ten calls a second and the clock of this machine.
"""

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

from preflight.mock.clock import Clock
from preflight.mock.founding import found
from preflight.mock.limiter import CALLS, WINDOW
from preflight.mock.server import MockServer
from preflight.model.json import Json
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.plugin.conducting import conduct
from preflight.plugin.judging import Judging
from preflight.settings import Account, RunSettings
from preflight.wire.pace import (
    CALLS_CARRIED,
    KNOWN_CALLS,
    REALTIME_WINDOW_S,
    Bucket,
    Pace,
    Refusal,
    SimulatedClock,
    SystemClock,
)
from preflight.wire.pace import Clock as PaceClock

PASSWORD = "benchmark"  # noqa: S105 (of a workspace that lives for the benchmark)
SECOND_MS = 1000
MINUTE_MS = 60_000
AHEAD_S = 60.0  # a session notes by the clock of this machine when it began: what it makes must not seem older
SEED = 1  # of the generated requests: who measures again measures the same


class CountingPace(Pace):
    """A pace that counts what the limiter counts, and what it refused."""

    def __init__(self, clock: PaceClock) -> None:
        super().__init__(clock=clock)
        self.counted: Counter[Bucket] = Counter()
        self.refused: Counter[Bucket] = Counter()

    def after(self, bucket: Bucket, caller: str, status: int, headers: Mapping[str, str], body: Json) -> Refusal | None:
        """Count an answer."""
        refusal = super().after(bucket, caller, status, headers, body)
        is_counted = "x-ratelimit-limit" in headers or bool(bucket.caller and self.limits(caller))
        self.refused[bucket] += refusal is not None
        self.counted[bucket] += is_counted and refusal is None
        return refusal


def least(bucket: Bucket, calls: int, window_s: float) -> float:
    """Give the seconds that so many calls of a bucket take at least."""
    if bucket.caller:
        return (ceil(calls / CALLS_CARRIED) - 1) * REALTIME_WINDOW_S
    return (ceil(calls / KNOWN_CALLS.get(bucket, 10)) - 1) * window_s


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A run and what it took, in seconds of its clock, beside the least that its busiest bucket needs."""

    run: Run
    pace: CountingPace
    busiest: Bucket
    least_s: float
    took_s: float

    @property
    def ratio(self) -> float:
        """How many times the least the run took."""
        return self.took_s / self.least_s if self.least_s else 1.0


def measured(only: tuple[str, ...] = (), *, is_real: bool = False, release: str = "8.0") -> Measured:
    """Judge a mock workspace whose limiter is on, and measure; a simulated clock unless the real one is asked for."""
    clock: PaceClock = SystemClock() if is_real else SimulatedClock(time.time() + AHEAD_S)
    window_ms = SECOND_MS if is_real else MINUTE_MS
    workspace = found(release=release, admin_password=PASSWORD, clock=Clock(lambda: _date(clock)))
    workspace.settings[CALLS], workspace.settings[WINDOW] = 10, window_ms
    pace = CountingPace(clock)
    with MockServer(workspace=workspace, rate_limited=True) as mock, tempfile.TemporaryDirectory() as folder:
        account = Account(user=mock.admin_username, password=PASSWORD)
        settings = RunSettings(target=mock.url, account=account, only=only, out=Path(folder), seed=SEED)
        judging = Judging(settings, reports=(), pace=pace)
        began = clock.now()
        conduct(judging, lambda _: None)
    if judging.run is None:
        sys.exit(judging.broke or "no run")
    took_s = clock.now() - began
    busiest, least_s = max(
        ((bucket, least(bucket, calls, window_ms / 1000)) for bucket, calls in pace.counted.items()),
        key=lambda pair: pair[1],
    )
    return Measured(run=judging.run, pace=pace, busiest=busiest, least_s=least_s, took_s=took_s)


def main(words: list[str]) -> None:
    """Measure once and print."""
    is_real, started = "--real" in words, time.perf_counter()
    found = measured(tuple(word for word in words if not word.startswith("--")), is_real=is_real)
    spent = time.perf_counter() - started
    run, pace = found.run, found.pace
    limited = sum("limiter refused" in case.reason for case in run.cases)
    print(f"cases                  {len(run.cases)}, {limited} of them inconclusive because of the limiter")
    failed = [case.id for case in run.cases if case.verdict is Verdict.FAIL]
    print(f"verdict                {run.verdict}, {len(failed)} cases fail, left behind {len(run.leftovers)}")
    for name in failed:
        print(f"                       {name}")
    print(f"counted calls          {sum(pace.counted.values())}, refused at first {sum(pace.refused.values())}")
    print(f"busiest                {found.busiest}, {pace.counted[found.busiest]} calls")
    print(f"least for these calls  {found.least_s:8.1f} s")
    simulated = "" if is_real else f"  (simulated; {spent:.0f} s of this machine)"
    print(f"the run                {found.took_s:8.1f} s{simulated}")
    print(f"ratio                  {found.ratio:8.3f}")


def _date(clock: PaceClock) -> datetime:
    return datetime.fromtimestamp(clock.now(), UTC)


if __name__ == "__main__":
    main(sys.argv[1:])
