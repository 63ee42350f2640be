"""Fields: where tools are compared: a workspace of a release, honest or not, and the operations in question."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

import requests

from preflight.mock.fault import Fault
from preflight.mock.founding import found
from preflight.mock.ids import Ids
from preflight.mock.server import MockServer

SEED = 1


@dataclass(frozen=True, slots=True)
class Field:
    """A release and an operation of it, which may be a glob."""

    release: str
    operation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A workspace that runs: its address, its administrator, and the headers of their login."""

    url: str
    user: str
    password: str
    headers: dict[str, str]


@contextmanager
def workspace(release: str, fault: Fault | None) -> Iterator[Ground]:
    """Run a workspace of its own, whose ids follow from the seed: a fault is all that tells two of a release apart."""
    password = secrets.token_urlsafe(12)
    ids = Ids(Random(SEED))  # noqa: S311 (repeatable on purpose)
    with MockServer(workspace=found(release=release, admin_password=password, ids=ids), fault=fault) as mock:
        asked = {"user": mock.admin_username, "password": password}
        login = requests.post(f"{mock.url}/api/v1/login", json=asked, timeout=60).json()["data"]
        headers = {"X-Auth-Token": login["authToken"], "X-User-Id": login["userId"]}
        yield Ground(url=mock.url, user=mock.admin_username, password=password, headers=headers)
