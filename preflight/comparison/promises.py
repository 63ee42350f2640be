"""Promises: what was kept before and is broken after, and the other way round."""

from collections.abc import Iterator
from dataclasses import dataclass

from preflight.comparison.correspondence import Correspondence, View
from preflight.model.claim import Claim, ClaimId, ClaimKind
from preflight.model.operation import OperationKey
from preflight.model.outcome import Outcome
from preflight.model.run import Run
from preflight.model.verdict import Verdict

_TOLD = frozenset({Verdict.PASS, Verdict.FAIL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One claim whose verdict turned, with the outcome after for each case that shows it."""

    claim: Claim
    broken: bool
    outcomes: tuple[Outcome, ...]
    before: tuple[Outcome, ...]


def of_promises(before: View, after: View, correspondence: Correspondence) -> tuple[Turn, ...]:
    """Find the claims whose outcomes turned in cases that both runs played."""
    compared = {pair.after.id for pair in correspondence.pairs if pair.before.id == pair.after.id}
    was = {outcome.id: outcome for outcome in before.run.outcomes if outcome.verdict in _TOLD}
    turned: dict[tuple[ClaimId, bool], list[tuple[Outcome, Outcome]]] = {}
    for outcome in after.run.outcomes:
        old = was.get(outcome.id)
        if outcome.verdict in _TOLD and outcome.case in compared and old and old.verdict is not outcome.verdict:
            turned.setdefault((outcome.claim, outcome.verdict is Verdict.FAIL), []).append((old, outcome))
    return tuple(
        Turn(
            claim=after.run.claims[name].claim,
            broken=broken,
            outcomes=tuple(new for _, new in found),
            before=tuple(old for old, _ in found),
        )
        for (name, broken), found in turned.items()
        if name in after.run.claims
    )


def removed_operations(before: Run, after: Run) -> Iterator[tuple[OperationKey, Claim]]:
    """Give the operations that answered before, and of which nothing is left but a refusal; with that refusal."""
    for key, result in before.operations.items():
        now = after.operations.get(key)
        if not result.exercised or now is None or now.exercised:
            continue
        own = [found for name, found in after.claims.items() if name.operation == key]
        kept = [found.claim for found in own if found.verdict is Verdict.PASS]
        if kept and all(found.claim.id.kind is ClaimKind.REFUSAL for found in own):
            yield key, kept[0]
