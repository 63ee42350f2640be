"""channels.*, groups.*, teams.*, roles.* and the rest of rooms.*: how rooms are changed, read and left."""

from collections.abc import Iterator
from typing import Any

import pytest

from preflight.mock.release import Regime
from tests.mock.world import PASSWORD, Json, World, told, world

KINDS = {"channels": "channel", "groups": "group"}


@pytest.fixture(scope="module", params=Regime.known())
def at(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as served:
        yield served


def room_of(at: World, family: str, *members: str) -> Json:
    name = f"room-{at.state.ids.digits(8)}"
    return at.alice.does(f"{family}.create", name=name, members=list(members))[KINDS[family]]


def system_messages(at: World, room: Json) -> list[tuple[str, str]]:
    return [(each["t"], each["msg"]) for each in at.state.messages.of_room(room["_id"]) if "t" in each]


@pytest.mark.parametrize("family", KINDS)
class TestChanges:
    def test_texts_are_changed_and_announced(self, at: World, family: str) -> None:
        room = room_of(at, family)
        for action, key in (("setTopic", "topic"), ("setDescription", "description"), ("setPurpose", "purpose")):
            told_back = at.alice.does(f"{family}.{action}", roomId=room["_id"], **{key: action})
            assert told_back == {key: action, "success": True}
        at.alice.does(f"{family}.setAnnouncement", roomId=room["_id"], announcement="hear")
        shown = at.alice.reads(f"{family}.info", roomId=room["_id"])[KINDS[family]]
        assert (shown["topic"], shown["description"], shown["announcement"]) == ("setTopic", "setPurpose", "hear")
        assert system_messages(at, room) == [
            ("room_changed_topic", "setTopic"),
            ("room_changed_description", "setDescription"),
            ("room_changed_description", "setPurpose"),
            ("room_changed_announcement", "hear"),
        ]

    def test_a_missing_text_is_refused(self, at: World, family: str) -> None:
        room = room_of(at, family)
        for action, key in (("setTopic", "topic"), ("setDescription", "description"), ("setPurpose", "purpose")):
            refused = at.alice.post(f"{family}.{action}", roomId=room["_id"])
            assert told(refused) == (400, None, f'The bodyParam "{key}" is required')
        assert told(at.bob.post(f"{family}.setTopic", roomId=room["_id"], topic="x"))[0] == 400

    def test_a_name_is_changed_for_all_members(self, at: World, family: str) -> None:
        room = room_of(at, family, "bob")
        name = f"{room['name']}-b"
        renamed = at.alice.does(f"{family}.rename", roomId=room["_id"], name=name)[KINDS[family]]
        assert (renamed["name"], renamed["fname"]) == (name, name)
        assert at.bob.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]["name"] == name
        assert at.alice.reads("rooms.nameExists", roomName=name)["exists"] is True
        assert at.alice.reads("rooms.nameExists", roomName=room["name"])["exists"] is False
        assert system_messages(at, room) == [("r", name)]

    def test_a_name_must_be_given_and_be_another(self, at: World, family: str) -> None:
        room = room_of(at, family)
        refused = at.alice.post(f"{family}.rename", roomId=room["_id"])
        assert told(refused) == (400, None, 'The bodyParam "name" is required')
        same = at.alice.post(f"{family}.rename", roomId=room["_id"], name=room["name"])
        assert told(same)[2] == f"The {KINDS[family]} name is the same as what it would be renamed to."
        taken = at.alice.post(f"{family}.rename", roomId=room["_id"], name="general")
        assert told(taken)[1] == "error-duplicate-channel-name"

    def test_a_room_becomes_read_only_and_writable_again(self, at: World, family: str) -> None:
        room = room_of(at, family, "bob")
        at.alice.does(f"{family}.setReadOnly", roomId=room["_id"], readOnly=True)
        silent = at.bob.post("chat.sendMessage", message={"rid": room["_id"], "msg": "x"})
        assert told(silent)[2] == "You can't send messages because the room is readonly."
        again = at.alice.post(f"{family}.setReadOnly", roomId=room["_id"], readOnly=True)
        assert "read only setting is the same" in str(told(again)[2])
        at.alice.does(f"{family}.setReadOnly", roomId=room["_id"], readOnly=False)
        at.bob.says(room["_id"], "x")
        assert [kind for kind, _ in system_messages(at, room)] == ["room-set-read-only", "room-removed-read-only"]

    def test_a_room_changes_between_public_and_private(self, at: World, family: str) -> None:
        room = room_of(at, family, "bob")
        other = "p" if family == "channels" else "c"
        same = at.alice.post(f"{family}.setType", roomId=room["_id"], type=room["t"])
        assert "type is the same" in str(told(same)[2])
        at.alice.does(f"{family}.setType", roomId=room["_id"], type=other)
        assert at.bob.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]["t"] == other
        word = "private" if other == "p" else "public"
        assert system_messages(at, room) == [("room_changed_privacy", word)]

    def test_custom_fields_are_copied_to_members(self, at: World, family: str) -> None:
        room = room_of(at, family)
        at.alice.does(f"{family}.setCustomFields", roomId=room["_id"], customFields={"a": 1})
        place = at.alice.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]
        assert place["customFields"] == {"a": 1}
        refused = at.alice.post(f"{family}.setCustomFields", roomId=room["_id"], customFields="x")
        assert "customFields" in str(told(refused)[2])

    def test_a_room_is_archived_and_taken_out_again(self, at: World, family: str) -> None:
        room = room_of(at, family)
        at.alice.does(f"{family}.archive", roomId=room["_id"])
        assert told(at.alice.post(f"{family}.archive", roomId=room["_id"]))[1] == "error-room-archived"
        assert told(at.alice.post(f"{family}.rename", roomId=room["_id"], name="x"))[1] == "error-room-archived"
        at.admin.does("rooms.changeArchivationState", rid=room["_id"], action="unarchive")
        not_archived = at.alice.post(f"{family}.unarchive", roomId=room["_id"])
        assert "is not archived" in str(told(not_archived)[2])
        at.alice.does("rooms.changeArchivationState", rid=room["_id"], action="archive")
        assert told(at.alice.post(f"{family}.unarchive", roomId=room["_id"]))[1] == "error-not-authorized"


@pytest.mark.parametrize("family", KINDS)
class TestPeople:
    def test_a_room_is_closed_and_opened_in_the_callers_list(self, at: World, family: str) -> None:
        room = room_of(at, family, "bob")
        assert "already open" in str(told(at.bob.post(f"{family}.open", roomId=room["_id"]))[2])
        at.bob.does(f"{family}.close", roomId=room["_id"])
        assert at.bob.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]["open"] is False
        assert "already closed to the sender" in str(told(at.bob.post(f"{family}.close", roomId=room["_id"]))[2])
        at.bob.does(f"{family}.open", roomId=room["_id"])

    def test_people_come_and_go(self, at: World, family: str) -> None:
        room = room_of(at, family, "bob")
        at.alice.does(f"{family}.invite", roomId=room["_id"], userId=at.carol.id)
        people = at.alice.reads(f"{family}.members", roomId=room["_id"])
        assert [each["username"] for each in people["members"]] == ["alice", "bob", "carol"]
        assert at.alice.reads(f"{family}.members", roomId=room["_id"], filter="CAR")["total"] == 1
        at.alice.does(f"{family}.kick", roomId=room["_id"], userId=at.carol.id)
        at.bob.does(f"{family}.leave", roomId=room["_id"])
        last = at.alice.post(f"{family}.leave", roomId=room["_id"])
        assert told(last)[1] == "error-you-are-last-owner"
        assert at.alice.reads("rooms.isMember", roomId=room["_id"], userId=at.bob.id)["isMember"] is False
        assert at.alice.reads("rooms.isMember", roomId=room["_id"], username="alice")["isMember"] is True

    def test_roles_are_given_listed_and_taken(self, at: World, family: str) -> None:
        room = room_of(at, family, "bob")
        for role in ("Moderator", "Leader", "Owner"):
            at.alice.does(f"{family}.add{role}", roomId=room["_id"], userId=at.bob.id)
            again = at.alice.post(f"{family}.add{role}", roomId=room["_id"], userId=at.bob.id)
            assert told(again)[1] == f"error-user-already-{role.lower()}"
        listed = at.alice.reads(f"{family}.roles", roomId=room["_id"])["roles"]
        assert [(each["u"]["username"], each["roles"]) for each in listed] == [
            ("alice", ["owner"]),
            ("bob", ["moderator", "leader", "owner"]),
        ]
        moderators = at.alice.reads(f"{family}.moderators", roomId=room["_id"])["moderators"]
        assert [each["username"] for each in moderators] == ["bob"]
        for role in ("Moderator", "Leader", "Owner"):
            at.alice.does(f"{family}.remove{role}", roomId=room["_id"], userId=at.bob.id)
        assert told(at.alice.post(f"{family}.removeOwner", roomId=room["_id"], userId=at.alice.id))[1] == (
            "error-remove-last-owner"
        )
        assert told(at.bob.post(f"{family}.addOwner", roomId=room["_id"], userId=at.bob.id))[1] == "error-not-allowed"

    def test_counters_count_for_the_caller(self, at: World, family: str) -> None:
        room = room_of(at, family, "bob")
        at.alice.says(room["_id"], "one")
        counted = at.bob.reads(f"{family}.counters", roomId=room["_id"])
        assert (counted["joined"], counted["members"], counted["msgs"]) == (True, 2, 1)
        assert at.bob.get(f"{family}.counters", roomId=room["_id"], userId=at.alice.id).status_code == 403


class TestLists:
    def test_channels_and_groups_are_listed_for_who_may_see_them(self, at: World) -> None:
        channel, group = room_of(at, "channels"), room_of(at, "groups")

        def ids(answer: Json, key: str) -> set[str]:
            return {each["_id"] for each in answer[key]}

        assert channel["_id"] in ids(at.bob.reads("channels.list", count=0), "channels")
        assert channel["_id"] not in ids(at.bob.reads("channels.list.joined", count=0), "channels")
        assert channel["_id"] in ids(at.alice.reads("channels.list.joined", count=0), "channels")
        assert group["_id"] in ids(at.alice.reads("groups.list", count=0), "groups")
        assert group["_id"] not in ids(at.bob.reads("groups.list", count=0), "groups")
        assert group["_id"] in ids(at.admin.reads("groups.listAll", count=0), "groups")
        assert at.bob.get("groups.listAll").status_code == 403

    def test_without_the_permission_only_joined_channels_are_seen(self, at: World) -> None:
        channel = room_of(at, "channels")
        at.state.permissions.assign("view-c-room", ["admin"], at.state.clock.now())
        assert at.bob.get("channels.list").status_code == 403
        assert told(at.bob.get("rooms.info", roomId=channel["_id"]))[2] == "not-allowed"
        assert at.bob.get("channels.messages", roomId=channel["_id"]).status_code == 403
        at.state.permissions.assign("view-c-room", ["admin", "user", "bot", "app", "anonymous"], at.state.clock.now())
        assert at.bob.get("channels.list").status_code == 200

    def test_history_leaves_replies_out_in_channels_alone(self, at: World) -> None:
        for family, seen in (("channels", 1), ("groups", 2)):
            room = room_of(at, family)
            parent = at.alice.says(room["_id"], "parent")
            at.alice.says(room["_id"], "reply", tmid=parent["_id"])
            assert len(at.alice.reads(f"{family}.history", roomId=room["_id"])["messages"]) == seen
            assert len(at.alice.reads(f"{family}.messages", roomId=room["_id"])["messages"]) == 2

    @pytest.mark.parametrize("release", Regime.known())
    def test_lists_of_messages_show_old_texts_until_the_newest_releases(self, release: str) -> None:
        with world(release) as here, here.setting("Message_KeepHistory", value=True):
            for family, room in (("channels", here.alice.channel("kept")), ("groups", here.alice.group("too"))):
                said = here.alice.says(room["_id"], "first")
                here.alice.does("chat.update", roomId=room["_id"], msgId=said["_id"], text="second")
                listed = here.alice.reads(f"{family}.messages", roomId=room["_id"])["messages"]
                texts = ["second"] if release == "8.8" else ["first", "second"]
                assert sorted(each["msg"] for each in listed) == texts
                assert [each.get("parent") for each in listed if each.get("_hidden")] == [said["_id"]] * (
                    len(texts) - 1
                )

    def test_a_group_is_hidden_from_others(self, at: World) -> None:
        group = room_of(at, "groups")
        for action in ("info", "members", "messages", "history", "roles", "moderators", "counters"):
            refused = at.bob.get(f"groups.{action}", roomId=group["_id"])
            assert told(refused)[1] == "error-room-not-found"

    def test_who_is_there_now_is_told(self, at: World) -> None:
        room = room_of(at, "channels", "bob")
        at.bob.does("users.setStatus", status="online")
        assert at.alice.reads("channels.online", _id=room["_id"])["online"] == [{"_id": at.bob.id, "username": "bob"}]
        assert told(at.alice.get("channels.online"))[1] == "error-invalid-query"


class TestRooms:
    def test_a_room_inside_a_team_tells_its_main_room(self, at: World) -> None:
        team = at.alice.does("teams.create", name=f"crew-{at.state.ids.digits(6)}", type=0)["team"]
        room = room_of(at, "channels")
        at.alice.does("teams.addRooms", teamId=team["_id"], rooms=[room["_id"]])
        inside = at.alice.reads("rooms.info", roomId=room["_id"])
        assert inside["team"]["_id"] == team["_id"]
        assert inside["parent"] == {"_id": team["roomId"], "name": team["name"], "fname": team["name"], "t": "c"}
        assert "parent" not in at.alice.reads("rooms.info", roomId=team["roomId"])

    def test_encryption_is_for_groups_and_direct_rooms(self, at: World) -> None:
        group, direct, channel = room_of(at, "groups"), at.alice.direct("bob"), room_of(at, "channels")
        at.alice.does("rooms.saveRoomSettings", rid=group["_id"], encrypted=True)
        at.alice.does("groups.setEncrypted", roomId=group["_id"], encrypted=False)
        assert system_messages(at, group) == [("room_e2e_enabled", ""), ("room_e2e_disabled", "")]
        at.bob.does("rooms.saveRoomSettings", rid=direct["_id"], encrypted=True)
        assert at.alice.reads("rooms.info", roomId=direct["_id"])["room"]["encrypted"] is True
        refused = at.alice.post("rooms.saveRoomSettings", rid=channel["_id"], encrypted=True)
        assert told(refused)[1] == "error-action-not-allowed"
        assert refused.json()["details"]["action"] == "Change_Room_Encrypted"

    @pytest.mark.parametrize(
        ("settings", "code"),
        [
            ({"nonsense": 1}, "error-invalid-settings"),
            ({"default": True}, "error-action-not-allowed"),
            ({"sidepanel": {}}, "error-action-not-allowed"),
            ({"retentionEnabled": True}, "error-action-not-allowed"),
            ({"roomType": "zz"}, "error-invalid-room-type"),
            ({"roomName": "general"}, "error-duplicate-channel-name"),
        ],
    )
    def test_settings_are_refused(self, at: World, settings: dict[str, Any], code: str) -> None:
        room = room_of(at, "channels")
        assert told(at.alice.post("rooms.saveRoomSettings", rid=room["_id"], **settings))[1] == code

    def test_one_refused_setting_leaves_all_as_they_were(self, at: World) -> None:
        room = room_of(at, "channels")
        at.alice.post("rooms.saveRoomSettings", rid=room["_id"], roomTopic="new", default=True)
        assert "topic" not in at.alice.reads("rooms.info", roomId=room["_id"])["room"]

    def test_a_join_code_is_asked_for_and_never_shown(self, at: World) -> None:
        room = room_of(at, "channels")
        at.alice.does("channels.setJoinCode", roomId=room["_id"], joinCode="sesame")
        assert told(at.bob.post("channels.join", roomId=room["_id"]))[1] == "error-code-required"
        at.bob.does("channels.join", roomId=room["_id"], joinCode="sesame")
        shown = at.bob.reads("rooms.info", roomId=room["_id"])["room"]
        assert "joinCode" not in shown
        assert shown["joinCodeRequired"] is True

    def test_a_default_channel_takes_new_people_in(self, at: World) -> None:
        room = room_of(at, "channels")
        at.admin.does("channels.setDefault", roomId=room["_id"], default=True)
        at.admin.post("channels.setDefault", roomId=room["_id"], default=True)
        person = at.person(f"new.{at.state.ids.digits(5)}")
        assert person.reads("subscriptions.getOne", roomId=room["_id"])["subscription"] is not None
        at.admin.does("rooms.saveRoomSettings", rid=room["_id"], default=False)
        person.session.close()

    def test_discussions_are_listed(self, at: World) -> None:
        room = room_of(at, "channels")
        at.alice.does("rooms.createDiscussion", prid=room["_id"], t_name="about it")
        listed = at.alice.reads("rooms.getDiscussions", roomId=room["_id"])
        assert [each["fname"] for each in listed["discussions"]] == ["about it"]
        group = room_of(at, "groups")
        assert told(at.bob.get("rooms.getDiscussions", roomId=group["_id"])) == (400, "Not Allowed", "not-allowed")

    def test_what_later_releases_add_is_unknown_before(self, at: World) -> None:
        room = room_of(at, "channels", "bob")
        if not at.state.regime.at_least("8.0"):
            assert "json" not in at.alice.get("rooms.roles", rid=room["_id"]).headers["content-type"]
            return
        assert at.alice.reads("rooms.roles", rid=room["_id"])["roles"][0]["roles"] == ["owner"]
        ordered = at.alice.reads("rooms.membersOrderedByRole", roomId=room["_id"])["members"]
        assert [each["username"] for each in ordered] == ["alice", "bob"]
        at.bob.does("rooms.hide", roomId=room["_id"])
        assert at.bob.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]["open"] is False
        at.bob.does("rooms.open", roomId=room["_id"])
        assert at.carol.post("rooms.hide", roomId="x").status_code == 403

    def test_a_room_is_noted_as_unread_again(self, at: World) -> None:
        room = room_of(at, "channels", "bob")
        first = at.alice.says(room["_id"], "one")
        at.bob.does("subscriptions.read", rid=room["_id"])
        at.bob.does("subscriptions.unread", firstUnreadMessage={"_id": first["_id"]})
        place = at.bob.reads("subscriptions.getOne", roomId=room["_id"])["subscription"]
        assert (place["alert"], place["ls"]) == (True, first["ts"])
        assert told(at.alice.post("subscriptions.unread", firstUnreadMessage={"_id": first["_id"]}))[1] == (
            "error-action-not-allowed"
        )
        empty = room_of(at, "groups")
        refused = at.alice.post("subscriptions.unread", roomId=empty["_id"])
        assert told(refused)[1] == "error-no-message-for-unread"


class TestTeams:
    def team(self, at: World, kind: int = 0) -> Json:
        return at.alice.does("teams.create", name=f"team-{at.state.ids.digits(8)}", type=kind)["team"]

    def test_people_come_and_go(self, at: World) -> None:
        team = self.team(at)
        member = {"userId": at.bob.id, "roles": ["moderator"]}
        at.alice.does("teams.addMembers", teamId=team["_id"], members=[member])
        people = at.bob.reads("teams.members", teamName=team["name"])["members"]
        assert [(each["user"]["username"], each["roles"]) for each in people] == [
            ("alice", ["owner"]),
            ("bob", ["moderator"]),
        ]
        assert [each["_id"] for each in at.bob.reads("teams.list", count=0)["teams"]][-1:] == [team["_id"]]
        assert at.carol.post("teams.addMembers", teamId=team["_id"], members=[member]).status_code == 403
        at.bob.does("teams.leave", teamId=team["_id"])
        last = at.alice.post("teams.leave", teamId=team["_id"])
        assert told(last)[2] == "last-owner-can-not-be-removed"
        refused = at.alice.post("teams.removeMember", teamId=team["_id"], userId=at.bob.id)
        assert told(refused)[2] == "member-does-not-exist"

    def test_rooms_come_and_go(self, at: World) -> None:
        team, room = self.team(at), room_of(at, "channels")
        at.alice.does("teams.addRooms", teamId=team["_id"], rooms=[room["_id"]])
        listed = at.alice.reads("teams.listRooms", teamId=team["_id"])["rooms"]
        assert [each["_id"] for each in listed] == [room["_id"]]
        removed = at.alice.does("teams.removeRoom", teamId=team["_id"], roomId=room["_id"])["room"]
        assert "teamId" not in removed

    def test_a_private_team_is_hidden_from_others(self, at: World) -> None:
        team = self.team(at, kind=1)
        assert at.bob.get("teams.info", teamId=team["_id"]).status_code == 403
        assert at.admin.reads("teams.info", teamId=team["_id"])["teamInfo"]["type"] == 1
        assert told(at.bob.get("teams.info", teamId="x"))[2] == "team-does-not-exist"
        assert at.bob.get("teams.listAll").status_code == 403
        assert at.admin.reads("teams.listAll", count=0)["total"] >= 1


class TestRoles:
    def test_all_roles_are_listed(self, at: World) -> None:
        listed = {each["_id"]: each for each in at.alice.reads("roles.list")["roles"]}
        assert (listed["admin"]["scope"], listed["owner"]["scope"]) == ("Users", "Subscriptions")
        assert set(listed["user"]) == {"_id", "scope", "description", "mandatory2fa", "name", "protected"}

    def test_a_role_of_the_workspace_takes_effect_at_once(self, at: World) -> None:
        assert at.carol.get("groups.listAll").status_code == 403
        at.admin.does("roles.addUserToRole", roleId="admin", username="carol")
        assert at.carol.get("groups.listAll").status_code == 200
        assert told(at.admin.post("roles.addUserToRole", roleId="admin", username="carol"))[1] == (
            "error-user-already-in-role"
        )
        holding = at.admin.reads("roles.getUsersInRole", role="admin")["users"]
        assert [each["username"] for each in holding] == ["admin", "carol"]
        at.admin.does("roles.removeUserFromRole", roleId="admin", username="carol")
        last = at.admin.post("roles.removeUserFromRole", roleId="admin", username="admin")
        assert told(last)[1] == "error-admin-required"

    def test_a_role_in_a_room_is_given_there(self, at: World) -> None:
        room = room_of(at, "channels", "bob")
        at.admin.does("roles.addUserToRole", roleId="moderator", username="bob", roomId=room["_id"])
        assert at.alice.reads("channels.moderators", roomId=room["_id"])["moderators"][0]["username"] == "bob"
        at.admin.does("roles.removeUserFromRole", roleId="moderator", username="bob", roomId=room["_id"])

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({}, "error-invalid-role-properties"),
            ({"username": "bob"}, None),
            ({"username": "bob", "roleId": "x"}, "error-role-not-found"),
            ({"username": "nobody", "roleId": "bot"}, "error-invalid-user"),
            ({"username": "bob", "roleId": "bot"}, "error-action-not-allowed"),
        ],
    )
    def test_what_is_no_role_is_refused(self, at: World, body: dict[str, str], code: str | None) -> None:
        assert told(at.alice.post("roles.addUserToRole", **body))[:2] == (400, code)


class TestTheRest:
    def test_own_emoji_are_listed(self, at: World) -> None:
        assert at.alice.reads("emoji-custom.list") == {"emojis": {"update": [], "remove": []}, "success": True}
        assert told(at.alice.get("emoji-custom.list", updatedSince="x"))[1] == "error-roomId-param-invalid"

    def test_the_edition_is_told(self, at: World) -> None:
        assert at.alice.reads("licenses.isEnterprise")["isEnterprise"] is True
        assert at.alice.reads("licenses.info")["license"]["activeModules"]
        with world("8.0", edition="community") as free:
            assert free.alice.reads("licenses.isEnterprise")["isEnterprise"] is False
            assert free.alice.reads("licenses.info")["license"]["activeModules"] == []

    def test_settings_are_listed_for_administrators(self, at: World) -> None:
        listed = at.admin.reads("settings", count=0)["settings"]
        assert {"_id": "Threads_enabled", "value": True} in listed
        assert at.alice.get("settings").status_code == 403

    def test_passwords_are_never_shown(self, at: World) -> None:
        for name, query in (("users.list", {}), ("users.info", {"userId": at.bob.id}), ("me", {})):
            for who in (at.admin, at.bob):
                assert PASSWORD not in who.get(name, **query).text
                assert "bcrypt" not in who.get(name, **query).text
