"""A session's parts around a target whose every answer a test decides."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

from preflight.catalog.cases import Case
from preflight.catalog.catalog import Catalog
from preflight.catalog.profile import Strictness
from preflight.errors import TargetError
from preflight.model.exchange import Exchange, Request, Response
from preflight.model.json import Json, as_object
from preflight.model.operation import OperationKey
from preflight.session.company import Company, Marks
from preflight.session.connections import Connections
from preflight.session.ground import Ground
from preflight.session.journal import Journal
from preflight.session.keeper import RightsKeeper, SettingsKeeper
from preflight.session.performance import Part, Performance
from preflight.session.recorder import Recorder
from preflight.session.stage import Stage
from preflight.wire.redaction import Redactor
from preflight.wire.rest import API, Answer, Ask, RestClient
from preflight.wire.workspace import Login
from tests.catalog.miniature import Miniature

ADMIN = Login(actor="admin", user_id="admin1", username="admin", token="token-of-the-admin")
SILENCE = TargetError("http://target.invalid did not answer within 15 s", hint="wait")
INFO = OperationKey.parse("GET rooms.info")

Reply = tuple[int, Json] | TargetError
Behaviour = Callable[[Ask], Reply]


class Target(RestClient):
    """A target that answers what a test says, and remembers what it was asked."""

    def __init__(self, behaviours: Mapping[str, Reply | Behaviour]) -> None:
        super().__init__("http://target.invalid", Redactor())
        self.behaviours = dict(behaviours)
        self.asked: list[Ask] = []
        self._count = itertools.count(1)

    def send(self, ask: Ask) -> Answer:
        self.requests_sent += 1
        self.asked.append(ask)
        found = self.behaviours.get(name_of(ask), (404, {"success": False, "error": "nothing scripted"}))
        reply = found(ask) if callable(found) else found
        if isinstance(reply, TargetError):
            raise reply
        status, body = reply
        self.redactor.learn_from(body, ask.actor)
        clean = self.redactor.clean
        return Answer(
            status=status,
            body=body,
            exchange=Exchange(
                id=f"x{next(self._count):05d}",
                actor=ask.actor,
                purpose=ask.purpose,
                request=Request(
                    method=ask.method,
                    url=clean(self.base_url + ask.path + (f"?{urlencode(ask.query)}" if ask.query else "")),
                    headers=tuple((name.lower(), clean(value)) for name, value in ask.headers.items()),
                    body=clean(json.dumps(ask.body)) if ask.has_body else None,
                ),
                response=Response(
                    status=status, headers=(("content-type", "application/json"),), body=clean(json.dumps(body))
                ),
            ),
        )

    @property
    def names(self) -> list[str]:
        """What it was asked, such as ``alice POST channels.create``."""
        return [f"{ask.actor} {name_of(ask)}" for ask in self.asked]


def name_of(ask: Ask) -> str:
    return f"{ask.method} {ask.path.removeprefix(API)}"


def created(ask: Ask) -> Reply:
    username = str(as_object(ask.body)["username"])
    return 200, {"success": True, "user": {"_id": f"id-of-{username}", "username": username}}


def logged_in(ask: Ask) -> Reply:
    user = str(as_object(ask.body)["user"])
    return 200, {
        "status": "success",
        "data": {"userId": f"id-of-{user}", "authToken": f"token-of-{user}", "me": {"username": user}},
    }


def friendly() -> dict[str, Reply | Behaviour]:
    """A target that does what the miniature's cast and cases ask of it."""
    return {
        "POST users.create": created,
        "POST users.delete": (200, {"success": True}),
        "POST login": logged_in,
        "POST channels.create": (200, {"success": True, "channel": {"_id": "room1", "name": "room"}}),
        "POST channels.join": (200, {"success": True}),
        "POST channels.delete": (200, {"success": True}),
        "POST chat.postMessage": (200, {"success": True, "message": {"_id": "message1"}}),
        "GET rooms.info": (200, {"success": True, "room": {"_id": "room1"}}),
        "GET rooms.get": (200, {"success": True, "update": [], "remove": []}),
        "GET subscriptions.get": (200, {"success": True, "update": [], "remove": []}),
    }


@dataclass(kw_only=True)
class Theatre:
    """Everything a performance stands on."""

    target: Target
    journal: Journal
    company: Company
    stage: Stage
    keeper: SettingsKeeper
    ground: Ground
    catalog: Catalog
    file: Path
    announced: list[str] = field(default_factory=list)

    def perform(self, suite: str = "shapes", name: str = "case", key: OperationKey = INFO) -> Performance:
        return Performance(self.ground, self.catalog.contracts[key], Part(suite=suite, name=name, title="a case"))

    def case(self, name: str, key: OperationKey = INFO) -> Case:
        return next(case for case in self.catalog.cases_of(key) if case.name == name)

    def lines(self) -> list[dict[str, Json]]:
        """The journal as it lies on the disk."""
        return [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]


OPENED: list[Theatre] = []


def theatre(
    folder: Path,
    changes: Mapping[str, Reply | Behaviour] | None = None,
    *,
    may_change: bool = True,
    miniature: Callable[[Miniature], None] | None = None,
) -> Theatre:
    """Build a session's parts over the miniature of contracts/, around a target that a test can make misbehave."""
    model = Miniature(folder / "contracts")
    if miniature:
        miniature(model)
    catalog = model.load()
    target = Target(friendly() | dict(changes or {}))
    target.redactor.learn(ADMIN.token, "admin.token")
    file = folder / "journal.jsonl"
    journal = Journal(file)
    marks = Marks(run="run1", prefix="pf-abc")
    names = {key: person.name for key, person in catalog.cast.people.items()}
    company = Company(target, journal, admin=ADMIN, names=names, marks=marks)
    stage = Stage(
        client=target,
        journal=journal,
        company=company,
        cast=catalog.cast,
        marks=marks,
        started=datetime.now(UTC),
        connections=Connections(target),
    )
    keeper = SettingsKeeper(target, journal, ADMIN, may_change=may_change)
    announced: list[str] = []
    ground = Ground(
        stage=stage,
        keeper=keeper,
        rights=RightsKeeper(target, journal, ADMIN, may_change=may_change),
        recorder=Recorder(lambda case: announced.append(case.id)),
        catalog=catalog,
        claims=catalog.claims,
        strictness=Strictness.REQUIRED,
        enterprise=False,
        started=perf_counter(),
    )
    built = Theatre(
        target=target,
        journal=journal,
        company=company,
        stage=stage,
        keeper=keeper,
        ground=ground,
        catalog=catalog,
        file=file,
        announced=announced,
    )
    OPENED.append(built)
    return built
