"""Facts: what a schema says about each place in a value, and the words for it.

Places read ``room._id``, ``update[]._id``, ``usernames[]``, ``reactions.*.usernames[]`` (`*` for any key).
Branches are joined by place: of ``oneOf`` and ``anyOf`` a place is required only if each branch requires it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from preflight.catalog.overlay import ERRATUM
from preflight.model.claim import Origin
from preflight.model.json import Json, JsonObject, as_list, as_object

INFERRED = "x-inferred"

_LIMITS = {
    "pattern": "matching {}",
    "minLength": "at least {} characters long",
    "maxLength": "at most {} characters long",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minItems": "with at least {} items",
    "maxItems": "with at most {} items",
}
_ARTICLES = {"array": "an array", "integer": "an integer", "object": "an object", "null": "null"}
_FACTS = {"required": "presence", "type/null": "null", "minLength": "length", "maxLength": "length"}
_CHOICES = ("oneOf", "anyOf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is promised for one place; a fact that branches disagree on lists what each of them allows."""

    types: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    required: bool = False
    said: frozenset[str] = frozenset()
    inferred: frozenset[str] = frozenset()
    erratum: str | None = None

    @property
    def origin(self) -> Origin:
        """Inferred only where nothing of what is promised was stated."""
        if self.erratum is not None:
            return Origin.ERRATUM
        return Origin.INFERRED if self.said and self.said <= self.inferred else Origin.STATED

    @property
    def words(self) -> str:
        """What the value is, in words; empty where nothing is said about it."""
        kinds = " or ".join(_ARTICLES.get(name, f"a {name}") for name in self.types)
        formats = f" ({' or '.join(self.formats)})" if self.formats else ""
        values = ("one of " if len(self.values) > 1 else "always ") + ", ".join(self.values) if self.values else ""
        return ", ".join(part for part in (kinds + formats, values, *self.limits) if part.strip())

    @property
    def footnote(self) -> str:
        """Which of the facts come from examples, to follow a promise; empty where all were stated."""
        names = [_FACTS.get(name, name) for name in sorted(self.inferred)]
        return f"; inferred from examples: {', '.join(names)}" if names else ""


def of_node(schema: JsonObject, *, required: bool = False, inferred: bool = False, mark: str | None = None) -> Facts:
    """Give what a schema says about its value; `inferred` tells that its being required is."""
    facts = _own(schema, mark)
    if required:
        facts = _required(facts, inferred=inferred)
    for keyword in _CHOICES:
        branches = [of_node(branch, mark=mark) for branch in _schemas(schema.get(keyword))]
        if branches:
            facts = _both(facts, _either(branches))
    for branch in _schemas(schema.get("allOf")):
        facts = _both(facts, of_node(branch, mark=mark))
    return facts


def places(schema: JsonObject, mark: str | None = None) -> dict[str, Facts]:
    """Give the facts of every place within a schema; what refers to itself is not followed."""
    found: dict[str, Facts] = {}
    _walk(schema, "", mark, frozenset(), found)
    return found


def _walk(schema: JsonObject, prefix: str, mark: str | None, required: frozenset[str], found: dict[str, Facts]) -> None:
    own = schema.get(ERRATUM)
    mark = own if isinstance(own, str) else mark
    names = required | _names(schema.get("required"))
    inferred = _names(schema.get(INFERRED))
    for name, child in _members(schema):
        place = f"{prefix}.{name}" if prefix else name
        facts = of_node(child, required=name in names, inferred=f"required/{name}" in inferred, mark=mark)
        _put(found, place, facts)
        _walk(child, place, mark, frozenset(), found)
    for keyword, tail in (("items", "[]"), ("additionalProperties", "*")):
        item = schema.get(keyword)
        if isinstance(item, Mapping) and item:
            place = prefix + tail if keyword == "items" or not prefix else f"{prefix}.{tail}"
            _put(found, place, of_node(item, mark=mark))
            _walk(item, place, mark, frozenset(), found)
    for branch in _schemas(schema.get("allOf")):
        _walk(branch, prefix, mark, names, found)
    for keyword in _CHOICES:
        _walk_choice(_schemas(schema.get(keyword)), prefix, mark, names, found)


def _walk_choice(
    branches: Sequence[JsonObject],
    prefix: str,
    mark: str | None,
    required: frozenset[str],
    found: dict[str, Facts],
) -> None:
    if not branches:
        return
    walked: list[dict[str, Facts]] = []
    for branch in branches:
        inside: dict[str, Facts] = {}
        _walk(branch, prefix, mark, required, inside)
        walked.append(inside)
    for place in dict.fromkeys(place for inside in walked for place in inside):
        joined = _either([inside[place] for inside in walked if place in inside])
        if not all(place in inside for inside in walked):
            joined = _optional(joined)
        _put(found, place, joined)


def _own(schema: JsonObject, mark: str | None) -> Facts:
    own = schema.get(ERRATUM)
    types = _names_in_order(schema.get("type"))
    said = {f"type/{name}" if name == "null" and len(types) > 1 else "type" for name in types}
    values = [_shown(value) for value in as_list(schema.get("enum"))]
    if "const" in schema:
        values = [_shown(schema["const"])]
    said |= {key for key in ("const", "enum", "format", *_LIMITS) if key in schema}
    inferred = _names(schema.get(INFERRED))
    return Facts(
        types=types,
        formats=(str(schema["format"]),) if "format" in schema else (),
        values=tuple(values),
        limits=tuple(_limit(key, schema[key]) for key in _LIMITS if key in schema),
        said=frozenset(said),
        inferred=frozenset(said & inferred),
        erratum=own if isinstance(own, str) else mark,
    )


def _limit(key: str, value: Json) -> str:
    if key in {"minLength", "minItems"} and value == 1:
        return "not empty"
    return _LIMITS[key].format(_shown(value))


def _required(facts: Facts, *, inferred: bool) -> Facts:
    own = frozenset({"required"})
    return replace(
        facts, required=True, said=facts.said | own, inferred=facts.inferred | own if inferred else facts.inferred
    )


def _optional(facts: Facts) -> Facts:
    own = frozenset({"required"})
    return replace(facts, required=False, said=facts.said - own, inferred=facts.inferred - own)


def _either(branches: Sequence[Facts]) -> Facts:
    """Join alternatives: a kind of fact holds only where each alternative has one."""
    if len(branches) == 1:
        return branches[0]
    required = all(facts.required for facts in branches)
    said = frozenset[str]().union(*(facts.said for facts in branches)) - (set() if required else {"required"})
    return Facts(
        types=_union(facts.types for facts in branches),
        formats=_union(facts.formats for facts in branches),
        values=_union(facts.values for facts in branches),
        limits=branches[0].limits if all(f.limits == branches[0].limits for f in branches) else (),
        required=required,
        said=said,
        inferred=said.intersection(*(facts.inferred | (said - facts.said) for facts in branches)),
        erratum=next((facts.erratum for facts in branches if facts.erratum), None),
    )


def _both(first: Facts, second: Facts) -> Facts:
    """Join what holds together: the narrower of each kind of fact."""
    return Facts(
        types=_narrow(first.types, second.types),
        formats=_narrow(first.formats, second.formats),
        values=_narrow(first.values, second.values),
        limits=(*first.limits, *(limit for limit in second.limits if limit not in first.limits)),
        required=first.required or second.required,
        said=first.said | second.said,
        inferred=(first.inferred | second.inferred) - (first.said - first.inferred) - (second.said - second.inferred),
        erratum=first.erratum or second.erratum,
    )


def _put(found: dict[str, Facts], place: str, facts: Facts) -> None:
    found[place] = _both(found[place], facts) if place in found else facts


def _union(options: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    listed = list(options)
    return tuple(dict.fromkeys(name for names in listed for name in names)) if all(listed) else ()


def _narrow(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    if not first or not second:
        return first or second
    return tuple(name for name in first if name in second) or first


def _members(schema: JsonObject) -> list[tuple[str, JsonObject]]:
    return [(name, as_object(child)) for name, child in as_object(schema.get("properties")).items()]


def _schemas(value: Json) -> list[JsonObject]:
    return [item for item in as_list(value) if isinstance(item, Mapping)]


def _names(value: Json) -> frozenset[str]:
    return frozenset(str(item) for item in as_list(value))


def _names_in_order(value: Json) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in as_list(value))


def _shown(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
