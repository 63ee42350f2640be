"""Secrets planted in ten places: no byte that a run writes or prints holds one of them, however it is spelled there.

The places: the password file, a code on the command line, an accounts file, the headers of requests, the headers and
cookies of answers, the bodies of answers, the frames of a realtime conversation, the address of a proxy, the text of an
exception of ours with its traceback, and the parts that several workers write.
"""

import base64
import gzip
import hashlib
import html
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from preflight import paths
from preflight.mock import users
from preflight.mock.server import MockServer
from tests.outside.console import Told, preflight
from tests.outside.servers import dead_address
from tests.plugin.outside import run

PASSWORD = "pä55 \"w\\ord'<&>%/+=42"
GIVEN = "Tr0ub4dor&3-of-bob"
CODE = "428613"
COOKIE = "rc_session=c00kie-that-nobody-reads"
PROXY = "pr0xy-s3cret"
ONLY = ("--only", "rooms.info", "--only", "ddp:archiveRoom")


def spellings(secret: str, cut: int = 4) -> set[bytes]:
    """Spell a secret as programs do, in each way that this test knows; base64 is shared with what stands beside it."""
    plain = secret.encode()
    written = {secret, json.dumps(secret)[1:-1], json.dumps(json.dumps(secret))[3:-3], html.escape(secret)}
    written |= {repr(secret)[1:-1], quote(secret, safe=""), quote_plus(secret)}
    coded = {base64.b64encode(each + plain).decode() for each in (b"", b"x:", b"admin:")}
    digest = {hashlib.sha256(plain).hexdigest()} if secret in {PASSWORD, GIVEN} else set()
    return {each.encode() for each in (*written, *(each[cut : len(each) - cut] for each in coded), *digest)}


class Echo:
    """Says in every answer and frame what it was told as secrets, spelled in many ways."""

    def __init__(self, app: ASGIApp, secrets: list[str]) -> None:
        self._app = app
        self._secrets = secrets
        self.count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started: list[Message] = []

        async def echoing(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.append(message)
            elif message["type"] == "http.response.body" and started:
                body = self._with_echo(message.get("body", b""), scope)
                start = started.pop()
                headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
                headers += [(b"content-length", str(len(body)).encode()), (b"set-cookie", COOKIE.encode())]
                headers += [(b"x-echo", quote(secret).encode()) for secret in self._told(scope)]
                await send({**start, "headers": headers})
                await send({**message, "body": body})
            elif message["type"] == "websocket.send" and isinstance(message.get("text"), str):
                await send({**message, "text": self._with_echo(message["text"].encode(), scope).decode()})
            else:
                await send(message)

        await self._app(scope, receive, echoing)

    def _told(self, scope: Scope) -> list[str]:
        token = dict(scope["headers"]).get(b"x-auth-token", b"").decode("latin-1")
        return [*self._secrets, *([token] if token else [])]

    def _with_echo(self, body: bytes, scope: Scope) -> bytes:
        try:
            told = json.loads(body)
        except ValueError:
            return body
        if not isinstance(told, dict) or told.get("msg") in {"connected", "ping", "pong"}:
            return body
        self.count += 1
        echo = [{f"e{n}": each.decode() for n, each in enumerate(spellings(secret, 0))} for secret in self._told(scope)]
        return json.dumps({**told, "echo": echo}).encode()


@contextmanager
def echoing(password: str, *secrets: str) -> Iterator[tuple[MockServer, Echo]]:
    server = MockServer(admin_password=password)
    config = server._server.config
    config.app = echo = Echo(config.app, [password, *secrets])  # type: ignore[arg-type] # it is the application
    with server:
        yield server, echo


def written(folder: Path, told: Told, but: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Give every byte that a run wrote or printed, archives unpacked; `but` are files that were there before."""
    yield "what it printed", told.out.encode()
    yield "what it told of errors", told.err.encode()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name not in but:
            yield from _contents(str(file.relative_to(folder)), file.read_bytes())


def _contents(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield f"the name {name}", name.encode()
    yield name, content
    if content[:2] == b"\x1f\x8b":
        yield from _contents(f"{name} unpacked", gzip.decompress(content))
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for inner in archive.namelist():
                yield from _contents(f"{name}: {inner}", archive.read(inner))


def leaks(folder: Path, told: Told, secrets: set[str], but: tuple[str, ...]) -> list[str]:
    needles = {each for secret in secrets for each in spellings(secret) if each}
    found = ((place, each) for place, bytes_ in written(folder, told, but) for each in needles if each in bytes_)
    return [f"{place} has {each!r}" for place, each in found]


def test_no_byte_of_a_run_holds_a_planted_secret(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text(PASSWORD + "\n", encoding="utf-8")
    (tmp_path / "bob.pw").write_text(GIVEN, encoding="utf-8")
    accounts = {"alice": "alina", "bob": "robert"}
    lines = [f"  {person}: {{user: {name}, password-file: bob.pw}}" for person, name in accounts.items()]
    (tmp_path / "accounts.yaml").write_text("\n".join(["accounts:", *lines]), encoding="utf-8")
    with echoing(PASSWORD, GIVEN) as (server, echo):
        for name in accounts.values():
            users.create(server.workspace, username=name, name=name.title(), password=GIVEN)
        words = ("run", "--target", server.url, "--user", "admin", "--password-file", "pw", *ONLY)
        handed = _handed_out(server)
        told = preflight(*words, "--accounts", "accounts.yaml", folder=tmp_path)
        assert told.code == 1, told.err  # what it echoes differs from person to person
        told_workers = preflight(
            *words, "--accounts", "accounts.yaml", "--workers", "2", "--totp", CODE, folder=tmp_path
        )
        assert told_workers.code == 1, told_workers.err
        assert echo.count > 100
    both = Told(0, told.out + told_workers.out, told.err + told_workers.err)
    secrets = {PASSWORD, GIVEN, COOKIE.partition("=")[2], *handed}
    assert len(handed) > 3
    assert leaks(tmp_path, both, secrets, ("pw", "bob.pw")) == []
    assert any((tmp_path / "reports" / "runs").rglob("report.html"))


def _handed_out(server: MockServer) -> set[str]:
    """Watch which tokens are handed out from now on."""
    handed: set[str] = set()
    grant = server.workspace.users.grant

    def watched(token: str, user_id: str) -> None:
        handed.add(token)
        grant(token, user_id)

    server.workspace.users.grant = watched  # type: ignore[method-assign] # a test looks over its shoulder
    return handed


BREAKING = """
from preflight.session import {module}

def broken(*args, **more):
    secret = {secret!r}
    raise RuntimeError("it broke over " + secret + " and " + repr(args))

{module}.{name} = broken
"""


@pytest.mark.parametrize(("module", "name"), [("performance", "sent_subjects"), ("clearing", "remove_remains")])
def test_an_exception_of_ours_tells_no_secret(tmp_path: Path, module: str, name: str) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    code = BREAKING.format(module=module, name=name, secret=PASSWORD)
    (aside / "sitecustomize.py").write_text(code, encoding="utf-8")
    (tmp_path / "pw").write_text(PASSWORD, encoding="utf-8")
    with echoing(PASSWORD) as (server, _):
        handed = _handed_out(server)
        words = ("run", "--target", server.url, "--user", "admin", "--password-file", "pw", "--only", "rooms.info")
        told = preflight(*words, folder=tmp_path, PYTHONPATH=str(aside), PYTHONDONTWRITEBYTECODE="1")
    assert told.code == 4
    assert "it broke over <admin.password>" in told.err
    assert leaks(tmp_path, told, {PASSWORD, *handed}, ("pw", "sitecustomize.py")) == []


def test_a_traceback_of_pytest_tells_no_secret(tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()
    code = BREAKING.format(module="performance", name="sent_subjects", secret=PASSWORD)
    (aside / "sitecustomize.py").write_text(code, encoding="utf-8")
    with echoing(PASSWORD) as (server, _):
        handed = _handed_out(server)
        words = (str(paths.SUITES), "--preflight-target", server.url, "--preflight-only", "rooms.info", "-k", "by-id")
        ended = run(
            tmp_path,
            "pytest",
            *words,
            "--showlocals",
            "--junitxml=junit-of-pytest.xml",
            PYTHONPATH=str(aside),
            PYTHONDONTWRITEBYTECODE="1",
            PREFLIGHT_USER="admin",
            PREFLIGHT_PASSWORD=PASSWORD,
        )
    assert ended.code == 4, ended.text
    assert "it broke over <admin.password>" in ended.text
    told = Told(ended.code, ended.text, "")
    assert (tmp_path / "junit-of-pytest.xml").stat().st_size > 0
    assert leaks(tmp_path, told, {PASSWORD, *handed}, ("sitecustomize.py",)) == []


def test_the_password_of_a_proxy_is_told_nowhere(tmp_path: Path) -> None:
    proxy = dead_address().replace("http://", f"http://runner:{PROXY}@")
    told = preflight(
        "run",
        "--target",
        "http://chat.example.org",
        "--user",
        "admin",
        "--password",
        PASSWORD,
        folder=tmp_path,
        HTTP_PROXY=proxy,
        http_proxy=proxy,
    )
    assert told.code == 3
    assert leaks(tmp_path, told, {PASSWORD, PROXY}, ()) == []


@pytest.mark.parametrize("password", ["message", "c", "1"])
def test_a_password_that_is_an_ordinary_word_changes_no_verdict_and_no_evidence(tmp_path: Path, password: str) -> None:
    run = _run_of(tmp_path, password)
    assert {case["verdict"] for case in run["cases"]} == {"pass"}
    assert "<admin.password>" not in json.dumps([each["response"] for each in run["exchanges"].values()])


def _run_of(folder: Path, password: str) -> dict[str, Any]:
    with MockServer(admin_password=password) as server:
        words = ("--target", server.url, "--user", "admin", "--password", password)
        told = preflight("run", *words, "--only", "rooms.info", folder=folder)
    assert told.err == ""
    (file,) = (folder / "reports" / "runs").glob("*/run.json")
    run: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return run
