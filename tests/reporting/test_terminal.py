import io
from dataclasses import replace
from pathlib import PurePath

import pytest
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.reporting import terminal
from tests.reporting.sample import failing_run, passing_run, sample_run, unreachable_run

ESCAPE = "\x1b"


def _shown(run: Run, *, width: int = 100, encoding: str = "utf-8", on_a_terminal: bool = False) -> str:
    """Give what is printed, as the bytes of the encoding allow it."""
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=width, force_terminal=on_a_terminal, legacy_windows=False)
    terminal.show(run, console, {"html": PurePath("reports/runs/x/report.html")})
    file.seek(0)
    return file.read()


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def test_the_terminal_text_of_a_run_with_every_verdict(snapshot: SnapshotAssertion) -> None:
    assert _shown(sample_run()) == snapshot


def test_the_terminal_text_of_a_failing_run_on_a_narrow_terminal(snapshot: SnapshotAssertion) -> None:
    assert _shown(failing_run(), width=60) == snapshot


def test_the_terminal_text_of_a_passing_run(snapshot: SnapshotAssertion) -> None:
    assert _shown(passing_run()) == snapshot


def test_the_terminal_text_of_a_target_that_does_not_answer(snapshot: SnapshotAssertion) -> None:
    assert _shown(unreachable_run()) == snapshot


def test_no_line_is_wider_than_the_terminal() -> None:
    assert max(map(len, _shown(sample_run(), width=60).splitlines())) <= 60


def test_a_path_is_never_broken() -> None:
    assert "  html  reports/runs/x/report.html\n" in _shown(passing_run(), width=20)


def test_only_a_terminal_gets_colours() -> None:
    assert ESCAPE in _shown(sample_run(), on_a_terminal=True)
    assert ESCAPE not in _shown(sample_run())


def test_no_color_is_heeded_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    shown = _shown(sample_run(), on_a_terminal=True)
    assert f"{ESCAPE}[1;35m" not in shown
    assert f"{ESCAPE}[31m" not in shown


def test_a_terminal_without_utf_8_gets_ascii() -> None:
    shown = _shown(replace(sample_run(), target="https://exämple.org"), encoding="ascii")
    assert shown.isascii()
    assert r"https://ex\xe4mple.org" in shown


def test_an_answer_cannot_steer_the_terminal() -> None:
    run = unreachable_run()
    sly = replace(run.cases[0], verdict=Verdict.INCONCLUSIVE, reason=f"said {ESCAPE}[2J and \r\n")
    shown = _shown(replace(run, cases=(sly,)), on_a_terminal=False)
    assert ESCAPE not in shown
    assert r"said \x1b[2J and \r\n" in shown


def test_markup_in_an_answer_stays_text() -> None:
    run = unreachable_run()
    sly = replace(run.cases[0], verdict=Verdict.INCONCLUSIVE, reason="said [bold]this[/bold]")
    assert "said [bold]this[/bold]" in _shown(replace(run, cases=(sly,)))


def test_a_long_list_is_cut_and_says_so() -> None:
    run = unreachable_run()
    many = tuple(replace(run.cases[0], id=str(number), reason=f"reason {number}") for number in range(20))
    assert "and 13 more reasons; the reports list every one" in _shown(replace(run, cases=many))
