import socket
import subprocess
import sys
import threading

import pytest
import requests

from preflight.errors import UsageError
from preflight.mock.faults import fault
from preflight.mock.founding import found
from preflight.mock.server import MockServer, serve


def test_a_server_answers_as_soon_as_it_is_entered_and_not_afterwards() -> None:
    with MockServer() as server:
        assert requests.get(f"{server.url}/api/info", timeout=10).status_code == 200
        credentials = {"user": server.admin_username, "password": server.admin_password}
        assert requests.post(f"{server.url}/api/v1/login", json=credentials, timeout=10).status_code == 200
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{server.url}/api/info", timeout=10)


def test_two_servers_have_different_passwords_and_ports() -> None:
    with MockServer() as one, MockServer() as other:
        assert one.port != other.port
        assert one.admin_password != other.admin_password


def test_a_workspace_may_be_given() -> None:
    workspace = found(admin_password="mine", admin_username="boss")
    with MockServer(workspace=workspace) as server:
        login = {"user": "boss", "password": "mine"}
        assert requests.post(f"{server.url}/api/v1/login", json=login, timeout=10).status_code == 200


def test_an_unknown_release_is_refused() -> None:
    with pytest.raises(UsageError, match="does not play release"):
        MockServer(release="5.0")


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError) as refused:
            MockServer(port=port)
    assert str(port) in refused.value.what
    assert "\n" not in refused.value.what


def test_the_foreground_tells_address_and_credentials_and_stops_on_interrupt() -> None:
    program = (
        "from preflight.mock.server import serve\n"
        "serve(port=0, release='8.0', say=lambda line: print(line, flush=True))\n"
    )
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = [process.stdout.readline().split() for _ in range(6)]
        url = lines[1][1]
        assert lines[2] == ["realtime", f"ws{url.removeprefix('http')}/websocket"]
        login = {"user": lines[3][1], "password": lines[4][1]}
        assert requests.post(f"{url}/api/v1/login", json=login, timeout=10).status_code == 200
        process.send_signal(2)
        assert process.wait(timeout=20) == 0
        assert "Traceback" not in process.stderr.read()


def test_the_fault_is_told_when_serving() -> None:
    told: list[str] = []
    planted = fault("rooms-info-gone")
    server_says = threading.Event()

    def say(line: str) -> None:
        told.append(line)
        if line.startswith("Stop it"):
            server_says.set()
            raise KeyboardInterrupt

    serve(port=0, release="8.0", fault=planted, say=say)
    assert server_says.is_set()
    assert planted.sentence in told[0]
