"""Claims: one checkable promise within a contract, with a stable id.

An id reads ``<operation>#<kind>[:<subject>]``, for instance
``GET rooms.info#refusal:400.error-room-not-found`` or ``GET rooms.get#field:200.update[]._id``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from preflight.model.operation import OperationKey


class ClaimKind(StrEnum):
    """What sort of promise a claim is."""

    ROUTE = "route"
    METHOD = "method"
    AUTHENTICATION = "authentication"
    PARAMETER = "parameter"
    SUCCESS = "success"
    FIELD = "field"
    REFUSAL = "refusal"
    PERMISSION = "permission"
    BEHAVIOUR = "behaviour"
    SECURITY = "security"
    ROBUSTNESS = "robustness"


class Level(StrEnum):
    """How much weighs a broken claim: MUST fails a run, SHOULD is reported."""

    MUST = "must"
    SHOULD = "should"


class Origin(StrEnum):
    """Where a promise comes from: a page, the examples on it, or evidence beside it."""

    STATED = "stated"
    INFERRED = "inferred"
    ERRATUM = "erratum"


@dataclass(frozen=True, slots=True, order=True)
class ClaimId:
    """The stable name of a claim."""

    operation: OperationKey
    kind: ClaimKind
    subject: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an id back from what `str` prints; raises ValueError where it is none."""
        operation, mark, rest = text.partition("#")
        kind, _, subject = rest.partition(":")
        if not mark or kind not in set(ClaimKind):
            msg = f"{text!r} is no claim; write it as 'GET rooms.info#route'"
            raise ValueError(msg)
        return cls(OperationKey.parse(operation), ClaimKind(kind), subject)

    def __str__(self) -> str:
        tail = f":{self.subject}" if self.subject else ""
        return f"{self.operation}#{self.kind}{tail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One promise: what holds, according to which page.

    `promise` is a sentence made from facts; `page` is the address of the documentation page; `erratum` names
    the erratum that made or changed the promise for the target's release, if one did.
    """

    id: ClaimId
    promise: str
    page: str
    origin: Origin = Origin.STATED
    level: Level = Level.MUST
    erratum: str | None = None
