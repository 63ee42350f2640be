import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from preflight.errors import FileError
from preflight.model.codec import to_json
from preflight.model.run import Run
from preflight.paths import REPORT_SCHEMAS
from preflight.reporting import run_file
from tests.model.strategies import RUNS
from tests.reporting.sample import failing_run, passing_run, sample_run, unreachable_run

SCHEMA = json.loads((REPORT_SCHEMAS / "run.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def _objects(schema: Any) -> list[dict[str, Any]]:  # a JSON Schema of any shape
    if isinstance(schema, list):
        return [found for part in schema for found in _objects(part)]
    if not isinstance(schema, dict):
        return []
    return [schema, *(found for part in schema.values() for found in _objects(part))]


@pytest.mark.parametrize("build", [sample_run, failing_run, passing_run, unreachable_run])
def test_a_run_obeys_its_schema(build: Any) -> None:  # a builder of runs
    VALIDATOR.validate(json.loads(run_file.render(build())))


@given(RUNS)
def test_every_run_obeys_its_schema(run: Run) -> None:
    VALIDATOR.validate(json.loads(run_file.render(run)))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_describes_every_property() -> None:
    bare = [
        name
        for schema in _objects(SCHEMA)
        for name, given in schema.get("properties", {}).items()
        if not given.get("description")
    ]
    assert bare == []


def test_the_schema_is_exact() -> None:
    objects = [schema for schema in _objects(SCHEMA) if isinstance(schema.get("properties"), dict)]
    assert len(objects) > 10
    assert all(schema["additionalProperties"] is False for schema in objects)
    assert all(sorted(schema["properties"]) == schema["required"] for schema in objects)


@given(RUNS)
def test_every_run_is_read_back_from_its_file(run: Run) -> None:
    text = run_file.render(run)
    assert json.loads(text.encode("utf-8")) == to_json(run)


def test_the_file_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(run_file.render(sample_run()), encoding="utf-8")
    assert run_file.read(path) == sample_run()


def test_the_file_ends_with_a_newline_and_its_keys_are_sorted() -> None:
    text = run_file.render(sample_run())
    assert text.endswith("}\n")
    assert list(json.loads(text)) == sorted(json.loads(text))


def test_a_file_that_is_cut_off_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text('{\n "format": ', encoding="utf-8")
    with pytest.raises(FileError, match="is no JSON") as refused:
        run_file.read(path)
    assert (refused.value.file, refused.value.line) == (str(path), 2)


@pytest.mark.parametrize("content", [b"[]", b"\xff\xfe\x00", b'{"format": "something-else"}'])
def test_a_foreign_file_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(content)
    with pytest.raises(FileError) as refused:
        run_file.read(path)
    assert "\n" not in refused.value.what
    assert refused.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        run_file.read(tmp_path / "run.json")
