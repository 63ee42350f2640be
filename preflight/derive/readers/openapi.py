"""The OpenAPI form: one YAML or JSON file that holds many pages."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from preflight.catalog.documents import load_text
from preflight.derive.facts import (
    Answer,
    Body,
    Content,
    Example,
    Oddity,
    OperationFacts,
    Parameter,
    Reading,
    Unkept,
    mapping,
    sequence,
)
from preflight.derive.names import OTHER_METHODS, name_of, template_of, unfit
from preflight.derive.prose import changes, options, permissions
from preflight.derive.schemas import Conversion, leaves, types_of
from preflight.derive.titles import page_address, slug
from preflight.errors import FileError, SourceError
from preflight.model.operation import REST_METHODS, OperationKey

_VERSION = re.compile(r"3\.[01](\.\d+)?$")


def read(text: str, name: str) -> Reading:
    """Read an OpenAPI 3.0 or 3.1 file.

    Raises:
        SourceError: where the text is no YAML, no OpenAPI 3, or has no paths.
    """
    try:
        document = mapping(load_text(text, name, positions=False).data)
    except FileError as problem:
        raise SourceError(problem.what, hint=problem.hint) from problem
    version = str(document.get("openapi", ""))
    if not _VERSION.match(version):
        raise SourceError(
            f"{name}: OpenAPI {version or 'without a version'} is not read here",
            hint="give the file as OpenAPI 3.0 or 3.1",
        )
    if not mapping(document.get("paths")):
        raise SourceError(
            f"{name}: the OpenAPI file has no paths",
            hint="give the file that holds the operations, not a fragment of it",
        )
    return _Pages(document).reading()


class _Pages:
    """The pages of one OpenAPI file."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._unkept: list[Unkept] = []
        self._lost: set[str] = set()

    def reading(self) -> Reading:
        title = mapping(self._document.get("info")).get("title")
        operations = tuple(self._operations())
        return Reading(subject=slug(str(title or "openapi")), operations=operations, unkept=tuple(self._unkept))

    def _operations(self) -> Iterator[OperationFacts]:
        for path, item in mapping(self._document.get("paths")).items():
            resolved = self._whole(item)
            for word, operation in resolved.items():
                method = word.upper()
                if method in OTHER_METHODS:
                    self._unkept.append(Unkept(name=f"{method} {path}", why=f"{method} is no method of the API"))
                if method not in REST_METHODS:
                    continue
                reason = unfit(path)
                if reason is None and not isinstance(operation, Mapping):
                    reason = "the operation is empty"
                if reason is not None:
                    self._unkept.append(Unkept(name=f"{method} {path}", why=reason))
                    continue
                yield self._operation(path, method, resolved, operation)

    def _operation(
        self, path: str, method: str, item: Mapping[str, Any], operation: Mapping[str, Any]
    ) -> OperationFacts:
        conversion = Conversion(self._resolve)
        self._lost = set()
        text = str(operation.get("description") or "")
        parameters, oddities = self._parameters(path, item, operation, conversion)
        body = self._body(operation.get("requestBody"), conversion)
        answers = tuple(
            self._answer(str(status), raw, conversion)
            for status, raw in sorted(mapping(operation.get("responses")).items())
        )
        demanded = permissions(text)
        return OperationFacts(
            key=OperationKey(method=method, name=name_of(path)),
            path=template_of(path),
            page=page_address(str(operation.get("summary") or operation.get("operationId") or name_of(path))),
            parameters=parameters,
            body=body,
            answers=answers,
            changes=changes(text.split("\n"), declared_names(parameters, body, answers)),
            permissions=demanded.demanded,
            some_permissions=demanded.some,
            deprecated=operation.get("deprecated") is True,
            oddities=(*oddities, *conversion.oddities, *self._dangling()),
        )

    def _parameters(
        self, path: str, item: Mapping[str, Any], operation: Mapping[str, Any], conversion: Conversion
    ) -> tuple[tuple[Parameter, ...], list[Oddity]]:
        found: dict[tuple[str, str], Parameter] = {}
        oddities: list[Oddity] = []
        for raw in [*sequence(item.get("parameters")), *sequence(operation.get("parameters"))]:
            whole = self._whole(raw)
            name, location = whole.get("name"), whole.get("in")
            if not isinstance(name, str) or location not in {"query", "header", "path", "cookie"}:
                oddities.append(Oddity(where="parameters", says="a parameter with name and place", shows="neither"))
                continue
            found[str(location), name] = self._parameter(name, str(location), whole, conversion)
        in_path = re.findall(r"\{([^}]+)\}", template_of(path))
        for name in in_path:
            if ("path", name) not in found:
                oddities.append(
                    Oddity(where=f"parameter path.{name}", says="the path names it", shows="no declaration")
                )
                found["path", name] = Parameter(name=name, location="path", required=True, schema={"type": "string"})
        for location, name in [key for key in found if key[0] == "path" and key[1] not in in_path]:
            oddities.append(
                Oddity(where=f"parameter path.{name}", says="in the path", shows="the path has no such part")
            )
            del found[location, name]
        return tuple(parameter for _, parameter in sorted(found.items())), oddities

    def _parameter(self, name: str, location: str, raw: Mapping[str, Any], conversion: Conversion) -> Parameter:
        where = f"parameter {location}.{name}"
        stated = raw.get("schema")
        examples = [*_examples(raw)]
        if isinstance(stated, Mapping) and "example" in stated:
            examples.append(Example(name="schema", value=stated["example"]))
        schema = conversion.schema(stated, where) if stated is not None else {}
        listed = options(str(raw.get("description") or ""))
        if listed and "enum" not in schema and types_of(schema) == ("string",):
            schema["enum"] = sorted(listed)
        return Parameter(
            name=name,
            location=location,
            required=raw.get("required") is True or location == "path",
            schema=schema,
            examples=tuple(examples),
        )

    def _body(self, raw: Any, conversion: Conversion) -> Body | None:  # Any: JSON of a source
        whole = self._whole(raw)
        content = self._content(whole, "request", conversion)
        return Body(content=content, required=whole.get("required") is True) if content else None

    def _answer(self, status: str, raw: Any, conversion: Conversion) -> Answer:  # Any: JSON of a source
        return Answer(status=status, content=self._content(self._whole(raw), status, conversion))

    def _content(self, raw: Mapping[str, Any], where: str, conversion: Conversion) -> tuple[Content, ...]:
        return tuple(
            Content(
                media_type=media_type,
                schema=conversion.schema(part["schema"], where) if mapping(part).get("schema") is not None else None,
                examples=tuple(_examples(self._with_whole_examples(mapping(part)))),
            )
            for media_type, part in sorted(mapping(raw.get("content")).items())
        )

    def _with_whole_examples(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {**raw, "examples": {name: self._whole(part) for name, part in mapping(raw.get("examples")).items()}}

    def _whole(self, raw: Any) -> Mapping[str, Any]:  # Any: JSON of a source
        seen: set[str] = set()
        while isinstance(raw, Mapping) and isinstance(reference := raw.get("$ref"), str) and reference not in seen:
            seen.add(reference)
            raw = self._resolve(reference)
        return mapping(raw)

    def _resolve(self, reference: str) -> Any:  # Any: what a reference points to is JSON of any shape
        here: Any = self._document if reference.startswith("#/") else None
        for part in reference[2:].split("/"):
            here = mapping(here).get(part.replace("~1", "/").replace("~0", "~"))
        if here is None:
            self._lost.add(reference)
            return {}
        return here

    def _dangling(self) -> Iterator[Oddity]:
        for reference in sorted(self._lost):
            yield Oddity(where="reference", pointer=reference, says="a part of the file", shows="nothing there")


def _examples(raw: Mapping[str, Any]) -> Iterator[Example]:
    for name, part in mapping(raw.get("examples")).items():
        if isinstance(part, Mapping) and "value" in part:
            yield Example(name=name, value=part["value"])
    if "example" in raw:
        yield Example(name="example", value=raw["example"])


def declared_names(parameters: tuple[Parameter, ...], body: Body | None, answers: tuple[Answer, ...]) -> frozenset[str]:
    """Give every name that a page declares: parameters, body fields and fields of success answers."""
    names = {parameter.name for parameter in parameters}
    contents = [*(body.content if body else ()), *(part for answer in answers for part in answer.content)]
    for content in contents:
        names.update(re.split(r"[.\[\]]+", path.rstrip("[]"))[-1] for path, _ in leaves(content.schema or {}))
    return frozenset(names)
