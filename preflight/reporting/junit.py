"""junit.xml: the run for build servers, in the shape that Jenkins, GitLab and others read."""

import re
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from xml.etree import ElementTree as ET

from preflight.model.claim import ClaimKind
from preflight.model.finding import Finding
from preflight.model.outcome import Outcome
from preflight.model.run import CaseResult, Run
from preflight.model.verdict import Verdict
from preflight.reporting.account import in_full, waiver_line, worthless_waivers

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COUNTED = {"failures": (Verdict.FAIL,), "errors": (Verdict.ERROR,)}
_WAIVERS = "waivers"
_SKIPPED = (Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE)


def render(run: Run) -> str:
    """Give the run as JUnit XML: a suite for each suite, a testcase for each case."""
    outcomes: dict[str, list[Outcome]] = {}
    for outcome in run.outcomes:
        outcomes.setdefault(outcome.case, []).append(outcome)
    root = ET.Element(
        "testsuites",
        {"name": "preflight", **_all_counts(run), "time": _seconds(run.duration_s)},
    )
    for suite, cases in groupby(sorted(run.cases, key=attrgetter("suite")), key=attrgetter("suite")):
        root.append(_suite(run, suite, tuple(cases), outcomes))
    if run.waivers:
        root.append(_waivers(run))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(run: Run, name: str, cases: tuple[CaseResult, ...], outcomes: dict[str, list[Outcome]]) -> ET.Element:
    suite = ET.Element(
        "testsuite",
        {
            "name": _clean(name),
            **_counts(cases),
            "skipped": str(sum(case.verdict in _SKIPPED for case in cases)),
            "time": _seconds(sum(case.seconds for case in cases)),
            "timestamp": _timestamp(run.started),
            "hostname": _clean(run.target),
        },
    )
    properties = ET.SubElement(suite, "properties")
    for key, value in _properties(run):
        ET.SubElement(properties, "property", name=key, value=_clean(value))
    for case in cases:
        suite.append(_case(case, outcomes.get(case.id, ())))
    return suite


def _waivers(run: Run) -> ET.Element:
    """Give a suite of the waivers: one that is worth nothing fails the run, so a build server must see it fail."""
    failing = sum(waiver.fails for waiver in run.waivers)
    suite = ET.Element(
        "testsuite",
        {
            "name": _WAIVERS,
            "tests": str(len(run.waivers)),
            "failures": str(failing),
            "errors": "0",
            "skipped": "0",
            "time": _seconds(0),
            "timestamp": _timestamp(run.started),
            "hostname": _clean(run.target),
        },
    )
    worthless = worthless_waivers(run)
    for waiver in run.waivers:
        testcase = ET.SubElement(suite, "testcase", classname=_WAIVERS, name=_clean(waiver.id), time=_seconds(0))
        if waiver in worthless:
            _verdict(testcase, "failure", worthless[waiver], f"{waiver.state} waiver", waiver_line(waiver))
        else:
            ET.SubElement(testcase, "system-out").text = _clean(f"{waiver.state}: {waiver_line(waiver)}")
    return suite


def _all_counts(run: Run) -> dict[str, str]:
    counts = {name: int(number) for name, number in _counts(run.cases).items()}
    counts["tests"] += len(run.waivers)
    counts["failures"] += sum(waiver.fails for waiver in run.waivers)
    return {name: str(number) for name, number in counts.items()}


def _properties(run: Run) -> Iterable[tuple[str, str]]:
    own = {"target": run.target, "release": run.release, "profile": run.profile, "run": run.id}
    return sorted({**run.environment, **own}.items())


def _case(case: CaseResult, outcomes: Iterable[Outcome]) -> ET.Element:
    testcase = ET.Element(
        "testcase",
        classname=_clean(f"{case.suite}.{str(case.operation).replace('.', '_')}"),
        name=_clean(f"{case.operation}: {case.title} [{case.id.rpartition('/')[2]}]"),
        time=_seconds(case.seconds),
    )
    every = tuple(outcomes)
    findings = tuple(finding for outcome in every for finding in outcome.findings)
    match case.verdict:
        case Verdict.FAIL:
            accusing = tuple(finding for finding in findings if finding.waiver is None)
            told = _in_short(accusing, case.reason)
            _verdict(testcase, "failure", told, "broken promise", "\n\n".join(map(in_full, accusing)))
        case Verdict.ERROR:
            reason = case.reason or next((one.reason for one in every if one.verdict is Verdict.ERROR), "")
            _verdict(testcase, "error", reason or "no reason was given", "preflight stumbled", "")
        case Verdict.INCONCLUSIVE | Verdict.NOT_APPLICABLE:
            ET.SubElement(testcase, "skipped", message=_clean(f"{case.verdict}: {case.reason}"))
        case Verdict.PASS if findings:  # what fails no case is still worth reading
            ET.SubElement(testcase, "system-out").text = _clean("\n\n".join(map(_excused, every)).strip())
    return testcase


def _excused(outcome: Outcome) -> str:
    """Tell what was found and yet fails nothing, and why it does not."""
    sort = "security warning" if outcome.claim.kind is ClaimKind.SECURITY else "warning"
    return "\n\n".join(
        f"{f'waived by {finding.waiver}' if finding.waiver else sort}, fails no run:\n{in_full(finding)}"
        for finding in outcome.findings
    )


def _verdict(testcase: ET.Element, tag: str, message: str, kind: str, body: str) -> None:
    ET.SubElement(testcase, tag, message=_clean(message), type=kind).text = _clean(body)


def _in_short(findings: tuple[Finding, ...], reason: str) -> str:
    if not findings:
        return reason or "a promise is broken"
    first, more = findings[0], len(findings) - 1
    told = f"{first.where}: promised {first.promised}, received {first.received}"
    return f"{told} (and {more} more)" if more else told


def _counts(cases: Iterable[CaseResult]) -> dict[str, str]:
    every = tuple(cases)
    counted = {name: str(sum(case.verdict in verdicts for case in every)) for name, verdicts in _COUNTED.items()}
    return {"tests": str(len(every))} | counted


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _timestamp(started: str) -> str:
    """Give the start without a zone, as the schema of JUnit files demands; it is UTC."""
    return _clean(started.removesuffix("Z").partition("+")[0].partition(".")[0])


def _clean(text: str) -> str:
    """Write what XML cannot hold as its code point."""
    return _NO_XML.sub(lambda bad: f"\\u{ord(bad[0]):04x}", text)
