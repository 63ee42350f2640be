"""Faults of behaviour: what is told of rooms, direct ones among them, and of the place of their members."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.clock import EPOCH
from preflight.mock.fault import Fault, Memory
from preflight.mock.faults.tampering import OK, After, at, done, of_message, of_place, stale, success

Document = dict[str, Any]  # a stored document, or one in an answer

# -- how the state is tampered with ----------------------------------------------------------------------------------


def _closed(place: Document) -> None:
    place["open"] = False


def _called(place: Document) -> None:
    place["alert"] = True


def _ignoring_back(call: Call, _answer: Answer) -> None:
    """Lets who is ignored ignore the other as well."""
    ws = call.workspace
    mine, theirs = (
        ws.subscriptions.get(call.query.get("rid"), who) for who in (call.caller["_id"], call.query.get("userId"))
    )
    if mine is not None and theirs is not None:
        theirs["ignored"] = mine["ignored"]


def _remember_ignored(call: Call, memory: Memory) -> Call:
    place = call.user and call.workspace.subscriptions.get(call.query.get("rid"), call.user["_id"])
    memory["ignored"] = list((place or {}).get("ignored", ()))
    return call


def _ignored_again(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Notes whom somebody ignores already once more."""
    place = call.workspace.subscriptions.get(call.query.get("rid"), call.caller["_id"])
    if answer.status == OK and place is not None and place["ignored"] == memory["ignored"]:
        place["ignored"] = [*place["ignored"], call.query.get("userId")]
    return answer


def _open_turned(call: Call, memory: Memory) -> Call:
    place = call.user and call.workspace.subscriptions.get(call.body.get("roomId"), call.user["_id"])
    memory["was open"] = bool(place and place["open"])
    return call


def _closing_what_is_open(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Closes a room that is open already."""
    place = call.workspace.subscriptions.get(call.body.get("roomId"), call.caller["_id"])
    if answer.status == OK and place is not None and memory["was open"]:
        place["open"] = False
    return answer


def _remember_closed(call: Call, memory: Memory) -> Call:
    room_id = (call.body.get("message") or {}).get("rid")
    memory["closed"] = [each for each in call.workspace.subscriptions.of_room(str(room_id)) if not each["open"]]
    return call


def _closed_all_the_same(_call: Call, answer: Answer, memory: Memory) -> Answer:
    """Leaves a room closed for who is written to."""
    for place in memory["closed"]:
        place["open"] = False
    return answer


def _unread_twice(call: Call, answer: Answer) -> None:
    """Counts a message in a direct room twice."""
    message = answer.body["message"]
    for place in call.workspace.subscriptions.of_room(message["rid"]):
        if place["t"] == "d" and place["u"]["_id"] != message["u"]["_id"]:
            place["unread"] += 1


def _topic_untold(call: Call, _answer: Answer) -> None:
    """Takes the message away that tells of a topic."""
    of_room = call.workspace.messages.of_room(str(call.body.get("roomId")))
    for message in [each for each in of_room if each.get("t") == "room_changed_topic"]:
        call.workspace.messages.remove(message)


def _topic_each_time(call: Call, _answer: Answer) -> None:
    """Counts a message about a topic that is the same as before."""
    room = call.workspace.rooms.get(call.body.get("roomId"))
    if room is not None:
        room["msgs"] += 1


def _language_lost(place: Document) -> None:
    if place.get("autoTranslate"):
        place.pop("autoTranslateLanguage", None)


def _translating(place: Document) -> None:
    place["autoTranslate"] = True


def _saved_twice(call: Call, memory: Memory) -> Call:
    place = call.user and call.workspace.subscriptions.get(call.body.get("roomId"), call.user["_id"])
    memory["language"] = (place or {}).get("autoTranslateLanguage")
    return call


def _language_off_again(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Takes a language off that is set a second time."""
    place = call.workspace.subscriptions.get(call.body.get("roomId"), call.caller["_id"])
    if answer.status == OK and place is not None and call.body.get("value") == memory["language"]:
        place.pop("autoTranslateLanguage", None)
    return answer


def _overwritten(message: Document) -> None:
    message["msg"] = f"{message['msg']} (translated)"


# -- how answers are tampered with -----------------------------------------------------------------------------------


def _room_by_who_asks(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Names another room for three people, depending on who asks for it."""
    room = answer.body.get("room") if answer.status == OK else None
    if room is None or len(room["usernames"]) <= 2 or room["usernames"][0] == call.caller["username"]:  # noqa: PLR2004
        return answer
    return replace(answer, body={**answer.body, "room": {**room, "rid": room["rid"][::-1], "_id": room["rid"][::-1]}})


def _everybody(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Lists the direct rooms of everybody."""
    if answer.status != OK:
        return answer
    every = [deepcopy(room) for room in call.workspace.rooms if room["t"] == "d"]
    return replace(answer, body={**answer.body, "ims": every, "count": len(every), "total": len(every)})


def _with_left(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Lists the rooms that somebody has left."""
    if answer.status != OK:
        return answer
    places = call.workspace.trash.since("subscription", EPOCH)
    left = [call.workspace.rooms.get(each["rid"]) for each in places if each["u"]["_id"] == call.caller["_id"]]
    more = [deepcopy(room) for room in left if room is not None]
    return replace(answer, body={**answer.body, "update": [*answer.body["update"], *more]})


def _with_all_of_the_caller(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Lists the files that somebody has sent into whatever room."""
    if answer.status != OK:
        return answer
    mine = [deepcopy(each) for each in call.workspace.uploads.values() if each["userId"] == call.caller["_id"]]
    known = {each["_id"] for each in answer.body["files"]}
    return replace(
        answer, body={**answer.body, "files": [*answer.body["files"], *(f for f in mine if f["_id"] not in known)]}
    )


def _nameless_for_others(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Tells the names of the people to the first of them alone."""
    if answer.status != OK or not answer.body["members"]:
        return answer
    first = min(member["username"] for member in answer.body["members"])
    if call.caller["username"] == first:
        return answer
    return at("/members/*/name", lambda _name: "")(call, answer, memory)


def _in_directs(key: str, value: Any) -> After:
    """Changes a key of rooms of two people alone."""

    def changed(body: Document) -> Document:
        update = [{**room, key: value} if room["t"] == "d" and key in room else room for room in body["update"]]
        return {**body, "update": update}

    return success(changed)


def _shows_threads(call: Call, _memory: Memory) -> Call:
    return replace(call, query={**call.query, "showThreadMessages": "true"})


BEHAVIOUR_OF_ROOMS: tuple[Fault, ...] = (
    # rooms
    Fault(
        name="rooms-get-directs-without-last-message",
        sentence="gives null as the last message of direct rooms alone",
        operation="GET rooms.get",
        check="behaviour.shown",
        after=_in_directs("lastMessage", None),
    ),
    Fault(
        name="rooms-get-forgets-erased",
        sentence="does not tell which rooms were erased",
        operation="GET rooms.get",
        check="behaviour.shown",
        after=success(lambda body: {**body, "remove": []}),
    ),
    Fault(
        name="rooms-get-with-left",
        sentence="lists the rooms that somebody has left",
        operation="GET rooms.get",
        check="behaviour.nowhere-else",
        after=_with_left,
    ),
    Fault(
        name="rooms-info-topic-of-old",
        sentence="answers from a cache that is one second old",
        operation="GET rooms.info",
        check="behaviour.shown",
        after=stale,
    ),
    Fault(
        name="rooms-info-discussion-without-parent",
        sentence="does not name the room that a discussion hangs on",
        operation="GET rooms.info",
        check="behaviour.shown",
        after=success(lambda body: {key: value for key, value in body.items() if key != "parent"}),
    ),
    Fault(
        name="chat-getDiscussions-counts-one-more",
        sentence="counts one message more than a discussion has told of",
        operation="GET chat.getDiscussions",
        check="behaviour.shown",
        after=at("/messages/*/dcount", lambda count: count + 1),
    ),
    Fault(
        name="chat-ignoreUser-mutually",
        sentence="lets who is ignored ignore the other as well",
        operation="GET chat.ignoreUser",
        check="behaviour.nowhere-else",
        after=done(_ignoring_back),
    ),
    Fault(
        name="chat-ignoreUser-again",
        sentence="notes once more whom somebody ignores already",
        operation="GET chat.ignoreUser",
        check="relation.idempotent",
        before=_remember_ignored,
        after=_ignored_again,
    ),
    # direct rooms
    Fault(
        name="dm-create-room-by-who-asks",
        sentence="names another room for three people to each of them",
        operation="POST dm.create",
        check="relation.same",
        after=_room_by_who_asks,
    ),
    Fault(
        name="dm-list-of-everybody",
        sentence="lists the direct rooms of everybody",
        operation="GET dm.list",
        check="behaviour.nowhere-else",
        after=_everybody,
    ),
    Fault(
        name="dm-list-stale",
        sentence="answers from a cache that is one second old",
        operation="GET dm.list",
        check="behaviour.shown",
        after=stale,
    ),
    Fault(
        name="chat-sendMessage-direct-unread-twice",
        sentence="counts a direct message twice as unread",
        operation="POST chat.sendMessage",
        check="behaviour.shown",
        after=done(_unread_twice),
    ),
    Fault(
        name="chat-sendMessage-closed-stays-closed",
        sentence="leaves a room closed for the one who is written to",
        operation="POST chat.sendMessage",
        check="behaviour.shown",
        before=_remember_closed,
        after=_closed_all_the_same,
    ),
    Fault(
        name="dm-counters-all-unread",
        sentence="counts every message as unread",
        operation="GET dm.counters",
        check="behaviour.shown",
        after=success(lambda body: {**body, "unreads": body["msgs"]}),
    ),
    Fault(
        name="dm-close-for-all",
        sentence="closes a room for everybody in it",
        operation="POST dm.close",
        check="behaviour.unchanged",
        after=of_place(_closed, mine=False),
    ),
    Fault(
        name="dm-close-calls-on",
        sentence="goes on calling who has closed a room",
        operation="POST dm.close",
        check="behaviour.shown",
        after=of_place(_called, mine=True),
    ),
    Fault(
        name="dm-open-turns",
        sentence="closes a room that is open already",
        operation="POST dm.open",
        check="relation.idempotent",
        before=_open_turned,
        after=_closing_what_is_open,
    ),
    Fault(
        name="dm-setTopic-untold",
        sentence="does not tell the room of its topic",
        operation="POST dm.setTopic",
        check="behaviour.shown",
        after=done(_topic_untold),
    ),
    Fault(
        name="dm-setTopic-each-time",
        sentence="counts a message about a topic that is the same as before",
        operation="POST dm.setTopic",
        check="relation.idempotent",
        after=done(_topic_each_time),
    ),
    Fault(
        name="dm-files-of-the-caller",
        sentence="lists all files that somebody has sent, whatever the room",
        operation="GET dm.files",
        check="behaviour.nowhere-else",
        after=_with_all_of_the_caller,
    ),
    Fault(
        name="dm-members-nameless-for-others",
        sentence="tells the names of people to the first of them alone",
        operation="GET dm.members",
        check="behaviour.shown",
        after=_nameless_for_others,
    ),
    Fault(
        name="dm-history-with-threads",
        sentence="shows what was said in threads to who did not ask for it",
        operation="GET dm.history",
        check="behaviour.nowhere-else",
        before=_shows_threads,
    ),
    Fault(
        name="dm-history-unread-one-more",
        sentence="tells of one message too many before a history",
        operation="GET dm.history",
        check="behaviour.shown",
        after=at("/unreadNotLoaded", lambda number: number + 1),
    ),
    # automatic translation
    Fault(
        name="autotranslate-saveSettings-for-all",
        sentence="switches translation on for everybody in the room",
        operation="POST autotranslate.saveSettings",
        check="behaviour.nowhere-else",
        after=of_place(_translating, mine=False),
    ),
    Fault(
        name="autotranslate-saveSettings-language-lost",
        sentence="forgets the language where translation is switched on",
        operation="POST autotranslate.saveSettings",
        check="behaviour.shown",
        after=of_place(_language_lost, mine=True),
    ),
    Fault(
        name="autotranslate-saveSettings-off-again",
        sentence="takes a language off that is set a second time",
        operation="POST autotranslate.saveSettings",
        check="relation.idempotent",
        before=_saved_twice,
        after=_language_off_again,
    ),
    Fault(
        name="autotranslate-translateMessage-overwrites",
        sentence="writes a translation over the message",
        operation="POST autotranslate.translateMessage",
        check="behaviour.unchanged",
        after=of_message(_overwritten),
    ),
)
