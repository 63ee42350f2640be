from pathlib import PurePath

from hypothesis import given
from syrupy.assertion import SnapshotAssertion

from preflight.model.run import Run
from preflight.reporting import summary
from tests.model.strategies import RUNS
from tests.reporting.sample import failing_run, passing_run, sample_run, unreachable_run

REPORTS = {"html": PurePath("reports/runs/x/report.html"), "run": PurePath("reports/runs/x/run.json")}


def test_the_summary_of_a_run_with_every_verdict(snapshot: SnapshotAssertion) -> None:
    assert summary.render(sample_run(), REPORTS) == snapshot


def test_the_summary_of_a_failing_run(snapshot: SnapshotAssertion) -> None:
    assert summary.render(failing_run()) == snapshot


def test_the_summary_of_a_passing_run_is_short(snapshot: SnapshotAssertion) -> None:
    assert summary.render(passing_run()) == snapshot


def test_the_summary_of_a_target_that_does_not_answer(snapshot: SnapshotAssertion) -> None:
    assert summary.render(unreachable_run()) == snapshot


@given(RUNS)
def test_the_verdict_comes_first_in_every_summary(run: Run) -> None:
    first, _, rest = summary.render(run).partition("\n")
    assert first.startswith("# ")
    assert rest
