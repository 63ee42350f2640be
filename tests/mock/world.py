"""A served workspace with people in it, as the tests of the mock see it: over a real socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import requests

from preflight.mock.fault import Fault
from preflight.mock.server import MockServer
from preflight.mock.workspace import Edition

Json = Any  # whatever an answer holds
PASSWORD = "pass-word"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who talks to the workspace, logged in or not."""

    session: requests.Session
    base: str
    id: str = ""
    username: str = ""

    def send(self, method: str, name: str, /, **how: Any) -> requests.Response:
        """Send any request; a name that begins with a slash is a whole path."""
        url = f"{self.base}{name}" if name.startswith("/") else f"{self.base}/api/v1/{name}"
        return self.session.request(method, url, timeout=10, **how)

    def get(self, name: str, /, **query: Any) -> requests.Response:
        """Read."""
        return self.send("GET", name, params=query)

    def post(self, name: str, /, **body: Any) -> requests.Response:
        """Write."""
        return self.send("POST", name, json=body)

    def does(self, name: str, /, **body: Any) -> Json:
        """Write, and give the answer, which must be a success."""
        return succeeded(self.post(name, **body))

    def reads(self, name: str, /, **query: Any) -> Json:
        """Read, and give the answer, which must be a success."""
        return succeeded(self.get(name, **query))

    def channel(self, name: str, *members: str) -> Json:
        """Make a channel."""
        return self.does("channels.create", name=name, members=list(members))["channel"]

    def group(self, name: str, *members: str) -> Json:
        """Make a group."""
        return self.does("groups.create", name=name, members=list(members))["group"]

    def direct(self, *others: str) -> Json:
        """Open a direct room."""
        return self.does("dm.create", usernames=",".join(others))["room"]

    def says(self, room_id: str, text: str, **extra: Any) -> Json:
        """Send a message."""
        return self.does("chat.sendMessage", message={"rid": room_id, "msg": text, **extra})["message"]


def succeeded(response: requests.Response) -> Json:
    """Give the body of a success."""
    assert response.status_code == 200, response.text
    return response.json()


class World:
    """A mock workspace with an administrator, alice, bob, carol, and somebody who is not logged in."""

    def __init__(self, **how: Any) -> None:
        self.server = MockServer(**how)
        self.state = self.server.workspace

    def __enter__(self) -> Self:
        self.server.start()
        self.nobody = Person(session=requests.Session(), base=self.server.url)
        self.admin = self.logged_in(self.server.admin_username, self.server.admin_password)
        self.alice, self.bob, self.carol = (self.person(name) for name in ("alice", "bob", "carol"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for person in (self.nobody, self.admin, self.alice, self.bob, self.carol):
            person.session.close()
        self.server.stop()

    def person(self, username: str) -> Person:
        """Make an account and log in with it."""
        email = f"{username}@example.com"
        self.admin.does("users.create", username=username, name=username.title(), password=PASSWORD, email=email)
        return self.logged_in(username, PASSWORD)

    def logged_in(self, username: str, password: str) -> Person:
        """Log in."""
        data = self.nobody.does("login", user=username, password=password)["data"]
        session = requests.Session()
        session.headers.update({"X-Auth-Token": data["authToken"], "X-User-Id": data["userId"]})
        return Person(session=session, base=self.server.url, id=data["userId"], username=username)

    @contextmanager
    def setting(self, key: str, value: Json) -> Iterator[None]:
        """Set something for a while."""
        before = self.state.settings[key]
        self.admin.does(f"settings/{key}", value=value)
        yield
        self.admin.does(f"settings/{key}", value=before)


def world(release: str = "8.0", *, fault: Fault | None = None, edition: Edition = "enterprise", **how: Any) -> World:
    """Give a world that is served while it is entered."""
    return World(release=release, fault=fault, edition=edition, **how)


def told(response: requests.Response) -> tuple[int, str | None, str | None]:
    """Give status, errorType and error of a refusal."""
    body = response.json()
    return response.status_code, body.get("errorType"), body.get("error")
