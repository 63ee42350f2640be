"""Sync: what changed in a room since a moment, in one answer or in pages that a cursor moves through.

A cursor is the time of a message in milliseconds, as text: of its last change, or of its deletion.
"""

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from preflight.mock.clock import EPOCH, at_milliseconds, milliseconds

Document = dict[str, Any]  # a message or a trash item
DEFAULT_COUNT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of changes and the cursors of its neighbours; None where there is no neighbour."""

    items: list[Document]
    next: str | None
    previous: str | None

    @property
    def cursor(self) -> dict[str, str | None]:
        """Both cursors, as the answer shows them."""
        return {"next": self.next, "previous": self.previous}


def page(
    documents: list[Document], key: str, *, count: int, after: str | None = None, before: str | None = None
) -> Page:
    """Gives the page behind or before a cursor, or the first one; key names the time by which documents are ordered."""
    ordered = sorted(documents, key=itemgetter(key), reverse=before is not None)
    if before is not None:
        limit = _moment(before)
        ordered = [document for document in ordered if document[key] < limit]
    else:
        start = _moment(after) if after is not None else EPOCH
        ordered = [document for document in ordered if document[key] > start]
    items, more = ordered[:count], len(ordered) > count
    if not items:
        return Page(items=[], next=None, previous=None)
    first, last = (str(milliseconds(items[at][key])) for at in (0, -1))
    if before is not None:
        return Page(items=items, next=first, previous=last if more else None)
    return Page(items=items, next=last if more or after is None else None, previous=first)


def _moment(cursor: str) -> datetime:
    return at_milliseconds(int(cursor)) if cursor.lstrip("-").isdigit() else EPOCH
