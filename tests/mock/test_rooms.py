"""rooms.*, channels.*, groups.*, teams.* and subscriptions.*: rooms of every kind."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock.world import Person, World, told, world

PAST = "2020-01-01T00:00:00.000Z"
FUTURE = "2099-01-01T00:00:00.000Z"
CHANNEL_KEYS = {
    "_id",
    "fname",
    "_updatedAt",
    "customFields",
    "name",
    "t",
    "msgs",
    "usersCount",
    "u",
    "ts",
    "ro",
    "default",
    "sysMes",
}


@pytest.fixture(scope="module")
def at() -> Iterator[World]:
    with world("8.0") as served:
        yield served


@pytest.fixture(scope="module")
def new() -> Iterator[World]:
    with world("8.8") as served:
        yield served


def kinds(person: Person, room_id: str) -> list[tuple[str | None, str]]:
    """Give kind and text of the messages of a channel, oldest first."""
    found = person.reads("channels.messages", roomId=room_id)["messages"]
    return [(each.get("t"), each["msg"]) for each in reversed(found)]


class TestInfo:
    def test_a_channel_has_the_keys_of_a_server(self, at: World) -> None:
        room = at.alice.channel("keys", "bob")
        assert set(room) == CHANNEL_KEYS
        assert (room["usersCount"], room["msgs"], room["t"]) == (2, 0, "c")
        assert at.bob.reads("rooms.info", roomId=room["_id"])["room"] == room
        assert at.bob.reads("rooms.info", roomName="keys")["room"]["_id"] == room["_id"]

    def test_the_general_room_is_made_otherwise(self, at: World) -> None:
        general = at.alice.reads("rooms.info", roomId="GENERAL")["room"]
        assert not {"fname", "customFields", "ro"} & set(general)
        assert (general["usernames"], general["default"]) == ([], True)

    @pytest.mark.parametrize("query", [{}, {"roomId": "", "roomName": ""}])
    def test_nothing_given_is_refused(self, at: World, query: dict[str, str]) -> None:
        code = "error-roomid-param-not-provided"
        text = f'The parameter "roomId" or "roomName" is required [{code}]'
        assert told(at.alice.get("rooms.info", **query)) == (400, code, text)

    @pytest.mark.parametrize(
        "query", [{"roomId": "unknown"}, {"roomName": "unknown"}, {"roomId": "", "roomName": "general"}]
    )
    def test_what_matches_nothing_is_refused(self, at: World, query: dict[str, str]) -> None:
        code = "error-room-not-found"
        text = f'The required "roomId" or "roomName" param provided does not match any channel [{code}]'
        assert told(at.alice.get("rooms.info", **query)) == (400, code, text)

    def test_the_id_wins_over_the_name(self, at: World) -> None:
        assert at.alice.reads("rooms.info", roomId="GENERAL", roomName="x")["room"]["_id"] == "GENERAL"

    def test_who_has_no_access_is_refused_with_text_and_type_exchanged(self, at: World) -> None:
        room = at.alice.group("hidden")
        for person in (at.carol, at.admin):
            assert told(person.get("rooms.info", roomId=room["_id"])) == (400, "Not Allowed", "not-allowed")

    def test_an_archived_room_is_refused_and_later_shown(self, at: World, new: World) -> None:
        for served in (at, new):
            served.alice.does("channels.archive", roomId=served.alice.channel("old")["_id"])
        code = "error-room-archived"
        refused = at.alice.get("rooms.info", roomName="old")
        assert told(refused) == (400, code, f"The channel, old, is archived [{code}]")
        assert new.alice.reads("rooms.info", roomName="old")["room"]["archived"] is True

    def test_a_discussion_shows_the_room_it_hangs_on(self, at: World) -> None:
        parent = at.alice.channel("parent", "bob")
        said = at.bob.says(parent["_id"], "what about this?")
        made = at.alice.does("rooms.createDiscussion", prid=parent["_id"], pmid=said["_id"], t_name="This")
        room = made["discussion"]
        assert (room["fname"], room["topic"], room["prid"], room["t"]) == ("This", "parent", parent["_id"], "c")
        shown = at.bob.reads("rooms.info", roomId=room["_id"])
        assert shown["parent"]["_id"] == parent["_id"]
        assert set(shown["parent"]) == {"_id", "name", "fname", "t", "u"}
        listed = at.alice.reads("chat.getDiscussions", roomId=parent["_id"])["messages"]
        assert [(each["t"], each["msg"], each["drid"]) for each in listed] == [
            ("discussion-created", "This", room["_id"])
        ]
        refused = at.alice.post("rooms.createDiscussion", t_name="x")
        assert told(refused) == (400, None, 'Body parameter "prid" is required.')

    def test_a_team_room_shows_its_team(self, at: World) -> None:
        team = at.alice.does("teams.create", name="crew", type=0)["team"]
        shown = at.alice.reads("rooms.info", roomId=team["roomId"])
        assert shown["team"] == {key: team[key] for key in ("_id", "name", "type", "roomId")}
        assert shown["room"]["teamMain"] is True
        room = at.alice.channel("of-crew")
        at.alice.does("teams.addRooms", teamId=team["_id"], rooms=[room["_id"]])
        assert at.alice.reads("rooms.info", roomId=room["_id"])["team"]["name"] == "crew"
        at.alice.does("teams.delete", teamName="crew")
        assert "team" not in at.alice.reads("rooms.info", roomId=room["_id"])


class TestGet:
    def test_all_rooms_come_without_a_date_and_nothing_is_removed(self, at: World) -> None:
        room = at.carol.channel("listed")
        answer = at.carol.reads("rooms.get")
        assert room["_id"] in [each["_id"] for each in answer["update"]]
        assert answer["remove"] == []

    def test_a_date_gives_what_changed_and_what_anybody_erased(self, at: World) -> None:
        room = at.alice.channel("erased")
        at.alice.does("channels.delete", roomId=room["_id"])
        answer = at.bob.reads("rooms.get", updatedSince=PAST)
        assert room["_id"] in [each["_id"] for each in answer["remove"]]
        assert answer["update"]
        assert at.bob.reads("rooms.get", updatedSince=FUTURE) == {"update": [], "remove": [], "success": True}

    @pytest.mark.parametrize("date", ["garbage", "1600000000000"])
    def test_what_is_no_date_is_refused(self, at: World, date: str) -> None:
        code = "error-updatedSince-param-invalid"
        text = f'The "updatedSince" query parameter must be a valid date. [{code}]'
        assert told(at.alice.get("rooms.get", updatedSince=date)) == (400, code, text)

    def test_leaving_is_not_told_as_removal(self, at: World) -> None:
        room = at.alice.channel("left", "bob")
        at.bob.does("channels.leave", roomId=room["_id"])
        answer = at.bob.reads("rooms.get", updatedSince=PAST)
        ids = [each["_id"] for each in [*answer["update"], *answer["remove"]]]
        assert room["_id"] not in ids
        ended = at.bob.reads("subscriptions.get", updatedSince=PAST)["remove"]
        assert set(ended[-1]) == {"_id", "_deletedAt"}


class TestPeople:
    def test_members_begin_with_nothing_to_read(self, at: World) -> None:
        room = at.alice.channel("quiet", "bob", "nosuchuser")
        owner = at.alice.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]
        member = at.bob.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]
        assert owner["roles"] == ["owner"]
        assert "ls" in owner
        assert (member["alert"], member["unread"], "ls" in member) == (False, 0, False)
        assert kinds(at.alice, room["_id"]) == []

    def test_joining_and_inviting_show_the_room_as_unread(self, at: World) -> None:
        room = at.alice.channel("busy")
        at.bob.does("channels.join", roomId=room["_id"])
        at.alice.does("channels.invite", roomId=room["_id"], userId=at.carol.id)
        for person in (at.bob, at.carol):
            subscription = person.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]
            assert (subscription["alert"], subscription["unread"], subscription["userMentions"]) == (True, 1, 1)
        assert kinds(at.alice, room["_id"]) == [("uj", "bob"), ("uj", "carol")]
        assert at.alice.reads("rooms.info", roomId=room["_id"])["room"]["usersCount"] == 3
        at.bob.does("channels.join", roomId=room["_id"])
        assert len(kinds(at.alice, room["_id"])) == 2

    def test_reading_settles_everything(self, at: World) -> None:
        at.bob.does("subscriptions.read", rid="GENERAL")
        subscription = at.bob.reads("subscriptions.getOne", roomId="GENERAL")["subscription"]
        assert (subscription["alert"], subscription["unread"], subscription["userMentions"]) == (False, 0, 0)
        assert "ls" in subscription
        assert at.carol.reads("subscriptions.getOne", roomId="unknown")["subscription"] is None
        assert told(at.carol.post("subscriptions.read"))[1] == "invalid-params"

    def test_leaving_is_said_and_the_last_owner_stays(self, at: World) -> None:
        room = at.alice.group("leaving", "bob")
        refused = at.alice.post("groups.leave", roomId=room["_id"])
        code = "error-you-are-last-owner"
        reason = "You are the last owner. Please set new owner before leaving the room."
        assert told(refused) == (400, code, f"{reason} [{code}]")
        at.bob.does("groups.leave", roomId=room["_id"])
        assert told(at.bob.get("rooms.info", roomId=room["_id"]))[1] == "Not Allowed"
        assert at.alice.reads("groups.messages", roomId=room["_id"])["messages"][0]["t"] == "ul"

    def test_kicking_is_for_moderators(self, at: World) -> None:
        room = at.alice.channel("kicking", "bob", "carol")
        assert told(at.bob.post("channels.kick", roomId=room["_id"], userId=at.carol.id))[1] == "error-not-allowed"
        at.alice.does("channels.addModerator", roomId=room["_id"], userId=at.bob.id)
        at.bob.does("channels.kick", roomId=room["_id"], userId=at.carol.id)
        assert kinds(at.alice, room["_id"])[-1] == ("ru", "carol")
        refused = at.alice.post("channels.kick", roomId=room["_id"], userId=at.carol.id)
        assert told(refused)[1] == "error-user-not-in-room"

    def test_roles_are_given_and_taken_and_said(self, at: World) -> None:
        room = at.alice.channel("roles", "bob")
        at.alice.does("channels.addOwner", roomId=room["_id"], userId=at.bob.id)
        said = at.alice.reads("channels.messages", roomId=room["_id"])["messages"][0]
        assert (said["t"], said["role"], said["msg"], said["u"]["username"]) == (
            "subscription-role-added",
            "owner",
            "bob",
            "alice",
        )
        again = at.alice.post("channels.addOwner", roomId=room["_id"], userId=at.bob.id)
        assert told(again)[1] == "error-user-already-owner"
        at.alice.does("channels.removeOwner", roomId=room["_id"], userId=at.bob.id)
        assert at.bob.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]["roles"] == []

    def test_muted_people_are_listed_in_the_room(self, at: World) -> None:
        room = at.alice.channel("muting", "bob")
        at.alice.does("rooms.muteUser", roomId=room["_id"], username="bob")
        assert at.alice.reads("rooms.info", roomId=room["_id"])["room"]["muted"] == ["bob"]
        refused = at.bob.post("chat.sendMessage", message={"rid": room["_id"], "msg": "x"})
        assert told(refused) == (400, None, "You_have_been_muted")
        at.alice.does("rooms.unmuteUser", roomId=room["_id"], username="bob")
        assert at.alice.reads("rooms.info", roomId=room["_id"])["room"]["muted"] == []
        assert told(at.bob.post("rooms.muteUser", roomId=room["_id"], username="alice"))[1] == "error-not-allowed"


class TestState:
    def test_archiving_closes_the_room_for_its_members(self, at: World) -> None:
        room = at.alice.channel("archive", "bob")
        assert told(at.bob.post("channels.archive", roomId=room["_id"]))[1] == "error-not-authorized"
        at.alice.does("channels.archive", roomId=room["_id"])
        subscription = at.bob.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]
        assert (subscription["archived"], subscription["open"], subscription["alert"]) == (True, False, False)
        assert told(at.alice.post("channels.archive", roomId=room["_id"]))[1] == "error-room-archived"
        assert told(at.alice.post("channels.unarchive", roomId=room["_id"]))[1] == "error-not-authorized"
        assert told(at.alice.post("rooms.favorite", roomId=room["_id"], favorite=True))[1] == "error-room-archived"
        at.bob.says(room["_id"], "still here")
        at.admin.does("channels.unarchive", roomId=room["_id"])
        assert at.bob.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]["open"] is True
        assert kinds(at.alice, room["_id"]) == [("room-archived", ""), (None, "still here"), ("room-unarchived", "")]

    def test_names_are_checked(self, at: World) -> None:
        at.alice.channel("taken")
        cases: list[tuple[dict[str, Any], tuple[int, str | None, str]]] = [
            ({}, (400, None, 'Body param "name" is required')),
            (
                {"name": "taken"},
                (
                    400,
                    "error-duplicate-channel-name",
                    "A channel with name 'taken' exists [error-duplicate-channel-name]",
                ),
            ),
            (
                {"name": "has spaces !"},
                (
                    400,
                    "error-invalid-room-name",
                    "has spaces ! is not a valid room name. [error-invalid-room-name]",
                ),
            ),
        ]
        for body, answer in cases:
            assert told(at.alice.post("channels.create", **body)) == answer

    def test_settings_are_saved_and_said_only_where_they_change(self, at: World) -> None:
        room = at.alice.channel("changing", "bob")
        changes = {"roomName": "changed", "roomTopic": "news", "readOnly": True}
        at.alice.does("rooms.saveRoomSettings", rid=room["_id"], **changes)
        at.alice.does("rooms.saveRoomSettings", rid=room["_id"], **changes)
        shown = at.bob.reads("rooms.info", roomName="changed")["room"]
        assert (shown["fname"], shown["topic"], shown["ro"]) == ("changed", "news", True)
        assert kinds(at.alice, room["_id"]) == [
            ("r", "changed"),
            ("room_changed_topic", "news"),
            ("room-set-read-only", ""),
        ]
        assert at.bob.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]["name"] == "changed"
        refused = at.bob.post("rooms.saveRoomSettings", rid=room["_id"], roomTopic="x")
        assert told(refused)[1] == "error-action-not-allowed"
        assert told(at.alice.post("rooms.saveRoomSettings", rid=room["_id"], x=1))[1] == "error-invalid-settings"

    def test_deleting_is_for_owners(self, at: World) -> None:
        room = at.alice.channel("deleting", "bob")
        said = at.alice.says(room["_id"], "gone soon")
        assert told(at.bob.post("channels.delete", roomId=room["_id"]))[1] == "error-not-allowed"
        at.alice.does("channels.delete", roomId=room["_id"])
        assert at.alice.get("chat.getMessage", msgId=said["_id"]).json() == {"success": False}
        assert told(at.alice.post("channels.delete", roomId=room["_id"]))[1] == "error-room-not-found"

    def test_favourites_are_marked_in_the_subscription(self, at: World) -> None:
        room = at.alice.channel("favourite")
        at.alice.does("rooms.favorite", roomId=room["_id"], favorite=True)
        assert at.alice.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]["f"] is True
        assert told(at.carol.post("rooms.favorite", roomId=room["_id"], favorite=True))[1] == (
            "error-invalid-subscription"
        )

    def test_groups_are_listed_to_their_members(self, at: World) -> None:
        room = at.alice.group("listed-group", "bob")
        assert room["_id"] in [each["_id"] for each in at.bob.reads("groups.list")["groups"]]
        assert room["_id"] not in [each["_id"] for each in at.carol.reads("groups.list")["groups"]]
        assert told(at.carol.get("groups.info", roomId=room["_id"]))[1] == "error-room-not-found"
        assert at.bob.reads("groups.members", roomId=room["_id"])["total"] == 2
        assert at.bob.reads("groups.counters", roomId=room["_id"])["joined"] is True


def test_one_write_touches_one_document(at: World) -> None:
    first, second = at.alice.channel("touched"), at.alice.channel("untouched")
    at.alice.says(first["_id"], "here")
    assert at.alice.reads("rooms.info", roomId=first["_id"])["room"]["_updatedAt"] > first["_updatedAt"]
    assert at.alice.reads("rooms.info", roomId=second["_id"])["room"]["_updatedAt"] == second["_updatedAt"]


class TestRefusals:
    """What has no story of its own: each request, and what it is refused with."""

    @pytest.mark.parametrize(
        ("name", "body", "answer"),
        [
            ("channels.create", {"name": "x", "members": "bob"}, (400, None)),
            ("channels.invite", {"roomName": "general"}, (400, "error-users-params-not-provided")),
            (
                "channels.invite",
                {"roomName": "general", "userId": "x"},
                (400, "Cannot invite if no users are provided"),
            ),
            ("channels.invite", {"roomName": "general", "username": "bob"}, (400, "error-not-allowed")),
            ("channels.info", {}, (404, None)),
            ("channels.leave", {}, (400, "invalid-params")),
            ("groups.leave", {}, (400, "error-room-param-not-provided")),
            ("channels.leave", {"roomId": "unknown"}, (400, "error-room-not-found")),
            ("channels.unarchive", {"roomName": "general"}, (400, None)),
            ("channels.setTopic", {"roomName": "general"}, (400, None)),
            ("channels.setTopic", {"roomName": "general", "topic": "x"}, (400, "error-action-not-allowed")),
            ("channels.setReadOnly", {"roomName": "general"}, (400, "invalid-params")),
            ("channels.setReadOnly", {"roomName": "general", "readOnly": False}, (400, None)),
            ("channels.setReadOnly", {"roomName": "general", "readOnly": True}, (400, "error-action-not-allowed")),
            ("channels.addOwner", {"roomName": "general", "username": "bob"}, (400, "error-not-allowed")),
            ("rooms.leave", {}, (400, "error-room-param-not-provided")),
            ("rooms.leave", {"roomId": "unknown"}, (400, "error-room-not-found")),
            ("rooms.delete", {}, (400, None)),
            ("rooms.delete", {"roomId": "unknown"}, (400, "error-invalid-room")),
            ("rooms.delete", {"roomId": "GENERAL"}, (400, "error-not-allowed")),
            ("rooms.favorite", {"roomId": "GENERAL"}, (400, None)),
            ("rooms.muteUser", {"roomId": "GENERAL"}, (400, "error-user-param-not-provided")),
            ("rooms.muteUser", {"roomId": "GENERAL", "username": "x"}, (400, "error-invalid-user")),
            ("rooms.createDiscussion", {"prid": "GENERAL"}, (400, None)),
            ("rooms.createDiscussion", {"prid": "x", "t_name": "x"}, (400, "error-invalid-room")),
            ("rooms.createDiscussion", {"prid": "GENERAL", "t_name": "x", "users": "bob"}, (400, None)),
            (
                "rooms.createDiscussion",
                {"prid": "GENERAL", "t_name": "x", "pmid": "x"},
                (400, "error-invalid-message"),
            ),
            ("teams.create", {}, (400, None)),
            ("teams.create", {"name": "x", "type": 7}, (400, None)),
            ("teams.delete", {"teamName": "nosuchteam"}, (400, None)),
            ("subscriptions.read", {"rid": "unknown"}, (400, None)),
        ],
    )
    def test_a_request_is_refused(self, at: World, name: str, body: dict[str, Any], answer: tuple[int, Any]) -> None:
        refused = at.alice.post(name, **body)
        if answer[0] == 404:
            assert refused.status_code == 404
        else:
            assert told(refused)[:2] == answer
            assert refused.json()["success"] is False

    def test_files_are_refused_where_there_is_none_or_no_access(self, at: World) -> None:
        room_id = at.alice.group("files")["_id"]
        sent = {"files": {"file": ("note.txt", b"0123", "text/plain")}}
        assert told(at.carol.send("POST", f"rooms.media/{room_id}", **sent)) == (403, None, "unauthorized")
        assert told(at.alice.send("POST", f"rooms.media/{room_id}"))[2] == "No file uploaded"
        other = {"files": {"other": ("note.txt", b"0123", "text/plain")}}
        assert told(at.alice.send("POST", f"rooms.media/{room_id}", **other))[1] == "invalid-field"
        assert told(at.alice.post(f"rooms.mediaConfirm/{room_id}/unknown"))[1] == "invalid-file"

    def test_a_discussion_cannot_hang_on_a_discussion_nor_start_where_they_are_off(self, at: World) -> None:
        made = at.alice.does("rooms.createDiscussion", prid="GENERAL", t_name="first", reply="hello")["discussion"]
        nested = at.alice.post("rooms.createDiscussion", prid=made["_id"], t_name="second")
        assert told(nested)[1] == "error-nested-discussion"
        assert at.alice.reads("rooms.info", roomId=made["_id"])["room"]["msgs"] == 1
        with at.setting("Discussion_enabled", value=False):
            refused = at.alice.post("rooms.createDiscussion", prid="GENERAL", t_name="third")
            assert told(refused)[1] == "error-action-not-allowed"

    def test_roles_are_not_taken_from_who_has_none_nor_from_the_last_owner(self, at: World) -> None:
        room_id = at.alice.channel("last-owner", "bob")["_id"]
        codes = [
            told(at.alice.post(name, roomId=room_id, userId=person.id))[1]
            for name, person in (
                ("channels.removeModerator", at.bob),
                ("channels.removeOwner", at.alice),
                ("channels.addOwner", at.carol),
                ("channels.kick", at.alice),
            )
        ]
        assert codes == [
            "error-user-not-moderator",
            "error-remove-last-owner",
            "error-user-not-in-room",
            "error-you-are-last-owner",
        ]

    def test_direct_rooms_are_neither_left_nor_found_as_channels(self, at: World) -> None:
        room_id = at.alice.direct("bob")["_id"]
        assert told(at.alice.post("rooms.leave", roomId=room_id))[1] == "error-not-allowed"
        assert told(at.alice.post("channels.archive", roomId=room_id))[1] == "error-room-not-found"


def test_a_join_code_is_asked_for(at: World) -> None:
    room_id = at.alice.channel("coded")["_id"]
    at.alice.does("rooms.saveRoomSettings", rid=room_id, joinCode="sesame")
    assert told(at.bob.post("channels.join", roomId=room_id))[1] == "error-code-required"
    at.bob.does("channels.join", roomId=room_id, joinCode="sesame")
    shown = at.bob.reads("rooms.info", roomId=room_id)["room"]
    assert shown["joinCodeRequired"] is True
    assert "joinCode" not in shown


def test_read_only_rooms_remember_who_may_speak(at: World) -> None:
    room_id = at.alice.channel("solemn", "bob")["_id"]
    assert at.alice.does("channels.setReadOnly", roomId=room_id, readOnly=True)["channel"]["ro"] is True
    at.alice.does("rooms.unmuteUser", roomId=room_id, userId=at.bob.id)
    assert at.alice.reads("channels.info", roomId=room_id)["channel"]["unmuted"] == ["bob"]
    at.alice.does("rooms.muteUser", roomId=room_id, username="bob")
    assert at.alice.reads("channels.info", roomId=room_id)["channel"]["unmuted"] == []
    at.alice.does("channels.setReadOnly", roomId=room_id, readOnly=False)
    assert at.alice.does("channels.setTopic", roomId=room_id, topic="calm")["topic"] == "calm"
    at.bob.does("rooms.leave", roomId=room_id)
    at.alice.does("rooms.delete", roomId=room_id)
    assert at.alice.reads("channels.list", count=1)["count"] == 1
