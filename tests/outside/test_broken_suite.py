"""A suite that breaks before its first case: Preflight's own fault, told in one line, and no run."""

from pathlib import Path

import pytest

from tests.outside.installed import put_preflight
from tests.plugin.outside import Ended, run


def told_in_two_lines(told: Ended) -> str:
    first, second = told.text.splitlines()
    assert second.startswith("  Hint: ")
    return first


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def test_it(no_such_fixture) -> None\n", "SyntaxError: expected ':'"),
        (
            "import preflight.session.promised as told\n@told.promises('rooms.get')\ndef test_it(conversation): ...\n",
            "ValueError: 'GET rooms.get#' is no claim; write it as 'GET rooms.info#route'",
        ),
    ],
    ids=["import", "syntax", "promise"],
)
def test_it_is_our_fault_and_told_in_one_line(tmp_path: Path, broken: str, reason: str, workers: str) -> None:
    suites = put_preflight(tmp_path) / "suites"
    (suites / "rest" / "test_broken.py").write_text(broken, encoding="utf-8")
    told = run(tmp_path, "preflight", "run", "--only", "GET rooms.get", "--out", "runs", "--workers", workers)
    assert told.code == 4, told.text
    line = told_in_two_lines(told)
    assert line.startswith("preflight: this is a fault of Preflight itself: a suite cannot be read: ")
    assert "test_broken.py" in line
    assert line.endswith(reason)
    assert list((tmp_path / "runs").iterdir()) == []
