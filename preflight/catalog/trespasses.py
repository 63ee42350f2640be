"""Trespasses: what people try without the right to, with whose things, and what must come of it.

``{theirs.KEY}`` stands for what was taken from the thing that a trespass is about: one is made of each of its things.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from preflight.catalog import placeholders
from preflight.catalog.cases import Case, CaseKind, Expect, Needs, check_form, check_names
from preflight.catalog.cast import Cast
from preflight.catalog.documents import Document, Pointer, load
from preflight.catalog.errata import parse_range
from preflight.catalog.nearest import nearest
from preflight.catalog.promises import Promises
from preflight.catalog.schema_check import check
from preflight.catalog.steps import read_step
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.operation import OperationKey

THEIRS = "theirs"


class Fate(StrEnum):
    """What must come of a trespass."""

    REFUSED = "refused"
    HARMLESS = "harmless"
    ALLOWED = "allowed"


_FATES = {"refusal": Fate.REFUSED, "harmless": Fate.HARMLESS, "allowed": Fate.ALLOWED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """A permission, and the roles which who asks has there."""

    permission: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trespass:
    """One request of somebody with the things of others; `about` begins the names of the claims that it is about.

    `refusals` are those that are promised, of which a release may have several: any of them will do. `case` holds the
    request. `things` are those of others that it touches. Of the `right` it depends whether it is refused.
    """

    about: str
    fate: Fate
    case: Case
    things: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    right: Right | None = None

    @property
    def operation(self) -> OperationKey:
        """The operation that is asked."""
        return self.case.operation

    def at(self, promises: Promises) -> "Trespass | None":
        """Give it as a release has it, None where it does not apply there.

        Raises:
            FileError: where it relies on a refusal that no contract of any release has.
        """
        if not self.refusals:
            return self if promises.set_aside(self.case) is None else None
        choices = (replace(self.case, refusal=subject) for subject in self.refusals)
        fitting = tuple(str(case.refusal) for case in choices if promises.set_aside(case) is None)
        return replace(self, refusals=fitting) if fitting else None


def load_trespasses(
    files: Sequence[Path], schema: Path, cast: Cast, operations: Iterable[OperationKey]
) -> tuple[Trespass, ...]:
    """Read the files of contracts/trespasses.

    Raises:
        FileError: where a file is wrong: its form, an unknown operation, thing, person or placeholder.
    """
    known = {str(key) for key in operations}
    names = frozenset(cast.known)
    found: list[Trespass] = []
    for file in files:
        document = load(file)
        check(document, schema)
        for trespass in _trespasses(document, known, cast):
            check_form(trespass.case)
            check_names(trespass.case, cast, names)
            found.append(trespass)
    return tuple(found)


def _trespasses(document: Document, known: set[str], cast: Cast) -> Iterator[Trespass]:
    data = as_object(document.data)
    for operation, trespasses in as_object(data["operations"]).items():
        if operation not in known:
            raise document.error(
                ("operations", operation),
                f"unknown operation {operation!r}",
                hint=nearest(operation, known, what="operations"),
            )
        for name, entry in as_object(trespasses).items():
            pointer: Pointer = ("operations", operation, name)
            yield from _of_each(document, pointer, str(data["about"]), as_object(entry), cast)


def _of_each(document: Document, pointer: Pointer, about: str, data: JsonObject, cast: Cast) -> Iterator[Trespass]:
    things = tuple(str(thing) for thing in as_list(data.get("of")))
    for index, thing in enumerate(things):
        if thing not in cast.things:
            raise document.error(
                (*pointer, "of", index),
                f"unknown thing {thing!r}",
                hint=nearest(thing, cast.things, what="things"),
            )
    named = any(name.startswith(f"{THEIRS}.") for name in placeholders.names(_sent(data)))
    if not named:
        yield _trespass(document, pointer, about, data, things)
        return
    for thing in things:
        yield _trespass(document, pointer, about, as_object(_filled(data, thing)), (thing,))


def _sent(data: JsonObject) -> JsonObject:
    return {key: data.get(key) for key in ("query", "body", "params", "harmless", "allowed", "before")}


def _filled(template: Json, thing: str) -> Json:
    """Write the name of a thing where a template says `theirs`, and leave everything else as it stands."""
    if isinstance(template, str):
        return template.replace(f"{{{THEIRS}.", f"{{{thing}.")
    if isinstance(template, Mapping):
        return {key: _filled(value, thing) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(item, thing) for item in template]
    return template


def _right(data: JsonObject) -> Right:
    return Right(permission=str(data["permission"]), roles=tuple(str(role) for role in as_list(data["roles"])))


def _fate(document: Document, pointer: Pointer, data: JsonObject) -> Fate:
    said = [fate for key, fate in _FATES.items() if key in data]
    if len(said) != 1:
        raise document.error(
            pointer,
            f"{'several things' if said else 'nothing'} may come of it",
            hint=f"say one of {', '.join(_FATES)}",
        )
    return said[0]


def _trespass(document: Document, pointer: Pointer, about: str, data: JsonObject, things: tuple[str, ...]) -> Trespass:
    _, operation, name = (str(part) for part in pointer)
    fate = _fate(document, pointer, data)
    needs, right = as_object(data.get("needs")), as_object(data.get("right"))
    refusal = data.get("refusal", data.get("without"))
    edition = needs.get("edition")
    one = len(things) == 1
    return Trespass(
        about=about,
        fate=fate,
        things=things,
        refusals=(refusal,) if isinstance(refusal, str) else tuple(str(each) for each in as_list(refusal)),
        right=_right(right) if right else None,
        case=Case(
            name=f"{name}-{things[0]}" if one else name,
            operation=OperationKey.parse(operation),
            kind=CaseKind.REFUSED if fate is Fate.REFUSED else CaseKind.ACCEPTED,
            title=f"{data['title']} ({things[0]})" if one else str(data["title"]),
            actor=str(data["as"]),
            query=as_object(data.get("query")),
            body=data.get("body"),
            has_body="body" in data,
            params=as_list(data.get("params")),
            has_params="params" in data,
            expect=Expect(body=as_object(data.get(fate))),
            releases=parse_range(document, (*pointer, "releases"), str(data.get("releases", ""))),
            needs=Needs(
                settings=as_object(needs.get("settings")), edition=edition if isinstance(edition, str) else None
            ),
            before=tuple(read_step(as_object(step)) for step in as_list(data.get("before"))),
            document=document,
            pointer=pointer,
        ),
    )
