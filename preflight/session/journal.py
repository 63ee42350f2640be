"""The journal: what this run creates, written before it is created, so that it can be undone by any later process."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from preflight.model.json import Json
from preflight.session.hold import held


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Whose journal it is: the run, the prefix of its names, the target, the account it worked with, and since when.

    `alone` says that this account, and nobody else, has made whatever there is.
    """

    run: str
    prefix: str
    target: str
    account: str
    account_id: str
    started: str
    alone: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """Something that was about to be created, and the names that its request gave, by which it can be found."""

    number: int
    what: str
    names: tuple[str, ...] = ()


class Journal:
    """An append-only file of intents and creations, and the stack to undo them; without a file it lives in memory.

    While it is open no other process can open the file as a journal.

    Raises:
        UsageError: when another process holds the file.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = held(file) if file else None
        self._created: list[Entry] = []
        self._ever: list[Entry] = []
        self._refused: list[Intent] = []
        self._intended: dict[int, Intent] = {}
        self._unsure: set[int] = set()
        self._count = 0

    def begin(self, heading: Heading) -> None:
        """Write down whose journal this is."""
        self._write(
            {
                "run": heading.run,
                "prefix": heading.prefix,
                "target": heading.target,
                "account": heading.account,
                "account_id": heading.account_id,
                "started": heading.started,
                **({"alone": True} if heading.alone else {}),
            }
        )

    def intend(self, what: str, names: Iterable[str] = ()) -> int:
        """Write down that something is about to be created, under names which tell it apart; gives its number."""
        self._count += 1
        intent = Intent(number=self._count, what=what, names=tuple(names))
        self._intended[intent.number] = intent
        named: dict[str, Json] = {"names": list(intent.names)} if intent.names else {}
        self._write({"number": intent.number, "intends": what, **named})
        return intent.number

    def created(self, number: int, what: str, undo: Undo) -> Entry:
        """Write down that it exists now, and how to remove it."""
        self._count += 1
        self._intended.pop(number, None)
        entry = Entry(number=self._count, what=what, undo=undo)
        self._created.append(entry)
        self._ever.append(entry)
        self._write({"number": entry.number, "intended": number, "created": what, "undo": _plain(undo)})
        return entry

    def refused(self, number: int) -> None:
        """Write down that what was intended was not created."""
        intent = self._intended.pop(number, None)
        if intent is not None:
            self._refused.append(intent)
            self._write({"number": number, "refused": intent.what})

    def becomes(self, entry: Entry, value: Json) -> None:
        """Write down which value something is about to be given, so that it is known again later."""
        self._write({"number": entry.number, "becomes": value})

    def removing(self, entry: Entry) -> None:
        """Remember that its removal is about to be asked for."""
        self._unsure.add(entry.number)

    def answered(self, entry: Entry) -> None:
        """Remember that the removal was answered, so that what it says holds."""
        self._unsure.discard(entry.number)

    def removed(self, entry: Entry) -> None:
        """Write down that it is removed."""
        self._created.remove(entry)
        self._write({"number": entry.number, "removed": entry.what})

    def end(self, left: int) -> None:
        """Write down that the run has cleaned up, and how much it had to leave behind."""
        self._write({"ended": True, "left": left})

    @property
    def count(self) -> int:
        """The number of its last line that has one."""
        return self._count

    @property
    def created_ever(self) -> tuple[Entry, ...]:
        """What was ever created, oldest first."""
        return tuple(self._ever)

    @property
    def refusals(self) -> tuple[Intent, ...]:
        """What the workspace refused to create; a network that asks twice lets it refuse what it has just created."""
        return tuple(self._refused)

    @property
    def unanswered(self) -> tuple[Intent, ...]:
        """What was intended and never answered for, so that it may exist."""
        return tuple(self._intended.values())

    @property
    def unsure(self) -> frozenset[int]:
        """The numbers of those whose removal was asked for and never answered in words, so that they may be gone."""
        return frozenset(self._unsure)

    @property
    def standing(self) -> tuple[Entry, ...]:
        """What exists still, oldest first."""
        return tuple(self._created)

    @property
    def doubtful(self) -> tuple[str, ...]:
        """What was intended and never answered for, so that it may exist."""
        return tuple(intent.what for intent in self._intended.values())

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
