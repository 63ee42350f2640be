"""Links: what an answer names, and which requests accept it. Contracts are derived, so that links stand beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from preflight.catalog.documents import Document, Pointer, load
from preflight.catalog.nearest import nearest
from preflight.catalog.schema_check import check
from preflight.model.json import as_list, as_object
from preflight.model.operation import OperationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One way from an answer to a request: `feeds` maps parameters, ``query.msgId``, to pointers into the answer."""

    source: OperationKey
    target: OperationKey
    feeds: Mapping[str, str]


def load_links(path: Path, schema: Path, operations: Iterable[OperationKey]) -> tuple[Link, ...]:
    """Read contracts/links.yaml; where there is none, nothing leads anywhere.

    Raises:
        FileError: where the file is wrong: its form, or an unknown operation.
    """
    if not path.exists():
        return ()
    document = load(path)
    check(document, schema)
    known = {str(key): key for key in operations}
    links: list[Link] = []
    for index, item in enumerate(map(as_object, as_list(as_object(document.data)["links"]))):
        source = _operation(document, ("links", index, "from"), str(item["from"]), known)
        feeds = {name: str(pointer) for name, pointer in as_object(item["feeds"]).items()}
        for number, name in enumerate(map(str, as_list(item["to"]))):
            target = _operation(document, ("links", index, "to", number), name, known)
            links.append(Link(source=source, target=target, feeds=feeds))
    return tuple(links)


def _operation(document: Document, pointer: Pointer, name: str, known: Mapping[str, OperationKey]) -> OperationKey:
    if name not in known:
        raise document.error(pointer, f"unknown operation {name!r}", hint=nearest(name, known, what="operations"))
    return known[name]
