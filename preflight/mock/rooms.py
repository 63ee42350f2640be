"""Rooms: how channels, groups, discussions and direct rooms come to be, change, and vanish."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from preflight.mock import messages, subscriptions, users
from preflight.mock.access import has_permission
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room or subscription

GENERAL = "GENERAL"
_NAME = re.compile(r"[0-9a-zA-Z\-_.]+")
_OF_TWO = 2
_CREATE = {"c": "create-c", "p": "create-p"}
_HIDDEN_FROM_LISTS = frozenset({"_USERNAMES", "joinCode", "members", "importIds", "e2e"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a channel or group shall be when it is made; ``extra`` are further keys of the room, as they are."""

    kind: str
    name: str
    members: tuple[str, ...] = ()
    read_only: bool = False
    custom_fields: Mapping[str, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


# -- channels and groups ---------------------------------------------------------------------------------------------


def create(ws: Workspace, creator: Document, plan: Plan) -> Document:
    """Makes a channel or a group as far as permission and name allow; members who do not exist are left out.

    Raises:
        MeteorError: error-not-allowed, error-invalid-name, error-invalid-room-name or error-duplicate-channel-name.
    """
    if not has_permission(ws, creator, _CREATE[plan.kind]):
        method = "createChannel" if plan.kind == "c" else "createPrivateGroup"
        raise MeteorError("error-not-allowed", "Not allowed", {"method": method})
    if not plan.name.strip():
        raise MeteorError("error-invalid-name", "Invalid name", {"function": "RocketChat.createRoom"})
    name = valid_name(ws, plan.name)
    extra = {"customFields": dict(plan.custom_fields or {}), **_encrypted(ws, plan.kind), **plan.extra}
    room = founded(ws, creator, plan, extra, name)
    populate(ws, room, creator, plan.members)
    return room


def _encrypted(ws: Workspace, kind: str) -> Document:
    """Gives the mark of rooms that are encrypted from the start, where the workspace wants that of a kind."""
    setting = {"p": "E2E_Enabled_Default_PrivateRooms", "d": "E2E_Enabled_Default_DirectRooms"}.get(kind)
    return {"encrypted": True} if setting and ws.settings["E2E_Enable"] and ws.settings[setting] else {}


def valid_name(ws: Workspace, name: str, room: Document | None = None) -> str:
    """Gives the name a room may have, or raises MeteorError; a room may keep its own name."""
    details = {"function": "RocketChat.getValidRoomName", "channel_name": name}
    if not _NAME.fullmatch(name) and not ws.settings["UI_Allow_room_names_with_special_chars"]:
        raise MeteorError("error-invalid-room-name", f"{name} is not a valid room name.", details)
    slug = re.sub(r"[^0-9a-zA-Z\-_.]+", "-", name).strip("-")
    holder = ws.rooms.named(slug)
    if holder is not None and holder is not room:
        raise MeteorError("error-duplicate-channel-name", f"A channel with name '{slug}' exists", details)
    return slug


def founded(ws: Workspace, creator: Document, plan: Plan, extra: Mapping[str, Any], slug: str) -> Document:
    """Keeps a new room which nobody is in yet."""
    now = ws.clock.now()
    room: Document = {
        "_id": ws.ids.hex(),
        "fname": plan.name,
        "_updatedAt": now,
        **extra,
        "name": slug,
        "t": plan.kind,
        "msgs": 0,
        "usersCount": 0,
        "u": users.reference(creator),
        "ts": now,
        "ro": plan.read_only,
        "default": False,
        "sysMes": True,
    }
    ws.rooms.add(room)
    return room


def populate(ws: Workspace, room: Document, creator: Document, usernames: Iterable[str]) -> None:
    """Brings the owner and the first members into a new room, without a word in it."""
    subscriptions.owner(ws, room, creator)
    found = (ws.users.named(username) for username in dict.fromkeys(usernames))
    for user in found:
        if user is not None and user is not creator and ws.subscriptions.get(room["_id"], user["_id"]) is None:
            subscriptions.member(ws, room, user)
    room["usersCount"] = len(ws.subscriptions.of_room(room["_id"]))
    ws.touch(room)


def discussion(ws: Workspace, parent: Document, creator: Document, title: str, extra: Mapping[str, Any]) -> Document:
    """Keeps a new discussion which hangs on a room and which nobody is in yet."""
    plan = Plan(kind="p" if parent["t"] in {"p", "d"} else "c", name=title)
    topic = parent.get("name") or ", ".join(parent.get("usernames", ()))
    keys = {**extra, "topic": topic, "prid": parent["_id"], "encrypted": False}
    return founded(ws, creator, plan, keys, ws.ids.short())


def delete(ws: Workspace, room: Document) -> None:
    """Removes a room with its messages, files and subscriptions; the trash keeps what clients ask for."""
    messages.remove_room(ws, room)
    ws.uploads = {key: upload for key, upload in ws.uploads.items() if upload["rid"] != room["_id"]}
    for subscription in ws.subscriptions.of_room(room["_id"]):
        subscriptions.remove(ws, subscription)
    ws.rooms.remove(room)
    ws.trash.put("rooms", room, ws.clock.now())


# -- people ----------------------------------------------------------------------------------------------------------


def join(ws: Workspace, room: Document, user: Document, *, posting: bool = False) -> None:
    """Brings a user into a room by their own will; one who is in it already changes nothing.

    By posting, what is in the room counts as read.
    """
    if ws.subscriptions.get(room["_id"], user["_id"]) is not None:
        return
    (subscriptions.poster if posting else subscriptions.newcomer)(ws, room, user)
    room["usersCount"] += 1
    messages.system(ws, room, "uj", user["username"], user)


# -- the state of a room ---------------------------------------------------------------------------------------------


def archive(ws: Workspace, room: Document, actor: Document) -> None:
    """Archives a channel or group: it is closed for its members, who may still write; repeating it is no error.

    Raises:
        MeteorError: error-direct-message-room or error-not-authorized.
    """
    details = {"method": "archiveRoom"}
    if room["t"] == "d":
        raise MeteorError("error-direct-message-room", "rooms type: d can not be archived", details)
    if not has_permission(ws, actor, "archive-room", room["_id"]):
        raise MeteorError("error-not-authorized", "Not authorized", details)
    room["archived"] = True
    for subscription in ws.subscriptions.of_room(room["_id"]):
        subscription |= {"archived": True, "open": False, "alert": False}
        ws.touch(subscription)
    messages.system(ws, room, "room-archived", "", actor)


def unarchive(ws: Workspace, room: Document, actor: Document) -> None:
    """Takes a room out of the archive and opens it for its members; raises MeteorError error-not-authorized."""
    if not has_permission(ws, actor, "unarchive-room", room["_id"]):
        raise MeteorError("error-not-authorized", "Not authorized", {"method": "unarchiveRoom"})
    room["archived"] = False
    for subscription in ws.subscriptions.of_room(room["_id"]):
        subscription |= {"archived": False, "open": True, "alert": False}
        ws.touch(subscription)
    messages.system(ws, room, "room-unarchived", "", actor)


# -- direct rooms ----------------------------------------------------------------------------------------------------


def open_direct(ws: Workspace, user: Document, usernames: list[str], *, without_caller: bool = False) -> Document:
    """Gives the direct room of a user and others, which is made where there is none; no others gives their own.

    Raises:
        MeteorError: error-invalid-user, error-not-allowed or error-direct-message-max-user-exceeded.
    """
    method = {"method": "createDirectMessage"}
    limit_first = ws.regime.at_least("8.8")
    count = len({name.removeprefix("@") for name in usernames} - {user["username"]}) + 1
    if limit_first:
        _refuse_crowd(ws, count, method)
    people = [_named(ws, name, method) for name in usernames]
    if all(each is user for each in people) and not ws.settings["Message_AllowDirectMessagesToYourself"]:
        raise MeteorError("error-invalid-user", "Invalid user", method)
    everybody = people if without_caller else [user, *people]
    unique = list({each["_id"]: each for each in everybody}.values())
    if without_caller and len(unique) < _OF_TWO:
        # One who opens a room for others alone would be talking about them, not to them.
        raise MeteorError("error-invalid-user", "Invalid user", method)
    existing = ws.rooms.between(each["_id"] for each in unique)
    may_open = existing is not None and has_permission(ws, user, "view-d-room")
    if not may_open and not has_permission(ws, user, "create-d"):
        raise MeteorError("error-not-allowed", "Not allowed", method)
    if not limit_first:
        _refuse_crowd(ws, len(unique), {"method": "createDirectRoom"})
    return _reopened(ws, existing, user) if existing is not None else direct(ws, user, unique)


def _refuse_crowd(ws: Workspace, count: int, details: Document) -> None:
    limit = ws.settings["DirectMesssage_maxUsers"]
    if count > limit:
        reason = f"You cannot add more than {limit} users, including yourself to a direct message"
        raise MeteorError("error-direct-message-max-user-exceeded", reason, details)


def _named(ws: Workspace, username: str, details: Document) -> Document:
    user = ws.users.named(username.removeprefix("@"))
    if user is None:
        raise MeteorError("error-invalid-user", "Invalid user", details)
    return user


def _reopened(ws: Workspace, room: Document, user: Document) -> Document:
    subscription = ws.subscriptions.get(room["_id"], user["_id"])
    if subscription is not None and not subscription["open"]:
        subscriptions.show(ws, subscription)
    return room


def direct(ws: Workspace, creator: Document, people: list[Document]) -> Document:
    """Makes a direct room of these people; one of two has their joined ids as its id."""
    ids = sorted(each["_id"] for each in people)
    usernames = sorted(each["username"] for each in people)
    now = ws.clock.now()
    room: Document = {
        "_id": "".join(ids) if len(ids) == _OF_TWO else ws.ids.hex(),
        "t": "d",
        "usernames": usernames,
        "usersCount": len(people),
        "msgs": 0,
        "ts": now,
        "uids": ids,
        "default": False,
        "ro": False,
        "sysMes": True,
        "_updatedAt": now,
        **_encrypted(ws, "d"),
    }
    if ws.regime.shows_private_usernames:
        room["_USERNAMES"] = usernames
    ws.rooms.add(room)
    for each in people:
        others = [other for other in people if other is not each]
        subscriptions.partner(ws, room, each, others, is_open=each is creator or len(people) > _OF_TWO)
    return room


# -- what is shown ---------------------------------------------------------------------------------------------------


def listed(room: Document) -> Document:
    """Gives a room as lists show it: without what only the room's own page has."""
    return {key: value for key, value in room.items() if key not in _HIDDEN_FROM_LISTS}


def by_id_or_name(ws: Workspace, parameters: Mapping[str, Any], kind: str, *, archived: bool = True) -> Document:
    """Finds the channel or group that roomId or roomName means.

    Raises:
        MeteorError: nothing is given, nothing is found, or it is archived where that is not wanted.
    """
    word, code = _WORDS[kind]
    if not parameters.get("roomId") and not parameters.get("roomName"):
        raise MeteorError(code, 'The parameter "roomId" or "roomName" is required')
    given = parameters.get("roomId")
    room = ws.rooms.get(given) if given else ws.rooms.named(parameters.get("roomName"))
    if room is None or room["t"] != kind:
        reason = f'The required "roomId" or "roomName" param provided does not match any {word}'
        raise MeteorError("error-room-not-found", reason)
    if not archived and room.get("archived"):
        long_word = {"c": "channel", "p": "private group"}[kind]
        raise MeteorError("error-room-archived", f"The {long_word}, {room['name']}, is archived")
    return room


_WORDS = {"c": ("channel", "error-roomid-param-not-provided"), "p": ("group", "error-room-param-not-provided")}
