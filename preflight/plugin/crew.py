"""The crew: a run played by several workers at once, each a shard of it, and joined at the end.

A worker is playing, or waits with the cases that change what all share, or has written its run and is leaving, or has
ended. Those that wait are let go one after the other once nobody plays any more.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

from preflight.errors import ExitCode, PreflightError, SuiteError, TargetError, UsageError
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.merging import merged
from preflight.model.run import Run
from preflight.model.shard import Shard
from preflight.model.verdict import Verdict
from preflight.plugin.interruption import terminated_like_interrupted, undisturbed
from preflight.plugin.judging import PARTS, Judging
from preflight.plugin.worker import GO, spelled
from preflight.reporting.run_file import read
from preflight.settings import RunSettings
from preflight.wire.pace import Wait

Announce = Callable[[Mapping[str, int]], None]
Finished = Callable[[str, Verdict], None]
Paused = Callable[[Wait], None]

_COMMAND: Sequence[str] = (sys.executable, "-m", "preflight.plugin.worker")


class _State(Enum):
    PLAYING = "playing"
    WAITING = "waiting"
    LEAVING = "leaving"
    ENDED = "ended"


@dataclass(slots=True, kw_only=True, eq=False)
class _Hand:
    """One worker as the crew sees it."""

    process: subprocess.Popen[str]
    state: _State = _State.PLAYING
    totals: Counter[str] | None = None
    file: Path | None = None
    run: Run | None = None
    broke: str = ""
    problem: JsonObject | None = None

    def read(self) -> None:
        """Read the run that it has written, once."""
        if self.file is not None and self.run is None:
            self.run = read(self.file)

    def say(self, line: str) -> None:
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(line)
                self.process.stdin.flush()


class Crew:
    """Plays a run by so many workers.

    `announce` gets the totals of all, `finished` each case as it ends, `paused` each wait.
    """

    def __init__(
        self, judging: Judging, count: int, announce: Announce, finished: Finished, paused: Paused | None = None
    ) -> None:
        self._judging = judging
        self._count = count
        self._announce = announce
        self._finished = finished
        self._paused = paused
        self._hands: list[_Hand] = []
        self._told: SimpleQueue[tuple[_Hand, JsonObject | None]] = SimpleQueue()
        self._announced = False

    def play(self) -> None:
        """Play the run and give it to the judging.

        Raises:
            PreflightError: when the target cannot be judged at all.
        """
        with terminated_like_interrupted(), self._judging.place() as settings:
            try:
                self._start(settings)
                self._attend()
            except KeyboardInterrupt:
                self._judging.interrupted = True
                with undisturbed():
                    self._interrupt()
                    self._attend()
            with undisturbed():
                self._join()

    def _start(self, settings: RunSettings) -> None:
        for index in range(1, self._count + 1):
            # Ctrl-C is heard here alone and handed on, so that each worker is told once.
            process = subprocess.Popen(  # noqa: S603 (our own module in our own interpreter)
                _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
            )
            hand = _Hand(process=process)
            self._hands.append(hand)
            hand.say(spelled(replace(settings, shard=str(Shard(index, self._count)))))
            Thread(target=self._listen, args=(hand,), daemon=True).start()

    def _listen(self, hand: _Hand) -> None:
        for line in hand.process.stdout or ():
            self._told.put((hand, as_object(json.loads(line))))
        self._told.put((hand, None))

    def _attend(self) -> None:
        """Hear what the workers tell until all have ended, and let those go that wait."""
        while any(hand.state is not _State.ENDED for hand in self._hands):
            hand, told = self._told.get()
            if told is None:
                hand.process.wait()
                hand.state = _State.ENDED
            else:
                self._hear(hand, told)
            self._announce_once()
            self._let_go()
            hand.read()  # while the others play

    def _hear(self, hand: _Hand, told: JsonObject) -> None:
        match dict(told):
            case {"totals": totals}:
                hand.totals = Counter({name: _number(number) for name, number in as_object(totals).items()})
            case {"case": case}:
                suite, verdict = as_list(case)
                self._finished(str(suite), Verdict(str(verdict)))
            case {"pause": [seconds, what, is_outage]} if self._paused:
                self._paused(Wait(seconds=float(str(seconds)), what=str(what), is_outage=is_outage is True))
            case {"waits": _}:
                hand.state = _State.WAITING
            case {"run": file, "broke": broke}:
                hand.state, hand.file, hand.broke = _State.LEAVING, Path(str(file)), str(broke)
            case {"problem": problem}:
                hand.problem = as_object(problem)

    def _announce_once(self) -> None:
        if not self._announced and all(hand.totals is not None or hand.state is _State.ENDED for hand in self._hands):
            self._announced = True
            self._announce(sum((hand.totals or Counter() for hand in self._hands), Counter()))

    def _let_go(self) -> None:
        waiting = [hand for hand in self._hands if hand.state is _State.WAITING]
        if waiting and not any(hand.state is _State.PLAYING for hand in self._hands):
            waiting[0].state = _State.PLAYING
            waiting[0].say(GO)

    def _interrupt(self) -> None:
        for hand in self._hands:
            if hand.process.poll() is None:
                hand.process.send_signal(signal.SIGINT)
                hand.state = _State.PLAYING

    def _join(self) -> None:
        problems = [hand.problem for hand in self._hands if hand.problem is not None]
        if problems:
            raise _told(problems[0])
        lost = sum(hand.run is None for hand in self._hands)
        if lost and not self._judging.interrupted:
            self._judging.broke = f"{lost} of {self._count} workers ended without a run"
        self._judging.broke = self._judging.broke or next((hand.broke for hand in self._hands if hand.broke), "")
        if lost:
            return
        run = merged([hand.run for hand in self._hands if hand.run is not None], self._judging.id)
        self._judging.take(run)
        self._tidy(run)

    def _tidy(self, run: Run) -> None:
        """Remove the parts; where something was left behind their journals are still needed."""
        if not run.leftovers:
            shutil.rmtree(self._judging.folder / PARTS, ignore_errors=True)


def workers_for(settings: RunSettings) -> int:
    """Say how many workers play a run: as many as asked for, else two where there is much to do for two processors.

    On a workspace with people in it one worker is enough, unless somebody says otherwise.

    Raises:
        UsageError: when several workers are asked for a shard.
    """
    if settings.shard is not None:
        if (settings.workers or 1) > 1:
            raise UsageError("a shard is played by one worker", hint="split into more shards instead of --workers")
        return 1
    if settings.workers is not None:
        return settings.workers
    return 2 if settings.target is None and not settings.only and (os.cpu_count() or 1) > 1 else 1


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0


def _told(problem: JsonObject) -> PreflightError:
    kinds = {ExitCode.INCONCLUSIVE: TargetError, ExitCode.OURS: SuiteError}
    kind = kinds.get(ExitCode(_number(problem.get("exit_code"))), UsageError)
    return kind(str(problem.get("what")), hint=str(problem.get("hint")))
