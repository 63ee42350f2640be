from typing import Any

import pytest

from preflight.derive.configuration import Configuration
from preflight.derive.strengthen import constant, present, required, value

RULES = Configuration(identifiers=frozenset({"_id"}), maps=frozenset({"reactions"}))
TEXT = {"type": "string"}


@pytest.mark.parametrize("shown", ["2024-01-02T03:04:05.678Z", "2024-01-02T03:04:05+01:00"])
def test_a_date_in_every_example_becomes_a_format(shown: str) -> None:
    assert value(TEXT, "ts", [shown], RULES) == {
        "type": "string",
        "format": "date-time",
        "x-inferred": ["format"],
    }


@pytest.mark.parametrize(
    "values", [[], ["2024-01-02T03:04:05Z", "1970-01-01"], ["1696533809813"], ["2024-01-02T03:04:05Z", 7]]
)
def test_what_one_example_contradicts_is_not_inferred(values: list[Any]) -> None:
    assert value(TEXT, "ts", values, RULES) == TEXT


def test_a_null_contradicts_unless_the_page_allows_it() -> None:
    shown = ["2024-01-02T03:04:05Z", None]
    assert value(TEXT, "ts", shown, RULES) == TEXT
    nullable = {"type": ["string", "null"]}
    assert value(nullable, "ts", shown, RULES) == {**nullable, "format": "date-time", "x-inferred": ["format"]}


def test_an_id_is_only_known_not_to_be_empty() -> None:
    strong = value(TEXT, "_id", ["GENERAL", "66ed2dba40141d95f32c292b"], RULES)
    assert strong == {"type": "string", "minLength": 1, "x-inferred": ["minLength"]}
    assert value(TEXT, "_id", ["GENERAL", ""], RULES) == TEXT
    assert value(TEXT, "name", ["GENERAL"], RULES) == TEXT


def test_a_known_set_of_values_becomes_an_enum_if_all_examples_agree() -> None:
    assert value(TEXT, "t", ["c"], RULES, ["d", "c"]) == {
        "type": "string",
        "enum": ["c", "d"],
        "x-inferred": ["enum"],
    }
    assert value(TEXT, "t", ["c", "z"], RULES, ["d", "c"]) == TEXT


def test_what_the_page_states_is_not_marked_as_inferred() -> None:
    stated = {"type": "string", "format": "date-time"}
    assert value(stated, "ts", ["2024-01-02T03:04:05Z"], RULES) == stated


def test_success_is_fixed_to_what_the_status_promises() -> None:
    stated = {"type": "boolean"}
    assert constant(stated, [True, True], promised=True) == {**stated, "const": True, "x-inferred": ["const"]}
    assert constant(stated, [False], promised=False) == {**stated, "const": False, "x-inferred": ["const"]}
    assert constant(stated, [True, False], promised=True) == stated
    assert constant(stated, [], promised=True) == stated


def test_a_declared_field_in_every_example_is_present() -> None:
    schema: dict[str, Any] = {"properties": {"a": {}, "b": {}, "c": {}}}
    assert present(schema, [{"a": 1, "b": 2, "z": 0}, {"a": None}], RULES, "") == ("a",)
    assert present(schema, [], RULES, "") == ()
    assert present(schema, ["text"], RULES, "") == ()


def test_keys_that_are_data_are_never_demanded() -> None:
    assert present({"properties": {":smile:": {}}}, [{":smile:": 1}], RULES, "x") == ()
    assert present({"properties": {"en": {}}}, [{"en": 1}], RULES, "reactions") == ()


def test_inferred_and_stated_demands_are_kept_apart() -> None:
    assert required({"required": ["b"]}, ["a", "b"]) == {"required": ["a", "b"], "x-inferred": ["required/a"]}
    assert required({"required": ["b"]}, ["b"]) == {"required": ["b"]}
