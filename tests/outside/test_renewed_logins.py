"""Logins that end in the middle of a run: renewed once and told; a second end leaves open what it concerns."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from preflight.mock import personal_tokens
from preflight.mock.server import MockServer
from tests.outside.console import Told, preflight
from tests.outside.killing import everything

ONLY = ("--only", "chat.postMessage", "--only", "ddp:archiveRoom")


class Forgetful:
    """Forgets all logins before requests of some numbers, as a server does that was restarted too hard."""

    def __init__(self, app: ASGIApp, server: MockServer, at: tuple[int, ...]) -> None:
        self._app = app
        self._server = server
        self._at = at
        self.count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.count += 1
            if self.count in self._at:
                self._server.workspace.users._by_token.clear()
        await self._app(scope, receive, send)


@contextmanager
def forgetful(*at: int) -> Iterator[MockServer]:
    server = MockServer()
    config = server._server.config
    config.app = Forgetful(config.app, server, at)  # type: ignore[arg-type] # it is the application
    with server:
        yield server


def run(server: MockServer, folder: Path, *account: str) -> tuple[Told, dict[str, Any]]:
    words = account or ("--user", server.admin_username, "--password", server.admin_password)
    told = preflight("run", "--target", server.url, *words, *ONLY, folder=folder)
    (file,) = (folder / "reports" / "runs").glob("*/run.json")
    return told, json.loads(file.read_text(encoding="utf-8"))


def test_logins_that_end_are_renewed_once_and_everything_is_judged(tmp_path: Path) -> None:
    with forgetful(70) as server:
        before = everything(server.workspace)
        told, done = run(server, tmp_path)
        assert everything(server.workspace) == before
    assert (told.code, told.err) == (0, ""), told.out
    assert "admin" in done["environment"]["logins renewed"]
    assert "alice" in done["environment"]["logins renewed"]


def test_a_second_end_is_a_circumstance(tmp_path: Path) -> None:
    with forgetful(70, 140) as server:
        told, done = run(server, tmp_path)
    assert (told.code, told.err) == (3, ""), told.out
    reasons = {case["reason"] for case in done["cases"]}
    assert "the login of alice has ended for the second time; it is renewed once" in reasons
    assert {case["verdict"] for case in done["cases"]} <= {"pass", "inconclusive", "not applicable"}


def test_a_token_that_was_given_is_not_renewed(tmp_path: Path) -> None:
    with forgetful(70) as server:
        admin = server.workspace.users.named(server.admin_username)
        assert admin is not None
        token = personal_tokens.generate(server.workspace, admin, "nightly", bypass=True)
        told, done = run(server, tmp_path, "--auth-token", token, "--user-id", admin["_id"])
    assert told.code == 3, told.out
    left = [each["why"] for each in done["leftovers"]]
    assert "the token of admin was good and is so no more; who gave it must renew it" in left


class Refusing:
    """Answers one route as if nobody was logged in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path", "").endswith("/rooms.info"):
            body = b'{"status": "error", "message": "You must be logged in to do this."}'
            headers = [(b"content-type", b"application/json")]
            await send({"type": "http.response.start", "status": 401, "headers": headers})
            await send({"type": "http.response.body", "body": body})
        else:
            await self._app(scope, receive, send)


def test_a_refusal_of_one_operation_alone_is_the_targets_answer(tmp_path: Path) -> None:
    server = MockServer()
    config = server._server.config
    config.app = Refusing(config.app)  # type: ignore[arg-type] # it is the application
    with server:
        words = ("--user", server.admin_username, "--password", server.admin_password)
        told = preflight("run", "--target", server.url, *words, "--only", "rooms.info", folder=tmp_path)
    assert told.code == 1, told.out
    (file,) = (tmp_path / "reports" / "runs").glob("*/run.json")
    assert "logins renewed" not in json.loads(file.read_text(encoding="utf-8"))["environment"]
