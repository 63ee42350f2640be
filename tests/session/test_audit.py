"""The audit hears every answer of a run, those of arranging requests too."""

import contextlib

import pytest

from preflight.mock.answer import Answer as MockAnswer
from preflight.mock.call import Call
from preflight.mock.fault import Fault, Memory
from preflight.mock.server import MockServer
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.session.audit import SUITE, counted
from preflight.session.circumstances import CircumstanceError
from preflight.session.session import Plan, open_session
from preflight.settings import Account


def failing(_call: Call, _memory: Memory) -> MockAnswer:
    return MockAnswer(status=500, body={"success": False, "error": "Internal server error"})


def arranged(fault: Fault | None) -> Run:
    """Arrange a message, and judge no case."""
    with MockServer(fault=fault) as mock:
        account = Account(user=mock.admin_username, password=mock.admin_password)
        session = open_session(Plan(target=mock.url, account=account, only=("POST chat.postMessage",)))
        scene = session.ground.stage.scene()
        with contextlib.suppress(CircumstanceError):  # what could not be arranged is seen in the run
            scene.resolve("{alice.message.id}")
        return session.close()


def test_an_arranging_request_is_judged_though_no_case_is_about_it() -> None:
    planted = Fault(
        name="posting-fails",
        sentence="fails",
        operation="POST chat.postMessage",
        check="robustness.no-server-error",
        before=failing,
    )
    run = arranged(planted)
    (case,) = [case for case in run.cases if case.suite == SUITE]
    (finding,) = [finding for outcome in run.outcomes for finding in outcome.findings]
    assert case.verdict is Verdict.FAIL
    assert finding.where == "status"
    assert [run.exchanges[key].response.status for key in case.exchanges] == [500]


def test_what_is_whole_passes_and_keeps_no_exchange() -> None:
    run = arranged(None)
    (case,) = [case for case in run.cases if case.suite == SUITE]
    assert (case.verdict, case.exchanges, case.reason) == (Verdict.PASS, (), "1 answer heard")


@pytest.mark.parametrize(("number", "told"), [(1, "1 answer heard"), (2, "2 answers heard")])
def test_it_tells_how_many_answers_it_heard(number: int, told: str) -> None:
    assert counted(number) == told
