"""Garbage: our own processes look for it more seldom than Python does by itself."""

import gc

from preflight.garbage import collect_rarely


def test_garbage_is_looked_for_more_seldom_and_still_looked_for() -> None:
    before = gc.get_threshold()
    try:
        collect_rarely()
        assert gc.isenabled()
        assert gc.get_threshold()[0] > 2 * 700
    finally:
        gc.set_threshold(*before)
