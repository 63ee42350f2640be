"""Classes: whether a change can break a client, and what the documentation of the new release says of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from preflight.comparison.difference import Difference
from preflight.comparison.shapes import name_of
from preflight.model.change import NOTHING, Aspect, Change, Effect, Standing
from preflight.model.claim import Claim, ClaimId, ClaimKind, Level
from preflight.model.outcome import Outcome
from preflight.model.run import Run
from preflight.model.verdict import Verdict

# Which checks look at what a difference is about. Realtime methods have their code in `error`.
_CHECKS: Final[Mapping[Aspect, frozenset[str]]] = {
    Aspect.STATUS: frozenset({"refusal.status", "success.status", "authentication.demanded"}),
    Aspect.CONTENT_TYPE: frozenset({"success.content-type"}),
    Aspect.ERROR_TYPE: frozenset({"refusal.error-type", "authentication.body"}),
    Aspect.ERROR_TEXT: frozenset({"refusal.error-text", "refusal.error-type", "authentication.body"}),
}
_OF_FIELDS: Final = frozenset({Aspect.FIELD, Aspect.TYPE})
_LOWEST_REFUSAL = "400"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What documentation says of a difference, and the claim that says it."""

    standing: Standing
    claim: Claim | None = None
    words: str = ""


class Documentation:
    """The documentation of the new release, as far as its run shows it, beside that of the old one."""

    def __init__(self, before: Run, after: Run) -> None:
        self._before = before
        self._after = after
        self._outcomes: dict[str, list[Outcome]] = {}
        for outcome in after.outcomes:
            self._outcomes.setdefault(outcome.case, []).append(outcome)

    def says_of(self, difference: Difference) -> Ground:
        """Say whether a difference is promised, is against a promise, or nothing is said of it."""
        if difference.pair.is_generated:
            # Its case asks many odd requests, and an outcome does not say which of them it is about.
            return Ground(standing=Standing.SILENT)
        outcomes = self._outcomes.get(difference.pair.after.id, [])
        if difference.aspect in _OF_FIELDS and difference.where < _LOWEST_REFUSAL:
            return self._of_field(difference, outcomes)
        return self._of_refusal(difference, outcomes)

    def _of_field(self, difference: Difference, outcomes: Iterable[Outcome]) -> Ground:
        name = ClaimId(difference.operation, ClaimKind.FIELD, difference.where)
        now = self._after.claims.get(name)
        if now is not None:
            if any(outcome.claim == name and outcome.verdict is Verdict.FAIL for outcome in outcomes):
                return _ground(Standing.AGAINST, now.claim)
            # A field that may be left out is promised by nobody to be left out.
            silent = difference.after == NOTHING
            return _ground(Standing.SILENT if silent else Standing.PROMISED, now.claim)
        was = self._before.claims.get(name)
        if was is not None and difference.after == NOTHING:
            words = f"{self._after.release} no longer promises that {was.claim.promise}"
            return Ground(standing=Standing.PROMISED, claim=was.claim, words=words)
        return Ground(standing=Standing.SILENT)

    def _of_refusal(self, difference: Difference, outcomes: Iterable[Outcome]) -> Ground:
        found = [(outcome, self._claim(outcome)) for outcome in outcomes]
        for outcome, claim in found:
            if outcome.verdict is Verdict.FAIL and claim and _accuses(outcome, difference):
                return _ground(Standing.AGAINST, claim)
        for outcome, claim in found:
            if outcome.verdict is Verdict.PASS and claim and _covers(outcome, claim, difference):
                return _ground(Standing.PROMISED, claim)
        return Ground(standing=Standing.SILENT)

    def _claim(self, outcome: Outcome) -> Claim | None:
        result = self._after.claims.get(outcome.claim)
        return result.claim if result else None


def changes(differences: Iterable[Difference], documentation: Documentation) -> Iterator[Change]:
    """Join what several cases show into one change, and class it; what operations have in common is one change too."""
    groups: dict[tuple[object, ...], list[Difference]] = {}
    for one in differences:
        groups.setdefault((one.operation, one.aspect, one.where, one.before, one.after), []).append(one)
    common: dict[tuple[object, ...], list[Change]] = {}
    for group in groups.values():
        change = _change(group, [documentation.says_of(one) for one in group])
        words = (change.aspect, change.where, change.before, change.after, change.effect, change.standing)
        common.setdefault((*words, change.questions), []).append(change)
    for alike in common.values():
        yield replace(
            alike[0],
            operations=tuple(sorted(key for change in alike for key in change.operations)),
            cases=tuple(sorted(case for change in alike for case in change.cases)),
        )


def _change(group: list[Difference], grounds: list[Ground]) -> Change:
    first = group[0]
    ground = _joined(grounds)
    claim = ground.claim
    return Change(
        operations=(first.operation,),
        aspect=first.aspect,
        where=first.where,
        before=first.before,
        after=first.after,
        effect=_effect(group, ground),
        standing=ground.standing,
        questions=tuple(sorted({one.pair.after.title for one in group})),
        cases=tuple(sorted({one.pair.after.id for one in group})),
        because=ground.words,
        page=claim.page if claim else "",
        erratum=claim.erratum if claim else None,
    )


def _joined(grounds: list[Ground]) -> Ground:
    """Join what is said of several cases that show the same: what is promised in one of them is promised."""
    order = (Standing.AGAINST, Standing.PROMISED, Standing.SILENT)
    return min(grounds, key=lambda ground: order.index(ground.standing))


def _effect(group: list[Difference], ground: Ground) -> Effect:
    if ground.standing is Standing.AGAINST:
        advisory = ground.claim is not None and ground.claim.level is Level.SHOULD
        return Effect.COMPATIBLE if advisory else Effect.BREAKING
    return Effect.BREAKING if any(_breaks(one) for one in group) else Effect.COMPATIBLE


def _breaks(one: Difference) -> bool:
    match one.aspect:
        case Aspect.STATUS:
            return not (one.before >= _LOWEST_REFUSAL > one.after)
        case Aspect.FIELD | Aspect.ERROR_TYPE:
            return one.before != NOTHING
        case Aspect.ERROR_TEXT:
            # Who has a code need not read the text.
            return one.before != NOTHING and not one.coded
        case Aspect.TYPE:
            return not {*one.after.split(" or ")} <= {*one.before.split(" or ")}
        case _:
            return True


def _ground(standing: Standing, claim: Claim) -> Ground:
    return Ground(standing=standing, claim=claim, words=claim.promise)


def _accuses(outcome: Outcome, difference: Difference) -> bool:
    if difference.aspect is Aspect.STATUS:
        # What is answered instead may be accused of anything: that nobody asked who is there, or of what it lacks.
        return True
    places = {
        Aspect.CONTENT_TYPE: {"header content-type"},
        Aspect.ERROR_TYPE: {"/errorType"},
        Aspect.ERROR_TEXT: {difference.where, "/error", "/message"},
    }.get(difference.aspect, {f"/{name_of(difference.where)}"})
    return any(finding.where in places for finding in outcome.findings)


def _covers(outcome: Outcome, claim: Claim, difference: Difference) -> bool:
    """Tell whether a check that passed has looked at what the difference is about."""
    if difference.aspect in _OF_FIELDS:
        return claim.id.kind is ClaimKind.REFUSAL and f" {name_of(difference.where)} " in claim.promise
    if difference.after == NOTHING:
        # The refusal is as promised, and the promise does not have what is gone.
        return claim.id.kind is ClaimKind.REFUSAL
    return outcome.check in _CHECKS[difference.aspect]
