"""Checks of authorization: who may not is refused, is told nothing and changes nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote_plus

from preflight.catalog.contract import Refusal
from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgements, Secret, Try, judged
from preflight.checks.refusals import effects, unwrapped
from preflight.checks.show import show
from preflight.checks.values import compared
from preflight.model.claim import ClaimKind
from preflight.model.exchange import Direction, Exchange
from preflight.model.json import Json
from preflight.model.pointer import pointer

Place = tuple[str | int, ...]
Found = Callable[[Try], Iterable[Deviation]]


@check("authorization.refused", "Who may not MUST be refused in the documented way.")
def authorization_refused(evidence: Evidence) -> Judgements:
    """Judge status and code of each try that must be refused."""
    return _judged(evidence, "refused", lambda each: bool(each.refusals), _not_refused)


@check("authorization.no-leak", "An answer MUST tell nothing of a private thing to who may not know of it.")
def authorization_no_leak(evidence: Evidence) -> Judgements:
    """Judge the whole answer of each try by what is private, and was not said by who asked."""
    return _judged(evidence, "told-nothing", lambda each: not each.allowed, _leaked)


@check("authorization.no-effect", "What somebody tries who may not MUST change nothing.")
def authorization_no_effect(evidence: Evidence) -> Judgements:
    """Judge private things after each try by how their members knew them before."""
    return _judged(evidence, "change-nothing", lambda each: not each.allowed, _changed)


def _judged(evidence: Evidence, promise: str, concerns: Callable[[Try], bool], deviations: Found) -> Judgements:
    """Judge one claim by every try that concerns it."""
    by_claim: defaultdict[str, list[Deviation]] = defaultdict(list)
    for each in evidence.tries:
        if concerns(each):
            by_claim[f"{each.about}.{promise}"] += [_told(found, each) for found in deviations(each)]
    for subject, found in by_claim.items():
        yield from judged(evidence.claim(ClaimKind.SECURITY, subject), found)


def _told(found: Deviation, each: Try) -> Deviation:
    """Say of a deviation what was tried, and in which exchange."""
    return replace(found, promised=f"{found.promised} where {each.title}", exchange=each.exchange)


# -- refused ---------------------------------------------------------------------------------------------------------


def _not_refused(each: Try) -> Iterator[Deviation]:
    """Give the departure from the refusal that comes nearest, unless one fits."""
    departures = [tuple(_unlike(each.exchange, refusal)) for refusal in each.refusals]
    if () not in departures:
        yield from min(departures, key=len)


def _unlike(exchange: Exchange, refusal: Refusal) -> Iterator[Deviation]:
    status, body = exchange.response.status, _json(exchange)
    if status != refusal.status:
        yield Deviation(promised=f"{refusal.status} {_name(refusal)}", received=_summary(status, body), where="status")
        return
    if not isinstance(body, Mapping):
        yield Deviation(promised="a JSON object", received=show(exchange.response.body), where="")
        return
    for key in _telling(refusal):
        if unwrapped(body.get(key)) != unwrapped(refusal.body[key]):
            yield Deviation(promised=show(refusal.body[key]), received=show(body.get(key)), where=f"/{key}")


def _telling(refusal: Refusal) -> tuple[str, ...]:
    """Name what tells a refusal from others: success, and its code, or its text where it has none."""
    code = "errorType" if "errorType" in refusal.body else "error"
    return tuple(key for key in ("success", code) if key in refusal.body)


def _name(refusal: Refusal) -> str:
    return refusal.id.partition("~")[0]


def _summary(status: int, body: Json) -> str:
    error = body.get("error") if isinstance(body, Mapping) else None
    return f"{status}, error {show(error)}" if error is not None else str(status)


# -- told nothing ----------------------------------------------------------------------------------------------------


def _leaked(each: Try) -> Iterator[Deviation]:
    """Give the first private thing that an answer tells, with the number of others; and what it says otherwise."""
    said = _said(each.exchange)
    told = [(where, secret) for secret in each.secrets if secret.value not in said for where in _places(each, secret)]
    if told:
        where, secret = min(told, key=lambda pair: len(pair[0]))
        others = len({other.value for _, other in told}) - 1
        more = f", and {others} more of what is private" if others else ""
        yield Deviation(
            promised=f"nothing of {secret.owner}",
            received=f"{secret.what} of {secret.owner}, {show(secret.value)}{more}",
            where=where,
        )
    if each.exchange.response.status < _REFUSING:
        yield from (found for _, found in compared(_json(each.exchange), each.values, ()) if found)


_REFUSING = 300


def _said(exchange: Exchange) -> str:
    sent = [frame.text for frame in exchange.frames if frame.direction is Direction.SENT]
    return "\n".join([unquote_plus(exchange.request.url), exchange.request.body or "", *sent])


def _places(each: Try, secret: Secret) -> Iterator[str]:
    """Give where an answer tells a secret: in its body, or in a header."""
    response = each.exchange.response
    if secret.value in response.body:
        yield next((pointer(place) for place in _at(_json(each.exchange), secret.value, ())), "")
    yield from (f"header {name}" for name, value in response.headers if secret.value in value)


def _at(value: Json, text: str, place: Place) -> Iterator[Place]:
    if isinstance(value, str) and text in value:
        yield place
    elif isinstance(value, Mapping):
        for key, child in value.items():
            if text in key:
                yield (*place, key)
            yield from _at(child, text, (*place, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _at(child, text, (*place, index))


def _json(exchange: Exchange) -> Json:
    try:
        return exchange.response.json()
    except (ValueError, RecursionError):
        return None


# -- nothing changed -------------------------------------------------------------------------------------------------


def _changed(each: Try) -> Iterator[Deviation]:
    if each.before is not None:
        yield from effects(each.before, each.after)
