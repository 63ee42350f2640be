"""`preflight report` from outside: pages of Allure with the history of a target, or a refusal that loses nothing."""

import json
from pathlib import Path

import pytest

from preflight.reporting.folder import open_run
from tests.outside.console import preflight
from tests.reporting.allure_tool import put_allure

ONLY = ("--only", "dm.create", "--only", "rooms.get")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two runs of the embedded mock workspace, and one that calls it otherwise."""
    folder = tmp_path_factory.mktemp("place")
    for out, alias in (("one", ()), ("two", ()), ("other", ("--alias", "somebody else's"))):
        told = preflight("run", *ONLY, *alias, "--out", out, folder=folder)
        assert told.code == 0, told.out + told.err
    return folder


def run_in(place: Path, out: str) -> Path:
    (folder,) = (place / out).iterdir()
    return folder


def history_ids(place: Path, out: str) -> list[str]:
    results = (run_in(place, out) / "allure-results").glob("*-result.json")
    return sorted(json.loads(file.read_text(encoding="utf-8"))["historyId"] for file in results)


def test_no_two_tests_of_a_run_share_a_history_and_the_next_run_goes_on_with_each(place: Path) -> None:
    one, two = open_run(run_in(place, "one")), open_run(run_in(place, "two"))
    assert (one.alias, one.environment["alias"]) == ("mock", "mock")
    assert one.target != two.target  # the embedded mock workspace has another port in every run
    ids = history_ids(place, "one")
    assert len(set(ids)) == len(ids) == len(one.cases)
    assert history_ids(place, "two") == ids
    assert not set(history_ids(place, "other")) & set(ids)


@pytest.mark.parametrize("version", ["2.46.1", "3.18.0"])
def test_a_second_run_knows_the_first(place: Path, tmp_path: Path, version: str) -> None:
    path = str(put_allure(tmp_path / "bin", version))
    for out, runs in (("one", 1), ("two", 2)):
        words = ("report", str(run_in(place, out)), "--history", "history", "--out", "site")
        told = preflight(*words, folder=tmp_path, PATH=path)
        assert told.code == 0, told.err
        assert f"Allure {version}, history of {runs} run(s)" in told.out
    cases = len(open_run(run_in(place, "two")).cases)
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert f"{cases} tests, 1 runs before" in page
    assert "gtag" not in page


def test_without_options_pages_and_history_lie_beside_the_run(place: Path, tmp_path: Path) -> None:
    run = run_in(place, "one")
    told = preflight("report", str(run), folder=tmp_path, PATH=str(put_allure(tmp_path / "bin", "3.18.0")))
    assert told.code == 0, told.err
    assert (run / "allure-report" / "index.html").is_file()
    assert (run.parent / "allure-history" / "mock-full" / "preflight-history.json").is_file()


def test_without_allure_there_is_a_hint(place: Path, tmp_path: Path) -> None:
    told = preflight("report", str(run_in(place, "two")), folder=tmp_path, PATH=str(tmp_path))
    assert (told.code, told.out) == (2, "")
    assert "there is no Allure" in told.err
    assert "npm install -g allure" in told.err


def test_the_history_of_another_target_is_refused(place: Path, tmp_path: Path) -> None:
    path = str(put_allure(tmp_path / "bin", "3.18.0"))
    words = ("--history", "history", "--out", "site")
    assert preflight("report", str(run_in(place, "two")), *words, folder=tmp_path, PATH=path).code == 0
    before = (tmp_path / "site" / "preflight-run.txt").read_text(encoding="utf-8")
    told = preflight("report", str(run_in(place, "other")), *words, folder=tmp_path, PATH=path)
    assert told.code == 2
    assert "is the history of the target 'mock'" in told.err
    assert (tmp_path / "site" / "preflight-run.txt").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other"}'])
def test_a_file_that_is_no_run_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    path = str(put_allure(tmp_path / "bin", "3.18.0"))
    told = preflight("report", "run.json", folder=tmp_path, PATH=path)
    assert (told.code, "Traceback" in told.err) == (2, False)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["bin", "run.json"]


@pytest.mark.parametrize("alias", [" padded", "two\nlines", "x" * 81])
def test_an_alias_that_is_none_is_told_before_anything_is_judged(tmp_path: Path, alias: str) -> None:
    told = preflight("run", *ONLY, "--alias", alias, folder=tmp_path)
    assert told.code == 2
    assert "cannot be the name of a target" in told.err
    assert list(tmp_path.iterdir()) == []
