"""Overlays: the one door to JSONPath; applies OpenAPI Overlay 1.0 actions without changing their input.

``update`` merges into objects (recursively; lists inside grow by what they do not hold yet) and appends to lists;
``remove`` removes. Objects whose own keys an update changes, and objects that it brings, carry ``x-erratum``
afterwards.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError

from preflight.catalog.documents import Document, Pointer
from preflight.errors import FileError
from preflight.model.json import Json, as_list

ERRATUM = "x-erratum"

_ENVIRONMENT = JSONPathEnvironment(strict=True)
_SYNTAX = "write RFC 9535 JSONPath such as $.paths['/api/v1/rooms.info'].get.responses['400']"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of an overlay; `optional` allows that nothing matches (`x-optional`)."""

    erratum: str
    target: str
    update: Json = None
    remove: bool = False
    optional: bool = False
    document: Document = field(repr=False, compare=False)
    pointer: Pointer
    query: JSONPath = field(repr=False, compare=False)

    def matches_nothing(self) -> FileError:
        """Build the error for an action that has nothing left to correct."""
        return self.document.error(
            self.pointer,
            f"the action of erratum {self.erratum} matches nothing: {self.target}",
            hint="mend the target, narrow the erratum's releases, or drop it if the page now tells the truth",
        )


def read_action(document: Document, pointer: Pointer, data: Mapping[str, Json]) -> Action:
    """Read one action.

    Raises:
        FileError: where the target is no JSONPath.
    """
    target = str(data["target"])
    try:
        query = _ENVIRONMENT.compile(target)
    except JSONPathError as problem:
        reason = str(problem).splitlines()[0]
        raise document.error((*pointer, "target"), f"{target!r} is no JSONPath: {reason}", hint=_SYNTAX) from problem
    assert isinstance(query, JSONPath)  # noqa: S101 (RFC 9535 knows no compound queries, so strict mode refuses them)
    return Action(
        erratum=str(data[ERRATUM]),
        target=target,
        update=data.get("update"),
        remove=data.get("remove") is True,
        optional=data.get("x-optional") is True,
        document=document,
        pointer=pointer,
        query=query,
    )


def apply(action: Action, data: Json) -> tuple[Json, int]:
    """Apply an action; gives the new data, which shares its unchanged parts with the old, and the number of matches.

    Raises:
        FileError: where an update meets neither an object nor a list, or the root is to be removed.
    """
    places = [match.parts for match in action.query.finditer(data)]
    # From the last match to the first, so that a removal in a list does not move the places still to come.
    for place in sorted((tuple(place) for place in places), key=_order, reverse=True):
        data = _remove(action, data, place) if action.remove else _update(action, data, place, action.update)
    return data, len(places)


def merged(old: Json, new: Json) -> Json:
    """Merge `new` into `old` as an update does."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return {**old, **{key: merged(old[key], value) if key in old else value for key, value in new.items()}}
    if _is_list(old) and _is_list(new):
        return [*as_list(old), *(item for item in as_list(new) if item not in as_list(old))]
    return new


class _Kind(Enum):
    """What the keys of an object are: only among keywords is there room for a mark."""

    KEYWORDS = "keywords"
    NAMES = "names"
    DATA = "data"

    def inside(self, key: str | int) -> "_Kind":
        """Tell the kind of what stands below a key or an index."""
        if self is _Kind.DATA or isinstance(key, int):
            return self
        if self is _Kind.KEYWORDS:
            return _KINDS.get(key, _Kind.KEYWORDS)
        return _Kind.KEYWORDS


_KINDS = {
    **dict.fromkeys(
        (
            "paths",
            "channels",
            "messages",
            "responses",
            "content",
            "headers",
            "properties",
            "patternProperties",
            "$defs",
            "schemas",
        ),
        _Kind.NAMES,
    ),
    **dict.fromkeys(("body", "const", "default", "enum", "example", "examples"), _Kind.DATA),
}


def _kind_of(place: Sequence[str | int]) -> _Kind:
    kind = _Kind.KEYWORDS
    for part in place:
        kind = kind.inside(part)
    return kind


def _marked_merge(old: Json, new: Json, erratum: str, kind: _Kind) -> Json:
    """Merge, and mark each object of keywords whose own keys change."""
    if kind is _Kind.DATA or not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        if _is_list(old) and _is_list(new) and kind is not _Kind.DATA:
            added = [item for item in as_list(new) if item not in as_list(old)]
            return [*as_list(old), *(_marked(item, erratum, kind) for item in added)]
        return merged(old, new) if kind is _Kind.DATA else _marked(new, erratum, kind)
    result = dict(old)
    changed = False
    for key, value in new.items():
        below = kind.inside(key)
        if key in old:
            result[key] = _marked_merge(old[key], value, erratum, below)
        else:
            result[key] = _marked(value, erratum, below)
        own = below is _Kind.DATA or not isinstance(value, Mapping)
        changed = changed or (own and (key not in old or result[key] != old[key]))
    if changed and kind is _Kind.KEYWORDS:
        result[ERRATUM] = erratum
    return result


def _marked(value: Json, erratum: str, kind: _Kind) -> Json:
    if isinstance(value, Mapping) and kind is _Kind.KEYWORDS:
        return {**value, ERRATUM: erratum}
    if isinstance(value, Mapping) and kind is _Kind.NAMES:
        return {key: _marked(item, erratum, _Kind.KEYWORDS) for key, item in value.items()}
    return value


def _update(action: Action, data: Json, place: tuple[str | int, ...], update: Json) -> Json:
    kind = _kind_of(place)
    if kind is _Kind.DATA:
        # There is no room for a mark among data: it goes to the object that holds them.
        return _update(action, data, place[:-1], {str(place[-1]): update})

    def change(node: Json) -> Json:
        if isinstance(node, Mapping) and isinstance(update, Mapping):
            return _marked_merge(node, update, action.erratum, kind)
        if _is_list(node):
            new = as_list(update) if _is_list(update) else [update]
            return [*as_list(node), *(_marked(item, action.erratum, kind) for item in new)]
        raise action.document.error(
            (*action.pointer, "target"),
            f"{action.target} names {_shown(node)}, which {_shown(update)} cannot update",
            hint="let the target name the object that holds the value, and update that key",
        )

    return _changed(data, place, change)


def _remove(action: Action, data: Json, place: tuple[str | int, ...]) -> Json:
    if not place:
        raise action.document.error(
            (*action.pointer, "target"), "the root cannot be removed", hint="name a part of the document"
        )
    last = place[-1]

    def change(node: Json) -> Json:
        if isinstance(node, Mapping):
            return {key: value for key, value in node.items() if key != last}
        return [item for index, item in enumerate(as_list(node)) if index != last]

    return _changed(data, place[:-1], change)


def _changed(data: Json, place: tuple[str | int, ...], change: Callable[[Json], Json]) -> Json:
    if not place:
        return change(data)
    first, rest = place[0], place[1:]
    if isinstance(data, Mapping):
        key = str(first)
        return {**data, key: _changed(data[key], rest, change)}
    items = list(as_list(data))
    index = int(first)
    items[index] = _changed(items[index], rest, change)
    return items


def _is_list(data: Json) -> bool:
    return isinstance(data, Sequence) and not isinstance(data, str)


def _order(place: Sequence[str | int]) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, part, "") if isinstance(part, int) else (1, 0, part) for part in place)


def _shown(data: Json) -> str:
    if isinstance(data, Mapping):
        return "an object"
    return "a list" if _is_list(data) else repr(data)
