"""Sections: the parts which a page of one operation has, however it was saved, and the facts in them."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from preflight.derive.facts import Answer, Body, Content, Example, OperationFacts, Parameter, Schema
from preflight.derive.names import name_of, template_of, unfit
from preflight.derive.nesting import Hint, Listed, nested
from preflight.derive.prose import changes, permissions
from preflight.derive.readers.openapi import declared_names
from preflight.errors import SourceError
from preflight.model.json import Json
from preflight.model.operation import OperationKey

_METHOD = re.compile(r"(get|post|put|delete|patch)$", re.IGNORECASE)
_HEADINGS = {
    "header parameters": "header",
    "query parameters": "query",
    "path parameters": "path",
    "body parameters": "body",
    "responses": "responses",
}
_STATUS = re.compile(r"[1-5]\d\d$")
TYPE = r"(?:Array of (?P<item>\w+)(?: \([^)]*\))?|(?P<type>string|integer|number|boolean|object|array))"
_TYPE = re.compile(TYPE + r"(?P<null>\s*\|\s*null)?\s*(?P<required>Required)?$")
_PAGE_HINT = "give the whole page of one operation, from its title to its last response"

Lister = Callable[[Sequence[str]], list[Listed]]


@dataclass(slots=True, kw_only=True)
class Sections:
    """The lines of a page by the heading above them; `head` is what stands before the first heading."""

    method: str = ""
    path: str = ""
    head: list[str] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=dict)


def split(lines: Sequence[str], name: str) -> Sections:
    """Split a page at its headings.

    Raises:
        SourceError: where the page names no method and path, or has no responses.
    """
    sections = Sections()
    part = sections.head
    before = ""
    for line in lines:
        bare = line.strip()
        if not sections.path and bare.startswith("/") and _METHOD.match(before):
            sections.method, sections.path = before.upper(), bare
        heading = _HEADINGS.get(bare.lower())
        if heading is not None and sections.path:
            part = sections.parts.setdefault(heading, [])
        else:
            part.append(line)
        before = bare or before
    if not sections.path or unfit(sections.path):
        raise SourceError(f"{name}: the page names no method and path", hint=_PAGE_HINT)
    if "responses" not in sections.parts:
        raise SourceError(f"{name}: the page ends before its responses", hint=_PAGE_HINT)
    return sections


def facts(sections: Sections, address: str, fields: Lister) -> OperationFacts:
    """Turn the sections of a page into facts; `fields` reads the list of fields in the way the page lays it out."""
    parameters = tuple(
        parameter
        for place in ("header", "path", "query")
        for parameter in _parameters(sections.parts.get(place, []), place)
    )
    body = _body(sections.parts.get("body"), fields)
    answers = tuple(_answers(sections.parts["responses"], fields))
    text = "\n".join(sections.head)
    demanded = permissions(text)
    return OperationFacts(
        key=OperationKey(method=sections.method, name=name_of(sections.path)),
        path=template_of(sections.path),
        page=address,
        parameters=tuple(sorted(parameters, key=lambda one: (one.location, one.name))),
        body=body,
        answers=answers,
        changes=changes(sections.head, declared_names(parameters, body, answers)),
        permissions=demanded.demanded,
        some_permissions=demanded.some,
    )


def listed(name: str, line: str, hint: Hint = Hint.UNKNOWN) -> Listed | None:
    """Read a field from its name and the line that says its type; None where the line says no type."""
    found = _TYPE.match(line.strip())
    if found is None:
        return None
    types = ("array",) if found["item"] else (found["type"],)
    return Listed(
        name=name,
        types=(*types, "null") if found["null"] else types,
        item=(found["item"] or "").lower(),
        required=bool(found["required"]),
        hint=hint,
    )


def _parameters(lines: Sequence[str], location: str) -> Iterator[Parameter]:
    bare = [line.strip() for line in lines if line.strip()]
    starts = [index for index in range(len(bare) - 1) if _starts(bare, index)]
    for start, end in _spans(starts, len(bare)):
        one = listed(bare[start], bare[start + 1])
        if one is None:
            continue
        schema: Schema = {"type": one.types[0] if len(one.types) == 1 else list(one.types)}
        if one.item:
            schema["items"] = {"type": one.item}
        shown = [line.removeprefix("Example") for line in bare[start + 2 : end] if line.startswith("Example")]
        yield Parameter(
            name=one.name,
            location=location,
            required=one.required or location == "path",
            schema=schema,
            examples=tuple(Example(name="example", value=_value(text, one.types)) for text in shown if text),
        )


def _spans(starts: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    yield from pairwise([*starts, end])


def _starts(bare: Sequence[str], index: int) -> bool:
    return " " not in bare[index] and listed("", bare[index]) is None and listed("", bare[index + 1]) is not None


def _value(text: str, types: Sequence[str]) -> Json:
    if "string" in types:
        return text
    try:
        value: Json = json.loads(text)
    except ValueError:
        return text
    return value


def _body(lines: Sequence[str] | None, fields: Lister) -> Body | None:
    return None if lines is None else Body(content=(_content(*_pull_examples(lines), fields),))


def _answers(lines: Sequence[str], fields: Lister) -> Iterator[Answer]:
    rest, examples = _pull_examples(lines)
    starts = [index for index, line in enumerate(rest) if _STATUS.match(line.strip())]
    for start, end in _spans(starts, len(rest)):
        within = [(index, example) for index, example in examples if start < index <= end]
        yield Answer(status=rest[start].strip(), content=(_content(rest[start + 1 : end], within, fields),))


def _content(lines: Sequence[str], examples: Sequence[tuple[int, Example]], fields: Lister) -> Content:
    shown = tuple(example for _, example in examples)
    found = fields(lines)
    schema = nested(found, [example.value for example in shown]) if found else None
    if schema is None and any(line.strip() == "object" for line in lines):
        schema = {"type": "object"}
    return Content(schema=schema, examples=shown)


def _pull_examples(lines: Sequence[str]) -> tuple[list[str], list[tuple[int, Example]]]:
    """Take the JSON examples out of the lines; each keeps the index of the line that follows it."""
    kept: list[str] = []
    examples: list[tuple[int, Example]] = []
    index = 0
    while index < len(lines):
        taken = _example_at(lines, index)
        if taken is None:
            kept.append(lines[index])
            index += 1
            continue
        value, count = taken
        label = next((line.strip() for line in reversed(kept) if line.strip() and "```" not in line), "example")
        examples.append((len(kept), Example(name=re.sub(r"<[^>]*>", "", label), value=value)))
        index += count
    return kept, examples


def _example_at(lines: Sequence[str], index: int) -> tuple[Json, int] | None:
    if not lines[index].lstrip().startswith(("{", "[")):
        return None
    text = "\n".join(lines[index:]).lstrip()
    try:
        value, end = json.JSONDecoder().raw_decode(text)
    except ValueError:
        return None
    return value, text[:end].count("\n") + 1
