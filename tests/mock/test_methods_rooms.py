"""Methods about rooms and the caller's own place in them."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.mock.talk import Talk, talk
from tests.mock.world import World, world

_NUMBERS = count(1)


@pytest.fixture(scope="module", params=["6.14", "8.0", "8.8"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as given:
        yield given


@pytest.fixture(scope="module")
def alice(here: World) -> Iterator[Talk]:
    with talk(here, here.alice) as talking:
        yield talking


@pytest.fixture(scope="module")
def bob(here: World) -> Iterator[Talk]:
    with talk(here, here.bob) as talking:
        yield talking


@pytest.fixture(scope="module")
def carol(here: World) -> Iterator[Talk]:
    with talk(here, here.carol) as talking:
        yield talking


@pytest.fixture(scope="module")
def admin(here: World) -> Iterator[Talk]:
    with talk(here, here.admin) as talking:
        yield talking


@pytest.fixture(scope="module")
def nobody(here: World) -> Iterator[Talk]:
    with talk(here) as talking:
        yield talking


@pytest.fixture
def channel(here: World) -> str:
    return str(here.alice.channel(f"channel-{next(_NUMBERS)}", "bob")["_id"])


@pytest.fixture
def group(here: World) -> str:
    return str(here.alice.group(f"group-{next(_NUMBERS)}", "bob")["_id"])


@pytest.fixture
def direct(here: World) -> str:
    return str(here.alice.direct("bob")["_id"])


def refused(talking: Talk, method: str, *params: Any) -> tuple[Any, str | None, Any]:
    error = talking.error(method, *params)
    assert error["isClientSafe"] is True
    assert error["errorType"] == "Meteor.Error"
    return error["error"], error.get("reason"), error.get("details")


def place(here: World, room: str, person: str = "alice") -> dict[str, Any]:
    user = here.state.users.named(person)
    assert user is not None
    return here.state.subscriptions.get(room, user["_id"]) or {}


TAKING_A_ROOM = (
    "getRoomById",
    "getRoomNameById",
    "archiveRoom",
    "unarchiveRoom",
    "toggleFavorite",
    "hideRoom",
    "openRoom",
    "leaveRoom",
    "joinRoom",
    "eraseRoom",
    "loadHistory",
    "readMessages",
)


@pytest.mark.parametrize("method", TAKING_A_ROOM)
@pytest.mark.parametrize("params", [(), (None,), (5,), (True,), ({"$ne": None},), (["x"],)])
def test_a_room_id_must_be_a_text(alice: Talk, method: str, params: tuple[Any, ...]) -> None:
    assert refused(alice, method, *params) == (400, "Match failed", None)


@pytest.mark.parametrize("method", TAKING_A_ROOM)
def test_who_is_not_logged_in_is_refused(nobody: Talk, channel: str, method: str) -> None:
    named = "getRoomNameById" if method == "getRoomById" else method
    assert refused(nobody, method, channel) == ("error-invalid-user", "Invalid user", {"method": named})


@pytest.mark.parametrize("method", ["archiveRoom", "unarchiveRoom", "leaveRoom", "joinRoom", "eraseRoom"])
@pytest.mark.parametrize("room", ["", "unknown"])
def test_an_unknown_room_is_invalid(alice: Talk, method: str, room: str) -> None:
    assert refused(alice, method, room) == ("error-invalid-room", "Invalid room", {"method": method})


class TestReading:
    def test_rooms_are_a_list_and_with_a_date_what_changed(self, here: World, alice: Talk, channel: str) -> None:
        mine = alice.result("rooms/get")
        assert channel in {room["_id"] for room in mine}
        assert alice.result("rooms/get", None) == alice.result("rooms/get", "2020-01-01") == mine
        assert alice.result("rooms/get", 5, "extra") == mine
        changed = alice.result("rooms/get", {"$date": 0})
        assert {room["_id"] for room in changed["update"]} == {room["_id"] for room in mine}
        removed = here.alice.channel(f"gone-{next(_NUMBERS)}")["_id"]
        assert alice.result("eraseRoom", removed) is True
        assert removed in {each["_id"] for each in alice.result("rooms/get", {"$date": 0})["remove"]}
        assert alice.result("rooms/get", {"$date": 9999999999999}) == {"update": [], "remove": []}

    def test_nobody_has_no_rooms_unless_anybody_may_read(self, here: World, nobody: Talk) -> None:
        assert nobody.result("rooms/get") == []
        with here.setting("Accounts_AllowAnonymousRead", value=True):
            assert [room["_id"] for room in nobody.result("rooms/get")] == ["GENERAL"]

    def test_a_room_is_given_whole(self, here: World, alice: Talk, carol: Talk, channel: str) -> None:
        here.alice.does("rooms.saveRoomSettings", rid=channel, joinCode="sesame")
        room = alice.result("getRoomById", channel)
        assert (room["_id"], room["t"], room["usersCount"], room["joinCode"]) == (channel, "c", 2, "sesame")
        assert carol.result("getRoomById", channel, "extra")["_id"] == channel

    def test_a_room_one_may_not_see_is_refused(self, carol: Talk, admin: Talk, group: str) -> None:
        for outsider in (carol, admin):
            assert refused(outsider, "getRoomById", group) == (
                "error-not-allowed",
                "Not allowed",
                {"method": "getRoomById"},
            )
            assert refused(outsider, "getRoomNameById", group)[2] == {"method": "getRoomNameById"}

    def test_an_unknown_room_names_the_other_method(self, alice: Talk) -> None:
        assert refused(alice, "getRoomById", "unknown")[2] == {"method": "getRoomNameById"}
        assert refused(alice, "getRoomNameById", "")[0] == "error-not-allowed"

    def test_the_name_of_a_room_is_a_text_and_of_a_direct_room_absent(
        self, here: World, alice: Talk, channel: str, direct: str
    ) -> None:
        room = here.state.rooms.get(channel)
        assert room is not None
        assert alice.result("getRoomNameById", channel) == room["name"]
        assert "result" not in alice.call("getRoomNameById", direct)


class TestMaking:
    def test_a_direct_room_is_opened_and_opened_again(self, here: World, alice: Talk) -> None:
        made = alice.result("createDirectMessage", "carol")
        assert made == {"t": "d", "rid": made["rid"], "usernames": ["alice", "carol"]}
        assert alice.result("createDirectMessage", "carol") == made
        assert made["rid"] == here.alice.direct("carol")["rid"]
        assert alice.result("createDirectMessage")["usernames"] == ["alice"]
        assert alice.result("createDirectMessage", "bob", "carol")["usernames"] == ["alice", "bob", "carol"]

    def test_a_direct_room_is_refused(self, alice: Talk, nobody: Talk) -> None:
        assert refused(alice, "createDirectMessage", "nosuch") == (
            "error-invalid-user",
            "Invalid user",
            {"method": "createDirectMessage"},
        )
        assert refused(alice, "createDirectMessage", "")[0] == 500
        assert refused(alice, "createDirectMessage", "bob", 5)[0] == 400
        assert refused(nobody, "createDirectMessage", "bob")[0] == 400

    @pytest.mark.parametrize(("method", "kind"), [("createChannel", "c"), ("createPrivateGroup", "p")])
    def test_a_room_is_given_as_it_was_born(self, here: World, alice: Talk, method: str, kind: str) -> None:
        name = f"born-{next(_NUMBERS)}"
        made = alice.result(method, name, ["bob", "nosuch"], True, {"a": 1}, {"topic": "t", "encrypted": False})  # noqa: FBT003 - clients send it
        expected = {"inserted": True, "name": name, "fname": name, "t": kind, "msgs": 0, "usersCount": 0, "ro": True}
        assert {key: made[key] for key in expected} == expected
        assert made["rid"] == made["_id"]
        assert (made["topic"], made["customFields"], made["u"]["username"]) == ("t", {"a": 1}, "alice")
        assert here.bob.reads("rooms.info", roomId=made["_id"])["room"]["usersCount"] == 2

    @pytest.mark.parametrize("method", ["createChannel", "createPrivateGroup"])
    @pytest.mark.parametrize("params", [(), (None, []), (5, []), ("x", "bob"), ("x", [5]), ("x", None), ("x", {})])
    def test_name_and_members_have_types(self, alice: Talk, method: str, params: tuple[Any, ...]) -> None:
        assert refused(alice, method, *params)[0] == 400

    def test_a_room_is_refused_by_its_name(self, alice: Talk, channel: str) -> None:
        name = alice.result("getRoomNameById", channel)
        details = {"function": "RocketChat.getValidRoomName", "channel_name": name}
        taken = ("error-duplicate-channel-name", f"A channel with name '{name}' exists", details)
        assert refused(alice, "createPrivateGroup", name, []) == taken
        assert refused(alice, "createChannel", "has spaces !", [])[0] == "error-invalid-room-name"
        assert refused(alice, "createChannel", "", [])[0] == "error-invalid-name"

    def test_who_is_not_logged_in_makes_no_room(self, nobody: Talk) -> None:
        details = {"method": "createPrivateGroup"}
        assert refused(nobody, "createPrivateGroup", "x", []) == ("error-invalid-user", "Invalid user", details)

    def test_only_who_may_delete_erases(self, bob: Talk, alice: Talk, channel: str, direct: str) -> None:
        not_allowed = ("error-not-allowed", "Not allowed", {"method": "eraseRoom"})
        assert refused(bob, "eraseRoom", channel) == not_allowed
        assert refused(alice, "eraseRoom", direct) == not_allowed


class TestArchive:
    def test_a_room_is_archived_and_repeating_it_is_no_error(self, here: World, alice: Talk, channel: str) -> None:
        for _ in range(2):
            assert "result" not in alice.call("archiveRoom", channel)
        assert place(here, channel, "bob")["open"] is False
        assert place(here, channel, "bob")["archived"] is True

    def test_only_administrators_take_it_out_again(self, here: World, alice: Talk, admin: Talk, channel: str) -> None:
        alice.result("archiveRoom", channel)
        not_authorized = ("error-not-authorized", "Not authorized", {"method": "unarchiveRoom"})
        assert refused(alice, "unarchiveRoom", channel) == not_authorized
        assert "result" not in admin.call("unarchiveRoom", channel)
        assert here.alice.reads("rooms.info", roomId=channel)["room"]["archived"] is False

    def test_members_and_direct_rooms_are_refused(self, alice: Talk, bob: Talk, channel: str, direct: str) -> None:
        details = {"method": "archiveRoom"}
        assert refused(bob, "archiveRoom", channel) == ("error-not-authorized", "Not authorized", details)
        reason = "rooms type: d can not be archived"
        assert refused(alice, "archiveRoom", direct) == ("error-direct-message-room", reason, details)


class TestSettings:
    @pytest.mark.parametrize("changes", [("roomTopic", "weather"), ({"roomTopic": "weather"},)])
    def test_a_setting_is_saved(self, here: World, alice: Talk, channel: str, changes: tuple[Any, ...]) -> None:
        assert alice.result("saveRoomSettings", channel, *changes) == {"result": True, "rid": channel}
        assert here.bob.reads("rooms.info", roomId=channel)["room"]["topic"] == "weather"

    @pytest.mark.parametrize("room", [None, 5, {"$ne": None}, ["x"], "unknown"])
    def test_an_unknown_room_is_invalid_whatever_it_is(self, alice: Talk, room: Any) -> None:
        details = {"method": "saveRoomSettings"}
        expected = ("error-invalid-room", "Invalid room", details)
        assert refused(alice, "saveRoomSettings", room, "roomTopic", "x") == expected

    @pytest.mark.parametrize("setting", [5, True, ["x"], "bogus", {"bogus": 1}])
    def test_an_unknown_setting_is_invalid(self, alice: Talk, channel: str, setting: Any) -> None:
        reason = "Invalid settings provided"
        expected = ("error-invalid-settings", reason, {"method": "saveRoomSettings"})
        assert refused(alice, "saveRoomSettings", channel, setting, "x") == expected

    def test_no_setting_at_all_is_invalid_and_null_is_a_crash(self, alice: Talk, nobody: Talk, channel: str) -> None:
        assert refused(alice, "saveRoomSettings", channel)[0] == "error-invalid-settings"
        assert refused(alice, "saveRoomSettings", channel, None, "x")[0] == 500
        details = {"function": "RocketChat.saveRoomName"}
        assert refused(nobody, "saveRoomSettings", channel, "roomTopic", "x")[2] == details

    def test_who_may_not_edit_is_refused(self, bob: Talk, alice: Talk, channel: str) -> None:
        details = {"method": "saveRoomSettings", "action": "Editing_room"}
        expected = ("error-action-not-allowed", "Editing room is not allowed", details)
        assert refused(bob, "saveRoomSettings", channel, "roomTopic", "x") == expected
        viewing = refused(alice, "saveRoomSettings", channel, "default", True)  # noqa: FBT003 - clients send it
        assert viewing[1] == "Viewing room administration is not allowed"


class TestOwnPlace:
    def test_a_favourite_is_counted_also_on_repeat(self, here: World, alice: Talk, channel: str) -> None:
        for params, kept in (((), True), ((True,), True), ((False,), False)):
            assert alice.result("toggleFavorite", channel, *params) == 1
            assert place(here, channel)["f"] is kept

    @pytest.mark.parametrize("wanted", [None, "x", 1, {"$ne": None}, ["x"]])
    def test_a_favourite_is_a_truth_value(self, alice: Talk, channel: str, wanted: Any) -> None:
        assert refused(alice, "toggleFavorite", channel, wanted)[0] == 400

    def test_only_members_have_favourites(self, carol: Talk, channel: str) -> None:
        reason = "You must be part of a room to favorite it"
        expected = ("error-invalid-subscription", reason, {"method": "toggleFavorite"})
        assert refused(carol, "toggleFavorite", channel) == expected
        assert refused(carol, "toggleFavorite", "unknown") == expected

    def test_a_room_is_hidden_and_shown(self, here: World, alice: Talk, channel: str) -> None:
        for method, is_open in (("hideRoom", False), ("hideRoom", False), ("openRoom", True), ("openRoom", True)):
            assert alice.result(method, channel) == 1
            assert place(here, channel)["open"] is is_open

    def test_who_is_not_in_a_room_hides_nothing(self, carol: Talk, channel: str) -> None:
        assert [carol.result(method, room) for method in ("hideRoom", "openRoom") for room in (channel, "")] == [0] * 4

    def test_joining_is_told_once(self, here: World, carol: Talk, channel: str) -> None:
        assert carol.result("joinRoom", channel) is True
        assert "result" not in carol.call("joinRoom", channel)
        assert place(here, channel, "carol")["alert"] is True

    def test_joining_may_need_a_code_and_never_works_in_private(
        self, here: World, carol: Talk, channel: str, group: str
    ) -> None:
        here.alice.does("rooms.saveRoomSettings", rid=channel, joinCode="sesame")
        assert refused(carol, "joinRoom", channel)[0] == "error-code-required"
        assert carol.result("joinRoom", channel, "sesame") is True
        assert refused(carol, "joinRoom", group)[0] == "error-not-allowed"

    def test_leaving(self, here: World, bob: Talk, channel: str) -> None:
        assert "result" not in bob.call("leaveRoom", channel)
        assert place(here, channel, "bob") == {}

    def test_leaving_is_refused(self, alice: Talk, carol: Talk, channel: str, direct: str) -> None:
        details = {"method": "leaveRoom"}
        reason = "You are the last owner. Please set new owner before leaving the room."
        assert refused(alice, "leaveRoom", channel) == ("error-you-are-last-owner", reason, details)
        not_in = ("error-user-not-in-room", "You are not in this room", details)
        assert refused(carol, "leaveRoom", channel) == not_in
        assert refused(alice, "leaveRoom", direct) == ("error-not-allowed", "Not allowed", details)
