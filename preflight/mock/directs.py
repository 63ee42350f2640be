"""Directs: how a direct room is found by what a request says of it, and what its member is told of it."""

from typing import Any

from preflight.mock import messages, rooms
from preflight.mock.access import can_access_room, has_permission
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room, subscription or message


def meant(ws: Workspace, user: Document, given: Any) -> Document:
    """Gives the direct room that an id, or the id or username of the other person, means.

    Naming a person with whom there is no room yet makes one, on reading operations too.

    Raises:
        MeteorError: invalid-channel, when it means no direct room.
        Failure: when it is an object.
    """
    if isinstance(given, dict):
        raise Failure("nameOrId.startsWith is not a function")
    name = str(given).removeprefix("@") if given is not None else ""
    other = ws.users.named(name) or ws.users.get(name)
    if other is not None:
        existing = ws.rooms.between({user["_id"], other["_id"]})
        return existing or rooms.open_direct(ws, user, [other["username"]])
    room = ws.rooms.get(name)
    if room is None or room["t"] != "d":
        raise MeteorError("invalid-channel")
    return room


def of(ws: Workspace, user: Document) -> list[Document]:
    """Lists the direct rooms that a user is subscribed to, closed ones too."""
    mine = (ws.rooms.get(each["rid"]) for each in ws.subscriptions.of_user(user["_id"]) if each["t"] == "d")
    return [room for room in mine if room is not None]


def counters(ws: Workspace, asker: Document, room: Document, user_id: str) -> Document:
    """Tells how many people, messages and unread ones a direct room has for one of its members."""
    subscription = ws.subscriptions.get(room["_id"], user_id)
    joined = subscription is not None and (subscription["open"] or not ws.regime.counters_need_an_open_room)
    told: Document = dict.fromkeys(
        ("joined", "members", "unreads", "unreadsFrom", "msgs", "latest", "userMentions"), None
    )
    told["joined"] = joined
    if joined and subscription is not None:
        told |= _unread(ws, room, subscription)
        told["userMentions"] = subscription["userMentions"]
    if joined or has_permission(ws, asker, "view-room-administration"):
        members = len(_active(ws, room)) if ws.regime.members_counts_active_users else room["usersCount"]
        told |= {"members": members, "msgs": room["msgs"], "latest": room.get("lm", room["_updatedAt"])}
    return told


def _unread(ws: Workspace, room: Document, subscription: Document) -> Document:
    seen = subscription.get("ls")
    if not ws.regime.counters_need_an_open_room:
        return {"unreads": subscription["unread"], "unreadsFrom": seen if seen and room["msgs"] else None}
    if seen is None:
        return {"unreads": None, "unreadsFrom": None}
    latest = room.get("lm", room["_updatedAt"])
    waiting = [each for each in messages.of_room(ws, room["_id"]) if seen <= each["ts"] <= latest]
    return {"unreads": len([each for each in waiting if not each.get("_hidden")]), "unreadsFrom": seen}


def _active(ws: Workspace, room: Document) -> list[Document]:
    people = (ws.users.get(user_id) for user_id in room["uids"])
    return [person for person in people if person is not None and person["active"]]


def members(ws: Workspace, room: Document, statuses: list[str] | None, text: str | None) -> list[Document]:
    """Lists the active people of a direct room, whoever changed last first."""
    wanted = (text or "").lower()
    found = [
        person
        for person in _active(ws, room)
        if (statuses is None or person["status"] in statuses)
        and (wanted in person["username"].lower() or wanted in person.get("name", "").lower())
    ]
    return sorted(found, key=lambda person: person["_updatedAt"], reverse=True)


def member_shown(ws: Workspace, room: Document, person: Document) -> Document:
    """Gives what a room tells of one of its people; newer releases add their subscription."""
    keys = ("_id", "username", "status", "name", "statusText", "utcOffset")
    shown = {key: person[key] for key in keys if key in person}
    subscription = ws.subscriptions.get(room["_id"], person["_id"])
    if not ws.regime.at_least("8.0") or subscription is None:
        return shown
    told = {key: subscription[key] for key in ("_id", "ts", "roles") if key in subscription}
    return {**shown, "subscription": told}


def block(ws: Workspace, user: Document, room: Document | None, *, wanted: bool) -> None:
    """Lets neither of two people write to the other, or lets them again; raises MeteorError where there are not two."""
    mine, theirs = _pair(ws, user, room)
    for subscription, key in ((mine, "blocked"), (theirs, "blocker")):
        if wanted:
            subscription[key] = True
        else:
            subscription.pop(key, None)
        ws.touch(subscription)


def _pair(ws: Workspace, user: Document, room: Document | None) -> tuple[Document, Document]:
    """Gives the subscriptions of a user and their partner in a room of two."""
    mine = ws.subscriptions.get(room["_id"], user["_id"]) if room is not None else None
    others = [each for each in ws.subscriptions.of_room(room["_id"]) if each is not mine] if room is not None else []
    if mine is None or mine["t"] != "d" or len(others) != 1:
        raise MeteorError("error-invalid-room", "Invalid room", {"method": "im.blockUser"})
    return mine, others[0]


def erase(ws: Workspace, user: Document, room: Document) -> None:
    """Removes a direct room for everybody in it; raises MeteorError error-not-allowed."""
    if not can_access_room(ws, room, user) and not has_permission(ws, user, "view-room-administration"):
        raise MeteorError("error-not-allowed", "Not allowed")
    if not has_permission(ws, user, "delete-d", room["_id"]):
        raise MeteorError("error-not-allowed", "Not allowed", {"method": "eraseRoom"})
    rooms.delete(ws, room)
