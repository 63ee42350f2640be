from collections.abc import Sequence
from multiprocessing import active_children

import pytest

from preflight.plugin.pool import Lost, Pool
from tests.plugin.pool_work import play

Result = tuple[str, int] | Lost


def results(orders: Sequence[str], *, workers: int = 1, hang_s: float = 0.5) -> dict[str, Result]:
    def limit_s(order: str) -> float:
        return hang_s if order == "hang" else 60.0

    pool: Pool[str, tuple[str, int]] = Pool(play, workers=workers, limit_s=limit_s)
    return dict(pool.results(orders))


def test_each_order_is_played_once() -> None:
    found = results(["a", "b", "c"], workers=2)
    assert {order: result[0] for order, result in found.items() if not isinstance(result, Lost)} == {
        "a": "a",
        "b": "b",
        "c": "c",
    }


def test_a_process_plays_one_order_after_the_other() -> None:
    assert len({str(result[1]) for result in results(["a", "b"]).values() if not isinstance(result, Lost)}) == 1


def test_no_orders_need_no_process() -> None:
    assert results([]) == {}


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ("break", "ValueError: break"),
        ("die", "its process died by signal 9"),
        ("leave", "its process died with exit code 7"),
        ("hang", "it did not end within 0.5 seconds"),
    ],
)
def test_what_is_lost_is_told_and_the_next_is_played(order: str, why: str) -> None:
    found = results([order, "next"])
    assert found[order] == Lost(why)
    assert not isinstance(found["next"], Lost)


def test_no_process_outlives_its_pool() -> None:
    before = set(active_children())
    pool: Pool[str, tuple[str, int]] = Pool(play, workers=2, limit_s=lambda _: 60.0)
    playing = pool.results(["a", "hang"])
    assert next(playing)[0] == "a"
    playing.close()
    assert set(active_children()) <= before
