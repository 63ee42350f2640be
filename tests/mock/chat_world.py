"""A mock workspace with people and rooms in it, asked over a real socket."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from preflight.mock import messages, rooms, users
from preflight.mock.founding import join_default_rooms
from preflight.mock.rooms import Plan
from preflight.mock.server import MockServer
from preflight.mock.workspace import Edition, Workspace

Document = dict[str, Any]
SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    status: int
    body: Document

    @property
    def error(self) -> tuple[str | None, str | None]:
        return self.body.get("error"), self.body.get("errorType")


class World:
    """alice owns a channel and a group, bob is in both, carol is outside; alice and bob have a direct room."""

    def __init__(self, server: MockServer) -> None:
        self.ws: Workspace = server.workspace
        self._url = server.url
        self._session = requests.Session()
        mark = self.ws.ids.digits(6)
        self.alice, self.bob, self.carol = (self._person(f"{name}.{mark}") for name in ("alice", "bob", "carol"))
        self.admin = self._named(server.admin_username)
        members = (self.bob["username"],)
        self.channel = rooms.create(self.ws, self.alice, Plan(kind="c", name=f"plaza-{mark}", members=members))
        self.group = rooms.create(self.ws, self.alice, Plan(kind="p", name=f"circle-{mark}", members=members))
        self.direct = rooms.open_direct(self.ws, self.alice, [self.bob["username"]])
        self._tokens = {
            user["_id"]: users.log_in(self.ws, user) for user in (self.alice, self.bob, self.carol, self.admin)
        }

    def _person(self, username: str) -> Document:
        name = username.partition(".")[0].capitalize()
        user = users.create(self.ws, username=username, name=name, password="secret")
        join_default_rooms(self.ws, user)
        return user

    def _named(self, username: str) -> Document:
        user = self.ws.users.named(username)
        assert user is not None
        return user

    def close(self) -> None:
        self._session.close()

    # -- over the wire

    def get(self, name: str, user: Document, **query: Any) -> Reply:
        return self._ask("GET", name, user, params=query)

    def post(self, name: str, user: Document, body: Any = None, **fields: Any) -> Reply:
        return self._ask("POST", name, user, json=fields if body is None else body)

    def _ask(self, method: str, name: str, user: Document, **sent: Any) -> Reply:
        headers = {"X-Auth-Token": self._tokens[user["_id"]], "X-User-Id": user["_id"]}
        url = f"{self._url}/api/v1/{name}"
        answer = self._session.request(method, url, headers=headers, timeout=SECONDS, **sent)
        return Reply(status=answer.status_code, body=answer.json())

    # -- behind its back

    def said(self, user: Document, text: str, room: Document | None = None, **fields: Any) -> Document:
        return messages.post(self.ws, user, room or self.channel, {"msg": text, **fields})

    def seat(self, user: Document, room: Document | None = None) -> Document:
        subscription = self.ws.subscriptions.get((room or self.channel)["_id"], user["_id"])
        assert subscription is not None
        return subscription

    @contextmanager
    def permission(self, name: str, *roles: str) -> Iterator[None]:
        held: list[str] = next((each["roles"] for each in self.ws.permissions.all() if each["_id"] == name), [])
        self.ws.permissions.assign(name, roles, self.ws.clock.now())
        try:
            yield
        finally:
            self.ws.permissions.assign(name, held, self.ws.clock.now())

    @contextmanager
    def setting(self, **values: Any) -> Iterator[None]:
        before = {key: self.ws.settings[key] for key in values}
        self._set(values)
        try:
            yield
        finally:
            self._set(before)

    def _set(self, values: Mapping[str, Any]) -> None:
        for key, value in values.items():
            self.ws.settings[key] = value


@contextmanager
def serving(release: str, edition: Edition = "community") -> Iterator[MockServer]:
    with MockServer(release=release, edition=edition) as server:
        yield server
