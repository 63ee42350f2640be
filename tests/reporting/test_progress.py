import io
from collections.abc import Iterator

import pytest
from rich.console import Console

from preflight.model.verdict import Verdict
from preflight.reporting.progress import Progress


def _ticking() -> Iterator[float]:
    now = 0.0
    while True:
        yield now
        now += 1.5


def _console(*, terminal: bool) -> Console:
    return Console(file=io.StringIO(), width=100, force_terminal=terminal, color_system=None, legacy_windows=False)


def _printed(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_terminal_each_suite_prints_one_line_when_it_ends() -> None:
    console, ticks = _console(terminal=False), _ticking()
    with Progress(console, {"rooms": 2, "chat": 1}, clock=lambda: next(ticks)) as progress:
        progress.case_finished("rooms", Verdict.PASS)
        assert _printed(console) == ""
        progress.case_finished("rooms", Verdict.FAIL)
        assert _printed(console) == "rooms: 2 cases in 1.5 s, 1 fail\n"
        progress.case_finished("chat", Verdict.PASS)
    assert _printed(console) == "rooms: 2 cases in 1.5 s, 1 fail\nchat: 1 case in 0.0 s, all pass\n"


def test_a_suite_that_is_cut_short_says_how_far_it_came() -> None:
    console, ticks = _console(terminal=False), _ticking()

    def interrupted() -> None:
        with Progress(console, {"rooms": 3, "chat": 9}, clock=lambda: next(ticks)) as progress:
            progress.case_finished("rooms", Verdict.INCONCLUSIVE)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert _printed(console) == "rooms: 1 of 3 cases in 0.0 s, 1 inconclusive\n"


def test_a_suite_that_was_not_announced_is_told_at_the_end() -> None:
    console, ticks = _console(terminal=False), _ticking()
    with Progress(console, {}, clock=lambda: next(ticks)) as progress:
        progress.case_finished("surprise", Verdict.ERROR)
        progress.case_finished("surprise", Verdict.NOT_APPLICABLE)
    assert _printed(console) == "surprise: 2 cases in 1.5 s, 1 error, 1 not applicable\n"


def test_the_name_of_a_suite_is_no_markup() -> None:
    console, ticks = _console(terminal=False), _ticking()
    with Progress(console, {"[red]": 1}, clock=lambda: next(ticks)) as progress:
        progress.case_finished("[red]", Verdict.PASS)
    assert _printed(console).startswith("[red]: 1 case")


def test_on_a_terminal_each_suite_has_a_line_with_counts_and_verdicts() -> None:
    console = _console(terminal=True)
    with Progress(console, {"rooms": 2, "chat": 4}) as progress:
        progress.case_finished("rooms", Verdict.PASS)
        progress.case_finished("rooms", Verdict.FAIL)
        progress.case_finished("chat", Verdict.PASS)
    last = _printed(console).rpartition("rooms ")[2]
    assert "2/2" in last
    assert "1 fail" in last
    assert "1/4" in last.partition("chat ")[2]


def test_a_wait_for_the_limiter_is_told_with_its_length_and_reason() -> None:
    console, ticks = _console(terminal=False), _ticking()
    with Progress(console, {"rooms": 1}, clock=lambda: next(ticks)) as progress:
        progress.waits(42.3, "POST chat.postMessage")
    assert _printed(console) == "waiting 42.3 s: the limiter allows no more POST chat.postMessage yet\n"


def test_a_target_that_has_stopped_answering_is_told_with_the_longest_wait_for_it() -> None:
    console, ticks = _console(terminal=False), _ticking()
    with Progress(console, {"rooms": 1}, clock=lambda: next(ticks)) as progress:
        progress.is_lost(180)
    assert _printed(console) == "waiting at most 3 min 00 s: the target has stopped answering\n"


def test_a_terminal_shows_a_wait_until_the_next_case_ends() -> None:
    console, ticks = _console(terminal=True), _ticking()
    with Progress(console, {"rooms": 2}, clock=lambda: next(ticks)) as progress:
        progress.waits(42.3, "GET me")
        progress.case_finished("rooms", Verdict.PASS)
    shown = _printed(console).rsplit("rooms", 1)
    assert "waiting" not in shown[1]
