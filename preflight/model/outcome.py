"""Outcomes: what one check concluded about one claim from one case."""

from dataclasses import dataclass

from preflight.model.claim import ClaimId
from preflight.model.finding import Finding
from preflight.model.operation import OperationKey
from preflight.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A check's verdict on a claim; `case` names the case result that holds the evidence.

    `reason` says why where the verdict is neither pass nor fail.
    """

    claim: ClaimId
    check: str
    case: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    reason: str = ""

    @property
    def id(self) -> str:
        """Stable across runs: claim, case and check."""
        return f"{self.claim}@{self.case}!{self.check}"

    @property
    def waived(self) -> bool:
        """Whether everything that was found is accepted for this deployment."""
        return bool(self.findings) and all(finding.waiver for finding in self.findings)

    @property
    def operation(self) -> OperationKey:
        """The operation that the claim is about."""
        return self.claim.operation
