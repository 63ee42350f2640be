from dataclasses import replace
from pathlib import Path

import pytest

from preflight.errors import UsageError
from preflight.model.run import Run
from preflight.reporting.allure.pages import Pages, generate
from preflight.reporting.allure.tool import find_tool
from tests.reporting.allure_tool import put_allure
from tests.reporting.sample import failing_run, sample_run

VERSIONS = ["2.46.1", "3.18.0"]


@pytest.fixture(params=VERSIONS)
def allure(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PATH", str(put_allure(tmp_path / "bin", request.param)))
    return str(request.param)


def made(run: Run, place: Path) -> Pages:
    return generate(run, find_tool(), place / "pages", place / "history")


def page(place: Path) -> str:
    return (place / "pages" / "index.html").read_text(encoding="utf-8")


def named(run: Run, name: str) -> Run:
    return replace(run, id=name)


@pytest.mark.usefixtures("allure")
def test_every_case_is_in_the_pages_and_the_title_says_the_verdict(tmp_path: Path) -> None:
    assert made(failing_run(), tmp_path).runs == 1
    assert f"{len(failing_run().cases)} tests, 0 runs before" in page(tmp_path)
    assert "<title>Does not conform: https://staging.example.org, release 8.0.1, profile core</title>" in page(tmp_path)


@pytest.mark.usefixtures("allure")
def test_the_next_run_knows_those_before_it(tmp_path: Path) -> None:
    for number, name in enumerate("abc"):
        assert made(named(sample_run(), name), tmp_path).runs == number + 1
        assert f"{number} runs before" in page(tmp_path)


@pytest.mark.usefixtures("allure")
def test_the_newest_run_counts_once_however_often_it_is_rendered(tmp_path: Path) -> None:
    for name in ("a", "b", "b", "b"):
        told = made(named(sample_run(), name), tmp_path)
    assert "1 runs before" in page(tmp_path)
    assert (told.runs, told.is_past) == (2, False)


@pytest.mark.usefixtures("allure")
def test_an_older_run_is_shown_and_leaves_the_history_alone(tmp_path: Path) -> None:
    for name in ("a", "b", "a"):
        told = made(named(sample_run(), name), tmp_path)
    assert (told.runs, told.is_past) == (2, True)
    made(named(sample_run(), "c"), tmp_path)
    assert "2 runs before" in page(tmp_path)


@pytest.mark.usefixtures("allure")
def test_nothing_in_the_pages_tells_others_who_reads_them(tmp_path: Path) -> None:
    made(sample_run(), tmp_path)
    assert "gtag" not in page(tmp_path)
    assert "googletagmanager" not in page(tmp_path)
    assert page(tmp_path).endswith("<script>keep()</script>")


@pytest.mark.usefixtures("allure")
@pytest.mark.parametrize(
    ("other", "what"),
    [
        (replace(sample_run(), target="https://other.example.org"), "target"),
        (replace(sample_run(), profile="full"), "profile"),
    ],
    ids=["target", "profile"],
)
def test_the_history_of_another_is_refused_and_nothing_is_overwritten(tmp_path: Path, other: Run, what: str) -> None:
    made(sample_run(), tmp_path)
    before = files(tmp_path)
    with pytest.raises(UsageError, match=f"is the history of the {what}"):
        made(named(other, "b"), tmp_path)
    assert files(tmp_path) == before


@pytest.mark.usefixtures("allure")
def test_the_same_deployment_at_another_address_goes_on_with_its_history(tmp_path: Path) -> None:
    run = replace(sample_run(), environment={"alias": "staging"})
    made(run, tmp_path)
    assert made(replace(run, id="b", target="http://127.0.0.1:4711"), tmp_path).runs == 2


@pytest.mark.usefixtures("allure")
@pytest.mark.parametrize("folder", ["pages", "history"])
def test_a_folder_of_something_else_is_refused_and_stays_as_it_is(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "thesis.txt").write_text("mine", encoding="utf-8")
    before = files(tmp_path)
    with pytest.raises(UsageError, match="holds something else"):
        made(sample_run(), tmp_path)
    assert files(tmp_path) == before


@pytest.mark.usefixtures("allure")
@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "preflight-history/1"}', '{"format": "other/1"}'])
def test_a_damaged_history_is_refused(tmp_path: Path, text: str) -> None:
    made(sample_run(), tmp_path)
    (tmp_path / "history" / "preflight-history.json").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read as what a history is about"):
        made(sample_run(), tmp_path)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_tool_that_fails_is_told_in_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv("PATH", str(put_allure(tmp_path / "bin", version, fails=True)))
    with pytest.raises(UsageError, match=f"Allure {version} made no pages: Something went wrong in Java"):
        made(sample_run(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


def test_without_allure_npx_fetches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(put_allure(tmp_path / "bin", "3.18.0", npx=True)))
    tool = find_tool()
    assert (tool.command[1:], tool.version) == (("--yes", "allure@3"), "3.18.0")
    pages = made(sample_run(), tmp_path)
    assert f"{len(sample_run().cases)} tests" in (pages.folder / "index.html").read_text(encoding="utf-8")


def test_an_allure_that_does_not_start_is_passed_over_for_npx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_allure(tmp_path / "bin", "none at all")
    monkeypatch.setenv("PATH", str(put_allure(tmp_path / "bin", "3.18.0", npx=True)))
    assert find_tool().command[0].endswith("npx")


def test_without_any_allure_there_is_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="there is no Allure") as caught:
        find_tool()
    assert "needs Node" in caught.value.hint


def files(place: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in place.rglob("*") if path.is_file() and "bin" not in path.parts}
