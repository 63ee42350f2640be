"""Every file that a run and its reports leave obeys the schema that stands for its kind."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from preflight import paths
from tests.outside.console import preflight
from tests.reporting.allure_tool import put_allure

# Settings, permissions, people, rooms and messages: all that a journal can speak of.
ONLY = ("--only", "autotranslate.*", "--only", "rooms.create*", "--only", "rooms.leave")


def lines(file: Path) -> Iterator[Any]:  # any JSON at all
    yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def every(file: Path) -> Iterator[Any]:
    yield json.loads(file.read_text(encoding="utf-8"))


def schema_of(kind: str) -> Draft202012Validator:
    schema = json.loads((paths.REPORT_SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run, and the history of its target."""
    folder = tmp_path_factory.mktemp("formats")
    told = preflight("run", *ONLY, "--out", "runs", folder=folder)
    assert told.code == 0, told.out + told.err
    (run,) = (folder / "runs").iterdir()
    path = str(put_allure(folder / "bin", "3.18.0"))
    told = preflight("report", str(run), "--history", "history", folder=folder, PATH=path)
    assert told.code == 0, told.err
    return folder


@pytest.mark.parametrize(
    ("pattern", "kind", "read"),
    [
        ("runs/*/run.json", "run", every),
        ("runs/*/journal.jsonl", "journal", lines),
        ("runs/*/allure-results/*-result.json", "allure-result", every),
        ("history/preflight-history.json", "history", every),
    ],
)
def test_it_is_what_its_schema_says(place: Path, pattern: str, kind: str, read: Any) -> None:
    schema = schema_of(kind)
    files = list(place.glob(pattern))
    assert files
    for file in files:
        told = list(read(file))
        assert told
        assert [error.message for one in told for error in schema.iter_errors(one)] == []


def test_a_journal_speaks_of_all_that_its_schema_knows_but_refusals(place: Path) -> None:
    (file,) = place.glob("runs/*/journal.jsonl")
    parts = json.loads((paths.REPORT_SCHEMAS / "journal.schema.json").read_text(encoding="utf-8"))["$defs"]
    told = {name for name, part in parts.items() for line in lines(file) if Draft202012Validator(part).is_valid(line)}
    assert told >= set(parts) - {"refusal"}


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"number": 0, "intends": "a room"},
        {"number": 1, "intends": "a room", "names": []},
        {"number": 1, "removed": "a room", "left": 0},
        {"ended": False, "left": 0},
        {"ended": True, "left": -1},
        {"number": 2, "intended": 1, "created": "a room", "undo": {"as": "admin", "operation": "POST x"}},
    ],
)
def test_a_line_that_is_none_of_a_journal_is_refused(line: Any) -> None:
    assert not schema_of("journal").is_valid(line)
