"""Checks of authorization: who may not is refused, is told nothing and changes nothing; who may is let in."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import unquote_plus

from jsonschema import Draft202012Validator

from preflight.catalog.contract import Contract, Refusal
from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgements, Secret, Try, judged
from preflight.checks.realtime import received
from preflight.checks.refusals import effects, unwrapped
from preflight.checks.show import show
from preflight.checks.values import compared
from preflight.model.claim import ClaimKind
from preflight.model.exchange import Direction, Exchange
from preflight.model.json import Json, JsonObject
from preflight.model.pointer import pointer

Place = tuple[str | int, ...]
Found = Callable[[Try], Iterable[Deviation]]

_REFUSING, _UNAUTHORIZED = 300, 401
# What of a person only they and administrators are told, and of a room only administrators.
_FOR_NO_ONE = "joinCode"
PERSONAL = frozenset({_FOR_NO_ONE, "emails", "services", "bcrypt", "loginTokens", "hashedToken", "e2e", "private_key"})


@check("authorization.refused", "Who may not MUST be refused in the documented way.")
def authorization_refused(evidence: Evidence) -> Judgements:
    """Judge status and code of each try that must be refused."""
    return _judged(evidence, "refused", lambda each: bool(each.refusals) and not each.denied, _not_refused)


@check("authorization.no-leak", "An answer MUST tell nothing of a private thing to who may not know of it.")
def authorization_no_leak(evidence: Evidence) -> Judgements:
    """Judge the whole answer of each try by what is private, and was not said by who asked."""
    return _judged(evidence, "told-nothing", lambda each: not each.allowed, _leaked)


@check("authorization.no-effect", "What somebody tries who may not MUST change nothing.")
def authorization_no_effect(evidence: Evidence) -> Judgements:
    """Judge private things after each try by how their members knew them before."""
    return _judged(evidence, "change-nothing", lambda each: not each.allowed, _changed)


@check("authorization.let-in", "Who has the right MUST be let in.")
def authorization_let_in(evidence: Evidence) -> Judgements:
    """Judge each try of who has the right by whether it succeeds."""
    return _judged(evidence, "let-in", lambda each: each.allowed, _shut_out)


@check(
    "authorization.permission-effective", "A permission MUST be gone once it is taken, and be there once given back."
)
def authorization_permission_effective(evidence: Evidence) -> Judgements:
    """Judge what somebody tries without a permission that they had, and what they try when they have it again."""
    return _judged(evidence, "take-effect", lambda each: each.allowed or each.denied, _not_effective)


@check("authorization.token-dead", "Who is let in no more MUST be answered as somebody without a login.")
def authorization_token_dead(evidence: Evidence) -> Judgements:
    """Judge what is asked with the token of somebody who has logged out, or whose account is gone."""
    return _judged(evidence, "refused", lambda each: each.about == "tokens", partial(_alive, evidence.contract))


@check("authorization.no-secrets", "An answer MUST tell nobody what is for a person themselves or for administrators.")
def authorization_no_secrets(evidence: Evidence) -> Judgements:
    """Judge every answer to somebody who is no administrator by the fields that only others may see."""
    return _judged(evidence, "kept", lambda each: each.about == "secrets", _secrets)


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


def fits(exchange: Exchange, refusals: Iterable[Refusal]) -> bool:
    """Tell whether an answer is one of some refusals; of none that it is any."""
    wanted = tuple(refusals)
    return any(not tuple(_unlike(exchange, each)) for each in wanted) if wanted else not _succeeded(exchange)


def _succeeded(exchange: Exchange) -> bool:
    body = _json(exchange)
    denied = isinstance(body, Mapping) and body.get("success") is False
    return exchange.response.status < _REFUSING and isinstance(body, Mapping) and not denied


# -- let in ----------------------------------------------------------------------------------------------------------


def _shut_out(each: Try) -> Iterator[Deviation]:
    if not _succeeded(each.exchange):
        status = each.exchange.response.status
        yield Deviation(promised="success", received=_summary(status, _json(each.exchange)), where="status")
        return
    yield from (found for _, found in compared(_json(each.exchange), each.values, ()) if found)


def _not_effective(each: Try) -> Iterator[Deviation]:
    if each.allowed:
        yield from _shut_out(each)
    elif each.refusals:
        yield from _not_refused(each)
    elif _succeeded(each.exchange):
        yield Deviation(promised="a refusal", received=str(each.exchange.response.status), where="status")


# -- let in no more --------------------------------------------------------------------------------------------------


def _alive(contract: Contract, each: Try) -> Iterator[Deviation]:
    """Give what shows that somebody without a valid token was let in."""
    if not each.call:
        status = each.exchange.response.status
        if status != _UNAUTHORIZED:
            yield Deviation(
                promised=str(_UNAUTHORIZED), received=_summary(status, _json(each.exchange)), where="status"
            )
        return
    # Who is told nothing any more, for the connection is closed, is let in no more either.
    for index, frame in enumerate(received(each.exchange)):
        if frame.get("msg") == "result" and frame.get("id") == each.call:
            yield from _as_if_logged_in(contract, frame, f"/frames/{index}")


def _as_if_logged_in(contract: Contract, frame: JsonObject, where: str) -> Iterator[Deviation]:
    anonymous, error = contract.anonymous, frame.get("error")
    code = error.get("error") if isinstance(error, Mapping) else None
    if anonymous is None:  # it is a login
        if error is None:
            yield Deviation(promised="an error", received=show(frame.get("result")), where=f"{where}/result")
    elif anonymous.refusal:
        refusal = contract.refusal(f"{anonymous.status}.{anonymous.refusal}")
        promised = refusal.body.get("error") if refusal else anonymous.refusal
        if code != promised:
            yield Deviation(promised=show(promised), received=show(error or frame.get("result")), where=where)
    elif error is None:
        told = {"result": frame["result"]} if "result" in frame else {}
        if not Draft202012Validator(anonymous.schema).is_valid(told):
            yield Deviation(promised="what everybody may see", received=show(told), where=f"{where}/result")


# -- secrets kept ----------------------------------------------------------------------------------------------------


def _secrets(each: Try) -> Iterator[Deviation]:
    """Give the first field of an answer that its reader may not see."""
    text = each.exchange.response.body
    if not any(f'"{key}"' in text for key in PERSONAL):
        return  # most answers: they need not be read
    place = next(_personal(_json(each.exchange), each.own, ()), None)
    if place is not None:
        yield Deviation(
            promised=f"no {place[-1]} to {each.exchange.actor}", received=show(place[-1]), where=pointer(place)
        )


def _personal(value: Json, own: tuple[str, ...], place: Place) -> Iterator[Place]:
    if isinstance(value, Mapping):
        mine = value.get("_id") in own or value.get("username") in own
        login = value.get("collection") == "users"  # what a connection is told of who logs in there
        for key, child in value.items():
            if key == _FOR_NO_ONE or (key in PERSONAL and not mine):
                yield (*place, key)
            elif not (mine or login):
                yield from _personal(child, own, (*place, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _personal(child, own, (*place, index))


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
