"""Realtime: everything that the conversations of one served workspace share.

It calls methods, lets subscribe who may, and tells everybody who listens what changed. A planted fault takes hold here.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Any, Protocol

from preflight.mock.bus import Change
from preflight.mock.ddp.emission import Emission, Narrator
from preflight.mock.ddp.frames import Frame
from preflight.mock.ddp.streams import admit, still_reaches
from preflight.mock.fault import Fault, Memory
from preflight.mock.method import Invocation, Outcome
from preflight.mock.methods import registry
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user


class Listener(Protocol):
    """Somebody who hears events: a conversation."""

    def hear(self, emission: Emission) -> None:
        """Takes note of an event, whether it is for them or not."""


class Realtime:
    """The Realtime API of one workspace."""

    def __init__(self, ws: Workspace, fault: Fault | None = None) -> None:
        self.ws = ws
        self._fault = fault
        self._memory: Memory = {}
        self._registry = registry(ws.regime)
        self._narrator = Narrator(ws)
        self._listeners: dict[int, Listener] = {}
        self._lock = Lock()
        ws.bus.listen(self._tell)

    # -- who listens -------------------------------------------------------------------------------------------------

    def join(self, listener: Listener) -> None:
        """Tells a listener of every event from now on."""
        with self._lock:
            self._listeners[id(listener)] = listener

    def leave(self, listener: Listener) -> None:
        """Tells a listener nothing more."""
        with self._lock:
            self._listeners.pop(id(listener), None)

    def _tell(self, changes: Sequence[Change]) -> None:
        with self._lock:
            listeners = list(self._listeners.values())
        for emission in self._narrator.emissions(changes):
            for told in self._tampered(emission):
                for listener in listeners:
                    listener.hear(told)

    def _tampered(self, emission: Emission) -> Sequence[Emission]:
        if self._fault and self._fault.emitting and self._fault.touches(emission.operation):
            return self._fault.emitting(emission, self._memory)
        return (emission,)

    # -- what is asked -----------------------------------------------------------------------------------------------

    def invoke(self, call: Invocation) -> Outcome:
        """Calls a method."""
        fault = self._fault
        if fault is None or not fault.touches(call.operation):
            return self._registry.invoke(call)
        changed = fault.invoking(call, self._memory) if fault.invoking else call
        outcome = changed if isinstance(changed, Outcome) else self._registry.invoke(changed)
        return fault.invoked(call, outcome, self._memory) if fault.invoked else outcome

    def admit(self, user: Document | None, name: str, params: list[Any]) -> str:
        """Gives the event that a subscription is about; raises MethodError or MeteorError."""
        event = params[0] if params else None
        if isinstance(event, str) and event and self._admits(name, event):
            return event
        return admit(self.ws, user, name, params)

    def reaches(self, user: Document | None, name: str, event: str) -> bool:
        """Tells whether who subscribed to an event may still hear of it."""
        return self._lingers(name) or self._admits(name, event) or still_reaches(self.ws, user, name, event)

    def _admits(self, stream: str, event: str) -> bool:
        fault = self._fault
        if fault is None or not fault.touches(f"ddp:{stream}"):
            return False
        return fault.admits if isinstance(fault.admits, bool) else fault.admits(self.ws, event)

    def _lingers(self, stream: str) -> bool:
        return self._fault is not None and self._fault.lingers and self._fault.touches(f"ddp:{stream}")

    def framed(self, operation: str, frames: Sequence[Frame]) -> Sequence[Frame]:
        """Gives the frames that answer one message, as they go out."""
        if self._fault and self._fault.framing and self._fault.touches(operation):
            return self._fault.framing(frames, self._memory)
        return frames
