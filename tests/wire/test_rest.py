"""The REST client: what is sent, what becomes evidence, and what is said when no answer comes."""

import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from preflight.errors import TargetError, UsageError
from preflight.wire.redaction import Redactor
from preflight.wire.rest import Ask, FilePart, RestClient


class _Echo(BaseHTTPRequestHandler):
    """Answers with what it was sent, and with a token; sets a cookie, and names a charset that nobody knows."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        told = json.dumps(
            {
                "path": self.path,
                "body": body,
                "type": self.headers.get("Content-Type"),
                "cookie": self.headers.get("Cookie"),
                "authorization": self.headers.get("Authorization"),
                "authToken": "token-of-the-answer-1234",
            }
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf8mb4")
        self.send_header("Set-Cookie", "session=whoever-has-this-is-in; Path=/")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
        del format, args


@pytest.fixture
def server() -> Iterator[str]:
    echo = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    thread = threading.Thread(target=echo.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{echo.server_address[1]}"
    echo.shutdown()
    echo.server_close()
    thread.join()


@pytest.fixture
def client(server: str) -> Iterator[RestClient]:
    made = RestClient(server, Redactor())
    yield made
    made.close()


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(0)
        yield taken.getsockname()[1]


def ask(**what: object) -> Ask:
    return Ask(actor="alice", purpose="try", method="POST", path="/api/v1/x", **what)  # type: ignore[arg-type] # test


def test_a_body_is_sent_as_json_and_shown(client: RestClient) -> None:
    answer = client.send(ask(body={"a": "ü"}, has_body=True))
    assert isinstance(answer.body, dict)
    assert answer.body["type"] == "application/json"
    assert answer.body["body"] == '{"a": "ü"}'
    assert answer.exchange.request.body == '{"a": "ü"}'


def test_query_parameters_may_repeat(client: RestClient) -> None:
    answer = client.send(ask(query=(("status[]", "online"), ("status[]", "away"))))
    assert answer.exchange.request.url.endswith("/api/v1/x?status%5B%5D=online&status%5B%5D=away")


def test_a_file_is_sent_as_multipart_and_shown_in_words(client: RestClient) -> None:
    answer = client.send(ask(file=FilePart(name="a.txt", type="text/plain", text="hello")))
    assert isinstance(answer.body, dict)
    assert 'filename="a.txt"' in str(answer.body["body"])
    assert answer.exchange.request.body == "(multipart form: file=a.txt, text/plain, 5 characters)"


def test_a_token_that_an_answer_shows_is_not_in_the_exchange(client: RestClient) -> None:
    answer = client.send(ask())
    assert isinstance(answer.body, dict)
    assert answer.body["authToken"] == "token-of-the-answer-1234"
    assert "token-of-the-answer-1234" not in repr(answer.exchange)
    assert '"authToken": "<alice.token>"' in answer.exchange.response.body


def test_login_headers_are_shown_by_name_only(client: RestClient) -> None:
    client.redactor.learn("a-very-secret-token", "alice.token")
    answer = client.send(ask(headers={"X-Auth-Token": "a-very-secret-token", "X-User-Id": "alice1"}))
    assert ("x-auth-token", "<alice.token>") in answer.exchange.request.headers
    assert ("x-user-id", "alice1") in answer.exchange.request.headers


def test_a_cookie_of_an_answer_is_neither_sent_back_nor_shown(client: RestClient) -> None:
    client.send(ask())
    answer = client.send(ask())
    assert isinstance(answer.body, dict)
    assert answer.body["cookie"] is None
    assert ("set-cookie", "<set-cookie>") in answer.exchange.response.headers
    assert "whoever-has-this-is-in" not in repr(answer.exchange)


def test_a_password_of_netrc_is_not_sent(client: RestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login admin password of-another-place\n", encoding="utf-8")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    answer = client.send(ask())
    assert isinstance(answer.body, dict)
    assert answer.body["authorization"] is None


def test_headers_that_log_somebody_in_are_never_shown(client: RestClient) -> None:
    answer = client.send(ask(headers={"Authorization": "Basic YWRtaW46cGFzcw==", "Cookie": "rc_token=abc"}))
    assert ("authorization", "<authorization>") in answer.exchange.request.headers
    assert ("cookie", "<cookie>") in answer.exchange.request.headers


def test_an_unknown_charset_is_read_as_utf_8(client: RestClient) -> None:
    answer = client.send(ask(body={"a": "ü"}, has_body=True))
    assert isinstance(answer.body, dict)
    assert answer.body["body"] == '{"a": "ü"}'


def test_each_request_is_counted_and_numbered(client: RestClient) -> None:
    first, second = client.send(ask()), client.send(ask())
    assert client.requests_sent == 2
    assert first.exchange.id < second.exchange.id


def test_a_port_where_nobody_listens_is_told_in_one_line() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(TargetError) as caught:
        RestClient(f"http://127.0.0.1:{port}", Redactor()).send(ask())
    assert caught.value.what == f"http://127.0.0.1:{port} refuses connections"
    assert "address and port" in caught.value.hint


def test_a_target_that_never_answers_is_given_up(silent_port: int) -> None:
    client = RestClient(f"http://127.0.0.1:{silent_port}", Redactor(), timeout_s=0.2)
    with pytest.raises(TargetError, match=r"did not answer within 0\.2 s"):
        client.send(ask())
    client.close()


@pytest.mark.parametrize(
    "address",
    ["chat.example.org", "ftp://chat.example.org", "https://", "", "http://[::1", "http://chat.example.org:port"],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="is no address of a workspace"):
        RestClient(address, Redactor())


def test_credentials_in_the_address_are_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as caught:
        RestClient("https://admin:hunter2@chat.example.org", Redactor())
    assert "hunter2" not in str(caught.value)


def test_threads_share_a_client_each_over_connections_of_its_own(server: str) -> None:
    client = RestClient(server, Redactor())
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(lambda _: client.send(ask()), range(64)))
    client.close()
    assert {answer.status for answer in answers} == {200}
    assert len({answer.exchange.id for answer in answers}) == client.requests_sent == 64
    assert "token-of-the-answer-1234" not in repr([answer.exchange for answer in answers])
