"""Schemas: OpenAPI 3.0's dialect turned into JSON Schema 2020-12, facts only."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from preflight.derive.facts import Oddity, Schema, mapping, sequence

TYPES = frozenset({"string", "integer", "number", "boolean", "object", "array", "null"})

_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_TEXTS = ("format", "pattern")
_FLAGS = ("deprecated", "readOnly", "uniqueItems", "writeOnly")
_BRANCHES = ("oneOf", "anyOf", "allOf")

Resolve = Callable[[str], Any]  # Any: what a reference points to is JSON of any shape


class Conversion:
    """Turns the schemas of one page into JSON Schema 2020-12 and collects what cannot be meant as it stands.

    References are written out; one that contains itself is left open where it does.
    """

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._open: list[str] = []
        self.oddities: list[Oddity] = []

    def schema(self, raw: Any, where: str, pointer: str = "") -> Schema:  # Any: JSON of a source
        """Convert one schema; `where` names the part of the page, `pointer` the place within its schema."""
        if not isinstance(raw, Mapping):
            self._odd(where, pointer, "a schema", _word(raw))
            return {}
        reference = raw.get("$ref")
        if isinstance(reference, str):
            return self._referenced(reference, where, pointer)
        converted: Schema = {}
        self._types(raw, converted, where, pointer)
        self._values(raw, converted, where, pointer)
        self._parts(raw, converted, where, pointer)
        return converted

    def _referenced(self, reference: str, where: str, pointer: str) -> Schema:
        if reference in self._open:
            return {}
        self._open.append(reference)
        try:
            return self.schema(self._resolve(reference), where, pointer)
        finally:
            self._open.pop()

    def _types(self, raw: Mapping[str, Any], converted: Schema, where: str, pointer: str) -> None:
        stated = raw.get("type")
        names = [name for name in (stated if isinstance(stated, list) else [stated]) if name is not None]
        known = [name for name in names if name in TYPES]
        if len(known) < len(names):
            self._odd(where, pointer, "a type", ", ".join(str(name) for name in names))
        if raw.get("nullable") is True and known and "null" not in known:
            known.append("null")
        if known:
            converted["type"] = known[0] if len(known) == 1 else known
        if raw.get("nullable") is True and isinstance(raw.get("enum"), list):
            converted["enum"] = [*raw["enum"], *([] if None in raw["enum"] else [None])]

    def _values(self, raw: Mapping[str, Any], converted: Schema, where: str, pointer: str) -> None:
        if isinstance(raw.get("enum"), list) and raw["enum"]:
            converted.setdefault("enum", list(raw["enum"]))
        converted.update({name: raw[name] for name in ("default", "const") if name in raw})
        converted.update({name: raw[name] for name in _TEXTS if isinstance(raw.get(name), str)})
        converted.update({name: raw[name] for name in (*_COUNTS, *_NUMBERS) if _number(raw.get(name))})
        converted.update({name: True for name in _FLAGS if raw.get(name) is True})
        for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if raw.get(exclusive) is True and limit in converted:
                converted[exclusive] = converted.pop(limit)
        required = raw.get("required")
        names = sorted({name for name in sequence(required) if isinstance(name, str)})
        if names:
            converted["required"] = names
        elif required is not None and not isinstance(required, list):
            self._odd(where, pointer, "required: a list of names", f"required: {_word(required)}")

    def _parts(self, raw: Mapping[str, Any], converted: Schema, where: str, pointer: str) -> None:
        if isinstance(raw.get("properties"), Mapping):
            converted["properties"] = {
                name: self.schema(part, where, f"{pointer}/{escape(name)}")
                for name, part in sorted(raw["properties"].items())
            }
        elif raw.get("properties") is not None:
            self._odd(where, pointer, "properties: names with schemas", _word(raw["properties"]))
        if "items" in raw:
            converted["items"] = self.schema(raw["items"], where, f"{pointer}/[]")
        extra = raw.get("additionalProperties")
        if isinstance(extra, bool):
            converted["additionalProperties"] = extra
        elif extra is not None:
            converted["additionalProperties"] = self.schema(extra, where, f"{pointer}/*")
        for name in _BRANCHES:
            branches = [
                self.schema(part, where, f"{pointer}/{name}/{index}")
                for index, part in enumerate(sequence(raw.get(name)))
            ]
            if branches:
                converted[name] = branches
        if "not" in raw:
            converted["not"] = self.schema(raw["not"], where, f"{pointer}/not")

    def _odd(self, where: str, pointer: str, says: str, shows: str) -> None:
        self.oddities.append(Oddity(where=where, pointer=pointer, says=says, shows=shows))


def escape(name: str) -> str:
    """Spell a name as a part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def canonical(value: Any) -> str:  # Any: JSON of any shape
    """Print JSON so that equal values give equal texts."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def types_of(schema: Schema) -> tuple[str, ...]:
    """Give the types that a schema states, none where it states none."""
    stated = schema.get("type")
    if isinstance(stated, list):
        return tuple(stated)
    return () if stated is None else (str(stated),)


def spelled(schema: Schema) -> str:
    """Describe a schema's type for people: ``array of string``, ``string or null``, ``one of 2 schemas``."""
    names = types_of(schema)
    if not names:
        branches = next((name for name in _BRANCHES if name in schema), None)
        return f"{branches} of {len(schema[branches])} schemas" if branches else "anything"
    if names == ("array",) and mapping(schema.get("items")):
        return f"array of {spelled(schema['items'])}"
    return " or ".join(names)


def leaves(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Walk every declared property, at any depth, with its path: ``update[].u._id``; branches are walked too."""
    for name, part in mapping(schema.get("properties")).items():
        here = f"{path}.{name}" if path else name
        yield here, part
        yield from leaves(part, here)
    if "items" in schema:
        yield from leaves(schema["items"], f"{path}[]")
    for branches in _BRANCHES:
        for part in sequence(schema.get(branches)):
            yield from leaves(part, path)


def _number(value: Any) -> bool:  # Any: JSON of a source
    return isinstance(value, int | float) and not isinstance(value, bool)


def _word(value: Any) -> str:  # Any: JSON of a source
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")
