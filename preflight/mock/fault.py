"""Fault: one named deviation that can be planted in the mock workspace, and where it takes hold of a request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.ddp.emission import Emission
from preflight.mock.ddp.frames import Frame
from preflight.mock.method import Invocation, Outcome
from preflight.mock.workspace import Workspace

Memory = dict[str, Any]  # what a fault remembers from one request to the next; its own business


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A deviation: its name, what it does in words, the operation it touches, and the check which must catch it.

    The hooks, each optional, in the order in which they take hold: ``lookup`` changes which method and name is looked
    up, ``before`` changes the call or answers it (after the caller was recognised, before anything is checked),
    ``after`` changes the answer.

    On the Realtime API, where an operation is ``ddp:archiveRoom``, ``ddp:stream-room-messages`` or ``ddp:ping``:
    ``invoking`` changes the call of a method or answers it, ``invoked`` changes what came of it, ``framing`` changes
    the frames that answer one message, ``admits`` lets everybody subscribe and hear, or to the events that it accepts,
    ``lingers`` lets who once subscribed hear for ever, ``emitting`` changes an event, loses or repeats it.
    """

    name: str
    sentence: str
    operation: str
    check: str
    lookup: Callable[[str, str], tuple[str, str]] | None = None
    before: Callable[[Call, Memory], Call | Answer] | None = None
    after: Callable[[Call, Answer, Memory], Answer] | None = None
    invoking: Callable[[Invocation, Memory], Invocation | Outcome] | None = None
    invoked: Callable[[Invocation, Outcome, Memory], Outcome] | None = None
    framing: Callable[[Sequence[Frame], Memory], Sequence[Frame]] | None = None
    admits: bool | Callable[[Workspace, str], bool] = False
    lingers: bool = False
    emitting: Callable[[Emission, Memory], Sequence[Emission]] | None = None
    release: str | None = None  # the release to play, where the usual one does not have the operation

    def touches(self, operation: str) -> bool:
        """Tells whether an operation, ``GET rooms.info``, is one of those that the fault is about."""
        return fnmatchcase(operation, self.operation)

    def touches_path(self, name: str) -> bool:
        """Tells whether a path is that of the operation, whatever the method."""
        return fnmatchcase(name, self.operation.partition(" ")[2] or self.operation)
