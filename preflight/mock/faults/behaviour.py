"""Faults of behaviour: what is done to messages shows wrongly, or where it does not belong, or does too much."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

from preflight.mock import messages, users
from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.clock import EPOCH, iso
from preflight.mock.fault import Fault, Memory
from preflight.mock.faults.tampering import OK, After, at, copies, done, of_message, stale, success

Document = dict[str, Any]  # a stored document, or one in an answer

# -- how the state is tampered with ----------------------------------------------------------------------------------


def _others_of(call: Call, message: Document) -> list[Document]:
    """Lists the subscriptions of a message's room but that of its author."""
    places = call.workspace.subscriptions.of_room(message["rid"])
    return [place for place in places if place["u"]["_id"] != message["u"]["_id"]]


def _unread_for_all(call: Call, answer: Answer) -> None:
    """Counts a message as unread for the others in its room, whatever the setting says."""
    for place in _others_of(call, answer.body["message"]):
        if not answer.body["message"]["mentions"]:
            place["unread"] += 1


def _mentioned_twice(call: Call, answer: Answer) -> None:
    """Counts a mention once more."""
    mentioned = {each["_id"] for each in answer.body["message"]["mentions"]}
    for place in _others_of(call, answer.body["message"]):
        if place["u"]["_id"] in mentioned:
            place["unread"] += 1


def _without(key: str) -> After:
    """Takes a key from a message that is edited."""

    def change(message: Document) -> None:
        message.pop(key, None)

    return of_message(change, "msgId")


def _without_mentions(message: Document) -> None:
    message["mentions"] = []


def _same_text_is_an_edit(call: Call, _answer: Answer) -> None:
    """Notes an edit even where the text stays the same."""
    message = call.workspace.messages.get(call.body.get("msgId"))
    if message is not None:
        for each in copies(call, message):
            each.update(editedAt=call.workspace.clock.now(), editedBy=users.brief(call.caller))


def _last_all_the_same(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Keeps what was deleted as the last message of its room."""
    room = call.workspace.rooms.get(call.body.get("roomId"))
    if answer.status == OK and room is not None and memory.get("last"):
        room["lastMessage"] = memory["last"]
    return answer


def _remember_last(call: Call, memory: Memory) -> Call:
    room = call.workspace.rooms.get(call.body.get("roomId")) or {}
    memory["last"] = deepcopy(room.get("lastMessage"))
    return call


def _untold(call: Call, answer: Answer) -> None:
    """Forgets in which room a message was deleted."""
    for removed in call.workspace.trash.since("message", EPOCH, _id=answer.body["_id"]):
        removed["rid"] = ""


def _never_off(call: Call, _memory: Memory) -> Call | Answer:
    """Leaves a reaction where its owner takes it off."""
    message = call.workspace.messages.get(call.body.get("messageId")) or {}
    name = str(call.body.get("emoji") or call.body.get("reaction")).strip(":")
    given = message.get("reactions", {}).get(f":{name}:", {}).get("usernames", ())
    is_taking_off = call.user is not None and call.user["username"] in given and call.body.get("shouldReact") is None
    return Answer(body={"success": True}) if is_taking_off else call


def _on_twice(call: Call, _answer: Answer) -> None:
    """Notes who reacts once more, where they ask for it to be there."""
    message = call.workspace.messages.get(call.body.get("messageId"))
    if message is not None and call.body.get("shouldReact") is True:
        for reaction in message.get("reactions", {}).values():
            reaction["usernames"].append(call.caller["username"])


def _no_stars(message: Document) -> None:
    message["starred"] = []


def _pinned_silently(call: Call, answer: Answer) -> None:
    """Takes the message away that tells of a pin."""
    notice = call.workspace.messages.get(answer.body["message"]["_id"])
    if notice is not None and notice.get("t") == "message_pinned":
        call.workspace.messages.remove(notice)


def _not_counted(call: Call, answer: Answer) -> None:
    """Does not count the message that tells of a pin."""
    room = call.workspace.rooms.get(answer.body["message"]["rid"])
    if room is not None:
        room["msgs"] -= 1


def _unpinned_loudly(call: Call, _answer: Answer) -> None:
    """Tells the room that a pin was taken off."""
    message = call.workspace.messages.get(call.body.get("messageId")) or {}
    room = call.workspace.rooms.get(message.get("rid"))
    if room is not None:
        messages.system(call.workspace, room, "message_unpinned", "", call.caller)


def _marked(message: Document) -> None:
    message["reported"] = True


# -- how the state of threads is tampered with -----------------------------------------------------------------------


def _of_reply(call: Call, answer: Answer) -> tuple[Document | None, Document | None]:
    """Gives the message that a reply answers, and the room."""
    reply = answer.body["message"]
    root = call.workspace.messages.get(reply.get("tmid"))
    return root, call.workspace.rooms.get(reply["rid"])


def _reply_is_last(call: Call, answer: Answer) -> None:
    """Makes a reply the last message of its room."""
    root, room = _of_reply(call, answer)
    if root is not None and room is not None:
        room["lastMessage"] = deepcopy(answer.body["message"])


def _without_author(call: Call, answer: Answer) -> None:
    """Forgets that the author of a message follows its thread."""
    root, _room = _of_reply(call, answer)
    if root is not None:
        root["replies"] = [each for each in root["replies"] if each != root["u"]["_id"]]


def _unread_for_its_author(call: Call, answer: Answer) -> None:
    """Notes a thread as unread for who has just replied."""
    root, _room = _of_reply(call, answer)
    place = call.workspace.subscriptions.get(answer.body["message"]["rid"], call.caller["_id"])
    if root is not None and place is not None:
        place["tunread"] = [*{*place.get("tunread", ()), root["_id"]}]


def _not_followed(call: Call, _answer: Answer) -> None:
    message = call.workspace.messages.get(call.body.get("mid"))
    if message is not None:
        message["replies"] = [each for each in message["replies"] if each != call.caller["_id"]]


def _unread_all_the_same(call: Call, _answer: Answer) -> None:
    """Leaves a thread unread for who unfollows it."""
    message = call.workspace.messages.get(call.body.get("mid"))
    place = message and call.workspace.subscriptions.get(message["rid"], call.caller["_id"])
    if message is not None and place is not None:
        place["tunread"] = [*place.get("tunread", ()), message["_id"]]


def _counted_all_the_same(call: Call, answer: Answer) -> None:
    """Counts a reply that was deleted."""
    for each in call.workspace.messages.of_room(answer.body["message"]["rid"]):
        if "tcount" in each:
            each["tcount"] += 1


# -- how answers are tampered with -----------------------------------------------------------------------------------


def _blank_for_others(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Shows the text of a message to its author alone."""
    if answer.status != OK or answer.body["message"]["u"]["_id"] == call.caller["_id"]:
        return answer
    return at("/message/msg", lambda _text: "")(call, answer, memory)


def _with_all_stars(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Shows a message with the stars of everybody."""
    message = call.workspace.messages.get(call.query.get("msgId"))
    if answer.status != OK or message is None or "starred" not in message:
        return answer
    return replace(answer, body={**answer.body, "message": {**answer.body["message"], "starred": message["starred"]}})


def _all_that(key: str, call: Call, answer: Answer) -> Answer:
    """Lists every message of a room that has something, whosever it is."""
    if answer.status != OK:
        return answer
    of_room = call.workspace.messages.of_room(str(call.query.get("roomId")))
    found = [deepcopy(each) for each in of_room if each.get(key)]
    return replace(answer, body={**answer.body, **call.paged("messages", found[::-1])})


def _with_deleted(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Finds messages that were deleted."""
    removed = call.workspace.trash.since("message", EPOCH, rid=call.query.get("roomId"))
    gone = [each for each in removed if str(call.query.get("searchText")) in each["msg"]]
    if answer.status != OK or not gone:
        return answer
    return replace(answer, body={**answer.body, "messages": [*answer.body["messages"], *map(deepcopy, gone)]})


def _read_by_all(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Names everybody in the room as a reader."""
    message = call.workspace.messages.get(call.query.get("messageId"))
    if answer.status != OK or message is None or not answer.body["receipts"]:
        return answer
    receipt = answer.body["receipts"][0]
    people = [place["u"] for place in call.workspace.subscriptions.of_room(message["rid"])]
    every = [{**receipt, "_id": each["_id"], "userId": each["_id"], "user": each} for each in people]
    return replace(answer, body={**answer.body, "receipts": every})


def _with_root(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Lists the message that a thread hangs on as the first of its replies."""
    root = call.workspace.messages.get(call.query.get("tmid"))
    if answer.status != OK or root is None:
        return answer
    return replace(answer, body={**answer.body, "messages": [deepcopy(root), *answer.body["messages"]]})


BEHAVIOUR_FAULTS: tuple[Fault, ...] = (
    # messages
    Fault(
        name="chat-postMessage-unread-for-all",
        sentence="counts a message without mentions as unread",
        operation="POST chat.postMessage",
        check="behaviour.shown",
        after=done(_unread_for_all),
    ),
    Fault(
        name="chat-postMessage-mention-unread-twice",
        sentence="counts a mention twice as unread",
        operation="POST chat.postMessage",
        check="behaviour.shown",
        after=done(_mentioned_twice),
    ),
    Fault(
        name="chat-getMessage-blank-for-others",
        sentence="shows the text of a message to its author alone",
        operation="GET chat.getMessage",
        check="behaviour.shown",
        after=_blank_for_others,
    ),
    Fault(
        name="chat-syncMessages-without-time-zone",
        sentence="drops the time zone of the times of messages",
        operation="GET chat.syncMessages",
        check="behaviour.shown",
        after=at("/result/updated/*/ts", lambda moment: iso(moment).removesuffix("Z")),
    ),
    Fault(
        name="chat-getMentionedMessages-of-everybody",
        sentence="lists the messages that mention somebody else",
        operation="GET chat.getMentionedMessages",
        check="behaviour.nowhere-else",
        after=lambda call, answer, _memory: _all_that("mentions", call, answer),
    ),
    Fault(
        name="chat-update-drops-mentions",
        sentence="forgets whom a message mentions when it is edited",
        operation="POST chat.update",
        check="behaviour.shown",
        after=of_message(_without_mentions, "msgId"),
    ),
    Fault(
        name="chat-update-drops-reactions",
        sentence="forgets the reactions to a message when it is edited",
        operation="POST chat.update",
        check="behaviour.unchanged",
        after=_without("reactions"),
    ),
    Fault(
        name="chat-update-same-text-is-an-edit",
        sentence="notes an edit where the text is the same as before",
        operation="POST chat.update",
        check="relation.idempotent",
        after=done(_same_text_is_an_edit),
    ),
    Fault(
        name="chat-search-stale",
        sentence="answers a search from a cache that is one second old",
        operation="GET chat.search",
        check="behaviour.shown",
        after=stale,
    ),
    Fault(
        name="chat-search-finds-deleted",
        sentence="finds messages that were deleted",
        operation="GET chat.search",
        check="behaviour.nowhere-else",
        after=_with_deleted,
    ),
    Fault(
        name="chat-delete-last-all-the-same",
        sentence="keeps a message that was deleted as the last of its room",
        operation="POST chat.delete",
        check="behaviour.shown",
        before=_remember_last,
        after=_last_all_the_same,
    ),
    Fault(
        name="chat-delete-untold",
        sentence="does not tell clients what was deleted",
        operation="POST chat.delete",
        check="behaviour.shown",
        after=done(_untold),
    ),
    Fault(
        name="chat-delete-counts-reply",
        sentence="goes on counting a reply that was deleted",
        operation="POST chat.delete",
        check="behaviour.shown",
        after=done(_counted_all_the_same),
    ),
    Fault(
        name="chat-reportMessage-marks",
        sentence="shows everybody that a message was reported",
        operation="POST chat.reportMessage",
        check="behaviour.unchanged",
        after=of_message(_marked),
    ),
    Fault(
        name="chat-getMessageReadReceipts-of-everybody",
        sentence="names everybody in the room as having read a message",
        operation="GET chat.getMessageReadReceipts",
        check="behaviour.nowhere-else",
        after=_read_by_all,
    ),
    # reactions, stars, pins
    Fault(
        name="chat-react-never-off",
        sentence="leaves a reaction where its owner takes it off",
        operation="POST chat.react",
        check="behaviour.shown",
        before=_never_off,
    ),
    Fault(
        name="chat-react-twice",
        sentence="notes a reaction twice where it is asked for twice",
        operation="POST chat.react",
        check="relation.idempotent",
        after=done(_on_twice),
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
        after=lambda call, answer, _memory: _all_that("starred", call, answer),
    ),
    Fault(
        name="chat-unStarMessage-for-all",
        sentence="takes the stars of everybody off",
        operation="POST chat.unStarMessage",
        check="behaviour.shown",
        after=of_message(_no_stars),
    ),
    Fault(
        name="chat-pinMessage-untold",
        sentence="does not tell the room of a pin",
        operation="POST chat.pinMessage",
        check="behaviour.shown",
        after=done(_pinned_silently),
    ),
    Fault(
        name="chat-pinMessage-not-counted",
        sentence="tells the room of a pin without counting the message",
        operation="POST chat.pinMessage",
        check="behaviour.shown",
        after=done(_not_counted),
    ),
    Fault(
        name="chat-unPinMessage-told",
        sentence="tells the room that a pin was taken off",
        operation="POST chat.unPinMessage",
        check="behaviour.unchanged",
        after=done(_unpinned_loudly),
    ),
    Fault(
        name="chat-getPinnedMessages-of-the-past",
        sentence="lists the messages that were ever pinned",
        operation="GET chat.getPinnedMessages",
        check="behaviour.nowhere-else",
        after=lambda call, answer, _memory: _all_that("pinnedAt", call, answer),
    ),
    # threads
    Fault(
        name="chat-sendMessage-reply-is-last",
        sentence="makes a reply in a thread the last message of its room",
        operation="POST chat.sendMessage",
        check="behaviour.nowhere-else",
        after=done(_reply_is_last),
    ),
    Fault(
        name="chat-sendMessage-author-follows-not",
        sentence="forgets that the author of a message follows its thread",
        operation="POST chat.sendMessage",
        check="behaviour.shown",
        after=done(_without_author),
    ),
    Fault(
        name="chat-sendMessage-unread-for-its-author",
        sentence="notes a thread as unread for the one who has just replied",
        operation="POST chat.sendMessage",
        check="behaviour.nowhere-else",
        after=done(_unread_for_its_author),
    ),
    Fault(
        name="chat-getThreadMessages-with-root",
        sentence="lists the message that a thread hangs on among its replies",
        operation="GET chat.getThreadMessages",
        check="behaviour.nowhere-else",
        after=_with_root,
    ),
    Fault(
        name="chat-getThreadsList-stale",
        sentence="answers from a cache that is one second old",
        operation="GET chat.getThreadsList",
        check="behaviour.shown",
        after=stale,
    ),
    Fault(
        name="chat-followMessage-forgotten",
        sentence="says that a thread is followed and forgets it",
        operation="POST chat.followMessage",
        check="behaviour.shown",
        after=done(_not_followed),
    ),
    Fault(
        name="chat-unfollowMessage-stays-unread",
        sentence="leaves a thread unread for the one who unfollows it",
        operation="POST chat.unfollowMessage",
        check="behaviour.nowhere-else",
        after=done(_unread_all_the_same),
    ),
    Fault(
        name="chat-syncThreadMessages-without-removed",
        sentence="does not tell which replies were deleted",
        operation="GET chat.syncThreadMessages",
        check="behaviour.shown",
        after=success(lambda body: {**body, "messages": {**body["messages"], "remove": []}}),
    ),
)
