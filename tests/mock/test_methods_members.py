"""Methods about the people in a room."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.mock.talk import Talk, talk
from tests.mock.world import World, world

_NUMBERS = count(1)


@pytest.fixture(scope="module", params=["6.14", "8.0"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as given:
        yield given


@pytest.fixture(scope="module")
def voices(here: World) -> Iterator[dict[str, Talk]]:
    everybody = {"alice": here.alice, "bob": here.bob, "carol": here.carol, "admin": here.admin, "nobody": None}
    made = {name: talk(here, person) for name, person in everybody.items()}
    yield made
    for voice in made.values():
        voice.__exit__(None, None, None)


@pytest.fixture
def channel(here: World) -> str:
    return str(here.alice.channel(f"channel-{next(_NUMBERS)}", "bob")["_id"])


def refused(talking: Talk, method: str, *params: Any) -> tuple[Any, str | None, Any]:
    error = talking.error(method, *params)
    return error["error"], error.get("reason"), error.get("details")


def last_said(here: World, room: str) -> tuple[str | None, str, str]:
    message = here.state.messages.of_room(room)[-1]
    return message.get("t"), message["msg"], message["u"]["username"]


def roles(here: World, room: str, user_id: str) -> list[str]:
    subscription = here.state.subscriptions.get(room, user_id)
    return list((subscription or {}).get("roles", []))


ADDING = {"method": "addUsersToRoom"}


class TestAdding:
    def test_who_is_added_alone_is_said_to_have_joined(
        self, here: World, voices: dict[str, Talk], channel: str
    ) -> None:
        adding = {"rid": channel, "username": "carol"}
        for _ in range(2):
            assert "result" not in voices["alice"].call("addUserToRoom", adding)
        assert last_said(here, channel) == ("uj", "carol", "carol")
        assert here.state.subscriptions.get(channel, here.carol.id) is not None

    def test_who_are_added_together_are_said_to_have_been_added(
        self, here: World, voices: dict[str, Talk], channel: str
    ) -> None:
        assert voices["alice"].result("addUsersToRoom", {"rid": channel, "users": ["bob", "carol"]}) is True
        assert last_said(here, channel) == ("au", "carol", "alice")
        room = here.state.rooms.get(channel)
        assert room is not None
        assert room["usersCount"] == 3

    @pytest.mark.parametrize("who", ["bob", "carol"])
    def test_members_and_outsiders_may_not_add(self, voices: dict[str, Talk], channel: str, who: str) -> None:
        expected = ("error-not-allowed", "Not allowed", ADDING)
        assert refused(voices[who], "addUserToRoom", {"rid": channel, "username": "admin"}) == expected
        assert refused(voices[who], "addUsersToRoom", {"rid": channel, "users": ["admin"]}) == expected

    @pytest.mark.parametrize("data", ["x", {"$ne": None}, {"username": "bob"}, {"rid": {"$ne": None}}, {"rid": ""}])
    def test_an_unknown_room_is_invalid(self, voices: dict[str, Talk], data: Any) -> None:
        for method in ("addUserToRoom", "addUsersToRoom"):
            assert refused(voices["alice"], method, data) == ("error-invalid-room", "Invalid room", ADDING)

    def test_nobody_can_be_added_to_two(self, here: World, voices: dict[str, Talk]) -> None:
        direct = here.alice.direct("bob")["rid"]
        reason = "Can't invite user to direct rooms"
        expected = ("error-cant-invite-for-direct-room", reason, ADDING)
        assert refused(voices["alice"], "addUserToRoom", {"rid": direct, "username": "carol"}) == expected

    def test_names_must_be_names_of_somebody(self, voices: dict[str, Talk], channel: str) -> None:
        alice = voices["alice"]
        for name in (None, 5, ""):
            assert refused(alice, "addUserToRoom", {"rid": channel, "username": name})[0] == 500
        assert refused(alice, "addUserToRoom", {"rid": channel, "username": "nosuch"})[0] == "error-invalid-username"
        wrong: tuple[Any, ...] = (None, "x", {})
        for users in wrong:
            assert refused(alice, "addUsersToRoom", {"rid": channel, "users": users})[0] == "error-invalid-arguments"
        for method in ("addUserToRoom", "addUsersToRoom"):
            assert refused(alice, method)[0] == 500
            assert refused(voices["nobody"], method, {"rid": channel})[0] == "error-invalid-user"


class TestRoles:
    @pytest.mark.parametrize("role", ["owner", "moderator", "leader"])
    def test_a_role_is_given_and_taken(self, here: World, voices: dict[str, Talk], channel: str, role: str) -> None:
        alice = voices["alice"]
        assert alice.result(f"addRoom{role.title()}", channel, here.bob.id) is True
        assert roles(here, channel, here.bob.id) == [role]
        assert last_said(here, channel) == ("subscription-role-added", "bob", "alice")
        article = "an" if role == "owner" else "a"
        again = refused(alice, f"addRoom{role.title()}", channel, here.bob.id)
        assert again[:2] == (f"error-user-already-{role}", f"User is already {article} {role}")
        assert alice.result(f"removeRoom{role.title()}", channel, here.bob.id) is True
        assert roles(here, channel, here.bob.id) == []

    @pytest.mark.parametrize("method", ["addRoomOwner", "addRoomModerator", "addRoomLeader", "removeRoomOwner"])
    def test_who_may_not_is_refused(self, here: World, voices: dict[str, Talk], channel: str, method: str) -> None:
        details = {"method": method}
        bob, alice, nobody = voices["bob"], voices["alice"], voices["nobody"]
        assert refused(bob, method, channel, here.bob.id) == ("error-not-allowed", "Not allowed", details)
        assert refused(nobody, method, channel, here.bob.id) == ("error-invalid-user", "Invalid user", details)
        assert refused(alice, method, channel, "bob") == ("error-invalid-user", "Invalid user", details)
        outside = ("error-user-not-in-room", "User is not in this room", details)
        assert refused(alice, method, channel, here.carol.id) == outside
        for params in ((), (channel,), (5, "x"), (channel, None), (channel, ["x"])):
            assert refused(alice, method, *params) == (400, "Match failed", None)

    def test_an_unknown_room_is_invalid_but_for_leaders(self, here: World, voices: dict[str, Talk]) -> None:
        alice, admin = voices["alice"], voices["admin"]
        for method in ("addRoomOwner", "addRoomModerator", "removeRoomModerator"):
            assert refused(alice, method, "unknown", here.bob.id)[0] == "error-invalid-room"
        assert refused(alice, "addRoomLeader", "unknown", here.bob.id)[0] == "error-not-allowed"
        assert refused(admin, "addRoomLeader", "unknown", here.bob.id)[0] == "error-user-not-in-room"


class TestWhatWasRemoved:
    @pytest.mark.parametrize("method", ["muteUserInRoom", "unmuteUserInRoom", "getRoomRoles", "getUserRoles"])
    def test_newer_releases_no_longer_have_the_method(
        self, here: World, voices: dict[str, Talk], channel: str, method: str
    ) -> None:
        gone = refused(voices["alice"], method, channel)[0] == 404 if here.state.regime.at_least("8.0") else False
        assert gone is here.state.regime.at_least("8.0")

    def test_muting_is_enforced(self, here: World, voices: dict[str, Talk], channel: str) -> None:
        if here.state.regime.at_least("8.0"):
            assert refused(voices["alice"], "muteUserInRoom", {})[1] == "Method 'muteUserInRoom' not found"
            return
        alice, meant = voices["alice"], {"rid": channel, "username": "bob"}
        for _ in range(2):
            assert alice.result("muteUserInRoom", meant) is True
        assert here.bob.post("chat.sendMessage", message={"rid": channel, "msg": "x"}).status_code == 400
        assert alice.result("unmuteUserInRoom", meant) is True
        assert here.bob.says(channel, "x")["msg"] == "x"


@pytest.fixture(scope="module")
def older() -> Iterator[World]:
    with world("6.14") as given:
        yield given


class TestOlderReleases:
    def test_muting_is_refused(self, older: World) -> None:
        channel = older.alice.channel("quiet", "bob")["_id"]
        meant = {"rid": channel, "username": "bob"}
        with (
            talk(older, older.alice) as alice,
            talk(older, older.bob) as bob,
            talk(older, older.admin) as admin,
            talk(older) as nobody,
        ):
            for method in ("muteUserInRoom", "unmuteUserInRoom"):
                details = {"method": method}
                assert refused(bob, method, meant) == ("error-not-allowed", "Not allowed", details)
                assert refused(alice, method, {"rid": "x", "username": "bob"})[0] == "error-not-allowed"
                assert refused(admin, method, {"rid": "x", "username": "bob"})[0] == "error-invalid-room"
                for name in ("carol", "nosuch", ""):
                    outside = ("error-user-not-in-room", "User is not in this room", details)
                    assert refused(alice, method, {**meant, "username": name}) == outside
                for data in (None, 5, "x", {}, {"rid": channel}, {**meant, "rid": 1}, {**meant, "username": None}):
                    assert refused(alice, method, data) == (400, "Match failed", None)
            direct = older.alice.direct("bob")["rid"]
            reason = "d is not a valid room type"
            details = {"method": "muteUserInRoom", "type": "d"}
            told = refused(admin, "muteUserInRoom", {"rid": direct, "username": "bob"})
            assert told == ("error-invalid-room-type", reason, details)
            assert refused(nobody, "muteUserInRoom", meant)[0] == "error-invalid-user"
            assert refused(nobody, "unmuteUserInRoom", meant)[0] == "error-not-allowed"

    def test_roles_are_listed_by_username(self, older: World) -> None:
        channel = older.bob.channel("council", "alice")["_id"]
        older.bob.does("channels.addModerator", roomId=channel, userId=older.alice.id)
        with talk(older, older.carol) as carol:
            told = carol.result("getRoomRoles", channel)
            assert [(each["u"], each["roles"], each["rid"]) for each in told] == [
                ({"_id": older.alice.id, "username": "alice"}, ["moderator"], channel),
                ({"_id": older.bob.id, "username": "bob"}, ["owner"], channel),
            ]
            with older.setting("UI_Use_Real_Name", value=True):
                assert carol.result("getRoomRoles", channel)[0]["u"]["name"] == "Alice"
            assert carol.result("getUserRoles") == [{"_id": older.admin.id, "username": "admin", "roles": ["admin"]}]
            secret = older.bob.group("secret")["_id"]
            assert refused(carol, "getRoomRoles", secret)[0] == "error-invalid-user"
            assert refused(carol, "getRoomRoles", "unknown")[0] == "error-invalid-room"
            assert refused(carol, "getRoomRoles", [channel])[0] == 400
        with talk(older, older.alice) as alice:
            assert alice.result("getRoomRoles", older.alice.direct("bob")["rid"]) == []
