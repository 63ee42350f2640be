"""Faults of lists: each answer looks right alone; beside each other they neither join nor agree."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.clock import iso
from preflight.mock.fault import Fault, Memory
from preflight.mock.faults.tampering import OK, After, Before, success
from preflight.mock.validation import parse_date

Document = dict[str, Any]  # a stored document, or one in an answer

_SMALL = 10  # what is asked for in pages, and not as a whole


def _asked(**change: Callable[[int], int]) -> Before:
    """Reads offset or count as another number, where they are sent."""

    def before(call: Call, _memory: Memory) -> Call:
        read = {
            name: str(changed(int(call.query[name])))
            for name, changed in change.items()
            if str(call.query.get(name, "")).isdigit()
        }
        return replace(call, query={**call.query, **read})

    return before


def _without(*names: str) -> Before:
    """Reads a request as if it did not have some parameters."""

    def before(call: Call, _memory: Memory) -> Call:
        return replace(call, query={name: value for name, value in call.query.items() if name not in names})

    return before


def _in_whole_seconds(name: str) -> Before:
    """Reads a moment as the whole second it is in."""

    def before(call: Call, _memory: Memory) -> Call:
        moment = parse_date(str(call.query.get(name)))
        if moment is None:
            return call
        return replace(call, query={**call.query, name: iso(moment.replace(microsecond=0))})

    return before


def _where(holds: Callable[[Call], bool], change: Callable[[Document], Document]) -> After:
    """Changes the answers to some questions alone."""

    def after(call: Call, answer: Answer, memory: Memory) -> Answer:
        return success(change)(call, answer, memory) if answer.status == OK and holds(call) else answer

    return after


def _has(name: str, value: str | None = None) -> Callable[[Call], bool]:
    return lambda call: name in call.query if value is None else str(call.query.get(name)) == value


def _on_page_two(call: Call) -> bool:
    return str(call.query.get("offset") or "0") != "0"


def _repeated(key: str) -> Callable[[Document], Document]:
    """Gives the first item of a page twice, in the place of its second."""

    def change(body: Document) -> Document:
        items = body[key]
        return {**body, key: [items[0], items[0], *items[2:]] if len(items) > 1 else items}

    return change


def _turned(key: str) -> Callable[[Document], Document]:
    """Puts the third item behind the fourth."""

    def change(body: Document) -> Document:
        first, third, fourth = body[key][:2], body[key][2:3], body[key][3:4]
        return {**body, key: [*first, *fourth, *third, *body[key][4:]]}

    return change


def _cut(key: str) -> Callable[[Document], Document]:
    """Leaves the last item out, and says nothing of it."""
    return lambda body: {**body, key: body[key][:-1]}


def _nobody(key: str) -> Callable[[Document], Document]:
    """Leaves out of each item who sent it."""
    return lambda body: {**body, key: [{**item, "u": None} for item in body[key]]}


def _written_since(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Leaves out the messages that were written before a moment and changed after it."""
    moment = parse_date(str(call.query.get("lastUpdate")))
    if answer.status != OK or moment is None:
        return answer
    result = answer.body["result"]
    written = [each for each in result["updated"] if each["ts"] > moment]
    return replace(answer, body={**answer.body, "result": {**result, "updated": written}})


def _cursor_too_late(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Leaves out the last item of a page, and names the cursor of the page as it was."""
    if answer.status != OK or "type" not in call.query or not answer.body["result"]["cursor"]["next"]:
        return answer
    result = answer.body["result"]
    return replace(answer, body={**answer.body, "result": {**result, "updated": result["updated"][:-1]}})


LIST_FAULTS: tuple[Fault, ...] = (
    # pages
    Fault(
        name="chat-getMentionedMessages-page-overlaps",
        sentence="begins every page but the first one item too early",
        operation="GET chat.getMentionedMessages",
        check="relation.pages-join",
        before=_asked(offset=lambda offset: max(offset - 1, 0)),
    ),
    Fault(
        name="chat-getThreadMessages-page-repeats",
        sentence="repeats an item from the second page on",
        operation="GET chat.getThreadMessages",
        check="relation.pages-join",
        after=_where(_on_page_two, _repeated("messages")),
    ),
    Fault(
        name="chat-getThreadsList-count-capped",
        sentence="gives two items at most, without a word",
        operation="GET chat.getThreadsList",
        check="relation.pages-join",
        before=_asked(count=lambda count: count if count > _SMALL else min(count, 2)),
    ),
    Fault(
        name="chat-getDiscussions-count-zero",
        sentence="gives nothing where a count of zero asks for everything",
        operation="GET chat.getDiscussions",
        check="relation.pages-join",
        after=_where(_has("count", "0"), lambda body: {**body, "messages": [], "count": 0}),
    ),
    Fault(
        name="chat-syncMessages-cursor-skips",
        sentence="names a cursor one item too late",
        operation="GET chat.syncMessages",
        check="relation.pages-join",
        after=_cursor_too_late,
    ),
    Fault(
        name="dm-messages-page-two-without-authors",
        sentence="leaves out who sent a message from the second page on",
        operation="GET dm.messages",
        check="relation.pages-join",
        after=_where(_on_page_two, _nobody("messages")),
    ),
    Fault(
        name="dm-history-offset-ignored",
        sentence="begins every page of a history with its newest message",
        operation="GET dm.history",
        check="relation.pages-join",
        before=_without("offset"),
    ),
    Fault(
        name="chat-search-one-too-many",
        sentence="gives one item more than was asked for",
        operation="GET chat.search",
        check="relation.count",
        before=_asked(count=lambda count: count + 1),
    ),
    Fault(
        name="chat-getPinnedMessages-count-as-asked",
        sentence="tells the count that was asked for, and not how many items there are",
        operation="GET chat.getPinnedMessages",
        check="relation.count",
        after=lambda call, answer, _memory: (
            replace(answer, body={**answer.body, "count": int(asked)})
            if answer.status == OK and (asked := str(call.query.get("count", ""))).isdigit()
            else answer
        ),
    ),
    Fault(
        name="chat-getStarredMessages-total-of-page",
        sentence="tells a total that is one too small from the second page on",
        operation="GET chat.getStarredMessages",
        check="relation.total",
        after=_where(_on_page_two, lambda body: {**body, "total": body["total"] - 1}),
    ),
    Fault(
        name="dm-members-total-counts-the-caller-twice",
        sentence="tells a total that is one too large",
        operation="GET dm.members",
        check="relation.total",
        after=success(lambda body: {**body, "total": body["total"] + 1}),
    ),
    # order
    Fault(
        name="dm-messages-third-and-fourth-turned",
        sentence="puts messages in order up to the second and then no more",
        operation="GET dm.messages",
        check="relation.sorted",
        after=_where(_has("sort"), _turned("messages")),
    ),
    Fault(
        name="dm-list-everyone-sort-ignored",
        sentence="gives rooms in an order of its own, whatever is asked for",
        operation="GET dm.list.everyone",
        check="relation.sorted",
        before=_without("sort"),
    ),
    Fault(
        name="dm-files-sort-loses-one",
        sentence="loses a file where an order is asked for",
        operation="GET dm.files",
        check="relation.sorted",
        after=_where(_has("sort"), _cut("files")),
    ),
    # filters
    Fault(
        name="dm-files-kind-ignored",
        sentence="lists files of every kind where one is asked for",
        operation="GET dm.files",
        check="relation.subset",
        before=_without("typeGroup"),
    ),
    Fault(
        name="chat-getThreadsList-text-loses",
        sentence="does not find the last of the threads that a text fits",
        operation="GET chat.getThreadsList",
        check="relation.subset",
        after=_where(_has("text"), _cut("threads")),
    ),
    Fault(
        name="chat-getDeletedMessages-since-ignored",
        sentence="lists what was deleted at any time",
        operation="GET chat.getDeletedMessages",
        check="relation.subset",
        before=lambda call, _memory: (
            replace(call, query={**call.query, "since": "1970-01-01T00:00:00.000Z"}) if "since" in call.query else call
        ),
    ),
    # windows in time
    Fault(
        name="rooms-get-whole-seconds",
        sentence="takes the moment that is asked for as the beginning of its second, and repeats rooms",
        operation="GET rooms.get",
        check="relation.window",
        before=_in_whole_seconds("updatedSince"),
    ),
    Fault(
        name="chat-syncMessages-written-since",
        sentence="tells which messages were written since, and not which were changed",
        operation="GET chat.syncMessages",
        check="relation.window",
        after=_written_since,
    ),
    Fault(
        name="chat-syncThreadsList-whole-seconds",
        sentence="takes the moment that is asked for as the beginning of its second, and repeats threads",
        operation="GET chat.syncThreadsList",
        check="relation.window",
        before=_in_whole_seconds("updatedSince"),
    ),
    Fault(
        name="dm-history-never-inclusive",
        sentence="loses the messages of the very moments between which a history is asked for",
        operation="GET dm.history",
        check="relation.window",
        before=_without("inclusive"),
    ),
    Fault(
        name="dm-history-oldest-ignored",
        sentence="gives a history from its beginning, whatever is asked for",
        operation="GET dm.history",
        check="relation.window",
        before=_without("oldest"),
    ),
    # two ways to name one thing
    Fault(
        name="dm-messages-by-username-one-short",
        sentence="loses the oldest message where the room is named by its other person",
        operation="GET dm.messages",
        check="relation.same",
        after=_where(_has("username"), _cut("messages")),
    ),
    Fault(
        name="rooms-info-by-name-without-last-message",
        sentence="shows a room without its last message where it is named by its name",
        operation="GET rooms.info",
        check="relation.same",
        after=_where(
            _has("roomName"),
            lambda body: {
                **body,
                "room": {key: value for key, value in body["room"].items() if key != "lastMessage"},
            },
        ),
    ),
)
