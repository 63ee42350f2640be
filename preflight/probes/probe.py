"""A probe: one generated request, and what is odd about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from preflight.model.json import Json, JsonObject
from preflight.model.oddity import Oddity

Path = tuple[str, ...]

QUERY, BODY = "query", "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a request carries: the query, where a list stands for a name given more than once, and the body."""

    query: JsonObject = field(default_factory=dict)
    body: Json = None
    has_body: bool = False

    def at(self, path: Path) -> Json:
        """Give what stands at a path (``query, roomId``); raises KeyError where nothing does."""
        found: Json = {QUERY: self.query, BODY: self.body}
        for key in path:
            if not isinstance(found, Mapping):
                raise KeyError(key)
            found = found[key]
        return found

    def with_value(self, path: Path, value: Json) -> "Parameters":
        """Put a value at a path; objects on the way are made."""
        if path[0] == QUERY:
            return replace(self, query={**self.query, path[1]: value})
        return replace(self, body=_put(self.body, path[1:], value), has_body=True)

    def without(self, path: Path) -> "Parameters":
        """Take away what stands at a path."""
        if path[0] == QUERY:
            return replace(self, query={key: value for key, value in self.query.items() if key != path[1]})
        return replace(self, body=_cut(self.body, path[1:]))

    def paths(self) -> Iterator[Path]:
        """Walk every parameter that stands here, outermost first."""
        for name in self.query:
            yield QUERY, name
        yield from _inner(self.body, (BODY,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One generated request; `oddity` says what is odd about it, `plain` is the same without it, where that matters."""

    parameters: Parameters
    oddity: Oddity
    plain: Parameters | None = None

    @property
    def title(self) -> str:
        """The oddity in words."""
        return self.oddity.words


def subject_of(path: Path) -> str:
    """Name a parameter as claims do: ``body.message.rid``."""
    return ".".join(path)


def _inner(value: Json, path: Path) -> Iterator[Path]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield (*path, key)
            yield from _inner(child, (*path, key))


def _put(holder: Json, path: Path, value: Json) -> Json:
    if not path:
        return value
    known = dict(holder) if isinstance(holder, Mapping) else {}
    return {**known, path[0]: _put(known.get(path[0]), path[1:], value)}


def _cut(holder: Json, path: Path) -> Json:
    if not isinstance(holder, Mapping) or not path:
        return holder
    if len(path) == 1:
        return {key: value for key, value in holder.items() if key != path[0]}
    return {key: _cut(value, path[1:]) if key == path[0] else value for key, value in holder.items()}
