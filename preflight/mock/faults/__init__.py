"""Faults: the deviations that can be planted in the mock workspace, each for the check which must catch it.

A fault touches one operation (or a group of them) and breaks one promise. One room for each kind of check.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

from preflight.errors import UsageError
from preflight.mock.fault import Fault
from preflight.mock.faults.authorization import AUTHORIZATION_FAULTS
from preflight.mock.faults.behaviour import BEHAVIOUR_FAULTS
from preflight.mock.faults.behaviour_rooms import BEHAVIOUR_OF_ROOMS
from preflight.mock.faults.hard import HARD_FAULTS
from preflight.mock.faults.lists import LIST_FAULTS
from preflight.mock.faults.privileges import PRIVILEGE_FAULTS
from preflight.mock.faults.realtime import REALTIME_FAULTS
from preflight.mock.faults.rest import REST_FAULTS
from preflight.mock.faults.robustness import ROBUSTNESS_FAULTS

_ROOMS: tuple[tuple[Fault, ...], ...] = (
    REST_FAULTS,
    tuple(REALTIME_FAULTS.values()),
    AUTHORIZATION_FAULTS,
    PRIVILEGE_FAULTS,
    BEHAVIOUR_FAULTS,
    BEHAVIOUR_OF_ROOMS,
    LIST_FAULTS,
    HARD_FAULTS,
    ROBUSTNESS_FAULTS,
)

FAULTS: Mapping[str, Fault] = MappingProxyType({each.name: each for room in _ROOMS for each in room})


def fault(name: str) -> Fault:
    """Gives a fault by its name; raises UsageError with the nearest name where there is none."""
    if name in FAULTS:
        return FAULTS[name]
    near = get_close_matches(name, FAULTS, n=1)
    guess = f"Did you mean {near[0]}? " if near else ""
    raise UsageError(f"The mock workspace has no fault named {name!r}.", hint=f"{guess}There are {len(FAULTS)} faults.")
