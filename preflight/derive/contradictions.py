"""Contradictions: where documentation speaks against itself; none is dropped silently."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from preflight.derive.facts import Content, Example, OperationFacts, Schema, mapping, sequence
from preflight.derive.schemas import escape, spelled
from preflight.model.json import Json


class Kind(StrEnum):
    """What speaks against what."""

    EXAMPLE = "an example against its schema"
    UNDECLARED = "an example with undeclared fields"
    PARAMETER = "a parameter's example against its type"
    CAPTURES = "two captures of one page"
    FIELD = "one field with two meanings"
    DEFAULT = "required in spite of a default"
    MALFORMED = "a statement that cannot be meant"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Contradiction:
    """One contradiction.

    `where` is a status, ``request`` or ``parameter query.NAME``; `pointer` leads into the example or, where no
    example is concerned, names a field; `says` is what is stated, `shows` what stands against it.
    """

    operation: str
    kind: Kind
    where: str
    pointer: str
    example: str = ""
    says: str
    shows: str

    def facts(self) -> dict[str, Json]:
        """Give the fields that say something, for a file."""
        return {name: str(value) for name, value in asdict(self).items() if value != ""}


def of_examples(facts: OperationFacts) -> Iterator[Contradiction]:
    """List what the examples of a page hold against its schemas and its parameters' types."""
    operation = str(facts.key)
    for where, content in contents(facts):
        for example in content.examples:
            yield from _of_example(operation, where, content.schema or {}, example)
    for parameter in facts.parameters:
        where = f"parameter {parameter.location}.{parameter.name}"
        for example in parameter.examples:
            for error in Draft202012Validator(parameter.schema).iter_errors(example.value):
                yield Contradiction(
                    operation=operation,
                    kind=Kind.PARAMETER,
                    where=where,
                    pointer="",
                    says=_says(error),
                    shows=_shown(error),
                )
        if parameter.required and parameter.location != "path" and "default" in parameter.schema:
            yield Contradiction(
                operation=operation, kind=Kind.DEFAULT, where=where, pointer="", says="required", shows="a default"
            )
    for oddity in facts.oddities:
        yield Contradiction(
            operation=operation,
            kind=Kind.MALFORMED,
            where=oddity.where,
            pointer=oddity.pointer,
            says=oddity.says,
            shows=oddity.shows,
        )


def contents(facts: OperationFacts) -> Iterator[tuple[str, Content]]:
    """Walk the bodies of a page with the place of each: ``request`` or a status."""
    for content in facts.body.content if facts.body else ():
        yield "request", content
    for answer in facts.answers:
        for content in answer.content:
            yield answer.status, content


def _of_example(operation: str, where: str, schema: Schema, example: Example) -> Iterator[Contradiction]:
    for error in Draft202012Validator(schema).iter_errors(example.value):
        yield Contradiction(
            operation=operation,
            kind=Kind.EXAMPLE,
            where=where,
            pointer="".join(f"/{escape(str(part))}" for part in error.absolute_path),
            example=example.name,
            says=_says(error),
            shows=_shown(error),
        )
    for pointer, value in undeclared(schema, example.value):
        yield Contradiction(
            operation=operation,
            kind=Kind.UNDECLARED,
            where=where,
            pointer=pointer,
            example=example.name,
            says="undeclared",
            shows=type_of(value),
        )


def undeclared(schema: Schema, value: Any, pointer: str = "") -> Iterator[tuple[str, Json]]:
    """Give what an example holds and its schema does not declare; an object without properties declares nothing."""
    branches = [branch for name in ("oneOf", "anyOf", "allOf") for branch in sequence(schema.get(name))]
    if branches:
        yield from _undeclared_in_all(branches, value, pointer)
        return
    if isinstance(value, dict) and "properties" in schema and "additionalProperties" not in schema:
        for name, part in value.items():
            here = f"{pointer}/{escape(name)}"
            if name in schema["properties"]:
                yield from undeclared(schema["properties"][name], part, here)
            else:
                yield here, part
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from undeclared(mapping_of(schema.get("items")), item, f"{pointer}/{index}")


def _undeclared_in_all(branches: Sequence[Schema], value: Any, pointer: str) -> Iterator[tuple[str, Json]]:
    found = [dict(undeclared(branch, value, pointer)) for branch in branches]
    for here, part in found[0].items():
        if all(here in other for other in found[1:]):
            yield here, part


def mapping_of(value: Any) -> Schema:
    """Give a schema as it is, or the open one where there is none."""
    return dict(mapping(value))


def type_of(value: Any) -> str:
    """Name the JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    names = {int: "integer", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")


def _says(error: ValidationError) -> str:
    keyword, stated = str(error.validator), error.validator_value
    if keyword in {"oneOf", "anyOf"}:
        return f"{keyword} of {len(sequence(stated))} schemas"
    if keyword == "type":
        return spelled(dict(mapping(error.schema)))
    return f"{keyword}: {stated}"


def _shown(error: ValidationError) -> str:
    if error.validator == "oneOf":
        fits = sum(Draft202012Validator(branch).is_valid(error.instance) for branch in sequence(error.validator_value))
        return f"fits {fits}"
    if error.validator == "required":
        missing = [name for name in sequence(error.validator_value) if name not in mapping(error.instance)]
        return f"lacks {', '.join(missing)}"
    return type_of(error.instance)


def unique(found: Iterable[Contradiction]) -> tuple[Contradiction, ...]:
    """Sort contradictions and keep each once."""
    return tuple(sorted(set(found)))
