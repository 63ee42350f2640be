from typing import Any

import pytest
from jsonschema import Draft202012Validator

from preflight.derive.facts import Oddity
from preflight.derive.schemas import Conversion, leaves, spelled

PARTS: dict[str, Any] = {
    "#/a": {"type": "object", "properties": {"next": {"$ref": "#/a"}, "name": {"type": "string"}}},
}


def convert(raw: Any) -> tuple[dict[str, Any], list[Oddity]]:
    conversion = Conversion(lambda reference: PARTS[reference])
    return conversion.schema(raw, "200"), conversion.oddities


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "string", "nullable": True, "enum": ["a"]},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        ({"type": "string", "description": "words", "example": "x", "title": "T"}, {"type": "string"}),
        (
            {"type": "integer", "minimum": 1, "exclusiveMinimum": True, "default": 3},
            {"type": "integer", "exclusiveMinimum": 1, "default": 3},
        ),
        ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
        (
            {"type": "object", "additionalProperties": {"type": "string", "nullable": True}},
            {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
        ),
        (
            {"oneOf": [{"type": "string", "xml": {}}, {"type": "null"}]},
            {"oneOf": [{"type": "string"}, {"type": "null"}]},
        ),
        ({}, {}),
    ],
)
def test_a_schema_of_openapi_becomes_json_schema(raw: Any, expected: dict[str, Any]) -> None:
    converted, oddities = convert(raw)
    assert (converted, oddities) == (expected, [])
    Draft202012Validator.check_schema(converted)


@pytest.mark.parametrize(
    ("raw", "expected", "oddity"),
    [
        (
            {"type": "object", "properties": {"a": {"type": "string", "required": True}}},
            {"type": "object", "properties": {"a": {"type": "string"}}},
            Oddity(where="200", pointer="/a", says="required: a list of names", shows="required: boolean"),
        ),
        ({"type": "text"}, {}, Oddity(where="200", says="a type", shows="text")),
        ("string", {}, Oddity(where="200", says="a schema", shows="string")),
    ],
)
def test_what_cannot_be_meant_is_dropped_and_told(raw: Any, expected: dict[str, Any], oddity: Oddity) -> None:
    assert convert(raw) == (expected, [oddity])


def test_a_schema_that_contains_itself_is_left_open_there() -> None:
    converted, _ = convert({"$ref": "#/a"})
    assert converted == {"type": "object", "properties": {"name": {"type": "string"}, "next": {}}}


def test_fields_are_walked_at_any_depth() -> None:
    schema, _ = convert(
        {"properties": {"a": {"items": {"properties": {"b": {}}}}, "c": {"oneOf": [{"properties": {"d": {}}}]}}}
    )
    assert [path for path, _ in leaves(schema)] == ["a", "a[].b", "c", "c.d"]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "array", "items": {"type": ["string", "null"]}}, "array of string or null"),
        ({"oneOf": [{}, {}]}, "oneOf of 2 schemas"),
        ({}, "anything"),
    ],
)
def test_a_type_is_told_in_words(schema: dict[str, Any], words: str) -> None:
    assert spelled(schema) == words
