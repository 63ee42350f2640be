"""A sweep over a broken network loses no trail: what it could not remove, the next one finds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from preflight.errors import PreflightError
from preflight.mock.server import MockServer
from preflight.session.circumstances import CircumstanceError
from preflight.session.records import read_record
from preflight.session.sweep import Sweep
from preflight.settings import Account
from tests.network.judging import PATIENCE_S
from tests.network.proxy import Seen, Trouble, proxied
from tests.network.troubles import HTTP
from tests.session.dying import begun, dead
from tests.session.lasting import state

SIGNING_IN = 4  # requests before the first that looks for something
MEETS: dict[str, Callable[[Seen], bool]] = {
    "each third request": lambda seen: seen.number > SIGNING_IN and seen.number % 3 == 0,
    "looking for people": lambda seen: "users.info" in seen.line,
    "removing": lambda seen: ".delete " in seen.line,
}


def sweep_over(url: str, account: Account, file: Path) -> bool:
    """Sweep as far as it goes; says whether nothing was left."""
    try:
        with Sweep(url, account, records=[read_record(file)], timeout_s=PATIENCE_S) as sweep:
            return sweep.carry_out(sweep.plan(), lambda _removal, _why: None) == []
    except (CircumstanceError, PreflightError):
        return False


@pytest.mark.parametrize("where", MEETS)
@pytest.mark.parametrize("trouble", HTTP, ids=lambda trouble: trouble.name)
def test_a_broken_sweep_leaves_to_the_next_what_it_could_not_remove(
    trouble: Trouble, where: str, tmp_path: Path
) -> None:
    journal = tmp_path / "journal.jsonl"
    with MockServer() as mock, proxied(mock.url) as proxy:
        account = Account(user=mock.admin_username, password=mock.admin_password)
        before = state(mock.workspace)
        dead(begun(mock.url, account, journal))
        proxy.trouble, proxy.meets = trouble, MEETS[where]
        was_clean = sweep_over(proxy.url, account, journal)
        assert proxy.broken
        if was_clean:
            assert state(mock.workspace) == before
        assert sweep_over(mock.url, account, journal)
        assert state(mock.workspace) == before
