"""Repetitions: what was done already can be done again, and changes nothing then.

https://developer.rocket.chat/apidocs/rocketchat-api
"""

from preflight.model.json import Json, JsonObject
from preflight.session.promised import needs, promises
from preflight.session.story import Story

ROOM = "{alice.room.id}"
PAIR: JsonObject = {"roomId": "{alice.pair.id}"}
WHEN = ("_updatedAt",)


@promises(
    "POST chat.starMessage#behaviour:repeated",
    "POST chat.unStarMessage#behaviour:repeated",
    "POST chat.followMessage#behaviour:repeated",
    "POST chat.unfollowMessage#behaviour:repeated",
    "POST chat.react#behaviour:repeated",
    "POST chat.update#behaviour:repeated",
    "POST chat.pinMessage#behaviour:repeated.pin",
)
def test_what_was_done_to_a_message_is_not_done_twice(story: Story) -> None:
    """A star, a reaction, a pin or a text that a message has already MUST leave the message and its room as they are.

    https://developer.rocket.chat/apidocs/chat
    """
    message = story.posts("alice", ROOM, "{case.token} once")["_id"]
    named: JsonObject = {"messageId": message}
    _repeats(story, "POST chat.starMessage", message, named)
    _repeats(story, "POST chat.unStarMessage", message, named)
    _repeats(story, "POST chat.followMessage", message, {"mid": message})
    _repeats(story, "POST chat.unfollowMessage", message, {"mid": message})
    _repeats(story, "POST chat.react", message, {**named, "emoji": ":eyes:", "shouldReact": True})
    _repeats(story, "POST chat.update", message, {"roomId": ROOM, "msgId": message, "text": "{case.token} twice"})
    _repeats(story, "POST chat.pinMessage", message, named)
    story.keeps("relation.idempotent")


@promises("POST dm.open#behaviour:repeated", "POST dm.create#behaviour:repeated", "POST dm.setTopic#behaviour:repeated")
def test_what_was_done_to_a_room_is_not_done_twice(story: Story) -> None:
    """A room that is there, open, or has the topic already MUST stay as it is.

    https://developer.rocket.chat/apidocs/direct-messages
    """
    create, open_, topic = "POST dm.create", "POST dm.open", "POST dm.setTopic"
    place, room = "GET subscriptions.getOne", "GET rooms.info"
    story.does("alice", open_, PAIR)
    before = story.reads("alice", place, PAIR)
    story.does("alice", open_, PAIR)
    story.compares(before, story.reads("alice", place, PAIR), but=WHEN, proves=open_)
    before, listed = story.reads("alice", room, PAIR), story.reads("alice", "GET dm.list")
    story.does("alice", create, {"username": "{carol.username}"})
    story.compares(before, story.reads("alice", room, PAIR), but=WHEN, proves=create)
    story.compares(listed, story.reads("alice", "GET dm.list"), at="/total", proves=create)

    dm: JsonObject = {"roomId": "{admin.dm.id}"}
    story.does("admin", topic, {**dm, "topic": "{case.token}"})
    before = story.reads("admin", room, dm)
    story.does("admin", topic, {**dm, "topic": "{case.token}"})
    story.compares(before, story.reads("admin", room, dm), but=WHEN, proves=topic)
    story.keeps("relation.idempotent")


@promises("GET chat.ignoreUser#behaviour:repeated", "POST autotranslate.saveSettings#behaviour:repeated")
@needs(AutoTranslate_Enabled=True)
def test_what_was_set_for_oneself_is_not_set_twice(story: Story) -> None:
    """Whom somebody ignores already, and what they have set already, MUST stay noted once.

    https://developer.rocket.chat/apidocs/ignore-user
    """
    place, ignore, save = "GET subscriptions.getOne", "GET chat.ignoreUser", "POST autotranslate.saveSettings"
    mine: JsonObject = {"roomId": ROOM}
    ignored: JsonObject = {"rid": ROOM, "userId": "{bob.id}", "ignore": "true"}
    story.reads("alice", ignore, ignored)
    before = story.reads("alice", place, mine)
    story.reads("alice", ignore, ignored)
    story.compares(before, story.reads("alice", place, mine), but=WHEN, proves=ignore)

    dm: JsonObject = {"roomId": "{admin.dm.id}"}
    wanted: JsonObject = {**dm, "field": "autoTranslateLanguage", "value": "it"}
    story.does("admin", save, wanted)
    before = story.reads("admin", place, dm)
    story.does("admin", save, wanted)
    story.compares(before, story.reads("admin", place, dm), but=WHEN, proves=save)
    story.keeps("relation.idempotent")


def _repeats(story: Story, operation: str, message: Json, body: JsonObject) -> None:
    asked: JsonObject = {"msgId": message}
    room: JsonObject = {"roomId": ROOM}
    story.does("alice", operation, body)
    before = story.reads("alice", "GET chat.getMessage", asked), story.reads("alice", "GET rooms.info", room)
    story.does("alice", operation, body)
    after = story.reads("alice", "GET chat.getMessage", asked), story.reads("alice", "GET rooms.info", room)
    story.compares(before[0], after[0], but=WHEN, proves=operation)
    story.compares(before[1], after[1], but=WHEN, proves=operation)
