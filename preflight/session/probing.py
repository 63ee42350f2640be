"""Probing: generated requests to one operation, what came of them, and the smallest request that shows a finding."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from statistics import median

from preflight.catalog.cases import Case, CaseKind
from preflight.catalog.contract import Contract
from preflight.checks.evidence import Evidence
from preflight.checks.judge import judge
from preflight.checks.refusals import effects
from preflight.checks.robustness import is_slow
from preflight.model.claim import ClaimId, Level
from preflight.model.finding import Finding
from preflight.model.json import Json, as_list, as_object
from preflight.model.oddity import Odd, Oddity
from preflight.model.outcome import Outcome
from preflight.model.pointer import look_up
from preflight.probes.names import Name, Names
from preflight.probes.probe import Parameters, Probe
from preflight.probes.reduction import smaller
from preflight.session.audit import EVERY_SUCCESS
from preflight.session.causes import Cause, cause_of
from preflight.session.circumstances import (
    CircumstanceError,
    NotApplicableError,
    demand,
    refuse_others,
)
from preflight.session.groups import GROUPS, Material
from preflight.session.guard import ForeignObjectError
from preflight.session.performance import Performance
from preflight.session.snapshots import Snapshots
from preflight.session.stage import query_of
from preflight.settings import Depth
from preflight.wire.rest import Answer, Ask

MOST_TRIES = 30
MOST_WATCHED = 12
REPEATS = 4


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
    _base: Parameters = field(default_factory=Parameters)
    _shown: list[tuple[Probe, Evidence]] = field(default_factory=list)
    _accepted: dict[int, bool] = field(default_factory=dict)
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
            for outcome in judge(_fitting(asked, probe, evidence), evidence, performance.id)
            for told in self._told(outcome, probe, evidence)
        ]
        performance.settle(_joined(found))

    def _ask(self) -> Probed:
        scene, group = self.performance.scene, GROUPS[self.group]
        cut_short = self._problem if isinstance(self._problem, CircumstanceError) else None
        again: list[tuple[Probe, Evidence]] = []
        try:
            if cut_short is None:
                self._sent(group.most[self.performance.ground.depth])
                again += self._asked_again()
        except CircumstanceError as problem:
            if not self._shown:
                raise
            cut_short = problem
        if not self._shown:
            raise NotApplicableError(f"the contract of {self.case.operation} leaves nothing to be {group.title}")
        if cut_short is None:
            scene.exchanges.append(self._shown[0][1].exchange)
        return Probed(probing=self, shown=(*self._shown, *again), cut_short=cut_short)

    def _asked_again(self) -> Iterator[tuple[Probe, Evidence]]:
        """Ask again what took long, and what was refused."""
        if self._shown:
            with self.performance.ground.audit.aside():
                yield from self._slow(self._shown, self._base)
                yield from self._effects(self._shown, self._base)

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
                with suppress(ForeignObjectError):  # what is generated may name what is not the run's: it is not sent
                    self._show(probe, names)
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
        material = Material(
            contract=self.performance.contract,
            base=base,
            names=names,
            seed=ground.seed,
            most=group.most[ground.depth],
            writes=ground.writes(self.performance.contract.key),
            linked=lambda: self._linked(base),
        )
        self._base = base
        return iter(group.probes(material))

    def _watches(self) -> bool:
        """Whether effects are looked for: once for each operation in a quick run, and where a limiter counts calls."""
        is_short = self.performance.ground.depth is Depth.QUICK or self.performance.stage.client.pace.is_limited
        return not is_short or self.group == "unknown"

    def _show(self, probe: Probe, names: Names) -> None:
        """Send a probe, and, where it matters, what is plain beside it, once."""
        if probe.oddity.kind is Odd.DRAWN:
            probe = replace(probe, parameters=names.kept(probe.parameters))
        if probe.plain is not None:
            if id(probe.plain) not in self._accepted:
                plain = replace(probe, parameters=probe.plain)
                self._accepted[id(probe.plain)] = self._evidence(plain).succeeded
            probe = replace(probe, oddity=replace(probe.oddity, plain=self._accepted[id(probe.plain)]))
        self._shown.append((probe, self._evidence(probe)))

    def _linked(self, base: Parameters) -> Iterator[Probe]:
        """Ask other operations, and ask this one for what their answers name."""
        catalog, scene = self.performance.ground.catalog, self.performance.scene
        for link in catalog.links:
            if link.target != self.performance.contract.key:
                continue
            source = next((case for case in catalog.cases_of(link.source) if case.kind is CaseKind.ACCEPTED), None)
            if source is None:
                continue
            self.performance.ground.meet(source)
            scene.arrange(source.before, scene.before, f"case {source.name}")
            body = demand(self._plain(source), f"the answer of {link.source}")
            made = base
            for name, pointer in link.feeds.items():
                made = made.with_value(tuple(name.split(".")), look_up(body, pointer))
            words = f"{', '.join(sorted(name.rpartition('.')[2] for name in link.feeds))} of {link.source}"
            odd = Oddity(kind=Odd.LINKED, subject=next(iter(link.feeds)), words=words, plain=True)
            yield Probe(parameters=made, oddity=odd)

    def _plain(self, case: Case) -> Answer:
        stage, scene = self.performance.stage, self.performance.scene
        contract = self.performance.ground.catalog.contracts[case.operation]
        return scene.send(
            Ask(
                actor=case.actor,
                purpose=case.title,
                method=contract.key.method,
                path=contract.path,
                query=query_of(scene.resolve(case.query)),
                body=scene.resolve(case.body),
                has_body=case.has_body,
                headers=stage.company.login(case.actor).headers,
            )
        )

    def _slow(self, shown: Sequence[tuple[Probe, Evidence]], base: Parameters) -> Iterator[tuple[Probe, Evidence]]:
        """Ask again what took long, each time beside a usual request; gives the times of the slowest."""
        times = [evidence.exchange.elapsed_s for _, evidence in shown]
        slowest = max(range(len(shown)), key=lambda index: times[index])
        probe, evidence = shown[slowest]
        usual = median(times)
        pairs = [(times[slowest], usual)]
        while is_slow(*pairs[-1]) and len(pairs) < REPEATS:
            odd = self._evidence(probe).exchange.elapsed_s
            beside = self._evidence(replace(probe, parameters=self._names().as_long(base, probe.parameters)))
            pairs.append((odd, beside.exchange.elapsed_s))
        yield probe, replace(evidence, times=tuple(pairs))

    def _effects(self, shown: Sequence[tuple[Probe, Evidence]], base: Parameters) -> Iterator[tuple[Probe, Evidence]]:
        """Ask again what was refused, and look at the workspace before and after; where it differs, one by one."""
        refused = [(probe, evidence) for probe, evidence in shown if not evidence.succeeded]
        if not refused or not self.performance.ground.writes(self.performance.contract.key) or not self._watches():
            return
        snapshots = Snapshots(self.performance.stage, self._ask_of(replace(refused[0][0], parameters=base)))
        before = snapshots.settled()
        again = [(probe, self._evidence(probe)) for probe, _ in refused[:MOST_WATCHED]]
        after = snapshots.take()
        last = replace(again[-1][1], before=before, after=after)
        if all(not evidence.succeeded for _, evidence in again) and not any(effects(before, after)):
            yield again[-1][0], last
            return
        for probe, _ in again:
            before = snapshots.take()
            evidence = self._evidence(probe)
            if not evidence.succeeded:
                yield probe, replace(evidence, before=before, after=snapshots.take())

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
        return Names(known=known, without=allowance.without, loose=allowance.loose)

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
        return refuse_others(self.performance.stage.send(self._ask_of(probe)))

    def _ask_of(self, probe: Probe) -> Ask:
        ground, contract, parameters = self.performance.ground, self.performance.contract, probe.parameters
        return Ask(
            actor=self.case.actor,
            purpose=probe.title,
            method=contract.key.method,
            path=contract.path,
            query=query_of(parameters.query),
            body=parameters.body,
            has_body=parameters.has_body,
            headers=ground.stage.company.login(self.case.actor).headers,
        )

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
        """Take away from the request whatever the finding does not need, unless it is about more than one request."""
        if evidence.times or evidence.before is not None:
            self.performance.scene.exchanges.append(evidence.exchange)
            return replace(finding, again=self._command())
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
                except ForeignObjectError:
                    continue
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


def _fitting(checks: Iterable[str], probe: Probe, evidence: Evidence) -> tuple[str, ...]:
    """Choose the checks for an answer: what was asked again is about time or effects alone.

    Fields say nothing of an answer that shows what was sent in another shape.
    """
    if evidence.times:
        return tuple(name for name in checks if name == "robustness.time")
    if evidence.before is not None:
        return tuple(name for name in checks if name == "robustness.no-effect")
    return tuple(name for name in checks if probe.oddity.kind is not Odd.SHAPE or name not in EVERY_SUCCESS)


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
