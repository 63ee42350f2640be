"""Marks: the reactions, stars and pins that people put on messages, for themselves or for everybody.

https://developer.rocket.chat/apidocs/chat
"""

from preflight.model.json import Json, JsonObject, as_object
from preflight.session.promised import needs, promises
from preflight.session.story import Story

ROOM = "{alice.room.id}"
IN_ROOM: JsonObject = {"roomId": ROOM}


@promises("POST chat.react#behaviour:reacted.message", "GET *#behaviour:reacted.message")
@needs(Store_Last_Message=True)
def test_a_reaction_is_put_on_and_taken_off(story: Story) -> None:
    """A reaction MUST name those who gave it, in the room too, and be gone when the last of them takes it off.

    https://developer.rocket.chat/apidocs/react-to-message
    """
    message = story.posts("alice", ROOM, "{case.token} reacted to")["_id"]
    _react(story, "bob", message)
    _shows(story, message, {"_id": message, "reactions": {":eyes:": {"usernames": ["{bob.username}"]}}})
    _react(story, "alice", message)
    both: JsonObject = {":eyes:": {"usernames": ["{bob.username}", "{alice.username}"]}}
    _shows(story, message, {"_id": message, "reactions": both})
    _react(story, "bob", message)
    _shows(story, message, {"_id": message, "reactions": {":eyes:": {"usernames": ["{alice.username}"]}}})
    _react(story, "alice", message)
    _shows(story, message, {"_id": message}, absent=("/reactions",))
    story.keeps("behaviour.shown")


@promises(
    "POST chat.starMessage#behaviour:starred.message",
    "GET *#behaviour:starred.message",
    "POST chat.starMessage#behaviour:starred.mine",
    "GET *#behaviour:starred.mine",
    "POST chat.unStarMessage#behaviour:unstarred.mine",
    "GET *#behaviour:unstarred.mine",
    "POST chat.unStarMessage#behaviour:unstarred.others",
)
def test_a_star_is_mine_alone(story: Story) -> None:
    """A star MUST show to the one who gave it and to nobody else, until they take it off: theirs and no other.

    https://developer.rocket.chat/apidocs/star-message
    """
    message = story.posts("bob", ROOM, "{case.token} starred")["_id"]
    asked: JsonObject = {"msgId": message}
    star: JsonObject = {"_id": message, "starred": [{"_id": "{alice.id}"}]}
    story.does("alice", "POST chat.starMessage", {"messageId": message})
    story.asks("alice", "GET chat.getMessage", asked).sees(star, at="/message")
    story.asks("alice", "GET chat.getStarredMessages", IN_ROOM).sees(star, among="/messages")
    mine = "starred.mine"
    story.asks("bob", "GET chat.getMessage", asked, proves=mine).misses(star, at="/message")
    story.asks("bob", "GET chat.getStarredMessages", IN_ROOM, proves=mine).misses(star, among="/messages")
    story.asks("bob", "GET chat.getStarredMessages", IN_ROOM, proves=mine).misses({"_id": message}, among="/messages")

    story.does("bob", "POST chat.starMessage", {"messageId": message})
    story.does("alice", "POST chat.unStarMessage", {"messageId": message})
    off = "unstarred.mine"
    story.asks("alice", "GET chat.getMessage", asked, proves=off).misses(star, at="/message")
    story.asks("alice", "GET chat.getStarredMessages", IN_ROOM, proves=off).misses(star, among="/messages")
    story.asks("alice", "GET chat.getStarredMessages", IN_ROOM, proves=off).misses({"_id": message}, among="/messages")
    kept: JsonObject = {"_id": message, "starred": [{"_id": "{bob.id}"}]}
    others = "unstarred.others"
    story.asks("bob", "GET chat.getMessage", asked, proves=others).sees(kept, at="/message")
    story.asks("bob", "GET chat.getStarredMessages", IN_ROOM, proves=others).sees(kept, among="/messages")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


@promises(
    "POST chat.pinMessage#behaviour:pinned.message",
    "GET *#behaviour:pinned.message",
    "POST chat.pinMessage#behaviour:pinned.told",
    "GET *#behaviour:pinned.told",
    "POST chat.pinMessage#behaviour:pinned.counted",
    "GET *#behaviour:pinned.counted",
    "POST chat.unPinMessage#behaviour:unpinned.message",
    "GET *#behaviour:unpinned.message",
    "POST chat.unPinMessage#behaviour:unpinned.room",
)
def test_a_pin_is_for_everybody_and_is_told(story: Story) -> None:
    """A pin MUST show to everybody and be told in the room by a message of its own; taking it off MUST not be.

    https://developer.rocket.chat/apidocs/pin-message
    """
    message = story.posts("bob", ROOM, "{case.token} pinned")["_id"]
    asked: JsonObject = {"msgId": message}
    told = story.does("alice", "POST chat.pinMessage", {"messageId": message})["message"]
    pinned: JsonObject = {"_id": message, "pinned": True, "pinnedBy": {"_id": "{alice.id}"}}
    when = ("/pinnedAt",)
    story.asks("bob", "GET chat.getMessage", asked).sees(pinned, at="/message", named=when)
    story.asks("bob", "GET chat.getPinnedMessages", IN_ROOM).sees(pinned, among="/messages", named=when)

    notice: JsonObject = {"_id": as_object(told)["_id"], "t": "message_pinned", "rid": ROOM, "u": {"_id": "{alice.id}"}}
    since: JsonObject = {"roomId": ROOM, "lastUpdate": "{time.started}"}
    story.asks("bob", "GET chat.syncMessages", since, proves="pinned.told").sees(notice, among="/result/updated")
    story.asks("bob", "GET chat.getMessage", {"msgId": notice["_id"]}, proves="pinned.told").sees(notice, at="/message")
    counted: JsonObject = {"_id": ROOM, "msgs": 2, "lastMessage": {"_id": message}}
    story.asks("bob", "GET rooms.info", IN_ROOM, proves="pinned.counted").sees(counted, at="/room")
    story.asks("bob", "GET rooms.get", proves="pinned.counted").sees(counted, among="/update")

    room = story.reads("bob", "GET rooms.info", IN_ROOM)
    story.does("alice", "POST chat.unPinMessage", {"messageId": message})
    off = "unpinned.message"
    still: JsonObject = {"_id": message, "pinned": True}
    story.asks("bob", "GET chat.getMessage", asked, proves=off).misses(still, at="/message")
    story.asks("bob", "GET chat.getPinnedMessages", IN_ROOM, proves=off).misses(still, among="/messages")
    story.asks("bob", "GET chat.getPinnedMessages", IN_ROOM, proves=off).misses({"_id": message}, among="/messages")
    story.compares(
        room,
        story.reads("bob", "GET rooms.info", IN_ROOM),
        at="/room",
        but=("pinned", "pinnedAt", "pinnedBy", "_updatedAt"),
        proves="unpinned.room",
    )
    story.keeps("behaviour.shown", "behaviour.nowhere-else", "behaviour.unchanged")


def _react(story: Story, actor: str, message: Json) -> None:
    story.does(actor, "POST chat.react", {"messageId": message, "emoji": ":eyes:"})


def _shows(story: Story, message: Json, like: JsonObject, absent: tuple[str, ...] = ()) -> None:
    since: JsonObject = {"roomId": ROOM, "lastUpdate": "{time.started}"}
    story.asks("alice", "GET chat.getMessage", {"msgId": message}).sees(like, at="/message", absent=absent)
    story.asks("bob", "GET chat.syncMessages", since).sees(like, among="/result/updated", absent=absent)
    story.asks("bob", "GET rooms.info", IN_ROOM).sees(like, at="/room/lastMessage", absent=absent)
