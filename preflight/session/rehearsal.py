"""Rehearsal: requests that are going to be refused are sent side by side, ahead of the cases that judge them.

Older releases delay each 401 by half a second to a second, to slow down whoever guesses. One after the other the
refusals of a run would take minutes. What is sent ahead is judged in its turn, as if it were sent then.
"""

from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Generic, TypeVar

from preflight.model.exchange import Exchange
from preflight.session.acts import Intrusion
from preflight.wire.rest import Answer, Ask

T = TypeVar("T", bound=Hashable)

SIDE_BY_SIDE = 48
SLOW_S = 0.4


def is_slow(exchange: Exchange) -> bool:
    """Tell whether a refusal took so long that others should not wait for it."""
    return exchange.elapsed_s >= SLOW_S


class Rehearsal(Generic[T]):
    """Keeps so many requests on their way while there are any; `send` sends one and is called by several threads."""

    def __init__(self, send: Callable[[Ask], Answer]) -> None:
        self._send = send
        self._pool = ThreadPoolExecutor(max_workers=SIDE_BY_SIDE, thread_name_prefix="rehearsal")
        self._ahead: dict[T, None] = {}

    def take(self) -> T | None:
        """Take the task whose request has been on its way for longest: it has its turn now, and once."""
        task = next(iter(self._ahead), None)
        if task is not None:
            del self._ahead[task]
        return task

    @property
    def has_room(self) -> bool:
        """Whether another request may be sent ahead."""
        return len(self._ahead) < SIDE_BY_SIDE

    def start(self, task: T, act: Intrusion) -> None:
        """Send the request of a task ahead; what stands in its way is met again in its turn, and told there."""
        self._ahead[task] = None
        with suppress(Exception):
            act.starts(lambda ask: self._pool.submit(self._send, ask))

    def close(self) -> None:
        """Send nothing more, and wait for what is on its way."""
        self._pool.shutdown(cancel_futures=True)
