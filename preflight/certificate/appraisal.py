"""Appraisal: holds a run against a requirement set, and says what of it can be certified, or on which grounds nothing.

It is made once to certify and once more to verify: what a certificate says must follow from the run in its bundle.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from preflight.catalog.profile import Strictness
from preflight.catalog.requirements import RequirementSet, Weight
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.release import Release
from preflight.model.run import ClaimResult, Run
from preflight.model.verdict import Verdict, worst

NOT_SHOWN = "no answer of the run shows it"
BROKEN_ADVICE = "an advisory promise is broken"
OPEN_ADVICE = "an advisory promise could not be judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why there is no certificate: how grave it is, in words, and what it is about."""

    verdict: Verdict
    words: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """What a run shows of a requirement set.

    `passed` were judged and hold; `remarks` say of other claims what a reader must know; `not_applicable` are those of
    another edition; `not_required` are asked of nobody. `grounds` are against a certificate.
    """

    passed: tuple[ClaimId, ...]
    remarks: Mapping[ClaimId, str]
    not_applicable: Mapping[ClaimId, str]
    not_required: tuple[ClaimId, ...]
    grounds: tuple[Ground, ...]


def appraise(run: Run, asked: RequirementSet) -> Appraisal:
    """Hold a run against a requirement set."""
    release = Release.parse(run.release)
    every = asked.at(release) if release in asked.releases else {}
    looked_at = {outcome.claim for outcome in run.outcomes}
    edition = run.environment.get("edition", "")
    broken = {name for name, result in run.claims.items() if result.verdict is Verdict.FAIL}
    weights = {name: one.weight for name, one in every.items() if one.edition in {"", edition} or name in broken}
    sorted_out = {
        name: _sort(run.claims.get(name), weights[name], looked_at=name in looked_at)
        if name in weights
        else _Sorted("not applicable", f"it is asked of the {one.edition} edition alone")
        for name, one in every.items()
    }
    gathered = {kind: sorted(name for name, own in sorted_out.items() if own.kind == kind) for kind in _KINDS}
    return Appraisal(
        passed=tuple(gathered["passed"]),
        remarks={name: sorted_out[name].words for name in gathered["remark"]},
        not_applicable={name: sorted_out[name].words for name in gathered["not applicable"]},
        not_required=tuple(gathered["not required"]),
        grounds=(
            *_of_the_run(run, asked, release, weights),
            *_of_claims(gathered),
            *_of_operations(run, weights),
            *(() if gathered["passed"] else (Ground(verdict=Verdict.INCONCLUSIVE, words="no claim was judged"),)),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Sorted:
    kind: str
    words: str = ""


_GROUNDS: Mapping[str, tuple[Verdict, str]] = {
    "broken": (Verdict.FAIL, "a required promise is broken"),
    "waived": (Verdict.FAIL, "a required promise is broken, which a waiver accepts and a certificate does not"),
    "stumbled": (Verdict.INCONCLUSIVE, "Preflight stumbled over a required promise"),
    "open": (Verdict.INCONCLUSIVE, "a required promise could not be judged"),
    "set aside": (Verdict.INCONCLUSIVE, "a required promise was not exercised"),
    "missing": (Verdict.INCONCLUSIVE, "a required promise is not in this run"),
    "contradicted": (Verdict.INCONCLUSIVE, "the run says that a promise holds, and no check in it says so"),
}
_KINDS = ("passed", "remark", "not applicable", "not required", *_GROUNDS)


def _sort(result: ClaimResult | None, weight: Weight, *, looked_at: bool) -> _Sorted:
    """Say what a claim's result means for a certificate; `looked_at` tells that a check came to an outcome on it."""
    if weight is Weight.UNJUDGED and (result is None or result.verdict is not Verdict.FAIL):
        return _Sorted("not required")
    if result is None:
        return _Sorted("missing")
    remark = _remark(result, weight, looked_at=looked_at)
    if remark:
        return _Sorted("remark", remark)
    if result.verdict is Verdict.PASS and not (looked_at and result.judged):
        return _Sorted("contradicted")
    return _Sorted("waived" if result.waiver is not None else _BY_VERDICT[result.verdict])


def _remark(result: ClaimResult, weight: Weight, *, looked_at: bool) -> str:
    verdict = result.verdict
    if weight is Weight.WHERE_SHOWN and verdict is Verdict.INCONCLUSIVE and not looked_at:
        return NOT_SHOWN
    if weight in {Weight.WHERE_SHOWN, Weight.ADVISORY} and verdict is Verdict.NOT_APPLICABLE:
        return f"not exercised, {result.reason}"
    if weight is not Weight.ADVISORY or verdict is Verdict.PASS:
        return ""
    return BROKEN_ADVICE if verdict is Verdict.FAIL else OPEN_ADVICE


_BY_VERDICT: Mapping[Verdict, str] = {
    Verdict.NOT_APPLICABLE: "set aside",
    Verdict.PASS: "passed",
    Verdict.INCONCLUSIVE: "open",
    Verdict.FAIL: "broken",
    Verdict.ERROR: "stumbled",
}


def _of_the_run(
    run: Run, asked: RequirementSet, release: Release, weights: Mapping[ClaimId, Weight]
) -> Iterator[Ground]:
    if run.interrupted:
        yield Ground(verdict=Verdict.INCONCLUSIVE, words="the run was interrupted")
    if run.environment.get("only"):
        words = "the run was limited by --only to"
        yield Ground(verdict=Verdict.INCONCLUSIVE, words=words, about=(run.environment["only"],))
    if run.environment.get("shard"):
        words = "the run is one part of several, which preflight merge joins"
        yield Ground(verdict=Verdict.INCONCLUSIVE, words=words, about=(run.environment["shard"],))
    if run.environment.get("mode") == "read-only":
        yield Ground(
            verdict=Verdict.INCONCLUSIVE, words="the run only read, so that much of what is promised was not seen"
        )
    if any(case.verdict is Verdict.ERROR for case in run.cases):
        yield Ground(verdict=Verdict.INCONCLUSIVE, words="Preflight stumbled in a case of the run")
    if release not in asked.releases:
        words = f"the profile {asked.profile} says nothing about release {release}, only about {asked.releases}"
        yield Ground(verdict=Verdict.INCONCLUSIVE, words=words)
    if not _read_strictly_enough(run.environment.get("strictness", ""), asked.strictness):
        words = f"answers were not read as strictly as the profile {asked.profile} asks"
        yield Ground(verdict=Verdict.INCONCLUSIVE, words=words)
    wrong = sorted(_contradicted(run, weights), key=str)
    if wrong:
        words = "the run contradicts itself about a promise"
        yield Ground(verdict=Verdict.INCONCLUSIVE, words=words, about=tuple(map(str, wrong)))


def _read_strictly_enough(strictness: str, asked: Strictness) -> bool:
    return strictness in set(Strictness) and Strictness(strictness).includes(asked)


def _contradicted(run: Run, weights: Mapping[ClaimId, Weight]) -> Iterator[ClaimId]:
    """Give the claims whose verdict is not what the outcomes of the run make."""
    telling: dict[ClaimId, list[Verdict]] = {}
    for outcome in run.outcomes:
        if outcome.claim in weights and outcome.verdict in {Verdict.PASS, Verdict.FAIL}:
            telling.setdefault(outcome.claim, []).append(outcome.verdict)
    for name, verdicts in telling.items():
        if name in run.claims and run.claims[name].verdict is not worst(verdicts):
            yield name


def _of_claims(gathered: Mapping[str, list[ClaimId]]) -> Iterator[Ground]:
    for kind, (verdict, words) in _GROUNDS.items():
        if gathered[kind]:
            yield Ground(verdict=verdict, words=words, about=tuple(map(str, gathered[kind])))


def _of_operations(run: Run, weights: Mapping[ClaimId, Weight]) -> Iterator[Ground]:
    """Object to operations that never answered with success though one is required."""
    wanted = {
        name.operation
        for name, weight in weights.items()
        if weight is Weight.REQUIRED and name.kind is ClaimKind.SUCCESS
    }
    idle = [str(key) for key in sorted(wanted & set(run.operations)) if not run.operations[key].exercised]
    if idle:
        words = "an operation never answered with success"
        yield Ground(verdict=Verdict.INCONCLUSIVE, words=words, about=tuple(idle))


def in_words(grounds: Iterable[Ground]) -> str:
    """Tell grounds in one line: the gravest first, each with its first examples."""
    ordered = sorted(grounds, key=lambda ground: -ground.verdict.rank)
    return "; ".join(_told(ground) for ground in ordered)


_SHOWN = 3


def _told(ground: Ground) -> str:
    if not ground.about:
        return ground.words
    rest = len(ground.about) - _SHOWN
    tail = f" and {rest:,} more" if rest > 0 else ""
    return f"{ground.words}: {', '.join(ground.about[:_SHOWN])}{tail}"
