"""Process: the mock workspace in a process of its own, so that it and who asks it do not wait for each other.

The process is told on its standard input what to be, says on its standard output where it listens, and ends when its
input does: it outlives nobody.
"""

import json
import secrets
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Any, Self

from preflight.errors import UsageError
from preflight.garbage import collect_rarely
from preflight.mock.fault import Fault
from preflight.mock.faults import FAULTS
from preflight.mock.server import MockServer

_COMMAND: Sequence[str] = (sys.executable, "-m", "preflight.mock.process")


class MockProcess:
    """A mock workspace that serves while a ``with`` block runs: ``url``, and an administrator who may log in."""

    def __init__(self, *, release: str = "8.0", fault: Fault | None = None) -> None:
        self.admin_username = "admin"
        self.admin_password = secrets.token_urlsafe(12)
        self.url = ""
        self._release = release
        self._fault = fault
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        # The child shares neither terminal nor signals: Ctrl-C is for who asks, who still has to clean up.
        self._process = process = subprocess.Popen(  # noqa: S603 - our own module in our own interpreter
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        wanted = {
            "release": self._release,
            "fault": self._fault.name if self._fault else None,
            "admin_username": self.admin_username,
            "admin_password": self.admin_password,
        }
        told = _exchanged(process, wanted)
        if "url" not in told:
            self._end()
            raise UsageError(told.get("what", "The mock workspace did not start."), hint=told.get("hint", "see above"))
        self.url = told["url"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._process is not None:
            self._process.communicate()
            self._process = None


def _exchanged(process: subprocess.Popen[str], wanted: dict[str, Any]) -> dict[str, str]:
    if process.stdin is None or process.stdout is None:
        return {}
    process.stdin.write(json.dumps(wanted) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    told: dict[str, str] = json.loads(line) if line else {}
    return told


def play(told: IO[str], said: IO[str]) -> None:
    """Serves as one line says, until nothing more can come; says one line: where, or why not."""
    wanted = json.loads(told.readline())
    name = wanted.pop("fault")
    try:
        with MockServer(fault=FAULTS[name] if name else None, **wanted) as server:
            _say(said, url=server.url)
            told.read()
    except UsageError as problem:
        _say(said, what=problem.what, hint=problem.hint)


def _say(said: IO[str], **words: str) -> None:
    said.write(json.dumps(words) + "\n")
    said.flush()


if __name__ == "__main__":
    collect_rarely()
    play(sys.stdin, sys.stdout)
