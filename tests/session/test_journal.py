"""The journal: on disk before anything exists, in order, readable after a crash."""

import json
from pathlib import Path

import pytest

from preflight.errors import UsageError
from preflight.session.journal import Journal, Undo

UNDO = Undo(actor="admin", operation="POST channels.delete", body={"roomId": "ü1"}, gone=True)


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_an_intent_is_on_the_disk_before_anything_is_created(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.intend("user pf.alice")
    # Nobody closed or flushed the file: a run that dies now leaves this line.
    assert lines(tmp_path / "journal.jsonl") == [{"number": 1, "intends": "user pf.alice"}]
    assert journal.doubtful == ("user pf.alice",)
    assert journal.standing == ()
    journal.close()


def test_a_creation_names_its_intent_and_how_to_undo_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.created(journal.intend("room"), "room r1", UNDO)
    assert lines(tmp_path / "journal.jsonl")[1] == {
        "number": 2,
        "intended": 1,
        "created": "room r1",
        "undo": {"as": "admin", "operation": "POST channels.delete", "body": {"roomId": "ü1"}, "gone": True},
    }
    assert journal.doubtful == ()
    journal.close()


def test_what_stands_is_listed_oldest_first_until_it_is_removed(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    first = journal.created(journal.intend("a"), "a", UNDO)
    second = journal.created(journal.intend("b"), "b", UNDO)
    assert list(journal.standing) == [first, second]
    journal.removed(first)
    assert list(journal.standing) == [second]
    assert lines(tmp_path / "journal.jsonl")[-1] == {"number": first.number, "removed": "a"}
    journal.close()


def test_what_was_created_inside_another_creation_comes_before_it() -> None:
    journal = Journal()
    outer = journal.intend("discussion")
    inner = journal.created(journal.intend("channel"), "channel", UNDO)
    last = journal.created(outer, "discussion", UNDO)
    assert journal.standing == (inner, last)
    assert inner.number < last.number


def test_what_was_refused_is_no_longer_in_doubt(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    number = journal.intend("room")
    journal.refused(number)
    journal.refused(number)
    assert journal.doubtful == ()
    assert lines(tmp_path / "journal.jsonl")[1:] == [{"number": 1, "refused": "room"}]
    journal.close()


def test_a_journal_that_is_opened_again_keeps_what_it_holds(tmp_path: Path) -> None:
    for what in ("before the crash", "after it"):
        journal = Journal(tmp_path / "journal.jsonl")
        journal.intend(what)
        journal.close()
    assert [line["intends"] for line in lines(tmp_path / "journal.jsonl")] == ["before the crash", "after it"]


def test_without_a_file_the_journal_lives_in_memory() -> None:
    journal = Journal()
    entry = journal.created(journal.intend("a"), "a", UNDO)
    assert journal.standing == (entry,)
    journal.close()


def test_what_was_made_in_doubt_can_be_found_by_the_names_it_was_given(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.intend("alice.guest", ["pf-abc-guest"])
    assert lines(tmp_path / "journal.jsonl") == [{"number": 1, "intends": "alice.guest", "names": ["pf-abc-guest"]}]
    journal.close()


def test_nobody_else_opens_a_journal_that_is_open(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    with pytest.raises(UsageError, match="is in use"):
        Journal(tmp_path / "journal.jsonl")
    journal.close()
    Journal(tmp_path / "journal.jsonl").close()


def test_a_journal_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        Journal(tmp_path / "nowhere" / "journal.jsonl")
