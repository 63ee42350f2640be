"""Turns under a limiter: a run that waits on a simulated clock ends with the verdict that it has without a limiter."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from preflight.mock.clock import Clock
from preflight.mock.founding import found
from preflight.mock.server import MockServer
from preflight.model.claim import ClaimId
from preflight.model.operation import OperationKey
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.plugin.conducting import conduct
from preflight.plugin.judging import Judging
from preflight.plugin.planning import LEFT_OUT
from preflight.session.acts import MANNERS
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


def judged(tmp_path: Path, minutes: float) -> Run:
    settings = RunSettings(only=("GET rooms.info",), out=tmp_path, max_minutes=minutes)
    judging = Judging(settings, reports=())
    conduct(judging, lambda _: None)
    assert judging.run is not None
    return judging.run


def test_what_no_minutes_are_left_for_is_left_out_and_the_run_is_inconclusive(tmp_path: Path) -> None:
    run = judged(tmp_path, 0.0001)
    assert {case.reason for case in run.cases if case.suite != "answers"} == {LEFT_OUT}
    assert run.verdict is Verdict.INCONCLUSIVE
    assert not run.operations[OperationKey.parse("GET rooms.info")].exercised
    told = run.claims[ClaimId.parse("GET rooms.info#authentication")]
    assert (told.verdict, told.reason) == (Verdict.INCONCLUSIVE, LEFT_OUT)
    assert run.environment["max minutes"] == "0.0001"


def test_enough_minutes_leave_nothing_out(tmp_path: Path) -> None:
    run = judged(tmp_path, 600)
    assert run.verdict is Verdict.PASS
    assert LEFT_OUT not in {case.reason for case in run.cases}


def test_what_is_played_comes_first_by_worth(tmp_path: Path) -> None:
    run = judged(tmp_path, 0.01)
    played = [case for case in run.cases if case.reason != LEFT_OUT and case.suite != "answers"]
    assert played
    assert len(played) < len(run.cases)
    assert any(case.suite == "shapes" for case in played)
    assert run.verdict is Verdict.INCONCLUSIVE


def test_refusals_of_an_old_release_are_judged_however_slow_they_are(tmp_path: Path) -> None:
    with MockServer(release="6.14") as mock:
        account = Account(user=mock.admin_username, password=mock.admin_password)
        settings = RunSettings(target=mock.url, account=account, only=("GET rooms.*",), out=tmp_path)
        judging = Judging(settings, reports=())
        conduct(judging, lambda _: None)
    assert judging.broke == ""
    assert judging.run is not None
    refusals = [case for case in judging.run.cases if case.suite == "authentication"]
    assert len(refusals) == len({case.id for case in refusals}) == 2 * len(MANNERS)
    assert {case.verdict for case in refusals} == {Verdict.PASS}
