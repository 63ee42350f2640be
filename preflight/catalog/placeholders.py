"""Placeholders: ``{alice.channel.id}`` in templates, and the values that take their place.

``{{`` and ``}}`` stand for braces. A string that is one placeholder takes the value with its type; keys of
objects are left as they are.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from preflight.model.json import Json

Lookup: TypeAlias = Callable[[str], Json]

_TOKEN = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}]*)\}|(?P<stray>[{}])")
_NAME = re.compile(r"[A-Za-z][\w-]*(?:\.[\w-]+)+\Z")


class PlaceholderError(ValueError):
    """A brace that is neither doubled nor part of a placeholder."""


@dataclass(frozen=True, slots=True)
class Name:
    """A placeholder within a text."""

    text: str


def parse(text: str) -> tuple[str | Name, ...]:
    """Split a text into literal parts and placeholders.

    Raises:
        PlaceholderError: where a brace is neither doubled nor part of a placeholder.
    """
    if "{" not in text and "}" not in text:
        return (text,) if text else ()
    parts: list[str | Name] = []
    end = 0
    for token in _TOKEN.finditer(text):
        _literal(parts, text[end : token.start()])
        end = token.end()
        if token.group() in {"{{", "}}"}:
            _literal(parts, token.group()[0])
        elif token["stray"] or not _NAME.match(token["name"]):
            raise PlaceholderError(
                f"{token.group()!r} in {text!r} is no placeholder; write {{alice.id}}, or double a brace to mean one"
            )
        else:
            parts.append(Name(token["name"]))
    _literal(parts, text[end:])
    return tuple(parts)


def escape(text: str) -> str:
    """Double the braces of a text, so that `resolve` gives the text back."""
    return text.replace("{", "{{").replace("}", "}}")


def escape_all(value: Json) -> Json:
    """Double the braces of every text of a value, so that `resolve` gives the value back; keys are left as they are."""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, Mapping):
        return {key: escape_all(child) for key, child in value.items()}
    return [escape_all(item) for item in value] if isinstance(value, Sequence) else value


def names(template: Json) -> tuple[str, ...]:
    """Give the placeholders of a template in their order, with repetitions.

    Raises:
        PlaceholderError: where a brace is neither doubled nor part of a placeholder.
    """
    return tuple(part.text for text in _texts(template) for part in parse(text) if isinstance(part, Name))


def resolve(template: Json, lookup: Lookup) -> Json:
    """Put the values that `lookup` gives in the place of the placeholders.

    Raises:
        PlaceholderError: where a brace is neither doubled nor part of a placeholder; and whatever `lookup` raises.
    """
    if isinstance(template, str):
        return _resolve_text(template, lookup)
    if isinstance(template, Mapping):
        return {key: resolve(value, lookup) for key, value in template.items()}
    if isinstance(template, Sequence):
        return [resolve(item, lookup) for item in template]
    return template


def resolve_text(template: str, lookup: Lookup) -> str:
    """Resolve a template that stays text whatever its values are."""
    return "".join(part if isinstance(part, str) else _shown(lookup(part.text)) for part in parse(template))


def _resolve_text(template: str, lookup: Lookup) -> Json:
    parts = parse(template)
    if len(parts) == 1 and isinstance(parts[0], Name):
        return lookup(parts[0].text)
    return "".join(part if isinstance(part, str) else _shown(lookup(part.text)) for part in parts)


def _shown(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _literal(parts: list[str | Name], text: str) -> None:
    if not text:
        return
    if parts and isinstance(parts[-1], str):
        parts[-1] += text
    else:
        parts.append(text)


def _texts(template: Json) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, Mapping):
        for value in template.values():
            yield from _texts(value)
    elif isinstance(template, Sequence):
        for item in template:
            yield from _texts(item)
