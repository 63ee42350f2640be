"""A run: everything one judgement of one target produced; every report is rendered from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from preflight.model.claim import Claim, ClaimId, Level
from preflight.model.exchange import Exchange
from preflight.model.operation import OperationKey
from preflight.model.outage import Outage
from preflight.model.outcome import Outcome
from preflight.model.verdict import Verdict, worst

ALIAS: Final = "alias"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One case as it was played: its title in words, its exchanges in order, its verdict.

    `id` reads ``<suite>/<operation>/<case>``; `reason` says why where the verdict is neither pass nor fail;
    `accepted` tells that a success answer arrived; `started_s` and `seconds` count from the start of the run.
    """

    id: str
    suite: str
    operation: OperationKey
    title: str
    actor: str
    verdict: Verdict
    exchanges: tuple[str, ...] = ()
    accepted: bool = False
    reason: str = ""
    started_s: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationResult:
    """The verdict on one operation; `exercised` only if it answered at least once with success."""

    verdict: Verdict
    exercised: bool
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResult:
    """A claim of this run: judged by which checks, with which verdict, or why not.

    `waiver` names a waiver where everything that was found is accepted for this deployment.
    """

    claim: Claim
    verdict: Verdict
    checks: tuple[str, ...] = ()
    reason: str = ""
    waiver: str | None = None

    @property
    def advisory(self) -> bool:
        """Whether the promise is a SHOULD, which is reported and fails no run."""
        return self.claim.level is Level.SHOULD

    @property
    def excused(self) -> bool:
        """Whether it fails no run, even where it is seen broken: the promise is advisory, or its breach is waived."""
        return self.advisory or self.waiver is not None

    @property
    def judged(self) -> bool:
        """Whether at least one check came to pass or fail."""
        return bool(self.checks) and self.verdict in {Verdict.PASS, Verdict.FAIL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Documentation and servers part here: the page says one thing, evidence another.

    `security` tells that what servers do here is a weakness, which is shown as a warning.
    """

    erratum: str
    operation: OperationKey
    documented: str
    served: str
    releases: str
    evidence: tuple[str, ...]
    page: str
    security: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Beyond:
    """A field observed beyond the contract: reported, never a failure."""

    operation: OperationKey
    where: str
    type: str


class WaiverState(StrEnum):
    """What a waiver is worth in a run: needed; the promise holds again; past its last day; or it cannot be told."""

    USED = "used"
    STALE = "stale"
    EXPIRED = "expired"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverResult:
    """A waiver about a claim of this run; `expires` is its last day, ISO-8601."""

    id: str
    claim: ClaimId
    check: str
    where: str
    owner: str
    reason: str
    link: str
    expires: str
    state: WaiverState

    @property
    def fails(self) -> bool:
        """Whether it fails the run: it must be removed, or renewed with a reason."""
        return self.state in {WaiverState.STALE, WaiverState.EXPIRED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """Something the run created and could not remove again."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """The pauses of a run until the rate limiter of the target let `what` be asked; `seconds` of all together."""

    what: str
    times: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One judgement of one target.

    `target` is the address without credentials; `started` is ISO-8601 UTC; `duration_s` in seconds;
    `environment` holds facts for reports (Preflight version, contracts digest, profile, seed…).
    """

    id: str
    verdict: Verdict
    release: str
    target: str
    profile: str
    started: str
    duration_s: float
    requests: int
    interrupted: bool
    operations: Mapping[OperationKey, OperationResult]
    claims: Mapping[ClaimId, ClaimResult]
    cases: tuple[CaseResult, ...]
    outcomes: tuple[Outcome, ...]
    exchanges: Mapping[str, Exchange]
    drift: tuple[Drift, ...]
    beyond_contract: tuple[Beyond, ...]
    leftovers: tuple[Leftover, ...]
    environment: Mapping[str, str]
    waivers: tuple[WaiverResult, ...] = ()
    waits: tuple[Waits, ...] = ()
    outages: tuple[Outage, ...] = ()

    @property
    def alias(self) -> str:
        """What people call the target: runs of one alias are of one deployment, whatever its address."""
        return self.environment.get(ALIAS) or self.target


def verdict_of(
    operations: Iterable[OperationResult],
    cases: Iterable[CaseResult],
    *,
    interrupted: bool,
    waivers: Iterable[WaiverResult] = (),
) -> Verdict:
    """Join what is known of operations and cases to the verdict on a run."""
    verdicts = [worst((result.verdict for result in operations), of_nothing=Verdict.INCONCLUSIVE)]
    if any(waiver.fails for waiver in waivers):
        verdicts.append(Verdict.FAIL)
    if interrupted:
        verdicts.append(Verdict.INCONCLUSIVE)
    # A case that broke of our own fault taints the run, even where other cases judged all that it was about.
    if any(case.verdict is Verdict.ERROR for case in cases):
        verdicts.append(Verdict.ERROR)
    return worst(verdicts)
