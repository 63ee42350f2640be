"""A broken network makes neither a verdict out of nothing nor an error of ours, and leaves nothing behind."""

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from preflight.mock.server import MockServer
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.plugin.conducting import conduct
from preflight.plugin.judging import Judging
from preflight.plugin.playing import play
from preflight.session.records import read_record
from preflight.session.session import Plan, open_session
from preflight.session.sweep import Sweep
from preflight.settings import Account, RunSettings
from tests.network.proxy import Proxy, Seen, Trouble, proxied
from tests.network.troubles import HTTP, websockets
from tests.session.lasting import state

PATIENCE_S = 1.0
CREATING = 10  # the number of the request that creates the first person
REST = ("POST chat.starMessage",)
RANKED = ("POST chat.pinMessage",)
REALTIME = ("ddp:getRoomById",)
REMOVING = re.compile(r"/(users|rooms|channels|groups|dm)\.delete ")

# What the network does to a single answer may look like the server's own doing, or harm nothing at all.
RIGHT = {Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.FAIL}
HARMLESS = {"answers a few bytes at a time"}
PLAINLY_THE_NETWORK = {trouble.name for trouble in HTTP if "gateway" in trouble.name or "resets the" in trouble.name}
PLAINLY_THE_NETWORK |= {"drops a request before the server hears of it", "never answers"}


@contextmanager
def between(trouble: Trouble, meets: Callable[[Seen], bool]) -> Iterator[tuple[MockServer, Proxy]]:
    with MockServer() as mock, proxied(mock.url) as proxy:
        proxy.trouble, proxy.meets = trouble, meets
        yield mock, proxy


def judged(mock: MockServer, proxy: Proxy, only: tuple[str, ...], journal: Path | None = None) -> Run:
    account = Account(user=mock.admin_username, password=mock.admin_password)
    session = open_session(Plan(target=proxy.url, account=account, only=only, timeout_s=PATIENCE_S, journal=journal))
    try:
        play(session)
    finally:
        run = session.close()
    return run


def under_pytest(mock: MockServer, proxy: Proxy, only: tuple[str, ...], journal: Path) -> Run:
    account = Account(user=mock.admin_username, password=mock.admin_password)
    settings = RunSettings(
        target=proxy.url, account=account, only=only, timeout_s=PATIENCE_S, disruptive=True, out=journal.parent
    )
    judging = Judging(settings, reports=())
    conduct(judging, lambda _: None)
    assert judging.run is not None
    return judging.run


def must_be_right(run: Run, mock: MockServer, before: object, journal: Path) -> None:
    """See that a run ended in order: no error of ours, and nothing left that a sweep does not find."""
    assert [f"{case.id}: {case.reason}" for case in run.cases if case.verdict is Verdict.ERROR] == []
    assert run.verdict in RIGHT
    if state(mock.workspace) != before:
        assert run.leftovers, "what is left behind is told"
        account = Account(user=mock.admin_username, password=mock.admin_password)
        with Sweep(mock.url, account, records=[read_record(journal)]) as sweep:
            sweep.carry_out(sweep.plan(), lambda _removal, _why: None)
    assert state(mock.workspace) == before


@pytest.mark.parametrize("number", [CREATING, 40])
@pytest.mark.parametrize("trouble", HTTP, ids=lambda trouble: trouble.name)
def test_one_broken_answer_is_no_error_and_leaves_nothing(trouble: Trouble, number: int, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with between(trouble, lambda seen: seen.number == number) as (mock, proxy):
        before = state(mock.workspace)
        run = judged(mock, proxy, REST, journal)
        assert proxy.broken == 1
        must_be_right(run, mock, before, journal)
    if trouble.name in HARMLESS:
        assert run.verdict is Verdict.PASS
    if trouble.name in PLAINLY_THE_NETWORK:
        assert run.verdict is not Verdict.FAIL


@pytest.mark.parametrize("trouble", websockets(), ids=lambda trouble: trouble.name)
def test_a_broken_websocket_is_no_error_and_leaves_nothing(trouble: Trouble, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with between(trouble, lambda seen: seen.is_websocket) as (mock, proxy):
        before = state(mock.workspace)
        run = judged(mock, proxy, REALTIME, journal)
        assert proxy.broken
        must_be_right(run, mock, before, journal)


@pytest.mark.parametrize(
    "trouble", [trouble for trouble in HTTP if trouble.name in PLAINLY_THE_NETWORK], ids=lambda trouble: trouble.name
)
def test_a_network_that_breaks_one_operation_accuses_nobody(trouble: Trouble, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with between(trouble, lambda seen: "chat.starMessage" in seen.line) as (mock, proxy):
        before = state(mock.workspace)
        run = judged(mock, proxy, REST, journal)
        must_be_right(run, mock, before, journal)
    assert run.verdict is Verdict.INCONCLUSIVE
    assert not any(result.exercised for result in run.operations.values())


@pytest.mark.parametrize("conducted", [False, True], ids=["played", "under pytest"])
def test_rights_that_cannot_be_read_leave_open_what_depends_on_them(tmp_path: Path, *, conducted: bool) -> None:
    journal = tmp_path / "journal.jsonl"
    with between(HTTP[0], lambda seen: "permissions.listAll" in seen.line) as (mock, proxy):
        before = state(mock.workspace)
        run = under_pytest(mock, proxy, RANKED, journal) if conducted else judged(mock, proxy, RANKED, journal)
        assert proxy.broken
        must_be_right(run, mock, before, journal)
    (open_,) = [case for case in run.cases if case.suite == "ranks"]
    assert open_.verdict is Verdict.INCONCLUSIVE
    assert "the connection to" in open_.reason


@pytest.mark.parametrize("trouble", HTTP[:4], ids=lambda trouble: trouble.name)
def test_what_cannot_be_removed_is_told_and_swept(trouble: Trouble, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with between(trouble, lambda seen: REMOVING.search(seen.line) is not None) as (mock, proxy):
        before = state(mock.workspace)
        run = judged(mock, proxy, REST, journal)
        assert proxy.broken
        must_be_right(run, mock, before, journal)


@pytest.mark.parametrize("trouble", HTTP, ids=lambda trouble: trouble.name)
def test_removals_of_which_each_second_breaks_leave_nothing(trouble: Trouble, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    removals = itertools.count()

    def meets(seen: Seen) -> bool:
        return REMOVING.search(seen.line) is not None and next(removals) % 2 == 0

    with between(trouble, meets) as (mock, proxy):
        before = state(mock.workspace)
        run = judged(mock, proxy, REST, journal)
        assert proxy.broken
        must_be_right(run, mock, before, journal)


def test_there_are_thirty_kinds_of_trouble_and_more() -> None:
    names = [trouble.name for trouble in (*HTTP, *websockets())]
    assert len(set(names)) == len(names) >= 30
