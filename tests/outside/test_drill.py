"""The drill from outside: JSON for machines, a summary for people, exit codes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

from preflight import paths
from tests.outside.console import preflight

SCHEMA = json.loads((paths.REPORT_SCHEMAS / "drill.schema.json").read_text(encoding="utf-8"))
TWO = ("rooms-info-gone", "dm-list-html")


def test_a_drill_for_machines_prints_what_its_schema_says(tmp_path: Path) -> None:
    told = preflight("drill", *TWO, "--release", "8.0", "--json", folder=tmp_path)
    assert (told.code, told.err) == (0, "")
    drilled = json.loads(told.out)
    Draft202012Validator(SCHEMA).validate(drilled)
    assert {fault["name"]: fault["check"] in fault["found_by"] for fault in drilled["faults"]} == dict.fromkeys(
        TWO, True
    )
    assert drilled["clean"] == {"runs": 1, "findings": 0}
    (folder,) = (tmp_path / "reports" / "drills").iterdir()
    assert json.loads((folder / "drill.json").read_text(encoding="utf-8")) == drilled


def test_a_drill_for_people_says_how_many_were_found(tmp_path: Path) -> None:
    told = preflight("drill", TWO[0], "--clean", "0", "--out", "here", folder=tmp_path, NO_COLOR="1")
    assert told.code == 0
    assert "1 of 1 fault found by the check that names it" in told.out
    assert "\x1b" not in told.out
    (folder,) = (tmp_path / "here").iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["drill.json", "matrix.csv", "matrix.md"]


def test_an_unknown_fault_is_wrong_usage(tmp_path: Path) -> None:
    told = preflight("drill", "rooms-info-gon", folder=tmp_path)
    assert told.code == 2
    assert "rooms-info-gone" in told.err
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_drill_ends_without_a_traceback(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "preflight", "drill", "--workers", "1", "--clean", "0"]
    with subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while len(children.read_text(encoding="utf-8").split()) < 2:  # the worker, and the tracker of what it holds
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate()  # which ends when no process of the drill holds the pipes any more
    assert process.returncode == 130
    assert (out.strip(), err.strip()) == ("", "preflight: interrupted")
