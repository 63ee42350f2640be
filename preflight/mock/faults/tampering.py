"""Tampering: the ways in which a fault of the REST API changes calls, answers, and now and then the state.

Tampering with an answer never touches the state: answers are copied before they are changed.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.clock import milliseconds
from preflight.mock.fault import Memory
from preflight.mock.founding import ROCKET_CAT

Before = Callable[[Call, Memory], Call | Answer]
After = Callable[[Call, Answer, Memory], Answer]
Change = Callable[[Any], Any]  # of one value in a body
Document = dict[str, Any]  # a stored document, or one in an answer

_STALE = timedelta(seconds=1)

OK = 200
BAD_REQUEST = 400
UNAUTHORIZED = 401

# -- how answers are tampered with -----------------------------------------------------------------------------------


def success(change: Callable[[dict[str, Any]], dict[str, Any]]) -> After:
    """Changes the body of a success."""

    def after(_call: Call, answer: Answer, _memory: Memory) -> Answer:
        if answer.status != OK or not isinstance(answer.body, dict):
            return answer
        return replace(answer, body=change(deepcopy(answer.body)))

    return after


def at(path: str, change: Change) -> After:
    """Changes one value of a success, or the same one of each item: ``/messages/*/ts``."""

    def changed(body: dict[str, Any]) -> dict[str, Any]:
        for holder, key in list(places(body, path.split("/")[1:])):
            holder[key] = change(holder[key])
        return body

    return success(changed)


def without(path: str) -> After:
    """Takes one value out of a success, or the same one out of each item."""

    def changed(body: dict[str, Any]) -> dict[str, Any]:
        for holder, key in list(places(body, path.split("/")[1:])):
            del holder[key]
        return body

    return success(changed)


def places(value: Any, keys: list[str]) -> Iterator[tuple[Any, Any]]:
    """Gives each holder and key at a path, ``*`` standing for every item."""
    key, rest = keys[0], keys[1:]
    if key == "*":
        found: list[Any] = list(range(len(value))) if isinstance(value, list) else []
    else:
        found = [key] if isinstance(value, dict) and key in value else []
    for each in found:
        if rest:
            yield from places(value[each], rest)
        else:
            yield value, each


def refusal(code: str, change: Callable[[Answer], Answer]) -> After:
    """Changes the refusal whose errorType or error is the code, or which has an errorType ending so."""

    def after(_call: Call, answer: Answer, _memory: Memory) -> Answer:
        if answer.status == OK or not isinstance(answer.body, Mapping):
            return answer
        named = answer.body.get("errorType") == code or answer.body.get("error") == code
        return change(answer) if named else answer

    return after


def told(**keys: Any) -> Callable[[Answer], Answer]:
    """Puts other values into the body of a refusal."""
    return lambda answer: replace(answer, body={**answer.body, **keys})


def status(status: int) -> Callable[[Answer], Answer]:
    """Gives a refusal another status."""
    return lambda answer: replace(answer, status=status)


def untold(key: str) -> Callable[[Answer], Answer]:
    """Takes a key out of the body of a refusal."""
    return lambda answer: replace(answer, body={name: value for name, value in answer.body.items() if name != key})


def not_logged_in(change: Callable[[Answer], Answer]) -> After:
    """Changes the refusal of who is not logged in."""

    def after(_call: Call, answer: Answer, _memory: Memory) -> Answer:
        return change(answer) if answer.status == UNAUTHORIZED else answer

    return after


def always(answer: Answer) -> After:
    """Answers every success with something else."""
    return lambda _call, given, _memory: answer if given.status == OK else given


def stale(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Gives the same answer to the same question of the same user for one second, as a cache does."""
    if answer.status != OK:
        return answer
    key, now = f"{call.caller['_id']} {sorted(call.query.items())}", call.workspace.clock.read()
    since, body = memory.get(key, (now, answer.body))
    if now - since >= _STALE:
        since, body = now, answer.body
    memory[key] = (since, deepcopy(body))
    return replace(answer, body=deepcopy(body))


# -- how the state is tampered with ----------------------------------------------------------------------------------


def done(change: Callable[[Call, Answer], None]) -> After:
    """Changes the state after a success, behind the caller's back."""

    def after(call: Call, answer: Answer, _memory: Memory) -> Answer:
        if answer.status == OK:
            change(call, answer)
        return answer

    return after


def of_message(change: Callable[[Document], None], key: str = "messageId") -> After:
    """Changes the message that a body names, and its copy in the room, after a success."""

    def changed(call: Call, _answer: Answer) -> None:
        message = call.workspace.messages.get(call.body.get(key))
        if message is not None:
            for each in copies(call, message):
                change(each)

    return done(changed)


def copies(call: Call, message: Document) -> list[Document]:
    """Gives a message and, where it is the last of its room, the copy that the room has."""
    last = (call.workspace.rooms.get(message["rid"]) or {}).get("lastMessage")
    return [message, last] if last is not None and last.get("_id") == message["_id"] else [message]


def of_place(change: Callable[[Document], None], *, mine: bool, key: str = "roomId") -> After:
    """Changes the subscription of the caller to the room that a body or query names, or those of all others in it."""

    def changed(call: Call, _answer: Answer) -> None:
        room_id = call.body.get(key) or call.query.get(key)
        for subscription in call.workspace.subscriptions.of_room(str(room_id)):
            if (subscription["u"]["_id"] == call.caller["_id"]) is mine:
                change(subscription)

    return done(changed)


# -- how calls are tampered with -------------------------------------------------------------------------------------


def as_anybody(call: Call, _memory: Memory) -> Call:
    """Lets who is not logged in pass as the workspace's own bot."""
    return call if call.user is not None else replace(call, user=call.workspace.users.get(ROCKET_CAT))


def as_holder(call: Call, _memory: Memory) -> Call:
    """Looks at the token alone, and not whether it belongs to the user who is named."""
    return call if call.user is not None else replace(call, user=call.workspace.users.holder(call.token))


def as_administrator(call: Call, _memory: Memory) -> Call:
    """Treats everybody who is logged in as an administrator."""
    if call.user is None:
        return call
    return replace(call, user={**call.user, "roles": [*call.user["roles"], "admin"]})


def with_default(name: str, value: Any) -> Before:
    """Makes up a required parameter that is missing, in the query or in the body."""

    def before(call: Call, _memory: Memory) -> Call:
        if call.method == "GET":
            return call if name in call.query else replace(call, query={**call.query, name: value})
        return call if name in call.body else replace(call, payload={**call.body, name: value})

    return before


def refusing(name: str) -> Before:
    """Refuses a parameter of query or body as one that is not known."""

    def before(call: Call, _memory: Memory) -> Call | Answer:
        if call.user is None or name not in {**call.query, **call.body}:
            return call
        text, error_type = call.regime.invalid(call.name, "query", [f"must NOT have additional properties: {name}"])
        return Answer(status=BAD_REQUEST, body={"success": False, "error": text, "errorType": error_type})

    return before


def crashing(call: Call, _memory: Memory) -> Call | Answer:
    """Fails for everybody who is logged in."""
    if call.user is None:
        return call
    return Answer(status=500, body={"success": False, "error": "Internal server error"})


def previous(_call: Call, answer: Answer, memory: Memory) -> Answer:
    """Answers with the success before this one, as a cache does that forgets what was asked."""
    if answer.status != OK:
        return answer
    stale = memory.get("answer", answer)
    memory["answer"] = answer
    return replace(answer, body=stale.body)


def first(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Answers the same question always as it answered it first."""
    if answer.status != OK:
        return answer
    key = tuple(sorted((name, str(value)) for name, value in call.query.items()))
    return replace(answer, body=memory.setdefault(str(key), deepcopy(answer.body)))


# -- values ----------------------------------------------------------------------------------------------------------


def local(value: Any) -> Any:
    """Prints a time as a person in Boston would."""
    return f"{value:%m/%d/%Y %I:%M:%S %p}" if isinstance(value, datetime) else value


def number(value: Any) -> Any:
    """Gives a time as milliseconds."""
    return milliseconds(value) if isinstance(value, datetime) else value


def as_method(method: str) -> Callable[[str, str], tuple[str, str]]:
    """Looks a request up as if it had come with another method."""
    return lambda _asked, name: (method, name)


def elsewhere(method: str, name: str) -> tuple[str, str]:
    """Looks a request up where nothing is."""
    return method, f"{name}.gone"
