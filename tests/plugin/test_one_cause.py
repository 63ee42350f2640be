"""One cause: what many operations do wrong alike is told once, in the terminal and on the page."""

import io
import re
from collections.abc import Iterator

import pytest
from rich.console import Console

from preflight.mock.fault import Fault
from preflight.mock.faults.tampering import at
from preflight.mock.server import MockServer
from preflight.model.run import Run
from preflight.plugin.playing import every_suite, play
from preflight.reporting import html, terminal
from preflight.reporting.causes import Cause, causes_of
from preflight.reporting.coverage import Standing
from preflight.session.session import Plan, open_session
from preflight.settings import Account, Depth

FEW = 5
FAULT = Fault(
    name="lists-tell-totals-as-texts",
    sentence="every list of messages tells its total as a text",
    operation="GET chat.get*",
    check="field.type",
    after=at("/total", str),
)


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with MockServer(fault=FAULT) as mock:
        account = Account(user=mock.admin_username, password=mock.admin_password)
        only = ("GET chat.get*",)
        session = open_session(Plan(target=mock.url, account=account, only=only, depth=Depth.QUICK))
        play(session, [suite for suite in every_suite() if suite.file.parent.name in {"rest", "properties"}])
        yield session.close()


@pytest.fixture(scope="module")
def cause(run: Run) -> Cause:
    (found,) = [each for each in causes_of(run) if each.standing is Standing.BROKEN]
    return found


def test_it_is_one_cause_of_many_operations(cause: Cause) -> None:
    assert len(cause.operations) >= FEW
    assert {promise.claim.id.subject for promise in cause.promises} == {"200.total"}


def test_every_finding_says_what_was_promised_and_received_where_on_which_page_and_how_to_see_it(run: Run) -> None:
    findings = [finding for outcome in run.outcomes for finding in outcome.findings]
    assert findings
    for finding in findings:
        assert all((finding.promised, finding.received, finding.where))
        assert finding.page.startswith("https://developer.rocket.chat/")
        assert finding.reproduce.startswith("curl -i -X GET ")


def test_the_terminal_tells_it_once_with_a_count(run: Run, cause: Cause) -> None:
    file = io.StringIO()
    terminal.show(run, Console(file=file, width=200))
    broken = file.getvalue().partition("Broken promises")[2].partition("\n\n")[0]
    assert broken.count("promised") == 1
    assert f"({cause.size} promises broken alike, seen " in broken
    assert "more operations" in broken


def test_the_page_tells_it_once_with_a_count(run: Run, cause: Cause) -> None:
    page = html.render(run)
    section = page.partition('id="broken-title"')[2].partition("</section>")[0]
    assert f"{cause.size} promises, 1 cause." in section
    assert len(re.findall(r'<details[^>]* id="cause-', section) or re.findall(r'id="cause-\d+"', section)) == 1
