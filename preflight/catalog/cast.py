"""The cast: who and what must exist before a case, and which placeholders that makes possible."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from preflight.catalog import placeholders
from preflight.catalog.documents import Document, Pointer, load
from preflight.catalog.nearest import nearest
from preflight.catalog.schema_check import check
from preflight.catalog.steps import ADMIN, Step, read_step
from preflight.model.json import Json, as_list, as_object

PERSON_KEYS = ("id", "username", "name")
BEFORE = "before"
GIVEN = (
    "run.prefix",
    "case.token",
    "case.secret",
    "unknown.id",
    "unknown.username",
    "time.now",
    "time.past",
    "time.future",
    "time.started",
    "time.now_ms",
    "time.past_ms",
    "time.future_ms",
    "time.started_ms",
)


class Lives(StrEnum):
    """How long a thing lives."""

    RUN = "run"
    CASE = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who plays: `key` is the word of placeholders, `name` is shown in the workspace."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that exists before a case; without `undo` it goes with its room.

    Of what is `private`, nobody but its members may learn what was taken from it.
    """

    name: str
    lives: Lives
    steps: tuple[Step, ...]
    undo: Step | None = None
    private: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """What placeholders can name of it."""
        return tuple(dict.fromkeys(key for step in self.steps for key in step.take))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The people and the things."""

    people: Mapping[str, Person]
    things: Mapping[str, Thing]
    document: Document = field(repr=False, compare=False)

    @property
    def actors(self) -> tuple[str, ...]:
        """Who can send a request."""
        return (*self.people, ADMIN)

    def thing_of(self, placeholder: str) -> str | None:
        """Name the thing behind a placeholder; None where a person or a given value is."""
        thing, _, _ = placeholder.rpartition(".")
        return thing if thing in self.things else None

    def things_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """Name the things behind placeholders, and those that they need, in the order of creation."""
        ordered: dict[str, None] = {}
        for name in names:
            thing = self.thing_of(name)
            if thing is not None and thing not in ordered:
                own = [n for step in self.things[thing].steps for n in step.names if self.thing_of(n) != thing]
                ordered |= dict.fromkeys(self.things_of(own))
                ordered[thing] = None
        return tuple(ordered)

    @property
    def known(self) -> tuple[str, ...]:
        """Every placeholder that has a value, apart from what the steps of a case take."""
        people = (f"{person}.{key}" for person in self.actors for key in PERSON_KEYS)
        things = (f"{thing.name}.{key}" for thing in self.things.values() for key in thing.keys)
        return (*GIVEN, *people, *things)


def check_template(document: Document, pointer: Pointer, template: Json, known: Iterable[str]) -> tuple[str, ...]:
    """Give the placeholders of a template, each of which must be known.

    Raises:
        FileError: for the first that is not, or for a stray brace.
    """
    if isinstance(template, Mapping):
        return tuple(n for k, v in template.items() for n in check_template(document, (*pointer, k), v, known))
    if isinstance(template, list):
        return tuple(n for i, v in enumerate(template) for n in check_template(document, (*pointer, i), v, known))
    try:
        found = placeholders.names(template)
    except placeholders.PlaceholderError as problem:
        raise document.error(
            pointer, str(problem), hint="a placeholder reads {alice.channel.id}; {{ and }} stand for braces"
        ) from problem
    for name in found:
        if name not in known:
            raise document.error(
                pointer, f"unknown placeholder {{{name}}}", hint=nearest(name, known, what="placeholders")
            )
    return found


def check_actor(document: Document, pointer: Pointer, actor: str, actors: Iterable[str]) -> None:
    """Accept a person of the cast.

    Raises:
        FileError: where nobody has the name.
    """
    if actor not in actors:
        raise document.error((*pointer, "as"), f"unknown person {actor!r}", hint=nearest(actor, actors, what="people"))


def load_cast(path: Path, schema: Path) -> Cast:
    """Read the cast.

    Raises:
        FileError: where the file is wrong: its form, a name, things that need each other in a circle.
    """
    document = load(path)
    check(document, schema)
    data = as_object(document.data)
    cast = Cast(
        people={key: Person(key=key, name=str(as_object(p)["name"])) for key, p in as_object(data["people"]).items()},
        things={name: _thing(name, thing) for name, thing in as_object(data["things"]).items()},
        document=document,
    )
    known = set(cast.known)
    needs = {name: _check_thing(cast, thing, known) for name, thing in cast.things.items()}
    _check_circles(cast, needs)
    return cast


def _thing(name: str, data: Json) -> Thing:
    entry = as_object(data)
    undo = entry.get("undo")
    return Thing(
        name=name,
        lives=Lives(str(entry["lives"])),
        steps=tuple(read_step(as_object(step)) for step in as_list(entry["steps"])),
        undo=None if undo is None else read_step(as_object(undo)),
        private=entry.get("private") is True,
    )


def _check_thing(cast: Cast, thing: Thing, known: set[str]) -> dict[str, Pointer]:
    """Give the other things that a thing needs, each with the place that names it."""
    own = {f"{thing.name}.{key}" for key in thing.keys}
    taken: set[str] = set()
    needs: dict[str, Pointer] = {}
    places: list[tuple[Pointer, Step]] = [
        (("things", thing.name, "steps", index), step) for index, step in enumerate(thing.steps)
    ]
    for pointer, step in places:
        _check_step(cast, pointer, step, (known - own) | taken, needs)
        taken |= {f"{thing.name}.{key}" for key in step.take}
    if thing.undo is not None:
        _check_step(cast, ("things", thing.name, "undo"), thing.undo, known, {})
    needs.pop(thing.name, None)
    for other, pointer in needs.items():
        if thing.lives is Lives.RUN and cast.things[other].lives is Lives.CASE:
            raise cast.document.error(
                pointer,
                f"{thing.name} lives for the run and needs {other}, which lives for a case",
                hint=f"let {other} live for the run, or {thing.name} for a case",
            )
    return needs


def _check_step(cast: Cast, pointer: Pointer, step: Step, known: set[str], needs: dict[str, Pointer]) -> None:
    check_actor(cast.document, pointer, step.actor, cast.actors)
    for key, template in step.template.items():
        for name in check_template(cast.document, (*pointer, key), template, known):
            thing = cast.thing_of(name)
            if thing is not None:
                needs.setdefault(thing, (*pointer, key))


def _check_circles(cast: Cast, needs: Mapping[str, Mapping[str, Pointer]]) -> None:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        for other, pointer in needs[name].items():
            if other in path or other == name:
                circle = " → ".join((*path, name, other))
                raise cast.document.error(
                    pointer,
                    f"things need each other in a circle: {circle}",
                    hint="create one of them without the other",
                )
            if other not in done:
                visit(other, (*path, name))
        done.add(name)

    for name in needs:
        visit(name, ())
