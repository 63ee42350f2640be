"""Threads: replies hang on a message, apart from the room, and are told to those who follow them.

https://developer.rocket.chat/apidocs/get-thread-messages
"""

from preflight.model.json import Json, JsonObject, as_object
from preflight.session.promised import needs, promises
from preflight.session.story import Story

ROOM = "{alice.room.id}"
IN_ROOM: JsonObject = {"roomId": ROOM}
LIST = "GET chat.getThreadsList"


@promises(
    "POST chat.sendMessage#behaviour:replied.root",
    "GET *#behaviour:replied.root",
    "POST chat.sendMessage#behaviour:replied.message",
    "GET *#behaviour:replied.message",
    "POST chat.sendMessage#behaviour:replied.last",
    "GET *#behaviour:replied.last",
    "POST chat.sendMessage#behaviour:replied.apart",
    "GET *#behaviour:replied.apart",
    "POST chat.sendMessage#behaviour:replied.room",
)
@needs(Threads_enabled=True, Store_Last_Message=True)
def test_a_reply_hangs_on_its_message_and_stays_out_of_the_room(story: Story) -> None:
    """A reply MUST count on its message, show in the thread, and be neither last nor unread in the room.

    https://developer.rocket.chat/apidocs/send-message
    """
    root = story.posts("alice", ROOM, "{case.token} root")["_id"]
    place = story.reads("alice", "GET subscriptions.getOne", IN_ROOM)
    asked: JsonObject = {"tmid": root}
    story.reads("alice", LIST, {"rid": ROOM})
    reply = _replies(story, "bob", root, "{case.token} first reply")

    answered: JsonObject = {"_id": root, "tcount": 1, "tlm": reply["ts"], "replies": ["{alice.id}", "{bob.id}"]}
    changed: JsonObject = {"rid": ROOM, "updatedSince": "{time.started}"}
    since: JsonObject = {"roomId": ROOM, "lastUpdate": "{time.started}"}
    story.asks("alice", "GET chat.getMessage", {"msgId": root}).sees(answered, at="/message")
    story.asks("alice", LIST, {"rid": ROOM}).sees(answered, among="/threads")
    story.asks("bob", "GET chat.syncThreadsList", changed).sees(answered, among="/threads/update")
    story.asks("bob", "GET chat.syncMessages", since).sees(answered, among="/result/updated")

    written: JsonObject = {"_id": reply["_id"], "tmid": root, "rid": ROOM, "msg": "{case.token} first reply"}
    told = "replied.message"
    changed = {"tmid": root, "updatedSince": "{time.started}"}
    story.asks("alice", "GET chat.getThreadMessages", asked, proves=told).sees(written, among="/messages")
    story.asks("alice", "GET chat.syncThreadMessages", changed, proves=told).sees(written, among="/messages/update")
    story.asks("alice", "GET chat.getMessage", {"msgId": reply["_id"]}, proves=told).sees(written, at="/message")

    last: JsonObject = {"_id": ROOM, "lastMessage": {"_id": reply["_id"]}}
    story.asks("alice", "GET rooms.info", IN_ROOM, proves="replied.last").misses(last, at="/room")
    story.asks("alice", "GET rooms.get", proves="replied.last").misses(last, among="/update")
    apart = "replied.apart"
    story.asks("alice", "GET chat.getThreadMessages", asked, proves=apart).misses({"_id": root}, among="/messages")
    story.asks("alice", LIST, {"rid": ROOM}, proves=apart).misses({"_id": reply["_id"]}, among="/threads")

    after = story.reads("alice", "GET subscriptions.getOne", IN_ROOM)
    follows = ("alert", "lr", "_updatedAt")
    story.compares(place, after, at="/subscription", but=follows, proves="replied.room")
    story.keeps("behaviour.shown", "behaviour.nowhere-else", "behaviour.unchanged")


@promises(
    "POST chat.sendMessage#behaviour:replied.unread",
    "GET *#behaviour:replied.unread",
    "POST chat.sendMessage#behaviour:replied.unread-for-nobody-else",
    "GET *#behaviour:replied.unread-for-nobody-else",
)
def test_a_further_reply_is_unread_for_those_who_follow(story: Story) -> None:
    """A thread MUST be unread for those who follow it once another replies, and for nobody else.

    https://developer.rocket.chat/apidocs/get-thread-list
    """
    root = story.posts("alice", ROOM, "{case.token} root")["_id"]
    unread: JsonObject = {"rid": ROOM, "type": "unread"}
    thread: JsonObject = {"_id": root}
    other = "replied.unread-for-nobody-else"
    _replies(story, "bob", root, "{case.token} first reply")
    story.asks("alice", LIST, unread, proves=other).misses(thread, among="/threads")
    _replies(story, "bob", root, "{case.token} second reply")
    story.asks("alice", LIST, unread).sees(thread, among="/threads")
    place: JsonObject = {"rid": ROOM, "tunread": [root]}
    story.asks("alice", "GET subscriptions.getOne", IN_ROOM).sees(place, at="/subscription")
    story.asks("bob", LIST, unread, proves=other).misses(thread, among="/threads")
    story.asks("bob", "GET subscriptions.getOne", IN_ROOM, proves=other).misses(place, at="/subscription")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


@promises(
    "POST chat.followMessage#behaviour:followed.thread",
    "GET *#behaviour:followed.thread",
    "POST chat.unfollowMessage#behaviour:unfollowed.thread",
    "GET *#behaviour:unfollowed.thread",
    "POST chat.unfollowMessage#behaviour:unfollowed.unread",
    "GET *#behaviour:unfollowed.unread",
    "POST chat.unfollowMessage#behaviour:unfollowed.others",
)
def test_a_thread_is_followed_by_who_wants_to(story: Story) -> None:
    """Who follows a thread MUST find it among those they follow, until they unfollow it; others stay as they are.

    https://developer.rocket.chat/apidocs/follow-message
    """
    root = story.posts("alice", ROOM, "{case.token} root")["_id"]
    _replies(story, "alice", root, "{case.token} reply to myself")
    mine: JsonObject = {"rid": ROOM, "type": "following"}
    asked: JsonObject = {"msgId": root}
    story.reads("bob", LIST, mine)
    story.does("bob", "POST chat.followMessage", {"mid": root})
    followed: JsonObject = {"_id": root, "replies": ["{alice.id}", "{bob.id}"]}
    story.asks("bob", LIST, mine).sees(followed, among="/threads")
    story.asks("alice", "GET chat.getMessage", asked).sees(followed, at="/message")

    _replies(story, "alice", root, "{case.token} unread for bob")
    story.does("bob", "POST chat.unfollowMessage", {"mid": root})
    off, read, others = "unfollowed.thread", "unfollowed.unread", "unfollowed.others"
    unread: JsonObject = {"rid": ROOM, "type": "unread"}
    story.asks("bob", LIST, mine, proves=off).misses({"_id": root}, among="/threads")
    story.asks("bob", LIST, unread, proves=read).misses({"_id": root}, among="/threads")
    story.asks("bob", "GET subscriptions.getOne", IN_ROOM, proves=read).misses({"tunread": [root]}, at="/subscription")
    story.asks("bob", "GET chat.getMessage", asked, proves=off).misses(followed, at="/message")
    left: JsonObject = {"_id": root, "replies": ["{alice.id}"]}
    story.asks("alice", LIST, mine, proves=others).sees(left, among="/threads")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


@promises(
    "POST chat.delete#behaviour:unreplied.root",
    "GET *#behaviour:unreplied.root",
    "POST chat.delete#behaviour:unreplied.told",
    "GET *#behaviour:unreplied.told",
    "POST chat.delete#behaviour:unreplied.gone",
    "GET *#behaviour:unreplied.gone",
)
@needs(Message_KeepHistory=False, Message_ShowDeletedStatus=False)
def test_a_deleted_reply_counts_no_more(story: Story) -> None:
    """A reply that is deleted MUST leave its thread, be told as removed, and not be counted any more.

    https://developer.rocket.chat/apidocs/delete-message
    """
    root = story.posts("alice", ROOM, "{case.token} root")["_id"]
    _replies(story, "bob", root, "{case.token} reply that stays")
    gone = _replies(story, "bob", root, "{case.token} reply that goes")["_id"]
    asked: JsonObject = {"tmid": root}
    story.reads("alice", "GET chat.getThreadMessages", asked)
    story.does("bob", "POST chat.delete", {"roomId": ROOM, "msgId": gone})
    counted: JsonObject = {"_id": root, "tcount": 1}
    story.asks("alice", "GET chat.getMessage", {"msgId": root}).sees(counted, at="/message")
    story.asks("alice", LIST, {"rid": ROOM}).sees(counted, among="/threads")
    since: JsonObject = {"tmid": root, "updatedSince": "{time.started}"}
    lost: JsonObject = {"_id": gone}
    told = "unreplied.told"
    story.asks("alice", "GET chat.syncThreadMessages", since, proves=told).sees(lost, among="/messages/remove")
    out = "unreplied.gone"
    story.asks("alice", "GET chat.getThreadMessages", asked, proves=out).misses(lost, among="/messages")
    story.asks("alice", "GET chat.syncThreadMessages", since, proves=out).misses(lost, among="/messages/update")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


def _replies(story: Story, actor: str, root: Json, text: str) -> JsonObject:
    sent: JsonObject = {"message": {"rid": ROOM, "tmid": root, "msg": text}}
    return as_object(story.does(actor, "POST chat.sendMessage", sent)["message"])
