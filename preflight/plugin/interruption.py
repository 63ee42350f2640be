"""Interruption: a request to end lets a run clean up first, whichever signal brings it."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_Handler = Callable[[int, FrameType | None], None]


@contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """Let a request to terminate end a run as Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    with _handled(interrupt, signal.SIGTERM):
        yield


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let the first request to end pass unheard, since what is under way is the cleaning up; the next one is heard."""
    asked = False

    def insist(number: int, frame: FrameType | None) -> None:
        del number, frame
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    with _handled(insist, signal.SIGINT, signal.SIGTERM):
        yield


@contextmanager
def _handled(handler: _Handler, *numbers: signal.Signals) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # signals reach the main thread alone, and only it may say how they are handled
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
