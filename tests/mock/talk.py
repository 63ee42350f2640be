"""A client of the Realtime API, as the tests of the mock use it: over a real socket."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from types import TracebackType
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

from preflight.mock.users import digest
from tests.mock.world import PASSWORD, Person, World

Json = Any  # whatever a frame holds
SUPPORT = ["1", "pre2", "pre1"]
PATIENCE_S = 10


class Talk:
    """One connection: it sends frames, and gives those that come, in their order."""

    def __init__(self, url: str) -> None:
        self._closing = ExitStack()
        self._socket: ClientConnection = self._closing.enter_context(connect(url, open_timeout=PATIENCE_S, proxy=None))
        self._ids = count(1)
        self.session = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    # -- frames ------------------------------------------------------------------------------------------------------

    def put(self, text: str) -> None:
        """Send a text as it is."""
        self._socket.send(text)

    def send(self, **frame: Any) -> None:
        """Send a frame."""
        self.put(json.dumps(frame))

    def text(self) -> str:
        """Give the next text that comes."""
        return str(self._socket.recv(timeout=PATIENCE_S))

    def receive(self) -> Json:
        """Give the next frame that comes."""
        return json.loads(self.text())

    def until_pong(self) -> list[Json]:
        """Give every frame that has come so far: what the server answers to a ping comes after them."""
        mark = f"mark {next(self._ids)}"
        self.send(msg="ping", id=mark)
        return list(iter(self.receive, {"msg": "pong", "id": mark}))

    def events(self) -> list[tuple[str, str, Json]]:
        """Give the events that have come so far: stream, name and arguments."""
        frames = [frame for frame in self.until_pong() if frame["msg"] == "changed"]
        return [(each["collection"], each["fields"]["eventName"], each["fields"]["args"]) for each in frames]

    # -- conversations -----------------------------------------------------------------------------------------------

    def connect(self) -> Self:
        """Begin a session."""
        self.send(msg="connect", version="1", support=SUPPORT)
        self.session = self.receive()["session"]
        return self

    def call(self, method: str, *params: Any) -> Json:
        """Call a method and give the frame with its result; other frames that come with it are passed over."""
        return list(self.called(method, *params))[-1]

    def called(self, method: str, *params: Any) -> Iterator[Json]:
        """Call a method and give every frame up to the one with its result."""
        call_id = str(next(self._ids))
        self.send(msg="method", method=method, id=call_id, params=list(params))
        frame: Json = {}
        while frame.get("msg") != "result" or frame.get("id") != call_id:
            frame = self.receive()
            yield frame

    def result(self, method: str, *params: Any) -> Json:
        """Call a method and give its result, which must not be an error; None where it is absent."""
        frame = self.call(method, *params)
        assert "error" not in frame, frame
        return frame.get("result")

    def error(self, method: str, *params: Any) -> Json:
        """Call a method and give its error."""
        return self.call(method, *params)["error"]

    def log_in(self, username: str, password: str = PASSWORD) -> Json:
        """Log in by password and give the result."""
        hashed = {"digest": digest(password), "algorithm": "sha-256"}
        return self.result("login", {"user": {"username": username}, "password": hashed})

    def subscribe(self, name: str, *params: Any) -> Json:
        """Subscribe and give what the server says to that."""
        subscription_id = f"s{next(self._ids)}"
        self.send(msg="sub", id=subscription_id, name=name, params=list(params))
        while True:
            frame = self.receive()
            if frame["msg"] in {"ready", "nosub"}:
                return frame


def talk(world: World, person: Person | None = None) -> Talk:
    """Give a session with a world, logged in where a person is given."""
    talking = Talk(world.server.realtime_url).connect()
    if person is not None:
        talking.result("login", {"resume": person.session.headers["X-Auth-Token"]})
    return talking
