"""Runs of the mock workspace, in the order of the suites or in any other."""

import random
from pathlib import Path
from unittest.mock import patch

import pytest

from preflight.model.run import Run
from preflight.plugin import conducting
from preflight.plugin.judging import Judging
from preflight.settings import RunSettings


class _Shuffled:
    def __init__(self, order: int) -> None:
        self._order = order

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        random.Random(self._order).shuffle(items)  # noqa: S311 (an order, not a secret)


def played(
    release: str, folder: Path, *, only: tuple[str, ...] = (), fault: str | None = None, order: int | None = None
) -> Run:
    """Give a run of the mock workspace that broke nowhere."""
    judging = Judging(RunSettings(release=release, only=only, fault=fault, out=folder), reports=())
    shuffled = [] if order is None else [_Shuffled(order)]
    bare = pytest.main

    def main(arguments: list[str], plugins: list[object]) -> int | pytest.ExitCode:
        return bare(arguments, plugins=[*plugins, *shuffled])

    with patch("preflight.plugin.conducting.pytest.main", main):
        conducting.conduct(judging, lambda _: None)
    assert judging.run is not None
    assert not judging.broke
    return judging.run
