"""A stage on which recorded exchanges with a genuine 6.14 server are played again, and how two answers are compared."""

import json
import re
from typing import Any
from urllib.parse import urlencode

from preflight.mock import messages, rooms, users
from preflight.mock.dispatch import Dispatcher, Received
from preflight.mock.families import all_routes
from preflight.mock.founding import found, join_default_rooms
from preflight.mock.rooms import Plan
from preflight.mock.routing import Table
from tests.reference import RECORDINGS

Document = dict[str, Any]

REST = RECORDINGS / "rest"
PEOPLE = ("alice", "bob", "carol", "dave")
IDS = {
    "oFvKsqRSLiiQANLMs": "alice",
    "RBEMr8rbs9769skdG": "bob",
    "G38MMCqQM7E3xJXzL": "carol",
    "6b02583fabb3b138c1ac2d82": "admin",
}
CHANNEL, GROUP = "6b025854abb3b138c1ac2d91", "6b025855abb3b138c1ac2d94"
PARENT, PRIVATE, BOBS = "i9rtnzyGFmbDvHbCH", "CXnD7vFhz6cvuQHNA", "6M6wGSYubcPFDDEX9"
MESSAGE_ID = re.compile(r"^[2-9A-Za-z]{17}$")


class Stage:
    """The people, rooms and messages that the recording was made with."""

    def __init__(self) -> None:
        self.ws = found(release="6.14", edition="community", admin_password="x")
        self.people = {
            name: users.create(self.ws, username=f"{name}.5ff8d", name=name.capitalize(), password="x")
            for name in PEOPLE
        }
        for user in self.people.values():
            join_default_rooms(self.ws, user)
        admin = self.ws.users.named("admin")
        assert admin is not None
        self.people["admin"] = admin
        self.tokens = {name: users.log_in(self.ws, user) for name, user in self.people.items()}
        self.channel, self.group = (self._room(kind, name) for kind, name in (("c", "golden"), ("p", "golden-priv")))
        rooms.join(self.ws, self.channel, self.people["carol"], posting=True)
        self.ids = {recorded: self.people[name]["_id"] for recorded, name in IDS.items()}
        self.ids |= {CHANNEL: self.channel["_id"], GROUP: self.group["_id"]}
        self._say("alice", "thread parent", _id=PARENT)
        self._say("bob", "reply one", tmid=PARENT)
        self._say("bob", "not for all", room=self.group, _id=PRIVATE)
        self._say("bob", "from bob", _id=BOBS)
        self.dispatcher = Dispatcher(self.ws, Table(all_routes(), self.ws.regime))

    def _room(self, kind: str, name: str) -> Document:
        plan = Plan(kind=kind, name=f"{name}-5ff8d", members=("bob.5ff8d",))
        return rooms.create(self.ws, self.people["alice"], plan)

    def _say(self, name: str, text: str, room: Document | None = None, **fields: Any) -> None:
        messages.post(self.ws, self.people[name], room or self.channel, {"msg": text, **fields})

    def here(self, value: Any) -> Any:
        """Gives a recorded value with the ids of this stage; messages that it names are written by alice."""
        if isinstance(value, dict):
            return {key: self.here(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.here(inner) for inner in value]
        if not isinstance(value, str):
            return value
        if value not in self.ids and MESSAGE_ID.match(value) and value not in self.ws.messages:
            self._say("alice", "hello there", _id=value)
        return self.ids.get(value, value)

    def ask(self, case: Document) -> Document:
        request = case["request"]
        headers = {key.lower(): value for key, value in request["headers"].items()}
        actor = str(case.get("actor")).partition(".")[0]
        if "x-user-id" in headers and "x-auth-token" in headers and actor in self.tokens:
            headers["x-auth-token"] = self.tokens[actor]
            headers["x-user-id"] = self.people[actor]["_id"]
        body = json.dumps(self.here(request["body"])) if request.get("body") is not None else ""
        received = Received(
            method=request["method"],
            path=request["path"],
            query=urlencode(self.here(request.get("query") or {}), doseq=True),
            headers=headers,
            content=(body or self._raw(request.get("raw_body") or "")).encode(),
            address="127.0.0.1",
        )
        answer = self.dispatcher.respond(received)
        is_json = answer.content_type == "application/json"
        return {"status": answer.status, "body": json.loads(answer.encoded()) if is_json else None}

    def _raw(self, text: str) -> str:
        for field in re.findall(r"[^=&]+", text):
            text = text.replace(field, str(self.here(field)))
        return text


def refusal(body: Document) -> Document:
    """What two refusals have in common; the texts of the engine itself are its own business."""
    return {key: "…" if "is not a function" in str(value) else value for key, value in body.items() if key != "details"}


def paths(body: Any, at: str = "") -> set[str]:
    """Give every path of a body with its type; the items of a list count as one."""
    if isinstance(body, dict):
        return {f"{at}:object"}.union(*(paths(value, f"{at}/{key}") for key, value in body.items()))
    if isinstance(body, list):
        return {f"{at}:array"}.union(*(paths(value, f"{at}/*") for value in body))
    return {f"{at}:{type(body).__name__}"}
