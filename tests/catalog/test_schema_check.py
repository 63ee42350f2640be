"""Schema checks: each kind of file has a schema that is itself valid and describes every key."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from preflight import paths
from preflight.catalog.documents import load_text
from preflight.catalog.nearest import nearest
from preflight.catalog.schema_check import check
from preflight.errors import FileError
from preflight.model.json import Json, as_object

SCHEMAS = sorted((paths.CONTRACTS / "schemas").glob("*.schema.json"))


def properties(schema: Json, where: str = "") -> Iterator[tuple[str, Json]]:
    if isinstance(schema, dict):
        for name, child in as_object(schema.get("properties")).items():
            yield f"{where}/{name}", child
        for key, child in schema.items():
            yield from properties(child, f"{where}/{key}")
    elif isinstance(schema, list):
        for index, child in enumerate(schema):
            yield from properties(child, f"{where}/{index}")


@pytest.mark.parametrize("path", SCHEMAS, ids=[path.name for path in SCHEMAS])
def test_a_schema_is_valid_and_describes_each_key(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert {schema["$schema"]} == {"https://json-schema.org/draft/2020-12/schema"}
    silent = [
        where
        for where, child in properties(schema)
        if not {"description", "$ref"} & set(as_object(child)) and "/properties/schema" not in where and child
    ]
    assert silent == []


def test_the_first_departure_in_the_file_is_told(tmp_path: Path) -> None:
    schema = tmp_path / "s.json"
    schema.write_text('{"additionalProperties": {"type": "integer", "description": "a count"}}', encoding="utf-8")
    with pytest.raises(FileError) as caught:
        check(load_text("a: 1\nb: x\nc: y\n", "f.yaml"), schema)
    assert caught.value.what == "f.yaml:2: found 'x', expected an integer in b"
    assert caught.value.hint == "expected here: a count"


def test_a_near_name_is_guessed_else_all_are_told() -> None:
    assert nearest("roomid", ["roomId", "count"]) == "did you mean 'roomId'?"
    assert nearest("zzz", ["b", "a"], what="keys") == "valid keys: a, b"
    assert nearest("zzz", [f"name{i:02}" for i in range(20)]).endswith("name11 and 8 more")
    assert nearest("zzz", [], what="cases") == "there are no cases to choose from"
