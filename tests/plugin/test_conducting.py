"""Conducting: a run that is interrupted ends in order, whoever conducts it and whatever the signal."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from preflight import paths
from preflight.mock.server import MockServer
from preflight.plugin.conducting import conduct
from preflight.plugin.judging import Judging
from preflight.settings import Depth, RunSettings
from tests.plugin.outside import aimed_at, run, run_json, stopped
from tests.session.lasting import state

INTERRUPTED = 130


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


def command(mock: MockServer, folder: Path) -> tuple[str, ...]:
    return ("preflight", "run", "--out", "runs", *aimed_at(mock, folder, "--"))


def pytest_command(mock: MockServer, folder: Path) -> tuple[str, ...]:
    return ("pytest", str(paths.SUITES), "-v", "--preflight-out", "runs", *aimed_at(mock, folder))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_cleans_up_and_says_so(tmp_path: Path, mock: MockServer, number: signal.Signals) -> None:
    before = state(mock.workspace)
    told = stopped(tmp_path, number, r"^\w+: [\d,]+ cases in", *command(mock, tmp_path))
    assert told.code == INTERRUPTED, told.text
    assert "Traceback" not in told.text
    found = run_json(tmp_path)
    assert (found["interrupted"], found["leftovers"]) == (True, [])
    assert found["verdict"] in {"inconclusive", "fail"}
    assert 0 < len(found["cases"]) < 1000, "it ended before its last case"
    assert state(mock.workspace) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_pytest_run_cleans_up_and_says_so(
    tmp_path: Path, mock: MockServer, number: signal.Signals
) -> None:
    before = state(mock.workspace)
    told = stopped(tmp_path, number, "test_authentication.* PASSED", *pytest_command(mock, tmp_path))
    assert told.code == INTERRUPTED, told.text
    found = run_json(tmp_path)
    assert (found["interrupted"], found["leftovers"]) == (True, [])
    assert state(mock.workspace) == before


def test_what_the_environment_adds_to_every_pytest_does_not_reach_a_command(tmp_path: Path) -> None:
    variables = {"PYTEST_ADDOPTS": "--no-such-option", "PYTEST_PLUGINS": "no.such.plugin"}
    told = run(tmp_path, "preflight", "run", "--only", "GET rooms.get", "--out", "runs", **variables)
    assert told.code == 0, told.text


def test_a_command_tells_the_fault_it_found(tmp_path: Path) -> None:
    told = run(
        tmp_path, "preflight", "run", "--only", "GET rooms.get", "--out", "runs", "--fault", "rooms-get-any-method"
    )
    assert told.code == 1, told.text
    assert run_json(tmp_path)["verdict"] == "fail"


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    told = run(tmp_path, "preflight", "run", "--only", "GET rooms.get", "--out", "file/runs")
    assert (told.code, told.has("cannot be made: ")) == (2, True), told.text
    assert "Traceback" not in told.text


def test_whoever_plays_beside_has_ended_before_a_story_changes_a_setting(tmp_path: Path) -> None:
    told: list[str] = []
    settings = RunSettings(only=("POST autotranslate.translateMessage",), out=tmp_path, depth=Depth.QUICK, seed=1)
    judging = Judging(settings, lambda case: told.append(case.suite), reports=())
    conduct(judging, lambda _: None, lambda: told.append("waited"))
    assert told.count("waited") == 1
    assert {"tokens", "routes"} <= set(told[: told.index("waited")])
    assert "translations" in told[told.index("waited") :]
    assert "translations" not in told[: told.index("waited")]
