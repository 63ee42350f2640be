import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from preflight.errors import FileError, UsageError
from preflight.model.run import Run
from preflight.reporting.folder import Report, open_run, render_again, write_reports
from tests.model.strategies import RUNS
from tests.reporting.sample import passing_run, sample_run


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_run_folder_holds_the_run_and_every_report(tmp_path: Path) -> None:
    folder = tmp_path / "runs" / "one"
    paths = write_reports(sample_run(), folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "allure-results",
        "junit.xml",
        "report.html",
        "run.json",
        "summary.md",
    ]
    assert all(path.exists() for path in paths.values())
    assert list(paths) == ["run", "allure", "html", "junit", "summary"]


def test_the_stored_run_is_the_run(tmp_path: Path) -> None:
    write_reports(sample_run(), tmp_path / "one", formats=())
    assert open_run(tmp_path / "one") == sample_run()
    assert open_run(tmp_path / "one" / "run.json") == sample_run()


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "one"
    write_reports(sample_run(), folder)
    first = _contents(folder)
    folder.rename(tmp_path / "before")
    write_reports(open_run(tmp_path / "before"), folder)
    assert _contents(folder) == first


@given(RUNS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_run_can_be_written_and_read_back(tmp_path_factory: pytest.TempPathFactory, run: Run) -> None:
    folder = tmp_path_factory.mktemp("run") / "one"
    write_reports(run, folder)
    assert open_run(folder) == run


def test_only_the_reports_asked_for_are_written(tmp_path: Path) -> None:
    paths = write_reports(sample_run(), tmp_path / "one", formats=(Report.JUNIT,))
    assert sorted(paths) == ["junit", "run"]
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["junit.xml", "run.json"]


def test_a_run_is_never_overwritten(tmp_path: Path) -> None:
    write_reports(sample_run(), tmp_path / "one")
    before = _contents(tmp_path / "one")
    with pytest.raises(UsageError, match="holds a run already"):
        write_reports(passing_run(), tmp_path / "one")
    assert _contents(tmp_path / "one") == before


def test_what_else_lies_in_the_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text("{}\n", encoding="utf-8")
    write_reports(passing_run(), tmp_path)
    assert (tmp_path / "journal.jsonl").read_text(encoding="utf-8") == "{}\n"


def test_reports_are_rendered_again_and_the_run_stays_as_it_is(tmp_path: Path) -> None:
    write_reports(sample_run(), tmp_path)
    before = _contents(tmp_path)
    (tmp_path / "report.html").write_text("spoilt", encoding="utf-8")
    (tmp_path / "allure-results" / "old.txt").write_text("old", encoding="utf-8")
    render_again(open_run(tmp_path), tmp_path)
    assert _contents(tmp_path) == before


def test_a_report_that_cannot_be_rendered_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_: Run) -> str:
        msg = "stumbled"
        raise RuntimeError(msg)

    monkeypatch.setattr("preflight.reporting.html.render", stumble)
    with pytest.raises(RuntimeError, match="stumbled"):
        write_reports(sample_run(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written") as refused:
        write_reports(sample_run(), tmp_path / "file" / "run")
    assert "\n" not in refused.value.what


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"run\.json"):
        open_run(tmp_path)


def test_the_summary_says_where_the_reports_are(tmp_path: Path) -> None:
    write_reports(sample_run(), tmp_path)
    assert (tmp_path / "report.html").as_posix() in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_every_file_in_allure_results_that_says_json_is_json(tmp_path: Path) -> None:
    write_reports(sample_run(), tmp_path)
    files = list((tmp_path / "allure-results").glob("*.json"))
    assert len(files) == len(sample_run().cases) + 2
    for file in files:
        json.loads(file.read_bytes())
