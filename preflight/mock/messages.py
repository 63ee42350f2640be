"""Messages: how one is written into a room, shown to a viewer, and removed with its room."""

from typing import Any

from preflight.mock import bad_words, mentions, message_parser, receipts, threads, unread, users
from preflight.mock.clock import EPOCH
from preflight.mock.document import copied
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a user, room or message


def post(
    ws: Workspace, user: Document, room: Document, fields: Document, *, previews: list[str] | None = None
) -> Document:
    """Writes a user's message with all its effects on room, thread and subscriptions, and gives it as stored.

    The fields are those of a message (``msg``, ``tmid``, ``attachments``, ``alias``, ...); what is missing is made.
    Nothing is refused here: ``sending`` holds the rules. Where previews are given, other addresses are not previewed.
    """
    root = threads.root_of(ws, fields.get("tmid"))
    message = {key: value for key, value in fields.items() if value is not None or key in _KEPT_EMPTY}
    message.update(
        rid=room["_id"],
        msg=fields.get("msg") or "",
        ts=fields.get("ts") or ws.clock.now(),
        u=users.reference(user),
        _id=fields.get("_id") or ws.ids.short(),
    )
    if root is not None:
        message["tmid"] = root["_id"]
    if isinstance(message.get("attachments"), list):
        message["attachments"] = [_attachment(each) for each in message["attachments"]]
    read_text(ws, message, user, previews)
    if receipts.wanted(ws):
        message["unread"] = True
    ws.touch(message)
    ws.messages.add(message)
    if root is not None:
        threads.count_reply(ws, root, message)
    _note_in_room(ws, room, message)
    return message


# Sent as null these stay, where others count as not sent.
_KEPT_EMPTY = frozenset({"customFields", "groupable"})


def _attachment(sent: Any) -> Document:
    """Gives an attachment as it is kept, with the time of 1970 unless it tells one.

    What is no object becomes one: a text of its letters, a list of its items, anything else of nothing.
    """
    parts = sent if isinstance(sent, str | list) else ()
    named = sent if isinstance(sent, dict) else {str(at): part for at, part in enumerate(parts)}
    return {**named, "ts": named.get("ts") or EPOCH}


def read_text(ws: Workspace, message: Document, user: Document, previews: list[str] | None = None) -> None:
    """Sets what follows from the text of a message: its tree, addresses, mentions and channels."""
    text = message["msg"] = bad_words.cleaned(ws, message["msg"])
    if message.get("parseUrls") is not False:
        message["urls"] = [_url(address, previews) for address in message_parser.addresses(text)]
    message["mentions"] = mentions.of_users(ws, text, user, message["rid"])
    message["channels"] = mentions.of_rooms(ws, text)
    message.pop("md", None)
    if text and message.get("t") != "e2e":
        message["md"] = message_parser.parse(text)


def _url(address: str, previews: list[str] | None) -> Document:
    ignored = previews is not None and address not in previews
    return {"url": address, "meta": {}, **({"ignoreParse": True} if ignored else {})}


def _note_in_room(ws: Workspace, room: Document, message: Document) -> None:
    """Counts a new message; one that shows in the room itself becomes its last, and everybody is told."""
    _note_in_parent(ws, room)
    room["msgs"] += 1
    if is_in_room(message):
        room["lm"] = message["ts"]
        if ws.settings["Store_Last_Message"]:
            room["lastMessage"] = copied(message)
        unread.announce(ws, room, message)
    ws.touch(room)


def _note_in_parent(ws: Workspace, room: Document) -> None:
    """Brings up to date what the parent room says of a discussion: its counters as they were before this message."""
    announcement = ws.messages.announcing(room["_id"]) if "prid" in room else None
    if announcement is not None:
        announcement["dcount"] = room["msgs"]
        if "lm" in room:
            announcement["dlm"] = room["lm"]
        ws.touch(announcement)


def is_in_room(message: Document) -> bool:
    """Tells whether a message shows in the room itself and not only in its thread."""
    return not message.get("tmid") or bool(message.get("tshow"))


def system(ws: Workspace, room: Document, kind: str, text: str, user: Document, **extra: Any) -> Document:
    """Writes a system message such as ``uj`` or ``room_changed_topic``: it counts, and changes nothing else."""
    now = ws.clock.now()
    message = {
        "_id": ws.ids.hex(),
        "t": kind,
        "rid": room["_id"],
        "ts": now,
        "msg": text,
        "u": users.reference(user),
        "groupable": False,
        **extra,
        **({"unread": True} if receipts.wanted(ws) else {}),
        "_updatedAt": now,
    }
    ws.messages.add(message)
    room["msgs"] += 1
    ws.touch(room)
    return message


def of_room(ws: Workspace, rid: str) -> list[Document]:
    """Lists the messages of a room as stored, oldest first, hidden copies among them."""
    return ws.messages.of_room(rid)


def public(ws: Workspace, message: Document, viewer: Document) -> Document:
    """Gives a message as a viewer sees it: with their own star alone, and with real names where the setting says so."""
    shown: Document = copied(message)
    if "starred" in shown:
        shown["starred"] = [star for star in shown["starred"] if star["_id"] == viewer["_id"]]
    if ws.settings["UI_Use_Real_Name"]:
        _show_real_names(ws, shown)
    return shown


def _show_real_names(ws: Workspace, shown: Document) -> None:
    for named in (shown["u"], *shown.get("mentions", ())):
        user = ws.users.get(named["_id"])
        if user is not None and user.get("name"):
            named["name"] = user["name"]
    for reaction in shown.get("reactions", {}).values():
        users = [ws.users.named(username) for username in reaction["usernames"]]
        reaction["names"] = [user.get("name", user["username"]) for user in users if user is not None]


def mirror(ws: Workspace, room: Document, message: Document, *keys: str) -> None:
    """Copies a message, or only some of its keys, into the room's last message, where it is that."""
    last = room.get("lastMessage")
    if not ws.settings["Store_Last_Message"] or last is None or last.get("_id") != message["_id"]:
        return
    if keys:
        last.update({key: copied(message[key]) for key in keys})
    else:
        room["lastMessage"] = copied(message)
    ws.touch(room)


def remove_room(ws: Workspace, room: Document) -> None:
    """Removes all messages of a room, into the trash."""
    now = ws.clock.now()
    for message in ws.messages.remove_room(room["_id"]):
        ws.trash.put("message", message, now)
