"""Comparing from outside: real runs of the mock workspace, through the console command."""

import json
import textwrap
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from preflight.mock.server import MockServer
from preflight.paths import REPORT_SCHEMAS
from tests.outside.console import Told, preflight

ONLY = ("--only", "rooms.info", "--only", "GET rooms.get")


def a_run(folder: Path, name: str, *words: str) -> str:
    told = preflight("run", "--out", name, *(words or ONLY), folder=folder)
    assert told.code == 0, told.out + told.err
    (made,) = (folder / name).iterdir()
    return str(made.relative_to(folder))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    a_run(folder, "old", "--release", "6.14", *ONLY)
    a_run(folder, "new", "--release", "8.0", *ONLY)
    a_run(folder, "again", "--release", "8.0", *ONLY)
    a_run(folder, "rooms", "--release", "8.0", "--profile", "rooms", *ONLY)
    return folder


def of(place: Path, name: str) -> str:
    (made,) = (place / name).iterdir()
    return str(made.relative_to(place))


def contents(place: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_two_releases_are_compared_and_called_unsafe(place: Path) -> None:
    told = preflight("compare", of(place, "old"), of(place, "new"), folder=place)
    assert told.code == 1, told.out + told.err
    assert told.out.splitlines()[0].startswith("Safe to upgrade: no, because ")
    assert "status: 405 → 404" in told.out
    assert "\x1b" not in told.out


def test_two_runs_of_one_release_are_alike(place: Path) -> None:
    told = preflight("compare", of(place, "new"), of(place, "again"), folder=place)
    assert told.code == 0, told.out + told.err
    assert told.out.splitlines()[0] == "Safe to upgrade: yes, because no behaviour changed."


def test_a_run_json_may_be_named_in_place_of_its_folder(place: Path) -> None:
    told = preflight("compare", f"{of(place, 'new')}/run.json", of(place, "again"), folder=place)
    assert told.code == 0, told.out + told.err


def test_json_is_printed_for_programs(place: Path) -> None:
    told = preflight("compare", of(place, "old"), of(place, "new"), "--json", folder=place)
    assert told.code == 1, told.err
    found = json.loads(told.out)
    schema = json.loads((REPORT_SCHEMAS / "comparison.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(found)
    assert found["safe"] == "no"
    assert (found["before"]["release"], found["after"]["release"]) == ("6.14", "8.0")


@pytest.mark.parametrize("name", ["upgrade.md", "upgrade.html"])
def test_a_file_holds_the_same_and_is_never_written_over(place: Path, tmp_path: Path, name: str) -> None:
    words = ("compare", str(place / of(place, "old")), str(place / of(place, "new")), "--out", name)
    assert preflight(*words, folder=tmp_path).code == 1
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert "405 → 404" in text
    again = preflight(*words, folder=tmp_path)
    assert again.code == 2
    assert "is there already" in again.err
    assert (tmp_path / name).read_text(encoding="utf-8") == text


def refused(told: Told, what: str) -> None:
    assert told.code == 2, told.out + told.err
    assert what in told.err
    assert "Hint: " in told.err
    assert "Traceback" not in told.err
    assert told.out == ""


def test_runs_of_different_profiles_are_refused(place: Path) -> None:
    before = contents(place)
    refused(preflight("compare", of(place, "rooms"), of(place, "new"), folder=place), "different profiles")
    assert contents(place) == before


def test_runs_about_different_operations_are_refused(place: Path, tmp_path: Path) -> None:
    other = tmp_path / a_run(tmp_path, "other", "--only", "rooms.info")
    refused(preflight("compare", of(place, "new"), str(other), folder=place), "different operations")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('{"format": "preflight-run/3", "id": "x"', "is no JSON"),
        ('{"format": "someone-elses/1"}', "is no run of Preflight"),
        ("[]", "is no run of Preflight"),
        ('{"format": "preflight-run/3", "id": "x"}', "is damaged"),
        ('{"format": "preflight-run/2", "id": "x"}', "was written by an older Preflight"),
        ('{"format": "preflight-run/99", "id": "x"}', "was written by a newer Preflight"),
    ],
)
def test_corrupt_and_foreign_files_are_refused(place: Path, tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "run.json"
    file.write_text(text, encoding="utf-8")
    refused(preflight("compare", str(file), of(place, "new"), "--out", "x.md", folder=place), what)
    assert file.read_text(encoding="utf-8") == text
    assert not (place / "x.md").exists()


def test_an_interrupted_run_is_refused(place: Path, tmp_path: Path) -> None:
    whole = json.loads((place / of(place, "new") / "run.json").read_text(encoding="utf-8"))
    (tmp_path / "run.json").write_text(json.dumps(whole | {"interrupted": True}), encoding="utf-8")
    refused(preflight("compare", str(tmp_path), of(place, "new"), folder=place), "was interrupted")


def test_a_run_that_is_not_there_is_refused(place: Path) -> None:
    refused(preflight("compare", "nowhere", of(place, "new"), folder=place), "cannot be read")


def test_a_planted_fault_is_told_as_against_the_documentation(place: Path, tmp_path: Path) -> None:
    told = preflight("run", "--out", "faulty", "--fault", "rooms-info-reworded", *ONLY, folder=tmp_path)
    assert told.code == 1
    (made,) = (tmp_path / "faulty").iterdir()
    found = json.loads(preflight("compare", of(place, "new"), str(made), "--json", folder=place).out)
    assert found["figures"]["against"] >= 1
    assert {tuple(change["operations"]) for change in found["changes"]} == {("GET rooms.info",)}


def test_two_mock_workspaces_are_judged_and_compared_at_once(tmp_path: Path) -> None:
    words = ("--before-release", "6.14", "--after-release", "8.0", "--runs", "runs", "--out", "upgrade.html")
    told = preflight("upgrade", *words, "--only", "rooms.info", folder=tmp_path)
    assert told.code == 1, told.out + told.err
    assert "Safe to upgrade: no, because " in told.out
    assert len(list((tmp_path / "runs").iterdir())) == 2
    assert (tmp_path / "upgrade.html").exists()
    assert len(seeds(tmp_path)) == 1


def seeds(folder: Path) -> set[str]:
    every = [json.loads(file.read_text(encoding="utf-8")) for file in folder.rglob("run.json")]
    assert len(every) == 2
    return {run["environment"]["seed"] for run in every}


def test_an_upgrade_to_the_same_release_is_safe(tmp_path: Path) -> None:
    words = (
        "--before-release",
        "8.0",
        "--after-release",
        "8.0",
        "--only",
        "rooms.info",
        "--json",
        "--seed",
        "20261127",
    )
    told = preflight("upgrade", *words, folder=tmp_path)
    assert told.code == 0, told.out + told.err
    found = json.loads(told.out)
    assert (found["safe"], found["before"]["seed"], found["after"]["seed"]) == ("yes", "20261127", "20261127")
    assert seeds(tmp_path) == {"20261127"}


def test_names_of_the_settings_file_may_stand_for_addresses(tmp_path: Path) -> None:
    with MockServer(release="8.0") as mock:
        settings = f"""
            [targets.now]
            url = "{mock.url}"
            user = "{mock.admin_username}"
            password-env = "NOW_PASSWORD"
        """
        (tmp_path / "preflight.toml").write_text(textwrap.dedent(settings), encoding="utf-8")
        words = ("--before", "now", "--after", "now", "--only", "rooms.info")
        told = preflight("upgrade", *words, folder=tmp_path, NOW_PASSWORD=mock.admin_password)
        assert told.code == 0, told.out + told.err
        unknown = preflight("upgrade", "--before", "then", "--after", "now", folder=tmp_path, NOW_PASSWORD="x")
    refused(unknown, "'then' is no address and names no target")


def test_an_upgrade_of_nothing_is_wrong_usage(tmp_path: Path) -> None:
    refused(preflight("upgrade", "--before-release", "8.0", folder=tmp_path), "nothing to judge after was named")
    assert list(tmp_path.iterdir()) == []


def test_an_upgrade_whose_workspace_does_not_answer_is_inconclusive(tmp_path: Path) -> None:
    words = ("--before", "http://127.0.0.1:9", "--after-release", "8.0", "--user", "admin")
    told = preflight("upgrade", *words, folder=tmp_path, PREFLIGHT_PASSWORD="x")
    assert told.code == 3, told.out + told.err
    assert "Traceback" not in told.err
