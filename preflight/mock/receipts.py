"""Receipts: who has read a message, as an enterprise workspace tells it.

A message counts as read by those who have read its room since it was written, its author among them.
"""

from random import Random
from typing import Any

from preflight.mock import users
from preflight.mock.ids import Ids
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a message or receipt


def of_message(ws: Workspace, message: Document) -> list[Document]:
    """Lists the receipts of a message in the order in which its readers came into the room."""
    readers = (
        (subscription, ws.users.get(subscription["u"]["_id"]))
        for subscription in ws.subscriptions.of_room(message["rid"])
        if "ls" in subscription and subscription["ls"] >= message["ts"]
    )
    return [
        {
            "_id": _id(message, user),
            "roomId": message["rid"],
            "userId": user["_id"],
            "messageId": message["_id"],
            "ts": subscription["ls"],
            "user": users.reference(user),
        }
        for subscription, user in readers
        if user is not None
    ]


def wanted(ws: Workspace) -> bool:
    """Tells whether messages bear the mark ``unread`` until everybody in their room has read them."""
    return ws.licensed and bool(ws.settings["Message_Read_Receipt_Enabled"])


def note_reading(ws: Workspace, room_id: str) -> None:
    """Takes the mark from the messages that everybody in a room has read by now."""
    if not wanted(ws):
        return
    seen = [each.get("ls") for each in ws.subscriptions.of_room(room_id) if not each.get("archived")]
    if not seen or None in seen:
        return
    until = min(moment for moment in seen if moment is not None)
    for message in ws.messages.of_room(room_id):
        if message.get("unread") and message["ts"] <= until:
            del message["unread"]
            ws.touch(message)


def _id(message: Document, user: Document) -> str:
    """Gives the same id each time the same user's receipt of the same message is shown."""
    seed = f"{message['_id']} {user['_id']}"
    return Ids(Random(seed)).short()  # noqa: S311 - it names a receipt and guards nothing
