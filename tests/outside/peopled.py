"""A mock workspace as people have it: accounts, rooms and messages that were there before any run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from preflight.mock import users
from preflight.mock.founding import join_default_rooms
from preflight.mock.server import MockServer
from preflight.mock.workspace import Document
from preflight.model.json import Json, JsonObject, as_object
from preflight.wire.redaction import Redactor
from preflight.wire.rest import API, Ask, RestClient
from preflight.wire.workspace import Login, log_in
from tests.outside.killing import Executioner, executing_mock

ORDINARY, PETER, PAULA, EVELYN = "ordinary", "peter", "paula", "evelyn"


def password_of(username: str) -> str:
    return f"sesame-of-{username}"


@contextmanager
def peopled(**options: Any) -> Iterator[tuple[MockServer, Executioner]]:
    """Serve a workspace in which four people live; options that begin with ``API_`` are settings."""
    settings: JsonObject = {name: options.pop(name) for name in tuple(options) if name.startswith("API_")}
    with executing_mock(**options) as (mock, executioner):
        for name, value in settings.items():
            mock.workspace.settings[name] = value
        for username in (ORDINARY, PETER, PAULA, EVELYN):
            somebody(mock, username)
        _settle(mock.url)
        yield mock, executioner


def somebody(mock: MockServer, username: str) -> Document:
    """Make an account that is in GENERAL, as a server does."""
    user = users.create(
        mock.workspace,
        username=username,
        name=username.title(),
        password=password_of(username),
        email=f"{username}@example.org",
    )
    join_default_rooms(mock.workspace, user)
    return user


def _settle(url: str) -> None:
    client = RestClient(url, Redactor())
    mine, theirs = (log_in(client, name, name, password_of(name)) for name in (ORDINARY, PETER))

    def post(login: Login, route: str, **body: Json) -> JsonObject:
        ask = Ask(
            actor=login.actor,
            purpose="live",
            method="POST",
            path=API + route,
            body=body,
            has_body=True,
            headers=login.headers,
        )
        answer = client.send(ask)
        assert answer.status == 200, answer.body
        return as_object(answer.body)

    post(mine, "channels.create", name="lounge", members=[PETER])
    group = as_object(post(theirs, "groups.create", name="attic", members=[ORDINARY])["group"])["_id"]
    direct = as_object(post(mine, "dm.create", username=PETER)["room"])["_id"]
    said = as_object(post(theirs, "chat.postMessage", roomId=group, text=f"hello @{ORDINARY}")["message"])["_id"]
    post(theirs, "chat.postMessage", roomId=direct, text="just us")
    post(mine, "chat.postMessage", roomId=group, text="here I am", tmid=said)
    post(mine, "chat.starMessage", messageId=said)
    post(mine, "rooms.createDiscussion", prid=group, t_name="about the attic")
    post(mine, "teams.create", name="crew", type=0)
    client.close()
