"""Fault: one named deviation that can be planted in the mock workspace, and where it takes hold of a request."""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from preflight.mock.answer import Answer
from preflight.mock.call import Call

Memory = dict[str, Any]  # what a fault remembers from one request to the next; its own business


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A deviation: its name, what it does in words, the operation it touches, and the check which must catch it.

    The hooks, each optional, in the order in which they take hold: ``lookup`` changes which method and name is looked
    up, ``before`` changes the call or answers it (after the caller was recognised, before anything is checked),
    ``after`` changes the answer.
    """

    name: str
    sentence: str
    operation: str
    check: str
    lookup: Callable[[str, str], tuple[str, str]] | None = None
    before: Callable[[Call, Memory], Call | Answer] | None = None
    after: Callable[[Call, Answer, Memory], Answer] | None = None

    def touches(self, operation: str) -> bool:
        """Tells whether an operation, ``GET rooms.info``, is one of those that the fault is about."""
        return fnmatchcase(operation, self.operation)

    def touches_path(self, name: str) -> bool:
        """Tells whether a path is that of the operation, whatever the method."""
        return fnmatchcase(name, self.operation.partition(" ")[2] or self.operation)
