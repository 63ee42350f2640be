from typing import Any

from preflight.derive.contradictions import Contradiction, Kind, of_examples, unique
from tests.derive.pages import answer, facts_of, operation


def found(stated: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return [(str(one.kind.name), one.pointer, one.says, one.shows) for one in of_examples(facts_of(stated))]


def test_an_example_that_its_schema_refuses_is_told_with_its_place() -> None:
    schema = {"list": {"type": "array", "items": {"type": "object", "properties": {"a/b": {"type": "string"}}}}}
    stated = operation(responses={"200": answer(schema, {"list": [{"a/b": "x"}, {"a/b": {}}]})})
    assert list(of_examples(facts_of(stated))) == [
        Contradiction(
            operation="GET kettle.info",
            kind=Kind.EXAMPLE,
            where="200",
            pointer="/list/1/a~1b",
            example="Example 1",
            says="string",
            shows="object",
        )
    ]


def test_a_missing_field_is_told_by_its_name() -> None:
    stated = operation(responses={"200": answer({"a": {}, "b": {}}, {"a": 1}, required=["a", "b"])})
    assert found(stated) == [("EXAMPLE", "", "required: ['a', 'b']", "lacks b")]


def test_an_example_that_fits_two_branches_is_told() -> None:
    branches: dict[str, Any] = {"oneOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]}
    stated = operation(requestBody={"content": {"application/json": {"schema": branches, "example": {"a": 1, "b": 2}}}})
    assert found(stated) == [("EXAMPLE", "", "oneOf of 2 schemas", "fits 2")]


def test_what_no_branch_declares_is_undeclared() -> None:
    branches: dict[str, Any] = {"anyOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]}
    stated = operation(
        requestBody={"content": {"application/json": {"schema": branches, "example": {"a": 1, "c": True}}}}
    )
    assert found(stated) == [("UNDECLARED", "/c", "undeclared", "boolean")]


def test_an_object_without_properties_declares_nothing() -> None:
    stated = operation(responses={"200": answer({"meta": {"type": "object"}}, {"meta": {"x": 1}, "y": 1.5})})
    assert found(stated) == [("UNDECLARED", "/y", "undeclared", "number")]


def test_a_parameter_example_against_its_own_type_is_told() -> None:
    stated = operation(parameters=[{"name": "lid", "in": "query", "schema": {"type": "boolean"}, "example": "true"}])
    assert found(stated) == [("PARAMETER", "", "boolean", "string")]


def test_a_required_parameter_with_a_default_is_told() -> None:
    stated = operation(
        parameters=[{"name": "lid", "in": "query", "required": True, "schema": {"type": "boolean", "default": True}}]
    )
    assert found(stated) == [("DEFAULT", "", "required", "a default")]


def test_what_cannot_be_meant_is_told() -> None:
    stated = operation(responses={"200": answer({"a": {"type": "text"}})})
    assert found(stated) == [("MALFORMED", "/a", "a type", "text")]


def test_each_contradiction_is_listed_once_and_without_empty_fields() -> None:
    one = Contradiction(operation="GET a.b", kind=Kind.FIELD, where="200", pointer="a", says="string", shows="array")
    assert unique([one, one]) == (one,)
    assert one.facts() == {
        "operation": "GET a.b",
        "kind": "one field with two meanings",
        "where": "200",
        "pointer": "a",
        "says": "string",
        "shows": "array",
    }
