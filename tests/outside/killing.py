"""A mock workspace that ends another process at exactly one of its requests, and the whole of what it keeps."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from preflight.mock.server import MockServer
from preflight.mock.workspace import Workspace

LONGEST_S = 120

# What no client can put back, and why.
UNRESTORABLE = {
    "_updatedAt": "a server notes each writing of a document",
    "lastLogin": "a server notes each login",
    "status": "a server notes who is connected",
    "ls": "a server notes when a room was last read",
}


class Executioner:
    """Counts requests and frames, and signals the process that sends them when the one comes that a test names.

    Where that one `takes_effect` the workspace does what it asks before the signal; else it never hears of it. Where a
    `route` is named, only requests to it are counted.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.count = 0
        self.at = 0
        self.takes_effect = True
        self.route = ""
        self.number = signal.SIGKILL
        self.process: subprocess.Popen[str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not str(scope.get("path")).endswith(self.route):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
            return

        async def counted() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                self._count()
            return message

        await self._app(scope, counted, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        heard: list[Message] = []

        async def keep(message: Message) -> None:
            heard.append(message)

        if not self.takes_effect:
            self._count()
        if self._is_dead:
            heard += [{"type": "http.response.start", "status": 500, "headers": []}, {"type": "http.response.body"}]
        else:
            await self._app(scope, receive, keep)
        if self.takes_effect:
            self._count()
        for message in heard:
            await send(message)

    @property
    def _is_dead(self) -> bool:
        return self.process is not None and self.process.returncode == -signal.SIGKILL

    def _count(self) -> None:
        self.count += 1
        if self.count == self.at and self.process is not None:
            self.process.send_signal(self.number)
            if self.number == signal.SIGKILL:
                self.process.wait()


@contextmanager
def executing_mock(**options: Any) -> Iterator[tuple[MockServer, Executioner]]:
    """Serve a mock workspace whose requests are counted."""
    server = MockServer(**options)
    config = server._server.config
    config.app = executioner = Executioner(config.app)  # type: ignore[arg-type] # it is the application
    with server:
        yield server, executioner


@dataclass(frozen=True)
class Died:
    """How a process ended, and what it said."""

    code: int
    out: str


def signalled_at(
    executioner: Executioner, at: int, *words: str, folder: Path, number: signal.Signals = signal.SIGKILL
) -> Died:
    """Run ``preflight``, and give it a signal at its request of a number; 0 lets it end by itself."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFLIGHT_")}
    executioner.count, executioner.at, executioner.number = 0, 0, number
    with subprocess.Popen(
        [sys.executable, "-m", "preflight", *words],
        cwd=folder,
        env={**clean, "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        executioner.process, executioner.at = process, at
        out, _ = process.communicate(timeout=LONGEST_S)
    executioner.process, executioner.at = None, 0
    return Died(process.returncode, out)


def everything(workspace: Workspace) -> dict[str, Any]:
    """Copy all collections of a workspace without what no client can put back.

    No part of it are its trash, which no client can empty, and the logins of accounts that are there still: a server
    lets nobody end one login alone without its token, which a process that was killed takes with it.
    """
    return {
        "users": [_lasting(user) for user in workspace.users],
        "rooms": [_lasting(room) for room in workspace.rooms],
        "subscriptions": [
            _lasting(subscription)
            for room in workspace.rooms
            for subscription in workspace.subscriptions.of_room(room["_id"])
        ],
        "messages": [_lasting(message) for message in workspace.messages._by_id.values()],
        "uploads": [_lasting(upload) for upload in workspace.uploads.values()],
        "teams": [_lasting(team) for team in workspace.teams.values()],
        "settings": [_lasting(setting) for setting in workspace.settings.all()],
        "permissions": [_lasting(permission) for permission in workspace.permissions.all()],
        "emoji": [_lasting(emoji) for emoji in workspace.emoji.values()],
        "reports": [_lasting(report) for report in workspace.reports],
    }


def _lasting(document: dict[str, Any]) -> dict[str, Any]:
    return {key: deepcopy(value) for key, value in document.items() if key not in UNRESTORABLE}
