"""The stage: what placeholders name is created the first time it is named, and removed when it has served.

A thing that lives for a case belongs to the scene of that case; a thing that lives for the run belongs to the stage.
"""

import itertools
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from preflight.catalog.cast import Cast, Lives, Thing
from preflight.catalog.placeholders import resolve
from preflight.catalog.steps import REALTIME, File, Step
from preflight.errors import TargetError
from preflight.model.exchange import Exchange
from preflight.model.json import Json, as_object
from preflight.model.outage import Forgot
from preflight.model.pointer import NothingThereError, look_up
from preflight.session.circumstances import (
    CircumstanceError,
    GatewayError,
    RateLimitedError,
    RefusedError,
    UnsentError,
    is_denial,
    is_refusal,
    refuse_others,
    succeeded,
    told,
)
from preflight.session.company import Company, Marks
from preflight.session.connections import Connections
from preflight.session.guard import Guard
from preflight.session.journal import Entry, Journal, Undo
from preflight.wire.rest import API, Answer, Ask, FilePart, Query, RestClient
from preflight.wire.workspace import Login

_ID_LETTERS = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz"
_ID_LENGTH = 17
_MEMBERS = "members"

Facts = dict[str, Json]


@dataclass
class Glances:
    """What people saw last, by who looked at what how; `at` is how many requests had been sent by then."""

    seen: dict[tuple[str, str, Query], Json] = field(default_factory=dict)
    at: int = 0


@dataclass(kw_only=True)
class Stage:
    """The things of a run, shared by its scenes; `broken` says of those that could not be created why."""

    client: RestClient
    journal: Journal
    company: Company
    cast: Cast
    marks: Marks
    started: datetime
    connections: Connections
    guard: Guard | None = None
    things: dict[str, Facts] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    forgotten: int = 0  # the number of the last journal entry that the target may have forgotten
    glances: Glances = field(default_factory=Glances)
    is_unbridged: bool = False  # whether the target was seen not to answer realtime methods that requests carry
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def send(self, ask: Ask) -> Answer:
        """Send a request over HTTP, or a call over the realtime connection of who asks."""
        return self.connections.call(ask) if ask.method == REALTIME else self.client.send(ask)

    def meet_again(self) -> Forgot:
        """See who is known still to a target that was gone for a while; what it forgot is created anew when named.

        Raises:
            CircumstanceError: when the account of the run is not let in any more.
            TargetError: when it does not answer.
        """
        self.connections.close()
        forgot = self.company.meet_again()
        self.broken.clear()
        if forgot is Forgot.PEOPLE:
            self.things.clear()
            self.forgotten = self.journal.count
        return forgot

    @property
    def read_only(self) -> bool:
        """Whether nothing may be created, so that everybody is the account of the run."""
        return self.guard is not None and self.guard.read_only

    def has(self, name: str) -> bool:
        """Whether somebody is there, or a thing that lives for the run."""
        return name in self.things or self.company.is_here(name)

    def scene(self) -> "Scene":
        """Open the scene of one case."""
        return Scene(self, f"{next(self._numbers):04d}{secrets.token_hex(3)}")


class Scene:
    """One case's view of the stage: resolves placeholders, plays steps, remembers the exchanges that it took."""

    def __init__(self, stage: Stage, token: str) -> None:
        self.exchanges: list[Exchange] = []
        self.before: Facts = {}
        self._stage = stage
        self._token = f"t{token}"
        self._secret = secrets.token_urlsafe(18)
        self._things: dict[str, Facts] = {}
        self._entries: list[Entry] = []
        self._unknown_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))
        if stage.guard:
            stage.guard.nothing(self._unknown_id)
            stage.guard.nothing(self._token)

    def resolve(self, template: Json) -> Json:
        """Fill in the placeholders of a template, creating what they name.

        Raises:
            CircumstanceError: when something cannot be created.
        """
        return resolve(template, self._look_up)

    def play(self, step: Step, purpose: str) -> Answer:
        """Send the request of a step; a 429 raises CircumstanceError."""
        login = self._stage.company.login(step.actor)
        if step.is_realtime:
            return self.send(
                Ask(
                    actor=step.actor,
                    purpose=purpose,
                    method=REALTIME,
                    path=step.route,
                    body=self.resolve(list(step.params)),
                    headers=login.headers,
                )
            )
        method, _, name = str(self.resolve(step.operation)).partition(" ")
        return self.send(
            Ask(
                actor=step.actor,
                purpose=purpose,
                method=method,
                path=API + name,
                query=query_of(self.resolve(step.query)),
                body=self.resolve(step.body) if step.has_body else None,
                has_body=step.has_body,
                file=self._file(step.file),
                headers=login.headers,
            )
        )

    def send(self, ask: Ask) -> Answer:
        """Send a request as part of this scene; a 429 raises CircumstanceError."""
        return self.receive(self._stage.send(ask))

    def receive(self, answer: Answer) -> Answer:
        """Take an answer as part of this scene; raises as `send` does."""
        self.exchanges.append(answer.exchange)
        return refuse_others(answer)

    def arrange(self, steps: Sequence[Step], facts: Facts, what: str) -> None:
        """Play steps that must succeed, and keep what they take.

        Raises:
            CircumstanceError: when a step is refused; names the step and the answer.
        """
        for step in steps:
            answer = self.play(step, f"arrange {what}")
            if not succeeded(answer):
                kind = RefusedError if is_refusal(answer) else CircumstanceError
                raise kind(f"could not arrange {what}: {step.operation} answered {told(answer)}")
            for key, where in step.take.items():
                try:
                    facts[key] = look_up(answer.body, where)
                except NothingThereError as problem:
                    raise CircumstanceError(
                        f"could not arrange {what}: {step.operation} answered without {where}"
                    ) from problem

    def close(self) -> list[tuple[Entry, str]]:
        """Remove what lived for this case, newest first; gives what could not be removed, and why."""
        return undo_all(self._stage, self._entries)

    def _look_up(self, name: str) -> Json:
        owner, _, key = name.rpartition(".")
        if owner == "before":
            if key not in self.before:
                raise CircumstanceError(f"the steps before the case were not played, so that {name} is not known")
            return self.before[key]
        if owner in self._stage.cast.things:
            return self._thing(owner)[key]
        if owner == "admin" or owner in self._stage.cast.people:
            return self._stage.company.fact(owner, key)
        return self._plain(name)

    def _plain(self, name: str) -> Json:
        now = datetime.fromtimestamp(self._stage.client.pace.clock.now(), UTC)
        started = self._stage.started
        facts: Mapping[str, Json] = {
            "run.prefix": self._stage.marks.prefix,
            "case.token": self._token,
            "case.secret": self._secret,
            "unknown.id": self._unknown_id,
            "unknown.username": f"{self._stage.marks.prefix}.nobody",
            "time.now": iso(now),
            "time.started": iso(started),
            "time.now_ms": milliseconds(now),
            "time.started_ms": milliseconds(started),
            "time.past_ms": milliseconds(started - timedelta(hours=1)),
            "time.future_ms": milliseconds(started + timedelta(days=365)),
            "time.past": iso(started - timedelta(hours=1)),
            "time.future": iso(started + timedelta(days=365)),
        }
        if name == "case.secret":
            self._stage.client.redactor.learn(self._secret, "case.secret")
        return facts[name]

    def _thing(self, name: str) -> Facts:
        for known in (self._things, self._stage.things):
            if name in known:
                return known[name]
        if name in self._stage.broken:
            raise CircumstanceError(self._stage.broken[name])
        thing = self._stage.cast.things[name]
        return self._create(name, thing)

    def _create(self, name: str, thing: Thing) -> Facts:
        if self._stage.read_only:
            raise CircumstanceError(f"--read-only: nothing is created, so there is no {name}")
        lives_for_the_run = thing.lives is Lives.RUN
        facts: Facts = {}
        home = self._stage.things if lives_for_the_run else self._things
        steps = tuple(map(self._attended, thing.steps))
        names = self._meet_needs(steps[0])
        home[name] = facts
        number = self._stage.journal.intend(name, names) if thing.undo else 0
        whole = is_given_up = False
        try:
            self.arrange(steps, facts, name)
            whole = True
        except (CircumstanceError, TargetError) as problem:
            is_given_up = True
            if isinstance(problem, RefusedError | RateLimitedError | UnsentError) and not facts:
                self._stage.journal.refused(number)
            if lives_for_the_run and not isinstance(problem, RateLimitedError | GatewayError | TargetError):
                self._stage.broken[name] = str(problem)
            raise
        finally:
            # Half a thing is removed like a whole one, and never lent to a case.
            if not whole:
                del home[name]
            entry = self._note(name, number, thing, facts) if facts else None
            if entry and not lives_for_the_run:
                self._entries.append(entry)
            elif entry and is_given_up:
                self._take_back(name, entry)
        return facts

    def _attended(self, step: Step) -> Step:
        """Leave out of the members of a room those for whom there is no account: the room is made without them."""
        body = as_object(step.body)
        members = body.get(_MEMBERS)
        if not isinstance(members, list) or not self._stage.company.casting.closed:
            return step
        people, can_come = self._stage.cast.people, self._stage.company.can_come
        absent = {f"{{{name}.{key}}}" for name in people if not can_come(name) for key in ("username", "id")}
        return replace(step, body={**body, _MEMBERS: [each for each in members if each not in absent]})

    def _meet_needs(self, step: Step) -> tuple[str, ...]:
        """Create what a step needs, so that what fails from now on is the step itself; give the names it gives."""
        self._stage.company.login(step.actor)
        return tuple(dict.fromkeys(self._stage.marks.own(self.resolve(step.template))))

    def _note(self, name: str, number: int, thing: Thing, facts: Facts) -> Entry | None:
        """Write down what was created and how it is removed; gives None where nothing can be removed."""
        if thing.undo is None:
            return None
        step = thing.undo
        known = {f"{name}.{key}": value for key, value in facts.items()}
        if any(f"{name}.{key}" in step.names and key not in facts for key in thing.keys):
            return None  # nothing can be removed without what would name it: the journal keeps it as intended
        undo = Undo(
            actor=step.actor if self._stage.company.is_led else thing.steps[0].actor,
            operation=step.operation,
            body=resolve(step.body, lambda wanted: known[wanted] if wanted in known else self._look_up(wanted)),
            gone=thing.undo.gone,
        )
        return self._stage.journal.created(number, f"{name} {facts.get('id', '')}".strip(), undo)

    def _take_back(self, name: str, entry: Entry) -> None:
        """Remove half a thing of the run at once: a direct room that is created anew is the one that is there."""
        try:
            left = [why for _, why in undo_all(self._stage, [entry])]
        except (CircumstanceError, TargetError) as problem:
            left = [str(problem)]
        for why in left:
            self._stage.broken[name] = f"half of {name} is there still: {why}"

    def _file(self, file: File | None) -> FilePart | None:
        if file is None:
            return None
        name, kind, text = (str(self.resolve(part)) for part in (file.name, file.type, file.text))
        return FilePart(name=name, type=kind, text=text)


def iso(moment: datetime) -> str:
    """Write a moment as the server does: ISO-8601, UTC, milliseconds."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def milliseconds(moment: datetime) -> int:
    """Count the milliseconds since 1970, as EJSON dates do."""
    return int(moment.timestamp() * 1000)


def query_of(query: Json) -> Query:
    """Write query parameters as pairs: arrays as repeated names, objects as JSON text."""
    if not isinstance(query, Mapping):
        return ()
    return tuple((name, _text(item)) for name, value in query.items() for item in _items(value))


def _items(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else [value]


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def undo_all(stage: Stage, entries: Sequence[Entry]) -> list[tuple[Entry, str]]:
    """Remove created things, newest first; gives what could not be removed, and why."""
    left: list[tuple[Entry, str]] = []
    for entry in sorted(entries, key=lambda each: -each.number):
        why = _undo(stage, entry)
        if why:
            left.append((entry, why))
        else:
            stage.journal.removed(entry)
    return left


def _undo(stage: Stage, entry: Entry) -> str:
    undo = entry.undo
    if undo is None:
        return ""
    why, was_asked = "", entry.number in stage.journal.unsure
    may_be_gone = was_asked or undo.gone or entry.number <= stage.forgotten
    stage.journal.removing(entry)
    for login in stage.company.removers(undo.actor):
        answer = stage.client.send(_removing(entry, undo, login))
        is_removed = succeeded(answer)
        if is_removed or (is_refusal(answer) and not was_asked):
            stage.journal.answered(entry)
        if is_removed or (may_be_gone and is_denial(answer)):
            return ""
        why = why or told(answer)
    return why


def _removing(entry: Entry, undo: Undo, login: Login) -> Ask:
    method, _, name = undo.operation.partition(" ")
    return Ask(
        actor=login.actor,
        purpose=f"remove {entry.what}",
        method=method,
        path=API + name,
        body=undo.body,
        has_body=True,
        headers=login.headers,
    )
