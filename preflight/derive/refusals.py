"""Refusals: the documented ways in which an operation says no, each with a stable id."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from preflight.derive.facts import Content
from preflight.derive.schemas import canonical

CONSTANT = ("details", "error", "errorType", "message", "status", "success")

_CODE = re.compile(r"[A-Za-z][\w.-]*$")
_LONGEST = 60


def refusals(content: Sequence[Content]) -> list[dict[str, Any]]:
    """List the refusals that the examples of an error answer show, each body once."""
    bodies = {
        canonical(body): body
        for part in content
        for example in part.examples
        if isinstance(example.value, dict)
        and (body := {key: example.value[key] for key in CONSTANT if key in example.value})
    }
    ordered = [body for _, body in sorted(bodies.items())]
    plain = [_code(body) or slug_of(text_of(body)) or "empty" for body in ordered]
    shared = Counter(plain)
    named = [
        {"id": name if shared[name] == 1 else f"{name}~{slug_of(text_of(body))}", "body": body}
        for name, body in zip(plain, ordered, strict=True)
    ]
    return sorted(_numbered(named), key=lambda refusal: str(refusal["id"]))


def text_of(body: dict[str, Any]) -> str:
    """Give the words of a refusal: its error, else its message."""
    return next((str(body[key]) for key in ("error", "message") if isinstance(body.get(key), str)), "")


def slug_of(text: str) -> str:
    """Print an error text as an id: lower case, hyphens, cut at a word near sixty characters; codes in brackets go."""
    bare = re.sub(r"\s*\[[\w.-]+\]\s*$", "", text)
    words = re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")
    if len(words) <= _LONGEST:
        return words
    return words[: _LONGEST + 1].rpartition("-")[0]


def _code(body: dict[str, Any]) -> str:
    stated = body.get("errorType")
    return stated if isinstance(stated, str) and _CODE.match(stated) else ""


def _numbered(named: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep ids apart which are equal even with their texts, by a number in the order of their bodies."""
    seen: Counter[str] = Counter()
    numbered = []
    for refusal in named:
        seen[str(refusal["id"])] += 1
        count = seen[str(refusal["id"])]
        numbered.append(refusal if count == 1 else {**refusal, "id": f"{refusal['id']}~{count}"})
    return numbered
