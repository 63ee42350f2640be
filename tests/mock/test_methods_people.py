"""Methods about people, and about what clients keep a copy of."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock.talk import Talk, talk
from tests.mock.world import World, world


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with world() as given:
        yield given


@pytest.fixture(scope="module")
def alice(here: World) -> Iterator[Talk]:
    with talk(here, here.alice) as talking:
        yield talking


@pytest.fixture(scope="module")
def nobody(here: World) -> Iterator[Talk]:
    with talk(here) as talking:
        yield talking


def test_a_status_is_set_and_shown_over_rest(here: World, alice: Talk, nobody: Talk) -> None:
    assert "result" not in alice.call("setUserStatus", "away", "at lunch")
    shown = here.bob.reads("users.info", userId=here.alice.id)["user"]
    assert (shown["status"], shown["statusText"]) == ("away", "at lunch")
    assert "result" not in alice.call("setUserStatus", "nonsense")
    assert here.bob.reads("users.info", userId=here.alice.id)["user"]["status"] == "away"
    assert alice.error("setUserStatus", "away", ["brb"])["error"] == 400
    assert nobody.error("setUserStatus", "away")["details"] == {"method": "setUserStatus"}


@pytest.mark.parametrize(
    ("call", "status"),
    [
        (("UserPresence:online",), "online"),
        (("UserPresence:away",), "away"),
        (("UserPresence:setDefaultStatus", "busy"), "busy"),
    ],
)
def test_presence_follows_the_connection(
    here: World, alice: Talk, nobody: Talk, call: tuple[str, ...], status: str
) -> None:
    assert alice.result(*call) is True
    assert here.bob.reads("users.info", userId=here.alice.id)["user"]["status"] == status
    assert nobody.result(*call) is None


def test_me_tells_of_presence_once_there_was_some(here: World) -> None:
    with talk(here, here.carol) as carol:
        told = {"statusConnection", "statusDefault", "utcOffset"}
        assert told.isdisjoint(here.carol.reads("me"))
        carol.result("UserPresence:away")
        carol.call("userSetUtcOffset", 2)
        me = here.carol.reads("me")
        assert {key: me[key] for key in told} == {"statusConnection": "away", "statusDefault": "online", "utcOffset": 2}
        carol.result("UserPresence:setDefaultStatus", "busy")
        me = here.carol.reads("me")
        assert (me["status"], me["statusConnection"], me["statusDefault"]) == ("busy", "away", "busy")


def test_the_offset_of_a_clock_is_noted_and_shown_to_members(here: World, alice: Talk, nobody: Talk) -> None:
    room = here.bob.direct("alice")
    assert "result" not in alice.call("userSetUtcOffset", -3.5)
    (member,) = here.bob.reads("dm.members", roomId=room["_id"], filter="alice")["members"]
    assert member["utcOffset"] == -3.5
    for wrong in ("3", True, None):
        assert alice.error("userSetUtcOffset", wrong)["error"] == 400
    assert "result" not in nobody.call("userSetUtcOffset", 1)


class TestSpotlight:
    def test_people_and_rooms_are_found(self, here: World, alice: Talk) -> None:
        here.bob.channel("bobsled")
        told = alice.result("spotlight", "bob")
        assert [(each["username"], each["outside"]) for each in told["users"]] == [("bob", True)]
        assert [each["name"] for each in told["rooms"]] == ["bobsled"]
        assert alice.result("spotlight", "@bob")["rooms"] == []
        assert alice.result("spotlight", "#bob")["users"] == []

    def test_private_rooms_and_those_one_is_in_are_not_found(self, here: World, alice: Talk) -> None:
        here.bob.group("hidden-place")
        assert alice.result("spotlight", "hidden")["rooms"] == []
        assert alice.result("spotlight", "general")["rooms"] == []

    def test_nobody_finds_nothing_and_what_is_no_text_crashes(self, alice: Talk, nobody: Talk) -> None:
        assert nobody.result("spotlight", "bob") == {"users": [], "rooms": []}
        wrong: tuple[Any, ...] = (None, True, {}, ["x"])
        for given in wrong:
            assert alice.error("spotlight", given)["error"] == 500


class TestCopies:
    def test_subscriptions_are_those_of_rest_but_for_what_the_room_knows(
        self, here: World, alice: Talk, nobody: Talk
    ) -> None:
        here.alice.channel("plaza")
        mine = alice.result("subscriptions/get")
        over_rest = here.alice.reads("subscriptions.get")["update"]
        assert {each["_id"] for each in mine} == {each["_id"] for each in over_rest}
        assert all("customFields" not in each for each in mine)
        left = here.alice.channel("left-behind")["_id"]
        here.alice.does("channels.delete", roomId=left)
        changed = alice.result("subscriptions/get", {"$date": 0})
        assert len(changed["update"]) == len(mine)
        assert len(changed["remove"]) == 1
        assert nobody.result("subscriptions/get") == []

    def test_permissions_and_settings_are_for_everybody(self, alice: Talk, nobody: Talk) -> None:
        permissions: list[dict[str, Any]] = nobody.result("permissions/get")
        assert {"_id", "_updatedAt", "roles"} == set(permissions[0])
        assert permissions == alice.result("permissions/get")
        settings: list[dict[str, Any]] = nobody.result("public-settings/get", "extra")
        assert {"_id", "value", "enterprise", "requiredOnWizard"} == set(settings[0])
        assert "API_CORS_Origin" not in {each["_id"] for each in settings}

    def test_with_a_date_only_what_changed_is_given(self, here: World, nobody: Talk) -> None:
        now = {"$date": 9999999999999}
        assert nobody.result("permissions/get", now) == {"update": [], "remove": []}
        told = nobody.result("public-settings/get", {"$date": 0})
        assert len(told["update"]) == len(here.state.settings.public())
