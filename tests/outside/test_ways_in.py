"""Ways to a workspace: with certificates of one's own, through a proxy, and with a person at a terminal."""

import os
import pty
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from preflight.mock.authenticator import code_at
from preflight.mock.server import MockServer
from tests.outside.console import LONGEST_S, Told, preflight

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
# By a request over HTTP, and by a call over a websocket; both of a run that only reads.
ONLY = ("--only", "rooms.get", "--only", "ddp:rooms/get", "--read-only")


def run(mock: MockServer, folder: Path, *words: str, scheme: str = "http", **environ: str) -> Told:
    target = mock.url.replace("http", scheme, 1)
    account = ("--user", mock.admin_username, "--password", mock.admin_password)
    return preflight("run", "--target", target, *account, *ONLY, *words, folder=folder, **environ)


# certificates


@pytest.fixture
def certified(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody knows, and its key."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a workspace of tests")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    files = tmp_path / "authority.pem", tmp_path / "key.pem"
    files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files


@contextmanager
def secured(certified: tuple[Path, Path]) -> Iterator[MockServer]:
    server = MockServer()
    config = server._server.config
    config.ssl_certfile, config.ssl_keyfile = str(certified[0]), str(certified[1])
    with server:
        yield server


def test_a_certificate_that_nobody_knows_is_not_trusted_unless_it_is_given(
    certified: tuple[Path, Path], tmp_path: Path
) -> None:
    with secured(certified) as mock:
        told = run(mock, tmp_path, scheme="https")
        assert (told.code, told.out) == (3, "")
        what, hint = told.err.splitlines()
        assert what.endswith("shows a certificate that is not trusted")
        assert "--ca-bundle" in hint
        told = run(mock, tmp_path, "--ca-bundle", "authority.pem", scheme="https")
    assert (told.code, told.err) == (3, ""), told.out
    assert "ddp:rooms/get" not in told.out.partition("Not exercised")[2]
    assert "certificate" not in told.out


def test_the_settings_file_names_certificates_too(certified: tuple[Path, Path], tmp_path: Path) -> None:
    with secured(certified) as mock:
        address = mock.url.replace("http", "https", 1)
        (tmp_path / "preflight.toml").write_text(
            f'[targets.here]\nurl = "{address}"\nuser = "admin"\npassword-env = "PW"\nca-bundle = "authority.pem"\n',
            encoding="utf-8",
        )
        told = preflight("run", "--target", "here", *ONLY, folder=tmp_path, PW=mock.admin_password)
    assert (told.code, told.err) == (3, ""), told.out


# a proxy


class ForwardProxy:
    """Hands on requests that name a whole address, and opens tunnels; says for what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://runner:pr0xy-s3cret@127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._meet, args=(client,), daemon=True).start()

    def _meet(self, client: socket.socket) -> None:
        with client, suppress(OSError, ValueError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(65536)
            method, address, rest = head.split(b" ", 2)
            self.asked.append(method.decode())
            if method == b"CONNECT":
                host, port = address.decode().rsplit(":", 1)
                with socket.create_connection((host, int(port))) as server:
                    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    _joined(client, server)
                return
            parts = urlsplit(address.decode())
            path = address.decode().removeprefix(f"{parts.scheme}://{parts.netloc}").encode()
            with socket.create_connection((parts.hostname or "", parts.port or 80)) as server:
                server.sendall(b" ".join([method, path, rest]))
                _joined(client, server)


def _joined(client: socket.socket, server: socket.socket) -> None:
    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while content := source.recv(65536):
                sink.sendall(content)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    back = threading.Thread(target=pump, args=(server, client), daemon=True)
    back.start()
    pump(client, server)
    back.join()


def test_a_proxy_of_the_environment_is_taken_for_requests_and_websockets(tmp_path: Path) -> None:
    proxy = ForwardProxy()
    try:
        with MockServer() as mock:
            told = run(mock, tmp_path, http_proxy=proxy.url, HTTP_PROXY=proxy.url, NO_PROXY="", no_proxy="")
    finally:
        proxy.close()
    assert (told.code, told.err) == (3, ""), told.out
    assert {"GET", "CONNECT"} <= set(proxy.asked)  # further requests come over connections that are kept
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(b"pr0xy-s3cret" in each for each in files)


# a terminal


def test_a_person_at_a_terminal_is_asked_for_the_code(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with MockServer(admin_totp=SECRET) as mock:
        words = ["run", "--target", mock.url, "--user", mock.admin_username, "--password", mock.admin_password, *ONLY]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFLIGHT_")}
        with subprocess.Popen(
            [sys.executable, "-m", "preflight", *words],
            cwd=tmp_path,
            env=clean,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            os.close(theirs)
            os.write(ours, f"{code_at(SECRET, datetime.now(UTC))}\n".encode())
            out, err = process.communicate(timeout=LONGEST_S)
    os.close(ours)
    assert process.returncode == 3, err
    assert "Second factor of admin: code of the authenticator app" in err
    assert "INCONCLUSIVE" in out
