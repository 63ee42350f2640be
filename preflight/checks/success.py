"""Checks of the success answer as a whole: status, content type, envelope."""

from collections.abc import Iterator, Mapping

from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgements, judged
from preflight.checks.show import show
from preflight.model.claim import ClaimId, ClaimKind

MEDIA_TYPE = "application/json"


@check("success.status", "A valid request MUST be answered with the documented status.")
def success_status(evidence: Evidence) -> Judgements:
    """Judge the status of an accepted case."""
    return judged(_success(evidence), _wrong_status(evidence))


@check("success.content-type", "A success answer MUST be of the documented media type.")
def success_content_type(evidence: Evidence) -> Judgements:
    """Judge the media type; parameters such as a charset are no deviation."""
    if evidence.exchange.response.status == evidence.status and not evidence.is_realtime:
        yield from judged(_success(evidence), _wrong_media_type(evidence))


@check("success.envelope", "A success answer MUST say that it is one.")
def success_envelope(evidence: Evidence) -> Judgements:
    """Judge `success` and that the body is the documented kind of JSON."""
    if evidence.exchange.response.status == evidence.status:
        yield from judged(_success(evidence), _wrong_envelope(evidence))


def _success(evidence: Evidence) -> ClaimId | None:
    return evidence.claim(ClaimKind.SUCCESS, str(evidence.status))


def _wrong_status(evidence: Evidence) -> Iterator[Deviation]:
    status = evidence.exchange.response.status
    if status != evidence.status:
        told = evidence.body.get("error") if isinstance(evidence.body, Mapping) else None
        received = f"{status}, error {show(told)}" if told is not None else str(status)
        yield Deviation(promised=str(evidence.status), received=received, where="status")


def _wrong_media_type(evidence: Evidence) -> Iterator[Deviation]:
    received = evidence.exchange.response.header("content-type")
    if (received or "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        yield Deviation(promised=MEDIA_TYPE, received=received or "nothing", where="header content-type")


def _wrong_envelope(evidence: Evidence) -> Iterator[Deviation]:
    if not isinstance(evidence.body, Mapping):
        yield Deviation(promised="a JSON object", received=show(evidence.exchange.response.body), where="")
    elif evidence.claim(ClaimKind.FIELD, f"{evidence.status}.success") and evidence.body.get("success") is not True:
        yield Deviation(promised="true", received=show(evidence.body.get("success")), where="/success")
