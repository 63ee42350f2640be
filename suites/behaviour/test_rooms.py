"""Rooms: what is told of a room is the same whoever is asked and however it is named, and follows what becomes of it.

https://developer.rocket.chat/apidocs/rooms
"""

from preflight.model.exchange import Exchange
from preflight.model.json import JsonObject
from preflight.session.promised import promises
from preflight.session.story import Story

ROOM = "{alice.room.id}"
IN_ROOM: JsonObject = {"roomId": ROOM}


@promises("GET rooms.info#behaviour:same.room")
def test_id_and_name_mean_the_same_room(story: Story) -> None:
    """A room MUST be told in the same way by its id and by its name, the kind of room notwithstanding.

    https://developer.rocket.chat/apidocs/get-room-information
    """
    info = "GET rooms.info"
    story.posts("bob", ROOM, "{case.token} last")
    story.compares(story.reads("alice", info, IN_ROOM), story.reads("alice", info, {"roomName": "{alice.room.name}"}))
    story.compares(
        story.reads("alice", info, {"roomId": "{alice.group.id}"}),
        story.reads("alice", info, {"roomName": "{alice.group.name}"}),
    )
    story.compares(story.reads("alice", info, IN_ROOM), story.reads("bob", info, IN_ROOM))
    story.keeps("relation.same")


@promises(
    "GET dm.files#behaviour:same.room", "GET dm.members#behaviour:same.room", "GET dm.messages#behaviour:same.room"
)
def test_id_and_username_mean_the_same_direct_room(story: Story) -> None:
    """What a direct room holds MUST be told in the same way by the id of the room and by the name of the other person.

    https://developer.rocket.chat/apidocs/direct-messages
    """
    by_id: JsonObject = {"roomId": "{alice.pair.id}"}
    by_name: JsonObject = {"username": "{carol.username}"}
    files, members, messages = "GET dm.files", "GET dm.members", "GET dm.messages"
    story.compares(story.reads("alice", files, by_id), story.reads("alice", files, by_name), proves=files)
    story.compares(story.reads("alice", members, by_id), story.reads("alice", members, by_name), proves=members)
    story.compares(story.reads("alice", messages, by_id), story.reads("alice", messages, by_name), proves=messages)
    story.keeps("relation.same")


@promises("GET rooms.get#behaviour:told.alike", "GET rooms.info#behaviour:told.alike")
def test_a_list_of_rooms_tells_what_a_single_room_tells(story: Story) -> None:
    """What rooms.get tells of a room of any kind, rooms.info MUST tell as well.

    https://developer.rocket.chat/apidocs/get-rooms
    """
    story.uses("{alice.channel.id}", "{alice.group.id}", "{alice.dm.id}", "{alice.trio.id}")
    rooms = story.reads("alice", "GET rooms.get")
    _tells_alike(story, rooms, "{alice.channel.id}")
    _tells_alike(story, rooms, "{alice.group.id}")
    _tells_alike(story, rooms, "{alice.dm.id}")
    _tells_alike(story, rooms, "{alice.trio.id}")
    story.keeps("behaviour.shown")


@promises(
    "GET rooms.get#behaviour:erased.told",
    "GET rooms.get#behaviour:erased.gone",
    "GET rooms.info#behaviour:erased.gone",
)
def test_an_erased_room_is_told_as_removed(story: Story) -> None:
    """A room that was erased MUST be told as removed, and be shown no more.

    https://developer.rocket.chat/apidocs/get-rooms
    """
    since: JsonObject = {"updatedSince": "{time.started}"}
    erased: JsonObject = {"_id": "{alice.erased.id}"}
    when = ("/_deletedAt",)
    story.asks("alice", "GET rooms.get", since).sees(erased, among="/remove", named=when)
    gone = "erased.gone"
    story.asks("alice", "GET rooms.get", since, proves=gone).misses(erased, among="/update")
    story.asks("alice", "GET rooms.info", {"roomId": "{alice.erased.id}"}, proves=gone).is_refused()
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


@promises(
    "GET rooms.get#behaviour:left.gone",
    "GET rooms.get#behaviour:left.stays",
)
def test_a_room_that_was_left_is_listed_for_the_others_alone(story: Story) -> None:
    """A room MUST not be listed for who has left it, and MUST be for those who have not.

    https://developer.rocket.chat/apidocs/get-rooms
    """
    room: JsonObject = {"_id": ROOM}
    story.does("bob", "POST channels.leave", IN_ROOM)
    story.asks("bob", "GET rooms.get").misses(room, among="/update")
    story.asks("bob", "GET rooms.get", {"updatedSince": "{time.started}"}).misses(room, among="/remove")
    here: JsonObject = {"_id": ROOM, "usersCount": 1}
    story.asks("alice", "GET rooms.get", proves="left.stays").sees(here, among="/update")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


@promises(
    "GET chat.ignoreUser#behaviour:ignored.member",
    "GET chat.ignoreUser#behaviour:ignored.nobody-else",
    "GET chat.ignoreUser#behaviour:ignored.messages",
)
def test_a_member_is_ignored_by_who_wants_to(story: Story) -> None:
    """Whom somebody ignores MUST be noted with their own place in the room alone, and all messages stay readable.

    https://developer.rocket.chat/apidocs/ignore-user
    """
    message = story.posts("bob", ROOM, "{case.token} ignored")["_id"]
    asked: JsonObject = {"msgId": message}
    before = story.reads("alice", "GET chat.getMessage", asked)
    _ignores(story, "true")
    ignored: JsonObject = {"rid": ROOM, "ignored": ["{bob.id}"]}
    story.asks("alice", "GET subscriptions.getOne", IN_ROOM).sees(ignored, at="/subscription")
    story.asks("alice", "GET subscriptions.get").sees(ignored, among="/update")
    other = "ignored.nobody-else"
    story.asks("bob", "GET subscriptions.getOne", IN_ROOM, proves=other).misses(ignored, at="/subscription")
    after = story.reads("alice", "GET chat.getMessage", asked)
    story.compares(before, after, at="/message", proves="ignored.messages")
    _ignores(story, "false")
    story.asks("alice", "GET subscriptions.getOne", IN_ROOM).sees({"rid": ROOM, "ignored": []}, at="/subscription")
    story.keeps("behaviour.shown", "behaviour.nowhere-else", "behaviour.unchanged")


@promises(
    "GET chat.getDiscussions#behaviour:discussed.message",
    "GET rooms.info#behaviour:discussed.parent",
    "GET rooms.get#behaviour:discussed.parent",
    "POST chat.sendMessage#behaviour:discussed.counted",
    "GET *#behaviour:discussed.counted",
)
def test_a_discussion_hangs_on_its_room(story: Story) -> None:
    """A discussion MUST be announced in its room, name the room, and count its messages where it was announced.

    https://developer.rocket.chat/apidocs/get-discussions
    """
    talk = "{alice.talk.id}"
    announced: JsonObject = {"_id": "{alice.talk.message}", "drid": talk, "rid": ROOM, "msg": "{case.token} talk"}
    story.asks("bob", "GET chat.getDiscussions", IN_ROOM).sees(announced, among="/messages")
    parent = "discussed.parent"
    story.asks("alice", "GET rooms.info", {"roomId": talk}, proves=parent).sees(
        {"room": {"_id": talk, "prid": ROOM}, "parent": {"_id": ROOM, "name": "{alice.room.name}"}}
    )
    story.asks("alice", "GET rooms.get", proves=parent).sees({"_id": talk, "prid": ROOM}, among="/update")
    counted = "discussed.counted"
    first: JsonObject = {"_id": "{alice.talk.message}", "dcount": 1}
    named: JsonObject = {"msgId": "{alice.talk.message}"}
    when = ("/dlm",)
    story.asks("bob", "GET chat.getDiscussions", IN_ROOM, proves=counted).sees(first, among="/messages", named=when)
    story.asks("bob", "GET chat.getMessage", named, proves=counted).sees(first, at="/message", named=when)
    story.keeps("behaviour.shown")


def _tells_alike(story: Story, rooms: Exchange, room: str) -> None:
    told = story.found(rooms, "/update", room)
    story.asks("alice", "GET rooms.info", {"roomId": room}).sees(told, at="/room")


def _ignores(story: Story, ignore: str) -> None:
    story.reads("alice", "GET chat.ignoreUser", {"rid": ROOM, "userId": "{bob.id}", "ignore": ignore})
