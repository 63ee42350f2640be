"""Judging: a run from its settings to its reports, with everything around it let go in every ending."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from preflight.errors import ExitCode, LoginError, TargetError, UsageError
from preflight.mock.server import MockServer
from preflight.model.verdict import Verdict
from preflight.plugin.judging import EXIT_CODES, Judging
from preflight.plugin.playing import play
from preflight.session.records import JOURNAL
from preflight.settings import Account, RunSettings
from tests.catalogs import catalogs_read_once


@pytest.fixture(scope="module", autouse=True)
def _catalogs() -> Iterator[None]:
    with catalogs_read_once():
        yield


def settings(folder: Path, **how: object) -> RunSettings:
    return RunSettings(**{"only": ("GET rooms.get",), "out": folder / "runs", **how})  # type: ignore[arg-type] # the fields of settings


def test_a_run_is_judged_and_its_reports_are_written(tmp_path: Path) -> None:
    announced: list[str] = []
    judging = Judging(settings(tmp_path), lambda case: announced.append(case.id))
    session = judging.open()
    assert judging.open() is session, "a session is opened once"
    assert (judging.folder / JOURNAL).exists()
    play(session)
    run = judging.close()
    assert run is not None
    assert judging.close() is run, "a session is closed once"
    assert (run.verdict, judging.exit_code) == (Verdict.PASS, ExitCode.CONFORMS)
    assert announced == [case.id for case in run.cases] != []
    assert run.id == judging.id == judging.folder.name
    assert json.loads((judging.folder / "run.json").read_text(encoding="utf-8"))["id"] == run.id
    assert all(path.exists() for path in judging.reports.values())


def test_the_embedded_workspace_is_gone_afterwards(tmp_path: Path) -> None:
    judging = Judging(settings(tmp_path))
    url = judging.open().client.base_url
    judging.close()
    with pytest.raises(TargetError):
        Judging(settings(tmp_path, target=url, account=Account(user="a", password="b"))).open()


def test_an_embedded_workspace_plays_the_release_that_is_asked_for(tmp_path: Path) -> None:
    judging = Judging(settings(tmp_path, release="6.14"))
    assert str(judging.open().release) == "6.14"
    run = judging.close()
    assert run is not None
    assert run.release == "6.14"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"target": "http://127.0.0.1:9"}, "no account for the target was given"),
        ({"target": "http://127.0.0.1:9", "fault": "dm-create-201"}, "in the embedded mock workspace only"),
        ({"fault": "no-such-fault"}, "no fault named"),
        ({"profile": "fulll"}, "unknown profile"),
        ({"release": "5.0"}, "5.0"),
    ],
)
def test_what_cannot_be_judged_is_told_and_leaves_no_folder(
    tmp_path: Path, wrong: dict[str, object], told: str
) -> None:
    judging = Judging(settings(tmp_path, **wrong))
    with pytest.raises(UsageError, match=told):
        judging.open()
    assert list(tmp_path.glob("runs/*")) == []
    assert judging.close() is None


def test_a_refused_login_leaves_no_folder(tmp_path: Path) -> None:
    with MockServer() as mock:
        account = Account(user=mock.admin_username, password="wrong")
        judging = Judging(settings(tmp_path, target=mock.url, account=account))
        with pytest.raises(LoginError):
            judging.open()
    assert list(tmp_path.glob("runs/*")) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be made"):
        Judging(settings(tmp_path)).open()


def test_what_is_forgotten_leaves_neither_run_nor_folder(tmp_path: Path) -> None:
    judging = Judging(settings(tmp_path))
    judging.open()
    judging.forget()
    assert (judging.run, list(tmp_path.glob("runs/*"))) == (None, [])


def test_every_verdict_has_an_exit_code() -> None:
    assert set(EXIT_CODES) == set(Verdict)
    assert [EXIT_CODES[verdict] for verdict in (Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.FAIL, Verdict.ERROR)] == [
        ExitCode.CONFORMS,
        ExitCode.INCONCLUSIVE,
        ExitCode.BROKEN,
        ExitCode.OURS,
    ]


def test_an_interruption_outweighs_every_verdict_and_our_own_trouble_the_rest(tmp_path: Path) -> None:
    judging = Judging(settings(tmp_path))
    codes = [judging.exit_code]
    judging.open()
    judging.close()
    codes.append(judging.exit_code)
    judging.broke = "a mistake"
    codes.append(judging.exit_code)
    judging.interrupted = True
    codes.append(judging.exit_code)
    # A run that never was is not a success either.
    assert codes == [ExitCode.OURS, ExitCode.INCONCLUSIVE, ExitCode.OURS, ExitCode.INTERRUPTED]
