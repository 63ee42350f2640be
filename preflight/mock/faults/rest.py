"""Faults of REST answers: routes, authentication, shapes, refusals and permissions, one promise broken by each."""

from dataclasses import replace

from preflight.mock import messages, rooms
from preflight.mock.answer import HTML, Answer
from preflight.mock.call import Call
from preflight.mock.fault import Fault, Memory
from preflight.mock.faults.tampering import (
    OK,
    always,
    as_administrator,
    as_anybody,
    as_holder,
    as_method,
    at,
    crashing,
    elsewhere,
    first,
    local,
    not_logged_in,
    number,
    previous,
    refusal,
    refusing,
    status,
    success,
    told,
    untold,
    with_default,
    without,
)

_PAGE = "<!DOCTYPE html>\n<html><head><title>Rocket.Chat</title></head><body></body></html>\n"

# -- how the state is tampered with ----------------------------------------------------------------------------------


def _topic_all_the_same(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Sets the topic of a direct room although the call was refused."""
    room = call.workspace.rooms.get(call.body.get("roomId"))
    if answer.status != OK and room is not None and call.user is not None:
        room["topic"] = call.body.get("topic")
        call.workspace.touch(room)
    return answer


def _edit_all_the_same(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Edits a message although the call was refused."""
    message = call.workspace.messages.get(call.body.get("msgId"))
    if answer.status != OK and message is not None and call.user is not None:
        message["msg"] = str(call.body.get("text"))
        messages.read_text(call.workspace, message, call.user)
        call.workspace.touch(message)
    return answer


def _delete_all_the_same(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Removes a direct room although the call was refused."""
    room = call.workspace.rooms.get(call.body.get("roomId"))
    if answer.status != OK and room is not None and call.user is not None:
        rooms.delete(call.workspace, room)
    return answer


REST_FAULTS: tuple[Fault, ...] = (
    # the route
    Fault(
        name="rooms-info-gone",
        sentence="answers as if there were no such route",
        operation="GET rooms.info",
        check="route.exists",
        lookup=elsewhere,
    ),
    Fault(
        name="dm-list-html",
        sentence="answers with the page of the web application instead of JSON",
        operation="GET dm.list",
        check="route.exists",
        after=always(Answer(body=_PAGE, content_type=HTML)),
    ),
    Fault(
        name="rooms-get-any-method",
        sentence="serves POST where only GET is documented",
        operation="GET rooms.get",
        check="method.only",
        lookup=as_method("GET"),
    ),
    # authentication
    Fault(
        name="rooms-get-open-door",
        sentence="lists rooms to somebody who is not logged in",
        operation="GET rooms.get",
        check="authentication.demanded",
        before=as_anybody,
    ),
    Fault(
        name="dm-list-borrowed-token",
        sentence="accepts a token together with the id of somebody else",
        operation="GET dm.list",
        check="authentication.demanded",
        before=as_holder,
    ),
    Fault(
        name="dm-open-401-as-403",
        sentence="answers 403 instead of 401 to somebody who is not logged in",
        operation="POST dm.open",
        check="authentication.demanded",
        after=not_logged_in(status(403)),
    ),
    Fault(
        name="chat-getMessage-open-door",
        sentence="shows a message of a public room to somebody who is not logged in",
        operation="GET chat.getMessage",
        check="authentication.demanded",
        before=as_anybody,
    ),
    Fault(
        name="chat-search-401-reworded",
        sentence="words the refusal of a missing login otherwise",
        operation="GET chat.search",
        check="authentication.body",
        after=not_logged_in(told(message="Please log in.", error="Please log in.")),
    ),
    Fault(
        name="rooms-info-401-without-status",
        sentence="leaves the words status and message out of the refusal of a missing login",
        operation="GET rooms.info",
        check="authentication.body",
        after=not_logged_in(lambda answer: replace(answer, body={"success": False, "error": "unauthorized"})),
    ),
    # success: status, content type, envelope
    Fault(
        name="chat-postMessage-500",
        sentence="answers 500 to a valid post",
        operation="POST chat.postMessage",
        check="success.status",
        before=crashing,
    ),
    Fault(
        name="dm-create-201",
        sentence="answers 201 instead of 200 when a room is opened",
        operation="POST dm.create",
        check="success.status",
        after=lambda _call, answer, _memory: replace(answer, status=201) if answer.status == OK else answer,
    ),
    Fault(
        name="dm-members-content-type",
        sentence="sends JSON as plain text",
        operation="GET dm.members",
        check="success.content-type",
        after=lambda _call, answer, _memory: replace(answer, headers={**answer.headers, "content-type": "text/plain"}),
    ),
    Fault(
        name="rooms-get-without-success",
        sentence="leaves the word success out of an answer",
        operation="GET rooms.get",
        check="success.envelope",
        after=without("/success"),
    ),
    Fault(
        name="chat-getMessage-wrapped",
        sentence="wraps the answer into one more object",
        operation="GET chat.getMessage",
        check="success.envelope",
        after=success(lambda body: {"data": body}),
    ),
    Fault(
        name="dm-counters-success-as-text",
        sentence="says success as a word and not as a truth value",
        operation="GET dm.counters",
        check="success.envelope",
        after=at("/success", lambda _value: "true"),
    ),
    # fields: type, presence, value
    Fault(
        name="rooms-info-count-as-text",
        sentence="gives the number of messages as a text",
        operation="GET rooms.info",
        check="field.type",
        after=at("/room/msgs", str),
    ),
    Fault(
        name="rooms-get-date-format",
        sentence="prints the times of rooms in a local format",
        operation="GET rooms.get",
        check="field.type",
        after=at("/update/*/_updatedAt", local),
    ),
    Fault(
        name="rooms-info-unknown-type",
        sentence="gives a room a type that no room has",
        operation="GET rooms.info",
        check="field.type",
        after=at("/room/t", lambda _value: "x"),
    ),
    Fault(
        name="chat-sendMessage-null-id",
        sentence="gives null as the id of a new message",
        operation="POST chat.sendMessage",
        check="field.type",
        after=at("/message/_id", lambda _value: None),
    ),
    Fault(
        name="chat-getThreadMessages-epoch",
        sentence="gives the times of replies as milliseconds",
        operation="GET chat.getThreadMessages",
        check="field.type",
        after=at("/messages/*/ts", number),
    ),
    Fault(
        name="dm-messages-total-as-text",
        sentence="gives the total of a list as a text",
        operation="GET dm.messages",
        check="field.type",
        after=at("/total", str),
    ),
    Fault(
        name="dm-create-without-id",
        sentence="leaves the room id out of the answer to opening a room",
        operation="POST dm.create",
        check="field.required",
        after=without("/room/rid"),
    ),
    Fault(
        name="chat-getPinnedMessages-without-total",
        sentence="leaves the total out of a list",
        operation="GET chat.getPinnedMessages",
        check="field.required",
        after=without("/total"),
    ),
    Fault(
        name="rooms-get-without-remove",
        sentence="leaves the list of removed rooms out when it is empty",
        operation="GET rooms.get",
        check="field.required",
        after=success(lambda body: {key: value for key, value in body.items() if key != "remove" or value}),
    ),
    Fault(
        name="chat-postMessage-author-without-username",
        sentence="leaves the username of the author out of a new message",
        operation="POST chat.postMessage",
        check="field.required",
        after=without("/message/u/username"),
    ),
    Fault(
        name="rooms-info-stale",
        sentence="answers with the room that was asked for before",
        operation="GET rooms.info",
        check="field.value",
        after=previous,
    ),
    Fault(
        name="chat-getMessage-stale",
        sentence="shows a message for ever as it was when it was first read",
        operation="GET chat.getMessage",
        check="field.value",
        after=first,
    ),
    Fault(
        name="chat-update-old-text",
        sentence="answers an edit with a text that was not sent",
        operation="POST chat.update",
        check="field.value",
        after=at("/message/msg", lambda value: f"{value} (as it was)"),
    ),
    Fault(
        name="chat-sendMessage-room-mixed-up",
        sentence="says that a new message is in another room",
        operation="POST chat.sendMessage",
        check="field.value",
        after=at("/message/rid", lambda _value: rooms.GENERAL),
    ),
    # parameters
    Fault(
        name="chat-getStarredMessages-count-refused",
        sentence="refuses the documented parameter count",
        operation="GET chat.getStarredMessages",
        check="parameter.accepted",
        before=refusing("count"),
    ),
    Fault(
        name="rooms-get-updatedSince-refused",
        sentence="refuses the documented parameter updatedSince",
        operation="GET rooms.get",
        check="parameter.accepted",
        before=refusing("updatedSince"),
    ),
    Fault(
        name="dm-history-inclusive-refused",
        sentence="refuses the documented parameter inclusive",
        operation="GET dm.history",
        check="parameter.accepted",
        before=refusing("inclusive"),
    ),
    Fault(
        name="rooms-info-without-room",
        sentence="shows the general room where no room is named",
        operation="GET rooms.info",
        check="parameter.required",
        before=with_default("roomId", rooms.GENERAL),
    ),
    Fault(
        name="chat-getPinnedMessages-without-room",
        sentence="lists the pinned messages of the general room where no room is named",
        operation="GET chat.getPinnedMessages",
        check="parameter.required",
        before=with_default("roomId", rooms.GENERAL),
    ),
    Fault(
        name="autotranslate-languages-without-target",
        sentence="lists languages although no target language is named",
        operation="GET autotranslate.getSupportedLanguages",
        check="parameter.required",
        before=with_default("targetLanguage", "en"),
    ),
    # refusals
    Fault(
        name="rooms-info-unknown-room-200",
        sentence="answers 200 to a room id that nobody has",
        operation="GET rooms.info",
        check="refusal.status",
        after=refusal("error-room-not-found", status(200)),
    ),
    Fault(
        name="dm-messages-forbidden-as-400",
        sentence="answers 400 instead of 403 to who is not in the direct room",
        operation="GET dm.messages",
        check="refusal.status",
        after=refusal("unauthorized", status(400)),
    ),
    Fault(
        name="chat-react-emoji-refused-with-500",
        sentence="answers 500 to an emoji that does not exist",
        operation="POST chat.react",
        check="refusal.status",
        after=refusal("error-not-allowed", status(500)),
    ),
    Fault(
        name="dm-open-renamed-error",
        sentence="gives the error of a missing room id another type",
        operation="POST dm.open",
        check="refusal.error-type",
        after=refusal("error-room-param-not-provided", told(errorType="error-room-missing")),
    ),
    Fault(
        name="chat-pinMessage-without-error-type",
        sentence="leaves the error type out when the message is unknown",
        operation="POST chat.pinMessage",
        check="refusal.error-type",
        after=refusal("error-message-not-found", untold("errorType")),
    ),
    Fault(
        name="chat-postMessage-renamed-error",
        sentence="gives the error of an unknown channel another type",
        operation="POST chat.postMessage",
        check="refusal.error-type",
        after=refusal("invalid-channel", told(errorType="error-invalid-channel")),
    ),
    Fault(
        name="chat-getMessage-reworded",
        sentence="words the refusal of a message one may not see otherwise",
        operation="GET chat.getMessage",
        check="refusal.error-text",
        after=refusal("error-not-allowed", told(error="You may not see this message [error-not-allowed]")),
    ),
    Fault(
        name="rooms-info-reworded",
        sentence="words the refusal of a request that names no room otherwise",
        operation="GET rooms.info",
        check="refusal.error-text",
        after=refusal("error-roomid-param-not-provided", told(error="Which room? [error-roomid-param-not-provided]")),
    ),
    Fault(
        name="chat-followMessage-claims-success",
        sentence="says success in a refusal",
        operation="POST chat.followMessage",
        check="refusal.envelope",
        after=refusal("error-invalid-message", told(success=True)),
    ),
    Fault(
        name="dm-setTopic-claims-success",
        sentence="says success to who may not edit the room",
        operation="POST dm.setTopic",
        check="refusal.envelope",
        after=refusal("error-action-not-allowed", told(success=True)),
    ),
    Fault(
        name="dm-setTopic-refused-and-done",
        sentence="sets the topic of a direct room although it refuses to",
        operation="POST dm.setTopic",
        check="refusal.no-effect",
        after=_topic_all_the_same,
    ),
    Fault(
        name="chat-update-refused-and-done",
        sentence="edits a message although it refuses to",
        operation="POST chat.update",
        check="refusal.no-effect",
        after=_edit_all_the_same,
    ),
    Fault(
        name="dm-delete-refused-and-done",
        sentence="removes a direct room although it refuses to",
        operation="POST dm.delete",
        check="refusal.no-effect",
        after=_delete_all_the_same,
    ),
    # permissions
    Fault(
        name="dm-list-everyone-for-all",
        sentence="lists everybody's direct rooms to an ordinary user",
        operation="GET dm.list.everyone",
        check="permission.demanded",
        before=as_administrator,
    ),
    Fault(
        name="chat-pinMessage-for-all",
        sentence="lets a member pin who may not pin",
        operation="POST chat.pinMessage",
        check="permission.demanded",
        before=as_administrator,
    ),
    Fault(
        name="autotranslate-languages-for-all",
        sentence="lists languages to who may not use translation",
        operation="GET autotranslate.getSupportedLanguages",
        check="permission.demanded",
        before=as_administrator,
    ),
)
