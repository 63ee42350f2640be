"""The journal: what this run creates, written before it is created, so that it can be undone."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from preflight.model.json import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """How one created thing is removed: who asks for what; `gone` says that it may be gone already."""

    actor: str
    operation: str
    body: Json
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One created thing, numbered in the order in which things came to exist."""

    number: int
    what: str
    undo: Undo


class Journal:
    """An append-only file of intents and creations, and the stack to undo them; without a file it lives in memory."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file.open("a", encoding="utf-8") if file else None
        self._created: list[Entry] = []
        self._intended: dict[int, str] = {}
        self._count = 0

    def intend(self, what: str) -> int:
        """Write down that something is about to be created; gives its number."""
        self._count += 1
        self._intended[self._count] = what
        self._write({"number": self._count, "intends": what})
        return self._count

    def created(self, number: int, what: str, undo: Undo) -> Entry:
        """Write down that it exists now, and how to remove it."""
        self._count += 1
        self._intended.pop(number, None)
        entry = Entry(number=self._count, what=what, undo=undo)
        self._created.append(entry)
        self._write({"number": entry.number, "intended": number, "created": what, "undo": _plain(undo)})
        return entry

    def refused(self, number: int) -> None:
        """Write down that what was intended was not created."""
        what = self._intended.pop(number, None)
        if what is not None:
            self._write({"number": number, "refused": what})

    def removed(self, entry: Entry) -> None:
        """Write down that it is removed."""
        self._created.remove(entry)
        self._write({"number": entry.number, "removed": entry.what})

    @property
    def standing(self) -> tuple[Entry, ...]:
        """What exists still, oldest first."""
        return tuple(self._created)

    @property
    def doubtful(self) -> tuple[str, ...]:
        """What was intended and never answered for, so that it may exist."""
        return tuple(self._intended.values())

    def close(self) -> None:
        """Let the file go."""
        if self._file:
            self._file.close()

    def _write(self, line: Json) -> None:
        if self._file:
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())


def _plain(undo: Undo) -> Json:
    return {"as": undo.actor, "operation": undo.operation, "body": undo.body, "gone": undo.gone}
