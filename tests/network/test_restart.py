"""A target that restarts in the middle of a run is waited for, and the run goes on with whatever it still knows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from preflight.mock.server import MockServer
from preflight.mock.workspace import Workspace
from preflight.model.outage import Forgot
from preflight.model.run import CaseResult, Run
from preflight.model.verdict import Verdict
from preflight.plugin.playing import play
from preflight.reporting.account import verdict_sentence
from preflight.session.records import read_record
from preflight.session.session import Plan, Session, open_session
from preflight.settings import Account
from preflight.wire.pace import Pace, SimulatedClock
from tests.catalogs import catalogs_read_once
from tests.network.proxy import Seen, Trouble, proxied
from tests.network.troubles import gateway
from tests.session.lasting import state

ONLY = ("POST chat.starMessage", "GET rooms.info", "ddp:getRoomById")
PASSWORD = "kept over a restart"
AWAY_S = 12.0


@pytest.fixture(scope="module", autouse=True)
def _catalogs() -> Iterator[None]:
    with catalogs_read_once():
        yield


@dataclass
class Restarting(SimulatedClock):
    """A mock workspace that stops, and starts again on its port once somebody has waited for so long.

    `memory` makes the workspace that comes back of the one that went.
    """

    memory: Callable[[Workspace], Workspace | None] = lambda workspace: workspace
    mock: MockServer = field(default_factory=lambda: MockServer(admin_password=PASSWORD))
    stopped: float | None = None
    before: object = None

    def __post_init__(self) -> None:
        super().__init__(datetime.now(UTC).timestamp())
        self.mock.start()
        self.before = state(self.mock.workspace)

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if self.stopped is not None and self.now() >= self.stopped + AWAY_S:
            self.start()

    def stop(self) -> None:
        self.stopped = self.now()
        self.mock.stop()

    def start(self) -> None:
        self.stopped = None
        kept = self.memory(self.mock.workspace)
        self.mock = MockServer(port=self.mock.port, workspace=kept, admin_password=PASSWORD)
        self.mock.start()
        if kept is None:
            self.before = state(self.mock.workspace)


def everything(workspace: Workspace) -> Workspace:
    return workspace


def no_logins(workspace: Workspace) -> Workspace:
    workspace.users._by_token.clear()
    return workspace


def nothing(_: Workspace) -> None:
    return None


Ended = Callable[[CaseResult], None]


def opened(world: Restarting, target: str, journal: Path, ended: Ended | None = None) -> Session:
    plan = Plan(target=target, account=Account(user="admin", password=PASSWORD), only=ONLY, journal=journal)
    return open_session(plan, ended, pace=Pace(clock=world))


def judged(world: Restarting, target: str, journal: Path, ended: Ended | None = None) -> Run:
    session = opened(world, target, journal, ended)
    try:
        play(session)
    finally:
        run = session.close()
    return run


def stopping_after(world: Restarting, count: int) -> Ended:
    ended: list[CaseResult] = []

    def heard(case: CaseResult) -> None:
        ended.append(case)
        if len(ended) == count:
            world.stop()

    return heard


def must_be_in_order(run: Run, world: Restarting, journal: Path) -> None:
    """See that nothing is our error, nothing is left in the workspace, and the journal says so."""
    assert [case.reason for case in run.cases if case.verdict is Verdict.ERROR] == []
    assert run.leftovers == ()
    assert state(world.mock.workspace) == world.before
    record = read_record(journal)
    record.close()
    assert record.ended


@pytest.mark.parametrize("count", [3, 40])
@pytest.mark.parametrize(
    ("memory", "forgot", "words"),
    [
        (everything, Forgot.NOTHING, "and came back: "),
        (no_logins, Forgot.LOGINS, "and came back without its logins: "),
        (nothing, Forgot.PEOPLE, "and came back without the people of the run: "),
    ],
)
def test_a_restart_costs_the_case_that_meets_it_and_the_run_goes_on(
    memory: Callable[[Workspace], Workspace | None], forgot: Forgot, words: str, count: int, tmp_path: Path
) -> None:
    world, journal = Restarting(memory=memory), tmp_path / "journal.jsonl"
    run = judged(world, world.mock.url, journal, stopping_after(world, count))
    must_be_in_order(run, world, journal)
    world.mock.stop()
    (outage,) = run.outages
    assert (outage.returned, outage.forgot) == (True, forgot)
    assert AWAY_S <= outage.seconds < AWAY_S + 5
    inconclusive = [case for case in run.cases if case.verdict is Verdict.INCONCLUSIVE]
    assert len(inconclusive) == outage.cases == 1
    assert len(run.cases) > 60
    assert f"The target stopped answering at {outage.began[11:19]} UTC for " in verdict_sentence(run)
    assert f"{words}1 case is inconclusive." in verdict_sentence(run)


def test_a_target_that_does_not_come_back_ends_the_run_and_leaves_the_journal_for_a_sweep(tmp_path: Path) -> None:
    world, journal = Restarting(), tmp_path / "journal.jsonl"

    def heard(case: CaseResult) -> None:
        if world.stopped is None and case.suite == "shapes":
            world.stop()
            world.stopped = float("inf")

    run = judged(world, world.mock.url, journal, heard)
    (outage,) = run.outages
    assert not outage.returned
    assert outage.cases > 10
    assert "and did not come back within 3 min 00 s: " in verdict_sentence(run)
    assert run.verdict is Verdict.INCONCLUSIVE
    assert run.leftovers
    record = read_record(journal)
    record.close()
    assert not record.ended
    assert record.standing


def test_a_gateway_in_front_of_a_target_that_restarts_accuses_nobody(tmp_path: Path) -> None:
    world, journal = Restarting(), tmp_path / "journal.jsonl"

    def is_away(seen: Seen) -> bool:
        if seen.number == 60:
            world.stop()
        return world.stopped is not None

    with proxied(world.mock.url) as proxy:
        proxy.trouble, proxy.meets = Trouble(name="answers 502", http=gateway(b"502 Bad Gateway")), is_away
        run = judged(world, proxy.url, journal)
        must_be_in_order(run, world, journal)
    world.mock.stop()
    (outage,) = run.outages
    assert (outage.returned, outage.forgot) == (True, Forgot.NOTHING)
    assert not [case.id for case in run.cases if case.verdict is Verdict.FAIL]


def test_a_target_that_restarts_while_the_workspace_is_cleared_is_waited_for_too(tmp_path: Path) -> None:
    world, journal = Restarting(), tmp_path / "journal.jsonl"
    cleared: list[Seen] = []

    def is_away(seen: Seen) -> bool:
        cleared.append(seen)
        if len(cleared) == 3:
            world.stop()
        return world.stopped is not None

    with proxied(world.mock.url) as proxy:
        proxy.trouble = Trouble(name="answers 502", http=gateway(b"502 Bad Gateway"))
        session = opened(world, proxy.url, journal)
        play(session)
        proxy.meets = is_away
        run = session.close()
        must_be_in_order(run, world, journal)
    world.mock.stop()
    (outage,) = run.outages
    assert (outage.returned, outage.cases) == (True, 0)
    assert run.verdict is Verdict.PASS
