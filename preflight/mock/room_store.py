"""Where rooms are kept."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from preflight.mock.bus import Action

Document = dict[str, Any]  # a room as the server stores it


class RoomStore:
    """All rooms of one workspace: by id, by name, and direct rooms by the people in them."""

    def __init__(self, tell: Callable[[Action, Document], None] = lambda _action, _room: None) -> None:
        self._tell = tell
        self._by_id: dict[str, Document] = {}
        self._by_name: dict[str, Document] = {}
        self._by_people: dict[frozenset[str], Document] = {}
        self._by_parent: dict[str, list[Document]] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, room_id: object) -> Document | None:
        """Gives a room by id, or None; an id that is no text has none."""
        return self._by_id.get(room_id) if isinstance(room_id, str) else None

    def named(self, name: object) -> Document | None:
        """Gives a channel or group by its name (its slug), or None."""
        return self._by_name.get(name) if isinstance(name, str) else None

    def between(self, user_ids: Iterable[str]) -> Document | None:
        """Gives the direct room of exactly these people, or None."""
        return self._by_people.get(frozenset(user_ids))

    def discussions_of(self, room_id: str) -> list[Document]:
        """Lists the discussions that hang on a room."""
        return list(self._by_parent.get(room_id, ()))

    def add(self, room: Document) -> None:
        """Keeps a room."""
        self._by_id[room["_id"]] = room
        if "name" in room:
            self._by_name[room["name"]] = room
        if room["t"] == "d":
            self._by_people[frozenset(room["uids"])] = room
        if "prid" in room:
            self._by_parent.setdefault(room["prid"], []).append(room)
        self._tell("inserted", room)

    def rename(self, room: Document, name: str) -> None:
        """Gives a room another name."""
        del self._by_name[room["name"]]
        room["name"] = name
        self._by_name[name] = room

    def remove(self, room: Document) -> None:
        """Forgets a room."""
        del self._by_id[room["_id"]]
        self._by_name.pop(room.get("name", ""), None)
        if room["t"] == "d":
            self._by_people.pop(frozenset(room["uids"]), None)
        if "prid" in room:
            self._by_parent[room["prid"]].remove(room)
        self._tell("removed", room)
