"""Reactions: who may react to a message, and what a reaction leaves on it."""

from typing import Any

from preflight.mock import emoji
from preflight.mock.access import accessible_room
from preflight.mock.refusals import MeteorError
from preflight.mock.sending import check_voice
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a user, room or message

_METHOD = {"method": "setReaction"}


def react(ws: Workspace, user: Document, message: Document, name: str, *, wanted: bool | None = None) -> None:
    """Puts a reaction on a message or takes it off; wanted None turns it round.

    Raises:
        MeteorError: the emoji is unknown, the user may not see the room, or is muted.
        Failure: the room is read-only.
    """
    key = emoji.reaction(name)
    if not emoji.is_known(key, ws.emoji.values()):
        raise MeteorError("error-not-allowed", "Invalid emoji provided.", _METHOD)
    has = user["username"] in message.get("reactions", {}).get(key, {}).get("usernames", ())
    if wanted is not None and wanted == has and not _is_forced(ws, message, wanted=wanted):
        return
    room = accessible_room(ws, message["rid"], user)
    if room is None:
        raise MeteorError("not-authorized", "Not Authorized", _METHOD)
    if user["username"] in room.get("muted", ()):
        raise MeteorError(
            "error-not-allowed", "You have been muted and cannot speak in this room", {"rid": room["_id"]}
        )
    if not room.get("reactWhenReadOnly"):
        check_voice(ws, user, room)
    if has:
        _take_off(message, key, user)
    else:
        message.setdefault("reactions", {}).setdefault(key, {"usernames": []})["usernames"].append(user["username"])
    ws.touch(message)
    _mirror(ws, room, message)


def _is_forced(ws: Workspace, message: Document, *, wanted: bool) -> bool:
    """Tells whether an unwanted reaction is put on all the same: before 7.0, on a message that has none at all."""
    return not wanted and not message.get("reactions") and not ws.regime.at_least("7.0")


def _take_off(message: Document, key: str, user: Document) -> None:
    usernames = message["reactions"][key]["usernames"]
    usernames.remove(user["username"])
    if not usernames:
        del message["reactions"][key]
    if not message["reactions"]:
        del message["reactions"]


def _mirror(ws: Workspace, room: Document, message: Document) -> None:
    """Copies the reactions into the room's last message; a room without one gets one that is nothing but reactions."""
    last = room.get("lastMessage")
    if not ws.settings["Store_Last_Message"] or (
        last is not None and last.get("_id", message["_id"]) != message["_id"]
    ):
        return
    if "reactions" in message:
        copied = {key: {"usernames": list(each["usernames"])} for key, each in message["reactions"].items()}
        room.setdefault("lastMessage", {})["reactions"] = copied
    elif last is not None:
        last.pop("reactions", None)
    ws.touch(room)
