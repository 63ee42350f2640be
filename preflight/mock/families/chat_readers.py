"""The chat routes that only read: messages alone and in lists, threads, what changed, and who read what."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from preflight.mock import messages, previews, receipts, stars, sync, threads
from preflight.mock.access import accessible_room
from preflight.mock.call import Call
from preflight.mock.clock import EPOCH
from preflight.mock.message_parameters import (
    DATE,
    FILLED,
    FILLED_DATE,
    OPTIONAL_TEXT,
    PAGED,
    PART,
    TEXT,
    VALIDATING,
    closed,
    date,
    given,
    optional_text,
    seen_room,
    since,
)
from preflight.mock.message_shape import check_text
from preflight.mock.refusals import BareFailure, Failure, MeteorError
from preflight.mock.routing import Body, Routes
from preflight.mock.search import Search
from preflight.mock.trash import tombstone
from preflight.mock.validation import Schema

Document = dict[str, Any]  # a stored document

ROUTES = Routes()

_NEWEST_FIRST = {"ts": -1}
_OLDEST_FIRST = {"ts": 1}


def _shower(call: Call) -> Callable[[Document], Document]:
    return partial(_shown, call)


def _shown(call: Call, message: Document) -> Document:
    return messages.public(call.workspace, message, call.caller)


def _visible(call: Call, room: Document) -> list[Document]:
    """Lists the messages of a room without the hidden copies."""
    return [message for message in messages.of_room(call.workspace, room["_id"]) if not message.get("_hidden")]


def _not_allowed(method: str | None = None) -> MeteorError:
    return MeteorError("error-not-allowed", "Not allowed", {"method": method} if method else None)


# -- one message -----------------------------------------------------------------------------------------------------


@ROUTES.route("GET", "chat.getMessage", query=since(VALIDATING, closed({"msgId": FILLED}, "msgId")))
def get_message(call: Call) -> Body:
    """Gives one message."""
    message_id = given(call, "msgId", Failure('The "msgId" query parameter must be provided.'))
    check_text(message_id)
    message = call.workspace.messages.get(message_id)
    if message is None:
        raise BareFailure
    seen_room(call, message["rid"], _not_allowed("getSingleMessage"))
    return {"message": _shown(call, message)}


@ROUTES.route("GET", "chat.getMessageReadReceipts", query=since(VALIDATING, closed({"messageId": TEXT}, "messageId")))
def get_message_read_receipts(call: Call) -> Body:
    """Tells who has read a message."""
    ws = call.workspace
    if not ws.licensed:
        raise MeteorError("error-action-not-allowed", "This is an enterprise feature")
    message_id = given(call, "messageId", Failure("The required 'messageId' param is missing."))
    message = ws.messages.get(message_id)
    details = {"method": "getReadReceipts"}
    if message is None:
        raise MeteorError("error-invalid-message", "Invalid message", details)
    seen_room(call, message["rid"], MeteorError("error-invalid-room", "Invalid room", details))
    return {"receipts": receipts.of_message(ws, message)}


@ROUTES.route("GET", "chat.getURLPreview", query=closed({"roomId": TEXT, "url": TEXT}, "roomId", "url"))
def get_url_preview(call: Call) -> Body:
    """Tells what an address is about."""
    seen_room(call, call.query["roomId"], _not_allowed())
    return {"urlPreview": {**previews.preview(call.workspace, call.query["url"]), "ignoreParse": True}}


# -- lists of a room -------------------------------------------------------------------------------------------------

ROOM = closed({"roomId": FILLED, **PAGED}, "roomId")


def _missing(name: str, code: str = "error-invalid-params", full_stop: str = ".") -> MeteorError:
    return MeteorError(code, f'The required "{name}" query param is missing{full_stop}')


@ROUTES.route("GET", "chat.getPinnedMessages", query=since(VALIDATING, ROOM))
def get_pinned_messages(call: Call) -> Body:
    """Lists what is pinned in a room, oldest first whatever sort says."""
    room_id = given(call, "roomId", _missing("roomId", "error-roomId-param-not-provided"))
    room = seen_room(call, room_id, _not_allowed())
    pinned = [message for message in _visible(call, room) if message.get("pinned") and message.get("t") != "rm"]
    return call.paged("messages", pinned, _shower(call))


@ROUTES.route("GET", "chat.getStarredMessages", query=since(VALIDATING, ROOM))
def get_starred_messages(call: Call) -> Body:
    """Lists what the caller has starred in a room, newest first."""
    return _listed(call, lambda message: stars.is_starred_by(message, call.caller))


@ROUTES.route("GET", "chat.getMentionedMessages", query=since(VALIDATING, ROOM))
def get_mentioned_messages(call: Call) -> Body:
    """Lists where the caller is mentioned in a room, newest first."""
    name = call.caller["username"]
    return _listed(call, lambda message: any(user["username"] == name for user in message.get("mentions", ())))


@ROUTES.route(
    "GET",
    "chat.getDiscussions",
    query=since(VALIDATING, closed({"roomId": FILLED, "text": OPTIONAL_TEXT, **PART}, "roomId")),
)
def get_discussions(call: Call) -> Body:
    """Lists the messages by which discussions of a room were announced, newest first."""
    text = str(call.query.get("text") or "").casefold()
    return _listed(call, lambda message: "drid" in message and text in message["msg"].casefold())


def _listed(call: Call, wanted: Callable[[Document], bool]) -> Body:
    room_id = given(call, "roomId", _missing("roomId"))
    selection = call.selection()
    room = seen_room(call, room_id, Failure("error-not-allowed"))
    found = [message for message in _visible(call, room) if wanted(message)]
    return call.paged("messages", selection.ordered(found, _NEWEST_FIRST), _shower(call))


@ROUTES.route(
    "GET",
    "chat.search",
    query=since(VALIDATING, closed({"roomId": TEXT, "searchText": TEXT, **PART}, "roomId", "searchText")),
)
def search(call: Call) -> Body:
    """Finds messages of a room by their text."""
    room_id = given(call, "roomId", _missing("roomId", "error-roomId-param-not-provided"))
    text = given(call, "searchText", _missing("searchText", "error-searchText-param-not-provided"))
    check_text(text)
    page = call.page()
    refusal = BareFailure() if call.regime.at_least("7.0") else Failure("Cannot read property 'docs' of undefined")
    room = accessible_room(call.workspace, room_id, call.caller)
    if room is None:
        raise refusal
    found = Search(text, call.caller).among(messages.of_room(call.workspace, room["_id"]))
    return {"messages": [_shown(call, message) for message in page.cut(found)]}


# -- threads ---------------------------------------------------------------------------------------------------------

_THREADS_DISABLED = MeteorError("error-not-allowed", "Threads Disabled")
_NOT_ALLOWED_HERE = MeteorError("error-not-allowed", "Not Allowed")
THREADS = closed(
    {
        "rid": TEXT,
        "type": {"type": "string", "enum": ["unread", "following"], "nullable": True},
        "text": OPTIONAL_TEXT,
        **PAGED,
        "query": OPTIONAL_TEXT,
        "fields": OPTIONAL_TEXT,
    },
    "rid",
)


@ROUTES.route("GET", "chat.getThreadsList", query=since(VALIDATING, THREADS))
def get_threads_list(call: Call) -> Body:
    """Lists the threads of a room, the one last answered first."""
    room_id = call.query.get("rid")
    if room_id is None:
        raise Failure("Match error: Expected string, got undefined")
    check_text(room_id)
    kind, text = (optional_text(call, name) for name in ("type", "text"))
    selection = call.selection()
    if not call.workspace.settings["Threads_enabled"]:
        raise _THREADS_DISABLED
    room = seen_room(call, room_id, _NOT_ALLOWED_HERE)
    found = threads.of_room(call.workspace, room["_id"], call.caller, kind=kind)
    if text:
        found = [message for message in found if re.search(re.escape(text), message["msg"], re.IGNORECASE)]
    ordered = selection.ordered(found, {"tlm": -1})
    return call.paged("threads", ordered, lambda message: selection.shown(_shown(call, message)))


def _thread(call: Call) -> tuple[Document, str]:
    """Gives the room and the id of the thread that ``tmid`` means; raises MeteorError."""
    tmid = given(call, "tmid", _missing("tmid"))
    if not call.workspace.settings["Threads_enabled"]:
        raise _THREADS_DISABLED
    message = call.workspace.messages.get(tmid)
    if message is None:
        raise MeteorError("error-invalid-message", "Invalid Message")
    return seen_room(call, message["rid"], _NOT_ALLOWED_HERE), message["_id"]


_REPLIES: Mapping[str, Schema] = {"tmid": FILLED, **PAGED}


def _replies_schema(regime: Any) -> Schema | None:
    if regime.at_least("8.8"):
        return closed({**_REPLIES, "aroundId": OPTIONAL_TEXT}, "tmid")
    return closed(_REPLIES, "tmid") if regime.at_least(VALIDATING) else None


@ROUTES.route("GET", "chat.getThreadMessages", query=_replies_schema)
def get_thread_messages(call: Call) -> Body:
    """Lists the replies of a thread, oldest first, as they are stored: the stars of others show."""
    given(call, "tmid", _missing("tmid"))
    selection = call.selection()
    _room, tmid = _thread(call)
    replies = selection.matching(call.workspace.messages.of_thread(tmid))
    if call.regime.at_least("8.8"):
        replies = [reply for reply in replies if not reply.get("_hidden")]
        if call.query.get("aroundId"):
            return _around(call, replies)
    return call.paged("messages", selection.ordered(replies, _OLDEST_FIRST), selection.shown)


def _around(call: Call, replies: list[Document]) -> Body:
    """Gives the page in the middle of which a reply stands, with the offset that turned out."""
    at = next((at for at, reply in enumerate(replies) if reply["_id"] == call.query["aroundId"]), None)
    if at is None:
        reason = 'The provided "aroundId" does not belong to the thread'
        raise MeteorError("error-invalid-message", reason)
    count = call.page().count
    offset = max(0, at - count // 2) if count else 0
    part = replies[offset : offset + count] if count else replies
    return {"messages": part, "count": len(part), "offset": offset, "total": len(replies)}


# -- what changed ----------------------------------------------------------------------------------------------------


def _updated_since(call: Call) -> datetime:
    code = "error-updatedSince-param-invalid"
    given(call, "updatedSince", MeteorError(code, 'The required param "updatedSince" is missing.'))
    return date(call, "updatedSince", MeteorError(code, 'The "updatedSince" query parameter must be a valid date.'))


@ROUTES.route(
    "GET",
    "chat.syncThreadsList",
    query=since(VALIDATING, closed({"rid": TEXT, "updatedSince": DATE}, "rid", "updatedSince")),
)
def sync_threads_list(call: Call) -> Body:
    """Tells which threads of a room changed or vanished since a moment."""
    ws = call.workspace
    if not ws.settings["Threads_enabled"]:
        raise _THREADS_DISABLED
    room_id = given(call, "rid", _missing_rid())
    moment = _updated_since(call)
    selection = call.selection()
    room = seen_room(call, room_id, _NOT_ALLOWED_HERE)
    changed = [each for each in threads.of_room(ws, room["_id"], call.caller) if each["_updatedAt"] > moment]
    removed = [each for each in ws.trash.since("message", moment, rid=room["_id"]) if "tcount" in each]
    return {"threads": {"update": selection.ordered(changed), "remove": removed}}


def _missing_rid() -> MeteorError:
    return MeteorError("error-room-id-param-not-provided", 'The required "rid" query param is missing.')


@ROUTES.route(
    "GET",
    "chat.syncThreadMessages",
    query=since(VALIDATING, closed({"tmid": TEXT, "updatedSince": DATE, **PAGED}, "tmid", "updatedSince")),
)
def sync_thread_messages(call: Call) -> Body:
    """Tells which replies of a thread changed or vanished since a moment."""
    ws = call.workspace
    given(call, "tmid", _missing("tmid"))
    moment = _updated_since(call)
    selection = call.selection()
    _room, tmid = _thread(call)
    changed = [reply for reply in ws.messages.of_thread(tmid) if reply["_updatedAt"] > moment]
    removed = ws.trash.since("message", moment, tmid=tmid)
    return {"messages": {"update": selection.ordered(changed), "remove": removed}}


@ROUTES.route(
    "GET",
    "chat.getDeletedMessages",
    query=since(VALIDATING, closed({"roomId": FILLED, "since": FILLED_DATE, **PAGED}, "roomId", "since")),
)
def get_deleted_messages(call: Call) -> Body:
    """Lists the ids of what was deleted in a room since a moment; whoever asks, and whether the room is known."""
    room_id = given(call, "roomId", MeteorError('The required "roomId" query param is missing.'))
    given(call, "since", MeteorError('The required "since" query param is missing.'))
    moment = date(call, "since", MeteorError('The "since" query parameter must be a valid date.'))
    removed = call.workspace.trash.since("message", moment, rid=room_id)
    return call.paged("messages", removed, lambda each: {"_id": each["_id"]})


_CHANGES: Mapping[str, Schema] = {
    "roomId": TEXT,
    "lastUpdate": OPTIONAL_TEXT,
    "count": PART["count"],
    "next": OPTIONAL_TEXT,
    "previous": OPTIONAL_TEXT,
    "type": {"type": "string", "enum": ["UPDATED", "DELETED"], "nullable": True},
}


def _changes_schema(regime: Any) -> Schema | None:
    if regime.at_least("8.8"):
        return closed({**_CHANGES, "fromTs": {**DATE, "nullable": True}}, "roomId")
    return closed(_CHANGES, "roomId") if regime.at_least(VALIDATING) else None


@ROUTES.route("GET", "chat.syncMessages", until="7.0")
def sync_messages_since(call: Call) -> Body:
    """Tells what changed in a room since a moment."""
    room_id = given(call, "roomId", _missing("roomId", "error-roomId-param-not-provided"))
    given(call, "lastUpdate", _missing("lastUpdate", "error-lastUpdate-param-not-provided"))
    reason = 'The "lastUpdate" query parameter must be a valid date.'
    moment = date(call, "lastUpdate", MeteorError("error-roomId-param-invalid", reason))
    check_text(room_id)
    room = seen_room(call, room_id, _not_allowed("messages/get"))
    return {"result": _since(call, room, moment)}


def _since(call: Call, room: Document, moment: datetime) -> Document:
    changed = [message for message in reversed(_changeable(call, room)) if message["_updatedAt"] > moment]
    removed = call.workspace.trash.since("message", moment, rid=room["_id"])
    return {"updated": [_shown(call, each) for each in changed], "deleted": [tombstone(each) for each in removed]}


def _changeable(call: Call, room: Document) -> list[Document]:
    """Lists the messages of a room that a client keeps up to date, from a moment on where ``fromTs`` names one."""
    found = _visible(call, room)
    if not call.query.get("fromTs"):
        return found
    start = date(call, "fromTs", MeteorError("error-fromTs-param-invalid"))
    return [message for message in found if message["ts"] >= start]


@ROUTES.route("GET", "chat.syncMessages", query=_changes_schema, since="7.0")
def sync_messages(call: Call) -> Body:
    """Tells what changed in a room since a moment, or page by page what was updated or deleted."""
    room_id = given(call, "roomId", _missing("roomId", "error-param-required", full_stop=""))
    kind, last_update = call.query.get("type"), call.query.get("lastUpdate")
    if not kind and not last_update:
        reason = 'The "type" or "lastUpdate" parameters must be provided'
        raise MeteorError("error-param-required", reason)
    if last_update:
        reason = 'The "lastUpdate" query parameter must be a valid date'
        moment = date(call, "lastUpdate", MeteorError("error-lastUpdate-param-invalid", reason))
    room = seen_room(call, room_id, _not_allowed("messages/get"))
    _check_cursor(call)
    return {"result": _since(call, room, moment) if not kind else _paged_changes(call, room, kind)}


def _check_cursor(call: Call) -> None:
    """Demands that the parameters of a cursor fit each other; raises MeteorError."""
    after, before = call.query.get("next"), call.query.get("previous")
    if (after or before) and not call.query.get("type"):
        reason = 'The "type" parameter is required when using the "next" or "previous" parameters'
        raise MeteorError("error-type-param-required", reason)
    if after and before:
        reason = 'You cannot provide both "next" and "previous" parameters'
        raise MeteorError("error-cursor-conflict", reason)
    if (after or before) and call.query.get("lastUpdate"):
        reason = 'The attributes "next", "previous" and "lastUpdate" cannot be used together'
        raise MeteorError("error-cursor-and-lastUpdate-conflict", reason)


def _paged_changes(call: Call, room: Document, kind: str) -> Document:
    count = int(call.query.get("count") or sync.DEFAULT_COUNT)
    cursor = {"after": call.query.get("next") or None, "before": call.query.get("previous") or None}
    if kind == "UPDATED":
        page = sync.page(_changeable(call, room), "_updatedAt", count=count, **cursor)
        return {"updated": [_shown(call, each) for each in page.items], "deleted": [], "cursor": page.cursor}
    removed = call.workspace.trash.since("message", EPOCH, rid=room["_id"])
    page = sync.page(removed, "_deletedAt", count=count, **cursor)
    return {"updated": [], "deleted": [tombstone(each) for each in page.items], "cursor": page.cursor}
