"""Configuration: how shared objects are recognised, and what examples prove; people write it in sources.yaml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from preflight.catalog.documents import Document, load
from preflight.derive.facts import Schema, mapping, sequence

_HINT = "write objects as a list of {name, keys, under?, enums?, optional?}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRule:
    """How one shared object is recognised.

    A schema is this object if it declares all of `keys` and, where `under` names properties, stands under one of
    them. `enums` are the values that a field can have if every example agrees; `optional` fields come and go, so
    that examples which have them prove nothing.
    """

    name: str
    keys: tuple[str, ...] = ()
    under: tuple[str, ...] = ()
    enums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()

    def fits(self, schema: Schema, name: str) -> bool:
        """Tell whether a schema with properties, standing under `name`, is this object."""
        properties = mapping(schema.get("properties"))
        return (
            bool(properties) and all(key in properties for key in self.keys) and (not self.under or name in self.under)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was recorded about a source before: its id and the date of the capture, by digest."""

    id: str
    captured: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What guides derivation; `raw` keeps the parts that people write, to be written out again."""

    objects: tuple[ObjectRule, ...] = ()
    identifiers: frozenset[str] = frozenset()
    maps: frozenset[str] = frozenset()
    known: Mapping[str, Known] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict)

    def rule_of(self, schema: Schema, name: str) -> ObjectRule | None:
        """Give the first object that a schema is; None where it is none."""
        return next((rule for rule in self.objects if rule.fits(schema, name)), None)


def configuration(path: Path) -> Configuration:
    """Read contracts/sources.yaml; without the file nothing is recognised.

    Raises:
        FileError: where the file is no YAML or an object has no name.
    """
    if not path.is_file():
        return Configuration()
    document = load(path)
    data = mapping(document.data)
    infer = mapping(data.get("infer"))
    return Configuration(
        objects=tuple(_rule(document, index, raw) for index, raw in enumerate(sequence(data.get("objects")))),
        identifiers=frozenset(_names(infer.get("identifiers"))),
        maps=frozenset(_names(infer.get("maps"))),
        known={
            str(source["sha256"]): Known(id=str(source.get("id", "")), captured=str(source.get("captured", "")))
            for source in map(mapping, sequence(data.get("sources")))
            if "sha256" in source
        },
        raw={name: data[name] for name in ("infer", "objects") if name in data},
    )


def _rule(document: Document, index: int, raw: Any) -> ObjectRule:
    stated = mapping(raw)
    name = stated.get("name")
    if not isinstance(name, str) or not (stated.get("keys") or stated.get("under")):
        raise document.error(("objects", index), "an object needs a name, and keys or under", hint=_HINT)
    return ObjectRule(
        name=name,
        keys=_names(stated.get("keys")),
        under=_names(stated.get("under")),
        enums={key: _names(values) for key, values in mapping(stated.get("enums")).items()},
        optional=_names(stated.get("optional")),
    )


def _names(raw: Any) -> tuple[str, ...]:
    values: Sequence[Any] = sequence(raw)
    return tuple(str(value) for value in values)
