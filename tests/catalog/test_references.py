"""References: self-contained schemas, also of what refers to itself."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from preflight.catalog.references import DanglingReferenceError, References
from preflight.model.json import Json, as_object

BASE = Path("/contracts/rest/rooms.yaml")
OBJECTS: dict[str, Json] = {
    "room.json": {
        "$id": "room.json",
        "type": "object",
        "required": ["_id"],
        "properties": {"_id": {"type": "string"}, "parent": {"$ref": "room.json"}, "u": {"$ref": "user.json"}},
    },
    "user.json": {"type": "object", "properties": {"name": {"type": "string"}, "room": {"$ref": "room.json"}}},
}


def references() -> References:
    return References(read=lambda path: OBJECTS[path.name])


def test_a_reference_is_replaced_by_what_it_names() -> None:
    schema: Json = {"properties": {"id": {"$ref": "../objects/room.json#/properties/_id"}}}
    assert references().inline(schema, BASE) == {"properties": {"id": {"type": "string"}}}


def test_keys_beside_a_reference_are_merged() -> None:
    schema: Json = {"$ref": "../objects/room.json#/properties/_id", "type": ["string", "null"], "minLength": 1}
    assert references().inline(schema, BASE) == {"type": ["string", "null"], "minLength": 1}


def test_what_refers_to_itself_validates_at_any_depth() -> None:
    schema = as_object(references().inline({"$ref": "../objects/room.json"}, BASE))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    good: Json = {"_id": "a", "parent": {"_id": "b", "parent": {"_id": "c", "u": {"room": {"_id": "d"}}}}}
    bad: Json = {"_id": "a", "parent": {"_id": "b", "parent": {"_id": "c", "u": {"room": {"_id": 4}}}}}
    assert validator.is_valid(good)
    assert [list(error.absolute_path) for error in validator.iter_errors(bad)] == [
        ["parent", "parent", "u", "room", "_id"]
    ]


def test_the_order_of_asking_does_not_matter() -> None:
    one, other = references(), references()
    other.inline({"$ref": "../objects/user.json"}, BASE)
    for resolver in (one, other):
        schema = as_object(resolver.inline({"$ref": "../objects/room.json"}, BASE))
        assert not Draft202012Validator(schema).is_valid({"_id": "a", "parent": {"_id": "b", "parent": {}}})


def test_a_reference_within_the_document_sees_what_errata_changed() -> None:
    document: Json = {"components": {"schemas": {"x/y": {"type": "integer"}}}}
    schema = references().within({BASE: document}).inline({"$ref": "#/components/schemas/x~1y"}, BASE)
    assert schema == {"type": "integer"}


@pytest.mark.parametrize("reference", ["../objects/room.json#/properties/id", "../objects/room.json#/nothing/0"])
def test_a_reference_to_nothing_is_told(reference: str) -> None:
    with pytest.raises(DanglingReferenceError, match="names nothing"):
        references().inline({"$ref": reference}, BASE)
