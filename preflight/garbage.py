"""Garbage: how often Python looks for objects that only name each other, in the processes that are Preflight's own."""

import gc

_NEW_OBJECTS = 2_000  # after which it looks; 700 unless somebody says otherwise


def collect_rarely() -> None:
    """Look seldom: catalogs, evidence and rooms live to the end, and to look through them takes a tenth of a run."""
    gc.set_threshold(_NEW_OBJECTS)
