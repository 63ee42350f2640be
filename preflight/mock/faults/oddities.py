"""Oddities: the ways in which a fault takes hold of odd requests alone, and leaves all others as they are."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from time import sleep
from typing import Any

from preflight.mock import messages
from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.fault import Memory
from preflight.mock.faults.tampering import BAD_REQUEST, OK, UNAUTHORIZED, After, Before
from preflight.mock.operators import matching

_SHORTEST_PATTERN = 10
_A_WHILE_S = 0.3
_CRASH = Answer(status=500, body={"success": False, "error": "Internal server error"})


def crashing_where(odd: Callable[[Call], bool]) -> Before:
    """Fails where a request of somebody who is logged in is odd."""

    def before(call: Call, _memory: Memory) -> Call | Answer:
        return _CRASH if call.user is not None and odd(call) else call

    return before


def crashing_on(name: str, odd: Callable[[Any], bool]) -> Before:
    """Fails where a parameter, of the query, the body or the message in it, is odd."""
    return crashing_where(lambda call: odd(value(call, name)))


def value(call: Call, name: str) -> Any:
    """Gives a parameter of the query, the body, or the message in it."""
    message = call.body.get("message")
    inner = message if isinstance(message, Mapping) else {}
    return {**call.query, **call.body, **inner}.get(name)


def text(odd: Callable[[str], bool]) -> Callable[[Any], bool]:
    """Tells whether a value is a text, and odd."""
    return lambda value: isinstance(value, str) and odd(value)


def number(odd: Callable[[float], bool]) -> Callable[[Any], bool]:
    """Tells whether a value is a number, also one in a text, and odd."""

    def is_odd(value: Any) -> bool:
        try:
            return odd(float(value))
        except (TypeError, ValueError):
            return False

    return is_odd


def deep(value: Any, levels: int) -> bool:
    """Tells whether lists lie so many levels within lists."""
    while isinstance(value, list) and value and levels:
        value, levels = value[0], levels - 1
    return not levels


def operator_as_id(name: str, *, part: str) -> Before:
    """Takes an operator in the place of an id for what it chooses."""

    def before(call: Call, _memory: Memory) -> Call:
        holder = call.query if part == "query" else call.body
        asked = holder.get(name)
        if call.user is None or not isinstance(asked, Mapping):
            return call
        workspace = call.workspace
        kept = (message for room in workspace.rooms for message in messages.of_room(workspace, room["_id"]))
        found = matching(kept, "_id", asked)
        meant = {**holder, name: found["_id"] if found else ""}
        return replace(call, query=meant) if part == "query" else replace(call, payload=meant)

    return before


def pattern_as_id(name: str) -> Before:
    """Takes a text for a pattern that an id has to match."""

    def before(call: Call, _memory: Memory) -> Call:
        asked = call.query.get(name)
        if call.user is None or not isinstance(asked, str) or len(asked) < _SHORTEST_PATTERN:
            return call
        found = matching(call.workspace.rooms, "_id", {"$regex": asked})
        return replace(call, query={**call.query, name: found["_id"]}) if found else call

    return before


def as_text(name: str) -> Before:
    """Takes an object or a list for a text and goes on."""

    def before(call: Call, _memory: Memory) -> Call:
        if call.user is None or not isinstance(call.body.get(name), Mapping | list):
            return call
        return replace(call, payload={**call.body, name: str(call.body[name])})

    return before


def refusing_where(odd: Callable[[Call], bool], error: str) -> Before:
    """Refuses an odd request that is to be accepted."""

    def before(call: Call, _memory: Memory) -> Call | Answer:
        if call.user is None or not odd(call):
            return call
        text, error_type = call.regime.invalid(call.name, "body", [error])
        return Answer(status=BAD_REQUEST, body={"success": False, "error": text, "errorType": error_type})

    return before


def slow_where(odd: Callable[[Call], bool]) -> Before:
    """Takes its time over an odd request."""

    def before(call: Call, _memory: Memory) -> Call:
        if call.user is not None and odd(call):
            sleep(_A_WHILE_S)
        return call

    return before


def edit_all_the_same(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Changes a message although the request was refused, but only where the text is no text."""
    message = call.workspace.messages.get(call.body.get("msgId"))
    if answer.status not in (OK, UNAUTHORIZED) and message is not None and isinstance(call.body.get("text"), Mapping):
        message["msg"] = str(call.body["text"])
        call.workspace.touch(message)
    return answer


def only_when_empty(change: Callable[[dict[str, Any]], dict[str, Any]], key: str) -> After:
    """Changes a success whose list is empty."""

    def after(_call: Call, answer: Answer, _memory: Memory) -> Answer:
        if answer.status != OK or not isinstance(answer.body, dict) or answer.body.get(key) != []:
            return answer
        return replace(answer, body=change(dict(answer.body)))

    return after


def refusals(change: Callable[[Answer], Answer]) -> After:
    """Changes every refusal of what was asked; who is not logged in is refused as usual."""

    def after(_call: Call, answer: Answer, _memory: Memory) -> Answer:
        return change(answer) if answer.status not in (OK, UNAUTHORIZED) else answer

    return after


def accepting_refused(**body: object) -> After:
    """Says yes where it ought to refuse, and does nothing."""
    return refusals(lambda _answer: Answer(body={**body, "success": True}))


def from_second_time(odd: Callable[[Call], bool], change: Callable[[Answer], Answer]) -> After:
    """Changes every refusal of an odd request but the first."""

    def after(call: Call, answer: Answer, memory: Memory) -> Answer:
        if answer.status in (OK, UNAUTHORIZED) or not odd(call):
            return answer
        memory["refused"] = memory.get("refused", 0) + 1
        return change(answer) if memory["refused"] > 1 else answer

    return after
