"""Methods by which clients tell each other something that nobody keeps: that somebody is typing.

They are named after the streams that carry it. What a client may not say is dropped without a word.
"""

from typing import Any

from preflight.mock.access import accessible_room
from preflight.mock.method import NOTHING, Invocation, Methods
from preflight.mock.refusals import Failure

METHODS = Methods()

#: What one client may tell the others in a room; ``typing`` of older releases is no longer among it.
_SAYABLE = frozenset({"user-activity", "webrtc"})


@METHODS.method("stream-notify-room")
def notify_room(call: Invocation) -> Any:
    """Tells the others in a room what the caller is doing."""
    name = call.param(0)
    if not isinstance(name, str):
        raise Failure("eventName.split is not a function")
    room_id, _, event = name.partition("/")
    if event in _SAYABLE and _may_say(call, room_id, event):
        said = {"_id": call.workspace.ids.short(), "event": name, "args": list(call.params[1:])}
        call.workspace.bus.note("activity", "updated", {**said, "origin": call.identity.connection})
    return NOTHING


def _may_say(call: Invocation, room_id: str, event: str) -> bool:
    """Tells whether the caller may say this: in a room they see, and of themself alone."""
    if call.user is None or accessible_room(call.workspace, room_id, call.user) is None:
        return False
    key = "name" if call.workspace.settings["UI_Use_Real_Name"] else "username"
    return event != "user-activity" or bool(call.param(1) == call.user.get(key))


@METHODS.method("stream-notify-user")
@METHODS.method("stream-notify-all")
@METHODS.method("stream-notify-logged")
@METHODS.method("stream-room-messages")
def refuse(_call: Invocation) -> Any:
    """Drops what only the server may say."""
    return NOTHING
