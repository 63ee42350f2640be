"""A desk to certify at: a run of a small profile, a key pair and a certificate, and the commands in this process."""

import contextlib
import io
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from preflight.cli import main
from tests.outside.console import Told

PROFILE = "auto-translate"
CERTIFICATE = f"{PROFILE}.certificate.json"
BUNDLE = f"{PROFILE}.evidence.zip"


def inside(*words: str, folder: Path) -> Told:
    """Run ``preflight`` with some words in a folder, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch("sys.argv", ["preflight", *words]),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    return Told(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def verify(folder: Path, *words: str) -> Told:
    return inside("verify", f"run/{CERTIFICATE}", "--pubkey", "key.pub", *words, folder=folder)


def certify(folder: Path, *words: str, run: str = "run", profile: str = PROFILE) -> Told:
    words = words if "--key" in words else (*words, "--key", "key.pem")
    return inside("certify", run, "--profile", profile, "--out", "new.certificate.json", *words, folder=folder)


def envelope_of(folder: Path) -> dict[str, Any]:
    envelope: dict[str, Any] = json.loads((folder / "run" / CERTIFICATE).read_bytes())
    return envelope


def statement_of(folder: Path) -> dict[str, Any]:
    statement: dict[str, Any] = json.loads(b64decode(envelope_of(folder)["payload"]))
    return statement


def pae(payload: bytes, kind: str) -> bytes:
    """Spell what DSSE signs, by the book and not by a library."""
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def seal(folder: Path, payload: bytes, kind: str = "application/vnd.in-toto+json") -> None:
    """Sign anything with the right key, as somebody would who holds it and has no Preflight."""
    key = load_pem_private_key((folder / "key.pem").read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    signature = envelope_of(folder)["signatures"][0] | {"sig": b64encode(key.sign(pae(payload, kind))).decode()}
    envelope = {"payload": b64encode(payload).decode(), "payloadType": kind, "signatures": [signature]}
    text = json.dumps(envelope, sort_keys=True, separators=(",", ":")) + "\n"
    (folder / "run" / CERTIFICATE).write_text(text, encoding="utf-8")


def spelled(statement: dict[str, Any]) -> bytes:
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def change_run(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    file = folder / "run" / "run.json"
    run = json.loads(file.read_bytes())
    change(run)
    file.write_text(json.dumps(run), encoding="utf-8")


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def told_in_two_lines(told: Told) -> str:
    assert told.out == ""
    assert "Traceback" not in told.err
    what, hint = told.err.splitlines()
    assert what.startswith("preflight: ")
    assert hint.startswith("  Hint: ")
    return what.removeprefix("preflight: ")
