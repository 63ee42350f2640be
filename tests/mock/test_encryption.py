"""The key of an encrypted room has a name, which lists show; over REST and the Realtime API alike."""

from collections.abc import Iterator

import pytest

from preflight.mock.release import Regime
from tests.mock.talk import talk
from tests.mock.world import World, told, world


@pytest.fixture(scope="module", params=Regime.known())
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as given:
        yield given


def test_lists_show_the_name_of_the_key(here: World) -> None:
    room = here.alice.direct("bob")
    assert here.alice.does("e2e.setRoomKeyID", rid=room["_id"], keyID="key") == {"success": True}
    (shown,) = here.bob.reads("dm.list")["ims"]
    assert shown["e2eKeyId"] == "key"
    (listed,) = (each for each in here.bob.reads("rooms.get")["update"] if each["_id"] == room["_id"])
    assert listed["e2eKeyId"] == "key"


def test_a_key_has_one_name(here: World) -> None:
    room = here.alice.group("keyed")
    here.alice.does("e2e.setRoomKeyID", rid=room["_id"], keyID="first")
    again = here.alice.post("e2e.setRoomKeyID", rid=room["_id"], keyID="second")
    code = "error-room-e2e-key-already-exists"
    assert told(again) == (400, code, f"E2E Key ID already exists [{code}]")
    assert again.json()["details"] == {"method": "e2e.setRoomKeyID"}


def test_a_room_that_is_not_seen_has_no_key(here: World) -> None:
    room = here.alice.group("hidden")
    for refused in (
        here.bob.post("e2e.setRoomKeyID", rid=room["_id"], keyID="key"),
        here.bob.post("e2e.setRoomKeyID", rid="nowhere", keyID="key"),
    ):
        assert told(refused) == (400, "error-invalid-room", "Invalid room [error-invalid-room]")


def test_both_parameters_are_demanded(here: World) -> None:
    suffix = "" if here.state.regime.at_least("8.3") else " [invalid-params]"
    for body, name in (({"keyID": "key"}, "rid"), ({"rid": "x"}, "keyID")):
        error = f"must have required property '{name}'{suffix}"
        assert told(here.alice.post("e2e.setRoomKeyID", **body)) == (400, "invalid-params", error)


def test_the_realtime_method_does_the_same(here: World) -> None:
    room = here.alice.group("realtime")
    with talk(here, here.alice) as alice, talk(here) as nobody:
        assert "result" not in alice.call("e2e.setRoomKeyID", room["_id"], "key")
        assert alice.error("e2e.setRoomKeyID", room["_id"], "other")["error"] == "error-room-e2e-key-already-exists"
        assert alice.error("e2e.setRoomKeyID", room["_id"], 1)["error"] == 400
        assert nobody.error("e2e.setRoomKeyID", room["_id"], "key")["error"] == "error-invalid-user"
    assert here.alice.reads("rooms.info", roomId=room["_id"])["room"]["e2eKeyId"] == "key"
