"""Direct messages: rooms that their people make, and what each of them finds in them.

https://developer.rocket.chat/apidocs/direct-messages
"""

from preflight.model.json import JsonObject, as_object
from preflight.session.promised import needs, promises
from preflight.session.story import Story

DM = "{alice.dm.id}"
PAIR = "{alice.pair.id}"
PLACE = "GET subscriptions.getOne"


@promises(
    "POST dm.create#behaviour:created.same-room",
    "POST dm.create#behaviour:created.listed",
    "GET *#behaviour:created.listed",
    "POST dm.create#behaviour:created.nobody-else",
    "GET *#behaviour:created.nobody-else",
)
def test_the_same_people_have_one_room(story: Story) -> None:
    """Whoever of them asks, and in whatever order, the same people MUST get the same room, and nobody else MUST.

    https://developer.rocket.chat/apidocs/create-dm
    """
    hers = story.creates("alice", {"username": "{bob.username}"})
    his = story.creates("bob", {"username": "{alice.username}"})
    trio = story.creates("alice", {"usernames": "{bob.username},{carol.username}"})
    turned = story.creates("carol", {"usernames": "{alice.username},{bob.username}"})
    story.compares(hers, his, at="/room").compares(trio, turned, at="/room")

    room: JsonObject = {"_id": DM, "t": "d", "usersCount": 2}
    three: JsonObject = {"_id": "{alice.trio.id}", "t": "d", "usersCount": 3}
    listed = "created.listed"
    story.asks("bob", "GET dm.list", proves=listed).sees(room, among="/ims")
    story.asks("bob", "GET rooms.get", proves=listed).sees(room, among="/update")
    story.asks("carol", "GET dm.list", proves=listed).sees(three, among="/ims")
    other = "created.nobody-else"
    story.asks("carol", "GET dm.list", proves=other).misses({"_id": DM}, among="/ims")
    story.asks("carol", "GET rooms.get", proves=other).misses({"_id": DM}, among="/update")
    story.keeps("relation.same", "behaviour.shown", "behaviour.nowhere-else")


@promises(
    "POST chat.sendMessage#behaviour:sent.message",
    "GET *#behaviour:sent.message",
    "POST chat.sendMessage#behaviour:sent.last-message",
    "GET *#behaviour:sent.last-message",
    "POST chat.sendMessage#behaviour:sent.nowhere-else",
    "GET *#behaviour:sent.nowhere-else",
)
@needs(Store_Last_Message=True)
def test_a_direct_message_is_read_by_both(story: Story) -> None:
    """A direct message MUST show as it was sent to both people, in every list of their room, and in no other room.

    https://developer.rocket.chat/apidocs/list-dm-messages
    """
    sent = _sends(story, "bob", DM, "{case.token} hello @{alice.username} https://preflight.invalid/{case.token}")
    written: JsonObject = {
        "_id": sent["_id"],
        "rid": DM,
        "msg": "{case.token} hello @{alice.username} https://preflight.invalid/{case.token}",
        "ts": sent["ts"],
        "u": {"_id": "{bob.id}", "username": "{bob.username}"},
        "mentions": [{"_id": "{alice.id}"}],
        "urls": [{"url": "https://preflight.invalid/{case.token}"}],
    }
    here: JsonObject = {"roomId": DM, "count": 5}
    story.asks("alice", "GET dm.messages", here).sees(written, among="/messages")
    story.asks("bob", "GET dm.messages", here).sees(written, among="/messages")
    story.asks("alice", "GET dm.history", here).sees(written, among="/messages")
    story.asks("alice", "GET chat.getMessage", {"msgId": sent["_id"]}).sees(written, at="/message")

    last = "sent.last-message"
    room: JsonObject = {"_id": DM, "lm": sent["ts"], "lastMessage": written}
    story.asks("alice", "GET dm.list", proves=last).sees(room, among="/ims")
    story.asks("alice", "GET rooms.get", proves=last).sees(room, among="/update")
    story.asks("alice", "GET rooms.info", {"roomId": DM}, proves=last).sees(room, at="/room")

    other, lost = "sent.nowhere-else", {"_id": sent["_id"]}
    there: JsonObject = {"roomId": PAIR}
    story.asks("alice", "GET dm.messages", there, proves=other).misses(lost, among="/messages")
    story.asks("alice", "GET dm.history", there, proves=other).misses(lost, among="/messages")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


@promises(
    "POST chat.sendMessage#behaviour:sent.unread",
    "POST chat.sendMessage#behaviour:sent.read",
    "GET dm.counters#behaviour:counted.alike",
)
@needs(Unread_Count_DM="all_messages")
def test_direct_messages_are_counted_until_they_are_read(story: Story) -> None:
    """Each direct message MUST count once for the other person, and none once they have read the room.

    https://developer.rocket.chat/apidocs/get-dm-counter
    """
    here: JsonObject = {"roomId": DM}
    story.does("alice", "POST subscriptions.read", {"rid": DM})
    _sends(story, "bob", DM, "{case.token} one")
    second = _sends(story, "bob", DM, "{case.token} two")
    waiting: JsonObject = {"rid": DM, "unread": 2, "alert": True, "userMentions": 0}
    read: JsonObject = {"rid": DM, "unread": 0, "alert": False, "userMentions": 0}
    story.asks("alice", PLACE, here).sees(waiting, at="/subscription")
    story.asks("bob", PLACE, here).sees(read, at="/subscription")
    _counts_alike(story, second)

    story.does("alice", "POST subscriptions.read", {"rid": DM})
    story.asks("alice", PLACE, here, proves="sent.read").sees(read, at="/subscription")
    _counts_alike(story, second)
    story.keeps("behaviour.shown")


@promises(
    "POST dm.close#behaviour:closed.mine",
    "POST dm.close#behaviour:closed.listed",
    "GET *#behaviour:closed.listed",
    "POST dm.close#behaviour:closed.others",
    "POST chat.sendMessage#behaviour:closed.reopened",
    "POST dm.open#behaviour:opened.mine",
)
def test_a_closed_room_opens_again_with_the_next_message(story: Story) -> None:
    """A room that is closed MUST be closed for that person alone, stay listed, and open again when they are written to.

    https://developer.rocket.chat/apidocs/close-dm
    """
    here: JsonObject = {"roomId": PAIR}
    _sends(story, "alice", PAIR, "{case.token} before")
    others = story.reads("alice", PLACE, here)
    story.does("carol", "POST dm.close", here)
    story.asks("carol", PLACE, here).sees({"rid": PAIR, "open": False, "alert": False}, at="/subscription")
    story.asks("carol", "GET dm.list", proves="closed.listed").sees({"_id": PAIR}, among="/ims")
    story.asks("carol", "GET rooms.get", proves="closed.listed").sees({"_id": PAIR}, among="/update")
    story.compares(others, story.reads("alice", PLACE, here), at="/subscription", proves="closed.others")

    story.does("carol", "POST dm.open", here)
    opened: JsonObject = {"rid": PAIR, "open": True}
    story.asks("carol", PLACE, here, proves="opened.mine").sees(opened, at="/subscription")
    story.does("carol", "POST dm.close", here)
    _sends(story, "alice", PAIR, "{case.token} after")
    again: JsonObject = {"rid": PAIR, "open": True, "alert": True}
    story.asks("carol", PLACE, here, proves="closed.reopened").sees(again, at="/subscription")
    story.asks("carol", "GET subscriptions.get", proves="closed.reopened").sees(again, among="/update")
    story.keeps("behaviour.shown", "behaviour.unchanged")


@promises(
    "POST dm.setTopic#behaviour:topic.set",
    "GET *#behaviour:topic.set",
    "POST dm.setTopic#behaviour:topic.told",
    "GET *#behaviour:topic.told",
)
def test_a_topic_shows_and_is_told(story: Story) -> None:
    """A topic MUST show wherever its room does, and be told in the room by a message of its own.

    https://developer.rocket.chat/apidocs/set-dm-topic
    """
    room = "{admin.dm.id}"
    story.does("admin", "POST dm.setTopic", {"roomId": room, "topic": "{case.token} topic"})
    named: JsonObject = {"_id": room, "topic": "{case.token} topic"}
    story.asks("alice", "GET rooms.info", {"roomId": room}).sees(named, at="/room")
    story.asks("alice", "GET rooms.get").sees(named, among="/update")
    story.asks("alice", "GET dm.list").sees(named, among="/ims")
    told: JsonObject = {"t": "room_changed_topic", "msg": "{case.token} topic", "u": {"_id": "{admin.id}"}}
    here: JsonObject = {"roomId": room, "count": 1}
    story.asks("alice", "GET dm.messages", here, proves="topic.told").sees(told, at="/messages/0")
    story.asks("alice", "GET dm.history", here, proves="topic.told").sees(told, at="/messages/0")
    story.keeps("behaviour.shown")


@promises(
    "GET dm.files#behaviour:filed.file",
    "GET dm.messages#behaviour:filed.message",
    "GET dm.history#behaviour:filed.message",
    "GET dm.files#behaviour:filed.nowhere-else",
)
def test_a_file_is_listed_with_who_sent_it(story: Story) -> None:
    """A file MUST be listed with its name, kind, size and sender, come with its message, and be in no other room.

    https://developer.rocket.chat/apidocs/list-dm-files
    """
    file: JsonObject = {
        "_id": "{alice.filedm.id}",
        "name": "{case.token}.txt",
        "type": "text/plain",
        "rid": DM,
        "userId": "{alice.id}",
        "user": {"_id": "{alice.id}", "username": "{alice.username}"},
    }
    here: JsonObject = {"roomId": DM, "count": 100}
    message: JsonObject = {
        "_id": "{alice.filedm.message}",
        "msg": "{case.token} file",
        "file": {"_id": "{alice.filedm.id}", "name": "{case.token}.txt", "type": "text/plain"},
    }
    story.asks("bob", "GET dm.files", here).sees(file, among="/files", named=("/uploadedAt", "/url"))
    story.asks("bob", "GET dm.messages", here, proves="filed.message").sees(message, among="/messages")
    story.asks("bob", "GET dm.history", here, proves="filed.message").sees(message, among="/messages")
    other: JsonObject = {"roomId": PAIR}
    lost: JsonObject = {"_id": "{alice.filedm.id}"}
    known: JsonObject = {"_id": "{alice.pair.f1}", "name": "shelved-1.txt", "size": 6}
    story.asks("carol", "GET dm.files", other).sees(known, among="/files")
    story.asks("alice", "GET dm.files", other, proves="filed.nowhere-else").misses(lost, among="/files")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


@promises(
    "GET dm.members#behaviour:members.people",
    "GET dm.members#behaviour:members.nobody-else",
)
def test_a_direct_room_lists_its_people(story: Story) -> None:
    """The members of a direct room MUST be its people, with their names, and nobody else.

    https://developer.rocket.chat/apidocs/list-dm-members
    """
    trio: JsonObject = {"roomId": "{alice.trio.id}"}
    pair: JsonObject = {"roomId": PAIR}
    bob: JsonObject = {"_id": "{bob.id}", "username": "{bob.username}", "name": "{bob.name}"}
    carol: JsonObject = {"_id": "{carol.id}", "username": "{carol.username}", "name": "{carol.name}"}
    story.asks("alice", "GET dm.members", trio).sees(bob, among="/members").sees(carol, among="/members")
    alice: JsonObject = {"_id": "{alice.id}", "username": "{alice.username}", "name": "{alice.name}"}
    story.asks("carol", "GET dm.members", trio).sees(alice, among="/members").sees(bob, among="/members")
    story.asks("alice", "GET dm.members", pair, proves="members.nobody-else").misses(bob, among="/members")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


@promises("GET dm.history#behaviour:history.threads", "GET dm.history#behaviour:history.without-threads")
def test_a_history_leaves_replies_out_unless_they_are_asked_for(story: Story) -> None:
    """A history MUST leave out what was said in threads alone, and show it where showThreadMessages is true.

    https://developer.rocket.chat/apidocs/get-dm-history
    """
    here: JsonObject = {"roomId": DM, "count": 5}
    reply: JsonObject = {"_id": "{alice.dmthread.reply}", "tmid": "{alice.dmthread.id}"}
    told: JsonObject = {**here, "showThreadMessages": "true"}
    story.asks("alice", "GET dm.history", told).sees(reply, among="/messages")
    story.asks("alice", "GET dm.history", told).sees({"_id": "{alice.dmthread.id}"}, among="/messages")
    without = "history.without-threads"
    story.asks("alice", "GET dm.history", here, proves=without).misses(reply, among="/messages")
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


@promises("GET dm.history#behaviour:history.unread")
def test_a_history_tells_what_lies_unread_before_it(story: Story) -> None:
    """A history MUST tell how many messages lie between the beginning that was asked for and its page, and the first.

    https://developer.rocket.chat/apidocs/get-dm-history
    """
    first = _sends(story, "bob", DM, "{case.token} one")
    second = _sends(story, "bob", DM, "{case.token} two")
    _sends(story, "bob", DM, "{case.token} three")
    asked: JsonObject = {"roomId": DM, "oldest": first["ts"], "unreads": "true", "count": 1}
    waiting: JsonObject = {"unreadNotLoaded": 1, "firstUnread": {"_id": second["_id"]}}
    story.asks("alice", "GET dm.history", asked).sees(waiting)
    story.keeps("behaviour.shown")


@promises(
    "POST dm.delete#behaviour:removed.told",
    "GET *#behaviour:removed.told",
    "POST dm.delete#behaviour:removed.messages",
    "GET *#behaviour:removed.messages",
    "POST dm.delete#behaviour:removed.gone",
    "GET *#behaviour:removed.gone",
)
def test_a_removed_room_is_gone_for_its_people(story: Story) -> None:
    """A direct room that is removed MUST be told as removed, with its messages, and be in no list any more.

    https://developer.rocket.chat/apidocs/delete-dm
    """
    room = "{alice.freshdm.id}"
    message = _sends(story, "alice", room, "{case.token} soon gone")["_id"]
    story.reads("alice", "GET dm.list")
    story.does("admin", "POST dm.delete", {"roomId": room})
    told: JsonObject = {"_id": room}
    since: JsonObject = {"updatedSince": "{time.started}"}
    when = ("/_deletedAt",)
    story.asks("alice", "GET rooms.get", since, proves="removed.told").sees(told, among="/remove", named=when)
    deleted: JsonObject = {"roomId": room, "since": "{time.started}"}
    lost: JsonObject = {"_id": message}
    emptied = "removed.messages"
    story.asks("alice", "GET chat.getDeletedMessages", deleted, proves=emptied).sees(lost, among="/messages")
    gone = "removed.gone"
    story.asks("alice", "GET dm.list", proves=gone).misses(told, among="/ims")
    story.asks("alice", "GET rooms.get", proves=gone).misses(told, among="/update")
    story.asks("alice", "GET rooms.info", {"roomId": room}, proves=gone).is_refused()
    story.asks("alice", "GET chat.getMessage", {"msgId": message}, proves=gone).is_refused()
    story.keeps("behaviour.shown", "behaviour.nowhere-else")


def _sends(story: Story, actor: str, room: str, text: str) -> JsonObject:
    return as_object(story.does(actor, "POST chat.sendMessage", {"message": {"rid": room, "msg": text}})["message"])


def _counts_alike(story: Story, last: JsonObject) -> None:
    place = story.value(story.reads("alice", PLACE, {"roomId": DM}), "/subscription/unread")
    told: JsonObject = {"joined": True, "members": 2, "unreads": place, "latest": last["ts"], "userMentions": 0}
    story.asks("alice", "GET dm.counters", {"roomId": DM}, proves="counted.alike").sees(told)
