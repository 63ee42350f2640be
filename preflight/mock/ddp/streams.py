"""Streams: what can be subscribed to, and who may."""

from collections.abc import Callable, Mapping
from typing import Any

from preflight.mock.access import accessible_room
from preflight.mock.method import MethodError
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user

MY_MESSAGES = "__my_messages__"
_May = Callable[[Workspace, Document | None, str], bool]


def _anybody(_ws: Workspace, _user: Document | None, _event: str) -> bool:
    return True


def _members(_ws: Workspace, user: Document | None, _event: str) -> bool:
    return user is not None


def _self(_ws: Workspace, user: Document | None, event: str) -> bool:
    return user is not None and event.partition("/")[0] == user["_id"]


def _who_sees_the_room(ws: Workspace, user: Document | None, event: str) -> bool:
    return user is not None and accessible_room(ws, event.partition("/")[0], user) is not None


def _who_may_hear(ws: Workspace, user: Document | None, event: str) -> bool:
    return (user is not None and event == MY_MESSAGES) or _who_sees_the_room(ws, user, event)


#: The streams, and who may subscribe to an event of each.
STREAMS: Mapping[str, _May] = {
    "stream-room-messages": _who_may_hear,
    "stream-notify-room": _who_sees_the_room,
    "stream-notify-room-users": _members,
    "stream-notify-user": _self,
    "stream-notify-logged": _members,
    "stream-notify-all": _anybody,
    "stream-roles": _members,
    "stream-user-presence": _members,
}
#: Subscriptions that stand at once and send nothing here.
SILENT = frozenset({"meteor.loginServiceConfiguration", "meteor_autoupdate_clientVersions", "userData", "activeUsers"})


def admit(ws: Workspace, user: Document | None, name: str, params: list[Any]) -> str:
    """Gives the event that a subscription is about.

    Raises:
        MethodError: 404, when nothing of this name can be subscribed to.
        MeteorError: invalid-event-name or not-allowed.
    """
    if name in SILENT:
        return ""
    may = STREAMS.get(name)
    if may is None:
        raise MethodError(404, f"Subscription '{name}' not found")
    event = params[0] if params else None
    if not isinstance(event, str) or not event:
        raise MeteorError("invalid-event-name")
    if not may(ws, user, event):
        raise MeteorError("not-allowed")
    return event


def still_reaches(ws: Workspace, user: Document | None, name: str, event: str) -> bool:
    """Tells whether who once subscribed to an event may still hear of it."""
    may = STREAMS.get(name)
    return may is not None and may(ws, user, event)
