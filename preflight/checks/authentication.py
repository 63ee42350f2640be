"""Checks of authentication: nobody gets in without a valid login, and the refusal reads as documented."""

from collections.abc import Iterator

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from preflight.catalog.contract import Refusal
from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgement, Judgements, judged
from preflight.checks.show import show
from preflight.model.claim import ClaimKind
from preflight.model.json import Json
from preflight.model.pointer import pointer

UNAUTHORIZED = 401


@check("authentication.demanded", "A request without a valid login MUST be refused as documented.")
def authentication_demanded(evidence: Evidence) -> Judgements:
    """Judge the login demand; where a header was left out, also that this header is required."""
    deviations = tuple(_wrong_anonymous(evidence) if evidence.is_realtime else _no_401(evidence))
    yield from judged(evidence.claim(ClaimKind.AUTHENTICATION), deviations)
    for header in evidence.omits:
        if deviations == ():
            yield from judged(evidence.claim(ClaimKind.PARAMETER, header), ())


@check("authentication.body", "The refusal of a request without a valid login MUST read as documented.")
def authentication_body(evidence: Evidence) -> Judgements:
    """Judge the body of a refusal by the documented one."""
    for refusal in _refusals_without_login(evidence):
        claim = evidence.claim(ClaimKind.REFUSAL, refusal.subject)
        if claim is not None:
            yield Judgement(claim=claim, deviations=tuple(_differences(dict(refusal.body), evidence.body)))


def _no_401(evidence: Evidence) -> Iterator[Deviation]:
    status = evidence.exchange.response.status
    if status != UNAUTHORIZED:
        yield Deviation(promised=str(UNAUTHORIZED), received=str(status), where="status")


def _wrong_anonymous(evidence: Evidence) -> Iterator[Deviation]:
    anonymous = evidence.contract.anonymous
    if anonymous is None:
        return
    told = "an error" if anonymous.refusal else "a result"
    if evidence.exchange.response.status != anonymous.status:
        yield Deviation(promised=f"{told} without a login", received=show(evidence.body), where="")
        return
    error = best_match(Draft202012Validator(anonymous.schema).iter_errors(evidence.body))
    if error is not None:
        yield Deviation(
            promised=f"{error.validator} {show(anonymous.schema)}",
            received=show(evidence.body),
            where=pointer(error.absolute_path),
        )


def _refusals_without_login(evidence: Evidence) -> Iterator[Refusal]:
    status = evidence.exchange.response.status
    if evidence.is_realtime:
        anonymous = evidence.contract.anonymous
        refusal = evidence.contract.refusal(f"{status}.{anonymous.refusal}") if anonymous else None
        if refusal is not None:
            yield refusal
    elif status == UNAUTHORIZED and UNAUTHORIZED in evidence.contract.responses:
        yield from evidence.contract.responses[UNAUTHORIZED].refusals


def _differences(promised: dict[str, Json], body: Json) -> Iterator[Deviation]:
    if not isinstance(body, dict):
        yield Deviation(promised="a JSON object", received=show(body), where="")
        return
    for key, value in promised.items():
        if key not in body:
            yield Deviation(promised=show(value), received="nothing", where=f"/{key}")
        elif body[key] != value:
            yield Deviation(promised=show(value), received=show(body[key]), where=f"/{key}")
