"""What Preflight adds to the requests of a run: its wall time by that of the same requests, bare.

``python -m benchmarks.run`` judges a mock workspace, remembers every request, and sends them once more with
one ``requests.Session`` to a second mock workspace that answers alike.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

import requests

from benchmarks.seeded_mock import SeededMock, seeded_mock
from preflight.plugin.conducting import conduct
from preflight.plugin.judging import Judging
from preflight.settings import Account, RunSettings

SEED = 20261122
EVERY_ROUTE = ("*",)  # realtime calls are no requests, and could not be repeated as such


@dataclass
class Sent:
    """The requests of a run, and the statuses of their answers."""

    prepared: list[requests.PreparedRequest] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


@contextmanager
def remembering() -> Iterator[Sent]:
    """Remember every request that any session sends."""
    sent = Sent()
    send = requests.Session.send

    def remember(
        session: requests.Session, request: requests.PreparedRequest, **how: Any
    ) -> requests.Response:  # Any: the options of requests
        answer = send(session, request, **how)
        sent.prepared.append(request.copy())
        sent.statuses.append(answer.status_code)
        return answer

    with patch.object(requests.Session, "send", remember):
        yield sent


def judge(mock: SeededMock) -> tuple[float, Sent]:
    """Judge a mock workspace; gives the wall time in seconds, reports included."""
    with tempfile.TemporaryDirectory() as folder, remembering() as sent:
        account = Account(user=mock.user, password=mock.password)
        judging = Judging(RunSettings(target=mock.url, account=account, only=EVERY_ROUTE, out=Path(folder)))
        started = perf_counter()
        conduct(judging, lambda _: None)
        return perf_counter() - started, sent


def replay(mock: SeededMock, sent: Sent) -> tuple[float, int]:
    """Send the same requests bare; gives the wall time in seconds, and how many answers had the same status."""
    alike = 0
    with requests.Session() as session:
        started = perf_counter()
        for request, status in zip(sent.prepared, sent.statuses, strict=True):
            request.prepare_url(mock.url + request.path_url, None)
            alike += session.send(request, allow_redirects=False).status_code == status
        return perf_counter() - started, alike


def main() -> None:
    """Measure once and print."""
    with seeded_mock(SEED) as first:
        whole, sent = judge(first)
    with seeded_mock(SEED) as second:
        bare, alike = replay(second, sent)
    print(f"preflight run      {whole:6.2f} s  {len(sent.prepared)} requests")
    print(f"the requests bare  {bare:6.2f} s  {alike} of them answered with the same status")
    print(f"ratio              {whole / bare:6.2f}")


if __name__ == "__main__":
    main()
