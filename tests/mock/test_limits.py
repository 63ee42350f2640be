"""How often one may call: the limiter's headers and refusals, where it is switched on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
import requests
from click.testing import CliRunner

from preflight.cli.mock import mock
from preflight.mock.clock import Clock
from preflight.mock.founding import found
from preflight.mock.server import MockServer
from tests.mock.world import PASSWORD, World, world


@pytest.fixture
def at() -> Iterator[World]:
    with world("6.14", rate_limited=True) as served:
        yield served


def counted(response: requests.Response) -> tuple[int, str | None, str | None]:
    headers = response.headers
    return response.status_code, headers.get("x-ratelimit-limit"), headers.get("x-ratelimit-remaining")


def test_the_eleventh_call_is_refused_with_the_time_to_wait(at: World) -> None:
    answers = [counted(at.alice.get("rooms.get")) for _ in range(10)]
    assert answers == [(200, "10", str(left)) for left in range(9, -1, -1)]
    refused = at.alice.get("rooms.get")
    assert counted(refused) == (429, "10", "0")
    sentence = "Error, too many requests. Please slow down. You must wait "
    assert refused.json()["error"].startswith(sentence)
    assert refused.json()["error"].endswith(" seconds before trying this endpoint again. [error-too-many-requests]")
    assert set(refused.json()) == {"success", "error"}
    assert int(refused.headers["x-ratelimit-reset"]) > datetime.now(UTC).timestamp() * 1000


def test_refused_requests_count_and_unauthenticated_ones_do_not(at: World) -> None:
    for _ in range(20):
        assert counted(at.nobody.get("chat.getStarredMessages"))[:2] == (401, None)
    answers = [at.alice.get("chat.getStarredMessages").status_code for _ in range(11)]
    assert answers == [400] * 10 + [429]


def test_users_of_one_address_share_the_limit_and_administrators_have_none(at: World) -> None:
    for _ in range(10):
        at.alice.get("me")
    assert at.bob.get("me").status_code == 429
    assert counted(at.admin.get("me")) == (200, None, None)
    assert at.bob.get("rooms.get").status_code == 200


def test_a_login_may_be_tried_five_times_though_the_header_says_ten() -> None:
    with MockServer(release="6.14", rate_limited=True, workspace=found(release="6.14", admin_password="x")) as server:
        body = {"user": "nobody", "password": "x"}
        answers = [counted(requests.post(f"{server.url}/api/v1/login", json=body, timeout=10)) for _ in range(6)]
    assert answers == [*[(401, "10", str(left)) for left in (4, 3, 2, 1, 0)], (429, "10", "0")]


def test_settings_change_the_limit_and_switch_it_off(at: World) -> None:
    with at.setting("API_Enable_Rate_Limiter_Limit_Calls_Default", 2):
        assert [at.carol.get("subscriptions.get").status_code for _ in range(3)] == [200, 200, 429]
    with at.setting("API_Enable_Rate_Limiter", value=False):
        assert counted(at.carol.get("subscriptions.get")) == (200, None, None)


def test_a_permission_lifts_the_limit(at: World) -> None:
    at.admin.does("roles.addUserToRole", roleId="bot", username="carol")
    assert counted(at.carol.get("me")) == (200, None, None)


def test_five_messages_a_second_are_enough_for_the_newest_release() -> None:
    now = [datetime.now(UTC)]
    workspace = found(release="8.8", admin_password="x", clock=Clock(lambda: now[0]))
    with MockServer(release="8.8", workspace=workspace, rate_limited=True) as server:
        at = f"{server.url}/api/v1"
        data = requests.post(f"{at}/login", json={"user": "admin", "password": "x"}, timeout=10).json()["data"]
        headers = {"X-Auth-Token": data["authToken"], "X-User-Id": data["userId"]}
        user = {"username": "dora", "name": "Dora", "email": "d@example.com", "password": PASSWORD}
        requests.post(f"{at}/users.create", json=user, headers=headers, timeout=10)
        data = requests.post(f"{at}/login", json={"user": "dora", "password": PASSWORD}, timeout=10).json()["data"]
        headers = {"X-Auth-Token": data["authToken"], "X-User-Id": data["userId"]}
        body = {"message": {"rid": "GENERAL", "msg": "quick"}}

        def send() -> int:
            return requests.post(f"{at}/chat.sendMessage", json=body, headers=headers, timeout=10).status_code

        assert [send() for _ in range(6)] == [200] * 5 + [429]
        now[0] += timedelta(seconds=2)
        assert send() == 200
        workspace.permissions.assign("send-many-messages", ["user"], workspace.clock.now())
        assert [send() for _ in range(7)] == [200] * 7


def test_parameters_and_endpoints_that_will_go_say_so(at: World) -> None:
    listed = at.alice.get("dm.list", fields='{"name":1}').headers
    assert listed["x-deprecation-type"] == "parameter-deprecation"
    assert listed["x-deprecation-version"] == "7.0.0"
    told = 'The parameter "fields" in the endpoint "/api/v1/dm.list" is deprecated'
    assert listed["x-deprecation-message"] == f"{told} and will be removed on version 7.0.0"
    files = {"file": ("a.txt", b"content", "text/plain")}
    uploaded = at.alice.send("POST", "rooms.upload/GENERAL", files=files)
    assert uploaded.status_code == 200
    assert uploaded.headers["x-deprecation-type"] == "endpoint-deprecation"
    assert uploaded.headers["x-deprecation-version"] == "8.0.0"
    assert "x-deprecation-type" not in at.alice.get("dm.list").headers


def test_the_command_hands_its_options_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []
    monkeypatch.setattr(import_module("preflight.cli.mock"), "serve", lambda **options: asked.append(options))
    for words in (["--port", "0"], ["--port", "0", "--rate-limit", "--slow-refusals"]):
        assert CliRunner().invoke(mock, words).exit_code == 0
    assert [(each["rate_limited"], each["slow_refusals"]) for each in asked] == [(False, False), (True, True)]


def test_numbers_of_the_limiter_switch_it_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []
    monkeypatch.setattr(import_module("preflight.cli.mock"), "serve", lambda **options: asked.append(options))
    assert CliRunner().invoke(mock, ["--limit-calls", "3", "--limit-window", "500"]).exit_code == 0
    numbers = {"API_Enable_Rate_Limiter_Limit_Calls_Default": 3, "API_Enable_Rate_Limiter_Limit_Time_Default": 500}
    assert [(each["rate_limited"], each["limit"]) for each in asked] == [(True, numbers)]
