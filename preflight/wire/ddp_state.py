"""The states of a DDP connection, and what may happen in each of them.

    new ─open─▶ open ─connect─▶ connecting ─connected─▶ connected
                                     └─failed─▶ failed
    any of them ─close─▶ closing ─closed─▶ closed, or at once where the other side closes.

What is not in the tables does not fit: no frame is read with good will.
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a connection stands; closed is the end, for none is reopened silently."""

    NEW = "new"
    OPEN = "open"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    FAILED = "failed"
    CLOSING = "closing"
    CLOSED = "closed"


class Step(StrEnum):
    """What happens to a connection beside the frames that it receives."""

    OPENED = "opened"
    ASKED = "asked to connect"
    HUNG_UP = "hung up"
    LOST = "lost"


class MisfitError(ValueError):
    """Something happened that no row of the tables holds; says what was expected and what came."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(f"expected {expected}, got {got}")


STEPS: Mapping[State, Mapping[Step, State]] = {
    State.NEW: {Step.OPENED: State.OPEN, Step.HUNG_UP: State.CLOSED},
    State.OPEN: {Step.ASKED: State.CONNECTING, Step.HUNG_UP: State.CLOSING, Step.LOST: State.CLOSED},
    State.CONNECTING: {Step.ASKED: State.CONNECTING, Step.HUNG_UP: State.CLOSING, Step.LOST: State.CLOSED},
    State.CONNECTED: {Step.ASKED: State.CONNECTED, Step.HUNG_UP: State.CLOSING, Step.LOST: State.CLOSED},
    State.FAILED: {Step.ASKED: State.FAILED, Step.HUNG_UP: State.CLOSING, Step.LOST: State.CLOSED},
    State.CLOSING: {Step.LOST: State.CLOSED},
    State.CLOSED: {Step.HUNG_UP: State.CLOSED},
}
MOVES: Mapping[State, Mapping[str, State]] = {
    State.CONNECTING: {"connected": State.CONNECTED, "failed": State.FAILED},
}
# Frames that leave the state as it is: old servers send server_id first, and error answers what is no good frame.
STAYS: Mapping[State, tuple[str, ...]] = {
    State.OPEN: ("error", "server_id"),
    State.CONNECTING: ("error", "server_id"),
    State.CONNECTED: (
        *("result", "updated", "ready", "nosub"),
        *("added", "changed", "removed", "addedBefore", "movedBefore"),
        *("ping", "pong", "error"),
    ),
}


def after_frame(state: State, kind: str) -> State:
    """Give the state after a frame of this kind; raises MisfitError where it does not fit."""
    if kind in STAYS.get(state, ()):
        return state
    moves = MOVES.get(state, {})
    if kind in moves:
        return moves[kind]
    raise MisfitError("|".join(moves or STAYS.get(state, ())) or "nothing more", kind)


def after_step(state: State, step: Step) -> State:
    """Give the state after a step; raises MisfitError where it is not possible."""
    steps = STEPS[state]
    if step in steps:
        return steps[step]
    raise MisfitError("|".join(steps), step)
