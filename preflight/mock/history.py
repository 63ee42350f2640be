"""History: the messages of a room between two times, as clients scroll back through it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from preflight.mock import messages
from preflight.mock.call import Page
from preflight.mock.validation import parse_date
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored room or message

# What a list of hidden system messages names in one word.
_GROUPS = {"mute_unmute": ("user-muted", "user-unmuted")}


class Bounds:
    """The times between which messages are wanted; a latest that is no date leaves nothing between them."""

    def __init__(self, *, latest: datetime | None, oldest: datetime | None, inclusive: bool, empty: bool) -> None:
        self.latest = latest
        self.oldest = oldest
        self._inclusive = inclusive
        self._empty = empty

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> "Bounds":
        """Reads the parameters latest, oldest and inclusive."""
        latest, oldest = str(asked.get("latest") or ""), str(asked.get("oldest") or "")
        return cls(
            latest=parse_date(latest) if latest else None,
            oldest=parse_date(oldest) if oldest else None,
            inclusive=asked.get("inclusive") == "true",
            empty=bool(latest) and parse_date(latest) is None,
        )

    def hold(self, moment: datetime) -> bool:
        """Tells whether a time lies between the bounds."""
        if self._empty:
            return False
        if self._inclusive:
            return (self.latest is None or moment <= self.latest) and (self.oldest is None or moment >= self.oldest)
        return (self.latest is None or moment < self.latest) and (self.oldest is None or moment > self.oldest)


def hidden_types(ws: Workspace, room: Document) -> frozenset[str]:
    """Gives the types of system messages that a room does not show: its own list, else that of the workspace."""
    own = room.get("sysMes")
    listed = own if isinstance(own, list) else ws.settings["Hide_System_Messages"]
    named = [str(each) for each in listed] if isinstance(listed, list) else []
    return frozenset(inner for each in named for inner in _GROUPS.get(each, (each,)))


def between(ws: Workspace, room: Document, asked: Mapping[str, Any], page: Page) -> Document:
    """Gives the messages between two times, newest first, and with ``unreads`` what lies unread before them."""
    bounds = Bounds.of(asked)
    shows_threads = asked.get("showThreadMessages") == "true"
    hidden = hidden_types(ws, room)
    visible = [
        each
        for each in reversed(messages.of_room(ws, room["_id"]))
        if not each.get("_hidden")
        and each.get("t") not in hidden
        and (shows_threads or "tmid" not in each or each.get("tshow"))
    ]
    found = page.cut([each for each in visible if bounds.hold(each["ts"])])
    told: Document = {"messages": found}
    if asked.get("unreads") == "true":
        before = _before(visible, found, bounds)
        told |= {"firstUnread": before[-1]} if before else {}
        told["unreadNotLoaded"] = len(before)
    return told


def _before(visible: list[Document], found: list[Document], bounds: Bounds) -> list[Document]:
    """Gives the messages that are older than the page and younger than the beginning, newest first."""
    if bounds.oldest is None or not found:
        return []
    return [each for each in visible if bounds.oldest < each["ts"] < found[-1]["ts"]]


def is_asked_for(asked: Mapping[str, Any], message: Document) -> bool:
    """Tells whether a message is one of those that mentionIds, starredIds and pinned ask for."""
    if not any(asked.get(name) for name in ("mentionIds", "starredIds", "pinned")):
        return True
    mentioned, starred = (_ids(asked.get(name)) for name in ("mentionIds", "starredIds"))
    return (
        (not mentioned or any(each["_id"] in mentioned for each in message.get("mentions", ())))
        and (not starred or any(each["_id"] in starred for each in message.get("starred", ())))
        and (asked.get("pinned") != "true" or message.get("pinned") is True)
    )


def _ids(given: Any) -> list[str]:
    """Reads ids that are divided by commas; a JSON list is not understood."""
    return [each.strip() for each in str(given or "").split(",") if each.strip()]
