from typing import Any

from preflight.derive.configuration import Configuration, ObjectRule
from preflight.derive.facts import OperationFacts
from preflight.derive.objects import Shared, conflicts, occurrences, shared, unify
from tests.derive.pages import answer, facts_of, operation

RULES = Configuration(
    objects=(
        ObjectRule(name="kettle", keys=("_id", "lid"), enums={"t": ("a", "b")}, optional=("steam",)),
        ObjectRule(name="maker", keys=("_id",), under=("maker",)),
    ),
    identifiers=frozenset({"_id"}),
)
TEXT = {"type": "string"}
MAKER = {"type": "object", "properties": {"_id": TEXT, "name": TEXT}}


def page(properties: dict[str, Any], *examples: Any, path: str = "/api/v1/kettle.info") -> OperationFacts:
    schema = {"kettle": {"type": "object", "properties": properties}}
    return facts_of(operation(responses={"200": answer(schema, *({"kettle": one} for one in examples))}), path)


def built(*pages: OperationFacts) -> dict[str, Shared]:
    return shared(occurrences(pages, RULES), RULES)


def test_an_object_gathers_what_all_pages_declare() -> None:
    objects = built(
        page({"_id": TEXT, "lid": TEXT, "t": TEXT}, {"_id": "1", "lid": "x", "t": "a"}),
        page({"_id": TEXT, "lid": TEXT, "maker": MAKER}, {"_id": "2", "lid": "y", "maker": {"_id": "m"}}),
    )
    assert objects["kettle"].document() == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "kettle.json",
        "type": "object",
        "properties": {
            "_id": {"type": "string", "minLength": 1, "x-inferred": ["minLength"]},
            "lid": TEXT,
            "maker": {"$ref": "maker.json"},
            "t": {"type": "string", "enum": ["a", "b"], "x-inferred": ["enum"]},
        },
        "required": ["_id", "lid"],
        "x-inferred": ["required/_id", "required/lid"],
    }
    assert sorted(objects["maker"].strong) == ["_id", "name"]


def test_a_field_is_demanded_only_if_the_examples_of_all_pages_have_it() -> None:
    objects = built(
        page({"_id": TEXT, "lid": TEXT, "name": TEXT}, {"_id": "1", "lid": "x", "name": "n"}),
        page({"_id": TEXT, "lid": TEXT}, {"_id": "2"}),
    )
    assert objects["kettle"].demanded == {"_id"}


def test_a_field_that_comes_and_goes_is_never_demanded() -> None:
    objects = built(page({"_id": TEXT, "lid": TEXT, "steam": TEXT}, {"_id": "1", "lid": "x", "steam": "s"}))
    assert objects["kettle"].demanded == {"_id", "lid"}


def test_another_type_on_one_page_is_told_and_the_common_one_shared() -> None:
    plain, many = {"_id": TEXT, "lid": TEXT}, {"_id": TEXT, "lid": {"type": "array", "items": TEXT}}
    pages = [page(plain), page(plain), page(many, path="/api/v1/kettle.list")]
    found = occurrences(pages, RULES)
    objects = shared(found, RULES)
    assert objects["kettle"].strong["lid"] == TEXT
    assert [(one.operation, one.pointer, one.says, one.shows) for one in conflicts(found, objects, RULES)] == [
        ("GET kettle.list", "kettle.lid", "array of string", "kettle: string")
    ]


def test_a_page_that_says_less_contradicts_nothing() -> None:
    less = {"_id": TEXT, "lid": TEXT, "maker": {"type": "object"}}
    pages = [page({"_id": TEXT, "lid": TEXT, "maker": MAKER}), page(less)]
    found = occurrences(pages, RULES)
    objects = shared(found, RULES)
    assert objects["kettle"].collapsed["maker"] == {"$ref": "maker.json"}
    assert list(conflicts(found, objects, RULES)) == []


def test_declarations_are_unified_whatever_their_order() -> None:
    one = {"type": "object", "properties": {"a": TEXT}}
    two = {"type": "object", "properties": {"a": {"type": "integer"}, "b": TEXT}}
    three: dict[str, Any] = {"type": "object", "properties": {"a": TEXT, "c": {"type": "array", "items": one}}}
    expected = {"type": "object", "properties": {"a": TEXT, "b": TEXT, "c": three["properties"]["c"]}}
    assert unify([one, two, three]) == unify([three, two, one]) == expected
