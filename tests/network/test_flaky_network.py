"""A network that breaks here and there accuses nobody: what is lost leaves claims open, and nothing behind."""

from pathlib import Path
from random import Random

import pytest

from preflight.model.verdict import Verdict
from tests.network.judging import PLAINLY_THE_NETWORK, between, judged, must_be_right
from tests.network.proxy import Seen, Trouble, Wire
from tests.network.troubles import HTTP
from tests.session.lasting import state

SIGNING_IN = 8  # requests without which there is no run
ONE_OF = 50  # requests breaks
PLAIN = [trouble for trouble in HTTP if trouble.name in PLAINLY_THE_NETWORK]
PARTS = (("dm.messages", "dm.messages.others", "dm.files"), ("POST chat.pinMessage",), ("ddp:archiveRoom",))


def breaking(chance: Random) -> Trouble:
    """Break each answer in another way."""

    def broken(wire: Wire) -> None:
        way = chance.choice(PLAIN).http
        assert way is not None
        way(wire)

    return Trouble(name="breaks here and there", http=broken)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part[0])
def test_a_network_that_breaks_here_and_there_accuses_nobody(part: tuple[str, ...], seed: int, tmp_path: Path) -> None:
    chance, journal = Random(seed), tmp_path / "journal.jsonl"  # noqa: S311 (which answers break, the same each time)

    def meets(seen: Seen) -> bool:
        return seen.number > SIGNING_IN and chance.randrange(ONE_OF) == 0

    with between(breaking(chance), meets) as (mock, proxy):
        before = state(mock.workspace)
        run = judged(mock, proxy, part, journal)
        proxy.meets = lambda _seen: False
        assert proxy.broken
        must_be_right(run, mock, before, journal)
    accused = [key for key, result in run.claims.items() if result.verdict is Verdict.FAIL and not result.advisory]
    assert accused == []
    assert run.verdict in {Verdict.INCONCLUSIVE, Verdict.PASS}  # what is lost and asked again leaves nothing open
