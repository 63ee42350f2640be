"""What administrators set takes effect: each setting is changed over the wire and its effect is seen there."""

from collections.abc import Iterator
from typing import Any

import pytest

from preflight.mock.release import Regime
from preflight.mock.settings import Settings
from tests.mock.world import Json, World, told, world


@pytest.fixture(scope="module", params=Regime.known())
def at(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as served:
        yield served


@pytest.fixture
def room(at: World) -> Json:
    return at.alice.channel(f"set-{at.state.ids.digits(8)}", "bob")


def test_threads_may_be_switched_off(at: World, room: Json) -> None:
    parent = at.alice.says(room["_id"], "parent")
    with at.setting("Threads_enabled", value=False):
        reply = at.alice.post("chat.sendMessage", message={"rid": room["_id"], "msg": "x", "tmid": parent["_id"]})
        assert told(reply)[1] == "error-not-allowed"
        assert told(at.alice.get("chat.getThreadsList", rid=room["_id"]))[1] == "error-not-allowed"
        assert told(at.alice.post("chat.followMessage", mid=parent["_id"]))[1] == "error-not-allowed"
    at.alice.says(room["_id"], "x", tmid=parent["_id"])


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("Message_AllowPinning", "chat.pinMessage"),
        ("Message_AllowPinning", "chat.unPinMessage"),
        ("Message_AllowStarring", "chat.starMessage"),
        ("Message_AllowStarring", "chat.unStarMessage"),
    ],
)
def test_pins_and_stars_may_be_switched_off(at: World, room: Json, setting: str, name: str) -> None:
    message = at.alice.says(room["_id"], "mark me")
    with at.setting(setting, value=False):
        assert told(at.alice.post(name, messageId=message["_id"]))[1] == "error-action-not-allowed"
    at.alice.does(name, messageId=message["_id"])


def test_editing_may_be_left_to_who_moderates(at: World, room: Json) -> None:
    message = at.bob.says(room["_id"], "first")
    change = {"roomId": room["_id"], "msgId": message["_id"], "text": "second"}
    with at.setting("Message_AllowEditing", value=False):
        assert told(at.bob.post("chat.update", **change))[1] == "error-action-not-allowed"
        at.alice.does("chat.update", **change)


def test_deleting_may_be_left_to_who_moderates(at: World, room: Json) -> None:
    message = at.bob.says(room["_id"], "first")
    with at.setting("Message_AllowDeleting", value=False):
        refused = at.bob.post("chat.delete", roomId=room["_id"], msgId=message["_id"])
        assert told(refused)[1] == "error-action-not-allowed"
        at.alice.does("chat.delete", roomId=room["_id"], msgId=message["_id"])


@pytest.mark.parametrize(
    ("setting", "name", "code"),
    [
        ("Message_AllowEditing_BlockEditInMinutes", "chat.update", "error-message-editing-blocked"),
        ("Message_AllowDeleting_BlockDeleteInMinutes", "chat.delete", "error-action-not-allowed"),
    ],
)
def test_old_messages_stay_as_they_are(at: World, room: Json, setting: str, name: str, code: str) -> None:
    message = at.bob.says(room["_id"], "first")
    stored = at.state.messages.get(message["_id"])
    assert stored is not None
    stored["ts"] = stored["ts"].replace(year=2020)
    change = {"roomId": room["_id"], "msgId": message["_id"], **({"text": "x"} if name == "chat.update" else {})}
    with at.setting(setting, 5):
        assert told(at.bob.post(name, **change))[1] == code
    at.bob.does(name, **change)


def test_history_may_be_kept(at: World, room: Json) -> None:
    edited, deleted = at.alice.says(room["_id"], "old text"), at.alice.says(room["_id"], "to go")
    with at.setting("Message_KeepHistory", value=True):
        at.alice.does("chat.update", roomId=room["_id"], msgId=edited["_id"], text="new text")
        at.alice.does("chat.delete", roomId=room["_id"], msgId=deleted["_id"])
    kept = [each for each in at.state.messages.of_room(room["_id"]) if each.get("_hidden")]
    assert sorted(each["msg"] for each in kept) == ["old text", "to go"]
    assert at.alice.reads("chat.getMessage", msgId=deleted["_id"])["message"]["msg"] == "to go"


def test_deleted_messages_may_leave_a_mark(at: World, room: Json) -> None:
    message = at.alice.says(room["_id"], "to go")
    with at.setting("Message_ShowDeletedStatus", value=True):
        at.alice.does("chat.delete", roomId=room["_id"], msgId=message["_id"])
    left = at.alice.reads("chat.getMessage", msgId=message["_id"])["message"]
    assert (left["t"], left["msg"]) == ("rm", "")


def test_custom_fields_are_taken_where_they_are_described(at: World, room: Json) -> None:
    body = {"roomId": room["_id"], "text": "x", "customFields": {"priority": "high"}}
    assert told(at.alice.post("chat.postMessage", **body))[2] == "Custom fields not enabled"
    schema = '{"type":"object","properties":{"priority":{"type":"string","enum":["high","low"]}}}'
    with at.setting("Message_CustomFields_Enabled", value=True):
        assert told(at.alice.post("chat.postMessage", **body))[2] == "Unexpected end of JSON input"
        with at.setting("Message_CustomFields", schema):
            posted = at.alice.does("chat.postMessage", **body)["message"]
            assert posted["customFields"] == {"priority": "high"}
            refused = at.alice.post("chat.postMessage", **{**body, "customFields": {"priority": "none"}})
            assert told(refused)[2] == "Invalid custom fields"


def test_bad_words_are_starred_out(at: World, room: Json) -> None:
    with (
        at.setting("Message_AllowBadWordsFilter", value=True),
        at.setting("Message_BadWordsFilterList", "fudge, gosh, darn"),
        at.setting("Message_BadWordsWhitelist", "gosh"),
    ):
        assert at.alice.says(room["_id"], "Fudge, gosh; fudges!")["msg"] == "*****, gosh; fudges!"
    assert at.alice.says(room["_id"], "fudge")["msg"] == "fudge"


def test_long_messages_are_refused(at: World, room: Json) -> None:
    with at.setting("Message_MaxAllowedSize", 5):
        refused = at.alice.post("chat.sendMessage", message={"rid": room["_id"], "msg": "123456"})
        assert told(refused)[1] == "error-message-size-exceeded"
        at.alice.says(room["_id"], "12345")


def test_translation_is_off_until_it_is_switched_on(at: World) -> None:
    ask = {"targetLanguage": "en"}
    assert told(at.admin.get("autotranslate.getSupportedLanguages", **ask))[2] == "AutoTranslate is disabled."
    with at.setting("AutoTranslate_Enabled", value=True):
        assert at.admin.reads("autotranslate.getSupportedLanguages", **ask)["languages"]


def test_real_names_are_shown_where_that_is_wanted(at: World, room: Json) -> None:
    message = at.alice.says(room["_id"], "hello @bob")
    at.bob.does("chat.react", messageId=message["_id"], emoji="smile")
    account = at.state.users.get(at.alice.id)
    assert account is not None
    account["name"] = "Alice Anew"
    with at.setting("UI_Use_Real_Name", value=True):
        shown = at.bob.reads("chat.getMessage", msgId=message["_id"])["message"]
        assert shown["u"]["name"] == "Alice Anew"
        assert shown["reactions"][":smile:"] == {"usernames": ["bob"], "names": ["Bob"]}
    assert "names" not in at.bob.reads("chat.getMessage", msgId=message["_id"])["message"]["reactions"][":smile:"]
    account["name"] = "Alice"


def test_pages_are_as_long_as_the_settings_say(at: World, room: Json) -> None:
    for number in range(4):
        at.alice.says(room["_id"], str(number))

    def shown(**query: Any) -> int:
        return int(at.alice.reads("channels.messages", roomId=room["_id"], **query)["count"])

    with at.setting("API_Default_Count", 2):
        assert (shown(), shown(count=3)) == (2, 3)
        with at.setting("API_Upper_Count_Limit", 3):
            assert (shown(count=100), shown(count=0)) == (3, 4)
            with at.setting("API_Allow_Infinite_Count", value=False):
                assert shown(count=0) == 2


def test_the_messages_of_others_are_closed_until_they_are_opened(at: World) -> None:
    direct = at.alice.direct("bob")
    at.alice.says(direct["_id"], "between us")
    assert told(at.admin.get("dm.messages.others", roomId=direct["_id"]))[1] == "error-endpoint-disabled"
    with at.setting("API_Enable_Direct_Message_History_EndPoint", value=True):
        assert at.admin.reads("dm.messages.others", roomId=direct["_id"])["total"] >= 1
        assert at.alice.get("dm.messages.others", roomId=direct["_id"]).status_code == 403


def test_new_rooms_are_encrypted_where_that_is_the_default(at: World) -> None:
    with at.setting("E2E_Enable", value=True), at.setting("E2E_Enabled_Default_PrivateRooms", value=True):
        group = at.alice.group(f"e2e-{at.state.ids.digits(8)}")
        assert group["encrypted"] is True
        plain = at.alice.post("chat.sendMessage", message={"rid": group["_id"], "msg": "x"})
        assert told(plain)[1] == "error-not-allowed"
        assert "encrypted" not in at.alice.channel(f"open-{at.state.ids.digits(8)}")
    with at.setting("E2E_Enable", value=True), at.setting("E2E_Enabled_Default_DirectRooms", value=True):
        direct = at.carol.direct("rocket.cat")
        assert at.carol.reads("rooms.info", roomId=direct["_id"])["room"]["encrypted"] is True


def test_anybody_may_read_where_that_is_allowed(at: World) -> None:
    refused = at.nobody.get("channels.anonymousread", roomName="general")
    assert told(refused)[1:] == ("error-not-allowed", 'Enable "Allow Anonymous Read" [error-not-allowed]')
    with at.setting("Accounts_AllowAnonymousRead", value=True):
        assert "messages" in at.nobody.reads("channels.anonymousread", roomName="general")


def test_kinds_of_system_messages_may_be_hidden(at: World, room: Json) -> None:
    at.alice.does("channels.setTopic", roomId=room["_id"], topic="new")
    at.alice.does("rooms.muteUser", roomId=room["_id"], username="bob")

    def kinds() -> list[str | None]:
        shown = at.alice.reads("channels.history", roomId=room["_id"])["messages"]
        return [each.get("t") for each in reversed(shown)]

    assert kinds() == ["room_changed_topic", "user-muted"]
    with at.setting("Hide_System_Messages", ["mute_unmute"]):
        assert kinds() == ["room_changed_topic"]
        at.alice.does("rooms.saveRoomSettings", rid=room["_id"], systemMessages=["room_changed_topic"])
        assert kinds() == ["user-muted"]


@pytest.mark.parametrize(
    ("policy", "unread"),
    [
        ("all_messages", 3),
        ("user_mentions_only", 1),
        ("group_mentions_only", 1),
        ("user_and_group_mentions_only", 2),
    ],
)
def test_what_counts_as_unread_is_set(at: World, room: Json, policy: str, unread: int) -> None:
    with at.setting("Unread_Count", policy):
        for text in ("plain", "hello @bob", "hello @all"):
            at.alice.says(room["_id"], text)
    place = at.bob.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]
    assert (place["unread"], place["userMentions"], place["groupMentions"]) == (unread, 1, 1)


def test_what_counts_as_unread_in_direct_rooms_is_set_apart(at: World) -> None:
    person = at.person(f"pal.{at.state.ids.digits(5)}")
    direct = at.alice.direct(person.username)
    at.alice.says(direct["_id"], "counts")
    with at.setting("Unread_Count_DM", "mentions_only"):
        at.alice.says(direct["_id"], "does not")
    assert person.reads("subscriptions.getOne", roomId=direct["_id"])["subscription"]["unread"] == 1
    person.session.close()


def test_messages_are_marked_until_everybody_has_read_them(at: World, room: Json) -> None:
    with at.setting("Message_Read_Receipt_Enabled", value=True):
        message = at.alice.says(room["_id"], "read me")
        assert message["unread"] is True
        at.bob.does("subscriptions.read", rid=room["_id"])
        assert "unread" not in at.alice.reads("chat.getMessage", msgId=message["_id"])["message"]
    assert "unread" not in at.alice.says(room["_id"], "no receipts")


def test_without_a_licence_there_are_no_such_marks() -> None:
    with world("8.0", edition="community") as free, free.setting("Message_Read_Receipt_Enabled", value=True):
        assert "unread" not in free.alice.says("GENERAL", "x")


def test_direct_rooms_have_a_limit_of_people(at: World) -> None:
    with at.setting("DirectMesssage_maxUsers", 2):
        refused = at.alice.post("dm.create", usernames="bob,carol")
        assert told(refused)[1] == "error-direct-message-max-user-exceeded"
    with at.setting("Message_AllowDirectMessagesToYourself", value=False):
        assert told(at.alice.post("dm.create", username="alice"))[0] == 400


def test_discussions_may_be_switched_off(at: World, room: Json) -> None:
    with at.setting("Discussion_enabled", value=False):
        refused = at.alice.post("rooms.createDiscussion", prid=room["_id"], t_name="x")
        assert told(refused)[1] == "error-action-not-allowed"


def test_rooms_may_do_without_their_last_message(at: World, room: Json) -> None:
    with at.setting("Store_Last_Message", value=False):
        at.alice.says(room["_id"], "x")
    assert "lastMessage" not in at.alice.reads("rooms.info", roomId=room["_id"])["room"]


def test_names_may_have_special_characters(at: World) -> None:
    name = f"Ünïcode & {at.state.ids.digits(6)}"
    assert told(at.alice.post("channels.create", name=name))[1] == "error-invalid-room-name"
    with at.setting("UI_Allow_room_names_with_special_chars", value=True):
        made = at.alice.channel(name)
        assert made["fname"] == name
        assert made["name"] != name


def test_a_permission_takes_effect_at_once(at: World, room: Json) -> None:
    message = at.alice.says(room["_id"], "pin me")
    assert told(at.bob.post("chat.pinMessage", messageId=message["_id"]))[1] == "not-authorized"
    before = next(each for each in at.admin.reads("permissions.listAll")["update"] if each["_id"] == "pin-message")
    roles = [*before["roles"], "user"]
    at.admin.does("permissions.update", permissions=[{"_id": "pin-message", "roles": roles}])
    at.bob.does("chat.pinMessage", messageId=message["_id"])
    at.admin.does("permissions.update", permissions=[{"_id": "pin-message", "roles": before["roles"]}])


def test_a_setting_that_no_server_has_is_refused(at: World) -> None:
    assert at.admin.get("settings/No_Such_Setting").status_code == 400
    assert at.admin.post("settings/No_Such_Setting", value=1).status_code == 400
    assert at.admin.post("settings/Threads_enabled").status_code == 400
    assert at.alice.post("settings/Threads_enabled", value=False).status_code == 403
    with pytest.raises(KeyError):
        Settings(at.state.clock.now())["No_Such_Setting"]
