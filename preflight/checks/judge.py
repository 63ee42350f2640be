"""Judging: checks over evidence give outcomes with findings."""

from collections.abc import Iterator, Sequence

from preflight.checks.check import Check
from preflight.checks.evidence import Evidence, Judgement
from preflight.checks.known import CHECKS
from preflight.checks.reproduce import curl
from preflight.model.claim import Claim
from preflight.model.finding import Finding
from preflight.model.outcome import Outcome
from preflight.model.verdict import Verdict


def judge(checks: Sequence[str], evidence: Evidence, case: str) -> tuple[Outcome, ...]:
    """Run checks by their ids over one exchange; `case` is the id of the case result that holds the evidence."""
    return tuple(outcome for name in checks for outcome in _outcomes(CHECKS[name], evidence, case))


def _outcomes(check: Check, evidence: Evidence, case: str) -> Iterator[Outcome]:
    for judgement in check.judge(evidence):
        findings = tuple(_findings(judgement, evidence))
        yield Outcome(
            claim=judgement.claim,
            check=check.id,
            case=case,
            verdict=Verdict.FAIL if findings else Verdict.PASS,
            findings=findings,
        )


def _findings(judgement: Judgement, evidence: Evidence) -> Iterator[Finding]:
    claim: Claim = evidence.claims[judgement.claim]
    for deviation in judgement.deviations:
        yield Finding(
            promised=deviation.promised,
            received=deviation.received,
            where=deviation.where,
            page=claim.page,
            reproduce=curl(deviation.exchange or evidence.exchange),
        )
