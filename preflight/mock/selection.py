"""Selection: which documents of a list a request wants, in which order, and which of their fields.

``sort`` works in every release. ``fields`` and ``query`` work in the releases that still know them and do nothing in
the others.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from preflight.mock.refusals import Failure, MeteorError

Document = dict[str, Any]  # a stored document
_NEVER_SHOWN = ("joinCode", "members", "importIds", "e2e")
_OPERATORS = frozenset({"$or", "$and", "$regex"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What the parameters sort, fields and query say."""

    sort: Mapping[str, int] = field(default_factory=dict)
    fields: Mapping[str, int] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)

    def ordered(self, documents: Iterable[Document], default: Mapping[str, int] | None = None) -> list[Document]:
        """Sorts by what was asked for, else by the default; documents without a value come first."""
        result = list(documents)
        for path, direction in reversed(list((self.sort or default or {}).items())):
            result.sort(key=lambda document: _rank(_at(document, path)), reverse=direction < 0)
        return result

    def newest_first(self, messages: list[Document]) -> list[Document]:
        """Sorts messages that are in the order of their time: as was asked for, else the newest first."""
        if not self.sort or list(self.sort) == ["ts"]:
            return messages if self.sort.get("ts") == 1 else messages[::-1]
        return self.ordered(messages)

    def matching(self, documents: Iterable[Document]) -> list[Document]:
        """Keeps the documents that the query describes."""
        return [document for document in documents if not self.query or _matches(document, self.query)]

    def shown(self, document: Document) -> Document:
        """Gives a document without what is never shown, and with only the fields that were asked for."""
        visible = {key: value for key, value in document.items() if key not in _NEVER_SHOWN}
        wanted = {key for key, value in self.fields.items() if value}
        if wanted:
            return {key: value for key, value in visible.items() if key in wanted or key == "_id"}
        return {key: value for key, value in visible.items() if key not in self.fields}


def parse_sort(raw: Any) -> dict[str, int]:
    """Reads the parameter sort; raises MeteorError where it is no JSON or a direction is neither 1 nor -1."""
    return _directions("sort", raw, (1, -1))


def parse_fields(raw: Any) -> dict[str, int]:
    """Reads the parameter fields; raises MeteorError where it is no JSON or a value is neither 0 nor 1."""
    return _directions("fields", raw, (0, 1))


def parse_query(raw: Any) -> dict[str, Any]:
    """Reads the parameter query; raises MeteorError where it is no JSON; operators that are not allowed vanish."""
    parsed = _parsed("query", raw)
    return _clean(parsed) if isinstance(parsed, dict) else {}


def _directions(name: str, raw: Any, allowed: tuple[int, int]) -> dict[str, int]:
    parsed = _parsed(name, raw)
    if not isinstance(parsed, dict):
        return {}
    if any(isinstance(value, bool) or value not in allowed for value in parsed.values()):
        raise _invalid(name, raw)
    return parsed


def _parsed(name: str, raw: Any) -> Any:
    if raw in (None, ""):
        return {}
    try:
        return json.loads(raw)
    except (TypeError, ValueError, RecursionError):
        raise _invalid(name, raw) from None


def _invalid(name: str, raw: Any) -> MeteorError:
    reason = f'Invalid {name} parameter provided: "{raw}"'
    return MeteorError(f"error-invalid-{name}", reason, {"helperMethod": "parseJsonQuery"})


def _clean(query: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _clean(value) if isinstance(value, dict) else value
        for key, value in query.items()
        if not key.startswith("$") or key in _OPERATORS
    }


def _matches(document: Document, query: Mapping[str, Any]) -> bool:
    return all(_holds(document, key, wanted) for key, wanted in query.items())


def _holds(document: Document, key: str, wanted: Any) -> bool:
    if key in ("$or", "$and"):
        if not isinstance(wanted, list):
            raise Failure(f"{key} must be an array")
        parts = [_matches(document, part) for part in wanted if isinstance(part, dict)]
        return any(parts) if key == "$or" else all(parts)
    value = _at(document, key)
    if isinstance(wanted, dict) and "$regex" in wanted:
        return isinstance(value, str) and _pattern(wanted["$regex"]).search(value) is not None
    return value == wanted or (isinstance(value, list) and wanted in value)


def _pattern(expression: Any) -> re.Pattern[str]:
    try:
        return re.compile(str(expression))
    except (re.error, OverflowError, RecursionError):
        raise Failure("Regular expression is invalid") from None


def _at(document: Document, path: str) -> Any:
    value: Any = document
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _rank(value: Any) -> tuple[int, Any]:
    """Gives a key by which values of any type can be put in order: absent, numbers, texts, other, dates."""
    if value is None:
        return (0, 0)
    if isinstance(value, bool):
        return (4, value)
    if isinstance(value, int | float):
        return (1, value)
    if isinstance(value, str):
        return (2, value)
    return (3, str(value)) if isinstance(value, dict | list) else (5, value)
