"""Runs of the mock workspace, with the cases of each suite in their order or in any other."""

import random
from itertools import groupby
from pathlib import Path
from unittest.mock import patch

import pytest

from preflight.model.run import Run
from preflight.plugin import conducting
from preflight.plugin.judging import Judging
from preflight.plugin.suites import needs_of
from preflight.settings import Depth, RunSettings


class _Shuffled:
    def __init__(self, order: int) -> None:
        self._order = order

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        # Suites stay in their order: some look at what others have asked.
        chance = random.Random(self._order)  # noqa: S311 (an order, not a secret)
        suites = [list(suite) for _, suite in groupby(items, key=lambda item: (item.path, needs_of(item)))]
        for suite in suites:
            chance.shuffle(suite)
        items[:] = [item for suite in suites for item in suite]


def played(  # noqa: PLR0913 (each may be set alone)
    release: str,
    folder: Path,
    *,
    only: tuple[str, ...] = (),
    fault: str | None = None,
    order: int | None = None,
    depth: Depth = Depth.QUICK,
) -> Run:
    """Give a run of the mock workspace that broke nowhere."""
    settings = RunSettings(release=release, only=only, fault=fault, out=folder, depth=depth, seed=order or 1)
    judging = Judging(settings, reports=())
    shuffled = [] if order is None else [_Shuffled(order)]
    bare = pytest.main

    def main(arguments: list[str], plugins: list[object]) -> int | pytest.ExitCode:
        return bare(arguments, plugins=[*plugins, *shuffled])

    with patch("preflight.plugin.conducting.pytest.main", main):
        conducting.conduct(judging, lambda _: None)
    assert judging.run is not None
    assert not judging.broke
    return judging.run
