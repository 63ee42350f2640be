"""Nesting: a page's flat list of fields becomes a schema again, with the page's own example as the guide.

A copied page lists ``object / u / object / _id / string / name / string`` without saying where an object ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from preflight.derive.facts import Schema
from preflight.model.json import Json


class Hint(StrEnum):
    """What the layout of a page tells about where a field stands relative to the one before it."""

    UNKNOWN = "unknown"
    CHILD = "child"
    BESIDE = "beside"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One field as a page lists it: `types` as JSON Schema types, `item` the type of an array's items."""

    name: str
    types: tuple[str, ...]
    item: str = ""
    required: bool = False
    hint: Hint = Hint.UNKNOWN


@dataclass(slots=True, kw_only=True)
class _Open:
    """An object whose end the list has not shown yet; `instances` are what the example holds there."""

    schema: Schema
    instances: list[Any]  # Any: values of the page's example
    shown: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.shown = frozenset(key for instance in self.instances if isinstance(instance, dict) for key in instance)

    @property
    def fields(self) -> Schema:
        properties: Schema = self.schema.setdefault("properties", {})
        return properties

    def lacks(self, name: str) -> bool:
        return name not in self.schema.get("properties", {})

    def shows(self, name: str) -> bool:
        return name in self.shown and self.lacks(name)

    @property
    def complete(self) -> bool:
        return bool(self.shown) and self.shown <= set(self.schema.get("properties", {}))

    @property
    def empty(self) -> bool:
        return not self.schema.get("properties")


def nested(listed: Iterable[Listed], examples: Sequence[Json]) -> Schema:
    """Build the schema of an object from the flat list of its fields."""
    root = _Open(schema={"type": "object"}, instances=list(examples))
    opened = [root]
    for one in listed:
        depth = _depth(opened, one)
        del opened[depth + 1 :]
        child = _place(opened[-1], one)
        if child is not None:
            opened.append(child)
    return _sorted(root.schema)


def _depth(opened: Sequence[_Open], one: Listed) -> int:
    """Choose the open object that a field belongs to, as its index."""
    last = len(opened) - 1
    if one.hint is Hint.CHILD:
        return last
    if one.hint is Hint.BESIDE:
        # Nothing was listed inside the object opened last: it is closed, and this field stands beside it.
        return max(last - 1, 0) if opened[last].empty and last else last
    if one.hint is Hint.OUTSIDE:
        last = max(last - 1, 0) if not opened[last].empty else max(last - 2, 0)
    return _by_example(opened[: last + 1], one.name)


def _by_example(opened: Sequence[_Open], name: str) -> int:
    inner_first = range(len(opened) - 1, -1, -1)
    for index in inner_first:
        if opened[index].shows(name):
            return index
    for index in inner_first:
        here = opened[index]
        if here.lacks(name) and _takes_unseen(opened, index, name):
            return index
    return next((index for index in inner_first if opened[index].lacks(name)), 0)


def _takes_unseen(opened: Sequence[_Open], index: int, name: str) -> bool:
    """Whether an object may hold a field that the example does not show there."""
    here = opened[index]
    if here.shown:
        return not here.complete
    if here.empty:
        return index > 0 and not opened[index - 1].lacks(name)
    return True


def _place(parent: _Open, one: Listed) -> _Open | None:
    schema: Schema = {"type": one.types[0] if len(one.types) == 1 else list(one.types)}
    parent.fields[one.name] = schema
    if one.required:
        parent.schema["required"] = sorted({*parent.schema.get("required", []), one.name})
    instances = [
        instance[one.name] for instance in parent.instances if isinstance(instance, dict) and one.name in instance
    ]
    if "array" in one.types:
        if one.item:
            schema["items"] = {"type": one.item}
        if one.item == "object":
            items = [item for instance in instances if isinstance(instance, list) for item in instance]
            return _Open(schema=schema["items"], instances=items)
        return None
    return _Open(schema=schema, instances=instances) if "object" in one.types else None


def _sorted(schema: Schema) -> Schema:
    if "items" in schema:
        schema["items"] = _sorted(schema["items"])
    if "properties" in schema:
        schema["properties"] = {name: _sorted(part) for name, part in sorted(schema["properties"].items())}
    return schema
