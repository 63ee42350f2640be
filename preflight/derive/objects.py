"""Objects: what several pages declare alike becomes one shared schema, and what they declare otherwise is told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from preflight.derive.configuration import Configuration, ObjectRule
from preflight.derive.contradictions import Contradiction, Kind, mapping_of
from preflight.derive.facts import OperationFacts, Schema
from preflight.derive.schemas import canonical, spelled, types_of
from preflight.derive.strengthen import Values, present, required, value

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One place where a page declares a shared object, with what its examples hold there."""

    operation: str
    where: str
    path: str
    rule: ObjectRule
    schema: Schema
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One shared object.

    `stated` holds its properties written out, `collapsed` the same with references to other objects,
    `strong` these with what examples show; `demanded` are the fields which every example of the object has.
    """

    rule: ObjectRule
    stated: Mapping[str, Schema]
    collapsed: Mapping[str, Schema]
    strong: Mapping[str, Schema]
    demanded: frozenset[str]

    def document(self) -> Schema:
        """Give the object as a JSON Schema of its own."""
        schema: Schema = {"type": "object", "properties": dict(self.strong)}
        return {
            "$schema": DIALECT,
            "$id": f"{self.rule.name}.json",
            **required(schema, self.demanded),
        }


@dataclass(slots=True, kw_only=True)
class _Gathered:
    """All declarations of one property of one object."""

    schemas: list[Schema] = field(default_factory=list)
    values: list[Values] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a walk through an answer is: the operation and status, the path within, the property's name."""

    operation: str
    where: str
    path: str = ""
    name: str = ""

    def at(self, key: str) -> "_Place":
        return replace(self, path=f"{self.path}.{key}" if self.path else key, name=key)

    def within(self) -> "_Place":
        return replace(self, path=f"{self.path}[]")


def occurrences(operations: Iterable[OperationFacts], rules: Configuration) -> tuple[Occurrence, ...]:
    """Find every place where a success answer declares a shared object."""
    return tuple(
        found
        for facts in operations
        for answer in facts.answers
        if answer.status.startswith("2")
        for content in answer.content
        for found in _within(
            content.schema or {},
            [example.value for example in content.examples],
            rules,
            _Place(operation=str(facts.key), where=answer.status),
        )
    )


def _within(schema: Schema, values: Values, rules: Configuration, place: _Place) -> Iterator[Occurrence]:
    rule = rules.rule_of(schema, place.name)
    if rule is not None:
        yield Occurrence(
            operation=place.operation, where=place.where, path=place.path, rule=rule, schema=schema, values=values
        )
    for key, part in schema.get("properties", {}).items():
        yield from _within(part, held(values, key), rules, place.at(key))
    if "items" in schema:
        yield from _within(schema["items"], items(values), rules, place.within())


def held(values: Values, key: str) -> list[Any]:
    """Give what the objects among some values hold under a key."""
    return [one[key] for one in values if isinstance(one, dict) and key in one]


def items(values: Values) -> list[Any]:
    """Give the items of the arrays among some values."""
    return [item for one in values if isinstance(one, list) for item in one]


def shared(found: Sequence[Occurrence], rules: Configuration) -> dict[str, Shared]:
    """Build each object from all places that declare it."""
    built: dict[str, Shared] = {}
    collapsed = {rule.name: _collapsed(found, rule, rules) for rule in rules.objects}
    for rule in rules.objects:
        own = [one for one in found if one.rule.name == rule.name]
        if own:
            built[rule.name] = _shared(rule, own, collapsed, rules)
    return dict(sorted(built.items()))


def _collapsed(found: Sequence[Occurrence], rule: ObjectRule, rules: Configuration) -> dict[str, Schema]:
    gathered: dict[str, list[Schema]] = {}
    for one in found:
        if one.rule.name == rule.name:
            for key, part in one.schema["properties"].items():
                gathered.setdefault(key, []).append(collapse(part, key, rules))
    return {key: unify(parts) for key, parts in sorted(gathered.items())}


def _shared(
    rule: ObjectRule, own: Sequence[Occurrence], collapsed: Mapping[str, Mapping[str, Schema]], rules: Configuration
) -> Shared:
    mine = collapsed[rule.name]
    values = [value for one in own for value in one.values]
    always = present({"properties": mine}, values, rules, rule.name)
    return Shared(
        rule=rule,
        stated={key: expand(part, collapsed, (rule.name,)) for key, part in mine.items()},
        collapsed=mine,
        strong={key: _strong(key, part, own, rule, rules) for key, part in mine.items()},
        demanded=frozenset(always) - frozenset(rule.optional),
    )


def _strong(key: str, part: Schema, own: Sequence[Occurrence], rule: ObjectRule, rules: Configuration) -> Schema:
    # A page that gives the field another type is no evidence about this one.
    alike = [one for one in own if key in one.schema["properties"]]
    alike = [one for one in alike if types_of(collapse(one.schema["properties"][key], key, rules)) == types_of(part)]
    values = [shown for one in alike for shown in held(one.values, key)]
    return deep(part, key, values, rules, rule.enums.get(key, ()))


def deep(schema: Schema, name: str, values: Values, rules: Configuration, enum: Iterable[str] = ()) -> Schema:
    """Strengthen a schema and everything within it by the values that examples show."""
    if "$ref" in schema:
        return schema
    strong = dict(schema)
    if "properties" in schema:
        strong["properties"] = {
            key: deep(part, key, held(values, key), rules) for key, part in schema["properties"].items()
        }
        strong = required(strong, present(schema, values, rules, name))
    if "items" in schema:
        strong["items"] = deep(schema["items"], name, items(values), rules)
    return value(strong, name, values, rules, enum)


def collapse(schema: Schema, name: str, rules: Configuration) -> Schema:
    """Put a reference in the place of each shared object within a schema."""
    rule = rules.rule_of(schema, name)
    if rule is not None:
        return {"$ref": f"{rule.name}.json"}
    collapsed = dict(schema)
    if "properties" in schema:
        collapsed["properties"] = {key: collapse(part, key, rules) for key, part in schema["properties"].items()}
    if "items" in schema:
        collapsed["items"] = collapse(schema["items"], name, rules)
    return collapsed


def expand(schema: Schema, collapsed: Mapping[str, Mapping[str, Schema]], within: tuple[str, ...]) -> Schema:
    """Write references to shared objects out again; an object within itself stays a reference."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        name = reference.removesuffix(".json")
        if name in within:
            return schema
        return {
            "type": "object",
            "properties": {key: expand(part, collapsed, (*within, name)) for key, part in collapsed[name].items()},
        }
    written = dict(schema)
    if "properties" in schema:
        written["properties"] = {key: expand(part, collapsed, within) for key, part in schema["properties"].items()}
    if "items" in schema:
        written["items"] = expand(schema["items"], collapsed, within)
    return written


def unify(schemas: Sequence[Schema]) -> Schema:
    """Make one schema of several declarations of a field: most declare its type, all its fields are kept."""
    sign = _most(_signature(schema) for schema in schemas)
    alike = [schema for schema in schemas if _signature(schema) == sign]
    references = [schema for schema in alike if "$ref" in schema]
    if references:
        # Declarations that say less than the object are no other meaning; pages keep them as they stand.
        return {"$ref": _most(str(schema["$ref"]) for schema in references)}
    commonest = _most(canonical(schema) for schema in alike)
    chosen = dict(next(schema for schema in alike if canonical(schema) == commonest))
    properties: dict[str, list[Schema]] = {}
    for schema in alike:
        for key, part in schema.get("properties", {}).items():
            properties.setdefault(key, []).append(part)
    if properties:
        chosen["properties"] = {key: unify(parts) for key, parts in sorted(properties.items())}
    parts = [schema["items"] for schema in alike if "items" in schema]
    if parts:
        chosen["items"] = unify(parts)
    return chosen


def _signature(schema: Schema) -> str:
    """Give what must agree between two declarations of a field: a shared object is an object, too."""
    return canonical("object" if "$ref" in schema else schema.get("type"))


def _most(signs: Iterable[str]) -> str:
    counted = Counter(signs)
    return min(counted, key=lambda sign: (-counted[sign], sign))


def conflicts(
    found: Sequence[Occurrence], built: Mapping[str, Shared], rules: Configuration
) -> Iterator[Contradiction]:
    """List the fields of shared objects to which a page gives another type than the other pages."""
    for one in found:
        common = built[one.rule.name]
        for key, part in one.schema["properties"].items():
            for tail, says, shows in _clash(collapse(part, key, rules), common.collapsed[key], ""):
                yield Contradiction(
                    operation=one.operation,
                    kind=Kind.FIELD,
                    where=one.where,
                    pointer=f"{one.path}.{key}{tail}" if one.path else f"{key}{tail}",
                    says=says,
                    shows=f"{one.rule.name}: {shows}",
                )


def _clash(own: Schema, common: Schema, path: str) -> Iterator[tuple[str, str, str]]:
    if _signature(own) != _signature(common):
        yield path, spelled(own), spelled(common)
        return
    for key, part in own.get("properties", {}).items():
        if key in common.get("properties", {}):
            yield from _clash(part, common["properties"][key], f"{path}.{key}")
    if "items" in own and "items" in common:
        yield from _clash(mapping_of(own["items"]), mapping_of(common["items"]), f"{path}[]")
