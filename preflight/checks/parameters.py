"""Checks of parameters: the documented ones are accepted, the required ones demanded."""

import re
from collections.abc import Mapping

from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgement, Judgements, judged
from preflight.checks.show import show
from preflight.model.claim import ClaimKind


@check("parameter.accepted", "A documented parameter MUST be accepted.")
def parameter_accepted(evidence: Evidence) -> Judgements:
    """Judge the parameters of an accepted case.

    A refusal is laid to a parameter only where it names the parameter, or where this parameter alone tells the case
    from the simplest accepted one: one cause gives one finding.
    """
    for subject in sorted(evidence.sent):
        claim = evidence.claim(ClaimKind.PARAMETER, subject)
        if claim is None:
            continue
        if evidence.succeeded:
            yield Judgement(claim=claim)
        elif _is_to_blame(subject, evidence):
            yield Judgement(claim=claim, deviations=(_not_accepted(subject, evidence),))


@check("parameter.required", "A request without a required parameter MUST be refused.")
def parameter_required(evidence: Evidence) -> Judgements:
    """Judge a case that leaves required parameters out."""
    for subject in evidence.omits:
        deviation = Deviation(
            promised=f"refused without {subject}",
            received=f"{evidence.exchange.response.status}, success",
            where="status",
        )
        yield from judged(evidence.claim(ClaimKind.PARAMETER, subject), (deviation,) if evidence.succeeded else ())


def _is_to_blame(subject: str, evidence: Evidence) -> bool:
    if evidence.novel == {subject}:
        return True
    told = evidence.body.get("error") if isinstance(evidence.body, Mapping) else None
    name = subject.rpartition(".")[2].removesuffix("[]")
    return isinstance(told, str) and re.search(rf"\b{re.escape(name)}\b", told) is not None


def _not_accepted(subject: str, evidence: Evidence) -> Deviation:
    told = evidence.body.get("error") if isinstance(evidence.body, Mapping) else None
    return Deviation(
        promised=f"{subject} is accepted",
        received=f"{evidence.exchange.response.status}, error {show(told)}",
        where="status",
    )
