from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from preflight.derive.facts import Schema
from preflight.derive.nesting import Hint, Listed, nested
from preflight.derive.schemas import leaves
from preflight.model.json import Json


def one(name: str, kind: str = "string", item: str = "", hint: Hint = Hint.UNKNOWN) -> Listed:
    return Listed(name=name, types=(kind,), item=item, hint=hint)


def paths(schema: Schema) -> list[str]:
    return sorted(path for path, _ in leaves(schema))


def test_the_example_decides_where_an_object_ends() -> None:
    listed = [one("u", "object"), one("name"), one("topic")]
    assert paths(nested(listed, [{"u": {"name": "x"}, "topic": "y"}])) == ["topic", "u", "u.name"]
    assert paths(nested(listed, [{"u": {"name": "x", "topic": "y"}}])) == ["u", "u.name", "u.topic"]


def test_a_name_already_declared_closes_the_object() -> None:
    listed = [one("u", "object"), one("_id"), one("name"), one("name")]
    example: Json = {"u": {"_id": "1", "name": "x"}, "name": "y"}
    assert paths(nested(listed, [example])) == ["name", "u", "u._id", "u.name"]


def test_an_object_that_no_example_shows_keeps_the_fields_after_it() -> None:
    listed = [one("_id"), one("file", "object"), one("_id"), one("type")]
    assert paths(nested(listed, [{"_id": "1"}])) == ["_id", "file", "file._id", "file.type"]


def test_an_array_of_objects_without_fields_is_closed_at_once() -> None:
    listed = [one("urls", "array", "object"), one("mentions", "array", "object"), one("lm")]
    example: Json = {"urls": [], "mentions": [], "lm": ""}
    assert paths(nested(listed, [example])) == ["lm", "mentions", "urls"]


def test_the_layout_goes_before_the_example() -> None:
    listed = [one("u", "object"), one("name", hint=Hint.CHILD), one("topic", hint=Hint.BESIDE)]
    assert paths(nested(listed, [{"topic": "y"}])) == ["u", "u.name", "u.topic"]


SCALARS = st.just("x")
NAMES = st.integers(0, 10**9).map(lambda number: f"f{number}")


def unique_names(value: dict[str, Json], used: set[str]) -> bool:
    for name, part in value.items():
        if name in used:
            return False
        used.add(name)
        if isinstance(part, dict) and not unique_names(part, used):
            return False
    return True


def distinct(value: Any) -> bool:
    return isinstance(value, dict) and unique_names(value, set())


OBJECTS: st.SearchStrategy[Any] = st.recursive(
    st.dictionaries(NAMES, SCALARS, min_size=1, max_size=4),
    lambda inner: st.dictionaries(NAMES, SCALARS | inner, min_size=1, max_size=4),
    max_leaves=12,
).filter(distinct)


def flat(value: dict[str, Json]) -> list[Listed]:
    listed = []
    for name, part in value.items():
        listed.append(one(name, "object" if isinstance(part, dict) else "string"))
        if isinstance(part, dict):
            listed += flat(part)
    return listed


def tree(value: dict[str, Json], path: str = "") -> list[str]:
    found = []
    for name, part in value.items():
        here = f"{path}.{name}" if path else name
        found.append(here)
        if isinstance(part, dict):
            found += tree(part, here)
    return sorted(found)


@given(OBJECTS)
def test_what_is_listed_flat_is_nested_again_with_its_example(value: dict[str, Json]) -> None:
    assert paths(nested(flat(value), [value])) == tree(value)
