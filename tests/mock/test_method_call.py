"""The methods of the Realtime API, called over REST."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.mock.talk import talk
from tests.mock.world import Person, World, world


@pytest.fixture(scope="module", params=["6.14", "8.0", "8.8"])
def here(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param) as given:
        yield given


def bridged(person: Person, method: str, *params: Any, path: str | None = None, anonymous: bool = False) -> Any:
    """Call a method over REST and give its frame."""
    message = json.dumps({"msg": "method", "id": "7", "method": method, "params": list(params)})
    name = f"method.{'callAnon' if anonymous else 'call'}/{(path or method).replace('/', ':')}"
    answer = person.post(name, message=message)
    assert answer.status_code == 200
    assert answer.json().keys() == {"message", "success"}
    assert answer.json()["success"] is True
    return json.loads(answer.json()["message"])


def test_a_result_comes_in_a_frame_of_its_own(here: World) -> None:
    frame = bridged(here.alice, "getRoomNameById", "GENERAL")
    assert frame == {"msg": "result", "id": "7", "result": "general"}


def test_an_error_comes_in_a_frame_too_and_is_no_failure(here: World) -> None:
    frame = bridged(here.alice, "archiveRoom", "unknown")
    assert frame["error"]["error"] == "error-invalid-room"
    assert bridged(here.alice, "nosuch")["error"]["error"] == 404


def test_dates_are_those_of_the_realtime_api(here: World) -> None:
    room = bridged(here.alice, "getRoomById", "GENERAL")["result"]
    assert set(room["ts"]) == {"$date"}
    assert bridged(here.alice, "rooms/get", {"$date": 0}, path="rooms:get")["result"].keys() == {"update", "remove"}


def test_the_message_names_the_method_and_not_the_path(here: World) -> None:
    assert bridged(here.alice, "getRoomNameById", "GENERAL", path="whatever")["result"] == "general"


def test_what_a_method_writes_is_heard(here: World) -> None:
    with talk(here, here.bob) as bob:
        bob.subscribe("stream-room-messages", "GENERAL")
        bridged(here.alice, "sendMessage", {"rid": "GENERAL", "msg": "over the bridge"})
        ((_, _, (message,)),) = bob.events()
    assert message["msg"] == "over the bridge"


def test_a_login_is_demanded_but_from_anonymous_calls(here: World) -> None:
    assert here.nobody.post("method.call/rooms:get", message="{}").status_code == 401
    assert bridged(here.nobody, "rooms/get", anonymous=True)["result"] == []
    assert bridged(here.nobody, "archiveRoom", "x", anonymous=True)["error"]["error"] == "error-invalid-user"


@pytest.mark.parametrize("message", ["{}", "5", '{"method":"x"}', '{"method":"x","id":"1"}', '{"id":"1","params":[]}'])
def test_what_is_no_call_is_refused(here: World, message: str) -> None:
    answer = here.alice.post("method.call/x", message=message)
    assert (answer.status_code, answer.json()) == (400, {"success": False, "error": "Invalid method call"})


def test_a_message_that_is_missing_or_no_json_is_refused(here: World) -> None:
    missing = here.alice.post("method.call/x")
    assert missing.status_code == 400
    assert missing.json()["errorType"] == "invalid-params"
    assert "must have required property 'message'" in missing.json()["error"]
    broken = here.alice.post("method.call/x", message="{")
    assert broken.status_code == 400
    assert "errorType" not in broken.json()


def test_logging_in_over_the_bridge_gives_a_token(here: World) -> None:
    options = {"user": {"username": "alice"}, "password": "pass-word"}
    told = bridged(here.nobody, "login", options, anonymous=True)["result"]
    headers = {"X-Auth-Token": told["token"], "X-User-Id": told["id"]}
    assert here.nobody.send("GET", "me", headers=headers).status_code == 200
