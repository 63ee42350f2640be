"""A workspace seen from outside: what it says it is, and who is let in."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from preflight.errors import ExitCode, LoginError, TargetError, UsageError
from preflight.mock.server import MockServer
from preflight.model.json import Json
from preflight.model.release import Release
from preflight.wire.redaction import Redactor
from preflight.wire.rest import RestClient
from preflight.wire.workspace import Identity, identify, log_in, log_out, release_of, resume

PAGE = "<!DOCTYPE html><title>Welcome</title>"


class _Odd(BaseHTTPRequestHandler):
    """Answers every request with the same status and body, and remembers what it was asked."""

    protocol_version = "HTTP/1.1"
    status = 200
    body: Json = None
    media = "application/json"
    asked: tuple[str, ...] = ()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer()

    def _answer(self) -> None:
        type(self).asked = (*self.asked, f"{self.command} {self.path}")
        text = (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", self.media)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
        del format, args


@contextmanager
def answering(status: int, body: Json, media: str = "application/json") -> Iterator[tuple[RestClient, type[_Odd]]]:
    """Serve one answer to everything, and give a client that talks to it."""
    handler = type("Odd", (_Odd,), {"status": status, "body": body, "media": media})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    client = RestClient(f"http://127.0.0.1:{server.server_address[1]}", Redactor(), timeout_s=5)
    try:
        yield client, handler
    finally:
        client.close()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(release="8.8") as server:
        yield server


@pytest.fixture
def client(mock: MockServer) -> Iterator[RestClient]:
    made = RestClient(mock.url, Redactor())
    yield made
    made.close()


# what it is


def test_a_mock_workspace_says_its_release_and_that_it_is_one(client: RestClient) -> None:
    identity = identify(client)
    assert identity.is_mock
    assert release_of(identity, None) == Release(8, 8)


def test_another_server_is_no_mock_whatever_else_it_says() -> None:
    with answering(200, {"version": "7.1.2", "success": True}) as (client, _):
        assert identify(client) == Identity(version="7.1.2", is_mock=False)


@pytest.mark.parametrize(
    ("status", "body", "media", "told"),
    [
        (200, PAGE, "text/html; charset=utf-8", "an HTML page with status 200"),
        (502, PAGE, "text/html", "an HTML page with status 502"),
        (200, {"hello": "world"}, "application/json", "other JSON with status 200"),
        (200, ["8.0"], "application/json", "other JSON with status 200"),
        (200, {"version": 8}, "application/json", "other JSON with status 200"),
        (404, "Not Found", "text/plain", "text/plain with status 404"),
    ],
)
def test_what_is_no_rocket_chat_is_told_in_one_line(status: int, body: Json, media: str, told: str) -> None:
    with answering(status, body, media) as (client, odd), pytest.raises(TargetError) as problem:
        identify(client)
    assert problem.value.what == f"{client.base_url} answers {told} where Rocket.Chat tells its release"
    assert problem.value.exit_code is ExitCode.INCONCLUSIVE
    assert odd.asked == ("GET /api/info",)


def test_an_unreadable_release_asks_for_one() -> None:
    identity = Identity(version="the newest", is_mock=False)
    with pytest.raises(TargetError) as problem:
        release_of(identity, None)
    assert problem.value.what == "the target names its release 'the newest', which cannot be read"
    assert "--release 8.0" in problem.value.hint


def test_a_release_that_is_given_outweighs_what_the_target_says() -> None:
    assert release_of(Identity(version="the newest", is_mock=False), "7.2") == Release(7, 2)
    assert release_of(Identity(version="8.0.1", is_mock=False), "6.14") == Release(6, 14)


def test_a_release_that_is_given_wrongly_is_the_users_mistake() -> None:
    with pytest.raises(UsageError, match="'eight' is no release"):
        release_of(Identity(version="8.0.1", is_mock=False), "eight")


# who is let in


def test_logging_in_gives_headers_that_open_the_door(client: RestClient, mock: MockServer) -> None:
    login = log_in(client, "admin", mock.admin_username, mock.admin_password)
    assert login.username == mock.admin_username
    again = resume(client, "admin", login.token, login.user_id)
    assert again == login
    log_out(client, login)
    with pytest.raises(LoginError):
        resume(client, "admin", login.token, login.user_id)


def test_a_login_shows_its_token_to_nobody(client: RestClient, mock: MockServer) -> None:
    login = log_in(client, "admin", mock.admin_username, mock.admin_password)
    assert login.token not in repr(login)
    assert client.redactor.clean(login.token) == "<admin.token>"
    assert client.redactor.clean(mock.admin_password) == "<admin.password>"
    log_out(client, login)


def test_a_wrong_password_is_told_and_nothing_further_is_sent(client: RestClient, mock: MockServer) -> None:
    with pytest.raises(LoginError) as problem:
        log_in(client, "admin", mock.admin_username, "not-the-password")
    assert problem.value.what == "login refused for user admin"
    assert problem.value.hint == "check user and password; nothing further was sent"
    assert problem.value.exit_code is ExitCode.USAGE
    assert client.requests_sent == 1
    assert "not-the-password" not in str(problem.value)


def test_a_second_factor_is_asked_for_by_name() -> None:
    refusal = {"status": "error", "error": "totp-required", "message": "TOTP Required [totp-required]"}
    with answering(401, refusal) as (client, odd), pytest.raises(LoginError) as problem:
        log_in(client, "admin", "admin", "right-password")
    assert "second factor" in problem.value.what
    assert "--auth-token" in problem.value.hint
    assert odd.asked == ("POST /api/v1/login",)


Login = Callable[[RestClient], object]


@pytest.mark.parametrize(
    ("enter", "told"),
    [
        (
            lambda client: log_in(client, "admin", "admin", "password"),
            "answers an HTML page with status 200 to a login",
        ),
        (
            lambda client: resume(client, "admin", "token-token-token", "id1"),
            "answers an HTML page with status 200 where it should tell whose token it is",
        ),
    ],
)
def test_nonsense_in_answer_to_a_login_is_the_targets_trouble(enter: Login, told: str) -> None:
    with answering(200, PAGE, "text/html") as (client, _), pytest.raises(TargetError) as problem:
        enter(client)
    assert problem.value.what == f"{client.base_url} {told}"


def test_a_login_without_a_username_keeps_the_one_that_was_given() -> None:
    body: Json = {"status": "success", "data": {"userId": "u1", "authToken": "a-token-of-some-length"}}
    with answering(200, body) as (client, _):
        assert log_in(client, "admin", "root", "password").username == "root"


def test_a_token_with_the_id_of_somebody_else_is_told(client: RestClient, mock: MockServer) -> None:
    login = log_in(client, "admin", mock.admin_username, mock.admin_password)
    with pytest.raises(LoginError) as problem:
        resume(client, "admin", login.token, "rocket.cat")
    assert problem.value.what == "login refused for user id rocket.cat"
    assert login.token not in str(problem.value)
    log_out(client, login)
