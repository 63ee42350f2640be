"""Drift as people read it: each erratum once, with the operations that it concerns."""

from collections.abc import Mapping
from dataclasses import dataclass

from preflight.model.operation import OperationKey
from preflight.model.run import Drift, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """One erratum that concerned a run; `pages` are those of the operations that it concerned."""

    erratum: str
    documented: str
    served: str
    releases: str
    evidence: tuple[str, ...]
    security: bool
    pages: Mapping[OperationKey, str]


def divergences(run: Run, *, security: bool) -> tuple[Divergence, ...]:
    """Give the errata that concerned a run, those which are weaknesses or all others, by name."""
    grouped: dict[tuple[str, str, str, str], list[Drift]] = {}
    for one in run.drift:
        if one.security is security:
            grouped.setdefault((one.erratum, one.documented, one.served, one.releases), []).append(one)
    return tuple(
        Divergence(
            erratum=erratum,
            documented=documented,
            served=served,
            releases=releases,
            evidence=tuple(dict.fromkeys(proof for one in own for proof in one.evidence)),
            security=security,
            pages={one.operation: one.page for one in sorted(own, key=lambda one: one.operation)},
        )
        for (erratum, documented, served, releases), own in sorted(grouped.items())
    )
