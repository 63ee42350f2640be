"""The comparison of two runs: only behaviour that changed, each change with its classes."""

from collections.abc import Iterable, Iterator
from pathlib import PurePath

from preflight.comparison.classes import Documentation, changes
from preflight.comparison.comparable import differing_circumstances, refuse_incomparable
from preflight.comparison.correspondence import Correspondence, View, correspond
from preflight.comparison.fields import of_fields
from preflight.comparison.identities import identities
from preflight.comparison.promises import Turn, of_promises, removed_operations
from preflight.comparison.refusals import of_refusals
from preflight.comparison.safety import safety
from preflight.comparison.timings import Timing, of_timings
from preflight.model.change import Aspect, Change, Comparison, Effect, Side, Standing
from preflight.model.claim import Level
from preflight.model.operation import OperationKey
from preflight.model.run import Run

_KEPT = "kept"
_ASPECTS = tuple(Aspect)
_STANDINGS = (Standing.AGAINST, Standing.SILENT, Standing.PROMISED)


def compare(
    before: Run,
    after: Run,
    *,
    names: tuple[str | PurePath, str | PurePath] = ("the run before", "the run after"),
    accept_promised: bool = False,
) -> Comparison:
    """Compare two runs of one profile.

    Raises:
        UsageError: when they do not answer the same questions.
    """
    refuse_incomparable(before, after, names)
    old, new = (View(run=run, identities=identities(run)) for run in (before, after))
    correspondence = correspond(old, new)
    found = tuple(_in_order(_changes(old, new, correspondence)))
    return Comparison(
        before=_side(before),
        after=_side(after),
        profile=before.profile,
        safety=safety(
            found,
            correspondence.not_compared,
            len(correspondence.pairs),
            after.release,
            accept_promised=accept_promised,
        ),
        changes=found,
        not_compared=correspondence.not_compared,
        cases=len(correspondence.pairs),
        exchanges=sum(len(pair.exchanges) for pair in correspondence.pairs),
        notes=tuple(differing_circumstances(before, after)),
    )


def _changes(old: View, new: View, correspondence: Correspondence) -> Iterator[Change]:
    pairs = correspondence.pairs
    removed = dict(removed_operations(old.run, new.run))
    for key, claim in removed.items():
        yield Change(
            operations=(key,),
            aspect=Aspect.OPERATION,
            before="answers",
            after=claim.promise,
            effect=Effect.BREAKING,
            standing=Standing.PROMISED,
            cases=tuple(case.id for case in new.run.cases if case.operation == key),
            because=claim.promise,
            page=claim.page,
            erratum=claim.erratum,
        )
    # Operations that only arrange and look are judged by nobody, and nothing is promised of them.
    judged = {*old.run.operations} & {*new.run.operations} - {*removed}
    differences = [one for one in (*of_refusals(pairs), *of_fields(old, new, pairs)) if one.operation in judged]
    seen = list(changes(differences, Documentation(old.run, new.run)))
    yield from seen
    told = {case for change in seen for case in change.cases}
    for turn in of_promises(old, new, correspondence):
        outcomes = [pair for pair in zip(turn.before, turn.outcomes, strict=True) if pair[1].case not in told]
        if outcomes:
            yield _promise(turn, [new_one.case for _, new_one in outcomes])
    yield from map(_timing, of_timings(pairs))


def _promise(turn: Turn, cases: list[str]) -> Change:
    outcomes = turn.outcomes if turn.broken else turn.before
    finding = next((finding for one in outcomes if one.case in cases for finding in one.findings), None)
    broken = f"broken: received {finding.received}" if finding else "broken"
    advisory = turn.claim.level is Level.SHOULD
    return Change(
        operations=(turn.claim.id.operation,),
        aspect=Aspect.PROMISE,
        where=finding.where if finding else "",
        before=_KEPT if turn.broken else broken,
        after=broken if turn.broken else _KEPT,
        effect=Effect.BREAKING if turn.broken and not advisory else Effect.COMPATIBLE,
        standing=Standing.AGAINST if turn.broken else Standing.PROMISED,
        questions=(turn.claim.promise,),
        cases=tuple(sorted(set(cases))),
        because=turn.claim.promise,
        page=turn.claim.page,
        erratum=turn.claim.erratum,
    )


def _timing(timing: Timing) -> Change:
    subject = timing.subject
    return Change(
        operations=(subject,) if isinstance(subject, OperationKey) else (),
        aspect=Aspect.TIMING,
        where="" if isinstance(subject, OperationKey) else str(subject),
        before=_milliseconds(timing.before_s),
        after=_milliseconds(timing.after_s),
        effect=Effect.COMPATIBLE,
        questions=(f"medians of {timing.seconds[0]} and {timing.seconds[1]} seconds of the runs",),
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f} ms"


def _side(run: Run) -> Side:
    return Side(
        run=run.id,
        target=run.target,
        release=run.release,
        started=run.started,
        seed=run.environment.get("seed", ""),
    )


def _in_order(found: Iterable[Change]) -> list[Change]:
    """Give what breaks clients first, what is against documentation before what it promises, operations in order."""
    return sorted(
        found,
        key=lambda change: (
            change.effect is not Effect.BREAKING,
            _STANDINGS.index(change.standing),
            -len(change.operations),
            [str(key) for key in change.operations],
            _ASPECTS.index(change.aspect),
            change.where,
            change.before,
            change.after,
        ),
    )
