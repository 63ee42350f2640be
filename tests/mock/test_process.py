import pytest
import requests

from preflight.errors import UsageError
from preflight.mock.faults import fault
from preflight.mock.process import MockProcess


def test_a_mock_workspace_serves_in_a_process_of_its_own() -> None:
    with MockProcess(release="6.14") as mock:
        told = requests.get(f"{mock.url}/api/info", timeout=10).json()
        login = {"user": mock.admin_username, "password": mock.admin_password}
        answer = requests.post(f"{mock.url}/api/v1/login", json=login, timeout=10)
    assert told["version"].startswith("6.14")
    assert answer.json()["status"] == "success"


def test_it_ends_with_the_block() -> None:
    with MockProcess() as mock:
        pass
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{mock.url}/api/info", timeout=10)


def test_a_fault_is_planted_there() -> None:
    with MockProcess(fault=fault("rooms-info-gone")) as mock:
        answer = requests.get(f"{mock.url}/api/v1/rooms.info", timeout=10)
    assert answer.status_code == 404


def test_a_release_that_it_does_not_play_is_told_in_one_line() -> None:
    with pytest.raises(UsageError, match=r"5\.0"), MockProcess(release="5.0"):
        pass
