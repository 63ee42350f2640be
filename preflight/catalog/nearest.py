"""Nearest names: what a mistaken name was probably meant to be."""

from collections.abc import Iterable
from difflib import get_close_matches

_SHOWN = 12


def nearest(name: str, valid: Iterable[str], *, what: str = "names") -> str:
    """Say which valid name is nearest to `name`, else which names are valid, as a hint for a person."""
    known = sorted(set(valid))
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    if not known:
        return f"there are no {what} to choose from"
    tail = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return f"valid {what}: {', '.join(known[:_SHOWN])}{tail}"
