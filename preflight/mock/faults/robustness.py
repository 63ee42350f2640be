"""Faults of robustness: what goes wrong only when a request is odd, or only in what surrounds an answer."""

from dataclasses import replace

from preflight.mock.answer import HTML
from preflight.mock.fault import Fault
from preflight.mock.faults.oddities import (
    accepting_refused,
    as_text,
    crashing_on,
    crashing_where,
    deep,
    edit_all_the_same,
    from_second_time,
    number,
    only_when_empty,
    operator_as_id,
    pattern_as_id,
    refusals,
    refusing_where,
    slow_where,
    text,
    value,
)
from preflight.mock.faults.tampering import (
    OK,
    status,
    told,
    with_default,
)

_FIRST_EMOJI, _LONG, _OVERFLOW = 0x1F000, 10_000, 2.0**63


_IS_TEXT_OF_EMOJI = text(lambda text: any(ord(sign) > _FIRST_EMOJI for sign in text))

ROBUSTNESS_FAULTS: tuple[Fault, ...] = (
    # only for some texts and numbers
    Fault(
        name="chat-postMessage-500-emoji",
        sentence="fails where the text has an emoji",
        operation="POST chat.postMessage",
        check="robustness.no-server-error",
        before=crashing_on("text", _IS_TEXT_OF_EMOJI),
    ),
    Fault(
        name="chat-sendMessage-500-long-text",
        sentence="fails where the text is longer than a page",
        operation="POST chat.sendMessage",
        check="robustness.no-server-error",
        before=crashing_on("msg", text(lambda text: len(text) > _LONG)),
    ),
    Fault(
        name="dm-setTopic-500-nul",
        sentence="fails where the topic has the sign NUL",
        operation="POST dm.setTopic",
        check="robustness.no-server-error",
        before=crashing_on("topic", text(lambda text: "\0" in text)),
    ),
    Fault(
        name="chat-search-500-open-pattern",
        sentence="fails where the words that are searched make no pattern",
        operation="GET chat.search",
        check="robustness.no-server-error",
        before=crashing_on("searchText", text(lambda text: text.startswith("["))),
    ),
    Fault(
        name="dm-messages-500-negative-count",
        sentence="fails where a negative number of messages is asked for",
        operation="GET dm.messages",
        check="robustness.no-server-error",
        before=crashing_on("count", number(lambda number: number < 0)),
    ),
    Fault(
        name="chat-getPinnedMessages-500-overflow",
        sentence="fails where the number of messages to leave out has more than 64 bits",
        operation="GET chat.getPinnedMessages",
        check="robustness.no-server-error",
        before=crashing_on("offset", number(lambda number: number > _OVERFLOW)),
    ),
    Fault(
        name="chat-getMessage-500-twice",
        sentence="fails where the id is given twice",
        operation="GET chat.getMessage",
        check="robustness.no-server-error",
        before=crashing_on("msgId", lambda value: isinstance(value, list)),
    ),
    Fault(
        name="chat-update-500-deep-nesting",
        sentence="fails where lists lie deeply within lists",
        operation="POST chat.update",
        check="robustness.no-server-error",
        before=crashing_where(lambda call: any(deep(value, 60) for value in call.body.values())),
    ),
    Fault(
        name="chat-reportMessage-500-path",
        sentence="fails where the reason looks like a path",
        operation="POST chat.reportMessage",
        check="robustness.no-server-error",
        before=crashing_on("description", text(lambda text: "../" in text)),
    ),
    Fault(
        name="chat-sendMessage-no-right-to-left",
        sentence="refuses a text that is written from right to left",
        operation="POST chat.sendMessage",
        check="robustness.script",
        before=refusing_where(
            lambda call: text(lambda text: any("\u0590" <= sign <= "\u06ff" for sign in text))(value(call, "msg")),
            "must be a text",
        ),
    ),
    Fault(
        name="chat-sendMessage-slow-template",
        sentence="takes long over a text with braces",
        operation="POST chat.sendMessage",
        check="robustness.time",
        before=slow_where(lambda call: text(lambda text: "{{" in text)(value(call, "msg"))),
    ),
    Fault(
        name="chat-starMessage-slow-pattern",
        sentence="takes long over a pattern in place of the id of a message",
        operation="POST chat.starMessage",
        check="robustness.time",
        before=slow_where(lambda call: text(lambda text: "[" in text)(value(call, "messageId"))),
    ),
    # operators, patterns, other types
    Fault(
        name="chat-getMessage-operator",
        sentence="takes an operator in the query for the id of a message",
        operation="GET chat.getMessage",
        check="robustness.operator",
        before=operator_as_id("msgId", part="query"),
    ),
    Fault(
        name="chat-starMessage-operator",
        sentence="takes an operator in the body for the id of a message",
        operation="POST chat.starMessage",
        check="robustness.operator",
        before=operator_as_id("messageId", part="body"),
    ),
    Fault(
        name="rooms-info-pattern",
        sentence="takes the id of a room for a pattern",
        operation="GET rooms.info",
        check="robustness.pattern",
        before=pattern_as_id("roomId"),
    ),
    Fault(
        name="chat-update-list-as-text",
        sentence="takes a list or an object for the text of a message",
        operation="POST chat.update",
        check="robustness.shape",
        before=as_text("text"),
    ),
    Fault(
        name="chat-react-strict-truth",
        sentence="refuses a truth value that is written as a text",
        operation="POST chat.react",
        check="robustness.spelling",
        before=refusing_where(lambda call: isinstance(call.body.get("shouldReact"), str), "must be boolean"),
    ),
    # what answers lead to
    Fault(
        name="chat-update-only-posted",
        sentence="edits what came over chat.postMessage, and not what came over chat.sendMessage",
        operation="POST chat.update",
        check="robustness.link",
        before=refusing_where(
            lambda call: (
                "parseUrls" not in (call.workspace.messages.get(call.body.get("msgId")) or {"parseUrls": True})
            ),
            "must be a message",
        ),
    ),
    # effects of what was refused
    Fault(
        name="chat-update-refused-object-and-done",
        sentence="refuses an object in the place of the text, and writes it all the same",
        operation="POST chat.update",
        check="robustness.no-effect",
        after=edit_all_the_same,
    ),
    # fields, only where the answer is small
    Fault(
        name="chat-getStarredMessages-null-when-empty",
        sentence="answers null instead of a list that is empty",
        operation="GET chat.getStarredMessages",
        check="field.type",
        after=only_when_empty(lambda body: {**body, "messages": None}, "messages"),
    ),
    Fault(
        name="chat-search-nothing-when-empty",
        sentence="leaves the list out where nothing was found",
        operation="GET chat.search",
        check="field.required",
        after=only_when_empty(lambda body: {key: body[key] for key in body if key != "messages"}, "messages"),
    ),
    # server errors
    Fault(
        name="chat-react-500-without-object",
        sentence="fails where the body is a list and not an object",
        operation="POST chat.react",
        check="robustness.no-server-error",
        before=crashing_where(lambda call: isinstance(call.payload, list)),
    ),
    # the inside of the server
    Fault(
        name="chat-getMessage-stack",
        sentence="adds the stack of the server to its refusals",
        operation="GET chat.getMessage",
        check="robustness.no-internals",
        after=refusals(told(stack="Error: not found\n    at Object.get (/app/bundle/programs/server/app/app.js:17:4)")),
    ),
    Fault(
        name="dm-open-file-path",
        sentence="names a file of the server where it refuses",
        operation="POST dm.open",
        check="robustness.no-internals",
        after=refusals(told(error="ENOENT: /opt/rocketchat/bundle/server/imports/im.ts")),
        release="8.8",
    ),
    Fault(
        name="chat-update-database-text",
        sentence="answers a refused edit with the text of the database",
        operation="POST chat.update",
        check="robustness.no-internals",
        after=refusals(told(error="MongoServerError: unknown operator")),
    ),
    # envelope and media type
    Fault(
        name="chat-delete-refused-with-success",
        sentence="says success in the body of a refusal",
        operation="POST chat.delete",
        check="robustness.envelope",
        after=refusals(told(success=True)),
    ),
    Fault(
        name="dm-members-refused-with-200",
        sentence="refuses with status 200",
        operation="GET dm.members",
        check="robustness.envelope",
        after=refusals(status(OK)),
    ),
    Fault(
        name="chat-followMessage-refusal-as-page",
        sentence="answers with a page where it refuses, and with JSON else",
        operation="POST chat.followMessage",
        check="robustness.json",
        after=refusals(lambda answer: replace(answer, body="<h1>Bad Request</h1>", content_type=HTML)),
    ),
    # errors that nobody has documented
    Fault(
        name="chat-pinMessage-unknown-error",
        sentence="refuses a message that is no text with an errorType that no page knows, from the second time on",
        operation="POST chat.pinMessage",
        check="robustness.error-documented",
        after=from_second_time(
            lambda call: not isinstance(call.body.get("messageId", ""), str), told(errorType="error-pin-internal-17")
        ),
    ),
    # headers
    Fault(
        name="rooms-info-refused-without-frame-header",
        sentence="leaves x-frame-options out where it refuses",
        operation="GET rooms.info",
        check="robustness.headers",
        after=refusals(lambda answer: replace(answer, headers={**answer.headers, "x-frame-options": ""})),
        release="6.14",
    ),
    # what is missing or unknown
    Fault(
        name="chat-ignoreUser-without-person",
        sentence="accepts a request that names nobody",
        operation="GET chat.ignoreUser",
        check="robustness.required",
        before=with_default("userId", "nobody"),
        after=accepting_refused(),
    ),
    Fault(
        name="chat-getDiscussions-of-nowhere",
        sentence="lists no discussions for a room that there is not, instead of refusing",
        operation="GET chat.getDiscussions",
        check="robustness.unknown",
        after=accepting_refused(messages=[], count=0, offset=0, total=0),
    ),
)
