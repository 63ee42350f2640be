"""Faults of authorization: who may not is let in, is told too much, or changes what is not theirs."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from preflight.mock import messages
from preflight.mock.access import can_access_room
from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.fault import Fault, Memory
from preflight.mock.faults.tampering import OK, After, Before
from preflight.mock.method import Invocation, Outcome
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored document
Sent = dict[str, Any]  # what a request says
Invoking = Callable[[Invocation, Memory], Invocation | Outcome]
Invoked = Callable[[Invocation, Outcome, Memory], Outcome]
Of = Callable[[Sent, Document], bool]  # tells of a request and of the room that it is about whether a fault concerns it

_ROOM_KEYS = ("roomId", "rid", "channel", "roomName")
_MESSAGE_KEYS = ("msgId", "messageId", "mid", "tmid")

# -- what a request is about -----------------------------------------------------------------------------------------


def _sent(call: Call) -> Sent:
    """Gives what a request says, in query and body, the message of a body included."""
    message = call.body.get("message")
    return {**call.query, **call.body, **(message if isinstance(message, dict) else {})}


def _said(call: Invocation) -> Sent:
    """Gives what a call says: its first parameter is a room or an object that names one, or an event of one."""
    given = call.param(0)
    return dict(given) if isinstance(given, dict) else {"rid": str(given).partition("/")[0]}


def _message_of(ws: Workspace, sent: Sent) -> Document | None:
    found = (ws.messages.get(sent.get(key)) for key in _MESSAGE_KEYS)
    return next((message for message in found if message is not None), None)


def _room_of(ws: Workspace, sent: Sent) -> Document | None:
    """Gives the room of the message that is named, or that which is named itself."""
    message = _message_of(ws, sent)
    if message is not None:
        return ws.rooms.get(message["rid"])
    named = [str(sent[key]).removeprefix("#") for key in _ROOM_KEYS if key in sent]
    found = (ws.rooms.get(each) or ws.rooms.named(each) for each in named)
    return next((room for room in found if room is not None), None)


def _closed_to(ws: Workspace, user: Document | None, sent: Sent) -> Document | None:
    """Gives the room that a request is about where the caller may not see it."""
    room = _room_of(ws, sent)
    return room if user is not None and room is not None and not can_access_room(ws, room, user) else None


def _member(ws: Workspace, room: Document) -> Document:
    """Gives the one who has been longest in a room."""
    return next(user for each in ws.subscriptions.of_room(room["_id"]) if (user := ws.users.get(each["u"]["_id"])))


def _any(_sent: Sent, _room: Document) -> bool:
    return True


def _direct(_sent: Sent, room: Document) -> bool:
    return bool(room["t"] == "d")


def _discussion(_sent: Sent, room: Document) -> bool:
    return bool(room.get("prid"))


def _thread(sent: Sent, _room: Document) -> bool:
    return bool(sent.get("tmid"))


# -- how outsiders get in --------------------------------------------------------------------------------------------


def _as_member(of: Of = _any) -> Before:
    """Treats who may not see a room as one of its members."""

    def before(call: Call, _memory: Memory) -> Call:
        sent = _sent(call)
        room = _closed_to(call.workspace, call.user, sent)
        return call if room is None or not of(sent, room) else replace(call, user=_member(call.workspace, room))

    return before


def _as_member_for_the_second(call: Call, memory: Memory) -> Call:
    """Looks at the rights of the first who may not see a room, and lets in whoever comes after them."""
    if call.user is None or _closed_to(call.workspace, call.user, _sent(call)) is None:
        return call
    first = memory.setdefault("first", call.user["_id"])
    return call if call.user["_id"] == first else _as_member()(call, memory)  # type: ignore[return-value] # never answers


def _calls_as_member(of: Of = _any) -> Invoking:
    """Treats who may not see a room as one of its members."""

    def invoking(call: Invocation, _memory: Memory) -> Invocation:
        sent = _said(call)
        room = _closed_to(call.workspace, call.user, sent)
        return call if room is None or not of(sent, room) else replace(call, user=_member(call.workspace, room))

    return invoking


# -- how refusals tell too much --------------------------------------------------------------------------------------


def _telling(what: Callable[[Workspace, Document], Any]) -> After:
    """Adds something of the room to the refusal of who may not see it."""

    def after(call: Call, answer: Answer, _memory: Memory) -> Answer:
        room = _closed_to(call.workspace, call.user, _sent(call))
        if answer.status == OK or room is None:
            return answer
        return replace(answer, body={**answer.body, "details": what(call.workspace, room)})

    return after


def _error_telling(what: Callable[[Workspace, Document], Any]) -> Invoked:
    """Adds something of the room to the error of who may not see it."""

    def invoked(call: Invocation, outcome: Outcome, _memory: Memory) -> Outcome:
        room = _closed_to(call.workspace, call.user, _said(call))
        if outcome.error is None or room is None:
            return outcome
        return Outcome(error={**outcome.error, "details": what(call.workspace, room)})

    return invoked


def _its_name(_ws: Workspace, room: Document) -> str:
    return str(room.get("name"))


def _its_topic(_ws: Workspace, room: Document) -> str:
    return f"about {room.get('topic')}"


def _its_members(ws: Workspace, room: Document) -> list[str]:
    return [str(each["u"]["username"]) for each in ws.subscriptions.of_room(room["_id"])]


def _its_last_message(_ws: Workspace, room: Document) -> str:
    return str(room.get("lastMessage", {}).get("msg"))


def _its_files(ws: Workspace, room: Document) -> list[str]:
    return [str(each["file"]["name"]) for each in ws.messages.of_room(room["_id"]) if "file" in each]


# -- how answers are worded otherwise --------------------------------------------------------------------------------


def _answered(status: int, **body: Any) -> After:
    """Answers who may not see a room otherwise than it should."""

    def after(call: Call, answer: Answer, _memory: Memory) -> Answer:
        room = _closed_to(call.workspace, call.user, _sent(call))
        refused = answer.status != OK and room is not None
        return replace(answer, status=status, body={"success": status == OK, **body}) if refused else answer

    return after


def _result_for_outsiders(result: Any) -> Invoked:
    """Gives a result where a call about a closed room was refused."""

    def invoked(call: Invocation, outcome: Outcome, _memory: Memory) -> Outcome:
        room = _closed_to(call.workspace, call.user, _said(call))
        return Outcome(result=result) if outcome.error is not None and room is not None else outcome

    return invoked


# -- how it is done all the same -------------------------------------------------------------------------------------


def _all_the_same(do: Callable[[Call, Document, Document], None]) -> After:
    """Does something to the message that an outsider names, whatever it answers."""

    def after(call: Call, answer: Answer, _memory: Memory) -> Answer:
        sent = _sent(call)
        message, room = _message_of(call.workspace, sent), _closed_to(call.workspace, call.user, sent)
        if message is not None and room is not None and call.user is not None:
            do(call, message, call.user)
            call.workspace.touch(message)
        return answer

    return after


def _edited(call: Call, message: Document, user: Document) -> None:
    message["msg"] = str(call.body.get("text"))
    messages.read_text(call.workspace, message, user)


def _reacted(call: Call, message: Document, user: Document) -> None:
    message.setdefault("reactions", {})[str(call.body.get("emoji"))] = {"usernames": [user["username"]]}


def _pinned(_call: Call, message: Document, _user: Document) -> None:
    message["pinned"] = True


def _followed(_call: Call, message: Document, user: Document) -> None:
    message.setdefault("replies", []).append(user["_id"])


def _starred(call: Call, message: Document, user: Document) -> None:
    star = {"_id": user["_id"]}
    message.setdefault("starred", []).append(star)
    room = call.workspace.rooms.get(message["rid"])
    if room is not None and room.get("lastMessage", {}).get("_id") == message["_id"]:
        room["lastMessage"].setdefault("starred", []).append(star)


def _posted(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Keeps a message although it refuses it."""
    sent = _sent(call)
    room = _closed_to(call.workspace, call.user, sent)
    if room is not None and answer.status != OK:
        said = {"msg": str(sent.get("text") or sent.get("msg"))}
        messages.post(call.workspace, _member(call.workspace, room), room, said)
    return answer


def _room_all_the_same(do: Callable[[Workspace, Document], None]) -> After:
    """Does something to the room that an outsider names, whatever it answers."""

    def after(call: Call, answer: Answer, _memory: Memory) -> Answer:
        room = _closed_to(call.workspace, call.user, _sent(call))
        if room is not None:
            do(call.workspace, room)
            call.workspace.touch(room)
        return answer

    return after


def _called_all_the_same(do: Callable[[Workspace, Document], None]) -> Invoked:
    """Does something to the room of a call by an outsider, whatever it answers."""

    def invoked(call: Invocation, outcome: Outcome, _memory: Memory) -> Outcome:
        room = _closed_to(call.workspace, call.user, _said(call))
        if room is not None:
            do(call.workspace, room)
            call.workspace.touch(room)
        return outcome

    return invoked


def _for_the_owner(**values: Any) -> Callable[[Workspace, Document], None]:
    """Changes the subscriptions of the members."""

    def do(ws: Workspace, room: Document) -> None:
        for subscription in ws.subscriptions.of_room(room["_id"]):
            subscription.update(values)

    return do


def _retitled(_ws: Workspace, room: Document) -> None:
    room["topic"] = "intruder"


def _archived(_ws: Workspace, room: Document) -> None:
    room["archived"] = True


def _counted(_ws: Workspace, room: Document) -> None:
    room["usersCount"] += 1


_OUTSIDERS = (
    # let in
    Fault(
        name="chat-getMessage-to-outsiders",
        sentence="reads a message out to somebody who may not see its room",
        operation="GET chat.getMessage",
        check="authorization.no-leak",
        before=_as_member(),
    ),
    Fault(
        name="chat-getMessage-of-discussions-to-outsiders",
        sentence="reads a message out to somebody outside where it stands in the discussion of a private room",
        operation="GET chat.getMessage",
        check="authorization.refused",
        before=_as_member(_discussion),
    ),
    Fault(
        name="chat-syncMessages-of-directs-to-outsiders",
        sentence="tells somebody outside what changed in a direct room",
        operation="GET chat.syncMessages",
        check="authorization.no-leak",
        before=_as_member(_direct),
    ),
    Fault(
        name="chat-getThreadMessages-to-outsiders",
        sentence="reads a thread of a private room out to who knows its id",
        operation="GET chat.getThreadMessages",
        check="authorization.no-leak",
        before=_as_member(),
    ),
    Fault(
        name="chat-sendMessage-by-thread",
        sentence="lets somebody outside write into a private room through the id of a thread",
        operation="POST chat.sendMessage",
        check="authorization.no-effect",
        before=_as_member(_thread),
    ),
    Fault(
        name="chat-search-to-outsiders",
        sentence="finds private messages for somebody who may not see their room",
        operation="GET chat.search",
        check="authorization.no-leak",
        before=_as_member(),
    ),
    Fault(
        name="chat-getPinnedMessages-to-outsiders",
        sentence="lists the pinned messages of a private room for somebody outside",
        operation="GET chat.getPinnedMessages",
        check="authorization.refused",
        before=_as_member(),
    ),
    Fault(
        name="dm-files-to-outsiders",
        sentence="lists the files of a direct room for somebody who is not in it",
        operation="GET dm.files",
        check="authorization.no-leak",
        before=_as_member(),
    ),
    Fault(
        name="dm-members-to-outsiders",
        sentence="lists who is in a direct room for somebody who is not",
        operation="GET dm.members",
        check="authorization.no-leak",
        before=_as_member(),
    ),
    Fault(
        name="rooms-info-of-discussions-to-outsiders",
        sentence="shows the discussion of a private room to somebody outside",
        operation="GET rooms.info",
        check="authorization.no-leak",
        before=_as_member(_discussion),
    ),
    Fault(
        name="rooms-info-to-the-second-outsider",
        sentence="shows a private room to the second who may not see it, and not to the first",
        operation="GET rooms.info",
        check="authorization.refused",
        before=_as_member_for_the_second,
    ),
    Fault(
        name="ddp-loadHistory-to-outsiders",
        sentence="gives the history of a private room to somebody outside",
        operation="ddp:loadHistory",
        check="authorization.no-leak",
        invoking=_calls_as_member(),
    ),
    Fault(
        name="ddp-getRoomNameById-of-discussions",
        sentence="tells somebody outside what the discussion of a private room is called",
        operation="ddp:getRoomNameById",
        check="authorization.no-leak",
        invoking=_calls_as_member(_discussion),
    ),
    Fault(
        name="ddp-addUserToRoom-by-outsiders",
        sentence="lets somebody outside add themselves to a private room",
        operation="ddp:addUserToRoom",
        check="authorization.no-effect",
        invoking=_calls_as_member(),
    ),
    # told too much
    Fault(
        name="chat-postMessage-names-the-room",
        sentence="names a private room in the error for somebody who may not know of it",
        operation="POST chat.postMessage",
        check="authorization.no-leak",
        after=_telling(_its_name),
    ),
    Fault(
        name="rooms-info-tells-the-topic",
        sentence="tells the topic of a private room in the error",
        operation="GET rooms.info",
        check="authorization.no-leak",
        after=_telling(_its_topic),
    ),
    Fault(
        name="dm-open-names-the-members",
        sentence="names the people of a direct room to somebody who may not open it",
        operation="POST dm.open",
        check="authorization.no-leak",
        after=_telling(_its_members),
    ),
    Fault(
        name="chat-delete-quotes-the-room",
        sentence="quotes the last message of a private room to somebody who may not delete in it",
        operation="POST chat.delete",
        check="authorization.no-leak",
        after=_telling(_its_last_message),
    ),
    Fault(
        name="dm-messages-names-files",
        sentence="names the files of a direct room in the error for somebody outside",
        operation="GET dm.messages",
        check="authorization.no-leak",
        after=_telling(_its_files),
    ),
    Fault(
        name="ddp-getRoomById-names-the-room",
        sentence="names a private room in the error for somebody who may not know of it",
        operation="ddp:getRoomById",
        check="authorization.no-leak",
        invoked=_error_telling(_its_name),
    ),
    Fault(
        name="ddp-archiveRoom-names-the-members",
        sentence="names the people of a private room to somebody who may not archive it",
        operation="ddp:archiveRoom",
        check="authorization.no-leak",
        invoked=_error_telling(_its_members),
    ),
    # refused otherwise
    Fault(
        name="dm-counters-200-for-outsiders",
        sentence="says that all is well to somebody who may not count what is in a direct room",
        operation="GET dm.counters",
        check="authorization.refused",
        after=_answered(OK),
    ),
    Fault(
        name="chat-followMessage-500-for-outsiders",
        sentence="breaks where somebody outside follows a thread",
        operation="POST chat.followMessage",
        check="authorization.refused",
        after=_answered(500, error="Internal server error"),
    ),
    Fault(
        name="chat-getDiscussions-empty-for-outsiders",
        sentence="gives somebody outside an empty list of discussions instead of refusing",
        operation="GET chat.getDiscussions",
        check="authorization.refused",
        after=_answered(OK, messages=[], count=0, offset=0, total=0),
    ),
    Fault(
        name="ddp-toggleFavorite-1-for-outsiders",
        sentence="says that a room of others is a favourite now",
        operation="ddp:toggleFavorite",
        check="authorization.refused",
        invoked=_result_for_outsiders(1),
    ),
    # done all the same
    Fault(
        name="chat-update-refused-to-outsiders-and-done",
        sentence="edits a message of a private room although it refuses to",
        operation="POST chat.update",
        check="authorization.no-effect",
        after=_all_the_same(_edited),
    ),
    Fault(
        name="chat-react-refused-and-done",
        sentence="keeps the reaction of somebody outside although it refuses it",
        operation="POST chat.react",
        check="authorization.no-effect",
        after=_all_the_same(_reacted),
    ),
    Fault(
        name="chat-pinMessage-refused-to-outsiders-and-done",
        sentence="pins a message of a private room although it refuses to",
        operation="POST chat.pinMessage",
        check="authorization.no-effect",
        after=_all_the_same(_pinned),
    ),
    Fault(
        name="chat-followMessage-refused-and-done",
        sentence="lets somebody outside follow a thread although it refuses to",
        operation="POST chat.followMessage",
        check="authorization.no-effect",
        after=_all_the_same(_followed),
    ),
    Fault(
        name="chat-starMessage-by-outsiders",
        sentence="keeps the star of somebody who may not see the message",
        operation="POST chat.starMessage",
        check="authorization.no-effect",
        after=_all_the_same(_starred),
    ),
    Fault(
        name="chat-postMessage-refused-to-outsiders-and-done",
        sentence="keeps what somebody outside posts although it refuses it",
        operation="POST chat.postMessage",
        check="authorization.no-effect",
        after=_posted,
    ),
    Fault(
        name="dm-close-for-the-others",
        sentence="closes a direct room for its members although it refuses to",
        operation="POST dm.close",
        check="authorization.no-effect",
        after=_room_all_the_same(_for_the_owner(open=False)),
    ),
    Fault(
        name="chat-ignoreUser-for-the-others",
        sentence="lets the members of a private room ignore somebody because an outsider asked for it",
        operation="GET chat.ignoreUser",
        check="authorization.no-effect",
        after=_room_all_the_same(_for_the_owner(ignored=["somebody"])),
    ),
    Fault(
        name="ddp-hideRoom-for-the-others",
        sentence="hides a room from its members because an outsider asked for it",
        operation="ddp:hideRoom",
        check="authorization.no-effect",
        invoked=_called_all_the_same(_for_the_owner(open=False)),
    ),
    Fault(
        name="ddp-saveRoomSettings-refused-to-outsiders-and-done",
        sentence="sets the topic of a private room although it refuses to",
        operation="ddp:saveRoomSettings",
        check="authorization.no-effect",
        invoked=_called_all_the_same(_retitled),
    ),
    Fault(
        name="ddp-archiveRoom-refused-to-outsiders-and-done",
        sentence="archives a private room although it refuses to",
        operation="ddp:archiveRoom",
        check="authorization.no-effect",
        invoked=_called_all_the_same(_archived),
    ),
    Fault(
        name="ddp-leaveRoom-miscounts",
        sentence="counts a member more after somebody outside was refused to leave",
        operation="ddp:leaveRoom",
        check="authorization.no-effect",
        invoked=_called_all_the_same(_counted),
    ),
)

AUTHORIZATION_FAULTS: tuple[Fault, ...] = (*_OUTSIDERS,)
