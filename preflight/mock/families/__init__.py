"""Families: one module for each group of operations, each with a table ``ROUTES``."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from preflight.mock.routing import Route


def all_routes() -> Iterator[Route]:
    """Yields the routes of every family in this package."""
    for module in iter_modules(__path__):
        yield from import_module(f"{__name__}.{module.name}").ROUTES
