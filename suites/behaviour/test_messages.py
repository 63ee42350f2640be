"""Messages: what is posted, edited and starred can be read back, everywhere it should appear and nowhere else.

https://developer.rocket.chat/apidocs/chat
"""

from preflight.model.json import JsonObject
from preflight.session.promised import promises
from preflight.session.story import Story

ROOM = "{alice.room.id}"


@promises(
    "POST chat.postMessage#behaviour:posted.message",
    "GET *#behaviour:posted.message",
    "POST chat.postMessage#behaviour:posted.last-message",
    "GET *#behaviour:posted.last-message",
    "POST chat.postMessage#behaviour:posted.unread",
)
def test_a_posted_message_is_read_back(story: Story) -> None:
    """A message that is posted MUST show as it was written, and be the last of its room, and unread for nobody.

    https://developer.rocket.chat/apidocs/post-message
    """
    story.needs(Unread_Count="user_and_group_mentions_only", Store_Last_Message=True)
    posted = story.posts("alice", ROOM, "{case.token} hello #{alice.room.name}")
    written: JsonObject = {
        "_id": posted["_id"],
        "rid": ROOM,
        "msg": "{case.token} hello #{alice.room.name}",
        "ts": posted["ts"],
        "u": {"_id": "{alice.id}", "username": "{alice.username}"},
        "channels": [{"_id": ROOM, "name": "{alice.room.name}"}],
        "mentions": [],
    }
    since: JsonObject = {"roomId": ROOM, "lastUpdate": "{time.started}"}
    found: JsonObject = {"roomId": ROOM, "searchText": "{case.token}"}
    story.asks("alice", "GET chat.getMessage", {"msgId": posted["_id"]}).sees(written, at="/message")
    story.asks("bob", "GET chat.getMessage", {"msgId": posted["_id"]}).sees(written, at="/message")
    story.asks("bob", "GET chat.syncMessages", since).sees(written, among="/result/updated")
    story.asks("bob", "GET chat.search", found).sees(written, among="/messages")

    room: JsonObject = {"_id": ROOM, "msgs": 1, "lm": posted["ts"], "lastMessage": written}
    story.asks("bob", "GET rooms.info", {"roomId": ROOM}, proves="posted.last-message").sees(room, at="/room")
    story.asks("bob", "GET rooms.get", proves="posted.last-message").sees(room, among="/update")

    mine: JsonObject = {"rid": ROOM, "alert": False, "unread": 0, "userMentions": 0, "groupMentions": 0}
    theirs: JsonObject = {**mine, "alert": True, "open": True}
    place: JsonObject = {"roomId": ROOM}
    story.asks("bob", "GET subscriptions.getOne", place, proves="posted.unread").sees(theirs, at="/subscription")
    story.asks("bob", "GET subscriptions.get", proves="posted.unread").sees(theirs, among="/update")
    story.asks("alice", "GET subscriptions.getOne", place, proves="posted.unread").sees(mine, at="/subscription")
    story.keeps("behaviour.shown")


@promises(
    "POST chat.update#behaviour:edited.message",
    "GET *#behaviour:edited.message",
    "POST chat.update#behaviour:edited.kept",
)
def test_an_edit_shows_and_keeps_the_rest(story: Story) -> None:
    """A message that is edited MUST show its new text and who edited it, and keep everything else.

    https://developer.rocket.chat/apidocs/update-message
    """
    message = story.posts("alice", ROOM, "{case.token} befor @{bob.username}")["_id"]
    story.does("bob", "POST chat.react", {"messageId": message, "emoji": ":eyes:"})
    named: JsonObject = {"msgId": message}
    found: JsonObject = {"roomId": ROOM, "searchText": "{case.token}"}
    story.reads("bob", "GET chat.search", found)
    before, room = (
        story.reads("bob", "GET chat.getMessage", named),
        story.reads("bob", "GET rooms.info", {"roomId": ROOM}),
    )

    text = "{case.token} after @{bob.username}"
    story.does("alice", "POST chat.update", {"roomId": ROOM, "msgId": message, "text": text})
    edited: JsonObject = {
        "_id": message,
        "msg": text,
        "mentions": [{"_id": "{bob.id}"}],
        "editedBy": {"_id": "{alice.id}", "username": "{alice.username}"},
    }
    since: JsonObject = {"roomId": ROOM, "lastUpdate": "{time.started}"}
    when = ("/editedAt",)
    story.asks("bob", "GET chat.getMessage", named).sees(edited, at="/message", named=when)
    story.asks("bob", "GET chat.syncMessages", since).sees(edited, among="/result/updated", named=when)
    story.asks("bob", "GET chat.search", found).sees(edited, among="/messages", named=when)
    story.asks("bob", "GET rooms.info", {"roomId": ROOM}).sees(edited, at="/room/lastMessage", named=when)

    after = story.reads("bob", "GET chat.getMessage", named)
    follows = ("msg", "md", "mentions", "channels", "urls", "editedAt", "editedBy", "_updatedAt")
    story.compares(before, after, at="/message", but=follows, proves="edited.kept")
    after = story.reads("bob", "GET rooms.info", {"roomId": ROOM})
    story.compares(room, after, at="/room", but=(*follows, "lastMessage"), proves="edited.kept")
    story.keeps("behaviour.shown", "behaviour.unchanged")


@promises(
    "POST chat.starMessage#behaviour:starred.message",
    "GET *#behaviour:starred.message",
    "POST chat.starMessage#behaviour:starred.mine",
    "GET *#behaviour:starred.mine",
)
def test_a_star_is_mine_alone(story: Story) -> None:
    """A star MUST show to the one who gave it and to nobody else.

    https://developer.rocket.chat/apidocs/star-message
    """
    message = story.posts("bob", ROOM, "{case.token} starred")["_id"]
    story.does("alice", "POST chat.starMessage", {"messageId": message})
    named: JsonObject = {"msgId": message}
    star: JsonObject = {"_id": message, "starred": [{"_id": "{alice.id}"}]}
    story.asks("alice", "GET chat.getMessage", named).sees(star, at="/message")
    story.asks("alice", "GET chat.getStarredMessages", {"roomId": ROOM}).sees(star, among="/messages")
    mine = "starred.mine"
    story.asks("bob", "GET chat.getMessage", named, proves=mine).misses(star, at="/message")
    story.asks("bob", "GET chat.getStarredMessages", {"roomId": ROOM}, proves=mine).misses(star, among="/messages")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")
