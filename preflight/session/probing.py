"""Probing: generated requests to one operation, what came of them, and the smallest request that shows a finding."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import islice
from typing import TypeVar

from preflight.catalog.cases import Case
from preflight.catalog.contract import Contract
from preflight.checks.evidence import Evidence
from preflight.checks.judge import judge
from preflight.model.claim import Claim, ClaimId, ClaimKind, Level
from preflight.model.finding import Finding
from preflight.model.json import Json, as_list, as_object
from preflight.model.operation import OperationKey
from preflight.model.outcome import Outcome
from preflight.probes import own
from preflight.probes.names import Name, Names
from preflight.probes.probe import Parameters, Probe
from preflight.probes.reduction import smaller
from preflight.session.causes import Cause, cause_of
from preflight.session.circumstances import (
    CircumstanceError,
    NotApplicableError,
    refuse_gateway,
    refuse_rate_limited,
)
from preflight.session.performance import Performance
from preflight.session.stage import query_of
from preflight.settings import Depth
from preflight.wire.rest import Answer, Ask

MOST_TRIES = 30

_PROBES = "preflight_probes"
F = TypeVar("F", bound=Callable[..., None])


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What probes are made of: a contract, an accepted request, what may be named, a seed, and how many are wanted."""

    contract: Contract
    base: Parameters
    names: Names
    seed: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Probes of one kind: their title, what makes them, and how many of an operation each depth allows.

    `promises` are what they are made for; they stay open where none can be sent.
    """

    title: str
    make: Callable[[Material], Iterator[Probe]]
    most: Mapping[Depth, int]
    promises: tuple[tuple[ClaimKind, str], ...] = ()

    def is_about(self, operation: OperationKey, claims: Mapping[ClaimId, Claim]) -> bool:
        """Tell whether an operation promises what the probes are made for."""
        return not self.promises or any(ClaimId(operation, kind, subject) in claims for kind, subject in self.promises)


def _missing(material: Material) -> Iterator[Probe]:
    return own.without_required(material.contract, material.base, material.names)


def _unknown(material: Material) -> Iterator[Probe]:
    return own.with_unknown(material.base, material.names)


def _covering(material: Material) -> Iterator[Probe]:
    # The generator takes a while to be imported, and a quick run does without.
    yield from import_module("preflight.probes.generator").covering(material.contract, material.base)


def _drawing(material: Material) -> Iterator[Probe]:
    generator = import_module("preflight.probes.generator")
    yield from generator.drawing(material.contract, material.base, material.seed, material.most)


_ALWAYS = {Depth.QUICK: 20, Depth.STANDARD: 100, Depth.DEEP: 1000}

GROUPS: Mapping[str, Group] = {
    "missing": Group(
        title="asked without what is required",
        make=_missing,
        most=_ALWAYS,
        promises=((ClaimKind.ROBUSTNESS, "required-demanded"),),
    ),
    "unknown": Group(
        title="asked for what there is not",
        make=_unknown,
        most=_ALWAYS,
        promises=((ClaimKind.ROBUSTNESS, "unknown-refused"),),
    ),
    "boundaries": Group(
        title="asked at the bounds of its contract, and just beyond",
        make=_covering,
        most={Depth.STANDARD: 60, Depth.DEEP: 1000},
    ),
    "drawn": Group(
        title="asked with requests drawn at random", make=_drawing, most={Depth.STANDARD: 6, Depth.DEEP: 100}
    ),
}


def probes(group: str) -> Callable[[F], F]:
    """Say which group of probes a suite is about."""

    def mark(suite: F) -> F:
        setattr(suite, _PROBES, group)
        return suite

    return mark


def group_of(suite: object) -> str:
    """Name the group of probes that a suite is about; empty where it is about none."""
    found: str = getattr(suite, _PROBES, "")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """The answers to the probes of a group, each with all that is promised about it."""

    probing: "Probing"
    shown: tuple[tuple[Probe, Evidence], ...]
    cut_short: CircumstanceError | None = None

    def keeps(self, *checks: str) -> None:
        """Judge every answer; one cause gives one finding, shown by the smallest request that shows it.

        Raises:
            BrokenPromiseError: with the findings that are more than advisory.
            CircumstanceError: where nothing is broken, but something stood in the way of the rest.
        """
        self.probing.judge(self.shown, checks)
        if self.cut_short is not None:
            self.probing.performance.inconclusive(str(self.cut_short))
            raise self.cut_short


@dataclass(slots=True, kw_only=True)
class Probing:
    """The probes of one group, to one operation; `case` is its simplest accepted one."""

    performance: Performance
    case: Case
    group: str
    _waiting: Iterator[Probe] | None = None
    _shown: list[tuple[Probe, Evidence]] = field(default_factory=list)
    _problem: Exception | None = None

    def proceeds(self, most: int) -> bool:
        """Send so many of the probes now; says whether more are waiting. What goes wrong is raised when it is asked."""
        try:
            return self._problem is None and self.performance.guarded(lambda: self._sent(most))
        except Exception as problem:  # noqa: BLE001 (whatever it is, it is told with the case)
            self._problem = problem
            return False

    def ask(self) -> Probed:
        """Arrange what the case needs, make the probes, and send them.

        Raises:
            CircumstanceError: when something stands in the way of the first of them.
            NotApplicableError: when the target is not what the case is about.
        """
        if self._problem is not None and not (self._shown and isinstance(self._problem, CircumstanceError)):
            raise self._problem
        key = self.performance.contract.key
        self.performance.aims += [ClaimId(key, kind, subject) for kind, subject in GROUPS[self.group].promises]
        return self.performance.guarded(self._ask)

    def judge(self, shown: Iterable[tuple[Probe, Evidence]], checks: tuple[str, ...]) -> None:
        """Judge answers and record what came of it; raises BrokenPromiseError."""
        performance = self.performance
        asked = performance.ground.asked(checks)
        found = [
            told
            for probe, evidence in shown
            for outcome in judge(asked, evidence, performance.id)
            for told in self._told(outcome, probe, evidence)
        ]
        performance.settle(_joined(found))

    def _ask(self) -> Probed:
        scene, group = self.performance.scene, GROUPS[self.group]
        cut_short = self._problem if isinstance(self._problem, CircumstanceError) else None
        try:
            if cut_short is None:
                self._sent(group.most[self.performance.ground.depth])
        except CircumstanceError as problem:
            if not self._shown:
                raise
            cut_short = problem
        if not self._shown:
            raise NotApplicableError(f"the contract of {self.case.operation} leaves nothing to be {group.title}")
        if cut_short is None:
            scene.exchanges.append(self._shown[0][1].exchange)
        return Probed(probing=self, shown=tuple(self._shown), cut_short=cut_short)

    def _sent(self, most: int) -> bool:
        """Send so many probes; says whether more are waiting."""
        if self._waiting is None:
            self._waiting = self._made()
        names = self._names()
        with self.performance.ground.audit.aside():
            for _ in range(most):
                probe = next(self._waiting, None)
                if probe is None:
                    return False
                kept = replace(probe, parameters=names.kept(probe.parameters))
                self._shown.append((kept, self._evidence(kept)))
        return True

    def _made(self) -> Iterator[Probe]:
        """Arrange what the case needs, and make the probes."""
        ground, scene, case = self.performance.ground, self.performance.scene, self.case
        ground.meet(case)
        scene.arrange(case.before, scene.before, f"case {case.name}")
        names = self._names()
        base = names.replaced(
            Parameters(
                query=as_object(scene.resolve(case.query)), body=scene.resolve(case.body), has_body=case.has_body
            )
        )
        group = GROUPS[self.group]
        most = group.most[ground.depth]
        material = Material(contract=self.performance.contract, base=base, names=names, seed=ground.seed, most=most)
        return islice(group.make(material), most)

    def _names(self) -> Names:
        allowance, resolve = self.performance.ground.catalog.allowance, self.performance.scene.resolve
        contract = self.performance.contract
        sent = {parameter.name for parameter in contract.parameters} | set(_fields(contract))
        own = allowance.instead.get(contract.key, {})
        known: dict[str, Name] = {}
        for name, naming in allowance.names.items():
            if name not in sent:
                continue
            resolve(list(naming.beside))
            values = [str(resolve(value)) for value in own.get(name, naming.values)]
            unknown = None if naming.unknown is None else str(resolve(naming.unknown))
            known[name] = Name(values=tuple(values), unknown=unknown, fixed=name in own)
        return Names(known=known, without=allowance.without)

    def _evidence(self, probe: Probe) -> Evidence:
        ground = self.performance.ground
        return Evidence(
            contract=self.performance.contract,
            claims=ground.claims,
            exchange=self._send(probe).exchange,
            oddity=probe.oddity,
            usual=ground.audit.usual,
        )

    def _send(self, probe: Probe) -> Answer:
        ground, contract, parameters = self.performance.ground, self.performance.contract, probe.parameters
        ask = Ask(
            actor=self.case.actor,
            purpose=probe.title,
            method=contract.key.method,
            path=contract.path,
            query=query_of(parameters.query),
            body=parameters.body,
            has_body=parameters.has_body,
            headers=ground.stage.company.login(self.case.actor).headers,
        )
        return refuse_gateway(refuse_rate_limited(ground.stage.send(ask)))

    def _told(self, outcome: Outcome, probe: Probe, evidence: Evidence) -> Iterator[Outcome]:
        """Give an outcome with those of its findings that no case has told yet, each by its smallest request."""
        if not outcome.findings:
            yield outcome
            return
        performance, causes = self.performance, self.performance.ground.causes
        fresh: list[Finding] = []
        for finding in outcome.findings:
            cause = cause_of(outcome, finding)
            first = causes.first_case(cause)
            if first is None:
                fresh.append(self._smallest(outcome, finding, probe, evidence))
            elif first != performance.id and performance.claims[outcome.claim].level is Level.MUST:
                performance.broken_as(first)
            causes.note(cause, outcome.case)
        if fresh:
            yield replace(outcome, findings=tuple(fresh))

    def _smallest(self, outcome: Outcome, finding: Finding, probe: Probe, evidence: Evidence) -> Finding:
        """Take away from the request whatever the finding does not need."""
        performance, wanted, names = self.performance, cause_of(outcome, finding), self._names()
        tries = 0
        candidates = smaller(probe.parameters, performance.contract, probe.oddity, names)
        with performance.ground.audit.aside():
            while (parameters := next(candidates, None)) is not None and tries < MOST_TRIES:
                tries += 1
                candidate = replace(probe, parameters=parameters)
                try:
                    again = self._evidence(candidate)
                except CircumstanceError:
                    break
                same = self._same(outcome, wanted, again)
                if same is not None:
                    probe, finding, evidence = candidate, same, again
                    candidates = smaller(parameters, performance.contract, probe.oddity, names)
        performance.scene.exchanges.append(evidence.exchange)
        return replace(finding, again=self._command())

    def _same(self, outcome: Outcome, wanted: Cause, evidence: Evidence) -> Finding | None:
        for other in judge((outcome.check,), evidence, outcome.case):
            for finding in other.findings:
                if cause_of(other, finding) == wanted:
                    return finding
        return None

    def _command(self) -> str:
        ground = self.performance.ground
        depth = "" if ground.depth is Depth.STANDARD else f" --depth {ground.depth}"
        return f"preflight run --seed {ground.seed}{depth} --only '{self.performance.contract.key}'"


def _joined(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Make one outcome of all that a check concluded about a claim."""
    joined: dict[tuple[ClaimId, str], Outcome] = {}
    for outcome in outcomes:
        place = (outcome.claim, outcome.check)
        known = joined.get(place)
        if known is None:
            joined[place] = outcome
        elif outcome.findings:
            joined[place] = replace(outcome, findings=known.findings + outcome.findings)
    return tuple(joined.values())


def _fields(contract: Contract) -> Iterator[str]:
    """Name every field that a body may have, at any depth."""
    if contract.body is not None:
        yield from _fields_of(contract.body.schema)


def _fields_of(schema: Json) -> Iterator[str]:
    node = as_object(schema)
    for name, inner in as_object(node.get("properties")).items():
        yield name
        yield from _fields_of(inner)
    yield from _fields_of(node.get("items")) if "items" in node else ()
    for word in ("oneOf", "anyOf", "allOf"):
        for branch in as_list(node.get(word)):
            yield from _fields_of(branch)
