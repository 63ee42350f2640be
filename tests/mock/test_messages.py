"""What a message does to its room, its thread and the subscriptions of both."""

from collections.abc import Iterator
from typing import Any

import pytest

from preflight.mock import deletions, edits, messages, reactions, rooms, stars, threads
from preflight.mock.clock import EPOCH
from preflight.mock.server import MockServer
from tests.mock.chat_world import World, serving

Document = dict[str, Any]


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with serving("8.0") as server:
        yield server


@pytest.fixture
def world(server: MockServer) -> Iterator[World]:
    world = World(server)
    yield world
    world.close()


def test_a_message_has_the_keys_of_a_server(world: World) -> None:
    message = world.said(world.alice, "see https://a.example/ @bob #general")
    assert set(message) == {
        "rid", "msg", "ts", "u", "_id", "_updatedAt", "urls", "mentions", "channels", "md",
    }  # fmt: skip
    assert message["urls"] == [{"url": "https://a.example/", "meta": {}}]
    assert message["channels"] == [{"_id": "GENERAL", "name": "general"}]
    assert message["mentions"] == []
    assert message["ts"] < message["_updatedAt"]
    assert len(message["_id"]) == 17


@pytest.mark.parametrize(
    ("sent", "kept"),
    [({"text": "a"}, {"text": "a"}), ("ab", {"0": "a", "1": "b"}), ([["x"], 1], {"0": ["x"], "1": 1}), (5, {})],
)
def test_an_attachment_is_kept_as_an_object(world: World, sent: object, kept: Document) -> None:
    message = messages.post(world.ws, world.alice, world.channel, {"msg": "", "attachments": [sent]})
    assert message["attachments"] == [{**kept, "ts": EPOCH}]


def test_a_message_without_text_has_no_tree(world: World) -> None:
    assert "md" not in world.said(world.alice, "")


def test_a_mention_names_its_user_and_everybody(world: World) -> None:
    message = world.said(world.alice, f"@{world.bob['username']} and @all")
    bob = {"_id": world.bob["_id"], "username": world.bob["username"], "name": "Bob", "type": "user"}
    assert message["mentions"] == [bob, {"_id": "all", "username": "all"}]


def test_who_may_not_call_everybody_mentions_nobody(world: World) -> None:
    with world.permission("mention-all", "admin"):
        assert world.said(world.bob, "@all")["mentions"] == []


def test_addresses_outside_the_previews_are_not_parsed(world: World) -> None:
    text = "http://a.example http://b.example"
    message = messages.post(world.ws, world.alice, world.channel, {"msg": text}, previews=["http://a.example"])
    assert message["urls"] == [
        {"url": "http://a.example", "meta": {}},
        {"url": "http://b.example", "meta": {}, "ignoreParse": True},
    ]


def test_an_attachment_gets_the_first_moment_of_1970(world: World) -> None:
    message = world.said(world.alice, "", attachments=[{"text": "a"}])
    assert message["attachments"][0]["ts"].year == 1970


# -- the room


def test_a_message_becomes_the_last_of_its_room(world: World) -> None:
    before = world.channel["_updatedAt"]
    message = world.said(world.alice, "hello")
    assert world.channel["msgs"] == 1
    assert world.channel["lm"] == message["ts"]
    assert world.channel["lastMessage"] == message
    assert world.channel["lastMessage"] is not message
    assert world.channel["_updatedAt"] > before


def test_a_room_keeps_no_last_message_where_the_setting_says_so(world: World) -> None:
    with world.setting(Store_Last_Message=False):
        world.said(world.alice, "hello")
    assert "lastMessage" not in world.channel


def test_a_system_message_only_counts(world: World) -> None:
    seat = dict(world.seat(world.bob))
    message = messages.system(world.ws, world.channel, "room_changed_topic", "news", world.alice)
    assert set(message) == {"_id", "t", "rid", "ts", "msg", "u", "groupable", "_updatedAt"}
    assert len(message["_id"]) == 24
    assert world.channel["msgs"] == 1
    assert not {"lm", "lastMessage"} & set(world.channel)
    assert world.seat(world.bob) == seat


def test_removed_with_its_room_a_message_lies_in_the_trash(world: World) -> None:
    message = world.said(world.alice, "hello")
    since = world.ws.clock.now()
    messages.remove_room(world.ws, world.channel)
    assert messages.of_room(world.ws, world.channel["_id"]) == []
    assert [each["_id"] for each in world.ws.trash.since("message", since)] == [message["_id"]]


# -- those who are in it


def test_plain_text_calls_for_attention_and_counts_nothing(world: World) -> None:
    world.said(world.alice, "hello")
    seat = world.seat(world.bob)
    assert (seat["open"], seat["alert"], seat["unread"]) == (True, True, 0)


def test_the_sender_has_read_the_room(world: World) -> None:
    world.said(world.bob, f"@{world.alice['username']}")
    message = world.said(world.alice, "here I am")
    seat = world.seat(world.alice)
    assert (seat["alert"], seat["unread"], seat["userMentions"]) == (False, 0, 0)
    assert seat["ls"] > message["ts"]


@pytest.mark.parametrize(
    ("text", "counters"),
    [("@{bob}", (1, 1, 0)), ("@all", (1, 0, 1)), ("@here", (1, 0, 1)), ("@{bob} @all", (1, 1, 0)), ("none", (0, 0, 0))],
)
def test_mentions_are_counted_by_name_before_group(world: World, text: str, counters: tuple[int, int, int]) -> None:
    world.said(world.alice, text.format(bob=world.bob["username"]))
    seat = world.seat(world.bob)
    assert (seat["unread"], seat["userMentions"], seat["groupMentions"]) == counters


def test_every_message_counts_where_the_setting_says_so(world: World) -> None:
    with world.setting(Unread_Count="all_messages"):
        world.said(world.alice, "hello")
    assert world.seat(world.bob)["unread"] == 1


def test_group_mentions_weigh_nothing_where_only_names_count(world: World) -> None:
    with world.setting(Unread_Count="user_mentions_only"):
        world.said(world.alice, "@all")
    seat = world.seat(world.bob)
    assert (seat["unread"], seat["groupMentions"]) == (0, 1)


def test_a_closed_direct_room_opens_for_the_partner(world: World) -> None:
    seat = world.seat(world.bob, world.direct)
    assert seat["open"] is False
    world.said(world.alice, "hello", world.direct)
    assert (seat["open"], seat["alert"], seat["unread"]) == (True, True, 1)


# -- threads


def test_a_first_reply_makes_a_thread(world: World) -> None:
    parent = world.said(world.alice, "who comes?")
    last = world.channel["lastMessage"]
    before = dict(world.seat(world.alice))
    reply = world.said(world.bob, "I do", tmid=parent["_id"])
    assert (parent["tcount"], parent["tlm"]) == (1, reply["ts"])
    assert parent["replies"] == [world.alice["_id"], world.bob["_id"]]
    assert parent["_updatedAt"] > reply["ts"]
    assert (world.channel["msgs"], world.channel["lastMessage"]) == (2, last)
    seat = world.seat(world.alice)
    assert (seat["alert"], seat["unread"]) == (True, before["unread"])
    assert "tunread" not in seat
    assert "lr" in seat
    assert "lr" in world.seat(world.bob)
    assert world.seat(world.bob)["alert"] is True


def test_a_later_reply_is_unread_for_those_who_follow(world: World) -> None:
    parent = world.said(world.alice, "who comes?")
    world.said(world.alice, "I do", tmid=parent["_id"])
    world.said(world.bob, "me too", tmid=parent["_id"])
    assert world.seat(world.alice)["tunread"] == [parent["_id"]]
    assert "tunread" not in world.seat(world.bob)


def test_who_is_mentioned_in_a_thread_follows_it(world: World) -> None:
    parent = world.said(world.alice, "who comes?")
    world.said(world.alice, f"@{world.bob['username']}?", tmid=parent["_id"])
    seat = world.seat(world.bob)
    assert (seat["tunread"], seat["tunreadUser"]) == ([parent["_id"]], [parent["_id"]])
    assert (seat["unread"], seat["userMentions"]) == (0, 0)
    assert parent["replies"] == [world.alice["_id"], world.bob["_id"]]


def test_a_group_mention_in_a_thread_reaches_its_followers(world: World) -> None:
    parent = world.said(world.alice, "who comes?")
    world.said(world.bob, "I do", tmid=parent["_id"])
    world.said(world.alice, "@all", tmid=parent["_id"])
    assert world.seat(world.bob)["tunreadGroup"] == [parent["_id"]]


def test_a_reply_that_shows_in_the_room_is_its_last_message(world: World) -> None:
    parent = world.said(world.alice, "who comes?")
    reply = world.said(world.bob, "I do", tmid=parent["_id"], tshow=True)
    assert world.channel["lastMessage"]["_id"] == reply["_id"]
    assert (world.channel["lm"], parent["tcount"]) == (reply["ts"], 1)


def test_a_reply_to_a_reply_belongs_to_the_first_message(world: World) -> None:
    parent = world.said(world.alice, "one")
    reply = world.said(world.bob, "two", tmid=parent["_id"])
    assert world.said(world.alice, "three", tmid=reply["_id"])["tmid"] == parent["_id"]
    assert parent["tcount"] == 2


def test_to_unfollow_is_to_forget_what_was_unread(world: World) -> None:
    parent = world.said(world.alice, "one")
    world.said(world.alice, "two", tmid=parent["_id"])
    world.said(world.bob, f"@{world.alice['username']}", tmid=parent["_id"])
    threads.unfollow(world.ws, world.alice, parent["_id"])
    seat = world.seat(world.alice)
    assert (seat["tunread"], seat["tunreadUser"]) == ([], [])
    assert parent["replies"] == [world.bob["_id"]]
    threads.follow(world.ws, world.alice, parent["_id"])
    assert parent["replies"] == [world.bob["_id"], world.alice["_id"]]


# -- discussions


def test_a_discussion_tells_its_parent_how_many_messages_it_had(world: World) -> None:
    talk = rooms.discussion(world.ws, world.channel, world.alice, "talk", {})
    told = messages.system(world.ws, world.channel, "discussion-created", "talk", world.alice, drid=talk["_id"])
    first = world.said(world.alice, "one", talk)
    assert (told["dcount"], "dlm" in told) == (0, False)
    world.said(world.alice, "two", talk)
    assert (told["dcount"], told["dlm"]) == (1, first["ts"])


# -- editing


def test_an_edit_reads_the_text_anew_and_reaches_the_room(world: World) -> None:
    message = world.said(world.alice, "helo")
    lm = world.channel["lm"]
    edits.edit(world.ws, world.alice, message, edits.Edit(text=f"hello @{world.bob['username']}"))
    assert message["mentions"][0]["username"] == world.bob["username"]
    assert message["md"][0]["value"][0]["value"] == "hello "
    assert message["editedBy"] == {"_id": world.alice["_id"], "username": world.alice["username"]}
    assert message["editedAt"] < message["_updatedAt"]
    assert world.channel["lastMessage"] == message
    assert (world.channel["lm"], world.channel["msgs"]) == (lm, 1)


def test_the_same_text_is_no_edit(world: World) -> None:
    message = world.said(world.alice, "hello")
    before = dict(message)
    edits.edit(world.ws, world.alice, message, edits.Edit(text="hello"))
    assert message == before


def test_an_edit_with_history_keeps_a_hidden_copy(world: World) -> None:
    message = world.said(world.alice, "helo")
    with world.setting(Message_KeepHistory=True):
        edits.edit(world.ws, world.alice, message, edits.Edit(text="hello"))
    copy = next(each for each in messages.of_room(world.ws, world.channel["_id"]) if each.get("_hidden"))
    assert (copy["msg"], copy["parent"], len(copy["_id"])) == ("helo", message["_id"], 24)


# -- deleting


def test_a_deleted_message_lies_in_the_trash_and_the_one_before_is_the_last(world: World) -> None:
    first = world.said(world.alice, "one")
    second = world.said(world.alice, "two")
    since = world.ws.clock.now()
    deletions.delete(world.ws, world.alice, second)
    assert world.ws.messages.get(second["_id"]) is None
    assert [each["msg"] for each in world.ws.trash.since("message", since, rid=second["rid"])] == ["two"]
    assert (world.channel["msgs"], world.channel["lm"]) == (1, second["ts"])
    assert world.channel["lastMessage"]["_id"] == first["_id"]


def test_with_the_last_message_goes_the_key(world: World) -> None:
    deletions.delete(world.ws, world.alice, world.said(world.alice, "one"))
    assert "lastMessage" not in world.channel


def test_the_first_message_of_a_thread_stays_and_is_empty(world: World) -> None:
    parent = world.said(world.alice, "who comes?")
    world.said(world.bob, "I do", tmid=parent["_id"])
    since = world.ws.clock.now()
    deletions.delete(world.ws, world.alice, parent)
    assert (parent["t"], parent["msg"], parent["tcount"], parent["reactions"]) == ("rm", "", 1, {})
    assert "md" not in parent
    assert world.ws.trash.since("message", since) == []
    assert world.channel["msgs"] == 1
    copies = [each for each in messages.of_room(world.ws, world.channel["_id"]) if each.get("_hidden")]
    assert [each["msg"] for each in copies] == ["who comes?"]


def test_a_deleted_reply_is_counted_out(world: World) -> None:
    parent = world.said(world.alice, "who comes?")
    first = world.said(world.bob, "I do", tmid=parent["_id"])
    last = world.said(world.bob, "and I", tmid=parent["_id"])
    deletions.delete(world.ws, world.bob, first)
    assert (parent["tcount"], parent["tlm"]) == (1, last["ts"])


def test_a_deletion_may_show_itself(world: World) -> None:
    message = world.said(world.alice, "one")
    with world.setting(Message_ShowDeletedStatus=True):
        deletions.delete(world.ws, world.alice, message)
    assert message["t"] == "rm"
    assert world.ws.messages.get(message["_id"]) is message


def test_a_deletion_may_only_hide(world: World) -> None:
    message = world.said(world.alice, "one")
    with world.setting(Message_KeepHistory=True):
        deletions.delete(world.ws, world.alice, message)
    assert (message["_hidden"], message["msg"]) == (True, "one")
    assert world.channel["msgs"] == 0


# -- reactions and stars


def test_a_reaction_is_mirrored_and_leaves_nothing_behind(world: World) -> None:
    message = world.said(world.alice, "one")
    reactions.react(world.ws, world.bob, message, "smile")
    assert message["reactions"] == {":smile:": {"usernames": [world.bob["username"]]}}
    assert world.channel["lastMessage"]["reactions"] == message["reactions"]
    reactions.react(world.ws, world.bob, message, ":smile:")
    assert "reactions" not in message
    assert "reactions" not in world.channel["lastMessage"]


def test_a_reaction_in_a_room_of_system_messages_becomes_its_last_message(world: World) -> None:
    message = messages.system(world.ws, world.channel, "room_changed_topic", "news", world.alice)
    reactions.react(world.ws, world.bob, message, ":smile:")
    assert world.channel["lastMessage"] == {"reactions": message["reactions"]}


def test_a_star_is_the_viewers_own(world: World) -> None:
    message = world.said(world.alice, "one")
    stars.star(world.ws, world.bob, message, wanted=True)
    assert messages.public(world.ws, message, world.bob)["starred"] == [{"_id": world.bob["_id"]}]
    assert messages.public(world.ws, message, world.alice)["starred"] == []
    assert world.channel["lastMessage"]["starred"] == [{"_id": world.bob["_id"]}]
    stars.star(world.ws, world.bob, message, wanted=False)
    assert message["starred"] == []


def test_real_names_show_where_the_setting_says_so(world: World) -> None:
    message = world.said(world.alice, "one")
    reactions.react(world.ws, world.bob, message, ":smile:")
    with world.setting(UI_Use_Real_Name=True):
        shown = messages.public(world.ws, message, world.bob)
    assert shown["reactions"][":smile:"]["names"] == ["Bob"]
    assert "names" not in message["reactions"][":smile:"]


# -- one room among many


def test_reading_one_room_touches_no_message_of_another(world: World) -> None:
    world.said(world.alice, "elsewhere", world.group)
    message = world.said(world.alice, "here")
    assert messages.of_room(world.ws, world.channel["_id"]) == [message]
    assert world.ws.messages.of_thread("unknown") == []
