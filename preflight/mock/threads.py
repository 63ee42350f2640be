"""Threads: what a reply does to the message it answers and to those who follow, and who follows."""

from typing import Any

from preflight.mock import mentions
from preflight.mock.access import accessible_room
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a user, message or subscription


def root_of(ws: Workspace, tmid: Any) -> Document | None:
    """Gives the message that a thread hangs on: a reply to a reply belongs to the thread of the first."""
    parent = ws.messages.get(tmid)
    if parent is not None and parent.get("tmid"):
        return ws.messages.get(parent["tmid"]) or parent
    return parent


def count_reply(ws: Workspace, root: Document, reply: Document) -> None:
    """Counts a new reply, and tells the followers of the thread."""
    before = list(root.get("replies", ()))
    mentioned = mentions.people(reply)
    sender = reply["u"]["_id"]
    opening = [] if before else [root["u"]["_id"]]
    followers = list(dict.fromkeys([*before, *opening, sender, *mentioned]))
    root.update(replies=followers, tlm=reply["ts"], tcount=root.get("tcount", 0) + 1)
    ws.touch(root)
    _mark_unread(ws, root, reply, set(before), set(mentioned))
    if not reply.get("tshow"):
        _alert(ws, root, reply, followers)


def _mark_unread(ws: Workspace, root: Document, reply: Document, before: set[str], mentioned: set[str]) -> None:
    """Notes the thread as unread for those who followed it already and for those whom the reply mentions."""
    now = ws.clock.now()
    for user_id in (before | mentioned) - {reply["u"]["_id"]}:
        subscription = ws.subscriptions.get(root["rid"], user_id)
        if subscription is None:
            continue
        _add(subscription, "tunread", root["_id"])
        if user_id in mentioned:
            _add(subscription, "tunreadUser", root["_id"])
        elif mentions.calls_a_group(reply):
            _add(subscription, "tunreadGroup", root["_id"])
        subscription["_updatedAt"] = now
        ws.tell(subscription)


def _alert(ws: Workspace, root: Document, reply: Document, followers: list[str]) -> None:
    """Notes the time of the reply for all followers, and calls those who did not write it."""
    now = ws.clock.now()
    for user_id in followers:
        subscription = ws.subscriptions.get(root["rid"], user_id)
        if subscription is None:
            continue
        subscription["lr"] = now
        if user_id != reply["u"]["_id"]:
            subscription["alert"] = True
        subscription["_updatedAt"] = now
        ws.tell(subscription)


def _add(document: Document, key: str, value: str) -> None:
    if value not in document.setdefault(key, []):
        document[key].append(value)


def _drop(document: Document, key: str, value: str) -> None:
    if value in document.get(key, ()):
        document[key].remove(value)


def discount_reply(ws: Workspace, reply: Document) -> None:
    """Takes a removed reply out of the count of its thread; the time of the last reply and the followers stay."""
    root = ws.messages.get(reply["tmid"])
    if root is not None and root.get("tcount", 0) > 0:
        root["tcount"] -= 1
        ws.touch(root)


def follow(ws: Workspace, user: Document, message_id: Any) -> None:
    """Makes a user follow a message; raises MeteorError where threads are off or they may not see it."""
    message = _followable(ws, user, message_id, "followMessage")
    _add(message, "replies", user["_id"])
    ws.touch(message)


def unfollow(ws: Workspace, user: Document, message_id: Any) -> None:
    """Makes a user follow a message no more, and forgets that it was unread; raises as ``follow`` does."""
    message = _followable(ws, user, message_id, "unfollowMessage")
    if user["_id"] in message.get("replies", ()):
        _drop(message, "replies", user["_id"])
        ws.touch(message)
    subscription = ws.subscriptions.get(message["rid"], user["_id"])
    if subscription is not None:
        for key in ("tunread", "tunreadUser", "tunreadGroup"):
            _drop(subscription, key, message["_id"])
        ws.touch(subscription)


def _followable(ws: Workspace, user: Document, message_id: Any, method: str) -> Document:
    if not ws.settings["Threads_enabled"]:
        raise MeteorError("error-not-allowed", "not-allowed", {"method": method})
    message = ws.messages.get(message_id)
    if message is None:
        raise MeteorError("error-invalid-message", "Invalid message", {"method": method})
    if accessible_room(ws, message["rid"], user) is None:
        raise MeteorError("error-not-allowed", "not-allowed", {"method": method})
    return message


def of_room(ws: Workspace, room_id: str, user: Document, *, kind: str | None = None) -> list[Document]:
    """Lists the messages of a room that have been answered; kind ``following`` or ``unread`` keeps the user's own."""
    roots = [message for message in ws.messages.of_room(room_id) if "tcount" in message and not message.get("_hidden")]
    if kind == "following":
        return [message for message in roots if user["_id"] in message.get("replies", ())]
    if kind == "unread":
        subscription = ws.subscriptions.get(room_id, user["_id"]) or {}
        return [message for message in roots if message["_id"] in subscription.get("tunread", ())]
    return roots
