"""users.*, settings.*, permissions.* and autotranslate.*: what administrators set, and what it changes."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock.world import PASSWORD, World, told, world

NO_TRANSLATION = (400, "error-action-not-allowed", "Auto-Translate is not allowed [error-action-not-allowed]")


@pytest.fixture(scope="module")
def at() -> Iterator[World]:
    with world("8.0") as served:
        yield served


@pytest.fixture(scope="module")
def old() -> Iterator[World]:
    with world("6.14") as served:
        yield served


class TestUsers:
    def test_a_new_user_is_in_the_general_room(self, at: World) -> None:
        email = "erin@example.com"
        made = at.admin.does("users.create", username="erin", name="Erin", password=PASSWORD, email=email)["user"]
        assert made["__rooms"] == ["GENERAL"]
        assert (made["type"], made["roles"], made["status"], made["settings"]) == ("user", ["user"], "offline", {})
        assert "services" not in made
        erin = at.logged_in("erin", PASSWORD)
        subscription = erin.reads("subscriptions.getOne", roomId="GENERAL")["subscription"]
        assert (subscription["alert"], subscription["unread"], subscription["userMentions"]) == (True, 1, 1)
        erin.session.close()

    def test_making_users_is_for_administrators(self, at: World) -> None:
        body = {"username": "x", "name": "X", "password": "x", "email": "x@example.com"}
        code = "error-action-not-allowed"
        assert told(at.alice.post("users.create", **body)) == (400, code, f"Adding user is not allowed [{code}]")
        assert told(at.admin.post("users.create", username="x"))[1] == "invalid-params"
        taken = at.admin.post("users.create", **{**body, "username": "alice"})
        assert told(taken)[1] == "error-field-unavailable"

    def test_names_and_addresses_that_are_none_are_refused(self, at: World) -> None:
        body = {"username": "frank", "name": "Frank", "password": "x", "email": "frank@example.com"}
        for data, code in (
            ({"email": "a@b@c"}, "error-invalid-email"),
            ({"username": "a b"}, "error-input-is-not-a-valid-field"),
        ):
            made = at.admin.post("users.create", **{**body, **data})
            changed = at.admin.post("users.update", userId=at.bob.id, data=data)
            assert told(made)[:2] == told(changed)[:2] == (400, code)
        assert at.admin.reads("users.info", userId=at.bob.id)["user"]["username"] == "bob"

    def test_others_see_less_of_a_user(self, at: World) -> None:
        seen = at.alice.reads("users.info", username="bob")["user"]
        assert set(seen) == {"_id", "username", "type", "status", "active", "name", "canViewAllInfo"}
        assert seen["canViewAllInfo"] is False
        own = at.alice.reads("users.info", userId=at.alice.id)["user"]
        assert {"emails", "roles", "createdAt", "services"} <= set(own)
        all_of_it = at.admin.reads("users.info", username="bob")["user"]
        assert all_of_it["canViewAllInfo"] is True
        assert "services" not in all_of_it
        assert at.alice.reads("users.list")["total"] >= 5

    def test_a_removed_user_takes_their_direct_rooms_along(self, at: World) -> None:
        person = at.person("leaver")
        direct, channel = person.direct("alice"), person.channel("orphan", "bob")
        assert told(at.alice.post("users.delete", username="leaver"))[0] == 403
        refused = at.admin.post("users.delete", username="leaver")
        assert refused.json()["details"] == {"shouldChangeOwner": ["orphan"], "shouldBeRemoved": []}
        gone = at.admin.does("users.delete", username="leaver", confirmRelinquish=True)
        assert gone["deletedRooms"] == [direct["_id"]]
        assert person.get("me").status_code == 401
        heir = at.bob.reads("subscriptions.getOne", roomId=channel["_id"])["subscription"]
        assert heir["roles"] == ["owner"]


class TestSettings:
    def test_settings_are_for_administrators(self, at: World) -> None:
        key = "Message_MaxAllowedSize"
        assert at.admin.reads(f"settings/{key}") == {"_id": key, "value": 5000, "success": True}
        assert told(at.alice.get(f"settings/{key}")) == (403, None, "unauthorized")
        assert told(at.alice.post(f"settings/{key}", value=1)) == (403, None, "unauthorized")
        assert at.admin.get("settings/No_Such").json() == {"success": False}

    def test_public_settings_need_no_login(self, at: World) -> None:
        listed = at.nobody.reads("settings.public", _id="Threads_enabled,Discussion_enabled")
        assert [each["_id"] for each in listed["settings"]] == ["Discussion_enabled", "Threads_enabled"]
        assert set(listed) == {"settings", "count", "offset", "total", "success"}

    def test_a_setting_takes_effect_at_once(self, at: World) -> None:
        room = at.alice.channel("limits")
        with at.setting("Message_MaxAllowedSize", 3):
            refused = at.alice.post("chat.sendMessage", message={"rid": room["_id"], "msg": "long"})
            assert told(refused)[1] == "error-message-size-exceeded"
        at.alice.says(room["_id"], "long")


class TestPermissions:
    def test_all_permissions_are_listed_with_their_roles(self, at: World) -> None:
        listed = {each["_id"]: each["roles"] for each in at.alice.reads("permissions.listAll")["update"]}
        assert "user" in listed["create-c"]
        assert listed["pin-message"] == ["admin", "moderator", "owner"]
        assert listed["delete-d"] == ["admin"]
        assert "admin" not in listed["message-impersonate"]
        assert listed["add-user-to-any-p-room"] == []
        assert told(at.alice.get("permissions.listAll", updatedSince="x"))[0] == 400

    def test_a_permission_takes_effect_at_once(self, at: World) -> None:
        at.admin.does("permissions.update", permissions=[{"_id": "create-c", "roles": ["admin"]}])
        assert told(at.alice.post("channels.create", name="never")) == (403, None, "unauthorized")
        at.admin.does("permissions.update", permissions=[{"_id": "create-c", "roles": ["admin", "user"]}])
        at.alice.channel("ever")
        unknown = at.admin.post("permissions.update", permissions=[{"_id": "no-such", "roles": []}])
        assert told(unknown)[1] == "error-invalid-permission"


class TestTranslation:
    def test_it_is_off_by_default_and_validation_comes_first(self, at: World) -> None:
        off = (400, None, "AutoTranslate is disabled.")
        assert told(at.admin.get("autotranslate.getSupportedLanguages", targetLanguage="en")) == off
        assert told(at.admin.get("autotranslate.getSupportedLanguages"))[2] == (
            "must have required property 'targetLanguage' [invalid-params]"
        )
        assert told(at.alice.post("autotranslate.translateMessage", messageId="x")) == off

    def test_one_provider_tells_of_formality(self, at: World) -> None:
        with at.setting("AutoTranslate_Enabled", value=True):
            google = at.admin.reads("autotranslate.getSupportedLanguages", targetLanguage="en")["languages"]
            with at.setting("AutoTranslate_ServiceProvider", "deepl-translate"):
                deepl = at.admin.reads("autotranslate.getSupportedLanguages", targetLanguage="en")["languages"]
        assert {tuple(each) for each in google} == {("language", "name")}
        assert {type(each["supports_formality"]) for each in deepl} == {bool}

    def test_it_is_for_who_may(self, at: World) -> None:
        with at.setting("AutoTranslate_Enabled", value=True):
            listed = at.admin.reads("autotranslate.getSupportedLanguages", targetLanguage="en")["languages"]
            assert {"language": "de", "name": "German"} in listed
            refused = at.alice.get("autotranslate.getSupportedLanguages", targetLanguage="en")
            assert told(refused) == NO_TRANSLATION
            assert refused.json()["details"] == {"method": "autoTranslate.saveSettings"}

    @pytest.mark.parametrize(
        ("body", "answer"),
        [
            (
                {"field": "bogus"},
                (400, "invalid-params", "must be equal to one of the allowed values [invalid-params]"),
            ),
            ({"value": ""}, (400, None, 'The bodyParam "autoTranslate" must be a boolean.')),
            ({"roomId": ""}, (400, None, 'The bodyParam "roomId" is required.')),
            (
                {"field": "autoTranslateLanguage", "value": "12"},
                (400, None, 'The bodyParam "autoTranslateLanguage" must be a string.'),
            ),
            (
                {"value": ["a"]},
                (
                    400,
                    "invalid-params",
                    "must be boolean\n must be string\n must match a schema in anyOf [invalid-params]",
                ),
            ),
            ({}, NO_TRANSLATION),
            ({"value": "true"}, NO_TRANSLATION),
        ],
    )
    def test_saving_is_refused_in_this_order(
        self, at: World, body: dict[str, Any], answer: tuple[int, str | None, str]
    ) -> None:
        sent = {"roomId": "GENERAL", "field": "autoTranslate", "value": True, **body}
        with at.setting("AutoTranslate_Enabled", value=True):
            assert told(at.alice.post("autotranslate.saveSettings", **sent)) == answer

    def test_saving_changes_the_subscription(self, at: World) -> None:
        sent = {"field": "autoTranslateLanguage", "value": "de"}
        outside = at.alice.channel("untranslated")
        with at.setting("AutoTranslate_Enabled", value=True):
            at.admin.does("autotranslate.saveSettings", roomId="GENERAL", **sent)
            refused = at.admin.post("autotranslate.saveSettings", roomId=outside["_id"], **sent)
        assert told(refused)[1] == "error-invalid-subscription"
        assert refused.json()["details"] == {"method": "saveAutoTranslateSettings"}
        subscription = at.admin.reads("subscriptions.getOne", roomId="GENERAL")["subscription"]
        assert subscription["autoTranslateLanguage"] == "de"

    def test_a_message_is_translated_and_given_back_in_newer_releases(self, at: World, old: World) -> None:
        for served, keys in ((at, {"message", "success"}), (old, {"success"})):
            said = served.alice.says("GENERAL", "hello")
            with served.setting("AutoTranslate_Enabled", value=True):
                answer = served.alice.does("autotranslate.translateMessage", messageId=said["_id"], targetLanguage="de")
                assert set(answer) == keys
                unknown = served.alice.post("autotranslate.translateMessage", messageId="unknown")
                assert told(unknown) == (400, None, "Message not found.")
                empty = served.alice.post("autotranslate.translateMessage", messageId="")
                assert told(empty) == (400, None, 'The bodyParam "messageId" is required.')
        message = at.alice.reads("chat.getMessage", msgId=at.alice.says("GENERAL", "x")["_id"])["message"]
        assert "translations" not in message

    def test_the_newest_releases_look_at_access(self) -> None:
        with world("8.8") as served:
            room = served.alice.group("secret")
            said = served.alice.says(room["_id"], "hello")
            with served.setting("AutoTranslate_Enabled", value=True):
                refused = served.carol.post("autotranslate.translateMessage", messageId=said["_id"])
                assert told(refused) == (403, None, "unauthorized")
