"""Turns under a limiter: a run that waits on a simulated clock ends with the verdict that it has without a limiter."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from preflight.mock.clock import Clock
from preflight.mock.founding import found
from preflight.mock.server import MockServer
from preflight.model.verdict import Verdict
from preflight.plugin.conducting import conduct
from preflight.plugin.judging import Judging
from preflight.settings import Account, RunSettings
from preflight.wire.pace import Pace, SimulatedClock, Wait
from tests.session.lasting import state

ONLY = ("POST dm.close", "GET dm.counters")


def test_people_who_are_counted_are_judged_like_anybody_and_nothing_is_left(tmp_path: Path) -> None:
    clock, waits = SimulatedClock(datetime.now(UTC).timestamp()), list[Wait]()
    workspace = found(release="8.0", admin_password="x", clock=Clock(lambda: datetime.fromtimestamp(clock.now(), UTC)))
    with MockServer(workspace=workspace, rate_limited=True) as mock:
        before = state(workspace)
        settings = RunSettings(target=mock.url, account=Account(user="admin", password="x"), only=ONLY, out=tmp_path)
        judging = Judging(settings, reports=(), pace=Pace(clock=clock, told=waits.append))
        conduct(judging, lambda _: None)
        assert state(workspace) == before
    run = judging.run
    assert run is not None
    assert (run.verdict, run.leftovers) == (Verdict.PASS, ())
    assert not [case.id for case in run.cases if case.verdict is Verdict.INCONCLUSIVE]
    assert run.environment["limiter"] == f"on; waited {sum(wait.seconds for wait in waits):.0f} s"
    told = {one.what: (one.times, one.seconds) for one in run.waits}
    assert sum(seconds for _, seconds in told.values()) == pytest.approx(sum(wait.seconds for wait in waits), abs=1)
    assert {wait.what for wait in waits} <= set(told)
    assert waits

    played = [str(case.operation) for case in run.cases if case.suite == "refusals"]
    assert played != sorted(played)
    assert len(run.cases) == len({case.id for case in run.cases})
