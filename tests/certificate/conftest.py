"""Fixtures of the tests of certificates."""

import shutil
from pathlib import Path

import pytest

from tests.certificate.desk import PROFILE, inside
from tests.outside.console import preflight


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run of the profile, a key pair, and a certificate of the run; to look at."""
    folder = tmp_path_factory.mktemp("desk")
    told = preflight("run", "--profile", PROFILE, "--out", "runs", folder=folder)
    assert told.code == 0, told.out + told.err
    next((folder / "runs").iterdir()).rename(folder / "run")
    assert inside("keygen", "key.pem", folder=folder).code == 0
    told = inside("certify", "run", "--profile", PROFILE, "--key", "key.pem", folder=folder)
    assert told.code == 0, told.out + told.err
    return folder


@pytest.fixture
def place(desk: Path, tmp_path: Path) -> Path:
    """The same, to change something in."""
    shutil.copytree(desk, tmp_path / "place")
    return tmp_path / "place"
