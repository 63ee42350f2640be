"""Strengthening: what every example shows although the schema does not say it; each such constraint is named."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from preflight.derive.configuration import Configuration
from preflight.derive.facts import Schema
from preflight.derive.schemas import types_of

INFERRED = "x-inferred"

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$")
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*$")

Values = Sequence[Any]  # Any: what examples hold at one place


def value(schema: Schema, name: str, values: Values, rules: Configuration, enum: Iterable[str] = ()) -> Schema:
    """Strengthen a schema without properties by the values that the examples show there.

    Dates get `format`, ids `minLength`, fields with a known set of values `enum`; whatever one example
    contradicts is not inferred, and neither is anything without an example.
    """
    texts = [one for one in values if isinstance(one, str)]
    nullable = "null" in types_of(schema)
    others = [one for one in values if not isinstance(one, str) and not (one is None and nullable)]
    if "string" not in types_of(schema) or not texts or others:
        return schema
    found: Schema = {}
    allowed = tuple(enum)
    if allowed and set(texts) <= set(allowed) and "enum" not in schema:
        found["enum"] = [*sorted(allowed), *([None] if nullable else [])]
    if "format" not in schema and all(_DATE_TIME.match(one) for one in texts):
        found["format"] = "date-time"
    if name in rules.identifiers and "minLength" not in schema and all(texts):
        found["minLength"] = 1
    return inferred(schema, found, sorted(found))


def constant(schema: Schema, values: Values, promised: bool) -> Schema:  # noqa: FBT001 (the value itself)
    """Fix `success` to what its status promises, if every example agrees."""
    if types_of(schema) != ("boolean",) or "const" in schema or not values:
        return schema
    if any(one is not promised for one in values):
        return schema
    return inferred(schema, {"const": promised}, ["const"])


def present(schema: Schema, values: Values, rules: Configuration, name: str) -> tuple[str, ...]:
    """Give the declared fields which every example of an object has; none for objects whose keys are data."""
    objects = [one for one in values if isinstance(one, dict)]
    if not objects or name in rules.maps:
        return ()
    return tuple(
        key
        for key in sorted(schema.get("properties", {}))
        if _IDENTIFIER.match(key) and all(key in one for one in objects)
    )


def required(schema: Schema, names: Iterable[str]) -> Schema:
    """Demand fields beyond those that the schema states."""
    stated = set(schema.get("required", ()))
    added = sorted(set(names) - stated)
    if not added:
        return schema
    return inferred(schema, {"required": sorted({*stated, *added})}, [f"required/{name}" for name in added])


def inferred(schema: Schema, found: Schema, marks: Sequence[str]) -> Schema:
    """Add constraints to a schema and name them as inferred."""
    if not marks:
        return schema
    return {**schema, **found, INFERRED: sorted({*schema.get(INFERRED, ()), *marks})}
