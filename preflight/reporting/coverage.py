"""Coverage: what became of each claim, counted by operation, by kind and by family."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from preflight.model.claim import ClaimKind
from preflight.model.operation import OperationKey
from preflight.model.run import ClaimResult, Run
from preflight.model.verdict import Verdict
from preflight.reporting.account import is_open

Place = TypeVar("Place")


class Standing(StrEnum):
    """What became of a claim, as people are told; of several the last one is told first."""

    NOT_APPLICABLE = "not applicable"
    HOLDS = "holds"
    WAIVED = "waived"
    WARNING = "warning"
    OPEN = "not judged"
    BROKEN = "broken"
    OURS = "preflight stumbled"


_ORDER: Final = tuple(Standing)
_JUDGED: Final = frozenset({Standing.HOLDS, Standing.BROKEN, Standing.WARNING, Standing.WAIVED})


@dataclass(frozen=True, slots=True)
class Tally:
    """Claims counted by what became of them."""

    counts: Mapping[Standing, int]

    @property
    def total(self) -> int:
        """How many claims there are."""
        return sum(self.counts.values())

    @property
    def judged(self) -> int:
        """How many claims a check came to a verdict on."""
        return sum(number for standing, number in self.counts.items() if standing in _JUDGED)

    @property
    def in_order(self) -> Sequence[tuple[Standing, int]]:
        """What there is of each, what holds first and what does not apply last."""
        return sorted(self.counts.items(), key=lambda item: (item[0] is Standing.NOT_APPLICABLE, _ORDER.index(item[0])))

    @property
    def worst(self) -> Standing:
        """What is to be told first."""
        return max(self.counts, key=_ORDER.index, default=Standing.NOT_APPLICABLE)


def standing_of(result: ClaimResult) -> Standing:
    """Tell what became of a claim."""
    match result.verdict:
        case Verdict.ERROR:
            return Standing.OURS
        case Verdict.NOT_APPLICABLE:
            return Standing.NOT_APPLICABLE
        case Verdict.FAIL if result.waiver is not None:
            return Standing.WAIVED
        case Verdict.FAIL if result.advisory:
            return Standing.WARNING
        case Verdict.FAIL:
            return Standing.BROKEN
    return Standing.OPEN if is_open(result) else Standing.HOLDS


def whole(run: Run) -> Tally:
    """Count every claim of a run."""
    return _tally(run.claims.values())


def matrix(run: Run) -> Mapping[OperationKey, Mapping[ClaimKind, Tally]]:
    """Count the claims of each operation by kind, in the order of names."""
    rows = _grouped(run, lambda one: one.claim.id.operation)
    return {key: _by_kind(rows.get(key, ())) for key in sorted({*run.operations, *rows})}


def by_kind(run: Run) -> Mapping[ClaimKind, Tally]:
    """Count claims by kind, in the order in which kinds are told."""
    return _by_kind(run.claims.values())


def by_family(run: Run) -> Mapping[str, Tally]:
    """Count claims by the family of their operation."""
    return {
        family: _tally(own) for family, own in sorted(_grouped(run, lambda one: one.claim.id.operation.family).items())
    }


def _by_kind(results: Iterable[ClaimResult]) -> Mapping[ClaimKind, Tally]:
    grouped: dict[ClaimKind, list[ClaimResult]] = {kind: [] for kind in ClaimKind}
    for result in results:
        grouped[result.claim.id.kind].append(result)
    return {kind: _tally(own) for kind, own in grouped.items() if own}


def _grouped(run: Run, place: Callable[[ClaimResult], Place]) -> dict[Place, list[ClaimResult]]:
    grouped: dict[Place, list[ClaimResult]] = {}
    for result in run.claims.values():
        grouped.setdefault(place(result), []).append(result)
    return grouped


def _tally(results: Iterable[ClaimResult]) -> Tally:
    counts = Counter(map(standing_of, results))
    return Tally({standing: counts[standing] for standing in Standing if counts[standing]})
