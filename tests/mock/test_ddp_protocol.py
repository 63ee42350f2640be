"""The protocol: sessions, frames that are refused, pings, methods and subscriptions, plain and in SockJS."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from websockets.exceptions import ConnectionClosed

from preflight.mock.ddp import socket
from tests.mock.talk import SUPPORT, Talk, talk
from tests.mock.world import World, world


@pytest.fixture(scope="module")
def here() -> Iterator[World]:
    with world() as given:
        yield given


@pytest.fixture
def opened(here: World) -> Iterator[Talk]:
    with Talk(here.server.realtime_url) as talking:
        yield talking


@pytest.fixture
def connected(here: World) -> Iterator[Talk]:
    with talk(here) as talking:
        yield talking


# -- sessions --------------------------------------------------------------------------------------------------------


def test_nothing_is_said_before_the_client_speaks(opened: Talk) -> None:
    opened.send(msg="connect", version="1", support=SUPPORT)
    first = opened.receive()
    assert first == {"msg": "connected", "session": first["session"]}
    assert len(first["session"]) == 17


def test_two_sessions_have_different_names(here: World) -> None:
    with talk(here) as one, talk(here) as other:
        assert one.session != other.session


@pytest.mark.parametrize(
    "asked",
    [
        {"version": "99", "support": ["99"]},
        {"version": "1", "support": ["pre2"]},
        {"version": "pre2", "support": ["1", "pre2"]},
        {"version": "1"},
        {"support": SUPPORT},
        {"version": "1", "support": "1"},
        {"version": "1", "support": ["1", 1]},
        {},
    ],
)
def test_a_version_that_is_not_spoken_ends_the_conversation(opened: Talk, asked: dict[str, Any]) -> None:
    opened.send(msg="connect", **asked)
    assert opened.receive() == {"msg": "failed", "version": "1"}
    with pytest.raises(ConnectionClosed) as closed:
        opened.receive()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1000


def test_an_older_version_is_spoken_to_who_asks_for_it(opened: Talk) -> None:
    opened.send(msg="connect", version="pre1", support=["pre1"])
    assert opened.receive()["msg"] == "connected"


def test_a_second_connect_is_refused_and_the_session_goes_on(connected: Talk) -> None:
    again = {"msg": "connect", "version": "1", "support": SUPPORT}
    connected.send(**again)
    assert connected.receive() == {"msg": "error", "reason": "Already connected", "offendingMessage": again}
    assert connected.until_pong() == []


# -- frames that are refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", [{"msg": "ping"}, {"msg": "method", "id": "1", "method": "x"}, {"msg": "what"}])
def test_before_a_session_everything_else_is_refused(opened: Talk, frame: dict[str, Any]) -> None:
    opened.send(**frame)
    assert opened.receive() == {"msg": "error", "reason": "Must connect first", "offendingMessage": frame}


@pytest.mark.parametrize("text", ["null", "{", "hello", "1", '"text"', "[" * 5000])
def test_what_is_no_object_is_a_bad_request(connected: Talk, text: str) -> None:
    connected.put(text)
    assert connected.receive() == {"msg": "error", "reason": "Bad request"}


@pytest.mark.parametrize(
    "frame", [{}, {"msg": ""}, {"msg": "nonsense"}, {"msg": "result"}, {"mgs": "ping"}, {"msg": 7}]
)
def test_an_object_that_is_no_message_is_a_bad_request_and_shown(connected: Talk, frame: dict[str, Any]) -> None:
    connected.send(**frame)
    assert connected.receive() == {"msg": "error", "reason": "Bad request", "offendingMessage": frame}


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ({"msg": "method", "method": "rooms/get"}, "Malformed method invocation"),
        ({"msg": "method", "method": "rooms/get", "id": 5}, "Malformed method invocation"),
        ({"msg": "method", "id": "1"}, "Malformed method invocation"),
        ({"msg": "method", "method": "rooms/get", "id": "1", "params": "x"}, "Malformed method invocation"),
        ({"msg": "method", "method": "rooms/get", "id": "1", "params": None}, "Malformed method invocation"),
        ({"msg": "method", "method": "rooms/get", "id": "1", "randomSeed": 5}, "Malformed method invocation"),
        ({"msg": "sub", "name": "stream-notify-user"}, "Malformed subscription"),
        ({"msg": "sub", "id": "1"}, "Malformed subscription"),
        ({"msg": "sub", "id": "1", "name": "stream-notify-all", "params": {}}, "Malformed subscription"),
    ],
)
def test_malformed_frames_are_refused_with_what_was_sent(connected: Talk, frame: dict[str, Any], reason: str) -> None:
    connected.send(**frame)
    assert connected.until_pong() == [{"msg": "error", "reason": reason, "offendingMessage": frame}]


# -- pings, methods, subscriptions -----------------------------------------------------------------------------------


def test_a_ping_is_answered_with_its_id_where_it_has_one(connected: Talk) -> None:
    connected.send(msg="ping")
    connected.send(msg="ping", id="p1")
    assert [connected.receive(), connected.receive()] == [{"msg": "pong"}, {"msg": "pong", "id": "p1"}]


def test_a_pong_is_taken_in_silence(connected: Talk) -> None:
    connected.send(msg="pong")
    assert connected.until_pong() == []


def test_updated_comes_before_the_result_also_when_it_is_an_error(connected: Talk) -> None:
    good, bad = list(connected.called("rooms/get")), list(connected.called("archiveRoom", "x"))
    assert [frame["msg"] for frame in (*good, *bad)] == ["updated", "result"] * 2
    assert good[0]["methods"] == [good[1]["id"]]


def test_params_may_be_left_out_and_a_seed_may_be_sent(connected: Talk) -> None:
    connected.send(msg="method", id="1", method="rooms/get", randomSeed="abc")
    assert connected.until_pong()[1] == {"msg": "result", "id": "1", "result": []}


def test_an_unknown_method_is_a_404(connected: Talk) -> None:
    assert connected.error("nosuch") == {
        "isClientSafe": True,
        "error": 404,
        "reason": "Method 'nosuch' not found",
        "message": "Method 'nosuch' not found [404]",
        "errorType": "Meteor.Error",
    }


def test_an_unknown_subscription_is_a_404(connected: Talk) -> None:
    frame = connected.subscribe("stream-nosuch", "x")
    assert frame["msg"] == "nosub"
    assert frame["error"]["error"] == 404
    assert frame["error"]["reason"] == "Subscription 'stream-nosuch' not found"


@pytest.mark.parametrize("params", [[], [""], [None], [5]])
def test_an_event_must_be_named(connected: Talk, params: list[Any]) -> None:
    assert connected.subscribe("stream-notify-all", *params)["error"] == {
        "isClientSafe": True,
        "error": "invalid-event-name",
        "message": "[invalid-event-name]",
        "errorType": "Meteor.Error",
    }


def test_a_subscription_that_stands_already_is_passed_over(connected: Talk) -> None:
    for _ in range(2):
        connected.send(msg="sub", id="same", name="stream-notify-all", params=["public-settings-changed", False])
    assert connected.until_pong() == [{"msg": "ready", "subs": ["same"]}]


def test_unsubscribing_is_answered_also_where_nothing_was_subscribed(connected: Talk) -> None:
    connected.send(msg="unsub", id="unknown")
    assert connected.until_pong() == [{"msg": "nosub", "id": "unknown"}]


def test_subscriptions_that_clients_open_at_their_start_stand_at_once(connected: Talk) -> None:
    assert connected.subscribe("meteor.loginServiceConfiguration")["msg"] == "ready"


# -- transports ------------------------------------------------------------------------------------------------------


def test_the_page_of_sockjs_tells_what_it_can(here: World) -> None:
    facts = requests.get(f"{here.server.url}/sockjs/info", timeout=10).json()
    assert facts["websocket"] is True
    assert facts["cookie_needed"] is False
    assert facts["origins"] == ["*:*"]
    assert isinstance(facts["entropy"], int)


def test_sockjs_dresses_what_is_said_and_undresses_what_it_hears(here: World) -> None:
    url = here.server.realtime_url.replace("/websocket", "/sockjs/123/abcdef/websocket")
    with Talk(url) as dressed:
        assert dressed.text() == "o"
        dressed.put(json.dumps([json.dumps({"msg": "connect", "version": "1", "support": SUPPORT})]))
        (frame,) = (json.loads(each) for each in json.loads(dressed.text()[1:]))
        assert frame["msg"] == "connected"
        dressed.put(json.dumps([json.dumps({"msg": "ping", "id": str(n)}) for n in range(2)]))
        assert [dressed.text(), dressed.text()] == [
            'a["{\\"msg\\":\\"pong\\",\\"id\\":\\"0\\"}"]',
            'a["{\\"msg\\":\\"pong\\",\\"id\\":\\"1\\"}"]',
        ]


def test_sockjs_says_goodbye(here: World) -> None:
    url = here.server.realtime_url.replace("/websocket", "/sockjs/123/abcdef/websocket")
    with Talk(url) as dressed:
        dressed.text()
        dressed.put(json.dumps(json.dumps({"msg": "connect", "version": "9", "support": ["9"]})))
        assert dressed.text().startswith("a[")
        assert dressed.text() == 'c[3000,"Go away!"]'
        with pytest.raises(ConnectionClosed):
            dressed.text()


@pytest.mark.parametrize("text", ["no list", "[1]", "{}"])
def test_sockjs_closes_on_what_is_no_list_of_texts(here: World, text: str) -> None:
    with Talk(here.server.realtime_url.replace("/websocket", "/sockjs/1/a/websocket")) as dressed:
        dressed.text()
        dressed.put(text)
        with pytest.raises(ConnectionClosed):
            dressed.text()


def test_the_socket_below_sockjs_is_plain(here: World) -> None:
    with Talk(here.server.realtime_url.replace("/websocket", "/sockjs/websocket")) as plain:
        assert plain.connect().session


def test_half_a_surrogate_pair_does_not_end_the_conversation(connected: Talk) -> None:
    connected.put('{"msg":"\\ud800"}')
    assert connected.receive()["offendingMessage"] == {"msg": "\ud800"}
    connected.send(msg="ping")
    assert connected.receive() == {"msg": "pong"}


def test_bytes_are_read_as_text(connected: Talk) -> None:
    connected._socket.send(b'{"msg":"ping"}')
    assert connected.receive() == {"msg": "pong"}


def test_silence_ends_with_a_ping_or_a_heartbeat(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "IDLE_S", 0.01)
    with talk(here) as plain:
        assert plain.receive() == {"msg": "ping"}
    with Talk(here.server.realtime_url.replace("/websocket", "/sockjs/1/a/websocket")) as dressed:
        assert [dressed.text(), dressed.text()] == ["o", "h"]


def test_a_client_that_goes_without_a_word_disturbs_nobody(here: World, connected: Talk) -> None:
    gone = talk(here, here.alice)
    gone.subscribe("stream-room-messages", "GENERAL")
    gone._socket.socket.close()
    here.bob.says("GENERAL", "is anybody there?")
    assert connected.until_pong() == []
    gone._closing.close()


def test_a_stopped_server_ends_its_conversations() -> None:
    with world() as brief:
        talking = talk(brief)
        brief.server.stop()
        with talking, pytest.raises(ConnectionClosed):
            talking.receive()
