"""Claims of a contract: enumerates every promise that can be checked, with a sentence made from its facts."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from preflight.catalog import facts
from preflight.catalog.contract import Anonymous, Behaviour, Body, Contract, Parameter, Place, Refusal, ResponseContract
from preflight.catalog.facts import Facts
from preflight.catalog.steps import REALTIME
from preflight.model.claim import Claim, ClaimId, ClaimKind, Origin
from preflight.model.json import Json, JsonObject, as_object


def claims_of(contract: Contract) -> tuple[Claim, ...]:
    """Enumerate the claims of a contract, each once, in the order of docs/formats.md."""
    claims = {claim.id: claim for claim in _enumerate(contract)}
    return tuple(claims.values())


def may_be_absent(contract: Contract) -> frozenset[ClaimId]:
    """Give the field claims about what an answer may lack without breaking a promise.

    Such is a field that is not required, what lies in one, and what lies in the items of a list or under any key of a
    map, since either may be empty.
    """
    found: set[ClaimId] = set()
    for response in contract.successes:
        described = facts.places(response.schema or {}, response.erratum)
        always = {place for place, about in described.items() if about.required}
        found |= {
            ClaimId(contract.key, ClaimKind.FIELD, f"{response.status}.{place}")
            for place in described
            if not _always_there(place, always, set(described))
        }
    return frozenset(found)


def _always_there(place: str, always: set[str], described: set[str]) -> bool:
    """Whether a place and all that holds it are required; names may hold dots, so every prefix is looked at."""
    if "[]" in place or "*" in place.split("."):
        return False
    holders = [place[:index] for index, letter in enumerate(place) if letter == "."]
    return place in always and all(holder in always or holder not in described for holder in holders)


def _enumerate(contract: Contract) -> Iterator[Claim]:
    if contract.removed:
        yield from (_refusal(contract, refusal) for refusal in contract.refusals)
        return
    if not contract.protocol:
        yield from _of_answers(contract)
    yield from of_behaviours(contract, contract.behaviours)


def of_behaviours(contract: Contract, behaviours: Iterable[Behaviour]) -> Iterator[Claim]:
    """Enumerate what is promised beside the shape of answers; what the page does not say is known from evidence."""
    for behaviour in behaviours:
        origin = Origin.STATED if behaviour.stated else Origin.ERRATUM
        claim = _claim(contract, behaviour.kind, behaviour.id, behaviour.promise, origin, behaviour.erratum)
        yield replace(claim, level=behaviour.level)


def _of_answers(contract: Contract) -> Iterator[Claim]:
    """Say what is sent, and what it is answered with."""
    yield from _entrance(contract)
    for parameter in contract.parameters:
        yield _parameter(contract, parameter)
        if parameter.place is Place.PARAMS:
            yield from _argument_fields(contract, parameter)
    if contract.body is not None:
        yield from _body_fields(contract, contract.body)
    for response in contract.successes:
        yield _success(contract, response)
        yield from _fields(contract, response)
    for refusal in contract.refusals:
        yield _refusal(contract, refusal)
    for permission in contract.permissions:
        words = f"the permission {permission} is demanded"
        yield _claim(contract, ClaimKind.PERMISSION, permission, words, erratum=contract.erratum)


def _entrance(contract: Contract) -> Iterator[Claim]:
    """Say where the operation is found, and whom it lets in."""
    if contract.key.method == REALTIME:
        yield _claim(contract, ClaimKind.ROUTE, "", f"the method {contract.path} exists")
        if contract.anonymous is not None:
            yield _claim(contract, ClaimKind.AUTHENTICATION, "", _anonymous_words(contract.anonymous))
        return
    yield _claim(contract, ClaimKind.ROUTE, "", f"the path {contract.path} answers as an API route")
    yield _claim(contract, ClaimKind.METHOD, "", f"another method than {contract.key.method} is refused")
    if contract.authenticated:
        yield _claim(contract, ClaimKind.AUTHENTICATION, "", "a request without a login is refused")


def _anonymous_words(anonymous: Anonymous) -> str:
    if anonymous.refusal is not None:
        return f"a call without a login is refused with {anonymous.refusal}"
    if "result" in as_object(anonymous.schema.get("properties")):
        return "a call without a login is answered with what everybody may see"
    return "a call without a login is answered without a result"


def _argument_fields(contract: Contract, parameter: Parameter) -> Iterator[Claim]:
    for place, about in facts.places(parameter.schema, parameter.erratum).items():
        name = f"{parameter.name}{'' if place.startswith('[]') else '.'}{place}"
        words = _parameter_words(name, str(parameter.place), about, required=about.required)
        yield _claim(contract, ClaimKind.PARAMETER, f"{parameter.place}.{name}", words, about.origin, about.erratum)


def _parameter(contract: Contract, parameter: Parameter) -> Claim:
    about = facts.of_node(parameter.schema, mark=parameter.erratum)
    origin = Origin.ERRATUM if about.erratum else parameter.origin
    words = _parameter_words(parameter.name, str(parameter.place), about, required=parameter.required)
    words += ", deprecated" if parameter.deprecated else ""
    return _claim(contract, ClaimKind.PARAMETER, parameter.subject, words, origin, about.erratum)


def _body_fields(contract: Contract, body: Body) -> Iterator[Claim]:
    for place, about in facts.places(body.schema, body.erratum).items():
        words = _parameter_words(place, "body", about, required=about.required)
        yield _claim(contract, ClaimKind.PARAMETER, f"body.{place}", words, about.origin, about.erratum)


def _parameter_words(name: str, place: str, about: Facts, *, required: bool) -> str:
    kind = f"{place}, {about.words}" if about.words else place
    return f"parameter {name} ({kind}) is {'required' if required else 'accepted'}{about.footnote}"


def _success(contract: Contract, response: ResponseContract) -> Claim:
    media_type = f" as {response.media_type}" if response.media_type else ""
    envelope = "".join(f", {name} {_shown(value)}" for name, value in _constants(response.schema))
    return _claim(
        contract,
        ClaimKind.SUCCESS,
        str(response.status),
        _result_words(response)
        if contract.key.method == REALTIME
        else f"answers {response.status}{media_type}{envelope}",
        erratum=response.erratum,
    )


def _result_words(response: ResponseContract) -> str:
    known = "result" in as_object((response.schema or {}).get("properties"))
    return f"the call is answered {'with' if known else 'without'} a result"


def _constants(schema: JsonObject | None) -> Iterator[tuple[str, Json]]:
    for name, child in as_object((schema or {}).get("properties")).items():
        if "const" in as_object(child):
            yield name, as_object(child)["const"]


def _fields(contract: Contract, response: ResponseContract) -> Iterator[Claim]:
    for place, about in facts.places(response.schema or {}, response.erratum).items():
        yield _claim(
            contract,
            ClaimKind.FIELD,
            f"{response.status}.{place}",
            _field_words(place, about),
            about.origin,
            about.erratum,
        )


def _field_words(place: str, about: Facts) -> str:
    if about.required:
        return ", ".join(part for part in (f"field {place} is present", about.words) if part) + about.footnote
    if place.endswith("[]"):
        holder = place.removesuffix("[]") or "the answer"
        return f"each item of {holder} is {about.words or 'any value'}{about.footnote}"
    return f"field {place}, where present, is {about.words or 'any value'}{about.footnote}"


def _refusal(contract: Contract, refusal: Refusal) -> Claim:
    body = refusal.body
    parts = [f"{key} {_shown(body[key])}" for key in sorted(body, key=_refusal_order)]
    origin = Origin.ERRATUM if refusal.erratum else Origin.STATED
    return _claim(
        contract,
        ClaimKind.REFUSAL,
        refusal.subject,
        ", ".join(["refuses" if contract.key.method == REALTIME else f"refuses with {refusal.status}", *parts]),
        origin,
        refusal.erratum,
    )


def _refusal_order(key: str) -> tuple[int, str]:
    first = ("success", "errorType", "error", "reason", "status", "message", "details")
    return (first.index(key) if key in first else len(first), key)


def _claim(  # noqa: PLR0913, PLR0917 (one promise has this many sides)
    contract: Contract,
    kind: ClaimKind,
    subject: str,
    promise: str,
    origin: Origin = Origin.STATED,
    erratum: str | None = None,
) -> Claim:
    if contract.key.method == REALTIME and origin is Origin.STATED and not _is_stated(contract, kind, subject):
        origin = Origin.ERRATUM  # what no page says is known from evidence
    return Claim(
        id=ClaimId(contract.key, kind, subject),
        promise=promise,
        page=contract.page,
        origin=Origin.ERRATUM if erratum else origin,
        erratum=erratum,
    )


def _is_stated(contract: Contract, kind: ClaimKind, subject: str) -> bool:
    return kind is ClaimKind.ROUTE or f"{kind}:{subject}" in contract.stated


def _shown(value: Json) -> str:
    if isinstance(value, str):
        return "'" + value.replace("\n", "\\n") + "'"
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
