"""Cases: requests worth making and the outcome promised for each, with placeholders left in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from preflight.catalog import placeholders
from preflight.catalog.cast import BEFORE, Cast, check_actor, check_template
from preflight.catalog.documents import Document, Pointer, load
from preflight.catalog.errata import parse_range
from preflight.catalog.nearest import nearest
from preflight.catalog.schema_check import check
from preflight.catalog.steps import REALTIME, Step, read_step
from preflight.errors import FileError
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.operation import OperationKey
from preflight.model.release import ReleaseRange

DEFAULT_ACTOR = "alice"
HTTP_KEYS = ("query", "body", "headers", "file")
REALTIME_KEYS = ("params",)

_FORMS = {
    True: ("a realtime method", "write its arguments as a list: params: [...]"),
    False: ("a route", "only realtime methods (ddp:NAME) have params; write query or body"),
}


class CaseKind(StrEnum):
    """What is promised for a case's request: success or a refusal."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What an answer must hold; `status` None stands for the documented one.

    `contested` are pointers of `body` at which may stand what somebody else has made meanwhile.
    """

    status: int | None = None
    body: JsonObject = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A request made after a case's own, and what its answer must hold: what was written can be read."""

    step: Step
    expect: Expect

    @property
    def template(self) -> JsonObject:
        """Everything that may hold placeholders."""
        return {**self.step.template, "expect": {"body": self.expect.body}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What the workspace must be for a case to apply; `edition` None stands for any.

    `settings` may be changed for the moment. Those which must be `found` so are never changed, because they stand for
    what nobody can arrange, such as an account at a provider.
    """

    settings: JsonObject = field(default_factory=dict)
    found: JsonObject = field(default_factory=dict)
    edition: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request and the outcome promised for it.

    `refusal` is the subject of a refusal claim; `error` overrides its text; `body` counts only if `has_body`;
    a realtime call has `params` in place of query, body and headers, which count only if `has_params`;
    `shows` are the claims that the case is there to show: they do not apply where the case does not;
    `afterwards` is looked at after the answer; `document` and `pointer` tell where it is written.
    """

    name: str
    operation: OperationKey
    kind: CaseKind
    title: str
    actor: str = DEFAULT_ACTOR
    query: JsonObject = field(default_factory=dict)
    body: Json = None
    has_body: bool = False
    params: Sequence[Json] = ()
    has_params: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    expect: Expect = field(default_factory=Expect)
    refusal: str | None = None
    error: str | None = None
    omits: tuple[str, ...] = ()
    lacks: str | None = None
    releases: ReleaseRange = field(default_factory=ReleaseRange)
    needs: Needs = field(default_factory=Needs)
    shows: tuple[ClaimId, ...] = ()
    beside: tuple[str, ...] = ()
    before: tuple[Step, ...] = ()
    afterwards: tuple[Look, ...] = ()
    document: Document = field(repr=False, compare=False)
    pointer: Pointer = field(repr=False, compare=False)

    @property
    def id(self) -> str:
        """The name of the case among those of its kind: ``GET rooms.info/by-id``."""
        return f"{self.operation}/{self.name}"

    @property
    def claim(self) -> ClaimId | None:
        """The refusal claim that is promised; None for an accepted case."""
        return None if self.refusal is None else ClaimId(self.operation, ClaimKind.REFUSAL, self.refusal)

    @property
    def names(self) -> tuple[str, ...]:
        """The placeholders of the case and of the steps before it."""
        own: list[Json] = [self.query, self.body, self.params, dict(self.headers), self.expect.body, self.error]
        looks = [look.template for look in self.afterwards]
        return (*(name for step in self.before for name in step.names), *placeholders.names([*own, *looks]))

    def wrong(self, key: str, what: str, *, hint: str) -> FileError:
        """Build the error that names the line of this case's `key`."""
        return self.document.error((*self.pointer, key), what, hint=hint)


def load_cases(files: Sequence[Path], schema: Path, cast: Cast, operations: Iterable[OperationKey]) -> tuple[Case, ...]:
    """Read case files.

    Raises:
        FileError: where a file is wrong: its form, an unknown operation, person or placeholder, a name twice.
    """
    known = {str(key) for key in operations}
    names = frozenset(cast.known)
    cases: dict[tuple[CaseKind, str], Case] = {}
    for file in files:
        document = load(file)
        check(document, schema)
        for case in _cases(document, known):
            check_form(case)
            check_contested(case)
            check_names(case, cast, names)
            place = (case.kind, case.id)
            if place in cases:
                raise case.wrong(
                    "",
                    f"the {case.kind} case {case.id} stands in {_place(cases[place])} already",
                    hint="rename one of the two",
                )
            cases[place] = case
    _check_found(cases.values())
    return tuple(cases.values())


def _check_found(cases: Iterable[Case]) -> None:
    """Accept cases none of which changes a setting that another must find as it is."""
    every = tuple(cases)
    found = {name: case for case in every for name in case.needs.found}
    for case in every:
        changed = next((name for name in case.needs.settings if name in found), None)
        if changed is not None:
            raise case.document.error(
                (*case.pointer, "needs", "settings", changed),
                f"the setting {changed} must be found as it is by {found[changed].id}",
                hint="write it under found here as well: what is found is never changed",
            )


def _place(case: Case) -> str:
    return f"{case.document.path.name}:{case.document.line(case.pointer)}"


def _cases(document: Document, known: set[str]) -> Iterable[Case]:
    for operation, kinds in as_object(as_object(document.data)["operations"]).items():
        pointer: Pointer = ("operations", operation)
        if operation not in known:
            raise document.error(
                pointer, f"unknown operation {operation!r}", hint=nearest(operation, known, what="operations")
            )
        for kind, cases in as_object(kinds).items():
            for name, case in as_object(cases).items():
                yield _case(document, (*pointer, kind, name), as_object(case))


def _case(document: Document, pointer: Pointer, data: JsonObject) -> Case:
    _, operation, kind, name = (str(part) for part in pointer)
    expect, needs = as_object(data.get("expect")), as_object(data.get("needs"))
    status, edition = expect.get("status"), needs.get("edition")
    return Case(
        name=name,
        operation=OperationKey.parse(operation),
        kind=CaseKind(kind),
        title=str(data["title"]),
        actor=str(data.get("as", DEFAULT_ACTOR)),
        query=as_object(data.get("query")),
        body=data.get("body"),
        has_body="body" in data,
        headers={header: str(value) for header, value in as_object(data.get("headers")).items()},
        params=as_list(data.get("params")),
        has_params="params" in data,
        expect=replace(_expect(expect), status=status if isinstance(status, int) else None),
        refusal=_text(data.get("refusal")),
        error=_text(data.get("error")),
        omits=tuple(str(item) for item in as_list(data.get("omits"))),
        lacks=_text(data.get("lacks")),
        releases=parse_range(document, (*pointer, "releases"), str(data.get("releases", ""))),
        needs=Needs(
            settings=as_object(needs.get("settings")), found=as_object(needs.get("found")), edition=_text(edition)
        ),
        shows=tuple(ClaimId.parse(f"{operation}#{claim}") for claim in as_list(data.get("shows"))),
        beside=tuple(str(person) for person in as_list(data.get("beside"))),
        before=tuple(read_step(as_object(step)) for step in as_list(data.get("before"))),
        afterwards=tuple(_look(as_object(look)) for look in as_list(data.get("afterwards"))),
        document=document,
        pointer=pointer,
    )


def _expect(data: JsonObject) -> Expect:
    return Expect(
        body=as_object(data.get("body")),
        absent=tuple(str(item) for item in as_list(data.get("absent"))),
        contested=tuple(str(item) for item in as_list(data.get("contested"))),
    )


def _look(data: JsonObject) -> Look:
    return Look(step=read_step(data), expect=_expect(as_object(data["expect"])))


def check_form(case: Case) -> None:
    """Accept what can be sent: arguments to a realtime method, the parts of an HTTP request to a route."""
    whole = as_object(_at(case.document.data, case.pointer))
    requests = [(case.pointer, whole, case.operation.method == REALTIME)]
    for key, steps in (("before", case.before), ("afterwards", tuple(look.step for look in case.afterwards))):
        for index, (step, data) in enumerate(zip(steps, as_list(whole.get(key)), strict=True)):
            requests.append(((*case.pointer, key, index), as_object(data), step.is_realtime))
    for pointer, data, is_realtime in requests:
        wrong = next((key for key in (HTTP_KEYS if is_realtime else REALTIME_KEYS) if key in data), None)
        if wrong is not None:
            what, hint = _FORMS[is_realtime]
            raise case.document.error((*pointer, wrong), f"{wrong!r} cannot be sent to {what}", hint=hint)


def check_contested(case: Case) -> None:
    """Accept as contested what is expected; raises FileError for a place of which nothing is."""
    for index, place in enumerate(case.expect.contested):
        if place not in case.expect.body:
            raise case.document.error(
                (*case.pointer, "expect", "contested", index),
                f"nothing is expected at {place}",
                hint=nearest(place, case.expect.body, what="what stands in body"),
            )


def _at(data: Json, pointer: Pointer) -> Json:
    for part in pointer:
        data = as_object(data)[str(part)]
    return data


def check_names(case: Case, cast: Cast, known: frozenset[str]) -> None:
    """Accept people and placeholders that are known; raises FileError for the first that is not."""
    check_actor(case.document, case.pointer, case.actor, cast.actors)
    taken: set[str] = set()
    for index, step in enumerate(case.before):
        pointer = (*case.pointer, "before", index)
        check_actor(case.document, pointer, step.actor, cast.actors)
        for key, template in step.template.items():
            check_template(case.document, (*pointer, key), template, known | taken)
        taken |= {f"{BEFORE}.{key}" for key in step.take}
    own: JsonObject = {
        "query": case.query,
        "body": case.body,
        "params": case.params,
        "headers": dict(case.headers),
        "expect": {"body": case.expect.body},
        "error": case.error,
    }
    for key, template in own.items():
        check_template(case.document, (*case.pointer, key), template, known | taken)
    for index, look in enumerate(case.afterwards):
        pointer = (*case.pointer, "afterwards", index)
        check_actor(case.document, pointer, look.step.actor, cast.actors)
        for key, template in look.template.items():
            check_template(case.document, (*pointer, key), template, known | taken)


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
