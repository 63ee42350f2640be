"""Checks of fields: each documented one is present where it must be, of its type, and with the promised value.

A field's subject is its path with ``[]`` after the name of an array: ``200.update[].u._id``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgement, Judgements, judged
from preflight.checks.formats import FORMATS
from preflight.checks.show import show, type_name
from preflight.checks.values import compared, seen_afterwards
from preflight.model.claim import Claim, ClaimId, ClaimKind
from preflight.model.json import Json, JsonObject
from preflight.model.operation import OperationKey
from preflight.model.pointer import parts, pointer
from preflight.model.run import Beyond

_KEYWORDS_OF_PRESENCE = frozenset({"required"})
_BRANCHES = ("allOf", "anyOf", "oneOf")


@check("field.type", "A documented field MUST have the documented type, format and values.")
def field_type(evidence: Evidence) -> Judgements:
    """Judge every documented field that the answer shows."""
    schema = _schema(evidence)
    if schema is None:
        return
    wrong = _wrong_by_claim(evidence, schema)
    for claim in sorted({*_shown_claims(evidence), *wrong}):
        yield Judgement(claim=claim, deviations=tuple(wrong.get(claim, ())))


@check("field.required", "A field that every answer has MUST be present.")
def field_required(evidence: Evidence) -> Judgements:
    """Judge every required field whose parent the answer shows."""
    schema = _schema(evidence)
    if schema is None:
        return
    missing: dict[ClaimId, list[Deviation]] = {}
    for place in _places(schema, evidence.body):
        claim = evidence.claim(ClaimKind.FIELD, f"{evidence.status}.{place.subject}")
        if claim is None or not place.required:
            continue
        deviations = missing.setdefault(claim, [])
        if not place.present and not deviations:
            deviations.append(Deviation(promised="present", received="missing", where=pointer(place.path)))
    for claim in sorted(missing):
        yield Judgement(claim=claim, deviations=tuple(missing[claim]))


@check("field.value", "A field MUST have the value that was sent, written or asked for.")
def field_value(evidence: Evidence) -> Judgements:
    """Judge the values that the case expects in the answer, and in what was read afterwards."""
    if not evidence.succeeded:
        return
    for where, deviation in compared(evidence.body, evidence.values, evidence.absent):
        yield from _about(where, evidence, (deviation,) if deviation else ())
    if evidence.looks:
        success = evidence.claim(ClaimKind.SUCCESS, str(evidence.status))
        yield from judged(success, [found for look in evidence.looks for found in seen_afterwards(look)])


@check("success.closed", "A success answer MUST NOT have fields that its page does not declare.")
def success_closed(evidence: Evidence) -> Judgements:
    """Judge undeclared fields; asked only by profiles of the strictness `closed`."""
    claim = evidence.claim(ClaimKind.SUCCESS, str(evidence.status))
    if claim is not None and evidence.succeeded:
        yield Judgement(
            claim=claim,
            deviations=tuple(
                Deviation(promised="no other fields", received=f"{found.type} {found.where}", where=found.where)
                for found in beyond(evidence)
            ),
        )


def beyond(evidence: Evidence) -> tuple[Beyond, ...]:
    """List the fields of a success answer that the contract does not declare, the outermost of each."""
    if not evidence.succeeded or _schema(evidence) is None:
        return ()
    declared = _declared(evidence)
    parents = {subject.rpartition(".")[0].removesuffix("[]") for subject in declared} | {""}
    found: dict[str, str] = {}
    for path, value in _walk(evidence.body, ()):
        subject = _subject(path)
        parent = subject.rpartition(".")[0].removesuffix("[]")
        if subject.endswith("[]"):
            continue
        if subject not in declared and parent in parents and (not parent or parent in declared):
            found.setdefault(subject, type_name(value))
    return tuple(
        Beyond(operation=evidence.contract.key, where=subject, type=kind) for subject, kind in sorted(found.items())
    )


_declarations: dict[tuple[int, OperationKey, int], tuple[Mapping[ClaimId, Claim], frozenset[str]]] = {}


def _declared(evidence: Evidence) -> frozenset[str]:
    """Give the places of the fields that are claimed for an answer of this operation and status."""
    # A run has thousands of claims and as many answers: each operation is looked through once, as schemas are below.
    place = (id(evidence.claims), evidence.contract.key, evidence.status)
    if place not in _declarations:
        _declarations[place] = (
            evidence.claims,
            frozenset(
                claim.subject.partition(".")[2]
                for claim in evidence.claims
                if claim.operation == evidence.contract.key
                and claim.kind is ClaimKind.FIELD
                and claim.subject.startswith(f"{evidence.status}.")
            ),
        )
    return _declarations[place][1]


@dataclass(frozen=True, slots=True)
class _Place:
    """A property that a schema declares below an object that the answer shows."""

    path: tuple[str | int, ...]
    required: bool
    present: bool

    @property
    def subject(self) -> str:
        return _subject(self.path)


def _schema(evidence: Evidence) -> JsonObject | None:
    response = evidence.contract.responses.get(evidence.status)
    answered = evidence.exchange.response.status == evidence.status and isinstance(evidence.body, Mapping)
    return response.schema if response is not None and answered else None


_validators: dict[int, tuple[JsonObject, Draft202012Validator]] = {}


def _validator(schema: JsonObject) -> Draft202012Validator:
    # Schemas are neither hashable nor small: each is compiled once, and kept so that its identity stays its own.
    if id(schema) not in _validators:
        _validators[id(schema)] = schema, Draft202012Validator(schema, format_checker=FORMATS)
    return _validators[id(schema)][1]


def _wrong_by_claim(evidence: Evidence, schema: JsonObject) -> dict[ClaimId, list[Deviation]]:
    wrong: dict[ClaimId, list[Deviation]] = {}
    for error in _validator(schema).iter_errors(evidence.body):
        if error.validator in _KEYWORDS_OF_PRESENCE:
            continue
        claim = _nearest_claim(tuple(error.absolute_path), evidence)
        deviations = wrong.setdefault(claim, []) if claim else []
        if not deviations:
            deviations.append(_deviation(error))
    return wrong


def _deviation(error: ValidationError) -> Deviation:
    keyword, demanded, instance = str(error.validator), _json(error.validator_value), _json(error.instance)
    promised = {
        "type": f"type {show(demanded)}",
        "const": show(demanded),
        "enum": f"one of {show(demanded)}",
        "format": f"format {demanded}",
    }.get(keyword, f"{keyword} {show(demanded)}")
    return Deviation(
        promised=promised,
        received=f"{type_name(instance)} {show(instance)}",
        where=pointer(error.absolute_path),
    )


def _json(value: Any) -> Json:  # Any: jsonschema does not say that what it holds is JSON
    plain: Json = value
    return plain


def _nearest_claim(path: tuple[str | int, ...], evidence: Evidence) -> ClaimId | None:
    while path:
        claim = evidence.claim(ClaimKind.FIELD, f"{evidence.status}.{_subject(path)}")
        if claim:
            return claim
        path = path[:-1]
    return evidence.claim(ClaimKind.SUCCESS, str(evidence.status))


def _shown_claims(evidence: Evidence) -> Iterator[ClaimId]:
    for subject in {_subject(path) for path, _ in _walk(evidence.body, ())}:
        claim = evidence.claim(ClaimKind.FIELD, f"{evidence.status}.{subject}")
        if claim:
            yield claim


def _walk(value: Json, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield (*path, key), child
            yield from _walk(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield (*path, index), child
            yield from _walk(child, (*path, index))


def _places(schema: JsonObject, value: Json, path: tuple[str | int, ...] = ()) -> Iterator[_Place]:
    properties = schema.get("properties")
    required = schema.get("required")
    if isinstance(value, Mapping) and isinstance(properties, Mapping):
        for name, child in properties.items():
            present = name in value
            wanted = isinstance(required, list) and name in required
            yield _Place((*path, name), wanted, present)
            if present and isinstance(child, Mapping):
                yield from _places(child, value[name], (*path, name))
    items = schema.get("items")
    if isinstance(value, list) and isinstance(items, Mapping):
        for index, item in enumerate(value):
            yield from _places(items, item, (*path, index))
    for branch in _branches(schema):
        yield from _places(branch, value, path)


def _branches(schema: JsonObject) -> Iterator[JsonObject]:
    all_of = schema.get("allOf")
    if isinstance(all_of, list):
        yield from (branch for branch in all_of if isinstance(branch, Mapping))


def _about(where: str, evidence: Evidence, deviations: Iterable[Deviation]) -> Judgements:
    claim = _nearest_claim(tuple(_index(part) for part in parts(where)), evidence)
    if claim is not None:
        yield Judgement(claim=claim, deviations=tuple(deviations))


def _index(part: str) -> str | int:
    return int(part) if part.lstrip("-").isdigit() else part


def _subject(path: tuple[str | int, ...]) -> str:
    subject = ""
    for part in path:
        if isinstance(part, int):
            subject += "[]"
        else:
            subject += f".{part}" if subject else part
    return subject
