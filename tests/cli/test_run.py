"""The watch of `preflight run`: what is shown while a run goes on."""

import io

from rich.console import Console

from preflight.cli.run import Watch
from preflight.model.verdict import Verdict


def test_cases_that_end_before_all_workers_have_counted_theirs_are_counted() -> None:
    said = io.StringIO()
    watch = Watch(Console(file=said, width=100))
    watch.case_finished("routes", Verdict.PASS)
    watch.case_finished("routes", Verdict.FAIL)
    watch.announce({"routes": 3})
    watch.case_finished("routes", Verdict.PASS)
    assert said.getvalue().startswith("routes: 3 cases in ")
    assert said.getvalue().rstrip().endswith("1 fail")
    watch.close()
    assert len(said.getvalue().splitlines()) == 1
