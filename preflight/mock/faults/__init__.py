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
from preflight.mock.faults.realtime import REALTIME_FAULTS
from preflight.mock.faults.rest import REST_FAULTS

FAULTS: Mapping[str, Fault] = MappingProxyType(
    {each.name: each for each in (*REST_FAULTS, *REALTIME_FAULTS.values(), *AUTHORIZATION_FAULTS, *BEHAVIOUR_FAULTS)}
)


def fault(name: str) -> Fault:
    """Gives a fault by its name; raises UsageError with the nearest name where there is none."""
    if name in FAULTS:
        return FAULTS[name]
    near = get_close_matches(name, FAULTS, n=1)
    guess = f"Did you mean {near[0]}? " if near else ""
    raise UsageError(f"The mock workspace has no fault named {name!r}.", hint=f"{guess}There are {len(FAULTS)} faults.")
