"""Hard faults: deviations that show on a second page, to a second person, after an edit, in one kind of room alone."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.clock import iso
from preflight.mock.ddp.emission import Emission
from preflight.mock.ddp.frames import Frame
from preflight.mock.ddp.streams import MY_MESSAGES
from preflight.mock.fault import Fault, Memory
from preflight.mock.faults.realtime import each_frame, refused_otherwise, result_changed
from preflight.mock.faults.tampering import (
    OK,
    UNAUTHORIZED,
    After,
    Before,
    Change,
    at,
    refusal,
    success,
    told,
    without,
)
from preflight.mock.rooms import GENERAL

Document = dict[str, Any]  # a stored document, or the body of an answer
EMOJI = 0x1F000  # where the planes of emoji begin

# -- only sometimes --------------------------------------------------------------------------------------------------


def only(when: Callable[[Call], bool], after: After) -> After:
    """Tampers with the answers to some calls alone."""
    return lambda call, answer, memory: after(call, answer, memory) if when(call) else answer


def _on_page_two(call: Call) -> bool:
    return str(call.query.get("offset") or "0") not in {"0", ""}


def _with_token_alone(call: Call) -> bool:
    return bool(call.token) and "x-user-id" not in call.headers


def _has_emoji(call: Call) -> bool:
    return any(ord(sign) >= EMOJI for sign in str(call.body))


def items(key: str, keep: Callable[[Document], bool]) -> After:
    """Leaves items out of a list, and counts as if they had never been."""

    def changed(body: Document) -> Document:
        kept = [item for item in body.get(key, []) if keep(item)]
        lost = len(body.get(key, [])) - len(kept)
        figures: Document = {name: body[name] - lost for name in ("count", "total") if name in body}
        return {**body, key: kept, **figures}

    return success(changed)


def where(holder: str, when: Callable[[Document], bool], key: str, change: Change) -> After:
    """Changes a value of an object in a success, or of each item of a list there, where the object is of a kind."""

    def changed(body: Document) -> Document:
        found = body.get(holder)
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, dict) and when(each) and key in each:
                each[key] = change(each[key])
        return body

    return success(changed)


def _is_direct(room: Document) -> bool:
    return room.get("t") == "d"


def _is_private(room: Document) -> bool:
    return room.get("t") == "p"


def _is_edited(message: Document) -> bool:
    return "editedAt" in message


def _without_zone(value: Any) -> Any:
    return f"{value:%Y-%m-%dT%H:%M:%S}" if isinstance(value, datetime) else value


def _forgetting(name: str) -> Before:
    """Takes a parameter as if it had not been sent."""

    def before(call: Call, _memory: Memory) -> Call:
        return replace(call, query={key: value for key, value in call.query.items() if key != name})

    return before


def _undone(key: str, *names: str) -> After:
    """Says that all went well, and puts a message back as it was when it was first seen."""

    def after(call: Call, answer: Answer, _memory: Memory) -> Answer:
        message = call.workspace.messages.get(call.body.get(key))
        if answer.status == OK and message is not None:
            for name in names:
                message.pop(name, None)
            call.workspace.touch(message)
        return answer

    return after


def _unedited(call: Call, memory: Memory) -> Call:
    """Remembers a message as it was before it is edited."""
    message = call.workspace.messages.get(call.body.get("msgId"))
    memory["was"] = None if message is None else message["msg"]
    return call


def _as_it_was(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Answers with the new text and stores the old one."""
    message = call.workspace.messages.get(call.body.get("msgId"))
    if answer.status == OK and message is not None and memory.get("was") is not None:
        message["msg"] = memory["was"]
        call.workspace.touch(message)
    return answer


def _deleted_all_the_same(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Deletes a message although the call was refused."""
    message = call.workspace.messages.get(call.body.get("msgId"))
    if answer.status != OK and message is not None and call.user is not None:
        call.workspace.messages.remove(message)
    return answer


def _closed_all_the_same(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Opens a room in somebody's list although the call was refused."""
    for subscription in call.workspace.subscriptions.of_room(str(call.body.get("roomId"))):
        if answer.status != OK and call.user is not None:
            subscription["open"] = False
            call.workspace.touch(subscription)
    return answer


def _other_side_elsewhere(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Names another room to the second of two who open a room with each other."""
    pair = " ".join(sorted([str((call.user or {}).get("username")), str(call.body.get("username"))]))
    if answer.status != OK or not isinstance(answer.body, dict):
        return answer
    opened_by = memory.setdefault(pair, call.user)
    if opened_by == call.user:
        return answer
    return at("/room/rid", lambda _value: GENERAL)(call, answer, memory)


HARD_REST_FAULTS = (
    # on the second page alone
    Fault(
        name="chat-getPinnedMessages-page-two-without-id",
        sentence="leaves the ids out of pinned messages on the second page",
        operation="GET chat.getPinnedMessages",
        check="field.required",
        after=only(_on_page_two, without("/messages/*/_id")),
    ),
    Fault(
        name="chat-getStarredMessages-page-two-from-the-start",
        sentence="shows the first page of starred messages as the second one too",
        operation="GET chat.getStarredMessages",
        check="field.value",
        before=_forgetting("offset"),
    ),
    Fault(
        name="chat-getThreadsList-page-two-times",
        sentence="drops the time zone of threads on the second page",
        operation="GET chat.getThreadsList",
        check="field.type",
        after=only(_on_page_two, at("/threads/*/ts", _without_zone)),
    ),
    Fault(
        name="dm-list-page-two-offset",
        sentence="says offset 0 on every page",
        operation="GET dm.list",
        check="field.value",
        after=at("/offset", lambda _value: 0),
    ),
    # for the second person alone
    Fault(
        name="dm-create-other-side-elsewhere",
        sentence="names another room to the second of two who open a room with each other",
        operation="POST dm.create",
        check="field.value",
        after=_other_side_elsewhere,
    ),
    Fault(
        name="dm-counters-of-another",
        sentence="counts for somebody else one unread message more",
        operation="GET dm.counters",
        check="field.value",
        after=only(lambda call: "userId" in call.query, at("/unreads", lambda value: value + 1)),
    ),
    # after an edit alone
    Fault(
        name="chat-getMessage-edited-without-author",
        sentence="does not say who edited a message",
        operation="GET chat.getMessage",
        check="field.value",
        after=where("message", _is_edited, "editedBy", lambda _value: {}),
    ),
    Fault(
        name="chat-update-without-time-zone",
        sentence="prints the time of an edit without its zone",
        operation="POST chat.update",
        check="field.type",
        after=at("/message/editedAt", _without_zone),
    ),
    Fault(
        name="chat-search-loses-edited",
        sentence="does not find messages any more once they were edited",
        operation="GET chat.search",
        check="field.value",
        after=items("messages", lambda message: not _is_edited(message)),
    ),
    Fault(
        name="chat-getMentionedMessages-loses-edited",
        sentence="does not list messages any more once a mention was edited into them",
        operation="GET chat.getMentionedMessages",
        check="field.value",
        after=items("messages", lambda message: not _is_edited(message)),
    ),
    Fault(
        name="chat-update-not-stored",
        sentence="answers an edit with the new text and keeps the old one",
        operation="POST chat.update",
        check="field.value",
        before=_unedited,
        after=_as_it_was,
    ),
    # in one kind of room alone
    Fault(
        name="rooms-get-null-in-directs",
        sentence="gives null as the number of members of direct rooms alone",
        operation="GET rooms.get",
        check="field.type",
        after=where("update", _is_direct, "usersCount", lambda _value: None),
    ),
    Fault(
        name="rooms-info-null-in-groups",
        sentence="gives null as the number of messages of private groups alone",
        operation="GET rooms.info",
        check="field.type",
        after=where("room", _is_private, "msgs", lambda _value: None),
    ),
    Fault(
        name="rooms-info-directs-as-channels",
        sentence="says of direct rooms that they are channels",
        operation="GET rooms.info",
        check="field.value",
        after=where("room", _is_direct, "t", lambda _value: "c"),
    ),
    # the error is right, and it is done all the same
    Fault(
        name="chat-delete-refused-and-done",
        sentence="deletes a message although it refuses to",
        operation="POST chat.delete",
        check="refusal.no-effect",
        after=_deleted_all_the_same,
    ),
    Fault(
        name="dm-open-refused-and-hidden",
        sentence="hides a room from its members although it refuses to open it for an outsider",
        operation="POST dm.open",
        check="refusal.no-effect",
        after=_closed_all_the_same,
    ),
    # in one branch of one release alone
    Fault(
        name="rooms-info-archived-refused",
        sentence="refuses archived rooms in a release that shows them",
        operation="GET rooms.info",
        check="success.status",
        after=lambda _call, answer, _memory: _refused_if_archived(answer),
        release="8.8",
    ),
    Fault(
        name="dm-list-everyone-sentence-of-today",
        sentence="refuses by the sentence of later releases in one that says unauthorized",
        operation="GET dm.list.everyone",
        check="refusal.error-text",
        after=refusal("unauthorized", told(error="User does not have the permissions required for this action")),
        release="6.14",
    ),
    Fault(
        name="chat-react-typed-suffix",
        sentence="ends the texts of refusals as releases before 8.3 do",
        operation="POST chat.react",
        check="refusal.error-text",
        after=refusal(
            "invalid-params",
            lambda answer: replace(answer, body={**answer.body, "error": f"{answer.body['error']} [invalid-params]"}),
        ),
        release="8.8",
    ),
    # in one manner, on one route, for one sign alone
    Fault(
        name="rooms-get-401-of-a-token-alone",
        sentence="words the refusal otherwise where a token comes without its user",
        operation="GET rooms.get",
        check="authentication.body",
        after=only(
            _with_token_alone,
            lambda _call, answer, _memory: (
                replace(answer, body={"status": "error", "message": "Who are you?"})
                if answer.status == UNAUTHORIZED
                else answer
            ),
        ),
    ),
    Fault(
        name="dm-files-without-content-type",
        sentence="sends the list of files as bytes of an unknown kind",
        operation="GET dm.files",
        check="success.content-type",
        after=lambda _call, answer, _memory: replace(
            answer, headers={**answer.headers, "content-type": "application/octet-stream"}
        ),
    ),
    Fault(
        name="chat-postMessage-500-for-emoji",
        sentence="answers 500 where a text has an emoji",
        operation="POST chat.postMessage",
        check="success.status",
        before=lambda call, _memory: (
            Answer(status=500, body={"success": False, "error": "Internal server error"})
            if call.user is not None and _has_emoji(call)
            else call
        ),
    ),
    Fault(
        name="chat-sendMessage-emoji-mangled",
        sentence="gives question marks for emoji",
        operation="POST chat.sendMessage",
        check="field.value",
        after=at("/message/msg", lambda text: "".join("?" if ord(sign) >= EMOJI else sign for sign in text)),
    ),
    # a parameter that is taken and not heeded
    Fault(
        name="rooms-get-updatedSince-ignored",
        sentence="lists rooms that did not change since then",
        operation="GET rooms.get",
        check="field.value",
        before=_forgetting("updatedSince"),
    ),
    Fault(
        name="chat-getThreadMessages-sort-ignored",
        sentence="lists replies in the other order",
        operation="GET chat.getThreadMessages",
        check="field.value",
        before=_forgetting("sort"),
    ),
    Fault(
        name="chat-getDiscussions-text-ignored",
        sentence="lists discussions whose names hold nothing of what was looked for",
        operation="GET chat.getDiscussions",
        check="field.value",
        before=_forgetting("text"),
    ),
    Fault(
        name="chat-getThreadsList-type-ignored",
        sentence="lists every thread where those that one follows are asked for",
        operation="GET chat.getThreadsList",
        check="field.value",
        before=_forgetting("type"),
    ),
    Fault(
        name="chat-unPinMessage-still-pinned",
        sentence="says that a message is pinned no more and leaves it pinned",
        operation="POST chat.unPinMessage",
        check="field.value",
        after=lambda call, answer, _memory: _pinned_again(call, answer),
    ),
    Fault(
        name="chat-pinMessage-not-stored",
        sentence="says that a message is pinned and forgets it",
        operation="POST chat.pinMessage",
        check="field.value",
        after=_undone("messageId", "pinned", "pinnedAt", "pinnedBy"),
    ),
    Fault(
        name="dm-setTopic-never-cleared",
        sentence="keeps a topic that was to be cleared",
        operation="POST dm.setTopic",
        check="field.value",
        before=lambda call, _memory: replace(call, payload={"topic": "as before", **call.body}),
    ),
)


def _refused_if_archived(answer: Answer) -> Answer:
    room = answer.body.get("room") if isinstance(answer.body, dict) else None
    if answer.status != OK or not isinstance(room, dict) or not room.get("archived"):
        return answer
    error = f"The channel, {room.get('name')}, is archived [error-room-archived]"
    return replace(answer, status=400, body={"success": False, "error": error, "errorType": "error-room-archived"})


def _pinned_again(call: Call, answer: Answer) -> Answer:
    message = call.workspace.messages.get(call.body.get("messageId"))
    if answer.status == OK and message is not None:
        message["pinned"] = True
        call.workspace.touch(message)
    return answer


# -- the Realtime API ------------------------------------------------------------------------------------------------


def _twice(emission: Emission, _memory: Memory) -> Sequence[Emission]:
    return (emission, emission)


def _after_reconnecting(frames: Sequence[Frame], memory: Memory) -> Sequence[Frame]:
    """Counts the subscriptions that were granted."""
    memory["granted"] = memory.get("granted", 0) + sum(frame["msg"] == "ready" for frame in frames)
    return frames


def _lost_after_reconnecting(emission: Emission, memory: Memory) -> Sequence[Emission]:
    return () if memory.get("granted", 0) > 1 else (emission,)


def _with_the_one_before(emission: Emission, memory: Memory) -> Sequence[Emission]:
    """Tells, before each event, of the one before it as if it were of the same room."""
    if emission.event == MY_MESSAGES:
        return (emission,)
    before = memory.get("before", emission)
    memory["before"] = emission
    return (emission,) if before.event == emission.event else (replace(before, event=emission.event), emission)


def _with_old_text(emission: Emission, _memory: Memory) -> Sequence[Emission]:
    """Tells of an edit with the text as it was first."""

    def args(viewer: Document | None) -> list[Any] | None:
        shown = emission.args(viewer)
        if not shown or "editedAt" not in shown[0]:
            return shown
        return [{**shown[0], "msg": "as it was"}, *shown[1:]]

    return (replace(emission, args=args),)


def _dates_as_text(value: Any) -> Any:
    """Writes the dates of a result as the REST API does, and not as EJSON."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, dict):
        return {key: _dates_as_text(each) for key, each in value.items()}
    return [_dates_as_text(each) for each in value] if isinstance(value, list) else value


HARD_REALTIME_FAULTS = (
    Fault(
        name="ddp-ping-other-id",
        sentence="answers a ping with the id of another",
        operation="ddp:ping",
        check="protocol.answered",
        framing=each_frame("pong", lambda frame: {**frame, "id": "another"}),
    ),
    Fault(
        name="ddp-openRoom-updated-other-id",
        sentence="says of another call that its writes are done",
        operation="ddp:openRoom",
        check="protocol.answered",
        framing=each_frame("updated", lambda frame: {**frame, "methods": ["another"]}),
    ),
    Fault(
        name="ddp-connect-again-and-again",
        sentence="begins a second session on one connection",
        operation="ddp:connect",
        check="protocol.answered",
        framing=each_frame("error", lambda _frame: {"msg": "connected", "session": "another"}),
    ),
    Fault(
        name="ddp-login-refused-with-401",
        sentence="refuses a wrong password with an error that is not 403",
        operation="ddp:login",
        check="protocol.answered",
        invoked=refused_otherwise(403, error=401),
    ),
    Fault(
        name="ddp-stream-notify-room-nosub-without-error",
        sentence="refuses a subscription without saying why",
        operation="ddp:stream-notify-room",
        check="stream.private",
        framing=each_frame("nosub", lambda frame: {"msg": "nosub", "id": frame["id"]}),
    ),
    Fault(
        name="ddp-stream-room-messages-twice",
        sentence="tells of each message twice",
        operation="ddp:stream-room-messages",
        check="stream.delivered",
        emitting=_twice,
    ),
    Fault(
        name="ddp-stream-notify-room-twice",
        sentence="tells of each deletion twice",
        operation="ddp:stream-notify-room",
        check="stream.delivered",
        emitting=_twice,
    ),
    Fault(
        name="ddp-stream-room-messages-lost-after-reconnecting",
        sentence="tells nobody anything any more once somebody has subscribed a second time",
        operation="ddp:stream-room-messages",
        check="stream.delivered",
        framing=_after_reconnecting,
        emitting=_lost_after_reconnecting,
    ),
    Fault(
        name="ddp-stream-room-messages-to-other-rooms",
        sentence="tells what is written in one room to who listens to another",
        operation="ddp:stream-room-messages",
        check="stream.private",
        emitting=_with_the_one_before,
    ),
    Fault(
        name="ddp-stream-room-messages-edit-with-old-text",
        sentence="tells of an edit with the old text",
        operation="ddp:stream-room-messages",
        check="stream.delivered",
        emitting=_with_old_text,
    ),
    Fault(
        name="ddp-rooms-get-dates-as-text",
        sentence="gives dates as texts and not as EJSON",
        operation="ddp:rooms/get",
        check="field.type",
        invoked=result_changed(_dates_as_text),
    ),
    Fault(
        name="ddp-loadHistory-dates-as-text",
        sentence="gives the times of messages as texts and not as EJSON",
        operation="ddp:loadHistory",
        check="field.type",
        invoked=result_changed(_dates_as_text),
    ),
    Fault(
        name="ddp-hideRoom-error-without-type",
        sentence="leaves the type out of an error object",
        operation="ddp:hideRoom",
        check="refusal.envelope",
        invoked=lambda _call, outcome, _memory: (
            replace(outcome, error={key: each for key, each in outcome.error.items() if key != "errorType"})
            if outcome.error is not None
            else outcome
        ),
    ),
    Fault(
        name="ddp-getRoomById-code-as-list",
        sentence="puts the code of an error into a list",
        operation="ddp:getRoomById",
        check="refusal.error-type",
        invoked=lambda _call, outcome, _memory: (
            replace(outcome, error={**outcome.error, "error": [outcome.error["error"]]})
            if outcome.error is not None
            else outcome
        ),
    ),
)

HARD_FAULTS: tuple[Fault, ...] = (*HARD_REST_FAULTS, *HARD_REALTIME_FAULTS)
