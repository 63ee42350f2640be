"""The selection: which operations, claims and cases of a catalog a run is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from preflight import paths
from preflight.catalog.cases import Case, CaseKind
from preflight.catalog.catalog import Catalog, load_catalog
from preflight.catalog.nearest import nearest
from preflight.errors import UsageError
from preflight.model.claim import Claim, ClaimId
from preflight.model.operation import OperationKey
from preflight.model.release import Release
from preflight.model.shard import Shard


class Loader(Protocol):
    """Gives the catalog of a release, read anew or kept from before: it never changes."""

    def __call__(self, release: Release, *, root: Path) -> Catalog:
        """Give the catalog under a folder of contracts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The part of a catalog that a run is about."""

    catalog: Catalog
    operations: tuple[OperationKey, ...]
    claims: Mapping[ClaimId, Claim]

    def accepted(self) -> tuple[Case, ...]:
        """List the accepted cases, in the order of the catalog."""
        return self._cases(CaseKind.ACCEPTED)

    def refused(self) -> tuple[Case, ...]:
        """List the refused cases, in the order of the catalog."""
        return self._cases(CaseKind.REFUSED)

    def _cases(self, kind: CaseKind) -> tuple[Case, ...]:
        wanted = frozenset(self.operations)
        return tuple(case for case in self.catalog.cases if case.kind is kind and case.operation in wanted)

    def first_accepted(self, key: OperationKey) -> Case | None:
        """Give the simplest accepted case of an operation."""
        every = self.catalog.cases if key in self.operations else ()
        return next((case for case in every if case.operation == key and case.kind is CaseKind.ACCEPTED), None)


def select(  # noqa: PLR0913 (each may be set alone)
    release: Release,
    *,
    only: Iterable[str] = (),
    profile: str = "full",
    shard: Shard | None = None,
    contracts: Path = paths.CONTRACTS,
    load: Loader | None = None,
) -> Selection:
    """Choose what a run judges; `shard` None means all of it.

    Raises:
        FileError: when a file of contracts/ is wrong.
        UsageError: when the profile is unknown or nothing is selected.
    """
    catalog = (load or load_catalog)(release, root=contracts)
    if profile not in catalog.profiles:
        raise UsageError(f"unknown profile {profile!r}", hint=nearest(profile, catalog.profiles, what="profiles"))
    chosen = catalog.profiles[profile]
    patterns = tuple(only)
    operations = tuple(
        contract.key for contract in catalog.select(patterns or chosen.operations) if chosen.selects(contract.key)
    )
    if not operations:
        raise UsageError(
            f"nothing is selected by {', '.join(patterns) or 'everything'} in the profile {profile}",
            hint="preflight run --list shows the operations; a pattern looks like 'chat.*' or 'GET rooms.info'",
        )
    if shard is not None:
        share = shard.share({key: len(catalog.claims_of(key)) for key in operations})
        if not share:
            raise UsageError(
                f"nothing is left for shard {shard}: {len(operations)} operations are selected",
                hint=f"split into {len(operations)} shards at most",
            )
        operations = tuple(key for key in operations if key in share)
    wanted = set(operations)
    claims = {
        name: claim for name, claim in catalog.claims.items() if name.operation in wanted and chosen.requires(name)
    }
    return Selection(catalog=catalog, operations=operations, claims=claims)
