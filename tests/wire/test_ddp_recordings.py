"""The DDP client against what a genuine server said: every recorded conversation is read, none is a misfit."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.sync.server import ServerConnection

from preflight.model.exchange import Direction
from preflight.wire.ddp import DdpClient
from preflight.wire.redaction import Redactor
from tests.reference import RECORDINGS
from tests.wire.scripted_server import greet, serving, until_closed

FOLDER = RECORDINGS / "ddp"
ANSWERS = {"connected", "failed", "result", "ready", "nosub", "pong", "error"}
Frame = dict[str, Any]  # a recorded frame, any JSON object

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the recordings of a genuine server are not there")


def recorded(name: str) -> list[Frame]:
    cases: list[Frame] = json.loads((FOLDER / name).read_text(encoding="utf-8"))["cases"]
    return cases


def parted(frames: list[Frame]) -> Iterator[list[Frame]]:
    """Part what was received into what came up to each answer."""
    part: list[Frame] = []
    for frame in frames:
        part.append(frame)
        if frame.get("msg") in ANSWERS:
            yield part
            part = []


@pytest.mark.parametrize(
    "name", sorted(path.name for path in FOLDER.glob("*.json")) if FOLDER.is_dir() else [], ids=str
)
def test_every_recorded_call_is_read(name: str) -> None:
    calls = [case for case in recorded(name) if isinstance(case["sent"], dict) and case["received"]]

    def replay(connection: ServerConnection) -> None:
        greet(connection)
        for call in calls:
            connection.recv()
            for frame in call["received"]:
                connection.send(json.dumps(frame))
        until_closed(connection)

    with serving(replay) as url, DdpClient(url, Redactor(), timeout_s=5) as client:
        client.connect()
        for call in calls:
            answer = client.call_raw(call["sent"])
            last = call["received"][-1]
            assert answer.status == (400 if "error" in last or last["msg"] == "error" else 200), call["case"]
            if last["msg"] == "result" and "result" in last:
                assert answer.body == {"result": last["result"]}, call["case"]
            assert [frame.direction for frame in answer.exchange.frames].count(Direction.RECEIVED) == len(
                call["received"]
            ), call["case"]


def _protocol() -> list[Frame]:
    if not FOLDER.is_dir():
        return []
    return [case for case in recorded("protocol.json") if case["sent"] and not case["case"].startswith("live:")]


@pytest.mark.parametrize("case", _protocol(), ids=lambda case: case["case"])
def test_every_recorded_conversation_is_read(case: Frame) -> None:
    parts = list(parted(case["received"]))

    def replay(connection: ServerConnection) -> None:
        for part in parts:
            connection.recv()
            for frame in part:
                connection.send(json.dumps(frame))
        if "__close" not in case["received"][-1]:
            until_closed(connection)

    with serving(replay) as url, DdpClient(url, Redactor(), timeout_s=5) as client:
        client.open()
        kinds = [json.loads(client.call_raw(frame).exchange.frames[-1].text)["msg"] for frame in case["sent"]]
        assert kinds == [part[-1]["msg"] for part in parts]
