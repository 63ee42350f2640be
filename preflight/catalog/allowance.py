"""The allowance: what generated requests may name, so that they touch nothing which the run did not create."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from preflight.catalog.cast import Cast, check_template
from preflight.catalog.documents import Document, load
from preflight.catalog.nearest import nearest
from preflight.catalog.schema_check import check
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.operation import OperationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a parameter may name, with placeholders; `unknown` names nothing, `beside` must exist before."""

    values: tuple[str, ...]
    unknown: str | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Which operations may be called with generated requests, and what those may name.

    `loose` parameters may have any value; `headers` are those which every answer of a workspace has alike.
    """

    never: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()
    names: Mapping[str, Naming] = field(default_factory=dict)
    instead: Mapping[OperationKey, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    headers: tuple[str, ...] = ()

    def allows(self, operation: OperationKey) -> bool:
        """Tell whether an operation may be called with generated requests."""
        return not any(operation.matches(pattern) for pattern in self.never)


def load_allowance(path: Path, schema: Path, cast: Cast, operations: Iterable[OperationKey]) -> Allowance:
    """Read contracts/probes.yaml; where there is none, nothing is allowed.

    Raises:
        FileError: where the file is wrong: its form, an unknown operation or placeholder, a parameter twice.
    """
    if not path.exists():
        return Allowance(never=("*", "ddp:*"))
    document = load(path)
    check(document, schema)
    data = as_object(document.data)
    names: dict[str, Naming] = {}
    for index, item in enumerate(map(as_object, as_list(data["names"]))):
        texts = [item["values"], item.get("unknown"), item.get("beside")]
        check_template(document, ("names", index), texts, cast.known)
        for parameter in _texts(item["parameters"]):
            if parameter in names:
                raise document.error(
                    ("names", index, "parameters"),
                    f"the parameter {parameter!r} stands here twice",
                    hint="name it once",
                )
            names[parameter] = _naming(item)
    return Allowance(
        never=_texts(data["never"]),
        without=frozenset(_texts(data["without"])),
        loose=frozenset(_texts(data["loose"])),
        names=names,
        instead=dict(_instead(document, as_object(data["instead"]), cast, operations)),
        headers=_texts(data["headers"]),
    )


def _instead(
    document: Document, data: JsonObject, cast: Cast, operations: Iterable[OperationKey]
) -> Iterator[tuple[OperationKey, Mapping[str, tuple[str, ...]]]]:
    known = {str(key): key for key in operations}
    for operation, values in data.items():
        if operation not in known:
            raise document.error(
                ("instead", operation),
                f"unknown operation {operation!r}",
                hint=nearest(operation, known, what="operations"),
            )
        check_template(document, ("instead", operation), values, cast.known)
        yield known[operation], {name: _texts(texts) for name, texts in as_object(values).items()}


def _naming(item: JsonObject) -> Naming:
    unknown = item.get("unknown")
    return Naming(
        values=_texts(item["values"]),
        unknown=unknown if isinstance(unknown, str) else None,
        beside=_texts(item.get("beside")),
    )


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in as_list(value))
