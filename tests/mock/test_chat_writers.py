"""The chat routes that write, over the wire: release 8.0 unless a test says otherwise."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from preflight.mock import messages, rooms
from preflight.mock.clock import iso
from preflight.mock.rooms import Plan
from preflight.mock.server import MockServer
from tests.mock.chat_world import Reply, World, serving

Document = dict[str, Any]

ONE_OF = "must match exactly one schema in oneOf"
EXTRA = "must NOT have additional properties"


def absent(name: str) -> str:
    return f"must have required property '{name}'"


def legacy(*messages: str) -> tuple[str, str]:
    return "\n ".join(messages) + " [invalid-params]", "invalid-params"


def typed(*messages: str) -> tuple[str, str]:
    return "\n".join(messages), "invalid-params"


@pytest.fixture(scope="module")
def server_8_0() -> Iterator[MockServer]:
    with serving("8.0") as server:
        yield server


@pytest.fixture(scope="module")
def server_6_14() -> Iterator[MockServer]:
    with serving("6.14") as server:
        yield server


@pytest.fixture(scope="module")
def server_8_8() -> Iterator[MockServer]:
    with serving("8.8") as server:
        yield server


@pytest.fixture
def world(server_8_0: MockServer) -> Iterator[World]:
    world = World(server_8_0)
    yield world
    world.close()


@pytest.fixture
def old(server_6_14: MockServer) -> Iterator[World]:
    world = World(server_6_14)
    yield world
    world.close()


@pytest.fixture
def new(server_8_8: MockServer) -> Iterator[World]:
    world = World(server_8_8)
    yield world
    world.close()


def refused(reply: Reply, error: str, error_type: str | None = None, details: Document | None = None) -> None:
    text = f"{error} [{error_type}]" if error_type else error
    expected: Document = {"success": False, "error": text}
    if error_type:
        expected["errorType"] = error_type
    if details is not None:
        expected["details"] = details
    assert (reply.status, reply.body) == (400, expected)


# -- chat.postMessage ------------------------------------------------------------------------------------------------


def test_a_post_answers_with_selector_time_and_message(world: World) -> None:
    selector = f"#{world.channel['name']}"
    reply = world.post("chat.postMessage", world.alice, channel=selector, text=" hello ")
    assert reply.status == 200
    assert set(reply.body) == {"ts", "channel", "message", "success"}
    message = reply.body["message"]
    assert (reply.body["channel"], message["msg"]) == (selector, "hello")
    assert (message["alias"], message["attachments"]) == ("", [])
    assert (message["parseUrls"], message["groupable"]) == (True, False)
    assert isinstance(reply.body["ts"], int)
    assert message["ts"].endswith("Z")


@pytest.mark.parametrize("key", ["name", "_id"])
def test_a_post_finds_its_room_by_name_and_id(world: World, key: str) -> None:
    reply = world.post("chat.postMessage", world.alice, roomId=world.channel[key], text="x")
    assert reply.body["message"]["rid"] == world.channel["_id"]


def test_a_post_joins_a_public_channel(world: World) -> None:
    reply = world.post("chat.postMessage", world.carol, roomId=world.channel["_id"], text="hi")
    assert reply.status == 200
    assert "ls" in world.seat(world.carol)
    kinds = [message.get("t") for message in messages.of_room(world.ws, world.channel["_id"])]
    assert kinds == ["uj", None]
    assert world.channel["usersCount"] == 3


def test_a_post_to_a_user_makes_a_direct_room(world: World) -> None:
    reply = world.post("chat.postMessage", world.carol, channel=f"@{world.bob['username']}", text="hi")
    rid = reply.body["message"]["rid"]
    assert rid == "".join(sorted([world.carol["_id"], world.bob["_id"]]))
    assert world.seat(world.bob, world.ws.rooms.get(rid))["unread"] == 1


def test_a_post_by_the_id_of_a_user_goes_to_them_alone(world: World) -> None:
    reply = world.post("chat.postMessage", world.alice, channel=world.bob["_id"], text="hi")
    assert reply.body["message"]["rid"] == world.direct["_id"]


def test_a_post_reaches_all_its_targets_and_tells_of_the_first(world: World) -> None:
    targets = [world.channel["_id"], world.group["_id"]]
    reply = world.post("chat.postMessage", world.alice, roomId=targets, text="x")
    assert (reply.body["channel"], reply.body["message"]["rid"]) == (targets[0], targets[0])
    assert [message["msg"] for message in messages.of_room(world.ws, targets[1])] == ["x"]


def test_no_target_is_posted_to_where_one_is_refused(world: World) -> None:
    targets = [world.channel["_id"], world.group["_id"]]
    refused(world.post("chat.postMessage", world.carol, roomId=targets, text="x"), "error-not-allowed")
    assert all("t" in message for message in messages.of_room(world.ws, targets[0]))


@pytest.mark.parametrize("selector", ["#nowhere", "@nobody", "nowhere", "", None])
def test_a_post_to_nowhere_is_refused(world: World, selector: str | None) -> None:
    reply = world.post("chat.postMessage", world.alice, channel=selector, text="x")
    assert (reply.status, reply.error) == (400, ("[invalid-channel]", "invalid-channel"))


def test_a_post_to_no_room_at_all_is_refused(world: World, old: World) -> None:
    for each in (world, old):
        refused(each.post("chat.postMessage", each.alice, roomId=[], text="x"), "unknown-error")


@pytest.mark.parametrize(
    ("body", "complaints"),
    [
        ({"text": "x"}, [absent("roomId"), absent("channel"), ONE_OF]),
        ({"roomId": "a", "channel": "b"}, [EXTRA, EXTRA, ONE_OF]),
        ({"roomId": "a", "msg": "x"}, [EXTRA, absent("channel"), ONE_OF]),
        ({"channel": "a", "tmid": "b"}, [absent("roomId"), EXTRA, ONE_OF]),
        ({"roomId": "a", "text": {}}, ["must be string", absent("channel"), ONE_OF]),
        ({"roomId": "a", "attachments": "x"}, ["must be array", absent("channel"), ONE_OF]),
        ({"roomId": "a", "parseUrls": "x"}, ["must be boolean", absent("channel"), ONE_OF]),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else "",
)
def test_a_post_of_the_wrong_shape_is_refused(world: World, new: World, body: Document, complaints: list[str]) -> None:
    assert world.post("chat.postMessage", world.alice, body).error == legacy(*complaints)
    assert new.post("chat.postMessage", new.alice, body).error == typed(*complaints)


def test_another_name_needs_a_permission(world: World) -> None:
    room = world.channel["_id"]
    for fields in ({"alias": "Al"}, {"avatar": "http://a.example/a.png"}):
        refused(world.post("chat.postMessage", world.admin, roomId=room, **fields), "Not enough permission")
    assert (
        world.post("chat.postMessage", world.alice, roomId=room, emoji=":ghost:").body["message"]["emoji"] == ":ghost:"
    )
    with world.permission("message-impersonate", "user"):
        reply = world.post("chat.postMessage", world.alice, roomId=room, text="x", alias="Al")
    assert reply.body["message"]["alias"] == "Al"


def test_custom_fields_follow_their_settings(world: World) -> None:
    def post(fields: Any) -> Reply:
        return world.post("chat.postMessage", world.alice, roomId=world.channel["_id"], customFields=fields)

    refused(post({"a": 1}), "Custom fields not enabled")
    with world.setting(Message_CustomFields_Enabled=True):
        refused(post({"a": 1}), "Unexpected end of JSON input")
        with world.setting(Message_CustomFields='{"properties": {"a": {"type": "number"}}, "required": ["a"]}'):
            refused(post({"a": "one"}), "Invalid custom fields")
            assert post({"a": 1}).body["message"]["customFields"] == {"a": 1}


def test_a_post_may_be_too_long_since_8_0(world: World, old: World) -> None:
    with world.setting(Message_MaxAllowedSize=3):
        for fields in ({"text": "1234"}, {"attachments": [{"text": "1234"}]}):
            reply = world.post("chat.postMessage", world.alice, roomId=world.channel["_id"], **fields)
            refused(reply, "error-message-size-exceeded")
    with old.setting(Message_MaxAllowedSize=3):
        assert old.post("chat.postMessage", old.alice, roomId=old.channel["_id"], text="1234").status == 200


def test_6_14_knows_more_names_and_takes_anything_for_a_text(old: World) -> None:
    reply = old.post("chat.postMessage", old.alice, channel=old.group["_id"], roomId="x", msg=["a", 1])
    assert (reply.body["channel"], reply.body["message"]["msg"]) == (old.group["_id"], "a,1")
    refused(
        old.post("chat.postMessage", old.alice, roomId=old.channel["_id"], alias=5),
        "Match error: Match error: Expected string, got number in field alias",
    )


# -- who may speak ---------------------------------------------------------------------------------------------------


def send(world: World, user: Document, room: Document | None = None, **fields: Any) -> Reply:
    message = {"rid": (room or world.channel)["_id"], "msg": "hello", **fields}
    return world.post("chat.sendMessage", user, message=message)


def test_a_group_is_closed_to_outsiders(world: World) -> None:
    refused(send(world, world.carol, world.group), "error-not-allowed")
    refused(send(world, world.admin, world.group), "error-not-allowed")


def test_a_read_only_room_hears_its_owner_and_the_unmuted(world: World) -> None:
    world.channel["ro"] = True
    refused(send(world, world.bob), "You can't send messages because the room is readonly.")
    assert send(world, world.alice).status == 200
    world.channel["unmuted"] = [world.bob["username"]]
    assert send(world, world.bob).status == 200


def test_the_muted_are_not_heard(world: World) -> None:
    world.channel["muted"] = [world.bob["username"]]
    refused(send(world, world.bob), "You_have_been_muted")
    refused(world.post("chat.postMessage", world.bob, roomId=world.channel["_id"], text="x"), "You_have_been_muted")


def test_a_blocked_direct_room_is_silent(world: World) -> None:
    world.seat(world.alice, world.direct)["blocked"] = True
    refused(send(world, world.alice, world.direct), "room_is_blocked")


# -- chat.sendMessage ------------------------------------------------------------------------------------------------


def test_a_sent_message_is_kept_as_it_came(world: World) -> None:
    reply = send(world, world.alice, _id="mine", foo=1, blocks=[{"type": "divider"}])
    message = reply.body["message"]
    assert (message["_id"], message["foo"], message["blocks"]) == ("mine", 1, [{"type": "divider"}])
    assert set(message) == {
        "rid", "msg", "ts", "u", "_id", "_updatedAt", "urls", "mentions", "channels", "md", "foo", "blocks",
    }  # fmt: skip


def test_sending_does_not_join(world: World) -> None:
    assert send(world, world.carol).status == 200
    assert world.ws.subscriptions.get(world.channel["_id"], world.carol["_id"]) is None


def test_an_id_is_used_once(world: World) -> None:
    message = world.said(world.alice, "one")
    refused(send(world, world.alice, _id=message["_id"]), "Cannot read property 'starred' of undefined")
    assert world.channel["msgs"] == 1


def test_a_reply_goes_to_the_room_of_its_thread(world: World) -> None:
    parent = world.said(world.alice, "one", world.group)
    reply = send(world, world.bob, tmid=parent["_id"])
    assert (reply.body["message"]["rid"], parent["tcount"]) == (world.group["_id"], 1)


def test_an_unknown_thread_is_kept_as_sent(world: World) -> None:
    assert send(world, world.alice, tmid="nope").body["message"]["tmid"] == "nope"


@pytest.mark.parametrize("message", [{"msg": "x"}, {"msg": "x", "rid": ""}, {}])
def test_a_message_without_room_is_refused(world: World, message: Document) -> None:
    reply = world.post("chat.sendMessage", world.alice, message=message)
    refused(reply, "The 'rid' property on the message object is missing.")


def test_refusals_of_a_sent_message(world: World) -> None:
    method = {"method": "sendMessage"}
    refused(send(world, world.alice, rid="nowhere"), "error-invalid-room")
    refused(send(world, world.alice, t="uj"), "Cannot send system messages using 'chat.sendMessage'")
    refused(send(world, world.alice, tshow=True), "tshow provided but missing tmid", "invalid-params", method)
    with world.setting(Threads_enabled=False):
        refused(send(world, world.alice, tmid="x"), "not-allowed", "error-not-allowed", method)
    with world.setting(Message_MaxAllowedSize=3):
        reason = "Message size exceeds Message_MaxAllowedSize"
        refused(send(world, world.alice), reason, "error-message-size-exceeded", method)
    with world.setting(E2E_Enable=True):
        world.channel["encrypted"] = True
        reason = "Not allowed to send un-encrypted messages in an encrypted room"
        refused(send(world, world.alice), reason, "error-not-allowed", method)
        assert "md" not in send(world, world.alice, t="e2e").body["message"]


def test_the_time_of_a_message_may_not_be_far_off(world: World) -> None:
    now = world.ws.clock.read()
    far = iso(now + timedelta(minutes=2))
    reply = send(world, world.alice, ts=far)
    assert reply.error == (
        "Message timestamp is out of sync [error-message-ts-out-of-sync]",
        "error-message-ts-out-of-sync",
    )
    assert set(reply.body["details"]) == {"method", "message_ts", "server_ts"}
    assert reply.body["details"]["message_ts"] == far
    near = iso(now + timedelta(seconds=30))
    assert send(world, world.alice, ts=near).body["message"]["ts"] < near
    refused(send(world, world.alice, ts=iso(now)), "message.ts.getTime is not a function")


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({}, absent("message")),
        ({"message": []}, "must be object"),
        ({"message": None}, "must be object"),
        ({"message": {}, "x": 1}, EXTRA),
        ({"message": {"tshow": "x"}}, "must be boolean"),
    ],
    ids=["missing", "list", "null", "extra", "tshow"],
)
def test_a_sent_message_of_the_wrong_shape_is_refused(world: World, new: World, body: Document, complaint: str) -> None:
    assert world.post("chat.sendMessage", world.alice, body).error == legacy(complaint)
    assert new.post("chat.sendMessage", new.alice, body).error == typed(complaint)


def test_6_14_asks_for_the_message_itself(old: World) -> None:
    reason = 'The "message" parameter must be provided.'
    refused(old.post("chat.sendMessage", old.alice, {}), reason, "error-invalid-params")
    reason = "Match error: Expected string, got number"
    refused(old.post("chat.sendMessage", old.alice, message={"rid": 5, "msg": "x"}), reason)


def test_8_8_takes_no_empty_message(world: World, new: World) -> None:
    assert send(world, world.alice, msg=" ").status == 200
    reason = "Message cannot be empty"
    refused(send(new, new.alice, msg=" "), reason, "error-invalid-message", {"method": "sendMessage"})
    assert send(new, new.alice, msg="", attachments=[{"text": "a"}]).status == 200
    assert send(new, new.alice, msg="a\0b").body["message"]["msg"] == "ab"


# -- chat.update -----------------------------------------------------------------------------------------------------


def update(world: World, user: Document, message: Document, text: str = "new", **fields: Any) -> Reply:
    body = {"roomId": message["rid"], "msgId": message["_id"], "text": text, **fields}
    return world.post("chat.update", user, body)


def test_an_author_edits_their_message(world: World) -> None:
    reply = update(world, world.bob, world.said(world.bob, "old"))
    message = reply.body["message"]
    assert (reply.status, message["msg"]) == (200, "new")
    assert message["editedBy"] == {"_id": world.bob["_id"], "username": world.bob["username"]}


def test_the_same_text_is_answered_without_an_edit(world: World) -> None:
    reply = update(world, world.bob, world.said(world.bob, "old"), "old")
    assert reply.status == 200
    assert "editedAt" not in reply.body["message"]


def test_an_empty_text_leaves_no_tree(world: World) -> None:
    assert "md" not in update(world, world.bob, world.said(world.bob, "old"), "").body["message"]


def test_owners_edit_where_authors_may_not(world: World) -> None:
    message = world.said(world.bob, "old")
    details = {"method": "updateMessage", "action": "Message_editing"}
    refused(update(world, world.carol, message), "Message editing not allowed", "error-action-not-allowed", details)
    with world.setting(Message_AllowEditing=False):
        assert update(world, world.bob, message).status == 400
        assert update(world, world.alice, message).status == 200


def test_editing_has_its_time(world: World) -> None:
    message = world.said(world.bob, "old")
    message["ts"] -= timedelta(minutes=5)
    with world.setting(Message_AllowEditing_BlockEditInMinutes=4):
        reply = update(world, world.bob, message)
    refused(reply, "Message editing is blocked", "error-message-editing-blocked", {"method": "updateMessage"})
    with world.setting(Message_AllowEditing_BlockEditInMinutes=6):
        assert update(world, world.bob, message).status == 200


def test_refusals_of_an_update(world: World) -> None:
    message = world.said(world.bob, "old")
    refused(update(world, world.bob, {**message, "_id": "x"}), 'No message found with the id of "x".')
    refused(
        update(world, world.bob, message, roomId="x"),
        "The room id provided does not match where the message is from.",
    )
    body = {"roomId": message["rid"], "msgId": message["_id"], "content": {}}
    refused(world.post("chat.update", world.bob, body), "Only encrypted messages can have content updated.")
    refused(update(world, world.bob, message, customFields={"a": 1}), "Custom fields not enabled")


@pytest.mark.parametrize(
    ("body", "complaints"),
    [
        ({"msgId": "m", "text": "t"}, [absent("roomId"), absent("roomId"), ONE_OF]),
        ({"roomId": "r", "text": "t"}, [absent("msgId"), absent("msgId"), ONE_OF]),
        ({"roomId": "r", "msgId": "m"}, [absent("text"), absent("content"), ONE_OF]),
        ({"roomId": "r", "msgId": "m", "text": "t", "x": 1}, [EXTRA, absent("content"), ONE_OF]),
        ({"roomId": "r", "msgId": "m", "text": "t", "content": {}}, [EXTRA, EXTRA, ONE_OF]),
    ],
    ids=["roomId", "msgId", "text", "extra", "both"],
)
def test_an_update_of_the_wrong_shape_is_refused(new: World, body: Document, complaints: list[str]) -> None:
    assert new.post("chat.update", new.alice, body).error == typed(*complaints)


def test_8_0_joins_the_complaints_of_a_typed_route_with_a_blank(world: World) -> None:
    error, error_type = world.post("chat.update", world.alice, {}).error
    assert (error, error_type) == ("\n ".join([absent("roomId"), absent("roomId"), ONE_OF]), "invalid-params")


def test_6_14_checks_an_update_key_by_key(old: World) -> None:
    refused(old.post("chat.update", old.alice, {}), "Match error: Missing key 'roomId'")
    refused(old.post("chat.update", old.alice, roomId="x"), "Match error: Missing key 'msgId'")
    refused(
        old.post("chat.update", old.alice, roomId="x", msgId="y", text=1),
        "Match error: Expected string, got number in field text",
    )
    refused(old.post("chat.update", old.alice, [1]), "Match error: Expected plain object")


# -- chat.delete -----------------------------------------------------------------------------------------------------


def delete(world: World, user: Document, message: Document, **fields: Any) -> Reply:
    return world.post("chat.delete", user, roomId=message["rid"], msgId=message["_id"], **fields)


def test_an_author_deletes_their_message(world: World) -> None:
    message = world.said(world.bob, "one")
    reply = delete(world, world.bob, message)
    author = {"_id": world.bob["_id"], "username": world.bob["username"], "name": "Bob"}
    assert reply.body["message"] == {"_id": message["_id"], "rid": message["rid"], "u": author}
    assert reply.body["_id"] == message["_id"]
    assert reply.body["ts"].isdigit()
    assert world.get("chat.getMessage", world.bob, msgId=message["_id"]).body == {"success": False}


def test_a_deletion_in_anothers_name_needs_force(world: World) -> None:
    message = world.said(world.alice, "one")
    refused(
        delete(world, world.bob, message, asUser=True),
        'Unauthorized. You must have the permission "force-delete-message" to delete other\'s message as them.',
    )
    assert delete(world, world.admin, message, asUser=True).status == 200


def test_who_may_not_delete_is_refused_without_details(world: World) -> None:
    for user in (world.bob, world.carol):
        refused(delete(world, user, world.said(world.alice, "one")), "Not allowed", "error-action-not-allowed")


def test_deleting_may_be_switched_off_or_too_late(world: World) -> None:
    message = world.said(world.bob, "one")
    message["ts"] -= timedelta(minutes=5)
    with world.setting(Message_AllowDeleting=False):
        refused(delete(world, world.bob, message), "Not allowed", "error-action-not-allowed")
    with world.setting(Message_AllowDeleting_BlockDeleteInMinutes=4):
        refused(delete(world, world.bob, message), "Not allowed", "error-action-not-allowed")
        assert delete(world, world.alice, message).status == 200


def test_a_read_only_room_keeps_its_messages(world: World) -> None:
    message = world.said(world.bob, "one")
    world.channel["ro"] = True
    refused(delete(world, world.bob, message), "You can't delete messages because the room is readonly.")


def test_refusals_of_a_deletion(world: World) -> None:
    message = world.said(world.bob, "one")
    refused(delete(world, world.bob, {**message, "_id": "x"}), 'No message found with the id of "x".')
    refused(
        delete(world, world.bob, {**message, "rid": "x"}),
        "The room id provided does not match where the message is from.",
    )
    assert world.post("chat.delete", world.bob, {}).error == legacy(absent("msgId"))
    assert world.post("chat.delete", world.bob, msgId="x").error == legacy(absent("roomId"))
    assert delete(world, world.bob, message, asUser="x").error == legacy("must be boolean")


def test_6_14_checks_a_deletion_key_by_key(old: World) -> None:
    refused(old.post("chat.delete", old.bob, {}), "Match error: Missing key 'msgId'")
    message = old.said(old.bob, "one")
    refused(delete(old, old.bob, message, asUser=1), "Match error: Expected boolean, got number in field asUser")


def test_8_8_deletes_by_file(new: World) -> None:
    any_of = "must match a schema in anyOf"
    assert new.post("chat.delete", new.bob, {}).error == typed(absent("msgId"), absent("fileId"), any_of)
    refused(new.post("chat.delete", new.bob, fileId="x"), 'No message found with the file id: "x".')
    new.ws.uploads["file"] = {"_id": "file", "rid": new.channel["_id"]}
    new.said(new.bob, "", files=[{"_id": "file"}])
    reason = "The room id provided does not match where the message is from."
    refused(new.post("chat.delete", new.bob, fileId="file", roomId="x"), reason)
    assert new.post("chat.delete", new.bob, fileId="file").status == 200


# -- chat.react ------------------------------------------------------------------------------------------------------


def reacting(world: World, message: Document) -> Any:
    return world.get("chat.getMessage", world.alice, msgId=message["_id"]).body["message"].get("reactions")


def test_a_reaction_turns_round(world: World) -> None:
    message = world.said(world.alice, "one")
    for name, left in (("emoji", {":+1:": {"usernames": [world.bob["username"]]}}), ("reaction", None)):
        assert world.post("chat.react", world.bob, {"messageId": message["_id"], name: "+1"}).body == {"success": True}
        assert reacting(world, message) == left


def test_a_wanted_state_is_kept(world: World, old: World) -> None:
    for each, left in ((world, None), (old, {":+1:": {"usernames": [old.bob["username"]]}})):
        message = each.said(each.alice, "one")
        reply = each.post("chat.react", each.bob, messageId=message["_id"], emoji=":+1:", shouldReact=False)
        assert (reply.status, reacting(each, message)) == (200, left)


def test_outsiders_of_a_public_channel_react_without_joining(world: World) -> None:
    message = world.said(world.alice, "one")
    assert world.post("chat.react", world.carol, messageId=message["_id"], emoji="smile").status == 200
    assert world.ws.subscriptions.get(world.channel["_id"], world.carol["_id"]) is None


def test_a_workspace_has_emoji_of_its_own(world: World) -> None:
    world.ws.emoji["x"] = {"_id": "x", "name": "our_logo", "aliases": ["logo"]}
    message = world.said(world.alice, "one")
    assert world.post("chat.react", world.bob, messageId=message["_id"], emoji=":logo:").status == 200


def test_refusals_of_a_reaction(world: World) -> None:
    message = world.said(world.alice, "one")
    hidden = world.said(world.alice, "one", world.group)

    def react(user: Document, target: Document | str, emoji: str = "smile") -> Reply:
        message_id = target if isinstance(target, str) else target["_id"]
        return world.post("chat.react", user, messageId=message_id, emoji=emoji)

    method = {"method": "setReaction"}
    reason = 'The provided "messageId" does not match any existing message.'
    refused(react(world.bob, "x", ""), reason, "error-message-not-found")
    reason = 'The required "emoji" param is missing.'
    refused(react(world.bob, message, ""), reason, "error-emoji-param-not-provided")
    refused(react(world.carol, hidden, "no_such"), "Invalid emoji provided.", "error-not-allowed", method)
    refused(react(world.carol, hidden), "Not Authorized", "not-authorized", method)
    world.channel["ro"] = True
    refused(react(world.bob, message), "You can't send messages because the room is readonly.")
    world.channel["reactWhenReadOnly"] = True
    assert react(world.bob, message).status == 200
    world.channel["muted"] = [world.bob["username"]]
    reason = "You have been muted and cannot speak in this room"
    refused(react(world.bob, message), reason, "error-not-allowed", {"rid": world.channel["_id"]})


@pytest.mark.parametrize(
    ("body", "complaints"),
    [
        ({}, [absent("emoji"), absent("reaction"), ONE_OF]),
        ({"messageId": "m"}, [absent("emoji"), absent("reaction"), ONE_OF]),
        ({"emoji": "e"}, [absent("messageId"), absent("reaction"), ONE_OF]),
        ({"messageId": "m", "emoji": "e", "reaction": "r"}, [EXTRA, EXTRA, ONE_OF]),
    ],
    ids=["nothing", "messageId", "emoji", "both"],
)
def test_a_reaction_of_the_wrong_shape_is_refused(
    world: World, new: World, body: Document, complaints: list[str]
) -> None:
    assert world.post("chat.react", world.alice, body).error == legacy(*complaints)
    assert new.post("chat.react", new.alice, body).error == typed(*complaints)


def test_6_14_asks_for_the_parameters_of_a_reaction(old: World) -> None:
    reason = 'The required "messageId" param is missing.'
    refused(old.post("chat.react", old.bob, {}), reason, "error-messageid-param-not-provided")


# -- chat.pinMessage, chat.unPinMessage ------------------------------------------------------------------------------


def pin(world: World, user: Document, message: Document, name: str = "chat.pinMessage") -> Reply:
    return world.post(name, user, messageId=message["_id"])


def test_a_pin_is_told_to_the_room(world: World) -> None:
    message = world.said(world.alice, "one")
    shown = pin(world, world.alice, message).body["message"]
    assert (shown["t"], shown["msg"], shown["groupable"]) == ("message_pinned", "", False)
    name = world.alice["username"]
    assert shown["attachments"] == [
        {
            "text": "one",
            "author_name": name,
            "author_icon": f"/avatar/{name}",
            "ts": iso(message["ts"]),
            "attachments": [],
        }
    ]
    assert message["pinned"] is True
    assert message["pinnedBy"] == {"_id": world.alice["_id"], "username": name}
    assert (world.channel["msgs"], world.channel["lastMessage"]["pinned"]) == (2, True)


def test_a_second_pin_tells_nothing_new_since_8_0(world: World, old: World) -> None:
    message = world.said(world.alice, "one")
    pin(world, world.alice, message)
    assert pin(world, world.alice, message).body["message"]["_id"] == message["_id"]
    assert world.channel["msgs"] == 2
    message = old.said(old.alice, "one")
    first, second = (pin(old, old.alice, message).body["message"]["_id"] for _ in range(2))
    assert len({first, second, message["_id"]}) == 3


def test_an_unpinned_message_says_so_and_the_room_nothing(world: World) -> None:
    message = world.said(world.alice, "one")
    room = dict(world.channel)
    assert pin(world, world.alice, message, "chat.unPinMessage").body == {"success": True}
    assert message["pinned"] is False
    assert {"pinnedAt", "pinnedBy"} <= set(message)
    assert world.channel == room


@pytest.mark.parametrize(
    ("name", "method", "word"),
    [("chat.pinMessage", "pinMessage", "pinning"), ("chat.unPinMessage", "unpinMessage", "unpinning")],
)
def test_refusals_of_a_pin(world: World, old: World, name: str, method: str, word: str) -> None:
    details = {"method": method, "action": "Message_pinning"}
    for each in (world, old):
        message = each.said(each.alice, "one", each.group)
        refused(pin(each, each.bob, message, name), "Not Authorized", "not-authorized", {"method": method})
        with each.setting(Message_AllowPinning=False):
            refused(
                pin(each, each.alice, message, name),
                "Message pinning not allowed",
                "error-action-not-allowed",
                details,
            )
        reason = 'The provided "messageId" does not match any existing message.'
        refused(pin(each, each.alice, {"_id": "x"}, name), reason, "error-message-not-found")
    reason = f"Message you are {word} was not found"
    message = old.said(old.alice, "one", old.group)
    refused(pin(old, old.admin, message, name), reason, "error-invalid-message", details)
    message = world.said(world.alice, "one", world.group)
    if name == "chat.unPinMessage":
        refused(pin(world, world.admin, message, name), reason, "error-invalid-message", details)
    else:
        refused(pin(world, world.admin, message), "Not Authorized", "not-authorized", {"method": method})


@pytest.mark.parametrize("name", ["chat.pinMessage", "chat.unPinMessage"])
def test_a_pin_is_typed_since_8_0(world: World, old: World, name: str) -> None:
    assert world.post(name, world.alice, {}).error == typed(absent("messageId"))
    assert world.post(name, world.alice, messageId="").error == typed("must NOT have fewer than 1 characters")
    word = "missing" if name == "chat.pinMessage" else "required"
    reason = f'The required "messageId" param is {word}.'
    refused(old.post(name, old.alice, {}), reason, "error-messageid-param-not-provided")


# -- chat.starMessage, chat.unStarMessage ----------------------------------------------------------------------------

STARS = pytest.mark.parametrize("name", ["chat.starMessage", "chat.unStarMessage"])


def test_a_star_comes_and_goes(world: World) -> None:
    message = world.said(world.alice, "one")
    assert world.post("chat.starMessage", world.bob, messageId=message["_id"]).body == {"success": True}
    assert message["starred"] == [{"_id": world.bob["_id"]}]
    assert world.post("chat.unStarMessage", world.bob, messageId=message["_id"]).body == {"success": True}
    assert message["starred"] == []


@STARS
def test_outside_their_rooms_people_star_nothing_and_are_not_told(world: World, name: str) -> None:
    message = world.said(world.alice, "one", world.group)
    assert world.post(name, world.carol, messageId=message["_id"]).body == {"success": True}
    assert "starred" not in message


@STARS
def test_refusals_of_a_star(world: World, old: World, new: World, name: str) -> None:
    message = world.said(world.alice, "one")
    details = {"method": "starMessage", "action": "Message_starring"}
    with world.setting(Message_AllowStarring=False):
        reply = world.post(name, world.alice, messageId=message["_id"])
    refused(reply, "Message starring not allowed", "error-action-not-allowed", details)
    reason = 'The provided "messageId" does not match any existing message.'
    refused(world.post(name, world.alice, messageId="x"), reason, "error-message-not-found")
    assert world.post(name, world.alice, {}).error == legacy(absent("messageId"))
    reason = 'The required "messageId" param is required.'
    refused(world.post(name, world.alice, messageId=""), reason, "error-messageid-param-not-provided")
    refused(old.post(name, old.alice, {}), reason, "error-messageid-param-not-provided")
    assert new.post(name, new.alice, messageId="").error == typed("must NOT have fewer than 1 characters")


# -- chat.followMessage, chat.unfollowMessage ------------------------------------------------------------------------

FOLLOWS = pytest.mark.parametrize("method", ["followMessage", "unfollowMessage"])


def test_a_message_is_followed_also_without_replies_and_by_outsiders(world: World) -> None:
    message = world.said(world.alice, "one")
    for user in (world.bob, world.carol):
        assert world.post("chat.followMessage", user, mid=message["_id"]).body == {"success": True}
    assert message["replies"] == [world.bob["_id"], world.carol["_id"]]
    assert world.post("chat.unfollowMessage", world.bob, mid=message["_id"]).body == {"success": True}
    assert message["replies"] == [world.carol["_id"]]


@FOLLOWS
def test_refusals_of_following(world: World, old: World, new: World, method: str) -> None:
    name, details = f"chat.{method}", {"method": method}
    hidden = world.said(world.alice, "one", world.group)
    refused(world.post(name, world.bob, mid="x"), "Invalid message", "error-invalid-message", details)
    refused(world.post(name, world.carol, mid=hidden["_id"]), "not-allowed", "error-not-allowed", details)
    with world.setting(Threads_enabled=False):
        refused(world.post(name, world.bob, mid="x"), "not-allowed", "error-not-allowed", details)
    assert world.post(name, world.bob, {}).error == legacy(absent("mid"))
    assert new.post(name, new.bob, mid="").error == typed("must NOT have fewer than 1 characters")
    sentence = 'The required "mid" body param is missing.'
    assert old.post(name, old.bob, {}).error == (f"[{sentence}]", sentence)


# -- chat.reportMessage ----------------------------------------------------------------------------------------------


def test_a_report_reaches_the_moderators(world: World) -> None:
    message = world.said(world.alice, "one")
    reply = world.post("chat.reportMessage", world.carol, messageId=message["_id"], description="spam")
    assert reply.body == {"success": True}
    assert world.ws.reports[-1]["description"] == "spam"


def test_refusals_of_a_report(world: World, new: World) -> None:
    hidden = world.said(world.alice, "one", world.group)

    def report(where: World, message_id: str, description: str) -> Reply:
        return where.post("chat.reportMessage", where.carol, messageId=message_id, description=description)

    refused(report(world, "", "x"), 'The required "messageId" param is missing.')
    refused(report(world, "x", ""), 'The required "description" param is missing.')
    refused(report(world, "x", " "), "error-invalid-description")
    refused(report(world, hidden["_id"], "x"), "error-invalid-message_id")
    refused(report(new, "", ""), "error-invalid-description")
    refused(report(new, "", "x"), "error-invalid-message_id")


def test_a_report_is_validated_in_every_release(world: World, old: World, new: World) -> None:
    for each in (world, old):
        assert each.post("chat.reportMessage", each.bob, {}).error == legacy(absent("messageId"))
    assert new.post("chat.reportMessage", new.bob, messageId="x").error == typed(absent("description"))


# -- chat.ignoreUser -------------------------------------------------------------------------------------------------


def test_a_member_is_ignored_and_no_more(world: World) -> None:
    room, bob = world.channel["_id"], world.bob["_id"]
    for ignore, left in (("true", [bob]), ("1", [bob]), ("false", []), ("yes", [])):
        reply = world.get("chat.ignoreUser", world.alice, rid=room, userId=bob, ignore=ignore)
        assert (reply.body, world.seat(world.alice)["ignored"]) == ({"success": True}, left)


def test_only_members_are_ignored_and_by_members(world: World) -> None:
    room = world.channel["_id"]
    for user, target in ((world.alice, world.carol), (world.carol, world.alice)):
        reply = world.get("chat.ignoreUser", user, rid=room, userId=target["_id"], ignore="true")
        refused(reply, "Invalid subscription", "error-invalid-subscription", {"method": "ignoreUser"})


def test_all_parameters_of_ignoring_are_required_since_8_0(world: World, old: World, new: World) -> None:
    assert world.get("chat.ignoreUser", world.alice).error == legacy(absent("rid"))
    assert world.get("chat.ignoreUser", world.alice, rid="x").error == legacy(absent("userId"))
    reply = new.get("chat.ignoreUser", new.alice, rid="x", userId="y")
    assert reply.error == (absent("ignore"), "error-invalid-params")
    room, bob = old.channel["_id"], old.bob["_id"]
    assert old.get("chat.ignoreUser", old.alice, rid=room, userId=bob).status == 200
    reason = 'The required "rid" param is missing.'
    refused(old.get("chat.ignoreUser", old.alice), reason, "error-room-id-param-not-provided")
    reason = 'The required "userId" param is missing.'
    refused(old.get("chat.ignoreUser", old.alice, rid=room), reason, "error-user-id-param-not-provided")


# -- rooms that are special ------------------------------------------------------------------------------------------


def test_an_archived_channel_still_takes_messages(world: World) -> None:
    rooms.archive(world.ws, world.channel, world.alice)
    assert send(world, world.alice).status == 200


def test_a_discussion_lets_the_people_of_its_parent_in(world: World) -> None:
    talk = rooms.create(world.ws, world.alice, Plan(kind="p", name="talk", extra={"prid": world.group["_id"]}))
    assert send(world, world.bob, talk).status == 200
    refused(send(world, world.carol, talk), "error-not-allowed")
