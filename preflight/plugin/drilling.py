"""Drilling: each fault of the mock workspace planted in one of its own, and judged; and workspaces without any.

What is played stands in orders, which cross to the processes of a pool; what comes of them comes back as values.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from preflight import paths
from preflight.catalog.catalog import Catalog, load_catalog
from preflight.errors import PreflightError, UsageError
from preflight.mock.fault import Fault
from preflight.mock.faults import FAULTS
from preflight.mock.faults import fault as planted
from preflight.mock.founding import found
from preflight.mock.ids import Ids
from preflight.mock.release import Regime
from preflight.mock.server import MockServer
from preflight.model.claim import Level
from preflight.model.drill import CleanRun, Planted, Sighting, Trial
from preflight.model.outcome import Outcome
from preflight.model.release import Release
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.plugin.judging import DEFAULT_RELEASE
from preflight.plugin.playing import play
from preflight.plugin.pool import Lost, Pool
from preflight.session.session import Plan, open_session
from preflight.settings import Account, Depth

# How long to wait for an answer, in seconds: where a realtime fault is planted, the mock answers at once or never.
PATIENCE_S, PATIENCE_WITH_SILENCE_S = 15.0, 2.0

# What no order may exceed, in seconds, however slow the machine: what does has hung. With a fault, few operations are
# judged; without any, as many as all faults touch.
LIMIT_S, LIMIT_OF_LONG_RUNS_S = 180.0, 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One run to play: with a fault or without, over some operations or, where `only` is empty, over all.

    `seed` decides the ids of the workspace and the requests that are generated; `depth` None means as deep as the
    fault needs.
    """

    fault: str | None = None
    release: str = DEFAULT_RELEASE
    only: tuple[str, ...] = ()
    seed: int = 0
    depth: Depth | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What a drill plays; no names mean every fault, `clean` is the number of runs without any, for each release.

    `sample` is how many of the faults are planted, None all of them; the seed says which.
    """

    names: tuple[str, ...] = ()
    release: str | None = None
    full: bool = False
    clean: int = 1
    seed: int = 0
    sample: int | None = None
    depth: Depth | None = None

    def faults(self) -> tuple[Fault, ...]:
        """List the faults that are planted, in the order in which they are known.

        Raises:
            UsageError: where a name is that of none, or none of them is in the release.
        """
        named = {planted(name).name for name in self.names}
        chosen = tuple(each for each in FAULTS.values() if each.name in named or not named)
        there = chosen if self.release is None else tuple(_that_can_be(chosen, self.release))
        if not there:
            raise UsageError(
                f"release {self.release} cannot have the faults {', '.join(sorted(named))}",
                hint="leave --release out, and each fault is planted in a release that can have it",
            )
        if self.sample is None:
            return there
        drawn = {each.name for each in sampled(there, self.sample, self.seed)}
        return tuple(each for each in there if each.name in drawn)

    def orders(self) -> tuple[Order, ...]:
        """List what is to be played; the longest first, so that no process waits for the last of them.

        Raises:
            UsageError: where a name is that of no fault, or the release is none.
        """
        releases = (self.release,) if self.release else Regime.known()
        faults = self.faults()
        only = tuple(sorted({each.operation for each in faults})) if self.names and not self.full else ()
        clean = [
            Order(release=release, only=only, seed=self.seed + number, depth=self.depth)
            for number in range(self.clean)
            for release in releases
        ]
        return (*clean, *(self._order(each) for each in faults))

    def _order(self, fault: Fault) -> Order:
        return Order(
            fault=fault.name,
            release=self.release or fault.release or DEFAULT_RELEASE,
            only=() if self.full else (fault.operation,),
            seed=self.seed,
            depth=self.depth,
        )


def sampled(faults: Sequence[Fault], number: int, seed: int) -> list[Fault]:
    """Draw faults so that every check is named by as many as the number allows; the same ones for the same seed."""
    random = Random(seed)  # noqa: S311 (repeatable on purpose)
    by_check: dict[str, list[Fault]] = {}
    for fault in sorted(faults, key=lambda each: (each.check, each.name)):
        by_check.setdefault(fault.check, []).append(fault)
    piles = [random.sample(pile, len(pile)) for pile in by_check.values()]
    random.shuffle(piles)  # so that a number smaller than that of the checks favours none of them
    dealt = [pile[turn] for turn in range(max(map(len, piles), default=0)) for pile in piles if turn < len(pile)]
    return dealt[:number]


def drill(orders: Sequence[Order], *, workers: int) -> Generator[Trial | CleanRun, None, None]:
    """Play orders in processes side by side, and give what came of each as it ends.

    A process that dies or hangs is our trouble, told with what it played.
    """
    pool: Pool[Order, Trial | CleanRun] = Pool(played, workers=workers, limit_s=limit_s)
    with closing(pool.results(orders)) as results:
        for order, result in results:
            yield _lost(order, result) if isinstance(result, Lost) else result


def played(order: Order) -> Trial | CleanRun:
    """Play one order in this process."""
    _kept(Release.parse(order.release), root=paths.CONTRACTS)  # reading it is no part of the run
    started = perf_counter()
    try:
        run = run_against(order)
    except PreflightError as problem:
        return _without_run(order, problem, round(perf_counter() - started, 3))
    return judged(order, run, round(perf_counter() - started, 3))


def judged(order: Order, run: Run, seconds: float) -> Trial | CleanRun:
    """Say what a run found of what was ordered."""
    fault = planted(order.fault) if order.fault else None
    seen, trouble = sightings(run, fault), _trouble(run)
    if fault is None:
        return CleanRun(release=order.release, seed=order.seed, sightings=seen, seconds=seconds, trouble=trouble)
    return Trial(
        planted=told(fault),
        release=order.release,
        verdict=run.verdict,
        sightings=seen,
        seconds=seconds,
        trouble=trouble,
    )


def run_against(order: Order, *, profile: str = "full", settings: Mapping[str, Any] | None = None) -> Run:
    """Judge a mock workspace as ordered; `settings` are those that its administrator has changed.

    Raises:
        PreflightError: where it cannot be judged at all.
    """
    fault = planted(order.fault) if order.fault else None
    ids = Ids(Random(order.seed))  # noqa: S311 (repeatable on purpose)
    password = ids.token()
    workspace = found(release=order.release, admin_password=password, ids=ids)
    for name, value in (settings or {}).items():
        workspace.settings[name] = value
    with MockServer(workspace=workspace, fault=fault) as mock:
        plan = Plan(
            target=mock.url,
            account=Account(user=mock.admin_username, password=password),
            only=order.only,
            profile=profile,
            seed=order.seed,
            depth=order.depth or _depth(fault),
            timeout_s=PATIENCE_WITH_SILENCE_S if fault and fault.operation.startswith("ddp:") else PATIENCE_S,
        )
        session = open_session(plan, load=_kept)
        try:
            play(session)
        finally:
            run = session.close()
    return run


def _depth(fault: Fault | None) -> Depth:
    """Say how deep to look: a fault that shows without generated requests needs few of them."""
    return Depth.QUICK if fault is not None and not fault.check.startswith("robustness.") else Depth.STANDARD


def told(fault: Fault) -> Planted:
    """Give the words of a fault."""
    return Planted(name=fault.name, sentence=fault.sentence, operation=fault.operation, check=fault.check)


def sightings(run: Run, fault: Fault | None) -> tuple[Sighting, ...]:
    """Say what each check found on each operation of a run."""
    found: dict[tuple[str, str, bool, bool], list[Outcome]] = {}
    for outcome in run.outcomes:
        if outcome.findings:
            claim = run.claims[outcome.claim].claim
            advisory = claim.level is Level.SHOULD
            key = (str(outcome.operation), outcome.check, advisory, advisory and claim.erratum is not None)
            found.setdefault(key, []).append(outcome)
    return tuple(
        _sighting(outcomes, fault, advisory=advisory, known=known)
        for (_, _, advisory, known), outcomes in sorted(found.items())
    )


def _sighting(outcomes: Sequence[Outcome], fault: Fault | None, *, advisory: bool, known: bool) -> Sighting:
    first = outcomes[0]
    finding = first.findings[0]
    return Sighting(
        operation=str(first.operation),
        check=first.check,
        promised=finding.promised,
        received=finding.received,
        where=finding.where,
        count=sum(len(outcome.findings) for outcome in outcomes),
        touched=fault is None or fault.touches(str(first.operation)),
        advisory=advisory,
        known=known,
    )


def _trouble(run: Run) -> str:
    broken = [f"{case.id}: {case.reason}" for case in run.cases if case.verdict is Verdict.ERROR]
    more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
    return f"{broken[0]}{more}" if broken else ""


def _without_run(order: Order, problem: PreflightError, seconds: float) -> Trial | CleanRun:
    return replace(_lost(order, Lost(problem.what)), seconds=seconds)


def _lost(order: Order, lost: Lost) -> Trial | CleanRun:
    if order.fault is None:
        return CleanRun(release=order.release, seed=order.seed, trouble=lost.why)
    return Trial(planted=told(planted(order.fault)), release=order.release, trouble=lost.why)


def _that_can_be(faults: Iterable[Fault], release: str) -> Iterator[Fault]:
    """Leave out the faults of other releases, and those of operations that a release does not have."""
    Regime.of(release)
    contracts = _kept(Release.parse(release), root=paths.CONTRACTS).contracts
    there = [str(key) for key, contract in contracts.items() if not contract.removed]
    for fault in faults:
        if fault.release in {None, release} and any(map(fault.touches, there)):
            yield fault


def limit_s(order: Order) -> float:
    """Say how many seconds an order may take."""
    return LIMIT_S if order.fault and order.only else LIMIT_OF_LONG_RUNS_S


@cache
def _kept(release: Release, *, root: Path) -> Catalog:
    return load_catalog(release, root=root)
