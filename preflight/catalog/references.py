"""References: makes a schema of a contract self-contained.

Each ``$ref`` is replaced by what it names. What refers to itself stays a ``$ref``, to ``#/$defs/NAME`` of the
schema itself, so that a validator needs nothing beside the schema. Keys that stand beside a ``$ref`` are merged
into what it names, as the update of an erratum would be.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from os.path import normpath
from pathlib import Path
from typing import TypeAlias

from preflight.catalog.overlay import merged
from preflight.model.json import Json, JsonObject

Address: TypeAlias = tuple[Path, str]

_DROPPED = {"$id", "$schema", "$defs", "$comment"}
_LOCAL = "#/$defs/"


class DanglingReferenceError(ValueError):
    """A `$ref` names nothing."""

    def __init__(self, reference: str, base: Path, *, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(f"the reference {reference!r} in {base.name} names nothing")
        self.reference = reference
        self.valid = nearest


@dataclass(frozen=True, slots=True)
class Expanded:
    """A schema without references to outside, and the recursive parts that it needs."""

    schema: Json
    needs: frozenset[Address] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """Resolves references against files which `read` gives; `overrides` holds documents that errata changed."""

    read: Callable[[Path], Json]
    overrides: Mapping[Path, Json] = field(default_factory=dict)
    _known: dict[Address, Expanded] = field(default_factory=dict, repr=False, compare=False)

    def within(self, overrides: Mapping[Path, Json]) -> "References":
        """Resolve the same files with other overrides; shares what is known of files that nothing overrides."""
        return References(read=self.read, overrides=overrides, _known=self._known)

    def inline(self, schema: Json, base: Path) -> Json:
        """Give the self-contained form of a schema that stands in the file `base`.

        Raises:
            DanglingReferenceError: where a reference names nothing.
        """
        expanded = self._expand(schema, base, ())
        definitions: dict[str, Json] = {}
        wanted = sorted(expanded.needs, key=str)
        while wanted:
            address = wanted.pop()
            name = _definition(address)
            if name in definitions:
                continue
            body = self._target(address, "", ())
            definitions[name] = body.schema
            wanted += sorted(body.needs, key=str)
        if definitions and isinstance(expanded.schema, Mapping):
            return {**expanded.schema, "$defs": dict(sorted(definitions.items()))}
        return expanded.schema

    def resolve(self, node: Json, base: Path) -> Json:
        """Follow the reference of a node that is no schema, such as a shared response; other nodes stay."""
        if isinstance(node, Mapping) and isinstance(reference := node.get("$ref"), str):
            address = _address(reference, base)
            target = self._lookup(address, reference, base)
            siblings = {key: value for key, value in node.items() if key != "$ref"}
            return merged(target, siblings) if siblings else target
        return node

    def _expand(self, node: Json, base: Path, path: tuple[Address, ...]) -> Expanded:
        if isinstance(node, Mapping):
            if isinstance(reference := node.get("$ref"), str):
                return self._expand_reference(node, reference, base, path)
            parts = {key: self._expand(value, base, path) for key, value in node.items()}
            needs = frozenset[Address]().union(*(part.needs for part in parts.values()))
            return Expanded({key: part.schema for key, part in parts.items()}, needs)
        if isinstance(node, Sequence) and not isinstance(node, str):
            items = [self._expand(item, base, path) for item in node]
            return Expanded([item.schema for item in items], frozenset[Address]().union(*(i.needs for i in items)))
        return Expanded(node)

    def _expand_reference(self, node: JsonObject, reference: str, base: Path, path: tuple[Address, ...]) -> Expanded:
        address = _address(reference, base)
        if address in path:
            target = Expanded({"$ref": _LOCAL + _definition(address)}, frozenset({address}))
        else:
            target = self._target(address, reference, path, base)
        siblings = {key: value for key, value in node.items() if key != "$ref"}
        if not siblings:
            return target
        beside = self._expand(siblings, base, path)
        return Expanded(merged(target.schema, beside.schema), target.needs | beside.needs)

    def _target(
        self, address: Address, reference: str, path: tuple[Address, ...], base: Path | None = None
    ) -> Expanded:
        file, _ = address
        if address in self._known:
            return self._known[address]
        found = self._lookup(address, reference or address[1], base or file)
        if isinstance(found, Mapping):
            found = {key: value for key, value in found.items() if key not in _DROPPED}
        expanded = self._expand(found, file, (*path, address))
        # A cut reference names its definition wherever it stands, so what was expanded once serves everywhere.
        if file not in self.overrides:
            self._known[address] = expanded
        return expanded

    def _lookup(self, address: Address, reference: str, base: Path) -> Json:
        file, pointer = address
        node = self.overrides[file] if file in self.overrides else self.read(file)
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if isinstance(node, Mapping) and key in node:
                node = node[key]
            elif isinstance(node, list) and key.isdigit() and int(key) < len(node):
                node = node[int(key)]
            else:
                keys = tuple(node) if isinstance(node, Mapping) else ()
                raise DanglingReferenceError(reference, base, nearest=keys)
        return node


@cache
def _address(reference: str, base: Path) -> Address:
    file, _, pointer = reference.partition("#")
    return plain(base.parent / file if file else base), pointer


def plain(path: Path) -> Path:
    """Give a path without detours through parent folders: the same file always has the same address."""
    return Path(normpath(path))


def _definition(address: Address) -> str:
    file, pointer = address
    return file.stem + pointer.replace("~1", ".").replace("/", ".")
