"""Changes: what a release has, by what its page says was added and removed."""

import pytest

from preflight.catalog.changes import Change, at_release, changes_of, hidden
from preflight.catalog.documents import load_text
from preflight.errors import FileError
from preflight.model.json import JsonObject
from preflight.model.release import Release

DOCUMENT = load_text("", "rest/rooms.yaml")


def change(release: str, what: str, parameter: str | None = None) -> Change:
    return Change(release=Release.parse(release), change=what, parameter=parameter)


@pytest.mark.parametrize(
    ("release", "gone"),
    [("6.14", True), ("7.0", False), ("7.9", False), ("8.0", True), ("8.3", False), ("8.4", False)],
)
def test_what_was_added_removed_and_added_again_comes_and_goes(release: str, gone: bool) -> None:  # noqa: FBT001
    story = (change("7.0", "added"), change("8.0", "removed"), change("8.3", "added"))
    assert (hidden(story, Release.parse(release)) is not None) is gone


def test_what_was_only_changed_or_deprecated_is_there() -> None:
    story = (change("7.0", "changed"), change("8.0", "deprecated"))
    assert hidden(story, Release.parse("6.0")) is None
    assert hidden(story, Release.parse("8.1")) is None


def test_the_changes_of_a_parameter_are_its_own() -> None:
    story = (change("7.0", "added", "a"),)
    assert hidden(story, Release.parse("6.0")) is None
    assert str(hidden(story, Release.parse("6.0"), "a")) == "added in 7.0"


def test_a_parameter_is_dropped_wherever_it_is_sent() -> None:
    operation: JsonObject = {
        "parameters": [{"name": "a", "in": "query"}, {"name": "b", "in": "query"}],
        "requestBody": {
            "content": {
                "application/json": {
                    "schema": {
                        "required": ["a", "b"],
                        "properties": {"a": {}, "b": {}},
                        "oneOf": [{"required": ["a"]}, {"properties": {"a": {}}}],
                    }
                }
            }
        },
    }
    dropped = at_release(operation, (change("7.0", "added", "a"),), Release.parse("6.14"))
    assert dropped == {
        "parameters": [{"name": "b", "in": "query"}],
        "requestBody": {
            "content": {
                "application/json": {
                    "schema": {
                        "required": ["b"],
                        "properties": {"b": {}},
                        "oneOf": [{"required": []}, {"properties": {}}],
                    }
                }
            }
        },
    }
    assert at_release(operation, (change("7.0", "added", "a"),), Release.parse("7.0")) is operation


def test_a_release_that_is_none_is_told() -> None:
    with pytest.raises(FileError, match=r"rest/rooms.yaml:1: 'soon' is no release"):
        changes_of({"x-changes": [{"release": "soon", "change": "added"}]}, DOCUMENT, ())
