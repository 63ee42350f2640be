"""What a suite is about: the claims that its function names, and how it is found again."""

from collections.abc import Callable
from typing import TypeVar

_PROMISES = "preflight_promises"

F = TypeVar("F", bound=Callable[..., None])


def promises(*claims: str) -> Callable[[F], F]:
    """Say which claims a suite is about, by their ids; the operation of one may be a glob."""

    def mark(suite: F) -> F:
        setattr(suite, _PROMISES, claims)
        return suite

    return mark


def promised_by(suite: object) -> tuple[str, ...]:
    """Give the claims which a suite is about."""
    found: tuple[str, ...] = getattr(suite, _PROMISES, ())
    return found
