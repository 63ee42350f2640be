"""Schema checks: holds a document against the JSON Schema of its kind, and says in which line it departs."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, relevance

from preflight.catalog.documents import Document, Pointer, load
from preflight.catalog.nearest import nearest
from preflight.errors import FileError
from preflight.model.json import Json


def check(document: Document, schema: Path) -> None:
    """Accept a document that its schema accepts.

    Raises:
        FileError: with the line, what was found and what was expected, for the first departure in the file.
    """
    errors = [_error(document, problem) for problem in _problems(_validator(schema).iter_errors(document.data))]
    if errors:
        raise min(errors, key=lambda error: error.line)


@cache
def _validator(schema: Path) -> Draft202012Validator:
    return Draft202012Validator(load(schema, positions=False).data)  # type: ignore[arg-type] # a schema is an object


def _problems(errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    for error in errors:
        deepest = error
        while deepest.context:
            deepest = min(deepest.context, key=relevance)
        yield deepest


def _error(document: Document, problem: ValidationError) -> FileError:
    pointer = tuple(problem.absolute_path)
    if "propertyNames" in problem.absolute_schema_path:
        return _bad_key(document, pointer, problem)
    describe = _DESCRIBE.get(str(problem.validator), _in_general)
    return describe(document, pointer, problem)


def _unknown_key(document: Document, pointer: Pointer, problem: ValidationError) -> FileError:
    valid = list(_schema(problem).get("properties", {}))
    key = next((key for key in _found(problem) if key not in valid), "")
    return document.error(
        (*pointer, key), f"unknown key {key!r}{_within(pointer)}", hint=nearest(key, valid, what="keys here")
    )


def _bad_key(document: Document, pointer: Pointer, problem: ValidationError) -> FileError:
    # The instance of a propertyNames departure is the name itself.
    key = str(_found(problem))
    valid = problem.validator_value if problem.validator == "enum" else None
    hint = nearest(key, valid, what="keys here") if isinstance(valid, list) else _hint(problem)
    return document.error((*pointer, key), f"{key!r} cannot stand here as a name{_within(pointer)}", hint=hint)


def _missing_key(document: Document, pointer: Pointer, problem: ValidationError) -> FileError:
    needed = [key for key in _schema(problem)["required"] if key not in _found(problem)]
    names = ", ".join(repr(key) for key in needed)
    return document.error(pointer, f"{names} is missing{_within(pointer)}", hint=_hint(problem))


def _wrong_type(document: Document, pointer: Pointer, problem: ValidationError) -> FileError:
    expected = problem.validator_value
    words = " or ".join(expected) if isinstance(expected, list) else str(expected)
    return document.error(
        pointer, f"found {_shown(_found(problem))}, expected {_article(words)}{_within(pointer)}", hint=_hint(problem)
    )


def _wrong_value(document: Document, pointer: Pointer, problem: ValidationError) -> FileError:
    expected = problem.validator_value
    valid = [str(value) for value in (expected if isinstance(expected, list) else [expected])]
    return document.error(
        pointer,
        f"found {_shown(_found(problem))}, expected {' or '.join(valid)}{_within(pointer)}",
        hint=nearest(str(_found(problem)), valid, what="values"),
    )


def _in_general(document: Document, pointer: Pointer, problem: ValidationError) -> FileError:
    return document.error(pointer, f"found {_shown(_found(problem))}{_within(pointer)}", hint=_hint(problem))


_DESCRIBE = {
    "additionalProperties": _unknown_key,
    "unevaluatedProperties": _unknown_key,
    "required": _missing_key,
    "type": _wrong_type,
    "enum": _wrong_value,
    "const": _wrong_value,
}


def _found(problem: ValidationError) -> Any:  # Any: what a file may hold
    return problem.instance


def _schema(problem: ValidationError) -> Mapping[str, Any]:  # Any: jsonschema's own untyped schemas
    schema = problem.schema
    return schema if isinstance(schema, Mapping) else {}


def _hint(problem: ValidationError) -> str:
    told = str(_schema(problem).get("description", "")).strip()
    return f"expected here: {told}" if told else f"expected: {problem.message}"


def _within(pointer: Pointer) -> str:
    return f" in {'/'.join(str(part) for part in pointer)}" if pointer else ""


def _article(words: str) -> str:
    return f"{'an' if words[:1] in 'aeio' else 'a'} {words}"


def _shown(value: Json) -> str:
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    return repr(value)
