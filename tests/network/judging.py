"""Judging through a proxy: runs over a network that breaks, and what must hold of each of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

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
from tests.network.troubles import HTTP
from tests.session.lasting import state

PATIENCE_S = 1.0
# What the network does to a single answer may look like the server's own doing, or harm nothing at all.
RIGHT = {Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.FAIL}
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
