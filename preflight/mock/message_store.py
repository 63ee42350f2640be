"""Where messages are kept: by id, by room in the order of their time, and by the thread they answer.

Reading one room or one thread costs what that room or thread holds, whatever the rest of the workspace holds.
Every change of a message goes through here, so the three views never differ.
"""

from bisect import insort
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from preflight.mock.bus import Action

Document = dict[str, Any]  # a message as the server stores it: its keys depend on what happened to it

_by_time = itemgetter("ts")


class MessageStore:
    """All messages of one workspace."""

    def __init__(self, tell: Callable[[Action, Document], None] = lambda _action, _message: None) -> None:
        self._tell = tell
        self._by_id: dict[str, Document] = {}
        self._by_room: dict[str, list[Document]] = {}
        self._by_thread: dict[str, list[Document]] = {}
        self._by_discussion: dict[str, Document] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._by_id

    def get(self, message_id: object) -> Document | None:
        """Gives one message, or None where no message has this id (an id that is no text has none)."""
        return self._by_id.get(message_id) if isinstance(message_id, str) else None

    def add(self, message: Document) -> None:
        """Keeps a message under its ``_id``, ``rid`` and, when it answers a thread, ``tmid``."""
        self._by_id[message["_id"]] = message
        insort(self._by_room.setdefault(message["rid"], []), message, key=_by_time)
        if message.get("tmid"):
            insort(self._by_thread.setdefault(message["tmid"], []), message, key=_by_time)
        if message.get("drid") and not message.get("_hidden"):
            self._by_discussion[message["drid"]] = message
        self._tell("inserted", message)

    def remove(self, message: Document) -> None:
        """Forgets one message."""
        self._tell("removed", message)
        del self._by_id[message["_id"]]
        _without(self._by_room[message["rid"]], message)
        if message.get("tmid"):
            _without(self._by_thread[message["tmid"]], message)
        if self._by_discussion.get(message.get("drid", "")) is message:
            del self._by_discussion[message["drid"]]

    def remove_room(self, rid: str) -> list[Document]:
        """Forgets the messages of a room, telling nobody of each, and gives them, oldest first."""
        removed = self._by_room.pop(rid, [])
        for message in removed:
            del self._by_id[message["_id"]]
            self._by_thread.pop(message.get("tmid") or message["_id"], None)
            self._by_discussion.pop(message.get("drid", ""), None)
        return removed

    def of_room(self, rid: str) -> list[Document]:
        """Lists the messages of a room, oldest first."""
        return list(self._by_room.get(rid, ()))

    def of_thread(self, tmid: str) -> list[Document]:
        """Lists the replies of a thread, oldest first; the message they answer is not among them."""
        return list(self._by_thread.get(tmid, ()))

    def announcing(self, room_id: str) -> Document | None:
        """Gives the message by which a discussion was announced in its parent room, or None."""
        return self._by_discussion.get(room_id)


def _without(messages: list[Document], message: Document) -> None:
    at = next(at for at, kept in enumerate(messages) if kept is message)
    del messages[at]
