"""What listeners are told, and what they are not."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock.talk import Talk, talk
from tests.mock.world import PASSWORD, Person, World, world

Event = tuple[str, str, Any]
ROOM, NOTICE, USER = "stream-room-messages", "stream-notify-room", "stream-notify-user"
REFUSED = {"isClientSafe": True, "error": "not-allowed", "message": "[not-allowed]", "errorType": "Meteor.Error"}


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with world() as given:
        yield given


@pytest.fixture
def room(here: World, request: pytest.FixtureRequest) -> str:
    """A group of alice and bob."""
    name = f"room-{abs(hash(request.node.nodeid))}"
    return str(here.alice.group(name, "bob")["_id"])


def hearing(here: World, person: Person, *subscriptions: tuple[str, str]) -> Talk:
    """Give a session of a person who has subscribed."""
    talking = talk(here, person)
    for name, event in subscriptions:
        assert talking.subscribe(name, event, {"useCollection": False, "args": []})["msg"] == "ready"
    return talking


def only(events: list[Event]) -> Event:
    (event,) = events
    return event


# -- messages --------------------------------------------------------------------------------------------------------


def test_a_message_sent_over_rest_reaches_who_listens_to_its_room(here: World, room: str) -> None:
    with hearing(here, here.bob, (ROOM, room)) as bob:
        sent = here.alice.says(room, "hello")
        stream, event, (message,) = only(bob.events())
    assert (stream, event) == (ROOM, room)
    assert (message["_id"], message["msg"], message["rid"]) == (sent["_id"], "hello", room)
    assert set(message) == set(sent)
    assert set(message["ts"]) == {"$date"}


def test_a_message_sent_over_ddp_is_read_over_rest_and_heard_by_its_author(here: World, room: str) -> None:
    with hearing(here, here.alice, (ROOM, room)) as alice:
        sent = alice.result("sendMessage", {"rid": room, "msg": "hello"})
        assert only(alice.events())[2][0]["_id"] == sent["_id"]
    assert here.bob.reads("chat.getMessage", msgId=sent["_id"])["message"]["msg"] == "hello"


def test_edits_reactions_pins_and_stars_arrive_as_the_message_again(here: World, room: str) -> None:
    sent = here.alice.says(room, "hello")
    with hearing(here, here.bob, (ROOM, room)) as bob:
        here.alice.does("chat.update", roomId=room, msgId=sent["_id"], text="hello all")
        here.alice.does("chat.react", messageId=sent["_id"], emoji="smile")
        here.alice.does("chat.starMessage", messageId=sent["_id"])
        told = [args[0] for _, _, args in bob.events()]
        here.alice.does("chat.pinMessage", messageId=sent["_id"])
        pinned = [args[0] for _, _, args in bob.events()]
    assert [each["_id"] for each in told] == [sent["_id"]] * 3
    assert told[0]["msg"] == "hello all"
    assert set(told[1]["reactions"]) == {":smile:"}
    assert told[2]["starred"] == []
    assert {each.get("t") for each in pinned} == {None, "message_pinned"}


def test_system_messages_arrive_too(here: World, room: str) -> None:
    with hearing(here, here.bob, (ROOM, room)) as bob:
        here.alice.does("groups.setTopic", roomId=room, topic="weather")
        message = only(bob.events())[2][0]
    assert (message["t"], message["msg"]) == ("room_changed_topic", "weather")


def test_a_deleted_message_is_told_of_by_its_id(here: World, room: str) -> None:
    sent = here.alice.says(room, "hello")
    with hearing(here, here.bob, (ROOM, room), (NOTICE, f"{room}/deleteMessage")) as bob:
        here.alice.does("chat.delete", roomId=room, msgId=sent["_id"])
        assert only(bob.events()) == (NOTICE, f"{room}/deleteMessage", [{"_id": sent["_id"]}])


def test_a_hidden_message_is_told_of_as_deleted(here: World, room: str) -> None:
    sent = here.alice.says(room, "hello")
    with (
        here.setting("Message_KeepHistory", value=True),
        hearing(here, here.bob, (ROOM, room), (NOTICE, f"{room}/deleteMessage")) as bob,
    ):
        here.alice.does("chat.update", roomId=room, msgId=sent["_id"], text="otherwise")
        here.alice.does("chat.delete", roomId=room, msgId=sent["_id"])
        edited, deleted = bob.events()
    assert (edited[0], edited[2][0]["msg"]) == (ROOM, "otherwise")
    assert deleted == (NOTICE, f"{room}/deleteMessage", [{"_id": sent["_id"]}])


def test_the_beginning_of_a_thread_that_is_deleted_arrives_emptied(here: World, room: str) -> None:
    sent = here.alice.says(room, "hello")
    here.bob.says(room, "hello yourself", tmid=sent["_id"])
    with hearing(here, here.bob, (ROOM, room), (NOTICE, f"{room}/deleteMessage")) as bob:
        here.alice.does("chat.delete", roomId=room, msgId=sent["_id"])
        stream, _, (message,) = only(bob.events())
    assert (stream, message["t"], message["msg"]) == (ROOM, "rm", "")


def test_one_may_listen_to_every_room_one_sees(here: World, room: str) -> None:
    square = here.bob.channel("square-of-bob")["_id"]
    secret = here.bob.group("secret-of-bob")["_id"]
    with hearing(here, here.alice, (ROOM, "__my_messages__")) as alice:
        for room_id in (room, square, secret):
            here.bob.says(room_id, "hello")
        told = [args for _, _, args in alice.events()]
    assert [(message["rid"], about["roomParticipant"], about["roomType"]) for message, about in told] == [
        (room, True, "p"),
        (square, False, "c"),
    ]
    assert told[1][1]["roomName"] == "square-of-bob"


# -- users -----------------------------------------------------------------------------------------------------------


def test_a_mention_changes_the_subscription_and_the_room_of_who_is_mentioned(here: World, room: str) -> None:
    events = [(USER, f"{here.bob.id}/{event}") for event in ("subscriptions-changed", "rooms-changed", "notification")]
    with hearing(here, here.bob, *events) as bob:
        here.alice.says(room, "hello @bob")
        called, subscription, changed = bob.events()
    assert subscription[1] == f"{here.bob.id}/subscriptions-changed"
    assert subscription[2][0] == "updated"
    assert (subscription[2][1]["unread"], subscription[2][1]["userMentions"]) == (1, 1)
    assert "customFields" not in subscription[2][1]
    assert changed[1] == f"{here.bob.id}/rooms-changed"
    assert changed[2][1]["lastMessage"]["msg"] == "hello @bob"
    assert called[2][0]["payload"]["sender"]["username"] == "alice"
    assert called[2][0]["text"] == "hello @bob"


def test_who_is_brought_into_a_room_is_told_of_it_and_who_leaves_too(here: World, room: str) -> None:
    events = [(USER, f"{here.carol.id}/{event}") for event in ("subscriptions-changed", "rooms-changed")]
    with hearing(here, here.carol, *events) as carol:
        here.alice.does("groups.invite", roomId=room, userId=here.carol.id)
        came = carol.events()
        here.carol.does("groups.leave", roomId=room)
        went = carol.events()
    assert [(event, args[0]) for _, event, args in came] == [
        (f"{here.carol.id}/subscriptions-changed", "inserted"),
        (f"{here.carol.id}/rooms-changed", "updated"),
    ]
    assert [(event, args[0]) for _, event, args in went] == [(f"{here.carol.id}/subscriptions-changed", "removed")]


def test_a_removed_room_is_told_of_to_who_was_in_it(here: World, room: str) -> None:
    events = [(USER, f"{here.bob.id}/{event}") for event in ("subscriptions-changed", "rooms-changed")]
    here.alice.says(room, "hello")
    with hearing(here, here.bob, *events) as bob:
        here.alice.does("groups.delete", roomId=room)
        told = bob.events()
    assert [(event.partition("/")[2], args[0]) for _, event, args in told] == [
        ("subscriptions-changed", "removed"),
        ("rooms-changed", "removed"),
    ]


def test_what_only_one_is_told_goes_to_them_alone(here: World, room: str) -> None:
    with hearing(here, here.alice, (USER, f"{here.alice.id}/message"), (ROOM, room)) as alice:
        alice.result("addUserToRoom", {"rid": room, "username": "bob"})
        _, event, (said,) = only(alice.events())
    assert event == f"{here.alice.id}/message"
    assert (said["rid"], said["private"]) == (room, True)


def test_everybody_is_told_of_presence_and_of_public_settings(here: World) -> None:
    with hearing(here, here.bob, ("stream-notify-logged", "user-status")) as bob:
        with talk(here, here.alice) as alice:
            alice.result("setUserStatus", "busy", "in a meeting")
            alice.result("setUserStatus", "busy", "in a meeting")
        assert only(bob.events())[2] == [[here.alice.id, "alice", 3, "in a meeting", "Alice", ["user"]]]
    with talk(here) as nobody:
        assert nobody.subscribe("stream-notify-all", "public-settings-changed")["msg"] == "ready"
        here.admin.does("settings/Message_MaxAllowedSize", value=100)
        here.admin.does("settings/API_CORS_Origin", value="*")
        action, changed = only(nobody.events())[2]
        here.admin.does("settings/Message_MaxAllowedSize", value=5000)
    assert (action, changed["_id"], changed["value"]) == ("updated", "Message_MaxAllowedSize", 100)


# -- typing ----------------------------------------------------------------------------------------------------------


def test_typing_reaches_the_others_in_the_room_and_not_who_types(here: World, room: str) -> None:
    event = f"{room}/user-activity"
    with hearing(here, here.bob, (NOTICE, event)) as bob, hearing(here, here.alice, (NOTICE, event)) as alice:
        assert alice.result(NOTICE, event, "alice", ["user-typing"], {}) is None
        assert only(bob.events()) == (NOTICE, event, ["alice", ["user-typing"], {}])
        assert alice.events() == []


@pytest.mark.parametrize(
    "said",
    [
        ("{room}/typing", "alice", True),
        ("{room}/user-activity", "bob", ["user-typing"], {}),
        ("{room}/bogus", "alice", True),
        ("{room}/user-activity",),
        ("nothing", "alice", True),
    ],
)
def test_what_may_not_be_said_is_dropped_in_silence(here: World, room: str, said: tuple[Any, ...]) -> None:
    name = said[0].format(room=room)
    with hearing(here, here.bob, (NOTICE, f"{room}/user-activity"), (NOTICE, f"{room}/typing")) as bob:
        with talk(here, here.alice) as alice:
            assert alice.call(NOTICE, name, *said[1:]).keys() == {"msg", "id"}
        assert bob.events() == []


def test_outsiders_and_strangers_cannot_type_into_a_room(here: World, room: str) -> None:
    event = f"{room}/user-activity"
    with hearing(here, here.bob, (NOTICE, event)) as bob, talk(here, here.carol) as carol, talk(here) as nobody:
        carol.result(NOTICE, event, "carol", ["user-typing"], {})
        nobody.result(NOTICE, event, "alice", ["user-typing"], {})
        assert bob.events() == []
        assert nobody.error(NOTICE)["error"] == 500
        assert nobody.result("stream-room-messages", room, {"msg": "forged"}) is None


# -- who may listen --------------------------------------------------------------------------------------------------


def test_outsiders_may_not_listen_to_a_private_room(here: World, room: str) -> None:
    with talk(here, here.carol) as carol:
        for name, event in ((ROOM, room), (NOTICE, f"{room}/user-activity"), (NOTICE, "unknown/deleteMessage")):
            frame = carol.subscribe(name, event, False)  # noqa: FBT003 - clients send it
            assert (frame["msg"], frame["error"]) == ("nosub", REFUSED)


def test_nobody_may_listen_to_what_concerns_another_user(here: World) -> None:
    with talk(here, here.carol) as carol:
        assert carol.subscribe(USER, f"{here.bob.id}/subscriptions-changed")["error"] == REFUSED


def test_who_is_not_logged_in_may_listen_to_public_settings_alone(here: World, room: str) -> None:
    with talk(here) as nobody:
        for name, event in ((ROOM, "GENERAL"), (ROOM, "__my_messages__"), (USER, f"{here.bob.id}/x"), (NOTICE, room)):
            assert nobody.subscribe(name, event)["error"] == REFUSED
        assert nobody.subscribe("stream-notify-logged", "user-status")["error"] == REFUSED
        assert nobody.subscribe("stream-notify-all", "public-settings-changed")["msg"] == "ready"


def test_who_is_taken_out_of_a_private_room_hears_no_more_of_it(here: World, room: str) -> None:
    with hearing(here, here.bob, (ROOM, room)) as bob:
        here.alice.does("groups.kick", roomId=room, userId=here.bob.id)
        here.alice.says(room, "now we are alone")
        assert bob.events() == []


def test_unsubscribing_ends_the_events(here: World, room: str) -> None:
    with talk(here, here.bob) as bob:
        ready = bob.subscribe(ROOM, room)
        bob.send(msg="unsub", id=ready["subs"][0])
        here.alice.says(room, "hello")
        assert [frame["msg"] for frame in bob.until_pong()] == ["nosub"]


def test_logging_out_ends_what_only_users_may_hear(here: World, room: str) -> None:
    person = here.logged_in("bob", PASSWORD)
    with hearing(here, person, (ROOM, room)) as bob:
        frames = list(bob.called("logout"))
        here.alice.says(room, "hello")
        assert bob.events() == []
    assert [frame["msg"] for frame in frames] == ["removed", "nosub", "updated", "result"]
    assert person.get("me").status_code == 401


# -- one state, two doors --------------------------------------------------------------------------------------------


def test_what_is_done_over_ddp_shows_over_rest_and_the_other_way_round(here: World) -> None:
    with talk(here, here.alice) as alice:
        made = alice.result("createPrivateGroup", "made-over-ddp", ["bob"])
        assert here.bob.reads("rooms.info", roomId=made["_id"])["room"]["usersCount"] == 2
        here.alice.does("groups.setTopic", roomId=made["_id"], topic="set over REST")
        assert alice.result("getRoomById", made["_id"])["topic"] == "set over REST"
        assert alice.result("archiveRoom", made["_id"]) is None
        refused = here.alice.get("rooms.info", roomId=made["_id"])
        assert refused.json()["errorType"] == "error-room-archived"
        over_ddp = {each["_id"] for each in alice.result("rooms/get")}
        assert over_ddp == {each["_id"] for each in here.alice.reads("rooms.get")["update"]}
