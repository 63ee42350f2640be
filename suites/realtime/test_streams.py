"""Streams: who listens is told of what happens, and who may not listen is told nothing.

https://developer.rocket.chat/apidocs/realtime-method-calls
"""

from preflight.model.json import Json, JsonObject
from preflight.session.promised import promises
from preflight.session.realtime_acts import Audience


@promises("ddp:stream-room-messages#behaviour:stream.message")
def test_a_posted_message_reaches_who_listens(audience: Audience) -> None:
    """A message that is posted in a room over REST MUST reach a member who listens to the room."""
    bob = audience.listens("bob", "{alice.channel.id}")
    message = audience.posts("alice", "{alice.channel.id}", "{case.token} hello")
    heard: JsonObject = {
        "_id": message,
        "rid": "{alice.channel.id}",
        "msg": "{case.token} hello",
        "u": {"_id": "{alice.id}"},
    }
    bob.must_hear(heard).keeps("stream.delivered")


@promises("ddp:stream-room-messages#behaviour:stream.edit")
def test_an_edited_message_reaches_who_listens(audience: Audience) -> None:
    """A message that is edited MUST reach who listens to its room, with the new text and who edited it."""
    message = audience.posts("alice", "{alice.channel.id}", "{case.token} befor")
    bob = audience.listens("bob", "{alice.channel.id}")
    edited: JsonObject = {"roomId": "{alice.channel.id}", "msgId": message, "text": "{case.token} after"}
    audience.does("alice", "POST chat.update", edited)
    heard: JsonObject = {
        "_id": message,
        "rid": "{alice.channel.id}",
        "msg": "{case.token} after",
        "editedBy": {"_id": "{alice.id}"},
    }
    bob.must_hear(heard).keeps("stream.delivered")


@promises("ddp:stream-room-messages#behaviour:stream.private")
def test_messages_of_a_private_room_reach_nobody_else(audience: Audience) -> None:
    """A subscription to a private room MUST be refused to who is not in it, and none of its messages be told."""
    carol = audience.outsider("carol", "{alice.group.id}").asks(own_room="{carol.group.id}")
    audience.posts("alice", "{alice.group.id}", "{case.token} for members alone")
    carol.must_not_hear(own_room="{carol.group.id}", actor="carol").keeps("stream.private")


@promises("ddp:stream-notify-room#behaviour:stream.typing")
def test_typing_reaches_who_listens(audience: Audience) -> None:
    """That a member is typing MUST reach the others who listen to the room."""
    bob = audience.listens("bob", "{alice.group.id}/user-activity")
    _types(audience)
    bob.must_hear("{alice.username}", ["user-typing"]).keeps("stream.delivered")


@promises("ddp:stream-notify-room#behaviour:stream.deletion")
def test_a_deletion_reaches_who_listens(audience: Audience) -> None:
    """That a message is deleted MUST reach who listens to its room, with the id of the message."""
    message = audience.posts("alice", "{alice.channel.id}", "{case.token} soon gone")
    bob = audience.listens("bob", "{alice.channel.id}/deleteMessage")
    audience.does("alice", "POST chat.delete", {"roomId": "{alice.channel.id}", "msgId": message})
    bob.must_hear({"_id": message}).keeps("stream.delivered")


@promises("ddp:stream-notify-room#behaviour:stream.private")
def test_typing_in_a_private_room_reaches_nobody_else(audience: Audience) -> None:
    """That somebody is typing in a private room MUST be told to nobody who is not in it."""
    carol = audience.outsider("carol", "{alice.group.id}/user-activity").asks(own_room="{carol.group.id}")
    _types(audience)
    carol.must_not_hear(own_room="{carol.group.id}", actor="carol").keeps("stream.private")


@promises("ddp:stream-notify-user#behaviour:stream.subscription-changed")
def test_a_changed_subscription_reaches_its_user(audience: Audience) -> None:
    """That somebody is mentioned changes their subscription to the room: they MUST be told."""
    alice = audience.listens("alice", "{alice.id}/subscriptions-changed")
    audience.posts("bob", "{alice.channel.id}", "{case.token} for @{alice.username}")
    alice.must_hear("updated", {"rid": "{alice.channel.id}", "alert": True}).keeps("stream.delivered")


@promises("ddp:stream-notify-user#behaviour:stream.private")
def test_what_concerns_a_user_reaches_nobody_else(audience: Audience) -> None:
    """A subscription to what concerns somebody else MUST be refused, and none of it be told."""
    carol = audience.outsider("carol", "{alice.id}/subscriptions-changed").asks(own_room="{carol.group.id}")
    audience.posts("bob", "{alice.channel.id}", "{case.token} for @{alice.username}")
    carol.must_not_hear(own_room="{carol.group.id}", actor="carol").keeps("stream.private")


def _types(audience: Audience) -> None:
    told: list[Json] = ["{alice.group.id}/user-activity", "{alice.username}", ["user-typing"], {}]
    audience.calls("alice", "stream-notify-room", told)
