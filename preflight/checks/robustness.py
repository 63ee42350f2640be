"""Checks of robustness: however odd a request is, its answer is whole, the right one, and tells no secrets."""

import re
from collections.abc import Iterator, Mapping

from preflight.checks.check import check
from preflight.checks.evidence import MULTIPLE_CHOICES, Deviation, Evidence, Judgements, judged
from preflight.checks.refusals import effects
from preflight.checks.show import show
from preflight.model.claim import ClaimKind
from preflight.model.json import Json
from preflight.model.oddity import Odd

BAD_REQUEST = 400
UNAUTHORIZED = 401
NOT_FOUND, NOT_ALLOWED = 404, 405
SERVER_ERROR = 500
MEDIA_TYPE = "application/json"
# What is slow is so beside a usual request, every time, and by more than anybody would call chance.
SLOWER, NOTICED_S = 8, 0.1

# What only the inside of the server says: names of its errors, of its database, its files, its stack.
INTERNAL = re.compile(
    r"\b(?:TypeError|ReferenceError|RangeError|SyntaxError|EvalError|Mongo\w*Error|BSON|ECONNREFUSED|E11000)\b"
    r"|is not a function|is not iterable|Cannot (?:read|set|destructure) propert|of undefined|of null"
    r"|Unexpected (?:token|end of JSON)|Failed to parse: \w+ must be"
    r"|\bat \S+ \(?\S+:\d+:\d+|/[\w.-]+/[\w./-]+\.(?:js|ts)\b|node_modules|programs/server"
)


@check("robustness.no-server-error", "No request MUST be answered with a server error.")
def no_server_error(evidence: Evidence) -> Judgements:
    """Judge the status of any answer."""
    return judged(evidence.claim(ClaimKind.ROBUSTNESS, "no-server-error"), _server_error(evidence))


@check("robustness.no-internals", "A refusal MUST NOT tell of the inside of the server.")
def no_internals(evidence: Evidence) -> Judgements:
    """Judge the texts of a refusal; what the request itself said is no news of the server."""
    if evidence.exchange.response.status >= BAD_REQUEST:
        yield from judged(evidence.claim(ClaimKind.ROBUSTNESS, "no-internals"), _internals(evidence))


@check("robustness.envelope", "Body and status MUST agree on whether a request succeeded.")
def envelope_agrees(evidence: Evidence) -> Judgements:
    """Judge `success`, where an answer has it; its absence is judged by the fields of the operation."""
    if isinstance(evidence.body, Mapping):
        yield from judged(evidence.claim(ClaimKind.ROBUSTNESS, "envelope-agrees"), _contradiction(evidence))


@check("robustness.json", "Success and refusal MUST come as application/json.")
def json_always(evidence: Evidence) -> Judgements:
    """Judge the media type of what a handler answers; a body that is neither object nor array never reaches one."""
    status, sent = evidence.exchange.response.status, evidence.exchange.request.body
    if status < SERVER_ERROR and status not in {NOT_FOUND, NOT_ALLOWED} and (not sent or sent[0] in "[{("):
        yield from judged(evidence.claim(ClaimKind.ROBUSTNESS, "json-always"), _wrong_media_type(evidence))


@check("robustness.error-documented", "A refusal SHOULD have an errorType that is documented for the operation.")
def error_documented(evidence: Evidence) -> Judgements:
    """Judge the errorType of a refusal; one without is judged by the refusals of the operation."""
    body, status = evidence.body, evidence.exchange.response.status
    told = body.get("errorType") if isinstance(body, Mapping) else None
    if status >= BAD_REQUEST and told is not None:
        yield from judged(evidence.claim(ClaimKind.ROBUSTNESS, "error-documented"), _undocumented(evidence, told))


@check("robustness.headers", "An answer MUST have the headers that every answer of the workspace has.")
def headers_kept(evidence: Evidence) -> Judgements:
    """Judge the headers of any answer by those of the usual one."""
    if evidence.usual:
        yield from judged(evidence.claim(ClaimKind.ROBUSTNESS, "headers-kept"), _other_headers(evidence))


@check("robustness.required", "A request without a required parameter MUST be refused.")
def required_demanded(evidence: Evidence) -> Judgements:
    """Judge a request that leaves a required parameter out."""
    return _must_be_refused(evidence, Odd.MISSING, ClaimKind.ROBUSTNESS, "required-demanded")


@check("robustness.unknown", "An id that nothing has MUST be refused.")
def unknown_refused(evidence: Evidence) -> Judgements:
    """Judge a request that names what there is not."""
    return _must_be_refused(evidence, Odd.UNKNOWN, ClaimKind.ROBUSTNESS, "unknown-refused")


@check("robustness.operator", "An operator of a query language in the place of an id MUST be refused.")
def operator_refused(evidence: Evidence) -> Judgements:
    """Judge a request whose id is an operator that would match something."""
    return _must_be_refused(evidence, Odd.OPERATOR, ClaimKind.SECURITY, "operators-refused")


@check("robustness.pattern", "A pattern in the place of an id MUST NOT be taken for what it matches.")
def pattern_refused(evidence: Evidence) -> Judgements:
    """Judge a request whose id is a pattern that would match something."""
    return _must_be_refused(evidence, Odd.PATTERN, ClaimKind.SECURITY, "patterns-refused")


@check("robustness.shape", "An object or a list in the place of a single value MUST be refused.")
def shape_refused(evidence: Evidence) -> Judgements:
    """Judge a request in which a single value has another shape."""
    return _must_be_refused(evidence, Odd.SHAPE, ClaimKind.ROBUSTNESS, "shapes-refused")


@check("robustness.spelling", "A truth value that is written as a text MUST be read alike.")
def spelling_read(evidence: Evidence) -> Judgements:
    """Judge a request in which a truth value is a text, beside the one in which it is none."""
    return _must_be_accepted(evidence, Odd.SPELLING, "spellings-read")


@check("robustness.script", "A text of any script MUST be accepted where a plain one is.")
def script_accepted(evidence: Evidence) -> Judgements:
    """Judge a request with a text of another script, beside the one with a plain text."""
    return _must_be_accepted(evidence, Odd.SCRIPT, "scripts-accepted")


@check("robustness.link", "What an answer names MUST be accepted where it leads.")
def link_leads(evidence: Evidence) -> Judgements:
    """Judge a request whose ids come from the answer to another."""
    return _must_be_accepted(evidence, Odd.LINKED, "links-lead")


@check("robustness.no-effect", "A refused request MUST change nothing, however odd it is.")
def refused_without_effect(evidence: Evidence) -> Judgements:
    """Judge the workspace before and after refused requests."""
    if evidence.oddity is not None and evidence.before is not None:
        claim = evidence.claim(ClaimKind.ROBUSTNESS, "refused-without-effect")
        yield from judged(claim, effects(evidence.before, evidence.after))


@check("robustness.time", "An answer SHOULD come about as fast as to other requests of the operation.")
def answered_in_time(evidence: Evidence) -> Judgements:
    """Judge pairs of times: of a request, and of a usual one asked right beside it."""
    if evidence.times:
        slow = all(is_slow(odd, usual) for odd, usual in evidence.times)
        odd, usual = min(evidence.times)
        deviation = Deviation(
            promised="about as fast as other requests",
            received=f"{round(odd / max(usual, 0.001))} times as slow, each of {len(evidence.times)} times",
            where="time",
        )
        yield from judged(evidence.claim(ClaimKind.ROBUSTNESS, "answered-in-time"), (deviation,) if slow else ())


def is_slow(odd: float, usual: float) -> bool:
    """Tell whether one answer took many times as long as another, both in seconds."""
    return odd > SLOWER * usual and odd - usual > NOTICED_S


def _must_be_accepted(evidence: Evidence, odd: Odd, subject: str) -> Judgements:
    oddity = evidence.oddity
    if oddity is not None and oddity.kind is odd and oddity.plain:
        told = evidence.body.get("error") if isinstance(evidence.body, Mapping) else None
        deviation = Deviation(
            promised=f"accepted: {oddity.words}",
            received=f"{evidence.exchange.response.status}, error {show(told)}",
            where="status",
        )
        yield from judged(evidence.claim(ClaimKind.ROBUSTNESS, subject), () if evidence.succeeded else (deviation,))


def _must_be_refused(evidence: Evidence, odd: Odd, kind: ClaimKind, subject: str) -> Judgements:
    oddity = evidence.oddity
    if oddity is not None and oddity.kind is odd:
        deviation = Deviation(
            promised=f"refused: {oddity.words}",
            received=f"{evidence.exchange.response.status}, success",
            where="status",
        )
        yield from judged(evidence.claim(kind, subject), (deviation,) if evidence.succeeded else ())


def _server_error(evidence: Evidence) -> Iterator[Deviation]:
    response = evidence.exchange.response
    if response.status >= SERVER_ERROR:
        yield Deviation(
            promised="a status below 500", received=f"{response.status}, {show(response.body)}", where="status"
        )


def _internals(evidence: Evidence) -> Iterator[Deviation]:
    sent = f"{evidence.exchange.request.url} {evidence.exchange.request.body or ''}"
    for where, text in _texts(evidence.body, ""):
        found = INTERNAL.search(text)
        if found and found.group() not in sent:
            yield Deviation(promised="nothing of the inside of the server", received=show(text), where=where)


def _texts(value: Json, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, f"{where}/{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{where}/{index}")


def _contradiction(evidence: Evidence) -> Iterator[Deviation]:
    told = evidence.body.get("success") if isinstance(evidence.body, Mapping) else None
    status = evidence.exchange.response.status
    if (told is True and status >= BAD_REQUEST) or (told is False and status < MULTIPLE_CHOICES):
        yield Deviation(promised=show(not told), received=f"{show(told)} with {status}", where="/success")


def _wrong_media_type(evidence: Evidence) -> Iterator[Deviation]:
    received = evidence.exchange.response.header("content-type") or ""
    if received.partition(";")[0].strip().lower() != MEDIA_TYPE:
        yield Deviation(promised=MEDIA_TYPE, received=received or "nothing", where="header content-type")


def _undocumented(evidence: Evidence, told: Json) -> Iterator[Deviation]:
    known = {refusal.body.get("errorType") for refusal in evidence.contract.refusals}
    # A refusal is called by the errorType of its page, which is documented even where a release mostly says another.
    if told not in known and told not in {refusal.id for refusal in evidence.contract.refusals}:
        documented = ", ".join(sorted(str(each) for each in known if each is not None)) or "none"
        yield Deviation(promised=f"one of the documented: {documented}", received=show(told), where="/errorType")


def _other_headers(evidence: Evidence) -> Iterator[Deviation]:
    for name, value in evidence.usual.items():
        received = evidence.exchange.response.header(name)
        if received != value:
            yield Deviation(promised=value, received=received or "nothing", where=f"header {name}")
