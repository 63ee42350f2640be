import csv
import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from syrupy.assertion import SnapshotAssertion

from preflight.errors import UsageError
from preflight.model.drill import to_json
from preflight.reporting.drill import DrillProgress, show_drill
from preflight.reporting.matrix import as_csv, as_markdown, write_drill
from tests.reporting.drills import ALARMING, FOUND, LOST, MISSED, WHOLE, drill


def console(*, terminal: bool = False) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, width=100, force_terminal=terminal, no_color=True, _environ={}), text


def test_the_summary_can_be_read_in_ten_seconds(snapshot: SnapshotAssertion) -> None:
    place, text = console()
    show_drill(WHOLE, place, {"matrix": Path("reports/drills/x/matrix.md")})
    assert text.getvalue() == snapshot


def test_the_summary_of_a_drill_that_found_everything_is_short(snapshot: SnapshotAssertion) -> None:
    place, text = console()
    show_drill(drill(FOUND), place)
    assert text.getvalue() == snapshot


def test_the_summary_never_shows_more_than_can_be_read() -> None:
    place, text = console()
    show_drill(drill(*[MISSED] * 40), place)
    assert "and 28 more" in text.getvalue()
    assert len(text.getvalue().splitlines()) < 24


def test_the_matrix_is_told_as_a_table(snapshot: SnapshotAssertion) -> None:
    assert as_markdown(WHOLE) == snapshot


def test_the_matrix_has_a_column_for_each_check() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(WHOLE))))
    assert [row["found"] for row in rows] == ["named", "otherwise", "no", "no", "no"]
    assert [row["field.type"] for row in rows] == ["●", "", "", "", ""]
    assert [row["field.value"] for row in rows] == ["○", "○", "", "", ""]
    assert {row["seconds"] for row in rows} == {"0.500"}


def test_a_drill_is_written_and_never_overwritten(tmp_path: Path) -> None:
    paths = write_drill(WHOLE, tmp_path / "drill")
    assert json.loads(paths["json"].read_text(encoding="utf-8")) == json.loads(json.dumps(to_json(WHOLE)))
    before = {path: path.read_bytes() for path in paths.values()}
    with pytest.raises(UsageError) as told:
        write_drill(drill(FOUND), tmp_path / "drill")
    assert "--out" in str(told.value)
    assert {path: path.read_bytes() for path in paths.values()} == before


def test_progress_in_a_log_has_a_line_for_each_thing_amiss() -> None:
    place, text = console()
    with DrillProgress(place, 4) as progress:
        for result in (FOUND, MISSED, LOST, ALARMING):
            progress.ended(result)
    assert text.getvalue().splitlines() == [
        "missed: missed",
        "lost: our trouble: its process died by signal 9",
        "clean run of 8.8: false alarms",
    ]


def test_progress_on_a_terminal_counts() -> None:
    place, text = console(terminal=True)
    with DrillProgress(place, 2) as progress:
        progress.ended(FOUND)
        progress.ended(MISSED)
    assert "2/2" in text.getvalue()
    assert "1 found, 1 missed" in text.getvalue()
