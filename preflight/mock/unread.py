"""Unread: what a new message does to the subscriptions of its room.

For the sender the room is read. For everybody else it opens and calls for attention, and counters rise as the settings
Unread_Count and Unread_Count_DM say; being mentioned by name weighs more than being one of a group that is mentioned.
"""

from typing import Any

from preflight.mock import mentions, subscriptions
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a room, message or subscription

_BY_NAME = frozenset({"all_messages", "user_mentions_only", "user_and_group_mentions_only", "mentions_only"})
_BY_GROUP = frozenset({"all_messages", "group_mentions_only", "user_and_group_mentions_only", "mentions_only"})


def announce(ws: Workspace, room: Document, message: Document) -> None:
    """Tells every member of a room about a message that shows in the room itself."""
    policy = ws.settings["Unread_Count_DM" if room["t"] == "d" else "Unread_Count"]
    now = ws.clock.now()
    by_name, by_group = set(mentions.people(message)), mentions.calls_a_group(message)
    for subscription in ws.subscriptions.of_room(room["_id"]):
        member = subscription["u"]["_id"]
        if member == message["u"]["_id"]:
            subscriptions.read(ws, subscription)
            continue
        subscription.update(open=True, alert=True)
        if member in by_name:
            _count(subscription, "userMentions", weighs=policy in _BY_NAME)
        elif by_group:
            _count(subscription, "groupMentions", weighs=policy in _BY_GROUP)
        elif policy == "all_messages":
            subscription["unread"] += 1
        subscription["_updatedAt"] = now
        ws.tell(subscription)


def _count(subscription: Document, counter: str, *, weighs: bool) -> None:
    subscription[counter] += 1
    subscription["unread"] += weighs
