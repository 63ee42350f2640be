"""Waiving: which findings of a run are accepted, and which waivers are worth nothing any more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from preflight.catalog.waivers import Waiver, Waivers
from preflight.model.claim import ClaimId
from preflight.model.outcome import Outcome
from preflight.model.run import ClaimResult, WaiverResult, WaiverState
from preflight.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiving:
    """The waivers of a deployment on the day of a run, in UTC; without any, nothing is accepted."""

    waivers: Waivers = field(default_factory=Waivers)
    today: date = date.min

    def marked(self, outcome: Outcome) -> Outcome:
        """Mark the findings of an outcome that a waiver accepts."""
        if not outcome.findings or not self.waivers.every:
            return outcome
        findings = [
            replace(finding, waiver=waiver.id)
            if (waiver := self.waivers.covering(outcome.claim, outcome.check, finding.where, self.today))
            else finding
            for finding in outcome.findings
        ]
        return replace(outcome, findings=tuple(findings))

    def results(self, claims: Mapping[ClaimId, ClaimResult], outcomes: Iterable[Outcome]) -> tuple[WaiverResult, ...]:
        """Say of each waiver about a claim of this run whether it was needed, holds no more, or cannot be told."""
        every = tuple(outcomes)
        used = {finding.waiver for outcome in every for finding in outcome.findings if finding.waiver}
        judged = {(each.claim, each.check) for each in every if each.verdict in {Verdict.PASS, Verdict.FAIL}}
        return tuple(
            WaiverResult(
                id=waiver.id,
                claim=waiver.claim,
                check=waiver.check,
                where=waiver.where,
                owner=waiver.owner,
                reason=waiver.reason,
                link=waiver.link,
                expires=waiver.expires.isoformat(),
                state=self._state(waiver, used=waiver.id in used, judged=(waiver.claim, waiver.check) in judged),
            )
            for waiver in self.waivers.every
            if waiver.claim in claims
        )

    def _state(self, waiver: Waiver, *, used: bool, judged: bool) -> WaiverState:
        if waiver.expires < self.today:
            return WaiverState.EXPIRED
        if used:
            return WaiverState.USED
        return WaiverState.STALE if judged else WaiverState.OPEN
