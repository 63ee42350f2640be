"""The plugin in somebody's pytest: idle where no suite is asked for, and the exit codes where one is."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from preflight import paths
from preflight.mock.server import MockServer
from preflight.plugin import DEPTHS
from preflight.settings import Depth
from tests.plugin.outside import aimed_at, run, run_json, suites, suites_among_others
from tests.session.lasting import state

ONLY = ("--preflight-only", "GET rooms.get")
MISMATCH = ("--preflight-fault", "rooms-get-any-method")


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer() as server:
        yield server


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


# idle


def test_an_ordinary_pytest_run_loads_the_options_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "test_ordinary.py").write_text(
        "import sys\n"
        "def test_nothing_more_is_loaded(request):\n"
        "    assert request.config.pluginmanager.has_plugin('preflight')\n"
        "    loaded = {name for name in sys.modules if name.startswith('preflight')}\n"
        "    assert loaded <= {'preflight', 'preflight.plugin', 'preflight.paths'}, loaded\n",
        encoding="utf-8",
    )
    told = run(tmp_path, "pytest", "-q")
    assert (told.code, told.has("1 passed")) == (0, True), told.text
    assert {path.name for path in tmp_path.iterdir()} <= {".pytest_cache", "__pycache__", "test_ordinary.py"}


def test_a_failing_test_beside_the_suites_is_no_fault_of_preflight(tmp_path: Path) -> None:
    (tmp_path / "test_ordinary.py").write_text("def test_fails():\n    assert 1 == 2\n", encoding="utf-8")
    told = run(tmp_path, "pytest", "-q", "--preflight-target", "http://127.0.0.1:9", "test_ordinary.py")
    assert (told.code, told.has("1 failed")) == (1, True), told.text


def test_the_depths_are_those_of_the_settings() -> None:
    assert tuple(map(str, Depth)) == DEPTHS


def test_the_options_explain_themselves(tmp_path: Path) -> None:
    told = run(tmp_path, "pytest", "--help", "-p", "preflight.plugin", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    assert told.code == 0
    for name in (
        "target",
        "user",
        "password-file",
        "release",
        "only",
        "profile",
        "fault",
        "out",
        "disruptive",
        "read-only",
        "seed",
        "depth",
    ):
        assert f"--preflight-{name}" in told.text


# exit codes


def test_a_workspace_that_keeps_its_promises_ends_with_0(tmp_path: Path) -> None:
    told = suites(tmp_path, *ONLY)
    assert told.code == 0, told.text
    assert told.has(r"Preflight: pass")
    found = run_json(tmp_path)
    assert (found["verdict"], found["interrupted"], found["leftovers"]) == ("pass", False, [])
    assert set(found["operations"]) == {"GET rooms.get"}
    suites_played = {case["suite"] for case in found["cases"]}
    assert suites_played == {
        "shapes",
        "refusals",
        "authentication",
        "routes",
        "messages",
        "outsiders",
        "properties",
        "answers",
        "direct_messages",
        "lists",
        "marks",
        "rooms",
        "secrets",
        "threads",
        "tokens",
    }
    (folder,) = (tmp_path / "runs").iterdir()
    assert {path.name for path in folder.iterdir()} == {
        "allure-results",
        "journal.jsonl",
        "junit.xml",
        "report.html",
        "run.json",
        "summary.md",
    }


def test_a_broken_promise_ends_with_1_and_says_which(tmp_path: Path) -> None:
    told = suites(tmp_path, *ONLY, *MISMATCH)
    assert told.code == 1, told.text
    assert told.has("POST is refused with 404 or 405")
    assert told.has("curl -i -X POST")
    assert told.has("1 failed")
    assert run_json(tmp_path)["verdict"] == "fail"


def test_a_workspace_over_the_network_is_judged_and_left_as_it_was(tmp_path: Path, mock: MockServer) -> None:
    before = state(mock.workspace)
    told = suites(tmp_path, *ONLY, *aimed_at(mock, tmp_path))
    assert told.code == 0, told.text
    assert run_json(tmp_path)["target"] == mock.url
    assert state(mock.workspace) == before
    assert mock.admin_password not in told.text
    written = b"".join(path.read_bytes() for path in (tmp_path / "runs").rglob("*") if path.is_file())
    assert mock.admin_password.encode() not in written


def test_what_the_environment_names_is_a_target_too(tmp_path: Path, mock: MockServer) -> None:
    variables = {
        "PREFLIGHT_TARGET": mock.url,
        "PREFLIGHT_USER": mock.admin_username,
        "PREFLIGHT_PASSWORD": mock.admin_password,
    }
    assert suites(tmp_path, *ONLY, **variables).code == 0
    assert run_json(tmp_path)["target"] == mock.url


@pytest.mark.parametrize(
    ("options", "told_as"),
    [
        (("--preflight-target", "http://127.0.0.1:9"), "no account for the target was given"),
        (("--preflight-only", "nothing.*"), "nothing is selected by"),
        (("--preflight-fault", "no-such-fault"), "no fault named 'no-such-fault'"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_hint(tmp_path: Path, options: tuple[str, ...], told_as: str) -> None:
    told = suites_among_others(tmp_path, *options)
    assert told.code == 2, told.text
    assert told_as in told.text
    assert "Hint: " in told.text
    assert "Traceback" not in told.text
    assert "ERROR collecting" not in told.text
    assert list(tmp_path.glob("runs/*")) == []


def test_a_wrong_password_ends_with_2(tmp_path: Path, mock: MockServer) -> None:
    options = aimed_at(mock, tmp_path)
    (tmp_path / "password.txt").write_text("wrong\n", encoding="utf-8")
    told = suites(tmp_path, *ONLY, *options)
    assert (told.code, told.has("login refused for user admin")) == (2, True), told.text
    assert list(tmp_path.glob("runs/*")) == []


def test_a_target_that_does_not_answer_ends_with_3(tmp_path: Path, mock: MockServer, silent_port: int) -> None:
    url = f"http://127.0.0.1:{silent_port}"
    told = suites_among_others(tmp_path, *ONLY, *aimed_at(mock, tmp_path), "--preflight-target", url)
    assert (told.code, told.text.count("refuses connections")) == (3, 1), told.text


def test_a_promise_that_could_not_be_judged_ends_with_3_and_says_why(tmp_path: Path, mock: MockServer) -> None:
    kept = next(each["roles"] for each in mock.workspace.permissions.all() if each["_id"] == "create-user")
    mock.workspace.permissions.assign("create-user", [], mock.workspace.clock.now())
    try:
        told = suites(tmp_path, *ONLY, *aimed_at(mock, tmp_path), "-rs")
    finally:
        mock.workspace.permissions.assign("create-user", kept, mock.workspace.clock.now())
    assert told.code == 3, told.text
    assert told.has("inconclusive: could not arrange the person alice: 4")
    assert run_json(tmp_path)["verdict"] == "inconclusive"


def test_a_mistake_of_our_own_ends_with_4_and_accuses_nobody_else(tmp_path: Path) -> None:
    (tmp_path / "mistaken.py").write_text(
        "from preflight.session import acts\n"
        "def broken(self):\n"
        "    raise KeyError('of our own')\n"
        "acts.OtherMethod.ask = broken\n",
        encoding="utf-8",
    )
    told = suites(tmp_path, *ONLY, "-p", "mistaken", PYTHONPATH=str(tmp_path))
    assert told.code == 4, told.text
    found = run_json(tmp_path)
    assert found["verdict"] == "error"
    assert [case["reason"] for case in found["cases"] if case["verdict"] == "error"] == ["KeyError: 'of our own'"]
    assert found["leftovers"] == []


# what is collected


def test_suites_are_collected_without_leaving_a_run(tmp_path: Path, mock: MockServer) -> None:
    before = state(mock.workspace)
    told = suites(tmp_path, *ONLY, *aimed_at(mock, tmp_path), "--collect-only", "-q")
    assert told.code == 0, told.text
    for name in ("GET rooms.get: other-method", "GET rooms.get: no-headers", "GET rooms.get: token-of-somebody-else"):
        assert name in told.text
    assert list(tmp_path.glob("runs/*")) == []
    assert state(mock.workspace) == before


def test_one_case_can_be_chosen(tmp_path: Path) -> None:
    told = suites(tmp_path, *ONLY, "-k", "other-method")
    assert told.has("1 passed")
    assert told.code == 3, "what was left out was not judged"
    assert not run_json(tmp_path)["operations"]["GET rooms.get"]["exercised"]


def test_the_suites_are_found_by_their_folder_and_by_a_file(tmp_path: Path) -> None:
    file = str(paths.SUITES / "rest" / "test_routes.py")
    told = run(tmp_path, "pytest", file, "--preflight-out", "runs", *ONLY, *MISMATCH)
    assert (told.code, told.has("1 failed")) == (1, True), told.text
