"""Contracts: what is promised for an operation, read from an OpenAPI document into values.

Schemas of a `Contract` are self-contained JSON Schemas (2020-12): a validator needs nothing beside them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from preflight.catalog.changes import Change, at_release, changes_of
from preflight.catalog.documents import Document, Pointer
from preflight.catalog.nearest import nearest
from preflight.catalog.overlay import ERRATUM
from preflight.catalog.references import DanglingReferenceError, References
from preflight.catalog.steps import REALTIME
from preflight.model.claim import ClaimKind, Level, Origin
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.operation import OperationKey
from preflight.model.release import Release

PAGE = "externalDocs"
BEHAVIOUR = "x-behaviour"
METHODS = ("get", "post", "put", "delete", "patch")
TOKEN_HEADER = "X-Auth-Token"  # noqa: S105 (the name of a header)

_API = "/api/v1/"


class Place(StrEnum):
    """Where a parameter is sent."""

    QUERY = "query"
    HEADER = "header"
    BODY = "body"
    PATH = "path"
    PARAMS = "params"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One documented parameter of a query, a header or a path; body fields stand in the body's schema.

    For an argument of a realtime method `at` says where it stands among the arguments: a position, a position and
    the key of an object, or ``*`` for each of them.
    """

    name: str
    place: Place
    required: bool
    schema: JsonObject
    deprecated: bool = False
    origin: Origin = Origin.STATED
    erratum: str | None = None
    at: tuple[int | str, ...] = ()

    @property
    def subject(self) -> str:
        """The parameter as claims and `omits` name it: ``query.roomId``."""
        return f"{self.place}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One documented refusal; `body` holds the keys whose values are constant."""

    id: str
    status: int
    body: JsonObject
    erratum: str | None = None

    @property
    def subject(self) -> str:
        """The refusal as claims and cases name it: ``400.error-room-not-found``."""
        return f"{self.status}.{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseContract:
    """What is promised for one status; `schema` is None where the page shows no body."""

    status: int
    schema: JsonObject | None = None
    media_type: str | None = None
    refusals: tuple[Refusal, ...] = ()
    erratum: str | None = None

    @property
    def accepts(self) -> bool:
        """Whether this status means success."""
        return 200 <= self.status < 300  # noqa: PLR2004 (HTTP's own boundaries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What is promised for the request's body."""

    schema: JsonObject
    media_type: str
    required: bool = False
    erratum: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anonymous:
    """What a realtime method answers to a caller without a login; `refusal` is the id of the refusal, if it is one."""

    status: int
    schema: JsonObject
    refusal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deprecation:
    """That an operation is to go: in which release, and what takes its place."""

    removal: Release
    replacements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What an operation promises beside the shape of its answers: `id` is the subject of its claim.

    `stated` tells that its page says so; `erratum` names the one that has the evidence of a known breach.
    """

    id: str
    promise: str
    erratum: str | None = None
    kind: ClaimKind = ClaimKind.BEHAVIOUR
    level: Level = Level.MUST
    stated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What is promised for one operation.

    `errata` names those that changed it, in the order they apply; `erratum` the one that changed its own keys last;
    `behaviours` are what it promises beside the shape of its answers.
    Of realtime methods alone: `anonymous`; `deprecation`; `evidence`, from which everything is known that the page
    does not say itself (`stated` holds the claims which it does, as ``KIND:SUBJECT``); `removed` where the release
    has dropped the method, so that all that is promised is the refusal of an unknown method;
    `protocol` where it is no method but a part of the protocol, of which behaviours are all that is promised.
    """

    key: OperationKey
    path: str
    page: str
    family: str
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    responses: Mapping[int, ResponseContract] = field(default_factory=dict)
    permissions: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    errata: tuple[str, ...] = ()
    erratum: str | None = None
    anonymous: Anonymous | None = None
    deprecation: Deprecation | None = None
    evidence: tuple[str, ...] = ()
    stated: frozenset[str] = frozenset()
    removed: bool = False
    behaviours: tuple[Behaviour, ...] = ()
    protocol: bool = False

    @property
    def authenticated(self) -> bool:
        """Whether it demands a login: the token header is required, or who has none is refused."""
        if self.anonymous is not None:
            return self.anonymous.refusal is not None
        return 401 in self.responses or any(  # noqa: PLR2004 (HTTP's own status)
            parameter.required and parameter.place is Place.HEADER and parameter.name.lower() == TOKEN_HEADER.lower()
            for parameter in self.parameters
        )

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Every documented refusal, by status."""
        return tuple(refusal for response in self.responses.values() for refusal in response.refusals)

    @property
    def successes(self) -> tuple[ResponseContract, ...]:
        """The documented success statuses."""
        return tuple(response for response in self.responses.values() if response.accepts)

    def refusal(self, subject: str) -> Refusal | None:
        """Find a refusal by its subject, ``400.error-room-not-found``; None where the contract has none such."""
        return next((refusal for refusal in self.refusals if refusal.subject == subject), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file a contract is read from: for addresses of references, and for lines in errors."""

    family: str
    document: Document

    @property
    def path(self) -> Path:
        """The file."""
        return self.document.path


def operations(paths: Json) -> Iterator[tuple[str, str, JsonObject]]:
    """Walk the operations of a document's ``paths``: path, method in lower case, operation."""
    for path, item in as_object(paths).items():
        for method in METHODS:
            operation = as_object(item).get(method)
            if isinstance(operation, Mapping):
                yield path, method, operation


def operations_of(document: Json) -> Iterator[tuple[str, str, JsonObject]]:
    """Walk the operations of a whole document: those of its ``paths``, and its channels that promise something.

    The method of a channel is ``ddp``, its path is its name.
    """
    data = as_object(document)
    yield from operations(data.get("paths"))
    for name, channel in as_object(data.get("channels")).items():
        if isinstance(channel, Mapping) and (PAGE in channel or BEHAVIOUR in channel):
            yield name, REALTIME, channel


def pointer_of(path: str, method: str) -> Pointer:
    """Say where in its document an operation stands."""
    return ("channels", path) if method == REALTIME else ("paths", path, method)


def key_of(path: str, method: str) -> OperationKey:
    """Name the operation at a path: ``/api/v1/rooms.info`` and ``get`` give ``GET rooms.info``."""
    if method == REALTIME:
        return OperationKey(name=path, method=REALTIME)
    name = path.removeprefix(_API) if path.startswith(_API) else path.removeprefix("/")
    return OperationKey(name=name, method=method.upper())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads contracts of one document as it stands after errata."""

    source: Source
    references: References

    def read(  # noqa: PLR0913 (an operation and the four things that surround it)
        self,
        path: str,
        method: str,
        operation: JsonObject,
        *,
        shared: Json = None,
        release: Release | None = None,
        errata: tuple[str, ...] = (),
    ) -> Contract:
        """Read one operation; `shared` holds the parameters of its path; `release` drops what it does not have yet.

        Raises:
            FileError: where a reference names nothing or a release is spelled wrongly.
        """
        pointer: Pointer = ("paths", path, method)
        changes = changes_of(operation, self.source.document, pointer)
        try:
            if release is not None:
                operation = at_release(operation, changes, release)
            return Contract(
                key=key_of(path, method),
                path=path,
                page=str(as_object(operation.get("externalDocs")).get("url", "")),
                family=self.source.family,
                parameters=tuple(self._parameters(operation, shared)),
                body=self._body(operation),
                responses={r.status: r for r in sorted(self._responses(operation), key=lambda r: r.status)},
                permissions=tuple(str(name) for name in as_list(operation.get("x-permissions"))),
                changes=changes,
                errata=errata,
                erratum=_text(operation.get(ERRATUM)),
            )
        except DanglingReferenceError as problem:
            raise self.source.document.error(
                pointer, str(problem), hint=nearest(problem.reference.rpartition("/")[2], problem.valid)
            ) from problem
        except RefusalTwiceError as problem:
            raise self.source.document.error(
                pointer,
                f"{key_of(path, method)} has the refusal {problem} twice",
                hint=f"append a part of the text to one id, {str(problem).partition('.')[2]}~the-text, also in errata",
            ) from problem

    def _parameters(self, operation: JsonObject, shared: Json) -> Iterator[Parameter]:
        for item in (*as_list(shared), *as_list(operation.get("parameters"))):
            parameter = as_object(self.references.resolve(item, self.source.path))
            if parameter.get("in") not in set(Place):
                continue  # cookies: no page promises them, and no case can send them
            yield Parameter(
                name=str(parameter["name"]),
                place=Place(str(parameter["in"])),
                required=parameter.get("required") is True,
                schema=self._schema(parameter.get("schema")),
                deprecated=parameter.get("deprecated") is True,
                origin=Origin.INFERRED if parameter.get("x-inferred") else Origin.STATED,
                erratum=_text(parameter.get(ERRATUM)),
            )

    def _body(self, operation: JsonObject) -> Body | None:
        body = as_object(self.references.resolve(operation.get("requestBody"), self.source.path))
        for media_type, content in as_object(body.get("content")).items():
            return Body(
                schema=self._schema(as_object(content).get("schema")),
                media_type=media_type,
                required=body.get("required") is True,
                erratum=_text(body.get(ERRATUM)),
            )
        return None

    def _responses(self, operation: JsonObject) -> Iterator[ResponseContract]:
        for status, item in as_object(operation.get("responses")).items():
            if not status.isdigit():
                continue  # "default" promises nothing that could be checked
            response = as_object(self.references.resolve(item, self.source.path))
            own = _text(response.get(ERRATUM))
            media_type, content = next(iter(as_object(response.get("content")).items()), (None, None))
            schema = as_object(content).get("schema")
            yield ResponseContract(
                status=int(status),
                schema=None if schema is None else self._schema(schema),
                media_type=media_type,
                refusals=tuple(refusals_of(int(status), response, own)),
                erratum=own,
            )

    def _schema(self, schema: Json) -> JsonObject:
        return as_object(self.references.inline(schema, self.source.path))


class RefusalTwiceError(ValueError):
    """Two refusals of one status have the same id."""


def refusals_of(status: int, response: JsonObject, mark: str | None) -> Iterator[Refusal]:
    """Read the refusals of a response, or of a channel; raises RefusalTwiceError."""
    seen: set[Json] = set()
    for item in as_list(response.get("x-refusals")):
        refusal = as_object(item)
        if refusal["id"] in seen:
            raise RefusalTwiceError(f"{status}.{refusal['id']}")
        seen.add(refusal["id"])
        yield Refusal(
            id=str(refusal["id"]),
            status=status,
            body=as_object(refusal["body"]),
            erratum=_text(refusal.get(ERRATUM)) or mark,
        )


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
