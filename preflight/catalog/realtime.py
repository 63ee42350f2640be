"""Realtime contracts: reads a method of the Realtime API, or a part of its protocol, from a channel of AsyncAPI.

A realtime answer is read as an HTTP one would be: a result is status 200 with the body ``{"result": …}`` (without the
key where nothing is returned), an error is status 400 with the error object as body.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from preflight.catalog.changes import CHANGES, Change, changes_of, hidden
from preflight.catalog.contract import (
    BEHAVIOUR,
    PAGE,
    Anonymous,
    Behaviour,
    Contract,
    Deprecation,
    Parameter,
    Place,
    Refusal,
    RefusalTwiceError,
    ResponseContract,
    Source,
    operations_of,
    refusals_of,
)
from preflight.catalog.documents import Document, Pointer
from preflight.catalog.nearest import nearest
from preflight.catalog.overlay import ERRATUM
from preflight.catalog.references import DanglingReferenceError, References
from preflight.catalog.steps import REALTIME
from preflight.errors import FileError
from preflight.model.claim import ClaimKind, Origin
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.operation import OperationKey
from preflight.model.release import Release

INDEX = "realtime/index.yaml"
RESULT = 200
REFUSED = 400
METHOD_NOT_FOUND = "method-not-found"
REALTIME_FAMILY = OperationKey(name="", method=REALTIME).family

_NAME = "x-name"
_ANONYMOUS = "x-anonymous"
_DEPRECATED = "x-deprecated"
_EACH = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealtimeReader:
    """Reads contracts of one AsyncAPI document as it stands after errata."""

    source: Source
    references: References

    def read(self, name: str, channel: JsonObject, *, release: Release | None = None) -> Contract | None:
        """Read one channel at a release; None where the release does not have it yet.

        Raises:
            FileError: where a reference or a refusal is unknown or a release is spelled wrongly.
        """
        pointer: Pointer = ("channels", name)
        changes = changes_of(channel, self.source.document, pointer)
        change = hidden(changes, release) if release is not None else None
        if change is not None:
            return _removed(name, channel, changes) if change.change == "removed" else None
        try:
            if PAGE not in channel:
                return self._protocol(name, channel, changes)
            return self._contract(name, channel, changes, release)
        except DanglingReferenceError as problem:
            hint = nearest(problem.reference.rpartition("/")[2], problem.valid)
            raise self.source.document.error(pointer, str(problem), hint=hint) from problem
        except RefusalTwiceError as problem:
            hint = "append a part of the text to one id, as in error-not-allowed~the-text"
            raise self.source.document.error(
                pointer, f"ddp:{name} has the refusal {problem} twice", hint=hint
            ) from None

    def _protocol(self, name: str, channel: JsonObject, changes: tuple[Change, ...]) -> Contract:
        info = as_object(as_object(self.source.document.data).get("info"))
        return Contract(
            key=OperationKey(name=name, method=REALTIME),
            path=name,
            page=_page(info),
            family=REALTIME_FAMILY,
            changes=changes,
            erratum=_text(channel.get(ERRATUM)),
            evidence=_evidence(channel),
            behaviours=self._behaviours(channel),
            protocol=True,
        )

    def _behaviours(self, channel: JsonObject) -> tuple[Behaviour, ...]:
        told = [as_object(self.references.resolve(each, self.source.path)) for each in as_list(channel.get(BEHAVIOUR))]
        return tuple(
            Behaviour(id=str(each["id"]), promise=str(each["promise"]), erratum=_text(each.get(ERRATUM)))
            for each in told
        )

    def _contract(
        self, name: str, channel: JsonObject, changes: tuple[Change, ...], release: Release | None
    ) -> Contract:
        stated = _stated(channel)
        parameters = [
            parameter
            for parameter in self._parameters(channel, stated)
            if release is None or not hidden(changes, release, parameter.name)
        ]
        mark = _text(channel.get(ERRATUM))
        refusals = tuple(refusals_of(REFUSED, channel, None))
        return Contract(
            key=OperationKey(name=name, method=REALTIME),
            path=name,
            page=_page(channel),
            family=REALTIME_FAMILY,
            parameters=tuple(parameters),
            responses={RESULT: self._result(channel), REFUSED: self._refused(channel, refusals)},
            permissions=tuple(str(item) for item in as_list(channel.get("x-permissions"))),
            changes=changes,
            erratum=mark,
            anonymous=self._anonymous(name, channel, refusals),
            deprecation=self._deprecation(name, channel),
            evidence=_evidence(channel),
            stated=stated,
            behaviours=self._behaviours(channel),
        )

    def _parameters(self, channel: JsonObject, stated: frozenset[str]) -> Iterator[Parameter]:
        params = as_object(self._properties(channel, "call").get("params"))
        items, needed = params.get("items"), params.get("minItems")
        for at, schema in _arguments(items):
            own: JsonObject = {key: value for key, value in self._schema(schema).items() if key != _NAME}
            name = as_object(schema).get(_NAME)
            is_needed = at != (_EACH,) and isinstance(needed, int) and int(at[0]) < needed
            if isinstance(name, str):
                whole: JsonObject = {"type": "array", "items": own} if at == (_EACH,) else own
                yield _parameter(name, whole, at, stated, required=is_needed)
                continue
            required = as_list(own.get("required"))
            for key, child in as_object(own.get("properties")).items():
                yield _parameter(key, as_object(child), (*at, key), stated, required=is_needed and key in required)

    def _result(self, channel: JsonObject) -> ResponseContract:
        message = self._message(channel, "result")
        payload = as_object(message.get("payload"))
        properties = as_object(payload.get("properties"))
        known = {"result": self._schema(properties["result"])} if "result" in properties else {}
        required = [key for key in as_list(payload.get("required")) if key == "result"]
        return ResponseContract(
            status=RESULT,
            schema={"type": "object", "required": required, "properties": known},
            erratum=_text(payload.get(ERRATUM)) or _text(message.get(ERRATUM)),
        )

    def _refused(self, channel: JsonObject, refusals: tuple[Refusal, ...]) -> ResponseContract:
        schema = self._properties(channel, "refusal").get("error")
        return ResponseContract(
            status=REFUSED, schema=None if schema is None else self._schema(schema), refusals=refusals
        )

    def _anonymous(self, name: str, channel: JsonObject, refusals: tuple[Refusal, ...]) -> Anonymous | None:
        told = as_object(channel.get(_ANONYMOUS))
        if "schema" in told:
            return Anonymous(status=RESULT, schema=self._schema(told["schema"]))
        if "refusal" not in told:
            return None
        known = {refusal.id: refusal for refusal in refusals}
        refusal = known.get(str(told["refusal"]))
        if refusal is None:
            raise self.source.document.error(
                ("channels", name, _ANONYMOUS),
                f"ddp:{name} has no refusal {told['refusal']!r}",
                hint=nearest(str(told["refusal"]), known, what="refusals"),
            )
        schema: JsonObject = {
            "type": "object",
            "required": sorted(refusal.body),
            "properties": {key: {"const": value} for key, value in refusal.body.items()},
        }
        return Anonymous(status=REFUSED, schema=schema, refusal=refusal.id)

    def _deprecation(self, name: str, channel: JsonObject) -> Deprecation | None:
        told = as_object(channel.get(_DEPRECATED))
        if not told:
            return None
        try:
            removal = Release.parse(str(told["removal"]))
        except ValueError as problem:
            pointer = ("channels", name, _DEPRECATED, "removal")
            raise self.source.document.error(pointer, str(problem), hint="write a release such as 9.0.0") from problem
        return Deprecation(removal=removal, replacements=tuple(str(r) for r in as_list(told.get("replacements"))))

    def _properties(self, channel: JsonObject, message: str) -> JsonObject:
        return as_object(as_object(self._message(channel, message).get("payload")).get("properties"))

    def _message(self, channel: JsonObject, message: str) -> JsonObject:
        told = as_object(channel.get("messages")).get(message)
        return as_object(self.references.resolve(told, self.source.path))

    def _schema(self, schema: Json) -> JsonObject:
        return as_object(self.references.inline(schema, self.source.path))


def _arguments(items: Json) -> Iterator[tuple[tuple[int | str, ...], Json]]:
    if isinstance(items, Mapping):
        yield (_EACH,), items
    else:
        for index, schema in enumerate(as_list(items)):
            yield (index,), schema


def _parameter(
    name: str, schema: JsonObject, at: tuple[int | str, ...], stated: frozenset[str], *, required: bool
) -> Parameter:
    origin = Origin.INFERRED if schema.get("x-inferred") else Origin.ERRATUM
    if f"{ClaimKind.PARAMETER}:{Place.PARAMS}.{name}" in stated:
        origin = Origin.STATED
    return Parameter(name=name, place=Place.PARAMS, required=required, schema=schema, origin=origin, at=at)


def _removed(name: str, channel: JsonObject, changes: tuple[Change, ...]) -> Contract:
    """What is left of a method that a release has dropped: that it is refused as unknown."""
    reason = f"Method '{name}' not found"
    refusal = Refusal(
        id=METHOD_NOT_FOUND,
        status=REFUSED,
        body={"error": 404, "reason": reason, "message": f"{reason} [404]"},
        erratum=_text(channel.get(ERRATUM)),
    )
    return Contract(
        key=OperationKey(name=name, method=REALTIME),
        path=name,
        page=_page(channel),
        family=REALTIME_FAMILY,
        responses={REFUSED: ResponseContract(status=REFUSED, refusals=(refusal,))},
        changes=changes,
        erratum=_text(channel.get(ERRATUM)),
        evidence=_evidence(channel),
        stated=_stated(channel),
        removed=True,
    )


def _page(channel: JsonObject) -> str:
    return str(as_object(channel.get(PAGE)).get("url", ""))


def _stated(channel: JsonObject) -> frozenset[str]:
    return frozenset(str(item) for item in as_list(channel.get("x-stated")))


def _evidence(channel: JsonObject) -> tuple[str, ...]:
    return tuple(str(item) for item in as_list(channel.get("x-evidence")))


def refusal_subjects(channel: JsonObject) -> set[str]:
    """Name the refusals that a channel has at one release or another."""
    found = {f"{REFUSED}.{as_object(refusal).get('id')}" for refusal in as_list(channel.get("x-refusals"))}
    gone = any(
        as_object(change).get("change") == "removed" and "parameter" not in as_object(change)
        for change in as_list(channel.get(CHANGES))
    )
    return found | ({f"{REFUSED}.{METHOD_NOT_FOUND}"} if gone else set())


def sent_subjects(contract: Contract, params: Sequence[Json]) -> frozenset[str]:
    """Name what a call with these arguments sends, as parameter claims do: ``params.rid``, ``params.members[]``."""
    return frozenset(
        subject
        for parameter in contract.parameters
        if parameter.at
        for value in _given(parameter, params)
        for subject in _subjects(value, parameter.subject)
    )


def _given(parameter: Parameter, params: Sequence[Json]) -> tuple[Json, ...]:
    if parameter.at == (_EACH,):
        return (list(params),) if params else ()
    index, *keys = parameter.at
    if not isinstance(index, int) or index >= len(params):
        return ()
    value = params[index]
    for key in keys:
        if not isinstance(value, Mapping) or key not in value:
            return ()
        value = value[str(key)]
    return (value,)


def _subjects(value: Json, subject: str) -> Iterator[str]:
    yield subject
    if isinstance(value, Mapping):
        for name, child in value.items():
            yield from _subjects(child, f"{subject}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _subjects(item, f"{subject}[]")


def check_index(index: Document, documents: Iterable[Document]) -> None:
    """Accept channels that say of their methods what the pages' index says.

    Raises:
        FileError: where a method stands in one and not in the other, or title, page or deprecation differ.
    """
    methods = as_object(as_object(index.data).get("methods"))
    described: set[str] = set()
    for document in documents:
        for name, method, channel in operations_of(document.data):
            if method == REALTIME and PAGE in channel:
                described.add(name)
                _check_method(index, document, name, channel, methods)
    missing = [name for name in methods if name not in described]
    if described and missing:
        raise index.error(
            ("methods", missing[0]),
            f"no file beside this one describes {missing[0]}",
            hint=f"add the channel {missing[0]} with its messages",
        )


def _check_method(
    index: Document, document: Document, name: str, channel: JsonObject, methods: Mapping[str, Json]
) -> None:
    told = as_object(methods.get(name))
    if not told:
        raise document.error(
            ("channels", name),
            f"the index of the pages ({index.path.name}) has no method {name}",
            hint=nearest(name, methods, what="methods"),
        )
    deprecated = as_object(channel.get(_DEPRECATED))
    sides = [("title", told.get("title"), channel.get("title")), ("externalDocs", _page(told), _page(channel))]
    if told.get("deprecated") is True:
        sides += [
            (_DEPRECATED, told.get("removal"), deprecated.get("removal")),
            (_DEPRECATED, [told.get("replacement")], deprecated.get("replacements")),
        ]
    for key, said, written in sides:
        if said != written:
            raise _differs(document, ("channels", name, key), said, written)


def _differs(document: Document, pointer: Pointer, said: Json, written: Json) -> FileError:
    return document.error(
        pointer, f"the index of the pages says {said!r}, this file {written!r}", hint="write what the index says"
    )


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
