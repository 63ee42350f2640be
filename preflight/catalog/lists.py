"""Lists: which operations give lists, and for each how one is asked of which everything is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from preflight.catalog.cases import DEFAULT_ACTOR
from preflight.catalog.cast import Cast, check_actor, check_template
from preflight.catalog.documents import Document, Pointer, load
from preflight.catalog.nearest import nearest
from preflight.catalog.schema_check import check
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.operation import OperationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Parameters that keep a part of a list, and the ids of the items that they keep."""

    name: str
    actor: str
    query: JsonObject
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Parameters that ask for what was after a moment, and the field of the items that tells when each was.

    Some lists have another for what was before one (`until`), and one that says whether both moments count themselves.
    """

    since: str
    stamp: str
    until: str = ""
    inclusive: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How a list is asked for page by page from a cursor on: the query of the first page, and what names the next.

    `at` points to the cursor of the next page in an answer, `parameter` takes it.
    """

    query: JsonObject
    at: str
    parameter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """One list: who asks for it and how, where it stands in the answer, and what is known of it.

    `order` maps the field by which it is in order where nothing is asked to 1 or -1; `sort` are the fields by which it
    can be asked to be; `things` are placeholders of what must exist beside what the query names; `whole` tells that it
    holds what everybody in the workspace has, so that whoever else makes something changes it.
    """

    operation: OperationKey
    actor: str
    query: JsonObject
    items: str
    things: tuple[str, ...] = ()
    settings: JsonObject = field(default_factory=dict)
    whole: bool = False
    order: Mapping[str, int] = field(default_factory=dict)
    sort: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    window: Window | None = None
    cursor: Cursor | None = None


def load_lists(path: Path, schema: Path, cast: Cast, operations: Iterable[OperationKey]) -> Mapping[OperationKey, List]:
    """Read the lists; a folder without the file has none.

    Raises:
        FileError: where the file is wrong: its form, an unknown operation, person or placeholder.
    """
    if not path.exists():
        return {}
    document = load(path)
    check(document, schema)
    known = {str(key): key for key in operations}
    names = frozenset(cast.known)
    found: dict[OperationKey, List] = {}
    for operation, value in as_object(as_object(document.data)["lists"]).items():
        pointer: Pointer = ("lists", operation)
        if operation not in known:
            hint = nearest(operation, known, what="operations")
            raise document.error(pointer, f"unknown operation {operation!r}", hint=hint)
        check_template(document, pointer, value, names)
        found[known[operation]] = _list(document, pointer, known[operation], as_object(value), cast)
    return found


def _list(document: Document, pointer: Pointer, operation: OperationKey, data: JsonObject, cast: Cast) -> List:
    actor = str(data.get("as", DEFAULT_ACTOR))
    check_actor(document, pointer, actor, cast.actors)
    filters = {name: as_object(value) for name, value in as_object(data.get("filters")).items()}
    for name, value in filters.items():
        check_actor(document, (*pointer, "filters", name), str(value.get("as", actor)), cast.actors)
    window, cursor = as_object(data.get("window")), as_object(data.get("cursor"))
    return List(
        operation=operation,
        actor=actor,
        query=as_object(data.get("query")),
        items=str(data["items"]),
        things=_texts(data.get("things")),
        settings=as_object(data.get("settings")),
        whole=data.get("whole") is True,
        order={name: 1 if direction == 1 else -1 for name, direction in as_object(data.get("order")).items()},
        sort=_texts(data.get("sort")),
        filters=tuple(
            Filter(
                name=name,
                actor=str(value.get("as", actor)),
                query=as_object(value["query"]),
                holds=_texts(value["holds"]),
            )
            for name, value in filters.items()
        ),
        window=Window(**{name: str(value) for name, value in window.items()}) if window else None,
        cursor=_cursor(cursor) if cursor else None,
    )


def _cursor(data: JsonObject) -> Cursor:
    return Cursor(query=as_object(data["query"]), at=str(data["at"]), parameter=str(data["parameter"]))


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in as_list(value))
