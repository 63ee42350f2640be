"""dm.*: the thirteen operations of direct rooms."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock.world import World, succeeded, told, world

INVALID_CHANNEL = (400, "invalid-channel", "[invalid-channel]")
FORBIDDEN = (403, None, "unauthorized")
SENTENCE = "User does not have the permissions required for this action [error-unauthorized]"


@pytest.fixture(scope="module")
def at() -> Iterator[World]:
    with world("8.0") as served:
        yield served


@pytest.fixture(scope="module")
def old() -> Iterator[World]:
    with world("6.14", edition="community") as served:
        yield served


@pytest.fixture(scope="module")
def new() -> Iterator[World]:
    with world("8.8") as served:
        yield served


class TestCreate:
    def test_the_room_of_two_has_both_ids_as_its_id(self, at: World) -> None:
        room = at.alice.does("dm.create", username="bob")["room"]
        joined = "".join(sorted([at.alice.id, at.bob.id]))
        assert room == {"t": "d", "rid": joined, "_id": joined, "usernames": ["alice", "bob"]}

    def test_the_same_people_have_the_same_room(self, at: World) -> None:
        assert at.alice.direct("bob") == at.bob.direct("alice") == at.alice.direct("@bob")
        trio = at.alice.direct("bob", "carol")
        assert len(trio["_id"]) == 24
        assert at.carol.does("dm.create", usernames="alice, bob")["room"] == trio

    def test_the_partner_sees_the_room_closed_until_something_is_said(self, at: World) -> None:
        dora = at.person("dora")
        room_id = dora.direct("bob")["_id"]
        assert at.state.subscriptions.get(room_id, dora.id)["open"] is True  # type: ignore[index] # it was just made
        assert at.bob.reads("subscriptions.getOne", roomId=room_id)["subscription"]["open"] is False
        dora.says(room_id, "hello")
        assert at.bob.reads("subscriptions.getOne", roomId=room_id)["subscription"]["open"] is True

    def test_a_subscription_is_named_after_the_other(self, at: World) -> None:
        room_id = at.alice.direct("bob")["_id"]
        subscription = at.alice.reads("subscriptions.getOne", roomId=room_id)["subscription"]
        assert (subscription["name"], subscription["fname"]) == ("bob", "Bob")
        assert not {"ls", "roles", "customFields"} & set(subscription)

    @pytest.mark.parametrize("body", [{"username": ""}, {"username": None}, {"usernames": ""}])
    def test_an_empty_name_is_refused(self, at: World, body: dict[str, Any]) -> None:
        assert told(at.alice.post("dm.create", **body)) == (400, None, "invalid username")

    @pytest.mark.parametrize("body", [{"username": "nosuchuser"}, {"usernames": "bob,nosuchuser"}, {"username": 5}])
    def test_an_unknown_name_is_refused(self, at: World, body: dict[str, Any]) -> None:
        refused = at.alice.post("dm.create", **body)
        assert told(refused) == (400, "error-invalid-user", "Invalid user [error-invalid-user]")
        assert refused.json()["details"] == {"method": "createDirectMessage"}

    def test_a_crowd_is_refused(self, at: World, new: World) -> None:
        names = ",".join(f"crowd{number}" for number in range(8))
        for served in (at, new):
            for name in names.split(","):
                served.person(name).session.close()
        reason = "You cannot add more than 8 users, including yourself to a direct message"
        code = "error-direct-message-max-user-exceeded"
        refused, newly = (served.alice.post("dm.create", usernames=names) for served in (at, new))
        assert told(refused) == told(newly) == (400, code, f"{reason} [{code}]")
        assert refused.json()["details"] == {"method": "createDirectRoom"}
        assert newly.json()["details"] == {"method": "createDirectMessage"}

    def test_who_may_not_create_gets_what_exists(self, at: World) -> None:
        existing = at.carol.direct("bob")
        roles = [role for role in ("admin", "user", "bot", "app") if role != "user"]
        at.admin.does("permissions.update", permissions=[{"_id": "create-d", "roles": roles}])
        assert at.carol.direct("bob") == existing
        assert told(at.carol.post("dm.create", username="rocket.cat"))[1] == "error-not-allowed"
        at.admin.does("permissions.update", permissions=[{"_id": "create-d", "roles": [*roles, "user"]}])

    def test_old_rooms_show_their_usernames_twice(self, at: World, old: World) -> None:
        old.alice.direct("bob")
        assert "_USERNAMES" in old.alice.reads("dm.list")["ims"][0]
        assert "_USERNAMES" not in old.alice.reads("rooms.get")["update"][-1]
        assert "_USERNAMES" not in at.alice.reads("dm.list")["ims"][0]


class TestDelete:
    def test_a_member_may_not(self, at: World) -> None:
        room_id = at.alice.direct("bob")["_id"]
        refused = at.alice.post("dm.delete", roomId=room_id)
        assert told(refused) == (400, "error-not-allowed", "Not allowed [error-not-allowed]")
        assert refused.json()["details"] == {"method": "eraseRoom"}
        assert "details" not in at.carol.post("dm.delete", roomId=room_id).json()

    def test_an_administrator_removes_it_for_everybody(self, at: World) -> None:
        room_id = at.alice.direct("bob")["_id"]
        said = at.alice.says(room_id, "soon gone")
        at.admin.does("dm.delete", roomId=room_id)
        assert told(at.alice.get("rooms.info", roomId=room_id))[1] == "error-room-not-found"
        since = "2020-01-01T00:00:00Z"
        for person in (at.alice, at.carol):
            removed = person.reads("rooms.get", updatedSince=since)["remove"]
            assert room_id in [each["_id"] for each in removed]
            assert set(removed[0]) == {"_id", "_deletedAt"}
        deleted = at.alice.reads("chat.getDeletedMessages", roomId=room_id, since=since)["messages"]
        assert {"_id": said["_id"]} in deleted
        gone = at.alice.reads("subscriptions.get", updatedSince=since)["remove"]
        assert gone
        assert room_id not in [each["_id"] for each in at.alice.reads("dm.list")["ims"]]

    def test_neither_and_both_are_refused(self, at: World) -> None:
        neither = "must have required property 'roomId'\n must have required property 'username'"
        assert told(at.admin.post("dm.delete"))[2] == f"{neither}\n must match exactly one schema in oneOf"
        extra = "must NOT have additional properties\n must NOT have additional properties"
        refused = at.admin.post("dm.delete", roomId="x", username="y")
        assert told(refused)[1:] == ("invalid-params", f"{extra}\n must match exactly one schema in oneOf")

    def test_an_unknown_room_is_refused(self, at: World) -> None:
        assert told(at.admin.post("dm.delete", roomId="unknown")) == INVALID_CHANNEL


class TestOpenAndClose:
    def test_closing_hides_the_room_from_subscriptions_only(self, at: World) -> None:
        room_id = at.alice.direct("bob")["_id"]
        at.alice.does("dm.close", roomId=room_id)
        assert at.alice.reads("subscriptions.getOne", roomId=room_id)["subscription"]["open"] is False
        assert room_id in [each["_id"] for each in at.alice.reads("dm.list")["ims"]]
        assert room_id in [each["_id"] for each in at.alice.reads("rooms.get")["update"]]
        again = at.alice.post("dm.close", roomId=room_id)
        assert told(again) == (400, None, "The direct message room, is already closed to the sender")
        at.alice.does("dm.open", roomId=room_id)
        at.alice.does("dm.open", roomId=room_id)
        assert at.alice.reads("subscriptions.getOne", roomId=room_id)["subscription"]["open"] is True

    def test_who_asks_for_what_they_may_not_see(self, at: World) -> None:
        room_id, channel_id = at.alice.direct("bob")["_id"], at.alice.channel("elsewhere")["_id"]
        not_subscribed = (400, None, "The user is not subscribed to the room")
        assert told(at.carol.post("dm.close", roomId=room_id)) == FORBIDDEN
        assert told(at.alice.post("dm.close", roomId="unknown")) == not_subscribed
        assert told(at.alice.post("dm.close", roomId="bob")) == not_subscribed
        assert told(at.alice.post("dm.close", roomId=channel_id)) == INVALID_CHANNEL
        assert told(at.alice.post("dm.open", roomId="unknown")) == FORBIDDEN
        assert told(at.alice.post("dm.open", roomId=channel_id)) == INVALID_CHANNEL

    def test_a_missing_room_is_told_by_the_handler_and_later_by_validation(self, at: World, new: World) -> None:
        code = "error-room-param-not-provided"
        text = f'Body param "roomId" is required [{code}]'
        for name in ("dm.close", "dm.open", "dm.setTopic"):
            assert told(at.alice.post(name)) == (400, code, text)
            assert told(new.alice.post(name)) == (400, "invalid-params", "must have required property 'roomId'")
        assert told(new.alice.post("dm.close", roomId=""))[1] == code
        assert told(new.alice.post("dm.open", roomId="")) == FORBIDDEN


class TestTopic:
    def test_members_may_not_and_administrators_in_it_may(self, at: World) -> None:
        room_id = at.admin.direct("alice")["_id"]
        refused = at.alice.post("dm.setTopic", roomId=room_id, topic="x")
        code = "error-action-not-allowed"
        assert told(refused) == (400, code, f"Editing room is not allowed [{code}]")
        assert refused.json()["details"] == {"method": "saveRoomSettings", "action": "Editing_room"}
        assert at.admin.does("dm.setTopic", roomId=room_id, topic="news") == {"topic": "news", "success": True}
        assert at.alice.reads("rooms.info", roomId=room_id)["room"]["topic"] == "news"
        said = at.alice.reads("dm.messages", roomId=room_id)["messages"][0]
        assert (said["t"], said["msg"], said["u"]["username"]) == ("room_changed_topic", "news", "admin")
        assert at.admin.does("dm.setTopic", roomId=room_id) == {"success": True}
        assert at.admin.does("dm.setTopic", roomId=room_id, topic=5)["topic"] == 5

    def test_an_administrator_outside_is_refused(self, at: World) -> None:
        assert told(at.admin.post("dm.setTopic", roomId=at.alice.direct("bob")["_id"], topic="x")) == FORBIDDEN


class TestCounters:
    def test_what_is_unread_is_counted(self, at: World) -> None:
        room_id = at.carol.direct("alice")["_id"]
        fresh = at.carol.reads("dm.counters", roomId=room_id)
        assert fresh["joined"] is True
        assert (fresh["members"], fresh["unreads"], fresh["unreadsFrom"], fresh["msgs"]) == (2, 0, None, 0)
        said = at.carol.says(room_id, "one")
        theirs = at.alice.reads("dm.counters", roomId=room_id)
        assert (theirs["unreads"], theirs["unreadsFrom"], theirs["msgs"]) == (1, None, 1)
        assert theirs["latest"] == said["ts"]
        mine = at.carol.reads("dm.counters", roomId=room_id)
        assert mine["unreads"] == 0
        assert mine["unreadsFrom"] is not None

    def test_a_closed_room_counts_as_not_joined_in_old_releases(self, at: World, old: World) -> None:
        for served, joined in ((at, True), (old, False)):
            room_id = served.alice.direct("bob")["_id"]
            served.alice.does("dm.close", roomId=room_id)
            counters = served.alice.reads("dm.counters", roomId=room_id)
            assert counters.pop("joined") is joined
            counters.pop("success")
            assert len(counters) == 6
            assert all(value is None for value in counters.values()) is not joined
            served.alice.does("dm.open", roomId=room_id)

    def test_old_releases_count_nothing_before_the_first_reading(self, old: World) -> None:
        room_id = old.carol.direct("bob")["_id"]
        old.carol.says(room_id, "one")
        assert old.bob.reads("dm.counters", roomId=room_id)["unreads"] is None
        old.bob.does("subscriptions.read", rid=room_id)
        old.carol.says(room_id, "two")
        assert old.bob.reads("dm.counters", roomId=room_id)["unreads"] == 1

    def test_others_may_be_counted_by_administrators_only(self, at: World) -> None:
        room_id = at.alice.direct("bob")["_id"]
        assert told(at.alice.get("dm.counters", roomId=room_id, userId=at.bob.id)) == FORBIDDEN
        assert at.admin.reads("dm.counters", roomId=room_id, userId=at.bob.id)["members"] == 2
        assert told(at.admin.get("dm.counters", roomId=room_id)) == FORBIDDEN

    def test_a_missing_room_is_refused(self, at: World, new: World) -> None:
        code = "error-room-param-not-provided"
        assert told(at.alice.get("dm.counters")) == (400, code, f'Query param "roomId" is required [{code}]')
        assert told(new.alice.get("dm.counters"))[1] == "error-invalid-params"


class TestReading:
    def test_messages_come_newest_first_with_replies(self, at: World) -> None:
        room_id = at.person("reader").direct("carol")["_id"]
        first = at.carol.says(room_id, "first")
        at.carol.says(room_id, "reply", tmid=first["_id"])
        last = at.carol.says(room_id, "last")
        listed = at.carol.reads("dm.messages", roomId=room_id)
        assert [each["msg"] for each in listed["messages"]] == ["last", "reply", "first"]
        assert (listed["count"], listed["offset"], listed["total"]) == (3, 0, 3)
        oldest = at.carol.reads("dm.messages", roomId=room_id, sort='{"ts":1}', count=1)
        assert oldest["messages"][0]["_id"] == first["_id"]
        at.carol.does("chat.starMessage", messageId=last["_id"])
        starred = at.carol.reads("dm.messages", roomId=room_id, starredIds=f"{at.carol.id},x")
        assert [each["_id"] for each in starred["messages"]] == [last["_id"]]
        listed_json = at.carol.reads("dm.messages", roomId=room_id, starredIds=f'["{at.carol.id}"]')
        assert listed_json["messages"] == []

    def test_history_leaves_replies_out_unless_asked(self, at: World) -> None:
        room_id = at.person("historian").direct("carol")["_id"]
        first = at.carol.says(room_id, "first")
        at.carol.says(room_id, "reply", tmid=first["_id"])
        last = at.carol.says(room_id, "last")

        def texts(**query: str) -> list[str]:
            return [each["msg"] for each in at.carol.reads("dm.history", roomId=room_id, **query)["messages"]]

        assert texts() == ["last", "first"]
        assert texts(showThreadMessages="true") == ["last", "reply", "first"]
        assert texts(latest=last["ts"]) == ["first"]
        assert texts(latest=last["ts"], inclusive="true") == ["last", "first"]
        assert texts(oldest=first["ts"]) == ["last"]
        assert texts(latest="garbage") == []
        assert texts(oldest="garbage") == ["last", "first"]
        assert texts(count="1", offset="1") == ["first"]
        assert set(at.carol.reads("dm.history", roomId=room_id)) == {"messages", "success"}
        before = "2020-01-01T00:00:00.000Z"
        unread = at.carol.reads("dm.history", roomId=room_id, unreads="true", oldest=before, count="1")
        assert (unread["firstUnread"]["msg"], unread["unreadNotLoaded"]) == ("first", 1)

    @pytest.mark.parametrize(
        ("query", "text"),
        [
            ({"unreads": "12345"}, "must be equal to one of the allowed values [invalid-params]"),
            ({"fields": "{}"}, "must NOT have additional properties [invalid-params]"),
            ({"roomId": ""}, "must NOT have fewer than 1 characters [invalid-params]"),
            ({"count": "abc"}, "must be number [invalid-params]"),
        ],
    )
    def test_history_is_particular(self, at: World, query: dict[str, str], text: str) -> None:
        asked = {"roomId": at.alice.direct("bob")["_id"], **query}
        assert told(at.alice.get("dm.history", **asked)) == (400, "invalid-params", text)

    def test_members_carry_their_subscription_in_newer_releases(self, at: World, old: World) -> None:
        room_id = at.alice.direct("bob")["_id"]
        listed = at.alice.reads("dm.members", roomId=room_id)
        assert {each["username"] for each in listed["members"]} == {"alice", "bob"}
        assert set(listed["members"][0]) == {"_id", "username", "status", "name", "subscription"}
        assert listed["total"] == 2
        assert [each["username"] for each in at.alice.reads("dm.members", username="bob", filter="AL")["members"]] == [
            "alice"
        ]
        older = old.alice.reads("dm.members", roomId=old.alice.direct("bob")["_id"])["members"][0]
        assert set(older) == {"_id", "username", "status", "name"}

    def test_a_single_status_is_no_list_until_the_newest_releases(self, at: World, new: World) -> None:
        room_id = at.alice.direct("bob")["_id"]
        assert told(at.alice.get("dm.members", roomId=room_id, status="online"))[2] == (
            "must be array\n must have required property 'username'\n must match exactly one schema in oneOf"
            " [invalid-params]"
        )
        assert at.alice.reads("dm.members", **{"roomId": room_id, "status[]": "offline"})["total"] == 2
        newest = new.alice.reads("dm.members", roomId=new.alice.direct("bob")["_id"], status="offline")
        assert newest["total"] == 2

    @pytest.mark.parametrize("name", ["dm.messages", "dm.members", "dm.files", "dm.history"])
    def test_access_is_looked_at_after_the_kind_of_room(self, at: World, name: str) -> None:
        room_id, channel_id = at.alice.direct("bob")["_id"], at.alice.channel(f"a-{name}")["_id"]
        assert told(at.carol.get(name, roomId=room_id)) == FORBIDDEN
        assert told(at.admin.get(name, roomId=room_id)) == FORBIDDEN
        assert told(at.alice.get(name, roomId=channel_id)) == INVALID_CHANNEL
        assert told(at.alice.get(name, roomId="unknown")) == INVALID_CHANNEL

    def test_reading_by_a_name_opens_a_room(self, at: World) -> None:
        newcomer = at.person("newcomer")
        assert at.alice.reads("dm.messages", roomId="newcomer")["messages"] == []
        assert at.state.rooms.between({at.alice.id, newcomer.id}) is not None

    def test_two_ids_break_the_choice(self, at: World, old: World) -> None:
        both = {"roomId": "x", "username": "y"}
        alone = "must match exactly one schema in oneOf [invalid-params]"
        extra = "must NOT have additional properties\n must NOT have additional properties\n "
        assert told(at.alice.get("dm.files", **both))[2] == alone
        assert told(old.alice.get("dm.files", **both))[2] == extra + alone
        assert told(at.alice.get("dm.messages", **both))[2] == extra + alone

    def test_files_are_told_with_their_sender(self, at: World, old: World) -> None:
        room_id = at.alice.direct("bob")["_id"]
        sent = {"files": {"file": ("note.txt", b"0123456789", "text/plain")}}
        kept = succeeded(at.alice.send("POST", f"rooms.media/{room_id}", **sent))["file"]
        said = at.alice.does(f"rooms.mediaConfirm/{room_id}/{kept['_id']}", msg="a file", description="desc")
        assert said["message"]["file"]["_id"] == kept["_id"]
        listed = at.bob.reads("dm.files", roomId=room_id)
        assert listed["total"] == 1
        assert listed["files"][0]["user"] == {"_id": at.alice.id, "username": "alice", "name": "Alice"}
        assert listed["files"][0]["description"] == "desc"
        assert at.bob.reads("dm.files", roomId=room_id, name="other")["files"] == []
        assert at.bob.reads("rooms.info", roomId=room_id)["room"]["lastMessage"]["file"]["name"] == "note.txt"
        old_id = old.alice.direct("bob")["_id"]
        uploaded = succeeded(old.alice.send("POST", f"rooms.upload/{old_id}", **sent, data={"msg": "a file"}))
        assert uploaded["message"]["msg"] == "a file"
        assert told(old.alice.get("dm.files", roomId=old_id, name="x"))[1] == "invalid-params"


class TestEverybodys:
    def test_the_list_of_all_is_for_administrators(self, at: World, old: World) -> None:
        at.alice.direct("bob")
        assert at.admin.reads("dm.list.everyone")["total"] > 0
        assert told(at.alice.get("dm.list.everyone")) == (403, None, SENTENCE)
        assert told(old.alice.get("dm.list.everyone")) == FORBIDDEN

    def test_others_messages_are_behind_a_setting(self, at: World, old: World) -> None:
        code = "error-endpoint-disabled"
        refused = at.admin.get("dm.messages.others")
        assert told(refused) == (400, code, f"This endpoint is disabled [{code}]")
        assert refused.json()["details"] == {"route": "/api/v1/im.messages.others"}
        assert told(at.alice.get("dm.messages.others")) == (403, None, SENTENCE)
        assert told(old.alice.get("dm.messages.others"))[1] == code
        room_id = at.alice.direct("bob")["_id"]
        at.alice.says(room_id, "private")
        with at.setting("API_Enable_Direct_Message_History_EndPoint", value=True):
            assert at.admin.reads("dm.messages.others", roomId=room_id)["messages"][0]["msg"] == "private"
            code = "error-roomid-param-not-provided"
            missing = at.admin.get("dm.messages.others")
            assert told(missing) == (400, code, f'The parameter "roomId" is required [{code}]')
            code = "error-room-not-found"
            unknown = at.admin.get("dm.messages.others", roomId="nope")
            assert told(unknown) == (400, code, f"No direct message room found by the id of: nope [{code}]")


class TestBlocking:
    def test_nobody_writes_where_one_has_blocked_the_other(self, new: World) -> None:
        room_id = new.alice.direct("bob")["_id"]
        new.bob.does("im.blockUser", roomId=room_id, block=True)
        for person in (new.alice, new.bob):
            refused = person.post("chat.sendMessage", message={"rid": room_id, "msg": "x"})
            assert told(refused) == (400, None, "room_is_blocked")
        new.bob.does("im.blockUser", roomId=room_id, block=False)
        new.alice.says(room_id, "again")

    def test_there_must_be_two(self, at: World, new: World) -> None:
        refused = new.alice.post("im.blockUser", roomId="GENERAL", block=True)
        assert told(refused)[1] == "error-invalid-room"
        assert refused.json()["details"] == {"method": "im.blockUser"}
        assert told(new.alice.post("im.blockUser", roomId="x"))[2] == "must have required property 'block'"
        assert at.alice.post("im.blockUser", roomId="x", block=True).status_code == 404
