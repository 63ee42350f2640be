"""Bus: what was written in a workspace since it was last told, and who wants to hear of it.

Rules write and the workspace notes it here; whoever serves the workspace delivers once an operation is over. So a
listener hears of each document once, as it is when the operation has done all it does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any, Literal

Document = dict[str, Any]  # a stored document
Action = Literal["inserted", "updated", "removed"]
#: What can change; ``activity`` and ``whisper`` are said and never stored.
Collection = Literal["messages", "subscriptions", "rooms", "users", "settings", "activity", "whisper"]

# In this order listeners hear of what one operation wrote.
_ORDER: tuple[Collection, ...] = (
    "messages",
    "subscriptions",
    "rooms",
    "users",
    "settings",
    "activity",
    "whisper",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One document that was written: a live one, which listeners must not keep."""

    collection: Collection
    action: Action
    document: Document


Listener = Callable[[Sequence[Change]], None]


class Bus:
    """The changes of one workspace that nobody has been told of yet; safe to use from any thread."""

    def __init__(self) -> None:
        self._changes: dict[tuple[Collection, str], Change] = {}
        self._listeners: list[Listener] = []
        self._lock = RLock()

    def listen(self, listener: Listener) -> None:
        """Tells a listener of every delivery from now on."""
        with self._lock:
            self._listeners.append(listener)

    def note(self, collection: Collection, action: Action, document: Document) -> None:
        """Notes that a document was written; the first insertion and the last removal count."""
        with self._lock:
            if not self._listeners:
                return
            key = (collection, str(document["_id"]))
            known = self._changes.get(key)
            kept = "inserted" if known is not None and known.action == "inserted" and action == "updated" else action
            self._changes[key] = Change(collection=collection, action=kept, document=document)

    def deliver(self) -> None:
        """Tells every listener what was noted since the last delivery; nothing noted is nothing told."""
        with self._lock:
            changes, self._changes = list(self._changes.values()), {}
            listeners = list(self._listeners)
        if not changes:
            return
        changes.sort(key=lambda change: _ORDER.index(change.collection))
        for listener in listeners:
            listener(changes)
