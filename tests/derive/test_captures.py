from dataclasses import replace

from preflight.derive.captures import merge
from preflight.derive.facts import Change
from tests.derive.pages import answer, facts_of, operation

OLD = facts_of(
    operation(
        parameters=[{"name": "id", "in": "query", "schema": {"type": "string"}}],
        responses={
            "200": answer(
                {
                    "name": {"type": "string"},
                    "size": {"type": "integer"},
                    "labels": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}},
                },
                {"name": "old"},
            )
        },
        description="| 1.0.0 | Added |",
    )
)
NEW = facts_of(
    operation(
        parameters=[{"name": "id", "in": "query", "required": True, "schema": {"type": "string"}}],
        responses={
            "200": answer(
                {
                    "size": {"type": "string"},
                    "labels": {"type": "array", "items": {"type": "object", "properties": {"b": {"type": "string"}}}},
                },
                {"size": "new"},
            ),
            "401": answer({"status": {"type": "string"}}, {"status": "error"}),
        },
        description="Permission required: `boil`",
    )
)


def test_the_newer_capture_wins_and_no_field_is_lost() -> None:
    merged = merge([("old", OLD), ("new", NEW)]).facts
    assert merged.answers[0].content[0].schema == {
        "type": "object",
        "properties": {
            "labels": {
                "type": "array",
                "items": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}},
            },
            "name": {"type": "string"},
            "size": {"type": "string"},
        },
    }
    assert [one.value for one in merged.answers[0].content[0].examples] == [{"size": "new"}, {"name": "old"}]
    assert [answer.status for answer in merged.answers] == ["200", "401"]
    assert merged.parameters[0].required
    assert merged.changes == (Change(release="1.0.0", change="added"),)
    assert merged.permissions == ("boil",)


def test_every_difference_is_told() -> None:
    found = merge([("old", OLD), ("new", NEW)]).contradictions
    assert sorted((one.where, one.pointer, one.says, one.shows) for one in found) == [
        ("200", "labels[].a", "new: not declared", "old: declared"),
        ("200", "labels[].b", "new: declared", "old: not declared"),
        ("200", "name", "new: not declared", "old: declared"),
        ("200", "size", "new: string", "old: integer"),
        ("401", "", "new: documented", "old: not documented"),
        ("changes", "", "new: not told", "old: added in 1.0.0"),
        ("parameter query.id", "", "new: required", "old: optional"),
        ("permission", "boil", "new: demanded", "old: not told"),
    ]


def test_equal_captures_contradict_nothing() -> None:
    merged = merge([("old", OLD), ("new", OLD)])
    assert merged.facts == OLD
    assert merged.contradictions == ()


def test_another_address_of_the_page_is_told() -> None:
    found = merge([("old", OLD), ("new", replace(OLD, page="https://kettles.example/"))]).contradictions
    assert [(one.where, one.says) for one in found] == [("page", "new: https://kettles.example/")]
