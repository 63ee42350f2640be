"""What Preflight adds to realtime calls: their wall time by that of the same calls written bare with websockets.

``python -m benchmarks.realtime`` starts a trivial server in another process, which answers each method with its
parameters, and calls it a thousand times in each way, five times by turns. Like every caller the bare ones write and
read JSON and tell the result of one call from that of another.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from websockets.sync.client import connect
from websockets.sync.server import ServerConnection, serve

from preflight.model.json import Json
from preflight.wire.ddp import DdpClient
from preflight.wire.redaction import Redactor

CALLS, ROUNDS = 1000, 5
PARAMS: list[Json] = [
    "GENERAL",
    {"$date": 1795324800000},
    {"name": "Zoë", "roles": ["owner", "moderator"], "unread": 3},
]
SECRETS = 20  # tokens, passwords and digests that a run of several people knows


@contextmanager
def echo() -> Iterator[str]:
    """Run the server while a ``with`` block lasts; gives its address."""
    words = [sys.executable, "-u", "-m", "benchmarks.realtime", "serve"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101 (tells the type checker what PIPE means)
        yield process.stdout.readline().strip()
        process.terminate()


def answer(connection: ServerConnection) -> None:
    """Answer as a workspace does: updated first, then the result."""
    for text in connection:
        frame = json.loads(text)
        if frame["msg"] == "connect":
            connection.send('{"msg":"connected","session":"benchmark"}')
            continue
        connection.send(json.dumps({"msg": "updated", "methods": [frame["id"]]}))
        connection.send(json.dumps({"msg": "result", "id": frame["id"], "result": frame["params"]}))


def bare(url: str) -> float:
    """Call bare; gives the wall time in seconds."""
    with connect(url.replace("http", "ws", 1) + "/websocket") as socket:
        socket.send(json.dumps({"msg": "connect", "version": "1", "support": ["1"]}))
        socket.recv()
        started = perf_counter()
        for number in range(CALLS):
            socket.send(json.dumps({"msg": "method", "method": "echo", "id": str(number), "params": PARAMS}))
            while (frame := json.loads(socket.recv(15)))["msg"] != "result" or frame["id"] != str(number):
                pass
            _must_be_echoed(frame["result"])
        return perf_counter() - started


def judged(url: str) -> float:
    """Call through the client, which makes an exchange of each call; gives the wall time in seconds."""
    redactor = Redactor()
    for number in range(SECRETS):
        redactor.learn(f"secret-{number}-of-a-benchmark", f"person{number}.token")
    with DdpClient(url, redactor) as client:
        client.connect()
        started = perf_counter()
        for _ in range(CALLS):
            body = client.call("echo", PARAMS, purpose="hear it again").body
            _must_be_echoed(body["result"] if isinstance(body, dict) else body)
        return perf_counter() - started


def _must_be_echoed(result: object) -> None:
    if result != PARAMS:
        sys.exit(f"the server answered {result!r}")


def main() -> None:
    """Measure by turns and print."""
    with echo() as url:
        pairs = [(judged(url), bare(url)) for _ in range(ROUNDS)]
    whole, alone = (sorted(times)[ROUNDS // 2] for times in zip(*pairs, strict=True))
    print(f"{CALLS} calls through DdpClient  {whole:6.3f} s  median of {ROUNDS}")
    print(f"{CALLS} calls bare               {alone:6.3f} s")
    print(f"ratio                       {whole / alone:6.2f}")


def listen() -> None:
    """Serve until the process is ended."""
    with serve(answer, "127.0.0.1", 0) as server:
        print(f"http://127.0.0.1:{server.socket.getsockname()[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    listen() if sys.argv[1:] == ["serve"] else main()
