"""Faults of behaviour: answers and effects that look right one by one, and are wrong beside each other."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.fault import Fault, Memory
from preflight.mock.faults.tampering import OK, After, Before, success

Document = dict[str, Any]  # a stored document, or one in an answer

_STALE = timedelta(seconds=1)
_SMALL = 10

# -- how the state is tampered with ----------------------------------------------------------------------------------


def _done(change: Callable[[Call, Answer], None]) -> After:
    """Changes the state after a success, behind the caller's back."""

    def after(call: Call, answer: Answer, _memory: Memory) -> Answer:
        if answer.status == OK:
            change(call, answer)
        return answer

    return after


def _of_message(change: Callable[[Document], None], key: str = "messageId") -> After:
    """Changes the message that a call names, and its copy in the room, after a success."""

    def changed(call: Call, _answer: Answer) -> None:
        message = call.workspace.messages.get(call.body.get(key))
        if message is None:
            return
        change(message)
        last = (call.workspace.rooms.get(message["rid"]) or {}).get("lastMessage")
        if last is not None and last.get("_id") == message["_id"]:
            change(last)

    return _done(changed)


def _unread_twice(call: Call, answer: Answer) -> None:
    """Counts every message as unread for the others in its room, whatever the setting says."""
    message = answer.body["message"]
    for subscription in call.workspace.subscriptions.of_room(message["rid"]):
        if subscription["u"]["_id"] != message["u"]["_id"]:
            subscription["unread"] += 1


def _without_mentions(message: Document) -> None:
    message["mentions"] = []


def _without_reactions(message: Document) -> None:
    message.pop("reactions", None)


# -- how answers are tampered with -----------------------------------------------------------------------------------


def _for_others(change: Callable[[Document], Document]) -> After:
    """Changes what is told to everybody but the author of a message."""

    def after(call: Call, answer: Answer, memory: Memory) -> Answer:
        if answer.status != OK or answer.body["message"]["u"]["_id"] == call.caller["_id"]:
            return answer
        return success(change)(call, answer, memory)

    return after


def _stale(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Gives the same answer to the same question for one second."""
    if answer.status != OK:
        return answer
    key, now = (call.caller["_id"], str(call.query)), call.workspace.clock.read()
    since, body = memory.get(str(key), (now, answer.body))
    if now - since >= _STALE:
        since, body = now, answer.body
    memory[str(key)] = (since, deepcopy(body))
    return replace(answer, body=deepcopy(body))


def _with_all_stars(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Shows a message with the stars of everybody."""
    message = call.workspace.messages.get(call.query.get("msgId"))
    if answer.status != OK or message is None or "starred" not in message:
        return answer
    return replace(answer, body={**answer.body, "message": {**answer.body["message"], "starred": message["starred"]}})


def _starred_by_anybody(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Lists what anybody has starred."""
    room_id = str(call.query.get("roomId"))
    starred = [deepcopy(each) for each in call.workspace.messages.of_room(room_id) if each.get("starred")]
    if answer.status != OK:
        return answer
    return replace(answer, body={**answer.body, **call.paged("messages", starred[::-1])})


# -- how lists are tampered with -------------------------------------------------------------------------------------


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


def _from_page_two(change: Callable[[Document], Document]) -> After:
    """Changes answers from the second page on."""

    def after(call: Call, answer: Answer, memory: Memory) -> Answer:
        if answer.status != OK or not answer.body.get("offset"):
            return answer
        return success(change)(call, answer, memory)

    return after


def _repeated(key: str) -> Callable[[Document], Document]:
    """Gives the first item of a page twice, in the place of its second."""

    def change(body: Document) -> Document:
        items = body[key]
        return {**body, key: [items[0], items[0], *items[2:]] if len(items) > 1 else items}

    return change


BEHAVIOUR_FAULTS: tuple[Fault, ...] = (
    # messages
    Fault(
        name="chat-postMessage-unread-for-all",
        sentence="counts a message without mentions as unread",
        operation="POST chat.postMessage",
        check="behaviour.shown",
        after=_done(_unread_twice),
    ),
    Fault(
        name="chat-getMessage-blank-for-others",
        sentence="shows the text of a message to its author alone",
        operation="GET chat.getMessage",
        check="behaviour.shown",
        after=_for_others(lambda body: {**body, "message": {**body["message"], "msg": ""}}),
    ),
    Fault(
        name="chat-update-drops-mentions",
        sentence="forgets whom a message mentions when it is edited",
        operation="POST chat.update",
        check="behaviour.shown",
        after=_of_message(_without_mentions, "msgId"),
    ),
    Fault(
        name="chat-update-drops-reactions",
        sentence="forgets the reactions to a message when it is edited",
        operation="POST chat.update",
        check="behaviour.unchanged",
        after=_of_message(_without_reactions, "msgId"),
    ),
    Fault(
        name="chat-search-stale",
        sentence="answers a search from a cache that is one second old",
        operation="GET chat.search",
        check="behaviour.shown",
        after=_stale,
    ),
    Fault(
        name="chat-getMessage-stars-of-others",
        sentence="shows the stars of everybody",
        operation="GET chat.getMessage",
        check="behaviour.nowhere-else",
        after=_with_all_stars,
    ),
    Fault(
        name="chat-getStarredMessages-of-others",
        sentence="lists the messages that somebody else has starred",
        operation="GET chat.getStarredMessages",
        check="behaviour.nowhere-else",
        after=_starred_by_anybody,
    ),
    # lists
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
        after=_from_page_two(_repeated("messages")),
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
        after=lambda call, answer, _memory: (
            replace(answer, body={**answer.body, "messages": [], "count": 0})
            if answer.status == OK and str(call.query.get("count")) == "0"
            else answer
        ),
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
            replace(answer, body={**answer.body, "count": int(call.query.get("count") or 0)})
            if answer.status == OK
            else answer
        ),
    ),
    Fault(
        name="chat-getStarredMessages-total-of-page",
        sentence="tells a total that is one too small from the second page on",
        operation="GET chat.getStarredMessages",
        check="relation.total",
        after=_from_page_two(lambda body: {**body, "total": body["total"] - 1}),
    ),
)
