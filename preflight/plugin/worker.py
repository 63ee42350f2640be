"""A worker: one shard of a run in a process of its own, told over standard input what to judge.

What it tells over standard output is one JSON object a line: how many cases there are (``totals``), each finished
case (``case``), a pause (``pause``), that only cases are left which change what all share (``waits``), and at the end
where its run lies (``run``) or why there is none (``problem``). It waits for the word ``go``, and ends as interrupted
when its input ends.
"""

import _thread
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from threading import Event, Thread
from typing import IO, Any

from preflight.errors import PreflightError
from preflight.garbage import collect_rarely
from preflight.model.run import CaseResult
from preflight.plugin.conducting import conduct
from preflight.plugin.judging import Judging
from preflight.reporting.folder import RUN_FILE
from preflight.settings import Account, Depth, RunSettings
from preflight.wire.pace import Pace, Wait

GO = "go\n"


def spelled(settings: RunSettings) -> str:
    """Write settings as one line, for a pipe and never for a file: it holds the password."""
    return json.dumps(asdict(settings), default=str) + "\n"


def settings_from(line: str) -> RunSettings:
    """Read settings back from what `spelled` gives."""
    told: dict[str, Any] = json.loads(line)  # Any: each setting has a type of its own
    account = Account(**told.pop("account")) if told["account"] else None
    folders = {name: Path(told.pop(name)) for name in ("contracts", "out", "waivers", "ca_bundle") if told[name]}
    accounts = {person: Account(**each) for person, each in told.pop("accounts").items()}
    only, depth = tuple(told.pop("only")), Depth(told.pop("depth"))
    return RunSettings(**{**told, **folders, "account": account, "accounts": accounts, "only": only, "depth": depth})


class Worker:
    """Plays a shard and tells about it."""

    def __init__(self, told: IO[str], said: IO[str]) -> None:
        self._told = told
        self._said = said
        self._may_go = Event()

    def play(self) -> None:
        """Judge what the first line says."""
        settings = settings_from(self._told.readline())
        Thread(target=self._listen, name="word of the crew", daemon=True).start()
        judging = Judging(settings, self._case_finished, reports=(), pace=Pace(told=self._pauses))
        try:
            conduct(judging, self._announce, self._wait)
        except PreflightError as problem:
            self._say(problem={"what": problem.what, "hint": problem.hint, "exit_code": int(problem.exit_code)})
            return
        if judging.run is not None:
            self._say(run=str(judging.folder / RUN_FILE), broke=judging.broke)

    def _listen(self) -> None:
        for line in self._told:
            if line == GO:
                self._may_go.set()
        self._may_go.set()
        # Nobody would take the run any more: end like an interrupted one, and leave nothing behind.
        _thread.interrupt_main()

    def _wait(self) -> None:
        self._say(waits=True)
        self._may_go.wait()

    def _announce(self, totals: Mapping[str, int]) -> None:
        self._say(totals=dict(totals))

    def _pauses(self, wait: Wait) -> None:
        self._say(pause=[wait.seconds, wait.what, wait.is_outage])

    def _case_finished(self, case: CaseResult) -> None:
        self._say(case=[case.suite, str(case.verdict)])

    def _say(self, **words: object) -> None:
        self._said.write(json.dumps(words) + "\n")
        self._said.flush()


if __name__ == "__main__":
    collect_rarely()
    said, sys.stdout = sys.stdout, sys.stderr
    Worker(sys.stdin, said).play()
