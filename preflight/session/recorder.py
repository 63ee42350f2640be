"""The recorder: gathers case results, outcomes and exchanges, and makes the run of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from preflight.catalog.catalog import Catalog
from preflight.model.claim import Claim, ClaimId
from preflight.model.exchange import Exchange
from preflight.model.operation import OperationKey
from preflight.model.outage import Outage
from preflight.model.outcome import Outcome
from preflight.model.run import (
    Beyond,
    CaseResult,
    ClaimResult,
    Drift,
    Leftover,
    OperationResult,
    Run,
    Waits,
    verdict_of,
)
from preflight.model.verdict import Verdict, worst
from preflight.session.waiving import Waiving

UNSEEN = "no answer of this run shows it"

Listener = Callable[[CaseResult], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstance:
    """What a run is about, known before its first case."""

    id: str
    target: str
    release: str
    profile: str
    started: str
    environment: Mapping[str, str]
    waiving: Waiving = field(default_factory=Waiving)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What is known of a run only at its end."""

    duration_s: float
    requests: int
    interrupted: bool
    waits: tuple[Waits, ...] = ()
    outages: tuple[Outage, ...] = ()


class Recorder:
    """Takes what happens, in the order in which it happens."""

    def __init__(self, listener: Listener | None = None) -> None:
        self.cases: list[CaseResult] = []
        self.outcomes: list[Outcome] = []
        self.exchanges: dict[str, Exchange] = {}
        self.beyond: set[Beyond] = set()
        self.leftovers: list[Leftover] = []
        self._listener = listener

    def record(self, case: CaseResult, outcomes: Iterable[Outcome], exchanges: Iterable[Exchange]) -> None:
        """Take one finished case."""
        self.cases.append(case)
        self.outcomes.extend(outcomes)
        self.exchanges.update((exchange.id, exchange) for exchange in exchanges)
        if self._listener:
            self._listener(case)

    def run(
        self,
        circumstance: Circumstance,
        catalog: Catalog,
        claims: Mapping[ClaimId, Claim],
        measures: Measures,
    ) -> Run:
        """Make the run of what was recorded; `claims` are those that this run was to judge."""
        results = claim_results(claims, self.outcomes, self.cases)
        waivers = circumstance.waiving.results(results, self.outcomes)
        removed = frozenset(key for key, contract in catalog.contracts.items() if contract.removed)
        operations = operation_results(results, self.cases, removed)
        return Run(
            id=circumstance.id,
            verdict=verdict_of(operations.values(), self.cases, interrupted=measures.interrupted, waivers=waivers),
            release=circumstance.release,
            target=circumstance.target,
            profile=circumstance.profile,
            started=circumstance.started,
            duration_s=round(measures.duration_s, 3),
            requests=measures.requests,
            interrupted=measures.interrupted,
            operations=operations,
            claims=results,
            cases=tuple(self.cases),
            outcomes=tuple(self.outcomes),
            exchanges=self.exchanges,
            drift=_drift(catalog, operations),
            beyond_contract=tuple(sorted(self.beyond)),
            leftovers=tuple(self.leftovers),
            environment=circumstance.environment,
            waivers=waivers,
            waits=measures.waits,
            outages=measures.outages,
        )


def claim_results(
    claims: Mapping[ClaimId, Claim], outcomes: Iterable[Outcome], cases: Iterable[CaseResult]
) -> dict[ClaimId, ClaimResult]:
    """Say for each claim which checks judged it, with which verdict, or why none did."""
    by_claim: defaultdict[ClaimId, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_claim[outcome.claim].append(outcome)
    unseen = _reasons_not_to_have_seen(cases)
    return {name: _claim_result(claim, by_claim[name], unseen.get(name.operation)) for name, claim in claims.items()}


def _reasons_not_to_have_seen(cases: Iterable[CaseResult]) -> dict[OperationKey, tuple[Verdict, str]]:
    """Say for each operation that was never accepted why its answers could not be seen."""
    played: defaultdict[OperationKey, list[CaseResult]] = defaultdict(list)
    for case in cases:
        if case.suite == "shapes":
            played[case.operation].append(case)
    return {
        key: (worst(case.verdict for case in found), "; ".join(sorted({case.reason for case in found if case.reason})))
        for key, found in played.items()
        if not any(case.accepted for case in found)
    }


def operation_results(
    claims: Mapping[ClaimId, ClaimResult],
    cases: Iterable[CaseResult],
    removed: frozenset[OperationKey] = frozenset(),
) -> dict[OperationKey, OperationResult]:
    """Join the claims of each operation; one that never answered with success is not exercised, and never green.

    Of those that the release has `removed` nothing is promised but that they are refused.
    """
    verdicts: defaultdict[OperationKey, list[Verdict]] = defaultdict(list)
    for name, result in claims.items():
        verdicts[name.operation].append(_weight(result))
    played: defaultdict[OperationKey, list[CaseResult]] = defaultdict(list)
    for case in cases:
        played[case.operation].append(case)
    return {
        key: _operation_result(found, played[key], is_removed=key in removed) for key, found in sorted(verdicts.items())
    }


def _weight(result: ClaimResult) -> Verdict:
    """Give what a claim adds to the verdict of its operation."""
    # What no answer happened to show is not required of an answer: it is reported, and makes nothing inconclusive.
    if result.reason == UNSEEN:
        return Verdict.NOT_APPLICABLE
    # What is merely advisory is reported as well: it can neither fail a run nor leave it open.
    # So is a known deviation of this deployment.
    if result.excused and result.verdict is not Verdict.ERROR:
        return Verdict.PASS if result.judged else Verdict.NOT_APPLICABLE
    return result.verdict


def _claim_result(claim: Claim, outcomes: list[Outcome], unseen: tuple[Verdict, str] | None) -> ClaimResult:
    telling = [outcome for outcome in outcomes if outcome.verdict in {Verdict.PASS, Verdict.FAIL}]
    if telling:
        broken = [outcome for outcome in telling if outcome.findings]
        return ClaimResult(
            claim=claim,
            verdict=worst(outcome.verdict for outcome in telling),
            checks=tuple(sorted({outcome.check for outcome in telling})),
            waiver=broken[0].findings[0].waiver if broken and all(one.waived for one in broken) else None,
        )
    if outcomes:
        verdict = worst(outcome.verdict for outcome in outcomes)
        reasons = {outcome.reason for outcome in outcomes if outcome.reason}
        if {outcome.reason for outcome in outcomes if outcome.verdict is verdict} == {UNSEEN}:
            reasons = {UNSEEN}
        return ClaimResult(claim=claim, verdict=verdict, reason="; ".join(sorted(reasons)))
    if unseen and unseen[0] is Verdict.NOT_APPLICABLE:
        return ClaimResult(claim=claim, verdict=Verdict.NOT_APPLICABLE, reason=unseen[1])
    return ClaimResult(claim=claim, verdict=Verdict.INCONCLUSIVE, reason=UNSEEN)


def _operation_result(verdicts: list[Verdict], cases: list[CaseResult], *, is_removed: bool) -> OperationResult:
    exercised = any(case.accepted for case in cases)
    verdict = worst(verdicts)
    if not exercised and not is_removed and not _is_settled(cases):
        verdict = worst([verdict, Verdict.INCONCLUSIVE])
    return OperationResult(verdict=verdict, exercised=exercised, cases=len(cases))


def _is_settled(cases: list[CaseResult]) -> bool:
    """Whether every accepted case of an operation is known not to apply to this target."""
    shapes = [case.verdict for case in cases if case.suite == "shapes"]
    return bool(shapes) and set(shapes) == {Verdict.NOT_APPLICABLE}


def _drift(catalog: Catalog, operations: Mapping[OperationKey, OperationResult]) -> tuple[Drift, ...]:
    return tuple(
        Drift(
            erratum=erratum.id,
            operation=key,
            documented=erratum.documented,
            served=erratum.served,
            releases=str(erratum.releases),
            evidence=tuple(erratum.evidence),
            page=catalog.contracts[key].page,
            security=erratum.security,
        )
        for erratum in catalog.errata.values()
        for key in operations
        if erratum.is_about(key)
    )
