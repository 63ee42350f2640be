from dataclasses import replace
from pathlib import PurePath

import pytest
from hypothesis import given
from syrupy.assertion import SnapshotAssertion

from preflight.model.run import Run
from preflight.reporting import summary
from tests.model.strategies import RUNS
from tests.reporting.big import big_run
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


@pytest.mark.parametrize("every", [10, 1])
def test_the_summary_of_a_big_run_stays_below_64_kilobytes_and_says_what_it_leaves_out(every: int) -> None:
    run = big_run(5000, every=every)
    told = summary.render(run)
    assert len(told.encode()) < 64_000
    assert "more; report.html lists every one" in told


@given(RUNS)
def test_no_summary_is_longer_than_a_build_page_takes(run: Run) -> None:
    long = "w" * 100_000
    claims = {
        key: replace(one, claim=replace(one.claim, promise=long, page=long), reason=long)
        for key, one in run.claims.items()
    }
    told = summary.render(
        replace(run, claims=claims, target=long, drift=tuple(replace(d, page=long) for d in run.drift))
    )
    assert len(told.encode("utf-8", "backslashreplace")) < 64_000


def test_a_weakness_is_a_security_warning_and_stands_once() -> None:
    run = sample_run()
    keys = tuple(run.operations)[:3]
    weak = tuple(replace(run.drift[0], operation=key, security=True, erratum="open-to-all") for key in keys)
    told = summary.render(replace(run, drift=(*run.drift, *weak)))
    security, drift = told.partition("## Security warnings")[2].partition("## Documentation drift")[::2]
    assert security.count("`open-to-all` in 3 operations") == 1
    assert "open-to-all" not in drift


def test_a_warning_stands_apart_from_what_is_broken() -> None:
    broken, warned = summary.render(failing_run()).partition("## Warnings")[::2]
    assert "parseUrls" not in broken.partition("## Broken promises")[2]
    assert "parseUrls" in warned
