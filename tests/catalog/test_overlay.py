"""Overlays: what an update and a removal do, what is marked, and that nothing given is changed."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.catalog import overlay
from preflight.catalog.documents import load_text
from preflight.catalog.overlay import Action
from preflight.errors import FileError
from preflight.model.json import Json

DOCUMENT = load_text("actions: []", "errata/x.yaml")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def action(target: str, update: Json = None, *, remove: bool = False) -> Action:
    entry: dict[str, Json] = {"x-erratum": "e", "target": target, "remove": remove}
    if update is not None:
        entry["update"] = update
    return overlay.read_action(DOCUMENT, ("actions", 0), entry)


def test_an_update_merges_objects_and_marks_what_it_changes() -> None:
    data: Json = {"schema": {"type": "object", "properties": {"a": {"type": "string", "minLength": 1}}}}
    changed, count = overlay.apply(action("$.schema", {"properties": {"a": {"type": "number"}}}), data)
    expected: Json = {
        "schema": {
            "type": "object",
            "properties": {"a": {"type": "number", "minLength": 1, "x-erratum": "e"}},
        }
    }
    assert (changed, count) == (expected, 1)


def test_a_new_property_is_marked_and_the_map_of_properties_is_not() -> None:
    changed, _ = overlay.apply(action("$.properties", {"b": {"type": "string"}}), {"properties": {"a": {}}})
    assert changed == {"properties": {"a": {}, "b": {"type": "string", "x-erratum": "e"}}}


def test_a_property_named_like_a_keyword_is_a_property() -> None:
    changed, _ = overlay.apply(action("$", {"properties": {"body": {"type": "string"}}}), {"properties": {}})
    assert changed == {"properties": {"body": {"type": "string", "x-erratum": "e"}}}


def test_the_constant_keys_of_a_refusal_are_not_marked_but_the_refusal_is() -> None:
    data: Json = {"x-refusals": [{"id": "a", "body": {"error": "x"}}, {"id": "b", "body": {}}]}
    expected: Json = {"x-refusals": [{"id": "a", "body": {"error": "y"}, "x-erratum": "e"}, {"id": "b", "body": {}}]}
    for one in (
        action("$['x-refusals'][?@.id=='a']", {"body": {"error": "y"}}),
        action("$['x-refusals'][?@.id=='a'].body", {"error": "y"}),
    ):
        assert overlay.apply(one, data)[0] == expected


def test_an_update_appends_to_a_list() -> None:
    one, _ = overlay.apply(action("$.list", {"id": 2}), {"list": [{"id": 1}]})
    several, _ = overlay.apply(action("$.list", [{"id": 2}, {"id": 3}]), {"list": []})
    assert one == {"list": [{"id": 1}, {"id": 2, "x-erratum": "e"}]}
    assert several == {"list": [{"id": 2, "x-erratum": "e"}, {"id": 3, "x-erratum": "e"}]}


def test_lists_inside_a_merged_object_grow_by_what_they_lack() -> None:
    changed, _ = overlay.apply(action("$.a", {"required": ["x", "y"]}), {"a": {"required": ["x"]}})
    assert changed == {"a": {"required": ["x", "y"], "x-erratum": "e"}}


def test_a_removal_takes_every_match_out_of_a_list() -> None:
    changed, count = overlay.apply(action("$.list[?@ > 1]", remove=True), {"list": [1, 2, 3, 1, 4]})
    assert (changed, count) == ({"list": [1, 1]}, 3)


def test_a_removal_takes_a_key_away() -> None:
    assert overlay.apply(action("$.*.b", remove=True), {"a": {"b": 1, "c": 2}, "d": {"b": 3}})[0] == {
        "a": {"c": 2},
        "d": {},
    }


def test_a_match_within_a_match_is_removed_with_it() -> None:
    assert overlay.apply(action("$..a", remove=True), {"a": {"a": 1}, "b": {"a": 2}})[0] == {"b": {}}


def test_no_match_changes_nothing() -> None:
    data: Json = {"a": 1}
    assert overlay.apply(action("$.b", {"c": 1}), data) == (data, 0)


def test_unchanged_parts_are_shared() -> None:
    data: dict[str, Json] = {"a": {"x": 1}, "b": {"y": 2}}
    changed, _ = overlay.apply(action("$.a", {"x": 3}), data)
    assert isinstance(changed, dict)
    assert changed["b"] is data["b"]


@given(JSON, JSON)
def test_what_is_given_is_never_changed(data: Json, update: Json) -> None:
    before = copy.deepcopy((data, update))
    for target in ("$", "$.*", "$..*"):
        for one in (action(target, update), action("$..*", remove=True)):
            try:
                overlay.apply(one, data)
            except FileError:
                continue
    assert (data, update) == before


@given(JSON, JSON)
def test_merging_the_same_twice_changes_nothing_more(old: Json, new: Json) -> None:
    once = overlay.merged(old, new)
    assert overlay.merged(once, new) == once


def test_the_root_cannot_be_removed() -> None:
    with pytest.raises(FileError, match="the root cannot be removed"):
        overlay.apply(action("$", remove=True), {"a": 1})
