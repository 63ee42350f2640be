"""Methods: one module for each group of realtime methods, each with a table ``METHODS``."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from preflight.mock.method import Method


def all_methods() -> Iterator[Method]:
    """Yields the methods of every module in this package."""
    for module in iter_modules(__path__):
        yield from import_module(f"{__name__}.{module.name}").METHODS
