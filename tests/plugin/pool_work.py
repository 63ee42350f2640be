"""Work for a pool: what goes well, what breaks, what dies and what hangs."""

import os
import signal
from threading import Event


def play(order: str) -> tuple[str, int]:
    """Give the order back, and in which process it was played."""
    if order == "break":
        raise ValueError(order)
    if order == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if order == "leave":
        os._exit(7)
    if order == "hang":
        Event().wait()
    return order, os.getpid()
