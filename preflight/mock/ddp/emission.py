"""Emission: one event of a stream, and how the changes of a workspace become such events."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from preflight.mock import messages
from preflight.mock.access import can_access_room
from preflight.mock.bus import Change
from preflight.mock.ddp.streams import MY_MESSAGES
from preflight.mock.document import copied
from preflight.mock.methods.state import subscription_shown
from preflight.mock.rooms import listed
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored document
Viewer = Document | None  # the user who listens, where one is logged in

_STATUSES = {"offline": 0, "online": 1, "away": 2, "busy": 3}
_ABSENT = (0, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Emission:
    """An event of a stream; ``args`` gives what a viewer is told now, or None where it is not for them."""

    stream: str
    event: str
    args: Callable[[Viewer], list[Any] | None]
    origin: str | None = None  # the connection that caused it and needs not hear of it

    @property
    def operation(self) -> str:
        """The key of the operation, ``ddp:stream-room-messages``."""
        return f"ddp:{self.stream}"


class Narrator:
    """Makes events of what changes in one workspace, and remembers how everybody was last seen."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._presence = {user["_id"]: _presence(user) for user in ws.users}

    def emissions(self, changes: Sequence[Change]) -> Iterator[Emission]:
        """Yields the events that tell of changes, in their order."""
        for change in changes:
            if change.collection == "users":
                yield from self._of_user(change.document)
            else:
                yield from _TELLERS[change.collection](self._ws, change, changes)

    def _of_user(self, user: Document) -> Iterator[Emission]:
        seen = _presence(user)
        if self._presence.get(user["_id"], _ABSENT) == seen:
            return
        self._presence[user["_id"]] = seen
        told = [user["_id"], user["username"], *seen, user.get("name"), list(user["roles"])]
        yield Emission(stream="stream-notify-logged", event="user-status", args=_always(told))


def _presence(user: Document) -> tuple[int, str]:
    return _STATUSES.get(user["status"], 0), user.get("statusText", "")


def _always(*args: Any) -> Callable[[Viewer], list[Any]]:
    return lambda _viewer: copied(list(args))


# -- messages --------------------------------------------------------------------------------------------------------


def _of_message(ws: Workspace, change: Change, _all: Sequence[Change]) -> Iterator[Emission]:
    message = change.document
    room = ws.rooms.get(message["rid"])
    if room is None:
        return
    if change.action == "removed" or (message.get("_hidden") and change.action == "updated"):
        event = f"{room['_id']}/deleteMessage"
        yield Emission(stream="stream-notify-room", event=event, args=_always({"_id": message["_id"]}))
    elif not message.get("_hidden"):
        yield Emission(stream="stream-room-messages", event=room["_id"], args=_message_for(ws, message))
        yield Emission(stream="stream-room-messages", event=MY_MESSAGES, args=_message_of_mine(ws, message, room))
        if change.action == "inserted" and "t" not in message:
            yield from _notifications(ws, message, room)


def _message_for(ws: Workspace, message: Document) -> Callable[[Viewer], list[Any] | None]:
    return lambda viewer: None if viewer is None else [messages.public(ws, message, viewer)]


def _message_of_mine(ws: Workspace, message: Document, room: Document) -> Callable[[Viewer], list[Any] | None]:
    """Tells of a message in any room that the viewer sees, and what room it is."""

    def args(viewer: Viewer) -> list[Any] | None:
        if viewer is None or not can_access_room(ws, room, viewer):
            return None
        joined = ws.subscriptions.get(room["_id"], viewer["_id"]) is not None
        named = {"roomName": room["name"]} if "name" in room else {}
        told = {"roomParticipant": joined, "roomType": room["t"], **named}
        return [messages.public(ws, message, viewer), told]

    return args


def _notifications(ws: Workspace, message: Document, room: Document) -> Iterator[Emission]:
    """Calls everybody else in the room."""
    author = message["u"]
    shown = {"_id": message["_id"], "rid": room["_id"], "sender": dict(author), "type": room["t"]}
    named = {"name": room["name"]} if "name" in room else {}
    thread = {"tmid": message["tmid"]} if message.get("tmid") else {}
    payload = {**shown, **thread, **named, "message": {"msg": message["msg"]}}
    title = f"#{room['name']}" if "name" in room else author.get("name", author["username"])
    for subscription in ws.subscriptions.of_room(room["_id"]):
        member = subscription["u"]["_id"]
        if member != author["_id"]:
            told = {"title": title, "text": message["msg"], "payload": payload}
            yield Emission(stream="stream-notify-user", event=f"{member}/notification", args=_always(told))


def _of_whisper(_ws: Workspace, change: Change, _all: Sequence[Change]) -> Iterator[Emission]:
    event = f"{change.document['to']}/message"
    yield Emission(stream="stream-notify-user", event=event, args=_always(change.document["message"]))


# -- rooms and subscriptions -----------------------------------------------------------------------------------------


def _of_subscription(_ws: Workspace, change: Change, _all: Sequence[Change]) -> Iterator[Emission]:
    subscription = change.document
    event = f"{subscription['u']['_id']}/subscriptions-changed"
    args = _always(change.action, subscription_shown(subscription))
    yield Emission(stream="stream-notify-user", event=event, args=args)


def _of_room(ws: Workspace, change: Change, everything: Sequence[Change]) -> Iterator[Emission]:
    room = change.document
    args = _always(change.action, listed(room))
    subscribed = ws.subscriptions.of_room(room["_id"])
    if change.action == "removed":
        subscribed = [each.document for each in everything if _ended_in(each, room)]
    for subscription in subscribed:
        event = f"{subscription['u']['_id']}/rooms-changed"
        yield Emission(stream="stream-notify-user", event=event, args=args)


def _ended_in(change: Change, room: Document) -> bool:
    """Tells whether a change is the end of somebody's subscription in a room."""
    ended = change.collection == "subscriptions" and change.action == "removed"
    return ended and bool(change.document["rid"] == room["_id"])


# -- the rest --------------------------------------------------------------------------------------------------------


def _of_setting(_ws: Workspace, change: Change, _all: Sequence[Change]) -> Iterator[Emission]:
    setting = change.document
    if setting["public"]:
        shown = {key: setting[key] for key in ("_id", "value", "enterprise")}
        args = _always(change.action, shown)
        yield Emission(stream="stream-notify-all", event="public-settings-changed", args=args)


def _of_activity(_ws: Workspace, change: Change, _all: Sequence[Change]) -> Iterator[Emission]:
    said = change.document
    yield Emission(stream="stream-notify-room", event=said["event"], args=_always(*said["args"]), origin=said["origin"])


_Teller = Callable[[Workspace, Change, Sequence[Change]], Iterator[Emission]]
_TELLERS: dict[str, _Teller] = {
    "messages": _of_message,
    "whisper": _of_whisper,
    "subscriptions": _of_subscription,
    "rooms": _of_room,
    "settings": _of_setting,
    "activity": _of_activity,
}
