"""Stock schemathesis: its command line and its defaults, with the login headers given."""

import json
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.fields import SEED
from benchmarks.peers.peer import NotRunError, Place, plain, told

_REPORT = "report.ndjson"


class Schemathesis:
    """``st run``; with `every_failure` it goes on after the first failure of an operation."""

    honest_runs = 2  # what it complains of by chance is no fault that it found

    def __init__(self, *, every_failure: bool) -> None:
        self.name = "schemathesis, every failure" if every_failure else "schemathesis"
        self._options = ["--continue-on-failure"] if every_failure else []

    def version(self) -> str:
        """Give its version."""
        return version("schemathesis")

    def failures(self, place: Place) -> frozenset[str]:
        """Run all its phases over the contract."""
        command = shutil.which("st", path=str(Path(sys.executable).parent)) or shutil.which("st")
        if command is None:
            raise NotRunError("the command st is not there")
        headers = [word for name, value in place.headers.items() for word in ("-H", f"{name}: {value}")]
        report = ["--report", "ndjson", "--report-ndjson-path", _REPORT]
        words = [command, "run", str(place.contract), "-u", place.url, *headers, "--seed", str(SEED), *report]
        said = told([*words, *self._options], place.folder)
        if not (place.folder / _REPORT).exists():
            raise NotRunError(said.strip()[-400:])
        lines = (place.folder / _REPORT).read_text(encoding="utf-8").splitlines()
        return frozenset(_line(failure) for line in lines for failure in _failures(json.loads(line)))


def _failures(value: Any) -> Iterator[dict[str, Any]]:
    """Find the failures in an event, wherever they stand."""
    if isinstance(value, dict):
        found = value.get("failure")
        if isinstance(found, dict) and "code" in found:
            yield found
        for each in value.values():
            yield from _failures(each)
    elif isinstance(value, list):
        for each in value:
            yield from _failures(each)


def _line(failure: dict[str, Any]) -> str:
    message = str(failure.get("message", "")).partition("\n")[0]
    return plain(f"{failure.get('operation')} {failure.get('title')}: {message}")
