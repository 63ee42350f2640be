"""The built wheel: holds all data, and works in an empty environment from another folder."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.reference import ROOT

LONGEST_S = 900


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
        timeout=LONGEST_S,
    )
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_every_data_file(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"preflight/data/{path.relative_to(ROOT).as_posix()}"
        for folder in ("contracts", "suites", "reports/schemas", "reports/templates")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert wanted - held == set()
    assert [name for name in held if "__pycache__" in name or "reports/runs" in name] == []


def test_the_wheel_works_in_an_empty_environment(wheel: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("--wheel"):
        pytest.skip("installs from a package registry: asked for by --wheel, as tox -e wheel does")
    place = tmp_path / "environment"
    venv.create(place, with_pip=True)
    lock = ROOT / "requirements" / "ci.txt"
    subprocess.run(
        [str(place / "bin" / "pip"), "install", "--quiet", "-c", str(lock), str(wheel)],
        check=True,
        timeout=LONGEST_S,
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PREFLIGHT_", "PYTHON"))}
    done = subprocess.run(
        [str(place / "bin" / "preflight"), "run", "--json"],
        cwd=elsewhere,
        env=clean,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["verdict"] == "pass"
    assert all(result["exercised"] for key, result in told["operations"].items() if not key.startswith("ddp:"))
