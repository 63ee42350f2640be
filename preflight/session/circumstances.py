"""Circumstances: why a case could not be judged, apart from any fault of the target or of Preflight."""

from collections.abc import Mapping

from preflight.model.json import Json
from preflight.wire.pace import REALTIME_LIMIT, TOO_MANY_REQUESTS
from preflight.wire.rest import Answer

BAD_REQUEST, UNAUTHORIZED, FORBIDDEN = 400, 401, 403
MULTIPLE_CHOICES = 300
SERVER_ERROR = 500
GATEWAY = frozenset({407, 502, 503, 504})


class CircumstanceError(Exception):
    """Something beside the judged request prevents a judgement: the case is inconclusive."""


class RefusedError(CircumstanceError):
    """The target refused an arranging request."""


class UnsentError(CircumstanceError):
    """A request would have changed what this run may not change; it was not sent."""


class RateLimitedError(CircumstanceError):
    """The rate limiter refused a request; it says nothing about the next try."""


class GatewayError(CircumstanceError):
    """Something in front of the target answered in its place; it says nothing about the next try."""


class NotApplicableError(Exception):
    """The question does not arise on this target; the text is the evidence."""


def succeeded(answer: Answer) -> bool:
    """Tell whether an arranging request did what it should."""
    denied = isinstance(answer.body, Mapping) and answer.body.get("success") is False
    return answer.status < MULTIPLE_CHOICES and isinstance(answer.body, Mapping) and not denied


def is_refusal(answer: Answer) -> bool:
    """Tell whether the target plainly did not do what it was asked; an answer that cannot be read says nothing."""
    denied = isinstance(answer.body, Mapping) and answer.body.get("success") is False
    return BAD_REQUEST <= answer.status < SERVER_ERROR or (denied and answer.status < SERVER_ERROR)


def is_denial(answer: Answer) -> bool:
    """Tell whether the target looked for what it was asked to change, and refused.

    It did not look for who is not known, lacks the right or asks too often; nor did what answers in its place.
    """
    nobody_looked = {UNAUTHORIZED, FORBIDDEN, TOO_MANY_REQUESTS}
    return isinstance(answer.body, Mapping) and is_refusal(answer) and answer.status not in nobody_looked


def told(answer: Answer) -> str:
    """Give the status and error text of an answer in a few words."""
    error = answer.body.get("error") if isinstance(answer.body, Mapping) else None
    return f"{answer.status}{f', {error}' if error else ''}"


def demand(answer: Answer, what: str) -> Mapping[str, Json]:
    """Give the body of an arranging answer.

    Raises:
        CircumstanceError: when the answer is no success; says what could not be arranged.
    """
    if not succeeded(answer) or not isinstance(answer.body, Mapping):
        raise CircumstanceError(f"could not arrange {what}: {told(answer)}")
    return answer.body


def refuse_missing_right(answer: Answer, actor: str) -> Answer:
    """Let an answer to a valid request pass unless it says that the caller lacks a right.

    Raises:
        CircumstanceError: for a 403; whether the right should be there is for the administrator to say.
    """
    if answer.status == FORBIDDEN:
        raise CircumstanceError(f"{actor} lacks a right: {told(answer)}")
    return answer


def refuse_others(answer: Answer) -> Answer:
    """Let an answer pass that the target itself gave, and not its rate limiter or what stands in front of it.

    Raises:
        GatewayError, RateLimitedError: as `refuse_gateway` and `refuse_rate_limited` do.
    """
    return refuse_gateway(refuse_rate_limited(answer))


def refuse_unable(answer: Answer, what: str) -> Answer:
    """Let an answer pass that tells something of what was asked, be it a refusal; `what` was asked.

    Raises:
        RateLimitedError: for a 429.
        CircumstanceError: for a status of 500 and more, of the target or of what stands in front of it.
    """
    if refuse_rate_limited(answer).status >= SERVER_ERROR:
        raise CircumstanceError(f"{what} could not be asked: {told(answer)}")
    return answer


def refuse_gateway(answer: Answer) -> Answer:
    """Let an answer pass unless what stands in front of the target gave it.

    Raises:
        GatewayError: for a 407, 502, 503 or 504, which no route of the API answers.
    """
    if answer.status in GATEWAY:
        raise GatewayError(f"something in front of the target answered {answer.status} in its place")
    return answer


def refuse_rate_limited(answer: Answer) -> Answer:
    """Let an answer pass unless the rate limiter gave it.

    Raises:
        RateLimitedError: for a 429, which says nothing about the operation.
    """
    if answer.status == TOO_MANY_REQUESTS:
        raise RateLimitedError("the rate limiter refused the request (429)")
    if isinstance(answer.body, Mapping) and answer.body.get("error") == REALTIME_LIMIT:
        raise RateLimitedError(f"the rate limiter refused the call ({REALTIME_LIMIT})")
    return answer
