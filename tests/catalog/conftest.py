"""Fixtures of the catalog's tests."""

from pathlib import Path

import pytest

from tests.catalog.miniature import Miniature


@pytest.fixture
def miniature(tmp_path: Path) -> Miniature:
    return Miniature(tmp_path / "contracts")
