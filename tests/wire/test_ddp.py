"""The DDP client: what is sent, what is read as an answer, and what is said when something does not fit."""

import hashlib
import json
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path

import pytest
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from preflight.errors import PreflightError, TargetError, UsageError
from preflight.model.exchange import Direction, Exchange
from preflight.model.json import Json, as_object
from preflight.wire.answer import Answer
from preflight.wire.ddp import DdpClient
from preflight.wire.ddp_state import State
from preflight.wire.redaction import Redactor
from preflight.wire.subscription import Subscription
from preflight.wire.transcript import exchange_ids
from tests.wire import scripted_server as scripts
from tests.wire.scripted_server import Script, serving

Connect = Callable[[Script], DdpClient]
SENT, RECEIVED = Direction.SENT, Direction.RECEIVED
ROOM = "stream-room-messages"
MISFIT = (
    "sent a frame that does not fit while waiting for {}: "
    "expected an answer to the method rooms/get, got result of 'another'"
)


@pytest.fixture
def meet() -> Iterator[Connect]:
    """Give a client of a server that plays a script; it is not open yet."""
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(
            DdpClient(stack.enter_context(serving(script)), Redactor(), timeout_s=5)
        )


@pytest.fixture
def connect(meet: Connect) -> Connect:
    """Give a client that has a session."""

    def connected(script: Script) -> DdpClient:
        client = meet(script)
        client.connect()
        return client

    return connected


def told(refused: pytest.ExceptionInfo[PreflightError]) -> str:
    assert refused.value.hint
    assert "\n" not in refused.value.what
    return refused.value.what


def kinds(exchange: Exchange) -> list[tuple[Direction, str]]:
    return [(frame.direction, json.loads(frame.text).get("msg", "")) for frame in exchange.frames]


def subscribed(client: DdpClient, room: str = "GENERAL") -> Subscription:
    subscription = client.subscribe(ROOM, [room, False])
    assert isinstance(subscription, Subscription)
    return subscription


def test_a_session_is_asked_for_and_given(meet: Connect) -> None:
    client = meet(scripts.behaves)
    answer = client.connect()
    assert client.state is State.CONNECTED
    assert (answer.status, answer.body) == (200, {"session": "s3ss10n"})
    assert json.loads(answer.exchange.request.body or "") == {
        "msg": "connect",
        "version": "1",
        "support": ["1", "pre2", "pre1"],
    }
    assert kinds(answer.exchange) == [(SENT, "connect"), (RECEIVED, "connected")]


def test_the_greeting_of_old_servers_is_tolerated(meet: Connect) -> None:
    answer = meet(scripts.greets_as_old_servers_do).connect()
    assert answer.status == 200
    assert kinds(answer.exchange) == [(SENT, "connect"), (RECEIVED, ""), (RECEIVED, "connected")]


def test_another_version_is_refused_in_words(meet: Connect) -> None:
    client = meet(scripts.speaks_another_version)
    with pytest.raises(TargetError) as refused:
        client.connect()
    assert told(refused) == f'{client.url} refuses a session of DDP version 1: {{"version": "pre1"}}'
    assert client.state is State.CLOSED


def test_a_refused_version_is_an_answer_to_a_raw_frame(meet: Connect) -> None:
    client = meet(scripts.speaks_another_version)
    client.open()
    answer = client.call_raw({"msg": "connect", "version": "99", "support": ["99"]})
    assert (answer.status, answer.body) == (400, {"version": "pre1"})
    assert client.state is State.FAILED


def test_what_comes_before_a_session_must_fit(meet: Connect) -> None:
    client = meet(scripts.answers_before_a_session)
    with pytest.raises(TargetError) as refused:
        client.connect()
    assert "the answer to the request to connect: expected connected|failed, got result" in told(refused)


def test_a_call_is_an_exchange_of_its_own(connect: Connect) -> None:
    client = connect(scripts.behaves)
    answer = client.call("echo", ["ü", {"$date": 1803092519425}], purpose="hear it again")
    assert answer.status == 200
    assert answer.body == {"result": ["ü", {"$date": 1803092519425}]}
    exchange = answer.exchange
    assert (exchange.request.method, exchange.request.url) == ("ddp", client.url)
    assert (exchange.actor, exchange.purpose) == ("nobody", "hear it again")
    assert exchange.request.body == exchange.frames[0].text
    assert '"ü"' in (exchange.request.body or "")
    assert exchange.response.json() == answer.body
    assert kinds(exchange) == [(SENT, "method"), (RECEIVED, "updated"), (RECEIVED, "result")]
    assert exchange.elapsed_s > 0


def test_an_undefined_result_is_an_empty_answer(connect: Connect) -> None:
    answer = connect(scripts.behaves).call("nothing", [], purpose="try")
    assert (answer.status, answer.body) == (200, {})


def test_a_refusal_is_its_error_object(connect: Connect) -> None:
    answer = connect(scripts.behaves).call("noSuch", [], purpose="try")
    assert answer.status == 400
    assert answer.body == {
        "isClientSafe": True,
        "error": 404,
        "reason": "Method 'noSuch' not found",
        "message": "Method 'noSuch' not found [404]",
        "errorType": "Meteor.Error",
    }


def test_results_may_come_in_any_order(connect: Connect) -> None:
    client = connect(scripts.answers_in_reverse)
    pending = [client.start("echo", [number], purpose=f"call {number}") for number in range(3)]
    answers = [one.answer() for one in pending]
    assert [answer.body for answer in answers] == [{"result": [0]}, {"result": [1]}, {"result": [2]}]
    assert [answer.exchange.purpose for answer in answers] == ["call 0", "call 1", "call 2"]
    assert all(kinds(answer.exchange) == [(SENT, "method"), (RECEIVED, "result")] for answer in answers)


def test_a_ping_is_answered_while_waiting_and_is_part_of_the_evidence(connect: Connect) -> None:
    answer = connect(scripts.pings_during_a_wait).call("echo", [], purpose="wait")
    assert answer.body == {"result": [{"msg": "pong", "id": "are you there?"}, {"msg": "pong"}]}
    assert kinds(answer.exchange) == [
        (SENT, "method"),
        (RECEIVED, "ping"),
        (SENT, "pong"),
        (RECEIVED, "ping"),
        (SENT, "pong"),
        (RECEIVED, "result"),
    ]


def test_a_ping_of_our_own_is_answered(connect: Connect) -> None:
    client = connect(scripts.behaves)
    answer = client.ping()
    assert answer.status == 200
    assert as_object(answer.body)["id"] == json.loads(answer.exchange.request.body or "")["id"]


def test_every_frame_that_is_sent_is_counted(connect: Connect) -> None:
    client = connect(scripts.pings_during_a_wait)
    assert client.frames_sent == 1
    client.call("echo", [], purpose="wait")
    assert client.frames_sent == 4


def test_clients_of_one_run_share_the_numbers_of_exchanges() -> None:
    ids = exchange_ids()
    with serving(scripts.behaves) as url:
        for number in (1, 2):
            with DdpClient(url, Redactor(), ids=ids) as client:
                assert client.connect().exchange.id == f"d{number:05}"


def test_a_password_and_its_digest_are_not_in_the_exchange(connect: Connect) -> None:
    client = connect(scripts.behaves)
    digest = hashlib.sha256(b"hunter2").hexdigest()
    answer = client.login_with_password("alice", "alice@example.com", "hunter2")
    assert as_object(as_object(answer.body)["result"])["token"] == scripts.TOKEN
    shown = repr(answer.exchange)
    assert not any(secret in shown for secret in ("hunter2", digest, scripts.TOKEN))
    sent = json.loads(answer.exchange.request.body or "")["params"][0]
    assert sent == {
        "user": {"email": "alice@example.com"},
        "password": {"digest": "<alice.digest>", "algorithm": "sha-256"},
    }
    assert '"token": "<alice.token>"' in answer.exchange.response.body
    assert client.actor == "alice"


def test_a_token_of_a_login_is_not_in_the_exchange(connect: Connect) -> None:
    client = connect(scripts.behaves)
    answer = client.login_with_token("bob", "short")
    assert "short" not in repr(answer.exchange)
    assert answer.exchange.request.body is not None
    assert '[{"resume": "<bob.token>"}]' in answer.exchange.request.body
    assert client.call("echo", ["short"], purpose="try").exchange.response.body == '{"result": ["<bob.token>"]}'


def test_a_secret_of_a_raw_frame_is_learnt_before_it_is_shown(connect: Connect) -> None:
    frame: Json = {"msg": "method", "method": "login", "id": 5, "params": [{"resume": "a-token-nobody-told-of"}]}
    answer = connect(scripts.behaves).call_raw(frame)
    assert "a-token-nobody-told-of" in str(answer.body)
    assert "a-token-nobody-told-of" not in repr(answer.exchange)


def test_a_refused_login_leaves_the_actor_as_it_was(connect: Connect) -> None:
    client = connect(scripts.is_silent_after_a_session)
    client._timeout_s = 0.1
    with pytest.raises(TargetError, match="did not answer the method login within"):
        client.login_with_token("bob", "a-token")
    assert client.actor == "nobody"


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ({"msg": "nonsense"}, "Bad request"),
        ({"msg": "method", "method": "echo", "params": []}, "Malformed method invocation"),
        ({"msg": "method", "method": "echo", "params": [], "id": 5}, "Malformed method invocation"),
        ({"msg": "connect", "version": "1", "support": ["1"]}, "Already connected"),
        ("null", "Bad request"),
        ("{", "Bad request"),
        ([1], "Bad request"),
    ],
)
def test_a_refused_frame_is_an_answer(connect: Connect, frame: Json, reason: str) -> None:
    client = connect(scripts.behaves)
    answer = client.call_raw(frame, purpose="send what is no frame")
    assert answer.status == 400
    offending = {"offendingMessage": frame} if isinstance(frame, dict) else {}
    assert answer.body == {"reason": reason} | offending
    assert [frame.direction for frame in answer.exchange.frames] == [SENT, RECEIVED]
    assert client.call("echo", [], purpose="go on").status == 200


def test_a_frame_sent_before_a_session_is_answered(meet: Connect) -> None:
    client = meet(scripts.demands_a_session_first)
    client.open()
    answer = client.call_raw({"msg": "ping"})
    assert as_object(answer.body)["reason"] == "Must connect first"
    assert client.connect().status == 200


def test_a_raw_frame_may_be_a_good_one(connect: Connect) -> None:
    client = connect(scripts.behaves)
    answer = client.call_raw('{"msg": "method", "method": "echo", "id": "1", "params": [1]}')
    assert (answer.status, answer.body) == (200, {"result": [1]})
    assert client.call_raw({"msg": "ping"}).body == {}
    assert client.call_raw({"msg": "sub", "id": "s", "name": ROOM, "params": ["x"]}).body == {"subs": ["s"]}
    assert client.call_raw({"msg": "unsub", "id": "s"}).body == {}


def test_an_error_that_names_nothing_answers_the_oldest(connect: Connect) -> None:
    answer = connect(scripts.refuses_without_saying_what).call("echo", [], purpose="try")
    assert (answer.status, answer.body) == (400, {"reason": "Bad request"})


def test_an_answer_that_comes_too_late_answers_nothing_else(connect: Connect) -> None:
    client = connect(scripts.answers_late)
    client._timeout_s = 0.1
    with pytest.raises(TargetError, match=r"did not answer the method slow within 0\.1 s"):
        client.call("slow", [], purpose="try")
    client._timeout_s = 5
    answer = client.call("quick", [], purpose="try")
    assert answer.body == {"result": "in time"}
    assert kinds(answer.exchange) == [(SENT, "method"), (RECEIVED, "result")]


def test_events_are_gathered_in_the_order_of_their_arrival(connect: Connect) -> None:
    client = connect(scripts.behaves)
    subscription = subscribed(client)
    assert subscription.answer.body == {"subs": [subscription.id]}
    assert [event.args for event in subscription.events] == [["before ready"]]
    third = subscription.until(lambda event: event.args == ["third"], 5)
    assert third is not None
    assert (third.kind, third.collection, third.id, third.name) == ("changed", ROOM, "id", "GENERAL")
    assert [event.args for event in subscription.events] == [["before ready"], ["first"], ["second"], ["third"]]


def test_an_event_that_has_come_already_is_found_without_waiting(connect: Connect) -> None:
    subscription = subscribed(connect(scripts.behaves))
    found = subscription.until(lambda event: event.args == ["before ready"], 0)
    assert found is subscription.events[0]


def test_an_event_that_does_not_come_is_given_up(connect: Connect) -> None:
    subscription = subscribed(connect(scripts.behaves))
    assert subscription.until(lambda event: event.args == ["third"], 5)
    assert subscription.until(lambda event: event.args == ["tenth"], 0.1) is None
    assert len(subscription.events) == 4


def test_two_subscriptions_hear_their_own_events(connect: Connect) -> None:
    client = connect(scripts.behaves)
    here, there = subscribed(client, "here"), subscribed(client, "there")
    assert there.until(lambda event: event.args == ["third"], 5)
    assert {event.name for event in here.events} == {"here"}
    assert {event.name for event in there.events} == {"there"}


def test_a_subscription_is_evidence(connect: Connect) -> None:
    client = connect(scripts.behaves)
    client.redactor.learn("second", "alice.password")
    subscription = subscribed(client)
    subscription.until(lambda event: event.args == ["second"], 5)
    exchange = subscription.exchange("hear what is said")
    assert kinds(exchange) == [
        (SENT, "sub"),
        (RECEIVED, "changed"),
        (RECEIVED, "ready"),
        (RECEIVED, "changed"),
        (RECEIVED, "changed"),
    ]
    assert exchange.response.json() == {
        "events": [{"eventName": "GENERAL", "args": [said]} for said in ("before ready", "first", "<alice.password>")]
    }
    assert exchange.id != subscription.answer.exchange.id


def test_a_refused_subscription_is_an_answer(connect: Connect) -> None:
    answer = connect(scripts.behaves).subscribe(ROOM, ["private", False])
    assert isinstance(answer, Answer)
    assert answer.status == 400
    assert answer.body == {"isClientSafe": True, "error": "not-allowed", "message": "[not-allowed]"}


def test_a_subscription_is_given_up(connect: Connect) -> None:
    client = connect(scripts.behaves)
    subscription = subscribed(client)
    answer = client.unsubscribe(subscription)
    assert (answer.status, answer.body) == (200, {})
    assert subscription.is_over
    assert subscription.until(lambda event: event.args == ["never"], 5) is None


def test_a_subscription_that_the_server_ends_is_over(connect: Connect) -> None:
    subscription = subscribed(connect(scripts.ends_a_subscription_unasked))
    assert subscription.until(lambda _: True, 5) is None
    assert subscription.is_over


def test_a_connection_that_closes_while_events_are_awaited_is_an_error(connect: Connect) -> None:
    client = connect(scripts.closes_while_subscribed)
    subscription = subscribed(client)
    with pytest.raises(TargetError) as refused:
        subscription.until(lambda event: event.args == ["another one"], 5)
    assert told(refused) == (
        f"{client.url} closed the connection (1001, going away) while waiting for an event of {ROOM}"
    )
    assert subscription.until(lambda event: event.args == ["the last one"], 5)


@pytest.mark.parametrize(
    ("script", "what"),
    [
        (scripts.closes_in_the_middle, "closed the connection (1011, out of memory) while waiting for {}"),
        (scripts.drops_the_line, "closed the connection (1006, without a close frame) while waiting for {}"),
        (scripts.sends_too_much, "sent a frame of more than 8 MiB while waiting for {}"),
        (scripts.sends_no_json, "sent a frame that is no JSON: '<html>502 Bad Gateway</html>', while waiting for {}"),
        (scripts.sends_a_list, "sent a frame that is JSON but no object: '[]', while waiting for {}"),
        (scripts.sends_binary, "sent a frame that is binary, while waiting for {}"),
        (
            scripts.sends_a_frame_without_a_kind,
            'sent a frame that is without a kind: msg is no text: \'{{"id": "1"}}\', while waiting for {}',
        ),
        (
            scripts.answers_what_nobody_asked,
            MISFIT,
        ),
    ],
)
def test_what_does_not_fit_says_what_was_waited_for(connect: Connect, script: Script, what: str) -> None:
    client = connect(script)
    with pytest.raises(TargetError) as refused:
        client.call("rooms/get", [], purpose="try")
    assert told(refused) == f"{client.url} {what.format('the answer to the method rooms/get')}"


def test_an_error_that_answers_nothing_does_not_fit(connect: Connect) -> None:
    subscription = subscribed(connect(scripts.complains_unasked))
    with pytest.raises(TargetError) as refused:
        subscription.until(lambda _: True, 5)
    assert told(refused).endswith(f"an event of {ROOM}: expected no answer, got error 'I do not like you'")


def test_a_server_that_is_silent_is_given_up(meet: Connect) -> None:
    client = meet(scripts.is_silent)
    client._timeout_s = 0.1
    client.open()
    with pytest.raises(TargetError, match=r"did not answer the request to connect within 0\.1 s"):
        client.connect()


def test_nothing_is_sent_over_a_connection_that_was_lost(connect: Connect) -> None:
    client = connect(scripts.closes_in_the_middle)
    with pytest.raises(TargetError):
        client.call("rooms/get", [], purpose="try")
    with pytest.raises(TargetError) as refused:
        client.call("rooms/get", [], purpose="try again")
    assert told(refused) == (
        f"{client.url} closed the connection (1011, out of memory) before: the method rooms/get was not sent"
    )
    with pytest.raises(PreflightError, match="is closed: expected hung up, got opened"):
        client.open()


def test_a_call_that_is_in_flight_when_the_line_drops_has_no_answer(connect: Connect) -> None:
    client = connect(scripts.closes_after_two_frames)
    first = client.start("echo", [1], purpose="try")
    with pytest.raises(TargetError, match="while waiting for the answer to the ping"):
        client.ping()
    with pytest.raises(TargetError, match="before: the answer to the method echo cannot come"):
        first.answer()


def test_a_client_that_is_not_open_says_so() -> None:
    client = DdpClient("http://127.0.0.1:9", Redactor())
    assert client.state is State.NEW
    with pytest.raises(PreflightError) as refused:
        client.call("rooms/get", [], purpose="try")
    assert told(refused).endswith("is not open: the method rooms/get was not sent")


def test_a_text_that_utf8_cannot_spell_is_refused_and_harms_nothing(connect: Connect) -> None:
    client = connect(scripts.behaves)
    with pytest.raises(PreflightError, match="UTF-8 cannot spell"):
        client.call_raw('{"msg": "\ud800"}')
    assert client.call("echo", ["\ud800"], purpose="spell it as JSON does").body == {"result": ["\ud800"]}


def test_closing_is_the_end_and_may_be_repeated(connect: Connect) -> None:
    client = connect(scripts.behaves)
    client.close()
    client.close()
    assert client.state is State.CLOSED


def test_a_flood_that_nobody_reads_does_not_keep_a_client_from_closing(connect: Connect) -> None:
    client = connect(scripts.floods)
    subscribed(client)
    client.close()
    assert client.state is State.CLOSED


def test_a_flood_is_read_whole(connect: Connect) -> None:
    subscription = subscribed(connect(scripts.floods))
    assert subscription.until(lambda event: event.args == [199], 5)
    assert [event.args for event in subscription.events] == [[number] for number in range(200)]


def _refusing(connection: ServerConnection, _: Request) -> Response:
    return connection.respond(HTTPStatus.NOT_FOUND, "no such page\n")


def _leading_elsewhere(connection: ServerConnection, request: Request) -> Response | None:
    if request.path == "/elsewhere":
        return None
    answer = connection.respond(HTTPStatus.FOUND, "")
    answer.headers["Location"] = "/elsewhere"
    return answer


def test_a_websocket_that_is_refused_is_told_with_its_status() -> None:
    with serving(scripts.behaves, _refusing) as url, DdpClient(url, Redactor()) as client:
        with pytest.raises(TargetError) as refused:
            client.connect()
        assert told(refused) == f"{client.url} answers HTTP 404 where a websocket should open"


def test_a_websocket_that_leads_elsewhere_is_not_followed() -> None:
    with serving(scripts.behaves, _leading_elsewhere) as url, DdpClient(url, Redactor()) as client:
        with pytest.raises(TargetError, match="sends the websocket to another address"):
            client.connect()
        assert client.frames_sent == 0


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(TargetError) as refused:
        DdpClient(f"http://127.0.0.1:{port}", Redactor()).connect()
    assert told(refused) == f"ws://127.0.0.1:{port}/websocket refuses connections"


def test_a_name_that_nobody_knows_is_told() -> None:
    with pytest.raises(TargetError, match="has a name that is not known"):
        DdpClient("http://workspace.invalid", Redactor()).connect()


def test_a_port_that_accepts_and_says_nothing_is_given_up() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(TargetError, match=r"did not open a websocket within 0\.1 s"):
            DdpClient(url, Redactor(), timeout_s=0.1).connect()


def test_https_against_a_server_without_tls_is_told() -> None:
    with serving(scripts.behaves) as url, pytest.raises(TargetError, match="does not speak TLS"):
        DdpClient(url.replace("http", "https"), Redactor()).connect()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate of this test")
def test_a_certificate_is_trusted_only_if_its_authority_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subject = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2")
    asked = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject)
    subprocess.run([*asked, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with serve(scripts.behaves, "localhost", 0, ssl=tls) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        url = f"https://localhost:{server.socket.getsockname()[1]}"
        with pytest.raises(TargetError, match="shows a certificate that is not trusted"):
            DdpClient(url, Redactor()).connect()
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
        with DdpClient(url, Redactor()) as client:
            assert client.connect().status == 200
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "no such file"))
        with pytest.raises(TargetError, match="cannot be trusted or not"):
            DdpClient(url, Redactor()).connect()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("address", ["chat.example.org", "ftp://chat.example.org", "http://:3000", "http://[::1"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="is no address of a workspace"):
        DdpClient(address, Redactor())


@pytest.mark.parametrize(
    ("workspace", "websocket"),
    [
        ("https://chat.example.org", "wss://chat.example.org/websocket"),
        ("http://127.0.0.1:3000/", "ws://127.0.0.1:3000/websocket"),
        ("https://example.org/chat", "wss://example.org/chat/websocket"),
    ],
)
def test_the_websocket_listens_below_the_address_of_the_workspace(workspace: str, websocket: str) -> None:
    assert DdpClient(workspace, Redactor()).url == websocket
