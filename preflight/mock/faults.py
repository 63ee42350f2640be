"""Faults: the deviations that can be planted in the mock workspace, each for the check which must catch it.

A fault touches one operation (or a group of them) and breaks one promise. Tampering with an answer never touches the
state: answers are copied before they are changed.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from preflight.errors import UsageError
from preflight.mock import messages, rooms
from preflight.mock.answer import HTML, Answer
from preflight.mock.call import Call
from preflight.mock.clock import milliseconds
from preflight.mock.fault import Fault, Memory
from preflight.mock.founding import ROCKET_CAT
from preflight.mock.realtime_faults import REALTIME_FAULTS

Before = Callable[[Call, Memory], Call | Answer]
After = Callable[[Call, Answer, Memory], Answer]
Change = Callable[[Any], Any]  # of one value in a body

_OK = 200
_BAD_REQUEST = 400
_UNAUTHORIZED = 401
_PAGE = "<!DOCTYPE html>\n<html><head><title>Rocket.Chat</title></head><body></body></html>\n"


def fault(name: str) -> Fault:
    """Gives a fault by its name; raises UsageError with the nearest name where there is none."""
    if name in FAULTS:
        return FAULTS[name]
    near = get_close_matches(name, FAULTS, n=1)
    guess = f"Did you mean {near[0]}? " if near else ""
    raise UsageError(f"The mock workspace has no fault named {name!r}.", hint=f"{guess}There are {len(FAULTS)} faults.")


# -- how answers are tampered with -----------------------------------------------------------------------------------


def _success(change: Callable[[dict[str, Any]], dict[str, Any]]) -> After:
    """Changes the body of a success."""

    def after(_call: Call, answer: Answer, _memory: Memory) -> Answer:
        if answer.status != _OK or not isinstance(answer.body, dict):
            return answer
        return replace(answer, body=change(deepcopy(answer.body)))

    return after


def _at(path: str, change: Change) -> After:
    """Changes one value of a success, or the same one of each item: ``/messages/*/ts``."""

    def changed(body: dict[str, Any]) -> dict[str, Any]:
        for holder, key in list(_places(body, path.split("/")[1:])):
            holder[key] = change(holder[key])
        return body

    return _success(changed)


def _without(path: str) -> After:
    """Takes one value out of a success, or the same one out of each item."""

    def changed(body: dict[str, Any]) -> dict[str, Any]:
        for holder, key in list(_places(body, path.split("/")[1:])):
            del holder[key]
        return body

    return _success(changed)


def _places(value: Any, keys: list[str]) -> Iterator[tuple[Any, Any]]:
    key, rest = keys[0], keys[1:]
    if key == "*":
        found: list[Any] = list(range(len(value))) if isinstance(value, list) else []
    else:
        found = [key] if isinstance(value, dict) and key in value else []
    for each in found:
        if rest:
            yield from _places(value[each], rest)
        else:
            yield value, each


def _refusal(code: str, change: Callable[[Answer], Answer]) -> After:
    """Changes the refusal whose errorType or error is the code, or which has an errorType ending so."""

    def after(_call: Call, answer: Answer, _memory: Memory) -> Answer:
        if answer.status == _OK or not isinstance(answer.body, Mapping):
            return answer
        named = answer.body.get("errorType") == code or answer.body.get("error") == code
        return change(answer) if named else answer

    return after


def _told(**keys: Any) -> Callable[[Answer], Answer]:
    """Puts other values into the body of a refusal."""
    return lambda answer: replace(answer, body={**answer.body, **keys})


def _status(status: int) -> Callable[[Answer], Answer]:
    """Gives a refusal another status."""
    return lambda answer: replace(answer, status=status)


def _untold(key: str) -> Callable[[Answer], Answer]:
    """Takes a key out of the body of a refusal."""
    return lambda answer: replace(answer, body={name: value for name, value in answer.body.items() if name != key})


def _not_logged_in(change: Callable[[Answer], Answer]) -> After:
    """Changes the refusal of who is not logged in."""

    def after(_call: Call, answer: Answer, _memory: Memory) -> Answer:
        return change(answer) if answer.status == _UNAUTHORIZED else answer

    return after


def _always(answer: Answer) -> After:
    """Answers every success with something else."""
    return lambda _call, given, _memory: answer if given.status == _OK else given


# -- how calls are tampered with -------------------------------------------------------------------------------------


def _as_anybody(call: Call, _memory: Memory) -> Call:
    """Lets who is not logged in pass as the workspace's own bot."""
    return call if call.user is not None else replace(call, user=call.workspace.users.get(ROCKET_CAT))


def _as_holder(call: Call, _memory: Memory) -> Call:
    """Looks at the token alone, and not whether it belongs to the user who is named."""
    return call if call.user is not None else replace(call, user=call.workspace.users.holder(call.token))


def _as_administrator(call: Call, _memory: Memory) -> Call:
    """Treats everybody who is logged in as an administrator."""
    if call.user is None:
        return call
    return replace(call, user={**call.user, "roles": [*call.user["roles"], "admin"]})


def _with_default(name: str, value: Any) -> Before:
    """Makes up a required parameter that is missing, in the query or in the body."""

    def before(call: Call, _memory: Memory) -> Call:
        if call.method == "GET":
            return call if name in call.query else replace(call, query={**call.query, name: value})
        return call if name in call.body else replace(call, payload={**call.body, name: value})

    return before


def _refusing(name: str) -> Before:
    """Refuses a parameter of query or body as one that is not known."""

    def before(call: Call, _memory: Memory) -> Call | Answer:
        if call.user is None or name not in {**call.query, **call.body}:
            return call
        text, error_type = call.regime.invalid(call.name, "query", [f"must NOT have additional properties: {name}"])
        return Answer(status=_BAD_REQUEST, body={"success": False, "error": text, "errorType": error_type})

    return before


def _crashing(call: Call, _memory: Memory) -> Call | Answer:
    """Fails for everybody who is logged in."""
    if call.user is None:
        return call
    return Answer(status=500, body={"success": False, "error": "Internal server error"})


# -- how the state is tampered with ----------------------------------------------------------------------------------


def _previous(_call: Call, answer: Answer, memory: Memory) -> Answer:
    """Answers with the success before this one, as a cache does that forgets what was asked."""
    if answer.status != _OK:
        return answer
    stale = memory.get("answer", answer)
    memory["answer"] = answer
    return replace(answer, body=stale.body)


def _first(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Answers the same question always as it answered it first."""
    if answer.status != _OK:
        return answer
    key = tuple(sorted((name, str(value)) for name, value in call.query.items()))
    return replace(answer, body=memory.setdefault(str(key), deepcopy(answer.body)))


def _topic_all_the_same(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Sets the topic of a direct room although the call was refused."""
    room = call.workspace.rooms.get(call.body.get("roomId"))
    if answer.status != _OK and room is not None and call.user is not None:
        room["topic"] = call.body.get("topic")
        call.workspace.touch(room)
    return answer


def _edit_all_the_same(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Edits a message although the call was refused."""
    message = call.workspace.messages.get(call.body.get("msgId"))
    if answer.status != _OK and message is not None and call.user is not None:
        message["msg"] = str(call.body.get("text"))
        messages.read_text(call.workspace, message, call.user)
        call.workspace.touch(message)
    return answer


def _delete_all_the_same(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Removes a direct room although the call was refused."""
    room = call.workspace.rooms.get(call.body.get("roomId"))
    if answer.status != _OK and room is not None and call.user is not None:
        rooms.delete(call.workspace, room)
    return answer


# -- values ----------------------------------------------------------------------------------------------------------


def _local(value: Any) -> Any:
    """Prints a time as a person in Boston would."""
    return f"{value:%m/%d/%Y %I:%M:%S %p}" if isinstance(value, datetime) else value


def _number(value: Any) -> Any:
    """Gives a time as milliseconds."""
    return milliseconds(value) if isinstance(value, datetime) else value


def _as_method(method: str) -> Callable[[str, str], tuple[str, str]]:
    return lambda _asked, name: (method, name)


def _elsewhere(method: str, name: str) -> tuple[str, str]:
    return method, f"{name}.gone"


_ALL = (
    # the route
    Fault(
        name="rooms-info-gone",
        sentence="answers as if there were no such route",
        operation="GET rooms.info",
        check="route.exists",
        lookup=_elsewhere,
    ),
    Fault(
        name="dm-list-html",
        sentence="answers with the page of the web application instead of JSON",
        operation="GET dm.list",
        check="route.exists",
        after=_always(Answer(body=_PAGE, content_type=HTML)),
    ),
    Fault(
        name="rooms-get-any-method",
        sentence="serves POST where only GET is documented",
        operation="GET rooms.get",
        check="method.only",
        lookup=_as_method("GET"),
    ),
    # authentication
    Fault(
        name="rooms-get-open-door",
        sentence="lists rooms to somebody who is not logged in",
        operation="GET rooms.get",
        check="authentication.demanded",
        before=_as_anybody,
    ),
    Fault(
        name="dm-list-borrowed-token",
        sentence="accepts a token together with the id of somebody else",
        operation="GET dm.list",
        check="authentication.demanded",
        before=_as_holder,
    ),
    Fault(
        name="dm-open-401-as-403",
        sentence="answers 403 instead of 401 to somebody who is not logged in",
        operation="POST dm.open",
        check="authentication.demanded",
        after=_not_logged_in(_status(403)),
    ),
    Fault(
        name="chat-getMessage-open-door",
        sentence="shows a message of a public room to somebody who is not logged in",
        operation="GET chat.getMessage",
        check="authentication.demanded",
        before=_as_anybody,
    ),
    Fault(
        name="chat-search-401-reworded",
        sentence="words the refusal of a missing login otherwise",
        operation="GET chat.search",
        check="authentication.body",
        after=_not_logged_in(_told(message="Please log in.", error="Please log in.")),
    ),
    Fault(
        name="rooms-info-401-without-status",
        sentence="leaves the words status and message out of the refusal of a missing login",
        operation="GET rooms.info",
        check="authentication.body",
        after=_not_logged_in(lambda answer: replace(answer, body={"success": False, "error": "unauthorized"})),
    ),
    # success: status, content type, envelope
    Fault(
        name="chat-postMessage-500",
        sentence="answers 500 to a valid post",
        operation="POST chat.postMessage",
        check="success.status",
        before=_crashing,
    ),
    Fault(
        name="dm-create-201",
        sentence="answers 201 instead of 200 when a room is opened",
        operation="POST dm.create",
        check="success.status",
        after=lambda _call, answer, _memory: replace(answer, status=201) if answer.status == _OK else answer,
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
        after=_without("/success"),
    ),
    Fault(
        name="chat-getMessage-wrapped",
        sentence="wraps the answer into one more object",
        operation="GET chat.getMessage",
        check="success.envelope",
        after=_success(lambda body: {"data": body}),
    ),
    Fault(
        name="dm-counters-success-as-text",
        sentence="says success as a word and not as a truth value",
        operation="GET dm.counters",
        check="success.envelope",
        after=_at("/success", lambda _value: "true"),
    ),
    # fields: type, presence, value
    Fault(
        name="rooms-info-count-as-text",
        sentence="gives the number of messages as a text",
        operation="GET rooms.info",
        check="field.type",
        after=_at("/room/msgs", str),
    ),
    Fault(
        name="rooms-get-date-format",
        sentence="prints the times of rooms in a local format",
        operation="GET rooms.get",
        check="field.type",
        after=_at("/update/*/_updatedAt", _local),
    ),
    Fault(
        name="rooms-info-unknown-type",
        sentence="gives a room a type that no room has",
        operation="GET rooms.info",
        check="field.type",
        after=_at("/room/t", lambda _value: "x"),
    ),
    Fault(
        name="chat-sendMessage-null-id",
        sentence="gives null as the id of a new message",
        operation="POST chat.sendMessage",
        check="field.type",
        after=_at("/message/_id", lambda _value: None),
    ),
    Fault(
        name="chat-getThreadMessages-epoch",
        sentence="gives the times of replies as milliseconds",
        operation="GET chat.getThreadMessages",
        check="field.type",
        after=_at("/messages/*/ts", _number),
    ),
    Fault(
        name="dm-messages-total-as-text",
        sentence="gives the total of a list as a text",
        operation="GET dm.messages",
        check="field.type",
        after=_at("/total", str),
    ),
    Fault(
        name="dm-create-without-id",
        sentence="leaves the room id out of the answer to opening a room",
        operation="POST dm.create",
        check="field.required",
        after=_without("/room/rid"),
    ),
    Fault(
        name="chat-getPinnedMessages-without-total",
        sentence="leaves the total out of a list",
        operation="GET chat.getPinnedMessages",
        check="field.required",
        after=_without("/total"),
    ),
    Fault(
        name="rooms-get-without-remove",
        sentence="leaves the list of removed rooms out when it is empty",
        operation="GET rooms.get",
        check="field.required",
        after=_success(lambda body: {key: value for key, value in body.items() if key != "remove" or value}),
    ),
    Fault(
        name="chat-postMessage-author-without-username",
        sentence="leaves the username of the author out of a new message",
        operation="POST chat.postMessage",
        check="field.required",
        after=_without("/message/u/username"),
    ),
    Fault(
        name="rooms-info-stale",
        sentence="answers with the room that was asked for before",
        operation="GET rooms.info",
        check="field.value",
        after=_previous,
    ),
    Fault(
        name="chat-getMessage-stale",
        sentence="shows a message for ever as it was when it was first read",
        operation="GET chat.getMessage",
        check="field.value",
        after=_first,
    ),
    Fault(
        name="chat-update-old-text",
        sentence="answers an edit with a text that was not sent",
        operation="POST chat.update",
        check="field.value",
        after=_at("/message/msg", lambda value: f"{value} (as it was)"),
    ),
    Fault(
        name="chat-sendMessage-room-mixed-up",
        sentence="says that a new message is in another room",
        operation="POST chat.sendMessage",
        check="field.value",
        after=_at("/message/rid", lambda _value: rooms.GENERAL),
    ),
    # parameters
    Fault(
        name="chat-getStarredMessages-count-refused",
        sentence="refuses the documented parameter count",
        operation="GET chat.getStarredMessages",
        check="parameter.accepted",
        before=_refusing("count"),
    ),
    Fault(
        name="rooms-get-updatedSince-refused",
        sentence="refuses the documented parameter updatedSince",
        operation="GET rooms.get",
        check="parameter.accepted",
        before=_refusing("updatedSince"),
    ),
    Fault(
        name="dm-history-inclusive-refused",
        sentence="refuses the documented parameter inclusive",
        operation="GET dm.history",
        check="parameter.accepted",
        before=_refusing("inclusive"),
    ),
    Fault(
        name="rooms-info-without-room",
        sentence="shows the general room where no room is named",
        operation="GET rooms.info",
        check="parameter.required",
        before=_with_default("roomId", rooms.GENERAL),
    ),
    Fault(
        name="chat-getPinnedMessages-without-room",
        sentence="lists the pinned messages of the general room where no room is named",
        operation="GET chat.getPinnedMessages",
        check="parameter.required",
        before=_with_default("roomId", rooms.GENERAL),
    ),
    Fault(
        name="autotranslate-languages-without-target",
        sentence="lists languages although no target language is named",
        operation="GET autotranslate.getSupportedLanguages",
        check="parameter.required",
        before=_with_default("targetLanguage", "en"),
    ),
    # refusals
    Fault(
        name="rooms-info-unknown-room-200",
        sentence="answers 200 to a room id that nobody has",
        operation="GET rooms.info",
        check="refusal.status",
        after=_refusal("error-room-not-found", _status(200)),
    ),
    Fault(
        name="dm-messages-forbidden-as-400",
        sentence="answers 400 instead of 403 to who is not in the direct room",
        operation="GET dm.messages",
        check="refusal.status",
        after=_refusal("unauthorized", _status(400)),
    ),
    Fault(
        name="chat-react-emoji-refused-with-500",
        sentence="answers 500 to an emoji that does not exist",
        operation="POST chat.react",
        check="refusal.status",
        after=_refusal("error-not-allowed", _status(500)),
    ),
    Fault(
        name="dm-open-renamed-error",
        sentence="gives the error of a missing room id another type",
        operation="POST dm.open",
        check="refusal.error-type",
        after=_refusal("error-room-param-not-provided", _told(errorType="error-room-missing")),
    ),
    Fault(
        name="chat-pinMessage-without-error-type",
        sentence="leaves the error type out when the message is unknown",
        operation="POST chat.pinMessage",
        check="refusal.error-type",
        after=_refusal("error-message-not-found", _untold("errorType")),
    ),
    Fault(
        name="chat-postMessage-renamed-error",
        sentence="gives the error of an unknown channel another type",
        operation="POST chat.postMessage",
        check="refusal.error-type",
        after=_refusal("invalid-channel", _told(errorType="error-invalid-channel")),
    ),
    Fault(
        name="chat-getMessage-reworded",
        sentence="words the refusal of a message one may not see otherwise",
        operation="GET chat.getMessage",
        check="refusal.error-text",
        after=_refusal("error-not-allowed", _told(error="You may not see this message [error-not-allowed]")),
    ),
    Fault(
        name="rooms-info-reworded",
        sentence="words the refusal of a request that names no room otherwise",
        operation="GET rooms.info",
        check="refusal.error-text",
        after=_refusal("error-roomid-param-not-provided", _told(error="Which room? [error-roomid-param-not-provided]")),
    ),
    Fault(
        name="chat-followMessage-claims-success",
        sentence="says success in a refusal",
        operation="POST chat.followMessage",
        check="refusal.envelope",
        after=_refusal("error-invalid-message", _told(success=True)),
    ),
    Fault(
        name="dm-setTopic-claims-success",
        sentence="says success to who may not edit the room",
        operation="POST dm.setTopic",
        check="refusal.envelope",
        after=_refusal("error-action-not-allowed", _told(success=True)),
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
        before=_as_administrator,
    ),
    Fault(
        name="chat-pinMessage-for-all",
        sentence="lets a member pin who may not pin",
        operation="POST chat.pinMessage",
        check="permission.demanded",
        before=_as_administrator,
    ),
    Fault(
        name="autotranslate-languages-for-all",
        sentence="lists languages to who may not use translation",
        operation="GET autotranslate.getSupportedLanguages",
        check="permission.demanded",
        before=_as_administrator,
    ),
)

#: Those of the REST API first, then those of the Realtime API.
FAULTS: Mapping[str, Fault] = {**{each.name: each for each in _ALL}, **REALTIME_FAULTS}
