"""Methods: one module for each group of realtime methods, each with a table ``METHODS``."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from preflight.mock.method import Method, Registry
from preflight.mock.release import Regime


def all_methods() -> Iterator[Method]:
    """Yields the methods of every module in this package."""
    for module in iter_modules(__path__):
        yield from import_module(f"{__name__}.{module.name}").METHODS


@cache
def registry(regime: Regime) -> Registry:
    """Gives the methods of a release."""
    return Registry(all_methods(), regime)
