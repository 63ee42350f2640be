"""Messages: what is posted, edited and deleted shows, or does not, everywhere it should appear and nowhere else.

https://developer.rocket.chat/apidocs/chat
"""

from preflight.model.exchange import Exchange
from preflight.model.json import JsonObject
from preflight.session.promised import needs, promises
from preflight.session.story import Story

ROOM = "{alice.room.id}"


@promises(
    "POST chat.postMessage#behaviour:posted.message",
    "GET *#behaviour:posted.message",
    "POST chat.postMessage#behaviour:posted.last-message",
    "GET *#behaviour:posted.last-message",
    "POST chat.postMessage#behaviour:posted.unread",
)
@needs(Unread_Count="user_and_group_mentions_only", Store_Last_Message=True)
def test_a_posted_message_is_read_back(story: Story) -> None:
    """A message that is posted MUST show as it was written, and be the last of its room, and unread for nobody.

    https://developer.rocket.chat/apidocs/post-message
    """
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
    before, room = story.reads("bob", "GET chat.getMessage", named), _room(story)

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
    story.compares(room, _room(story), at="/room", but=(*follows, "lastMessage"), proves="edited.kept")
    story.keeps("behaviour.shown", "behaviour.unchanged")


@promises(
    "POST chat.postMessage#behaviour:mentioned.message",
    "GET *#behaviour:mentioned.message",
    "POST chat.postMessage#behaviour:mentioned.unread",
    "POST chat.postMessage#behaviour:mentioned.nobody-else",
    "GET *#behaviour:mentioned.nobody-else",
)
@needs(Unread_Count="user_and_group_mentions_only")
def test_a_mention_calls_the_one_who_is_meant(story: Story) -> None:
    """A mention MUST be listed and counted for the one who is mentioned, once, and for nobody else.

    https://developer.rocket.chat/apidocs/get-mentioned-messages
    """
    place: JsonObject = {"roomId": ROOM}
    told = story.posts("alice", ROOM, "{case.token} for @{bob.username}")["_id"]
    mention: JsonObject = {"_id": told, "mentions": [{"_id": "{bob.id}", "username": "{bob.username}"}]}
    story.asks("bob", "GET chat.getMentionedMessages", place).sees(mention, among="/messages")
    story.asks("bob", "GET chat.getMessage", {"msgId": told}).sees(mention, at="/message")

    counted = "mentioned.unread"
    mine: JsonObject = {"rid": ROOM, "alert": True, "unread": 1, "userMentions": 1, "groupMentions": 0}
    story.asks("bob", "GET subscriptions.getOne", place, proves=counted).sees(mine, at="/subscription")
    story.posts("alice", ROOM, "{case.token} for @all")
    grouped: JsonObject = {**mine, "unread": 2, "groupMentions": 1}
    story.asks("bob", "GET subscriptions.getOne", place, proves=counted).sees(grouped, at="/subscription")
    story.does("bob", "POST subscriptions.read", {"rid": ROOM})
    read: JsonObject = {"rid": ROOM, "alert": False, "unread": 0, "userMentions": 0, "groupMentions": 0}
    story.asks("bob", "GET subscriptions.getOne", place, proves=counted).sees(read, at="/subscription")

    other = "mentioned.nobody-else"
    story.asks("alice", "GET chat.getMentionedMessages", place, proves=other).misses({"_id": told}, among="/messages")
    story.asks("alice", "GET subscriptions.getOne", place, proves=other).misses({"unread": 1}, at="/subscription")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


@promises(
    "POST chat.delete#behaviour:deleted.gone",
    "GET *#behaviour:deleted.gone",
    "POST chat.delete#behaviour:deleted.told",
    "GET *#behaviour:deleted.told",
    "POST chat.delete#behaviour:deleted.last-message",
    "GET *#behaviour:deleted.last-message",
    "POST chat.delete#behaviour:deleted.others",
)
@needs(Message_KeepHistory=False, Message_ShowDeletedStatus=False, Store_Last_Message=True)
def test_a_deleted_message_is_gone_and_told(story: Story) -> None:
    """A message that is deleted MUST be shown nowhere any more, MUST be told as deleted, and take nothing with it.

    https://developer.rocket.chat/apidocs/delete-message
    """
    kept = story.posts("alice", ROOM, "{case.token} kept")["_id"]
    gone = story.posts("bob", ROOM, "{case.token} gone for @{alice.username}")["_id"]
    found: JsonObject = {"roomId": ROOM, "searchText": "{case.token}"}
    since: JsonObject = {"roomId": ROOM, "lastUpdate": "{time.started}"}
    lost: JsonObject = {"_id": gone}
    story.reads("bob", "GET chat.getMessage", {"msgId": gone})
    story.reads("bob", "GET chat.search", found)
    before = story.reads("bob", "GET chat.getMessage", {"msgId": kept})
    story.does("bob", "POST chat.delete", {"roomId": ROOM, "msgId": gone})

    story.asks("bob", "GET chat.getMessage", {"msgId": gone}).is_refused()
    story.asks("bob", "GET chat.search", found).misses(lost, among="/messages")
    story.asks("alice", "GET chat.getMentionedMessages", {"roomId": ROOM}).misses(lost, among="/messages")
    story.asks("alice", "GET chat.syncMessages", since).misses(lost, among="/result/updated")

    deleted: JsonObject = {"roomId": ROOM, "since": "{time.started}"}
    story.asks("alice", "GET chat.getDeletedMessages", deleted, proves="deleted.told").sees(lost, among="/messages")
    when = ("/_deletedAt",)
    story.asks("alice", "GET chat.syncMessages", since, proves="deleted.told").sees(
        lost, among="/result/deleted", named=when
    )

    last = "deleted.last-message"
    room: JsonObject = {"_id": ROOM, "msgs": 1, "lastMessage": {"_id": kept, "msg": "{case.token} kept"}}
    story.asks("alice", "GET rooms.info", {"roomId": ROOM}, proves=last).sees(room, at="/room")
    story.asks("alice", "GET rooms.get", proves=last).sees(room, among="/update")

    after = story.reads("bob", "GET chat.getMessage", {"msgId": kept})
    story.compares(before, after, at="/message", proves="deleted.others")
    story.keeps("behaviour.shown", "behaviour.nowhere-else", "behaviour.unchanged")


@promises("POST chat.reportMessage#behaviour:reported.unchanged")
def test_a_report_leaves_the_message_as_it_was(story: Story) -> None:
    """A report MUST be for the moderators alone: nobody in the room MUST see anything of it.

    https://developer.rocket.chat/apidocs/report-message
    """
    message = story.posts("bob", ROOM, "{case.token} reported")["_id"]
    asked: JsonObject = {"msgId": message}
    before, room = story.reads("bob", "GET chat.getMessage", asked), _room(story)
    story.does("alice", "POST chat.reportMessage", {"messageId": message, "description": "{case.token}"})
    story.compares(before, story.reads("bob", "GET chat.getMessage", asked), at="/message")
    story.compares(room, _room(story), at="/room")
    story.keeps("behaviour.unchanged")


@promises(
    "POST chat.postMessage#behaviour:receipts.readers",
    "GET *#behaviour:receipts.readers",
    "POST chat.postMessage#behaviour:receipts.nobody-else",
    "GET *#behaviour:receipts.nobody-else",
)
@needs(edition="enterprise", Message_Read_Receipt_Enabled=True, Message_Read_Receipt_Store_Users=True)
def test_a_receipt_names_who_has_read(story: Story) -> None:
    """The receipts of a message MUST name its author and those who have read it since, and nobody else.

    https://developer.rocket.chat/apidocs/get-message-read-receipts
    """
    message = story.posts("alice", ROOM, "{case.token} read by bob")["_id"]
    asked: JsonObject = {"messageId": message}
    bob: JsonObject = {"userId": "{bob.id}", "messageId": message, "user": {"username": "{bob.username}"}}
    receipts = "GET chat.getMessageReadReceipts"
    story.asks("alice", receipts, asked, proves="receipts.nobody-else").misses(bob, among="/receipts")
    story.does("bob", "POST subscriptions.read", {"rid": ROOM})
    story.asks("alice", receipts, asked).sees(bob, among="/receipts", named=("/ts",))
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


def _room(story: Story) -> Exchange:
    return story.reads("bob", "GET rooms.info", {"roomId": ROOM})
