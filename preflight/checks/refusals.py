"""Checks of a refusal: status, envelope, errorType, error text, and that nothing was done all the same."""

from collections.abc import Iterator, Mapping

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from preflight.checks.changes import changes
from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgements, judged
from preflight.checks.show import show
from preflight.checks.values import compared, seen_afterwards
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.json import Json
from preflight.model.pointer import pointer

_REALTIME_TEXTS = ("reason", "message")


@check("refusal.status", "A refused request MUST be answered with the documented status.")
def refusal_status(evidence: Evidence) -> Judgements:
    """Judge the status of a refused case."""
    return judged(_refusal(evidence), _wrong_status(evidence))


@check("refusal.envelope", "A refusal MUST NOT claim success, and of a realtime method MUST be an error object.")
def refusal_envelope(evidence: Evidence) -> Judgements:
    """Judge `success` in the body of a refusal, or the form of an error object."""
    wrong = _wrong_error_object(evidence) if evidence.is_realtime else _wrong_envelope(evidence)
    return judged(_refusal(evidence), wrong)


@check("refusal.error-type", "A refusal MUST carry the documented error code.")
def refusal_error_type(evidence: Evidence) -> Judgements:
    """Judge the code (`errorType`, of a realtime method `error`), where one is documented and the status is right."""
    key = "error" if evidence.is_realtime else "errorType"
    return judged(_refusal(evidence) if _names(evidence, key) else None, _wrong(evidence, key))


@check("refusal.error-text", "A refusal MUST carry the documented error text.")
def refusal_error_text(evidence: Evidence) -> Judgements:
    """Judge the text (`error` and `details`, of a realtime method `reason` and `message`) where the status is right."""
    keys = [key for key in (_REALTIME_TEXTS if evidence.is_realtime else ("error",)) if _names(evidence, key)]
    if keys or (evidence.values and _is_refusal(evidence)):
        yield from judged(
            _refusal(evidence),
            [
                *(found for key in keys for found in _wrong(evidence, key)),
                *_wrong_details(evidence),
                *(found for _, found in compared(evidence.body, evidence.values, ()) if found),
            ],
        )


@check("refusal.no-effect", "A refused request MUST change nothing.")
def refusal_no_effect(evidence: Evidence) -> Judgements:
    """Judge the workspace after a refused case by the workspace before, and by what was read afterwards."""
    if evidence.before is not None:
        looks = [found for look in evidence.looks for found in seen_afterwards(look)]
        yield from judged(_refusal(evidence), [*effects(evidence.before, evidence.after), *looks])


def _refusal(evidence: Evidence) -> ClaimId | None:
    refusal = evidence.refusal
    return evidence.claim(ClaimKind.REFUSAL, f"{refusal.status}.{refusal.id}") if refusal else None


def _wrong_status(evidence: Evidence) -> Iterator[Deviation]:
    status = evidence.exchange.response.status
    if evidence.refusal and status != evidence.refusal.status:
        yield Deviation(promised=str(evidence.refusal.status), received=str(status), where="status")


def _wrong_envelope(evidence: Evidence) -> Iterator[Deviation]:
    body = evidence.body
    if evidence.refusal is None or "success" not in evidence.refusal.body:
        return
    if not isinstance(body, Mapping):
        yield Deviation(
            promised="a JSON object", received=show(evidence.exchange.response.body), where="header content-type"
        )
    elif body.get("success") is not False:
        yield Deviation(promised="false", received=show(body.get("success")), where="/success")


def _wrong_error_object(evidence: Evidence) -> Iterator[Deviation]:
    response = evidence.contract.responses.get(evidence.exchange.response.status)
    if response is None or response.accepts or response.schema is None:
        return
    error = best_match(Draft202012Validator(response.schema).iter_errors(evidence.body))
    if error is not None:
        told = f"{error.validator} {show(error.validator_value)}"
        yield Deviation(promised=told, received=show(evidence.body), where=pointer(error.absolute_path))


def _is_refusal(evidence: Evidence) -> bool:
    """Whether the answer is a refusal that can be compared with the promised one."""
    return (
        evidence.refusal is not None
        and evidence.exchange.response.status == evidence.refusal.status
        and isinstance(evidence.body, Mapping)
    )


def _names(evidence: Evidence, key: str) -> bool:
    """Whether the refusal documents `key`, and the answer can be compared with it."""
    return evidence.refusal is not None and key in evidence.refusal.body and _is_refusal(evidence)


def _wrong(evidence: Evidence, key: str) -> Iterator[Deviation]:
    if not _names(evidence, key) or evidence.refusal is None or not isinstance(evidence.body, Mapping):
        return
    promised = evidence.refusal.body[key]
    if key == "error" and evidence.error is not None:
        promised = evidence.error
    received = evidence.body.get(key)
    if unwrapped(received) != unwrapped(promised):
        yield Deviation(promised=show(promised), received=show(received), where=f"/{key}")


def _wrong_details(evidence: Evidence) -> Iterator[Deviation]:
    body, refusal = evidence.body, evidence.refusal
    promised = refusal.body.get("details") if refusal else None
    received = body.get("details") if isinstance(body, Mapping) else None
    if not isinstance(promised, Mapping):
        return
    for key, value in promised.items():
        got = received.get(key) if isinstance(received, Mapping) else None
        if got != value:
            yield Deviation(promised=show(value), received=show(got), where=pointer(("details", key)))


def unwrapped(text: Json) -> Json:
    """Give a text with plain newlines, so that two of them can be compared."""
    # Validation messages are joined by a newline, with or without a space behind it, depending on the minor release.
    return text.replace("\n ", "\n") if isinstance(text, str) else text


def effects(before: Json, after: Json) -> Iterator[Deviation]:
    """Give the first place at which the workspace is otherwise than before, its clock apart."""
    found = list(changes(before, after))
    telling = [change for change in found if change.where[-1:] != ("_updatedAt",)]
    for change in (telling or found)[:1]:
        yield Deviation(
            promised=f"unchanged: {show(change.before)}",
            received=show(change.after),
            where=f"afterwards {pointer(change.where)}",
        )
