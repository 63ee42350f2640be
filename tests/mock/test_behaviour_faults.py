"""Faults of behaviour and of lists: what each leaves behind in the workspace, or tells of it, beside the truth."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from preflight.mock.faults import fault
from preflight.mock.faults.behaviour import BEHAVIOUR_FAULTS
from preflight.mock.faults.behaviour_rooms import BEHAVIOUR_OF_ROOMS
from preflight.mock.faults.lists import LIST_FAULTS
from tests.mock.world import Json, Person, World, world

EVERY = (*BEHAVIOUR_FAULTS, *BEHAVIOUR_OF_ROOMS, *LIST_FAULTS)
EPOCH = "1970-01-01T00:00:00.000Z"


@contextmanager
def faulty(name: str, release: str = "8.0") -> Iterator[tuple[World, Person, Person]]:
    with world(release=release, fault=fault(name)) as here:
        yield here, here.alice, here.bob


def talk(alice: Person, bob: Person) -> Json:
    return alice.channel("plaza", bob.username)


def said(who: Person, room: Json, text: str, **more: Json) -> Json:
    return who.does("chat.postMessage", roomId=room["_id"], text=text, **more)["message"]


def place(who: Person, room: Json) -> Json:
    return who.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]


def message(who: Person, id_: str) -> Json:
    return who.reads("chat.getMessage", msgId=id_)["message"]


def test_every_fault_has_a_name_of_its_own_and_says_what_it_does() -> None:
    assert len({each.name for each in EVERY}) == len(EVERY) >= 80
    assert all(each.sentence and not each.sentence.endswith(".") for each in EVERY)


def test_every_family_and_every_check_has_a_fault() -> None:
    families = {each.operation.partition(" ")[2].partition(".")[0] for each in EVERY}
    assert families == {"rooms", "chat", "dm", "autotranslate"}
    assert {each.check for each in EVERY} == {
        "behaviour.shown",
        "behaviour.nowhere-else",
        "behaviour.unchanged",
        "relation.pages-join",
        "relation.count",
        "relation.total",
        "relation.sorted",
        "relation.subset",
        "relation.window",
        "relation.same",
        "relation.idempotent",
    }


def test_a_message_is_counted_as_unread_without_a_reason() -> None:
    with faulty("chat-postMessage-unread-for-all") as (_here, alice, bob):
        room = talk(alice, bob)
        said(alice, room, "hello")
        assert (place(bob, room)["unread"], place(alice, room)["unread"]) == (1, 0)


def test_a_mention_is_counted_twice() -> None:
    with faulty("chat-postMessage-mention-unread-twice") as (_here, alice, bob):
        room = talk(alice, bob)
        said(alice, room, f"for @{bob.username}")
        assert (place(bob, room)["unread"], place(bob, room)["userMentions"]) == (2, 1)


@pytest.mark.parametrize(
    ("name", "key"), [("chat-update-drops-mentions", "mentions"), ("chat-update-drops-reactions", "reactions")]
)
def test_an_edit_forgets_something(name: str, key: str) -> None:
    with faulty(name) as (_here, alice, bob):
        room = talk(alice, bob)
        id_ = said(alice, room, f"for @{bob.username}")["_id"]
        bob.does("chat.react", messageId=id_, emoji=":eyes:")
        assert message(bob, id_)[key]
        alice.does("chat.update", roomId=room["_id"], msgId=id_, text=f"again for @{bob.username}")
        assert not message(bob, id_).get(key)
        assert not alice.reads("rooms.info", roomId=room["_id"])["room"]["lastMessage"].get(key)


def test_a_cache_answers_as_it_did_a_moment_ago() -> None:
    with faulty("chat-search-stale") as (_here, alice, bob):
        room = talk(alice, bob)
        asked = {"roomId": room["_id"], "searchText": "word"}
        assert bob.reads("chat.search", **asked)["messages"] == []
        said(alice, room, "a word")
        assert bob.reads("chat.search", **asked)["messages"] == []
        assert len(alice.reads("chat.search", **asked)["messages"]) == 1


def test_a_deleted_message_leaves_traces() -> None:
    with faulty("chat-search-finds-deleted") as (_here, alice, bob):
        room = talk(alice, bob)
        id_ = said(alice, room, "a word")["_id"]
        alice.does("chat.delete", roomId=room["_id"], msgId=id_)
        found = bob.reads("chat.search", roomId=room["_id"], searchText="word")["messages"]
        assert [each["_id"] for each in found] == [id_]
    with faulty("chat-delete-last-all-the-same") as (_here, alice, bob):
        room = talk(alice, bob)
        id_ = said(alice, room, "a word")["_id"]
        alice.does("chat.delete", roomId=room["_id"], msgId=id_)
        assert bob.reads("rooms.info", roomId=room["_id"])["room"]["lastMessage"]["_id"] == id_
    with faulty("chat-delete-untold") as (_here, alice, bob):
        room = talk(alice, bob)
        id_ = said(alice, room, "a word")["_id"]
        alice.does("chat.delete", roomId=room["_id"], msgId=id_)
        assert bob.reads("chat.getDeletedMessages", roomId=room["_id"], since=EPOCH)["messages"] == []


def test_marks_are_put_and_taken_off_wrongly() -> None:
    with faulty("chat-react-never-off") as (_here, alice, bob):
        id_ = said(alice, talk(alice, bob), "hello")["_id"]
        bob.does("chat.react", messageId=id_, emoji=":eyes:")
        bob.does("chat.react", messageId=id_, emoji=":eyes:")
        assert message(alice, id_)["reactions"] == {":eyes:": {"usernames": [bob.username]}}
    with faulty("chat-unStarMessage-for-all") as (_here, alice, bob):
        id_ = said(alice, talk(alice, bob), "hello")["_id"]
        for who in (alice, bob):
            who.does("chat.starMessage", messageId=id_)
        alice.does("chat.unStarMessage", messageId=id_)
        assert message(bob, id_)["starred"] == []
    with faulty("chat-pinMessage-untold") as (_here, alice, bob):
        id_ = said(alice, talk(alice, bob), "hello")["_id"]
        notice = alice.does("chat.pinMessage", messageId=id_)["message"]
        assert alice.get("chat.getMessage", msgId=notice["_id"]).json() == {"success": False}


def test_threads_are_counted_and_followed_wrongly() -> None:
    with faulty("chat-sendMessage-reply-is-last") as (_here, alice, bob):
        room = talk(alice, bob)
        id_ = said(alice, room, "root")["_id"]
        reply = bob.does("chat.sendMessage", message={"rid": room["_id"], "tmid": id_, "msg": "reply"})["message"]
        assert alice.reads("rooms.info", roomId=room["_id"])["room"]["lastMessage"]["_id"] == reply["_id"]
    with faulty("chat-followMessage-forgotten") as (_here, alice, bob):
        id_ = said(alice, talk(alice, bob), "root")["_id"]
        bob.does("chat.followMessage", mid=id_)
        assert message(alice, id_)["replies"] == []
    with faulty("chat-unfollowMessage-stays-unread") as (_here, alice, bob):
        room = talk(alice, bob)
        id_ = said(alice, room, "root")["_id"]
        bob.does("chat.unfollowMessage", mid=id_)
        assert place(bob, room)["tunread"] == [id_]


def test_direct_rooms_open_close_and_count_wrongly() -> None:
    with faulty("dm-close-for-all") as (_here, alice, bob):
        room = alice.direct(bob.username)
        alice.does("dm.close", roomId=room["_id"])
        assert (place(alice, room)["open"], place(bob, room)["open"]) == (False, False)
    with faulty("dm-open-turns") as (_here, alice, bob):
        room = alice.direct(bob.username)
        alice.does("dm.open", roomId=room["_id"])
        assert place(alice, room)["open"] is False
    with faulty("chat-sendMessage-closed-stays-closed") as (_here, alice, bob):
        room = alice.direct(bob.username)
        alice.does("chat.sendMessage", message={"rid": room["_id"], "msg": "hello"})
        assert place(bob, room)["open"] is False
    with faulty("chat-sendMessage-direct-unread-twice") as (_here, alice, bob):
        room = alice.direct(bob.username)
        alice.does("chat.sendMessage", message={"rid": room["_id"], "msg": "hello"})
        assert place(bob, room)["unread"] == 2


def test_lists_are_cut_turned_and_moved() -> None:
    with faulty("chat-getThreadsList-count-capped") as (_here, alice, bob):
        room = talk(alice, bob)
        for number in range(3):
            id_ = said(alice, room, f"root {number}")["_id"]
            said(alice, room, "reply", tmid=id_)
        asked = {"rid": room["_id"]}
        counts = [len(alice.reads("chat.getThreadsList", **asked, count=count)["threads"]) for count in (1, 3, 50)]
        assert counts == [1, 2, 3]
    with faulty("dm-messages-third-and-fourth-turned") as (_here, alice, bob):
        room = alice.direct(bob.username)
        for number in range(4):
            said(alice, room, str(number))
        found = alice.reads("dm.messages", roomId=room["_id"], sort='{"ts":1}')["messages"]
        assert [each["msg"] for each in found] == ["0", "1", "3", "2"]
        assert [each["msg"] for each in alice.reads("dm.messages", roomId=room["_id"])["messages"]] == list("3210")
    with faulty("rooms-get-whole-seconds") as (_here, alice, bob):
        room = talk(alice, bob)
        since = alice.reads("rooms.info", roomId=room["_id"])["room"]["_updatedAt"]
        assert room["_id"] in {each["_id"] for each in alice.reads("rooms.get", updatedSince=since)["update"]}


def test_a_fault_leaves_other_operations_alone() -> None:
    with faulty("dm-list-of-everybody") as (_here, alice, bob):
        room = bob.direct("rocket.cat")
        assert room["_id"] in {each["_id"] for each in alice.reads("dm.list")["ims"]}
        assert room["_id"] not in {each["_id"] for each in alice.reads("rooms.get")["update"]}
