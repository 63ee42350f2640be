"""A pool: processes that play one order after the other, and are replaced when they die or hang.

Each is started anew and not forked, so that none inherits threads or sockets; what it has loaded it keeps.
"""

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Generic, TypeVar

O = TypeVar("O")  # noqa: E741 (an order)
R = TypeVar("R")

_SPAWN = multiprocessing.get_context("spawn")
_PARTING_S = 5.0


@dataclass(frozen=True, slots=True)
class Lost:
    """An order of which nothing came, and why in words."""

    why: str


class Pool(Generic[O, R]):
    """Plays orders side by side while a ``with`` block runs.

    Args:
        play: a function of a module, given an order.
        workers: how many processes at most.
        limit_s: how many seconds an order may take before its process is ended.
    """

    def __init__(self, play: Callable[[O], R], *, workers: int, limit_s: Callable[[O], float]) -> None:
        self._play = play
        self._workers = workers
        self._limit_s = limit_s

    def results(self, orders: Sequence[O]) -> Generator[tuple[O, R | Lost], None, None]:
        """Give each order with what came of it, in the order in which they end; close it to end early."""
        waiting = deque(orders)
        hands: list[_Hand[O, R]] = []
        try:
            while waiting or hands:
                while waiting and len(hands) < self._workers:
                    hands.append(_Hand(self._play))
                    hands[-1].take(waiting.popleft(), self._limit_s)
                _await(hands)
                for hand in list(hands):
                    result = hand.result()
                    if result is None:
                        continue
                    yield hand.order, result
                    if waiting and hand.is_fit:
                        hand.take(waiting.popleft(), self._limit_s)
                    else:
                        hands.remove(hand)
                        hand.leave()
        finally:
            for hand in hands:
                hand.leave()


class _Hand(Generic[O, R]):
    """One process, and the order that it plays."""

    order: O

    def __init__(self, play: Callable[[O], R]) -> None:
        self.connection, theirs = _SPAWN.Pipe()
        self.process: BaseProcess = _SPAWN.Process(target=_serve, args=(theirs, play), daemon=True)
        self.deadline = 0.0
        self.is_fit = True
        self._limit = 0.0
        with _deaf_to_interruptions():
            self.process.start()
        theirs.close()

    def take(self, order: O, limit_s: Callable[[O], float]) -> None:
        self.order = order
        self._limit = limit_s(order)
        self.deadline = monotonic() + self._limit
        try:
            self.connection.send(order)
        except BrokenPipeError:
            self.deadline = monotonic()

    def result(self) -> R | Lost | None:
        """Give what came of the order, None while it is played."""
        if self.connection.poll():
            try:
                told: R | Lost = self.connection.recv()
            except (EOFError, ConnectionError):
                return self._given_up(self._how_it_died())
            return told
        if not self.process.is_alive():
            return self._given_up(self._how_it_died())
        if monotonic() >= self.deadline:
            return self._given_up(f"it did not end within {self._limit:g} seconds")
        return None

    def leave(self) -> None:
        """End the process, whatever it does."""
        self.connection.close()
        self.process.kill()
        self.process.join(_PARTING_S)

    def _given_up(self, why: str) -> Lost:
        self.is_fit = False
        return Lost(why)

    def _how_it_died(self) -> str:
        self.process.join(_PARTING_S)
        code = self.process.exitcode
        how = f"by signal {-code}" if code is not None and code < 0 else f"with exit code {code}"
        return f"its process died {how}"


def _await(hands: Sequence["_Hand[O, R]"]) -> None:
    soonest = min(hand.deadline for hand in hands)
    events = [event for hand in hands for event in (hand.connection, hand.process.sentinel)]
    wait(events, timeout=max(0.0, soonest - monotonic()))


def _serve(connection: Connection, play: Callable[[O], R]) -> None:
    """Play orders until nobody gives any more."""
    while True:
        try:
            order = connection.recv()
        except EOFError:
            return
        try:
            told: R | Lost = play(order)
        except Exception as problem:  # noqa: BLE001 (told to who gave the order, whatever it is)
            told = Lost(f"{type(problem).__name__}: {problem}")
        connection.send(told)


@contextmanager
def _deaf_to_interruptions() -> Iterator[None]:
    """Let a process be born that leaves Ctrl-C to who started it; one that comes meanwhile is heard afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
