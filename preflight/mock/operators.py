"""Operators: what a database makes of an object that stands where an id is expected."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Document = dict[str, Any]

_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda value, operand: bool(value == operand),
    "$ne": lambda value, operand: bool(value != operand),
    "$in": lambda value, operand: isinstance(operand, list) and value in operand,
    "$nin": lambda value, operand: isinstance(operand, list) and value not in operand,
    "$gt": lambda value, operand: isinstance(value, str) and isinstance(operand, str) and value > operand,
    "$gte": lambda value, operand: isinstance(value, str) and isinstance(operand, str) and value >= operand,
    "$lt": lambda value, operand: isinstance(value, str) and isinstance(operand, str) and value < operand,
    "$lte": lambda value, operand: isinstance(value, str) and isinstance(operand, str) and value <= operand,
    "$exists": lambda value, operand: (value is not None) == (operand not in {"", "false", "0", None}),
    "$regex": lambda value, operand: isinstance(value, str) and _found(operand, value),
}


def matching(documents: Iterable[Document], key: str, query: Mapping[str, Any]) -> Document | None:
    """Gives the first document whose key passes every operator; an operator that is not known passes nothing."""
    if not query or any(name not in _TESTS for name in query):
        return None
    return next(
        (each for each in documents if all(_TESTS[name](each.get(key), operand) for name, operand in query.items())),
        None,
    )


def _found(pattern: Any, value: str) -> bool:
    try:
        return isinstance(pattern, str) and re.search(pattern, value) is not None
    except re.error:
        return False
