"""Checks of authentication: nobody gets in without a valid login, and the refusal reads as documented."""

from collections.abc import Iterator

from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgement, Judgements, judged
from preflight.checks.show import show
from preflight.model.claim import ClaimKind
from preflight.model.json import Json

UNAUTHORIZED = 401


@check("authentication.demanded", "A request without a valid login MUST be refused with 401.")
def authentication_demanded(evidence: Evidence) -> Judgements:
    """Judge the login demand; where a header was left out, also that this header is required."""
    status = evidence.exchange.response.status
    deviations = () if status == UNAUTHORIZED else (Deviation(promised="401", received=str(status), where="status"),)
    yield from judged(evidence.claim(ClaimKind.AUTHENTICATION), deviations)
    for header in evidence.omits:
        if deviations == ():
            yield from judged(evidence.claim(ClaimKind.PARAMETER, header), ())


@check("authentication.body", "The refusal of a request without a valid login MUST read as documented.")
def authentication_body(evidence: Evidence) -> Judgements:
    """Judge the body of a 401 by the documented one."""
    response = evidence.contract.responses.get(UNAUTHORIZED)
    if response is None or evidence.exchange.response.status != UNAUTHORIZED:
        return
    for refusal in response.refusals:
        claim = evidence.claim(ClaimKind.REFUSAL, f"401.{refusal.id}")
        if claim is not None:
            yield Judgement(claim=claim, deviations=tuple(_differences(dict(refusal.body), evidence.body)))


def _differences(promised: dict[str, Json], body: Json) -> Iterator[Deviation]:
    if not isinstance(body, dict):
        yield Deviation(promised="a JSON object", received=show(body), where="")
        return
    for key, value in promised.items():
        if key not in body:
            yield Deviation(promised=show(value), received="nothing", where=f"/{key}")
        elif body[key] != value:
            yield Deviation(promised=show(value), received=show(body[key]), where=f"/{key}")
