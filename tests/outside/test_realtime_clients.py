"""Clients that others wrote talk to the mock workspace over its Realtime API."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.mock.world import PASSWORD, World, world

HERE = Path(__file__).parent
LONGEST_S = 120
# It wants an older websockets than Preflight has, and so cannot live in the same environment.
PYTHON_CLIENT = "rocketchat-async==4.3.0"
# What the client needs to run; its other dependencies are types alone.
NODE_CLIENT = ("@rocket.chat/ddp-client@1.1.2", "@rocket.chat/emitter@0.33.0", "@rocket.chat/api-client@0.2.56")
NODE_NEEDS = ("ws@8.18.0", "query-string@7.1.3")


def run(command: Sequence[str], folder: Path) -> str:
    """Run a command that needs a registry; skip where that cannot be reached."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    if done.returncode != 0:
        pytest.skip(f"{command[0]} could not install the client: {(done.stderr or done.stdout).strip()[-200:]}")
    return done.stdout


@pytest.fixture(scope="module")
def python_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the Python client and what it needs."""
    folder = tmp_path_factory.mktemp("python-client")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), PYTHON_CLIENT]
    run(install, folder)
    return folder


@pytest.fixture(scope="module")
def node_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the Node client and what it needs."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("Node is not installed")
    folder = tmp_path_factory.mktemp("node-client")
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    run([npm, "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *NODE_NEEDS], folder)
    for package in NODE_CLIENT:
        (packed,) = run([npm, "pack", "--silent", package], folder).split()
        unpacked = folder / "node_modules" / package.rpartition("@")[0]
        unpacked.mkdir(parents=True)
        run(["tar", "-xzf", str(folder / packed), "-C", str(unpacked), "--strip-components=1"], folder)
    shutil.copy(HERE / "realtime_client.cjs", folder)
    return folder


@contextmanager
def running(command: Sequence[str], **environ: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Start a program and give what it says, line by line."""
    pipe = subprocess.PIPE
    environment = {**os.environ, **environ}
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            yield (json.loads(line) for line in process.stdout)
            assert process.wait(timeout=LONGEST_S) == 0, process.stderr.read()
        finally:
            process.kill()


def conversation(here: World, room: str, lines: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let bob write over REST once the client listens, and give all that it said."""
    said = []
    for line in lines:
        said.append(line)
        if line["what"] == "listening":
            here.bob.says(room, "sent over REST")
    return said


def check(here: World, room: str, said: list[dict[str, Any]]) -> None:
    kinds = [line["what"] for line in said]
    assert kinds[0] == "in", said
    assert kinds[-1] == "out", said
    assert said[0]["user"] == here.alice.id
    assert [room, "c"] in said[0]["rooms"]
    heard = {(line["text"], line["author"]) for line in said if line["what"] == "message"}
    assert heard == {("sent by the client", "alice"), ("sent over REST", "bob")}
    assert {line["room"] for line in said if line["what"] == "message"} == {room}
    assert {"what": "change", "action": "updated", "room": room} in said
    found = here.alice.reads("channels.messages", roomId=room)["messages"]
    assert {each["msg"] for each in found} == {"sent by the client", "sent over REST"}


@pytest.mark.parametrize("release", ["6.14", "8.0"])
def test_the_python_client_logs_in_listens_sends_and_hears(python_client: Path, release: str) -> None:
    with world(release) as here:
        room = str(here.alice.channel("plaza", "bob")["_id"])
        program = [sys.executable, str(HERE / "realtime_client.py")]
        arguments = [here.server.realtime_url, "alice", PASSWORD, room]
        with running([*program, *arguments], PYTHONPATH=str(python_client)) as lines:
            said = conversation(here, room, lines)
        check(here, room, said)


def test_the_node_client_logs_in_listens_sends_and_hears(node_client: Path) -> None:
    with world() as here:
        room = str(here.alice.channel("plaza", "bob")["_id"])
        arguments = [here.server.url, "alice", PASSWORD, room]
        with running(["node", str(node_client / "realtime_client.cjs"), *arguments]) as lines:
            said = conversation(here, room, lines)
        check(here, room, said)
        assert {"what": "refused", "error": 404} in said
