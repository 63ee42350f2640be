"""The order of checks, and the requests that no handler answers, by release."""

import asyncio
import socket
from collections.abc import Iterator
from functools import partial

import pytest
import requests

from preflight.mock.dispatch import Dispatcher, Received
from preflight.mock.families import all_routes
from preflight.mock.founding import found
from preflight.mock.routing import Table
from tests.mock.world import World, told, world

LEGACY_401 = {"status": "error", "message": "You must be logged in to do this."}
NEW_401 = {"success": False, "error": LEGACY_401["message"], **LEGACY_401}


@pytest.fixture(scope="module")
def old() -> Iterator[World]:
    with world("6.14") as served:
        yield served


@pytest.fixture(scope="module")
def current() -> Iterator[World]:
    with world("8.0") as served:
        yield served


@pytest.fixture(scope="module")
def new() -> Iterator[World]:
    with world("8.8") as served:
        yield served


def test_nobody_is_refused_with_the_body_of_the_release(old: World, current: World, new: World) -> None:
    answers = [each.nobody.get("rooms.get") for each in (old, current, new)]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert [answer.json() for answer in answers] == [LEGACY_401, NEW_401, NEW_401]


def test_every_way_of_not_being_logged_in_reads_alike(current: World) -> None:
    headers = current.alice.session.headers
    token, user_id = str(headers["X-Auth-Token"]), str(headers["X-User-Id"])
    ways: list[dict[str, str]] = [
        {"X-Auth-Token": token},
        {"X-User-Id": user_id},
        {"X-Auth-Token": token, "X-User-Id": current.bob.id},
        {"X-Auth-Token": "unknown", "X-User-Id": user_id},
        {"Authorization": f"Bearer {token}"},
    ]
    for way in ways:
        answer = current.nobody.send("GET", "rooms.get", headers=way)
        assert (answer.status_code, answer.json()) == (401, NEW_401)


def test_a_wrong_method_is_405_and_later_404(old: World, current: World) -> None:
    refused = old.nobody.post("rooms.get")
    assert refused.status_code == 405
    assert refused.json() == {"status": "error", "message": "API endpoint does not exist"}
    assert refused.headers["allow"] == "GET, OPTIONS"
    lost = current.nobody.post("rooms.get")
    assert (lost.status_code, lost.text, "allow" in lost.headers) == (404, "404 Not Found", False)
    assert lost.headers["content-type"].startswith("text/plain")


def test_an_unknown_route_is_a_page_and_later_404(old: World, current: World) -> None:
    page = old.nobody.get("no.such.endpoint")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "cache-control" not in page.headers
    refused = old.nobody.post("no.such.endpoint")
    assert (refused.status_code, refused.text, refused.headers["allow"]) == (405, "", "OPTIONS, GET, HEAD")
    assert current.nobody.get("no.such.endpoint").status_code == 404


def test_a_trailing_slash_is_no_matter_but_case_is(current: World) -> None:
    assert current.alice.get("rooms.get/").status_code == 200
    assert current.alice.get("Rooms.get").status_code == 404


def test_each_dm_route_has_its_twin(current: World) -> None:
    assert current.alice.reads("im.list") == current.alice.reads("dm.list")


def test_malformed_json_is_a_page_before_the_login_and_later_an_empty_body(old: World, current: World) -> None:
    how = {"data": b'{"a":', "headers": {"Content-Type": "application/json"}}
    page = old.nobody.send("POST", "dm.create", **how)
    assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "Bad Request" in page.text
    assert current.nobody.send("POST", "dm.create", **how).status_code == 401
    empty = current.alice.send("POST", "dm.close", **how)
    assert told(empty)[1] == "error-room-param-not-provided"


def test_json_that_is_no_object_is_malformed_in_old_releases(old: World, current: World) -> None:
    header = {"Content-Type": "application/json"}
    answers = [each.alice.send("POST", "dm.close", data="12", headers=header) for each in (old, current)]
    assert [answer.headers["content-type"].partition(";")[0] for answer in answers] == ["text/html", "application/json"]
    assert [answer.status_code for answer in answers] == [400, 400]


def test_a_whole_address_may_be_asked_for(current: World) -> None:
    with socket.create_connection(("127.0.0.1", current.server.port), timeout=10) as line:
        line.sendall(b"GET http://elsewhere/api/info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(partial(line.recv, 4096), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b'"version":"8.0"' in answer


def test_a_form_is_as_good_as_json(current: World) -> None:
    answer = current.alice.send("POST", "dm.create", data={"username": "bob"})
    assert answer.json()["room"]["usernames"] == ["alice", "bob"]


def test_login_comes_before_validation_except_on_early_typed_routes(current: World, new: World) -> None:
    assert current.nobody.post("dm.create").status_code == 401
    assert told(current.nobody.post("dm.delete"))[0] == 400
    assert new.nobody.post("dm.delete").status_code == 401


def test_validation_speaks_in_the_tone_of_the_release(old: World, current: World, new: World) -> None:
    sentences = [
        "must have required property 'usernames'",
        "must have required property 'username'",
        "must match exactly one schema in oneOf",
    ]
    legacy = "\n ".join(sentences) + " [invalid-params]"
    assert told(old.alice.post("dm.create")) == (400, "invalid-params", legacy)
    assert told(current.alice.post("dm.create")) == (400, "invalid-params", legacy)
    assert told(new.alice.post("dm.create")) == (400, "invalid-params", "\n".join(sentences))
    assert told(new.alice.get("dm.history"))[1] == "error-invalid-params"


def test_the_usual_headers_are_on_every_answer(current: World, new: World) -> None:
    answer = current.nobody.get("rooms.get")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["server"].startswith("preflight-mock/")
    assert "cache-control" not in new.nobody.get("rooms.get").headers
    assert new.alice.get("rooms.get").headers["cache-control"] == "no-store"


def test_old_releases_carry_the_headers_of_the_web_server_around_them(old: World, current: World) -> None:
    answers = [old.nobody.get("rooms.get"), old.nobody.get("/home")]
    for name in ("x-instance-id", "x-xss-protection", "x-content-type-options", "x-frame-options", "vary"):
        assert answers[0].headers[name] == answers[1].headers[name]
    assert answers[0].headers["content-security-policy"].startswith("default-src 'self'")
    assert "x-instance-id" not in current.nobody.get("rooms.get").headers


def test_head_is_a_page_and_later_a_get_without_body(old: World, current: World) -> None:
    assert old.nobody.send("HEAD", "rooms.get").status_code == 200
    assert current.nobody.send("HEAD", "rooms.get").status_code == 401
    assert current.alice.send("HEAD", "rooms.get").text == ""
    assert current.nobody.send("HEAD", "dm.create").status_code == 404


def test_options_ask_for_cors_only_with_an_origin(old: World, current: World) -> None:
    assert old.nobody.send("OPTIONS", "rooms.get").text == ""
    assert current.nobody.send("OPTIONS", "rooms.get").text == "OK"
    refused = current.nobody.send("OPTIONS", "rooms.get", headers={"Origin": "https://a.example"})
    assert refused.status_code == 405
    with current.setting("API_Enable_CORS", value=True):
        allowed = current.nobody.send("OPTIONS", "rooms.get", headers={"Origin": "https://a.example"})
        assert allowed.headers["access-control-allow-methods"] == "GET, POST, PUT, DELETE, HEAD, PATCH"
        with current.setting("API_CORS_Origin", "https://b.example"):
            other = current.nobody.send("OPTIONS", "rooms.get", headers={"Origin": "https://a.example"})
            assert (other.status_code, other.text) == (403, "Invalid origin")
            listed = current.nobody.send("OPTIONS", "rooms.get", headers={"Origin": "https://b.example"})
            assert listed.headers["access-control-allow-origin"] == "https://b.example"


def test_a_missing_permission_has_its_own_sentence(current: World) -> None:
    sentence = "User does not have the permissions required for this action [error-unauthorized]"
    assert told(current.carol.post("permissions.update", permissions=[])) == (403, None, sentence)


def test_pages_and_sorting_are_read_alike_everywhere(current: World) -> None:
    for name in ("p1", "p2", "p3"):
        current.bob.direct(current.person(name).username)
    page = current.bob.reads("dm.list", count=1, offset=1)
    assert (page["count"], page["offset"], len(page["ims"])) == (1, 1, 1)
    assert page["total"] > 2
    assert len(current.bob.reads("dm.list", count=0)["ims"]) == page["total"]
    assert len(current.bob.reads("dm.list", count=-2)["ims"]) == 2
    assert told(current.bob.get("dm.list", offset=-1))[:2] == (400, None)
    assert told(current.bob.get("dm.list", count="x"))[:2] == (400, None)
    assert told(current.bob.get("dm.list", sort="{bad"))[1] == "error-invalid-sort"


def test_fields_work_and_announce_their_end_in_old_releases_only(old: World, current: World) -> None:
    answer = old.alice.get("rooms.info", roomId="GENERAL", fields='{"name":1}')
    assert answer.json()["room"] == {"_id": "GENERAL", "name": "general"}
    assert answer.headers["x-deprecation-type"] == "parameter-deprecation"
    assert answer.headers["x-deprecation-version"] == "7.0.0"
    ignored = current.alice.get("rooms.info", roomId="GENERAL", fields="{bad")
    assert ignored.status_code == 200
    assert "x-deprecation-type" not in ignored.headers


def test_the_limiter_refuses_the_eleventh_call() -> None:
    with world(rate_limited=True) as served:
        answers = [served.alice.get("rooms.get") for _ in range(11)]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429]
        assert answers[0].headers["x-ratelimit-remaining"] == "9"
        last = answers[-1]
        assert last.headers["x-ratelimit-limit"] == "10"
        assert set(last.json()) == {"success", "error"}
        assert last.json()["error"].startswith("Error, too many requests. Please slow down. You must wait ")
        assert served.bob.get("rooms.get").status_code == 429
        assert "x-ratelimit-limit" not in served.admin.get("rooms.get").headers
        assert served.nobody.get("rooms.get").status_code == 401
        assert served.alice.get("dm.list").status_code == 200


def test_requests_are_answered_on_one_connection(current: World) -> None:
    with requests.Session() as session:
        first = session.get(f"{current.server.url}/api/info", timeout=10)
        assert "close" not in first.headers.get("connection", "")


@pytest.mark.parametrize(("release", "slow", "delays"), [("6.14", True, 1), ("6.14", False, 0), ("8.0", True, 0)])
def test_refusals_are_slow_where_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, release: str, *, slow: bool, delays: int
) -> None:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("preflight.mock.dispatch.sleep", wait)
    ws = found(release=release, admin_password="x")
    dispatcher = Dispatcher(ws, Table(all_routes(), ws.regime), slow_refusals=slow)
    received = Received(method="GET", path="/api/v1/rooms.get", query="", headers={}, content=b"", address="127.0.0.1")
    assert asyncio.run(dispatcher.answer(received)).status == 401
    assert len(waited) == delays
    assert all(0.5 <= seconds <= 1.0 for seconds in waited)
