"""A proxy between Preflight and a mock workspace that breaks the network in named ways, once or for a while.

It speaks HTTP by the request, so that it knows where an answer begins and ends, and hands websockets through frame by
frame. What it does is told by a `Trouble`; what it did is counted.
"""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

HOST = "127.0.0.1"
_CHUNK = 65536
_LINGER_NEVER = struct.pack("ii", 1, 0)  # closing sends a reset


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it passes: its number from 1 on, its first line, and whether it opens a websocket."""

    number: int
    line: str
    is_websocket: bool


class Wire:
    """The connection of a client, and the way to the workspace for one request."""

    def __init__(
        self, client: socket.socket, request: bytes, server: tuple[str, int], patience: threading.Event
    ) -> None:
        self.client = client
        self.request = request
        self._server = server
        self._patience = patience

    def ask(self) -> bytes:
        """Hand the request on, and give the whole answer."""
        with socket.create_connection(self._server, timeout=10) as server:
            server.sendall(_once(self.request))
            return b"".join(iter(lambda: server.recv(_CHUNK), b""))

    def answer(self, content: bytes) -> None:
        """Send bytes to the client."""
        self.client.sendall(content)

    def reset(self) -> None:
        """Break the connection so that the client is told at once."""
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NEVER)

    def hold(self) -> None:
        """Say nothing until the test is over, or the client has gone."""
        self.client.settimeout(0.05)
        while not self._patience.is_set():
            try:
                if not self.client.recv(1):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def drip(self, content: bytes) -> None:
        """Send bytes one after the other."""
        for at in range(0, len(content), 7):
            self.client.sendall(content[at : at + 7])
            self._patience.wait(0.0005)


Break = Callable[[Wire], None]
Frames = Callable[[bytes], list[bytes]]  # one frame of the server, and what the client gets in its place


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What breaks: an answer over HTTP, or the frames of a websocket, for the requests that `meets` selects."""

    name: str
    http: Break | None = None
    frames: Frames | None = None


@dataclass(slots=True)
class Proxy:
    """A running proxy: its address, what it breaks, for which requests, and how often it has."""

    url: str = ""
    trouble: Trouble | None = None
    meets: Callable[[Seen], bool] = lambda _seen: False
    seen: list[Seen] = field(default_factory=list)
    broken: int = 0


@contextmanager
def proxied(target: str) -> Iterator[Proxy]:
    """Run a proxy in front of a workspace."""
    parts = urlsplit(target)
    server = (str(parts.hostname), int(parts.port or 80))
    over = threading.Event()
    with socket.create_server((HOST, 0), backlog=64) as listening:
        proxy = Proxy(url=f"http://{HOST}:{listening.getsockname()[1]}")
        thread = threading.Thread(target=_listen, args=(listening, server, proxy, over), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            over.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def _listen(listening: socket.socket, server: tuple[str, int], proxy: Proxy, over: threading.Event) -> None:
    serving: list[threading.Thread] = []
    while not over.is_set():
        try:
            client, _ = listening.accept()
        except OSError:
            break
        thread = threading.Thread(target=_serve, args=(client, server, proxy, over), daemon=True)
        serving.append(thread)
        thread.start()
    for thread in serving:
        thread.join()


def _serve(client: socket.socket, server: tuple[str, int], proxy: Proxy, over: threading.Event) -> None:
    client.settimeout(0.05)
    with client, suppress(OSError):
        while (request := _request(client, over)) is not None:
            client.settimeout(10)
            head = request.partition(b"\r\n\r\n")[0].decode("latin-1")
            seen = Seen(len(proxy.seen) + 1, head.partition("\r\n")[0], "upgrade: websocket" in head.lower())
            proxy.seen.append(seen)
            wire = Wire(client, request, server, over)
            trouble = proxy.trouble if proxy.trouble and proxy.meets(seen) else None
            if trouble is not None:
                proxy.broken += 1
            if trouble is not None and trouble.http is not None:
                trouble.http(wire)
                return
            if seen.is_websocket:
                _tunnel(wire, server, trouble.frames if trouble and trouble.frames else lambda frame: [frame], over)
                return
            wire.answer(wire.ask())
            client.settimeout(0.05)


def _request(client: socket.socket, over: threading.Event) -> bytes | None:
    """Read one request whole; None where the client has gone or the test is over."""
    content = b""
    while not over.is_set():
        head, found, body = content.partition(b"\r\n\r\n")
        if found and len(body) >= _length(head):
            return content
        try:
            more = client.recv(_CHUNK)
        except TimeoutError:
            continue
        if not more:
            return None
        content += more
    return None


def _length(head: bytes) -> int:
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            return int(value)
    return 0


def _once(request: bytes) -> bytes:
    """Ask for the connection to end with the answer, so that its end is the answer's."""
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body


def _tunnel(wire: Wire, server: tuple[str, int], frames: Frames, over: threading.Event) -> None:
    """Hand a websocket through: what the client sends as it is, what the server sends frame by frame."""
    with socket.create_connection(server, timeout=10) as upstream:
        upstream.sendall(wire.request)
        upstream.settimeout(0.05)
        wire.client.settimeout(0.05)
        pump = threading.Thread(target=_pump, args=(wire.client, upstream, over), daemon=True)
        pump.start()
        head, rest = _head(upstream, over)
        with suppress(OSError):
            wire.client.sendall(head)
            for frame in _server_frames(upstream, rest, over):
                for each in frames(frame):
                    wire.client.sendall(each)
        wire.reset()
        with suppress(OSError):
            upstream.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            wire.client.shutdown(socket.SHUT_RDWR)
        pump.join()


def _pump(source: socket.socket, sink: socket.socket, over: threading.Event) -> None:
    with suppress(OSError):
        for content in _received(source, over):
            sink.sendall(content)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def _received(source: socket.socket, over: threading.Event) -> Iterator[bytes]:
    while not over.is_set():
        try:
            content = source.recv(_CHUNK)
        except TimeoutError:
            continue
        if not content:
            return
        yield content


def _head(upstream: socket.socket, over: threading.Event) -> tuple[bytes, bytes]:
    content = b""
    for more in _received(upstream, over):
        content += more
        head, found, rest = content.partition(b"\r\n\r\n")
        if found:
            return head + found, rest
    return content, b""


class CutError(Exception):
    """The connection is to end here."""


def _server_frames(upstream: socket.socket, content: bytes, over: threading.Event) -> Iterator[bytes]:
    """Give the frames of a server, which are not masked, each whole with its head."""
    source = _received(upstream, over)
    with suppress(CutError):
        while True:
            size = _frame_size(content)
            while size is None or len(content) < size:
                more = next(source, b"")
                if not more:
                    return
                content += more
                size = _frame_size(content)
            yield content[:size]
            content = content[size:]


def _frame_size(content: bytes) -> int | None:
    if len(content) < 2:
        return None
    short = content[1] & 0x7F
    if short == 126:
        return 4 + int.from_bytes(content[2:4], "big") if len(content) >= 4 else None
    if short == 127:
        return 10 + int.from_bytes(content[2:10], "big") if len(content) >= 10 else None
    return 2 + short


def text_of(frame: bytes) -> bytes:
    """Give the payload of a frame."""
    return frame[len(frame) - _payload_size(frame) :]


def frame_of(payload: bytes, opcode: int = 1) -> bytes:
    """Make an unmasked frame of a payload."""
    if len(payload) < 126:
        return bytes([0x80 | opcode, len(payload)]) + payload
    if len(payload) < 65536:
        return bytes([0x80 | opcode, 126]) + len(payload).to_bytes(2, "big") + payload
    return bytes([0x80 | opcode, 127]) + len(payload).to_bytes(8, "big") + payload


def _payload_size(frame: bytes) -> int:
    size = _frame_size(frame) or 0
    return size - {126: 4, 127: 10}.get(frame[1] & 0x7F, 2)
