"""Check of permissions: who lacks the documented right is refused."""

from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgements, judged
from preflight.model.claim import ClaimKind


@check("permission.demanded", "Who lacks the documented permission MUST be refused.")
def permission_demanded(evidence: Evidence) -> Judgements:
    """Judge a case whose caller does not have the permission."""
    if evidence.lacks is None:
        return iter(())
    deviation = Deviation(
        promised=f"refused without the permission {evidence.lacks}",
        received=str(evidence.exchange.response.status),
        where="status",
    )
    claim = evidence.claim(ClaimKind.PERMISSION, evidence.lacks)
    return judged(claim, (deviation,) if evidence.succeeded else ())
