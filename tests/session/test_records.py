"""Records: a journal says to a later process what its run knew, up to the last line that was written whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.errors import FileError, UsageError
from preflight.model.json import Json
from preflight.session.journal import Heading, Intent, Journal, Undo
from preflight.session.records import Record, find_records, read_record

HEADING = Heading(
    run="run1",
    prefix="pf-abcdef",
    target="http://target.invalid",
    account="admin",
    account_id="admin1",
    started="2026-01-01T00:00:00.000Z",
)
UNDO = Undo(actor="admin", operation="POST rooms.delete", body={"roomId": "r1"}, gone=True)
FIRST = (
    '{"run": "r", "prefix": "pf-abcdef", "target": "t", "account": "a", "account_id": "i",'
    ' "started": "2026-01-01T00:00:00.000Z"}\n'
)


@contextmanager
def reading(file: Path) -> Iterator[Record]:
    record = read_record(file)
    try:
        yield record
    finally:
        record.close()


def journal_in(folder: Path, heading: Heading = HEADING) -> Journal:
    folder.mkdir(exist_ok=True)
    journal = Journal(folder / "journal.jsonl")
    journal.begin(heading)
    return journal


def test_a_record_says_what_its_journal_said(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    room = journal.created(journal.intend("room"), "room r1", UNDO)
    gone = journal.created(journal.intend("gone"), "gone r2", UNDO)
    journal.becomes(room, ["a"])
    journal.removed(gone)
    doubt = journal.intend("guest", ["pf-abcdef-guest"])
    journal.refused(journal.intend("never"))
    journal.close()
    with reading(tmp_path / "journal.jsonl") as record:
        assert record.heading == HEADING
        assert record.standing == {room.number: room}
        assert record.created == {room.number: room, gone.number: gone}
        assert record.doubtful == {doubt: Intent(number=doubt, what="guest", names=("pf-abcdef-guest",))}
        assert record.values == {room.number: [["a"]]}
        assert record.ids("POST rooms.delete", "roomId") == {"r1"}
        assert not record.ended


@given(st.integers(min_value=0))
def test_a_journal_that_is_cut_anywhere_is_read_up_to_there(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("cut")
    journal = journal_in(folder)
    for name in ("ä", "b", "c"):
        journal.created(journal.intend(name), name, UNDO)
    journal.close()
    file = folder / "journal.jsonl"
    text = file.read_bytes()
    first = text.index(b"\n") + 1
    at = first + cut % (len(text) - first + 1)
    file.write_bytes(text[:at])
    with reading(file) as record:
        whole = text[: text.rindex(b"\n", 0, at) + 1]
        assert len(record.created) == whole.count(b'"undo"')
        record.end(0)
    with reading(file) as record:
        assert record.ended


def test_what_a_sweep_adds_is_read_by_the_next_one(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    entry = journal.created(journal.intend("room"), "room r1", UNDO)
    journal.close()
    with reading(tmp_path / "journal.jsonl") as record:
        record.removed(entry)
        record.end(1)
    with reading(tmp_path / "journal.jsonl") as record:
        assert (record.standing, record.ended) == ({}, False)


def test_the_journals_of_a_target_are_found_unless_nothing_is_left(tmp_path: Path) -> None:
    other = Heading(
        **{**{name: getattr(HEADING, name) for name in HEADING.__slots__}, "target": "http://other.invalid"}
    )
    (tmp_path / "a" / "parts").mkdir(parents=True)
    of_worker = "a/parts/1"
    every = (("a", HEADING, None), (of_worker, HEADING, None), ("b", HEADING, 0), ("c", HEADING, 2), ("d", other, None))
    for name, heading, left in every:
        journal = journal_in(tmp_path / name, heading)
        if left is not None:
            journal.end(left)
        journal.close()
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "journal.jsonl").write_text("something else\n", encoding="utf-8")
    going = journal_in(tmp_path / "f")
    found, unread = find_records(tmp_path, HEADING.target)
    assert [str(record.file.parent.relative_to(tmp_path)) for record in found] == ["a", of_worker, "c"]
    assert len(unread) == 2
    assert "is in use" in unread[1]
    for record in found:
        record.close()
    going.close()


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "does not begin as a journal does"),
        ("half a line", "does not begin as a journal does"),
        ("{}\n", "does not begin as a journal does"),
        ('{"number": 1, "intends": "from before journals had a heading"}\n', "does not begin as a journal does"),
    ],
)
def test_a_file_that_is_no_journal_is_refused_and_kept(tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=what):
        read_record(file)
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("no json", "this line is no JSON"),
        ("[]", "this line is no object"),
        ("{}", "this line names no number"),
        ('{"number": 1}', "this line says nothing that a journal says"),
        ('{"number": 1, "created": "x"}', "does not say how to undo"),
    ],
)
def test_a_strange_line_is_told_with_its_number_and_the_file_is_kept(tmp_path: Path, line: str, what: str) -> None:
    file = tmp_path / "journal.jsonl"
    file.write_text(f"{FIRST}{line}\nhalf", encoding="utf-8")
    with pytest.raises(FileError, match=what) as told:
        read_record(file)
    assert told.value.line == 2
    assert file.read_text(encoding="utf-8") == f"{FIRST}{line}\nhalf"


def test_a_journal_that_is_not_there_is_told_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not there"):
        read_record(tmp_path / "journal.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_values_keep_their_types(tmp_path: Path) -> None:
    values: list[Json] = [True, None, 3, "text", {"a": [1]}]
    journal = journal_in(tmp_path)
    entry = journal.created(journal.intend("x"), "x", UNDO)
    for value in values:
        journal.becomes(entry, value)
    journal.close()
    with reading(tmp_path / "journal.jsonl") as record:
        assert record.values[entry.number] == values
