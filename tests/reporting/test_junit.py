from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import given
from syrupy.assertion import SnapshotAssertion

from preflight.model.claim import ClaimId
from preflight.model.finding import Finding
from preflight.model.outcome import Outcome
from preflight.model.run import Run, WaiverResult, WaiverState
from preflight.model.verdict import Verdict
from preflight.reporting import junit
from tests.model.strategies import RUNS
from tests.reporting.sample import failing_run, passing_run, sample_run, unreachable_run

# The shape that Jenkins and Ant agree on: element -> (demanded attributes, allowed attributes, children in order).
SHAPE: dict[str, tuple[set[str], set[str], tuple[str, ...]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors", "disabled"}, ("testsuite",)),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time", "timestamp", "hostname"},
        {"skipped", "package", "id"},
        ("properties", "testcase", "system-out", "system-err"),
    ),
    "properties": (set(), set(), ("property",)),
    "property": ({"name", "value"}, set(), ()),
    "testcase": (
        {"name", "classname", "time"},
        {"status", "assertions"},
        ("skipped", "error", "failure", "system-out", "system-err"),
    ),
    "failure": ({"type", "message"}, set(), ()),
    "error": ({"type", "message"}, set(), ()),
    "skipped": (set(), {"message"}, ()),
    "system-out": (set(), set(), ()),
}


def _parsed(run: Run) -> ET.Element:
    return ET.fromstring(junit.render(run).encode("utf-8"))  # noqa: S314 (our own file)


def _check_shape(element: ET.Element) -> None:
    demanded, allowed, children = SHAPE[element.tag]
    assert demanded <= set(element.attrib) <= demanded | allowed
    order = [children.index(child.tag) for child in element]
    assert order == sorted(order)
    for child in element:
        _check_shape(child)


def test_the_junit_file_of_a_run_with_every_verdict(snapshot: SnapshotAssertion) -> None:
    assert junit.render(sample_run()) == snapshot


@given(RUNS)
def test_every_run_gives_a_junit_file_of_the_common_shape(run: Run) -> None:
    root = _parsed(run)
    _check_shape(root)
    assert len(root.findall(".//testcase")) == len(run.cases) + len(run.waivers)
    assert root.get("tests") == str(len(run.cases) + len(run.waivers))


def test_the_counts_are_those_of_the_test_cases() -> None:
    for run in (sample_run(), failing_run(), passing_run(), unreachable_run()):
        root = _parsed(run)
        for suite in root.findall("testsuite"):
            assert suite.get("tests") == str(len(suite.findall("testcase")))
            assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
            assert suite.get("errors") == str(len(suite.findall("testcase/error")))
            assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))


def test_a_failure_tells_every_finding_in_the_order_of_all_reports() -> None:
    root = _parsed(failing_run())
    told = next(found.text or "" for found in root.iter("failure") if "error-room-not-found" in (found.text or ""))
    starts = [line.partition(":")[0] for line in told.splitlines() if line]
    assert starts == ["promised", "received", "where", "page", "reproduce"] * 2


def test_what_could_not_be_judged_is_skipped_with_its_reason() -> None:
    root = _parsed(sample_run())
    reasons = [found.get("message", "") for found in root.iter("skipped")]
    assert "inconclusive: the rate limiter answered 429 to every attempt" in reasons
    assert "not applicable: the setting Message_AllowPinning is false" in reasons


def test_a_control_character_in_an_answer_does_not_break_the_file() -> None:
    run = sample_run()
    bell = replace(run.cases[0], verdict=Verdict.ERROR, reason="rang \a and \ud800")
    root = _parsed(replace(run, cases=(bell,)))
    assert [error.get("message") for error in root.iter("error")] == [r"rang \u0007 and \ud800"]


def test_a_waiver_that_is_worth_nothing_fails_and_one_in_use_does_not() -> None:
    run = passing_run()
    key = next(iter(run.claims))
    used = WaiverResult(
        id="msgs-is-null",
        claim=key,
        check="rest.field",
        where="/room/msgs",
        owner="ops",
        reason="fixed in the next release",
        link="https://tracker.example.org/7",
        expires="2027-01-31",
        state=WaiverState.USED,
    )
    root = _parsed(replace(run, waivers=(used, replace(used, id="old", state=WaiverState.STALE))))
    assert [(one.get("name"), len(one.findall("failure"))) for one in root.findall("testsuite[last()]/testcase")] == [
        ("msgs-is-null", 0),
        ("old", 1),
    ]
    assert root.get("failures") == "1"
    assert "the promise holds again" in str(next(root.iter("failure")).get("message"))


def test_what_fails_no_run_is_told_with_the_reason() -> None:
    run = passing_run()
    finding = Finding(promised="1", received="2", where="/n", page="", reproduce="curl …")
    case = run.cases[0].id
    claims = ("GET rooms.info#security:told-nothing", "GET rooms.info#field:200.n")
    told = [
        Outcome(claim=ClaimId.parse(one), check="c", case=case, verdict=Verdict.FAIL, findings=(finding,))
        for one in claims
    ]
    told.append(replace(told[1], findings=(replace(finding, waiver="w7"),)))
    (out,) = (str(one.text) for one in _parsed(replace(run, outcomes=tuple(told))).iter("system-out"))
    firsts = [block.partition("\n")[0] for block in out.split("\n\n")]
    assert firsts == ["security warning, fails no run:", "warning, fails no run:", "waived by w7, fails no run:"]
