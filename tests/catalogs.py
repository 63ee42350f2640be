"""Catalogs in tests: read once, since reading one takes longer than a small run."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from unittest.mock import patch

from preflight.catalog.catalog import load_catalog
from preflight.session import selection

_once = cache(load_catalog)


@contextmanager
def catalogs_read_once() -> Iterator[None]:
    """Let the sessions of many small runs share what they read: a catalog never changes."""
    with patch.object(selection, "load_catalog", _once):
        yield
