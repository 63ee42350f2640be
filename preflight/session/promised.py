"""What a suite is about: the claims that its function names, and what the workspace must be for them."""

from collections.abc import Callable
from typing import TypeVar

from preflight.catalog.cases import Needs
from preflight.model.json import Json

_PROMISES = "preflight_promises"
_NEEDS = "preflight_needs"

F = TypeVar("F", bound=Callable[..., None])


def promises(*claims: str) -> Callable[[F], F]:
    """Say which claims a suite is about, by their ids; the operation of one may be a glob."""

    def mark(suite: F) -> F:
        setattr(suite, _PROMISES, claims)
        return suite

    return mark


def needs(*, edition: str | None = None, **settings: Json) -> Callable[[F], F]:
    """Say which edition and settings a suite asks of the workspace; settings may be changed for the moment."""

    def mark(suite: F) -> F:
        setattr(suite, _NEEDS, Needs(settings=settings, edition=edition))
        return suite

    return mark


def promised_by(suite: object) -> tuple[str, ...]:
    """Give the claims which a suite is about."""
    found: tuple[str, ...] = getattr(suite, _PROMISES, ())
    return found


def needed_by(suite: object) -> Needs:
    """Give what the workspace must be for a suite."""
    found: Needs = getattr(suite, _NEEDS, Needs())
    return found
