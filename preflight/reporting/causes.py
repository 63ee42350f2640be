"""Causes: broken promises that are broken alike, told once with all the places where it was seen."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from preflight.model import normal
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.json import Json
from preflight.model.operation import OperationKey
from preflight.model.outcome import Outcome
from preflight.model.run import Run
from preflight.reporting.account import BrokenPromise
from preflight.reporting.coverage import Standing, standing_of

_SEEN_BROKEN: Final = frozenset({Standing.BROKEN, Standing.WARNING, Standing.WAIVED})
# Who gets in, or sees what is not for them, weighs more than a field of another type.
_WEIGHTS: Final = {
    kind: weight
    for weight, kinds in enumerate(
        (
            (ClaimKind.AUTHENTICATION, ClaimKind.PERMISSION, ClaimKind.SECURITY),
            (ClaimKind.ROUTE, ClaimKind.SUCCESS, ClaimKind.BEHAVIOUR),
        )
    )
    for kind in kinds
}
_LIGHTEST: Final = len(ClaimKind)

# Findings tell a value with its type in front: string "0".
_TYPES: Final = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})

Signature = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Promises of one kind that are broken alike: at the same place of an answer, by the same deviation.

    `number` is its place in the order in which causes are told, from 1; `promises` are in the order of names, those
    that are only advisory at the end.
    """

    number: int
    standing: Standing
    kind: ClaimKind
    promises: tuple[BrokenPromise, ...]

    @property
    def lead(self) -> BrokenPromise:
        """The promise by which the cause is shown."""
        return self.promises[0]

    @property
    def size(self) -> int:
        """How many promises are broken by it."""
        return len(self.promises)

    @property
    def operations(self) -> tuple[OperationKey, ...]:
        """The operations that show it."""
        return tuple(dict.fromkeys(promise.claim.id.operation for promise in self.promises))

    @property
    def cases(self) -> tuple[str, ...]:
        """The cases in which it was seen."""
        return tuple(dict.fromkeys(outcome.case for promise in self.promises for outcome in promise.outcomes))

    @property
    def first(self) -> Outcome | None:
        """The outcome by which it is shown; None where a claim fails without one."""
        return self.lead.outcomes[0] if self.lead.outcomes else None

    @property
    def others(self) -> tuple[tuple[BrokenPromise, Outcome], ...]:
        """Every other outcome that accuses."""
        every = [(promise, outcome) for promise in self.promises for outcome in promise.outcomes]
        return tuple(every[1:] if self.lead.outcomes else every)

    @property
    def erratum(self) -> str | None:
        """The erratum that made or changed the promise."""
        return self.lead.claim.erratum


def causes_of(run: Run) -> tuple[Cause, ...]:
    """Group what is broken, warnings and waived promises among it: what weighs most and is seen most comes first."""
    accusing: dict[ClaimId, list[Outcome]] = {}
    for outcome in run.outcomes:
        if outcome.findings:
            accusing.setdefault(outcome.claim, []).append(outcome)
    grouped: dict[tuple[Standing, Signature], list[BrokenPromise]] = {}
    for key in sorted(run.claims):
        result = run.claims[key]
        standing = standing_of(result)
        if standing in _SEEN_BROKEN:
            promise = BrokenPromise(claim=result.claim, outcomes=tuple(accusing.get(key, ())))
            grouped.setdefault((standing, _signature(promise)), []).append(promise)
    _join_warnings(grouped)
    ordered = sorted(grouped.items(), key=lambda item: _weight(item[1]))
    return tuple(
        Cause(number=number, standing=standing, kind=own[0].claim.id.kind, promises=tuple(own))
        for number, ((standing, _), own) in enumerate(ordered, start=1)
    )


def _join_warnings(grouped: dict[tuple[Standing, Signature], list[BrokenPromise]]) -> None:
    """Put the warnings that tell only what broken promises tell of the same operation beside those.

    An error under another name breaks the promise that it has its own, and the advice that it is a documented one.
    """
    told = {
        what: own
        for (standing, _), own in grouped.items()
        if standing is Standing.BROKEN
        for promise in own
        for what in _received(promise)
    }
    for place in [place for place in grouped if place[0] is Standing.WARNING]:
        for promise in tuple(grouped[place]):
            received = _received(promise)
            has_place = promise.claim.erratum or promise.claim.id.kind is ClaimKind.SECURITY  # of its own in reports
            if received and received <= told.keys() and not has_place:
                told[min(received)].append(promise)
                grouped[place].remove(promise)
        if not grouped[place]:
            del grouped[place]


def _received(promise: BrokenPromise) -> frozenset[tuple[str, str, str]]:
    """Give what came instead of what was promised, and where, of which operation."""
    operation = str(promise.claim.id.operation)
    return frozenset((operation, finding.where, normal.text(finding.received)) for finding in promise.findings)


def _weight(promises: Sequence[BrokenPromise]) -> tuple[int, int, ClaimId]:
    first = promises[0].claim.id
    return _WEIGHTS.get(first.kind, _LIGHTEST), -len(promises), first


def _signature(promise: BrokenPromise) -> Signature:
    claim = promise.claim
    erratum = claim.erratum or "" if promise.advisory else ""
    if not promise.findings:
        return (claim.id.kind, erratum, str(claim.id))
    first = promise.findings[0]
    received = first.received
    told = _kind_of(received) if claim.id.kind is ClaimKind.FIELD else normal.text(received)
    return (claim.id.kind, erratum, _tail(first.where), normal.text(first.promised), told)


def _tail(where: str) -> str:
    """Give the last name in a pointer: a message is one thing in an answer, and in a list of answers."""
    names = [part for part in where.split("/") if part and not part.lstrip("-").isdigit()]
    return names[-1] if names else where


def _kind_of(received: str) -> str:
    named, _, shown = received.partition(" ")
    return named if named in _TYPES and shown else _type_of(received)


def _type_of(received: str) -> str:
    """Give the type of a value that breaks its promise; two numbers where a text is promised are one deviation."""
    try:
        value: Json = json.loads(received)
    except ValueError:
        return normal.text(received)
    match value:
        case None | bool():
            return received
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case Mapping():
            return "an object"
    return "an array"
