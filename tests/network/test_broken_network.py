"""A broken network makes neither a verdict out of nothing nor an error of ours, and leaves nothing behind."""

import itertools
import re
from pathlib import Path

import pytest

from preflight.model.verdict import Verdict
from tests.network.judging import PLAINLY_THE_NETWORK, between, judged, must_be_right, under_pytest
from tests.network.proxy import Seen, Trouble
from tests.network.troubles import HTTP, websockets
from tests.session.lasting import state

CREATING = 10  # the number of the request that creates the first person
REST = ("POST chat.starMessage",)
RANKED = ("POST chat.pinMessage",)
REALTIME = ("ddp:getRoomById",)
REMOVING = re.compile(r"/(users|rooms|channels|groups|dm)\.delete ")
HARMLESS = {"answers a few bytes at a time"}


@pytest.mark.parametrize("number", [CREATING, 40])
@pytest.mark.parametrize("trouble", HTTP, ids=lambda trouble: trouble.name)
def test_one_broken_answer_is_no_error_and_leaves_nothing(trouble: Trouble, number: int, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with between(trouble, lambda seen: seen.number == number) as (mock, proxy):
        before = state(mock.workspace)
        run = judged(mock, proxy, REST, journal)
        assert proxy.broken == 1
        must_be_right(run, mock, before, journal)
    if trouble.name in HARMLESS:
        assert run.verdict is Verdict.PASS
    if trouble.name in PLAINLY_THE_NETWORK:
        assert run.verdict is not Verdict.FAIL


@pytest.mark.parametrize("trouble", websockets(), ids=lambda trouble: trouble.name)
def test_a_broken_websocket_is_no_error_and_leaves_nothing(trouble: Trouble, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with between(trouble, lambda seen: seen.is_websocket) as (mock, proxy):
        before = state(mock.workspace)
        run = judged(mock, proxy, REALTIME, journal)
        assert proxy.broken
        must_be_right(run, mock, before, journal)


@pytest.mark.parametrize(
    "trouble", [trouble for trouble in HTTP if trouble.name in PLAINLY_THE_NETWORK], ids=lambda trouble: trouble.name
)
def test_a_network_that_breaks_one_operation_accuses_nobody(trouble: Trouble, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with between(trouble, lambda seen: "chat.starMessage" in seen.line) as (mock, proxy):
        before = state(mock.workspace)
        run = judged(mock, proxy, REST, journal)
        must_be_right(run, mock, before, journal)
    assert run.verdict is Verdict.INCONCLUSIVE
    assert not any(result.exercised for result in run.operations.values())


@pytest.mark.parametrize("conducted", [False, True], ids=["played", "under pytest"])
def test_rights_that_cannot_be_read_leave_open_what_depends_on_them(tmp_path: Path, *, conducted: bool) -> None:
    journal = tmp_path / "journal.jsonl"
    with between(HTTP[0], lambda seen: "permissions.listAll" in seen.line) as (mock, proxy):
        before = state(mock.workspace)
        run = under_pytest(mock, proxy, RANKED, journal) if conducted else judged(mock, proxy, RANKED, journal)
        assert proxy.broken
        must_be_right(run, mock, before, journal)
    (open_,) = [case for case in run.cases if case.suite == "ranks"]
    assert open_.verdict is Verdict.INCONCLUSIVE
    assert "the connection to" in open_.reason


@pytest.mark.parametrize("trouble", HTTP[:4], ids=lambda trouble: trouble.name)
def test_what_cannot_be_removed_is_told_and_swept(trouble: Trouble, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with between(trouble, lambda seen: REMOVING.search(seen.line) is not None) as (mock, proxy):
        before = state(mock.workspace)
        run = judged(mock, proxy, REST, journal)
        assert proxy.broken
        must_be_right(run, mock, before, journal)


@pytest.mark.parametrize("trouble", HTTP, ids=lambda trouble: trouble.name)
def test_removals_of_which_each_second_breaks_leave_nothing(trouble: Trouble, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    removals = itertools.count()

    def meets(seen: Seen) -> bool:
        return REMOVING.search(seen.line) is not None and next(removals) % 2 == 0

    with between(trouble, meets) as (mock, proxy):
        before = state(mock.workspace)
        run = judged(mock, proxy, REST, journal)
        assert proxy.broken
        must_be_right(run, mock, before, journal)


def test_there_are_thirty_kinds_of_trouble_and_more() -> None:
    names = [trouble.name for trouble in (*HTTP, *websockets())]
    assert len(set(names)) == len(names) >= 30
