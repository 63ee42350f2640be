"""Causes: what a run has found so far, so that one cause gives one finding, however many exchanges show it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from preflight.model.claim import ClaimId
from preflight.model.finding import Finding
from preflight.model.outcome import Outcome

# What differs from one exchange to the next without being another cause: ids, numbers, marks of a run.
_CHANGING = re.compile(
    r"pf-[0-9a-f]{6}|\bt\d{4}[0-9a-f]{6}\b"
    r"|\b[2-9A-Za-z]{17}\b|\b[0-9a-f]{24}\b|\b[0-9A-Za-z]{34,48}\b|\d+"
)


@dataclass(frozen=True, slots=True)
class Cause:
    """What makes two findings the same: the check, the claim, the place, and what was promised and came instead."""

    check: str
    claim: ClaimId
    where: str
    promised: str
    received: str


@dataclass(slots=True)
class Causes:
    """Every cause that cases have shown, how often, and in which of them first."""

    _first: dict[Cause, str] = field(default_factory=dict)
    _counts: dict[Cause, int] = field(default_factory=dict)

    def first_case(self, cause: Cause) -> str | None:
        """Name the case that showed a cause first; None where none has."""
        return self._first.get(cause)

    def note(self, cause: Cause, case: str, times: int = 1) -> None:
        """Remember that exchanges of a case show a cause."""
        self._first.setdefault(cause, case)
        self._counts[cause] = self._counts.get(cause, 0) + times

    def note_all(self, outcomes: Iterable[Outcome]) -> None:
        """Remember what the findings of outcomes show."""
        for outcome in outcomes:
            for finding in outcome.findings:
                self.note(cause_of(outcome, finding), outcome.case)

    def counted(self, outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
        """Write into findings how often their causes were shown."""
        return tuple(
            replace(outcome, findings=tuple(self._counted(outcome, finding) for finding in outcome.findings))
            if outcome.findings
            else outcome
            for outcome in outcomes
        )

    def _counted(self, outcome: Outcome, finding: Finding) -> Finding:
        cause = cause_of(outcome, finding)
        count = self._counts.get(cause, 1) if self._first.get(cause) == outcome.case else 1
        return replace(finding, count=count) if count > 1 else finding


def cause_of(outcome: Outcome, finding: Finding) -> Cause:
    """Give the cause of a finding."""
    return Cause(
        outcome.check, outcome.claim, _steady(finding.where), _steady(finding.promised), _steady(finding.received)
    )


def _steady(text: str) -> str:
    return _CHANGING.sub("*", text)
