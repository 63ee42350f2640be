"""Profiles: which claims a conformance level requires, and how strictly answers are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from preflight.catalog.documents import load
from preflight.catalog.nearest import nearest
from preflight.catalog.schema_check import check
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.json import as_list, as_object
from preflight.model.operation import OperationKey


class Strictness(StrEnum):
    """How strictly answers are read; each level includes those before it."""

    ENVELOPE = "envelope"
    TYPED = "typed"
    REQUIRED = "required"
    CLOSED = "closed"

    @property
    def rank(self) -> int:
        """Position in the order envelope, typed, required, closed."""
        return _ORDER.index(self)

    def includes(self, other: "Strictness") -> bool:
        """Tell whether what `other` demands is demanded here as well."""
        return other.rank <= self.rank


_ORDER = tuple(Strictness)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A conformance level: `name` is the file's, `operations` are globs."""

    name: str
    title: str
    operations: tuple[str, ...]
    kinds: frozenset[ClaimKind]
    strictness: Strictness

    def selects(self, operation: OperationKey) -> bool:
        """Tell whether the profile is about an operation."""
        return any(operation.matches(pattern) for pattern in self.operations)

    def requires(self, claim: ClaimId) -> bool:
        """Tell whether the profile requires a claim."""
        return claim.kind in self.kinds and self.selects(claim.operation)


def load_profile(path: Path, schema: Path, known: Sequence[OperationKey]) -> Profile:
    """Read one profile.

    Raises:
        FileError: where the file is no profile, or a pattern selects none of the `known` operations.
    """
    document = load(path)
    check(document, schema)
    data = as_object(document.data)
    for index, item in enumerate(as_list(data["operations"])):
        if not any(key.matches(str(item)) for key in known):
            raise document.error(
                ("operations", index),
                f"{item!r} selects no operation",
                hint=nearest(str(item), (str(key) for key in known), what="operations"),
            )
    return Profile(
        name=path.stem,
        title=str(data["title"]),
        operations=tuple(str(pattern) for pattern in as_list(data["operations"])),
        kinds=frozenset(ClaimKind(str(kind)) for kind in as_list(data["kinds"])),
        strictness=Strictness(str(data["strictness"])),
    )
