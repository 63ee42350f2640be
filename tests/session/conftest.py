"""After each test, what it built is let go."""

from collections.abc import Iterator

import pytest

from tests.session.theatre import OPENED


@pytest.fixture(autouse=True)
def _curtain() -> Iterator[None]:
    yield
    while OPENED:
        world = OPENED.pop()
        world.journal.close()
        world.target.close()
