"""Talk: frames sent as they are, and every frame that comes; nothing is held against the other side.

Where the DDP client stops at the first frame that does not fit, a talk goes on and remembers: it is for those who judge
the protocol itself. It is used by one thread, and reads while somebody waits; pings are answered.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, perf_counter

from preflight.errors import TargetError
from preflight.model.exchange import Direction, Exchange, Frame
from preflight.model.json import Json, JsonObject, as_object
from preflight.wire import frames
from preflight.wire.address import websocket_address
from preflight.wire.redaction import Redactor
from preflight.wire.transcript import Transcriber
from preflight.wire.watch import Watch, call_in
from preflight.wire.websocket import ClosedError, Websocket


class Talk:
    """One websocket over which anything may be said.

    Args:
        base_url: address of the workspace, http or https, without credentials.
        redactor: knows the secrets; learns those which frames show.
        actor: who speaks.
        timeout_s: how long to wait for the websocket and for a frame, in seconds.
        ids: gives the ids of exchanges.
        watch: sees each method call before it is sent.

    Raises:
        TargetError: when the websocket does not open.
    """

    def __init__(  # noqa: PLR0913 (each argument is one thing that a talk needs)
        self,
        base_url: str,
        redactor: Redactor,
        *,
        actor: str,
        timeout_s: float,
        ids: Iterator[str],
        watch: Watch | None = None,
        ca_bundle: Path | None = None,
    ) -> None:
        url = websocket_address(base_url)
        self.actor = actor
        self.frames_sent = 0
        self.received: list[JsonObject] = []
        self.is_over = False
        self._redactor = redactor
        self._watch = watch
        self._timeout_s = timeout_s
        self._transcriber = Transcriber(url, redactor, ids)
        self._frames: list[Frame] = []
        self._last = ""
        self._started = perf_counter()
        self._socket = Websocket(url, timeout_s=timeout_s, ca_bundle=ca_bundle)

    def send(self, frame: Json) -> None:
        """Send a frame, a text as it is; raises TargetError where the connection is closed."""
        text = frame if isinstance(frame, str) else frames.spelled(frame)
        call = call_in(text, self.actor)
        if self._watch and call:
            self._watch.before(call)
        self._redactor.learn_from(frames.json_of(text), self.actor)
        self._last = text
        if not self._write(text):
            raise TargetError(
                f"the realtime connection of {self.actor} was closed before a frame was sent",
                hint="look into the log of the workspace and of any proxy in between",
            )

    def until(self, predicate: Callable[[JsonObject], bool]) -> JsonObject | None:
        """Give the first frame that fulfils a condition, come already or still to come.

        None means that none came in time, or before the other side closed.
        """
        deadline, seen = monotonic() + self._timeout_s, 0
        while True:
            for frame in self.received[seen:]:
                if predicate(frame):
                    return frame
            seen = len(self.received)
            left_s = deadline - monotonic()
            if self.is_over or left_s <= 0:
                return None
            self._read(left_s)

    def exchange(self, purpose: str) -> Exchange:
        """Give the whole talk up to now as evidence: 200 and ``{"frames": [those that came]}``."""
        return self._transcriber.exchange(
            actor=self.actor,
            purpose=purpose,
            sent=self._last,
            status=frames.ACCEPTED,
            body={"frames": list(self.received)},
            frames=self._frames,
            elapsed_s=perf_counter() - self._started,
        )

    def close(self) -> None:
        """Close the connection; does nothing where it is closed."""
        self._socket.close()
        self.is_over = True

    def _read(self, within_s: float) -> None:
        try:
            came = self._socket.receive(within_s)
        except ClosedError:
            self.is_over = True
            return
        if came is None:
            return
        text = came if isinstance(came, str) else came.decode("utf-8", "backslashreplace")
        self._frames.append(Frame(direction=Direction.RECEIVED, text=text))
        body = as_object(frames.json_of(text))
        self._redactor.learn_from(body, self.actor)
        self.received.append(body)
        if body.get("msg") == "ping":
            self._write(frames.spelled({"msg": "pong"} | ({"id": body["id"]} if "id" in body else {})))

    def _write(self, text: str) -> bool:
        self._frames.append(Frame(direction=Direction.SENT, text=text))
        self.frames_sent += 1
        try:
            self._socket.send(text)
        except ClosedError:
            self.is_over = True
        return not self.is_over
