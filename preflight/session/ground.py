"""The ground that all performances of a session stand on: stage, claims, settings, whether the target lives."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from preflight.catalog.cases import Case, CaseKind, Needs
from preflight.catalog.catalog import Catalog
from preflight.catalog.effects import Effect
from preflight.catalog.profile import Strictness
from preflight.checks.evidence import Evidence
from preflight.checks.judge import judge
from preflight.model.claim import Claim, ClaimId
from preflight.model.exchange import Exchange
from preflight.model.operation import OperationKey
from preflight.model.outage import Forgot
from preflight.model.outcome import Outcome
from preflight.session.audit import EVERY_SUCCESS, Audit
from preflight.session.causes import Causes
from preflight.session.circumstances import CircumstanceError, NotApplicableError
from preflight.session.ghosts import Ghosts
from preflight.session.keeper import RightsKeeper, SettingsKeeper
from preflight.session.reach import PATIENCE_S, Reach
from preflight.session.recorder import Recorder
from preflight.session.stage import Scene, Stage
from preflight.session.standing import StandingSettings
from preflight.session.subjects import sent_subjects
from preflight.session.vault import Vault
from preflight.session.waiving import Waiving
from preflight.settings import Depth
from preflight.wire.rest import Ask

_ASKED_FROM = {
    "field.type": Strictness.TYPED,
    "field.required": Strictness.REQUIRED,
    "success.closed": Strictness.CLOSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How many exchanges were recorded when they were last sorted, and which of them asked what."""

    count: int = 0
    by_operation: Mapping[OperationKey, Sequence[Exchange]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Shared:
    """A request that several cases send, each in a manner of its own, and the scene of what was arranged for it.

    `left` is for how many cases it is still needed.
    """

    scene: Scene
    ask: Ask
    left: int


@dataclass(kw_only=True)
class Ground:
    """What performances share.

    `started` is the reading of the clock when the run began; `enterprise` None means that the target did not tell;
    `seed` and `depth` decide which requests are generated; `patience_s` is for how long a target is waited for that has
    stopped answering.
    """

    stage: Stage
    keeper: SettingsKeeper
    rights: RightsKeeper
    recorder: Recorder
    catalog: Catalog
    claims: Mapping[ClaimId, Claim]
    strictness: Strictness
    enterprise: bool | None
    started: float
    read_only: bool = False
    waiving: Waiving = field(default_factory=Waiving)
    seed: int = 0
    depth: Depth = Depth.STANDARD
    patience_s: float = PATIENCE_S
    causes: Causes = field(default_factory=Causes)
    settings: StandingSettings = field(init=False)
    vault: Vault = field(init=False)
    ghosts: Ghosts = field(init=False)
    answered: Answered = Answered()
    audit: Audit = field(init=False)
    shared: dict[str, Shared] = field(default_factory=dict)
    reach: Reach = field(init=False)
    _baselines: dict[OperationKey, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.settings = StandingSettings(self.stage.client, self.stage.company)
        self.vault = Vault(stage=self.stage)
        self.ghosts = Ghosts(stage=self.stage)
        self.reach = Reach(client=self.stage.client, back=self._meet_again, patience_s=self.patience_s)
        self.audit = Audit(self.catalog, self.claims, self.causes, self.asked(EVERY_SUCCESS), self.waiving.marked)

    def asked(self, checks: Iterable[str]) -> tuple[str, ...]:
        """Leave out the checks that the strictness of the profile does not ask."""
        return tuple(name for name in checks if self.strictness.includes(_ASKED_FROM.get(name, Strictness.ENVELOPE)))

    def judged(self, checks: Iterable[str], evidence: Evidence, case: str) -> tuple[Outcome, ...]:
        """Judge evidence by the checks that the profile asks; what a waiver accepts is marked."""
        return tuple(map(self.waiving.marked, judge(self.asked(checks), evidence, case)))

    def meet(self, case: Case) -> None:
        """See that the target is what a case needs.

        Raises:
            NotApplicableError: when it is not.
            CircumstanceError: when it cannot be told.
        """
        if self.read_only and case.lacks:
            raise CircumstanceError(
                f"--read-only: the account of the run plays {case.actor}, and may have {case.lacks}"
            )
        if case.lacks and not self.read_only and self.stage.company.may_have_rights(case.actor):
            raise CircumstanceError(f"{case.actor} is played by an account with other roles, and may have {case.lacks}")
        self.provide(case.needs)
        for person in case.beside:
            self.stage.company.login(person)

    def provide(self, needs: Needs) -> None:
        """See that edition and settings are as they are needed, and all other settings and permissions as before.

        Raises:
            NotApplicableError: when they are not, and may not be changed.
            CircumstanceError: when it cannot be told.
        """
        if needs.edition and self.enterprise is None:
            raise CircumstanceError("the workspace does not tell its edition")
        if needs.edition and needs.edition != self.edition:
            raise NotApplicableError(f"the workspace is of the {self.edition} edition")
        for name, wanted in needs.found.items():
            self.settings.must_be(name, wanted)
        self.rights.meet({})  # a permission that was taken away, and whose return was never answered for
        self.keeper.meet(needs.settings)

    @property
    def edition(self) -> str:
        """The edition in a word."""
        return {True: "enterprise", False: "community", None: "unknown"}[self.enterprise]

    def _meet_again(self) -> Forgot:
        """See what a target knows still that has stopped answering for a while, and go on from there.

        Raises:
            CircumstanceError: when the account of the run is not let in any more.
            TargetError: when it does not answer.
        """
        forgot = self.stage.meet_again()
        if forgot is Forgot.PEOPLE:
            self.shared.clear()
            self.vault = Vault(stage=self.stage)
            self.keeper.doubt()
            self.rights.doubt()
        return forgot

    def writes(self, key: OperationKey) -> bool:
        """Whether an operation may change something."""
        action = self.catalog.effects.action(key.method, key.name)
        return action is None or action.effect is not Effect.READS

    def baseline(self, key: OperationKey) -> frozenset[str]:
        """Name the parameters that the simplest accepted case of an operation sends."""
        if key not in self._baselines:
            accepted = (case for case in self.catalog.cases_of(key) if case.kind is CaseKind.ACCEPTED)
            first = next(accepted, None)
            self._baselines[key] = sent_subjects(self.catalog.contracts[key], first) if first else frozenset()
        return self._baselines[key]
