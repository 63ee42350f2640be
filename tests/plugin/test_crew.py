"""The crew: several workers find what one finds, and end in order whatever happens."""

import json
import signal
from pathlib import Path

import pytest

from preflight.errors import UsageError
from preflight.mock.server import MockServer
from preflight.model.run import Run
from preflight.plugin.crew import workers_for
from preflight.plugin.playing import every_suite
from preflight.plugin.worker import settings_from, spelled
from preflight.reporting.folder import open_run
from preflight.settings import Account, RunSettings
from tests.outside.servers import dead_address
from tests.plugin.outside import aimed_at, run, run_json, stopped
from tests.session.lasting import state

COMMAND = ("preflight", "run", "--out", "runs")


def judged(folder: Path, *words: str) -> Run:
    told = run(folder, *COMMAND, *words)
    assert told.code in {0, 1}, told.text
    (found,) = (folder / "runs").iterdir()
    return open_run(found)


def plain_cases(found: Run) -> list[str]:
    """List the cases of one operation each; a story is told by every worker that has an operation of it."""
    stories = {suite.file.stem.removeprefix("test_") for suite in every_suite() if suite.act == "story"}
    return [case.id for case in found.cases if case.suite not in stories]


def test_workers_conclude_of_each_claim_what_one_alone_concludes(tmp_path: Path) -> None:
    alone, together = tmp_path / "alone", tmp_path / "together"
    for folder in (alone, together):
        folder.mkdir()
    patterns = ("--only", "rooms.*", "--only", "chat.get*", "--only", "chat.f*", "--only", "autotranslate.*")
    one = judged(alone, "--workers", "1", *patterns)
    three = judged(together, "--workers", "3", *patterns)
    assert {key: result.verdict for key, result in three.claims.items()} == {
        key: result.verdict for key, result in one.claims.items()
    }
    assert sorted(plain_cases(three)) == sorted(plain_cases(one))
    assert three.leftovers == ()
    (found,) = (together / "runs").iterdir()
    assert not (found / "parts").exists()


def test_a_fault_is_found_by_whichever_worker_meets_it(tmp_path: Path) -> None:
    words = ("--workers", "2", "--only", "rooms.*", "--fault", "rooms-info-reworded")
    told = run(tmp_path, *COMMAND, *words)
    assert told.code == 1, told.text
    assert told.has("GET rooms.info")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_crew_cleans_up_and_says_so(tmp_path: Path, number: signal.Signals) -> None:
    with MockServer() as mock:
        before = state(mock.workspace)
        words = (*COMMAND, "--workers", "2", *aimed_at(mock, tmp_path, "--"))
        told = stopped(tmp_path, number, r"^\w+: [\d,]+ cases in", *words)
        assert told.code == 130, told.text
        assert "Traceback" not in told.text
        found = run_json(tmp_path)
        assert (found["interrupted"], found["leftovers"]) == (True, [])
        assert state(mock.workspace) == before


def test_a_target_that_does_not_answer_is_told_once(tmp_path: Path) -> None:
    password = tmp_path / "pw.txt"
    password.write_text("secret\n", encoding="utf-8")
    words = ("--target", dead_address(), "--user", "admin", "--password-file", str(password), "--workers", "2")
    told = run(tmp_path, *COMMAND, *words)
    assert told.code == 3, told.text
    assert told.text.count("refuses connections") == 1
    assert "Traceback" not in told.text
    assert list((tmp_path / "runs").iterdir()) == []


def test_settings_survive_the_pipe() -> None:
    settings = RunSettings(
        target="http://127.0.0.1:1",
        account=Account(user="admin", password='pass"word\n'),
        only=("chat.*", "GET rooms.info"),
        shard="1/2",
        out=Path("elsewhere"),
        disruptive=True,
    )
    line = spelled(settings)
    assert line.count("\n") == 1
    assert settings_from(line) == settings
    assert settings_from(spelled(RunSettings())) == RunSettings()
    assert "password" in json.loads(line)["account"]


def test_one_worker_is_enough_for_a_workspace_with_people_in_it() -> None:
    assert workers_for(RunSettings(target="https://chat.example.org")) == 1
    assert workers_for(RunSettings(target="https://chat.example.org", workers=4)) == 4
    assert workers_for(RunSettings(shard="1/2")) == 1


def test_a_shard_is_played_by_one_worker() -> None:
    with pytest.raises(UsageError, match="one worker"):
        workers_for(RunSettings(shard="1/2", workers=2))
