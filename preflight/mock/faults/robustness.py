"""Faults of robustness: what goes wrong only when a request is odd, or only in what surrounds an answer."""

from collections.abc import Callable
from dataclasses import replace

from preflight.mock.answer import HTML, Answer
from preflight.mock.call import Call
from preflight.mock.fault import Fault, Memory
from preflight.mock.faults.tampering import (
    OK,
    UNAUTHORIZED,
    After,
    Before,
    status,
    told,
    with_default,
)

_CRASH = Answer(status=500, body={"success": False, "error": "Internal server error"})


def _crashing_where(odd: Callable[[Call], bool]) -> Before:
    """Fails where a request of somebody who is logged in is odd."""

    def before(call: Call, _memory: Memory) -> Call | Answer:
        return _CRASH if call.user is not None and odd(call) else call

    return before


def _refusals(change: Callable[[Answer], Answer]) -> After:
    """Changes every refusal of what was asked; who is not logged in is refused as usual."""

    def after(_call: Call, answer: Answer, _memory: Memory) -> Answer:
        return change(answer) if answer.status not in (OK, UNAUTHORIZED) else answer

    return after


def _accepting_refused(**body: object) -> After:
    """Says yes where it ought to refuse, and does nothing."""
    return _refusals(lambda _answer: Answer(body={**body, "success": True}))


def _from_second_time(odd: Callable[[Call], bool], change: Callable[[Answer], Answer]) -> After:
    """Changes every refusal of an odd request but the first."""

    def after(call: Call, answer: Answer, memory: Memory) -> Answer:
        if answer.status in (OK, UNAUTHORIZED) or not odd(call):
            return answer
        memory["refused"] = memory.get("refused", 0) + 1
        return change(answer) if memory["refused"] > 1 else answer

    return after


ROBUSTNESS_FAULTS: tuple[Fault, ...] = (
    # server errors
    Fault(
        name="chat-react-500-without-object",
        sentence="fails where the body is a list and not an object",
        operation="POST chat.react",
        check="robustness.no-server-error",
        before=_crashing_where(lambda call: isinstance(call.payload, list)),
    ),
    # the inside of the server
    Fault(
        name="chat-getMessage-stack",
        sentence="adds the stack of the server to its refusals",
        operation="GET chat.getMessage",
        check="robustness.no-internals",
        after=_refusals(
            told(stack="Error: not found\n    at Object.get (/app/bundle/programs/server/app/app.js:17:4)")
        ),
    ),
    Fault(
        name="dm-open-file-path",
        sentence="names a file of the server where it refuses",
        operation="POST dm.open",
        check="robustness.no-internals",
        after=_refusals(told(error="ENOENT: /opt/rocketchat/bundle/server/imports/im.ts")),
    ),
    Fault(
        name="chat-update-database-text",
        sentence="answers a refused edit with the text of the database",
        operation="POST chat.update",
        check="robustness.no-internals",
        after=_refusals(told(error="MongoServerError: unknown operator")),
    ),
    # envelope and media type
    Fault(
        name="chat-delete-refused-with-success",
        sentence="says success in the body of a refusal",
        operation="POST chat.delete",
        check="robustness.envelope",
        after=_refusals(told(success=True)),
    ),
    Fault(
        name="dm-members-refused-with-200",
        sentence="refuses with status 200",
        operation="GET dm.members",
        check="robustness.envelope",
        after=_refusals(status(OK)),
    ),
    Fault(
        name="chat-followMessage-refusal-as-page",
        sentence="answers with a page where it refuses, and with JSON else",
        operation="POST chat.followMessage",
        check="robustness.json",
        after=_refusals(lambda answer: replace(answer, body="<h1>Bad Request</h1>", content_type=HTML)),
    ),
    # errors that nobody has documented
    Fault(
        name="chat-pinMessage-unknown-error",
        sentence="refuses a message that is no text with an errorType that no page knows, from the second time on",
        operation="POST chat.pinMessage",
        check="robustness.error-documented",
        after=_from_second_time(
            lambda call: not isinstance(call.body.get("messageId", ""), str), told(errorType="error-pin-internal-17")
        ),
    ),
    # headers
    Fault(
        name="rooms-info-refused-without-frame-header",
        sentence="leaves x-frame-options out where it refuses",
        operation="GET rooms.info",
        check="robustness.headers",
        after=_refusals(lambda answer: replace(answer, headers={**answer.headers, "x-frame-options": ""})),
        release="6.14",
    ),
    # what is missing or unknown
    Fault(
        name="chat-ignoreUser-without-person",
        sentence="accepts a request that names nobody",
        operation="GET chat.ignoreUser",
        check="robustness.required",
        before=with_default("userId", "nobody"),
        after=_accepting_refused(),
    ),
    Fault(
        name="chat-getDiscussions-of-nowhere",
        sentence="lists no discussions for a room that there is not, instead of refusing",
        operation="GET chat.getDiscussions",
        check="robustness.unknown",
        after=_accepting_refused(messages=[], count=0, offset=0, total=0),
    ),
)
