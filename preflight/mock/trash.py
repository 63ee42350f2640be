"""Trash: what was removed, as it was, and when."""

from datetime import datetime
from typing import Any

Document = dict[str, Any]  # a removed document, with __collection__ and _deletedAt


class Trash:
    """The removed documents of one workspace, by collection and in the order of their removal."""

    def __init__(self) -> None:
        self._by_collection: dict[str, list[Document]] = {}

    def put(self, collection: str, document: Document, when: datetime) -> None:
        """Keeps a removed document of the collection ``message``, ``rooms`` or ``subscription``."""
        kept = {**document, "__collection__": collection, "_deletedAt": when}
        self._by_collection.setdefault(collection, []).append(kept)

    def since(self, collection: str, when: datetime, **where: Any) -> list[Document]:
        """Lists what was removed after a moment and has these values, oldest removal first."""
        removed = self._by_collection.get(collection, [])
        return [kept for kept in removed if kept["_deletedAt"] > when and _has(kept, where)]


def _has(document: Document, where: Document) -> bool:
    return all(document.get(key) == value for key, value in where.items())


def tombstone(removed: Document) -> Document:
    """Gives the id and the time of removal alone."""
    return {"_id": removed["_id"], "_deletedAt": removed["_deletedAt"]}
