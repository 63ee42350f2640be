"""Records: what the journal of another process says, read line by line.

A process that is killed may leave half a line at the end; everything before it was on the disk before the request that
it speaks of was sent.
"""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from preflight.errors import FileError, PreflightError, UsageError
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.session.hold import held
from preflight.session.journal import Entry, Heading, Intent, Undo

JOURNAL = "journal.jsonl"

_HEADING = ("run", "prefix", "target", "account", "account_id", "started")
_HINT = "name a journal.jsonl that a run of Preflight wrote"


@dataclass(kw_only=True)
class Record:
    """What a journal says: `standing` exists for all it knows, `values` are those which it gave to settings.

    `created` holds all that ever existed, `ended` says that the run cleaned up and left nothing behind.
    """

    file: Path
    heading: Heading
    hold: IO[str] = field(repr=False)
    created: dict[int, Entry] = field(default_factory=dict)
    standing: dict[int, Entry] = field(default_factory=dict)
    doubtful: dict[int, Intent] = field(default_factory=dict)
    values: dict[int, list[Json]] = field(default_factory=dict)
    ended: bool = False

    def ids(self, operation: str, key: str) -> frozenset[str]:
        """Give the ids of what was ever created and is removed by an operation that names it under a key."""
        found = (entry.undo for entry in self.created.values() if entry.undo.operation == operation)
        return frozenset(str(as_object(undo.body).get(key)) for undo in found)

    def removed(self, entry: Entry) -> None:
        """Write down that something is removed."""
        self._write({"number": entry.number, "removed": entry.what})
        self.standing.pop(entry.number, None)

    def end(self, left: int) -> None:
        """Write down that all was removed that could be, and how much could not."""
        self._write({"ended": True, "left": left})
        self.ended = left == 0

    def close(self) -> None:
        """Let the file go."""
        self.hold.close()

    def _write(self, line: Json) -> None:
        self.hold.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.hold.flush()
        os.fsync(self.hold.fileno())


def read_record(file: Path) -> Record:
    """Read a journal, and hold it until the record is closed; half a line at its end is taken away.

    Raises:
        UsageError: when the file cannot be read, is in use, or begins as no journal does.
        FileError: when a line of it is none of a journal.
    """
    if not file.is_file():
        raise UsageError(f"the journal {file} is not there", hint=_HINT)
    hold = held(file)
    try:
        return _read(file, hold)
    except BaseException:
        hold.close()
        raise


def find_records(folder: Path, target: str) -> tuple[list[Record], list[str]]:
    """Read the journals below a folder of runs which speak of a target and do not say that nothing is left.

    The second list says which could not be read, and why.
    """
    found: list[Record] = []
    unread: list[str] = []
    # The workers of a run have folders inside that of the run.
    for file in sorted([*folder.glob(f"*/{JOURNAL}"), *folder.glob(f"*/*/*/{JOURNAL}")]):
        try:
            record = read_record(file)
        except PreflightError as problem:
            unread.append(problem.what)
            continue
        if record.heading.target == target and not record.ended:
            found.append(record)
        else:
            record.close()
    return found, unread


def _read(file: Path, hold: IO[str]) -> Record:
    try:
        text = file.read_bytes()
    except OSError as problem:
        raise UsageError(f"the journal {file} cannot be read: {problem.strerror or problem}", hint=_HINT) from problem
    lines = text.split(b"\n")
    half = lines.pop()
    record = Record(file=file, heading=_heading(file, lines), hold=hold)
    for number, line in enumerate(lines[1:], start=2):
        _take(record, _parsed(file, number, line), number)
    if half:
        hold.truncate(len(text) - len(half))
    return record


def _heading(file: Path, lines: list[bytes]) -> Heading:
    first = as_object(_parsed(file, 1, lines[0])) if lines else {}
    told = {key: value for key in _HEADING if isinstance(value := first.get(key), str)}
    if set(told) != set(_HEADING):
        raise UsageError(f"{file} does not begin as a journal does: it names no run and no target", hint=_HINT)
    return Heading(**told, alone=first.get("alone") is True)


def _parsed(file: Path, number: int, line: bytes) -> JsonObject:
    try:
        read: Json = json.loads(line)
    except ValueError as problem:
        raise FileError(str(file), number, "this line is no JSON", hint=_HINT) from problem
    if not isinstance(read, dict):
        raise FileError(str(file), number, "this line is no object", hint=_HINT)
    return read


def _take(record: Record, line: JsonObject, at: int) -> None:
    number = line.get("number")
    if line.get("ended") is True:
        record.ended = line.get("left") == 0
        return
    if not isinstance(number, int):
        raise FileError(str(record.file), at, "this line names no number", hint=_HINT)
    if "intends" in line:
        names = tuple(str(name) for name in as_list(line.get("names")))
        record.doubtful[number] = Intent(number=number, what=str(line["intends"]), names=names)
    elif "created" in line:
        entry = Entry(number=number, what=str(line["created"]), undo=_undo(record, line, at))
        record.created[number] = record.standing[number] = entry
        intended = line.get("intended")
        if isinstance(intended, int):
            record.doubtful.pop(intended, None)
    elif "becomes" in line:
        record.values.setdefault(number, []).append(line["becomes"])
    elif "refused" in line:
        record.doubtful.pop(number, None)
    elif "removed" in line:
        record.standing.pop(number, None)
    else:
        raise FileError(str(record.file), at, "this line says nothing that a journal says", hint=_HINT)


def _undo(record: Record, line: JsonObject, at: int) -> Undo:
    told = as_object(line.get("undo"))
    actor, operation = told.get("as"), told.get("operation")
    if not isinstance(actor, str) or not isinstance(operation, str):
        raise FileError(str(record.file), at, "this line does not say how to undo what it tells", hint=_HINT)
    return Undo(actor=actor, operation=operation, body=told.get("body"), gone=told.get("gone") is True)
