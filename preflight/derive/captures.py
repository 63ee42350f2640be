"""Captures: several pages about one operation become one; the newer wins, and every difference is told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from preflight.derive.contradictions import Contradiction, Kind
from preflight.derive.facts import Answer, Body, Content, OperationFacts, Parameter, Schema
from preflight.derive.schemas import canonical, spelled, types_of


@dataclass(slots=True, kw_only=True)
class _Differences:
    """What two captures of one operation disagree about."""

    operation: str
    older: str
    newer: str
    found: list[Contradiction]

    def add(self, where: str, pointer: str, says: str, shows: str) -> None:
        self.found.append(
            Contradiction(
                operation=self.operation,
                kind=Kind.CAPTURES,
                where=where,
                pointer=pointer,
                says=f"{self.newer}: {says}",
                shows=f"{self.older}: {shows}",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """One operation out of its captures, and what the captures disagree about."""

    facts: OperationFacts
    contradictions: tuple[Contradiction, ...] = ()


def merge(captures: Sequence[tuple[str, OperationFacts]]) -> Merged:
    """Merge captures of one operation, the oldest first, each with the id of its source."""
    source, facts = captures[0]
    found: list[Contradiction] = []
    for newer, other in captures[1:]:
        differences = _Differences(operation=str(facts.key), older=source, newer=newer, found=found)
        facts = _two(facts, other, differences)
        source = newer
    return Merged(facts=facts, contradictions=tuple(found))


def _two(older: OperationFacts, newer: OperationFacts, differences: _Differences) -> OperationFacts:
    if older.page != newer.page:
        differences.add("page", "", newer.page, older.page)
    if older.deprecated != newer.deprecated:
        differences.add("deprecated", "", str(newer.deprecated).lower(), str(older.deprecated).lower())
    for change in sorted(set(older.changes) ^ set(newer.changes)):
        what = f"{change.change} in {change.release}"
        told, silent = (what, "not told") if change in newer.changes else ("not told", what)
        differences.add("changes", change.parameter, told, silent)
    for name in sorted({*older.permissions} ^ {*newer.permissions}):
        told, silent = ("demanded", "not told") if name in newer.permissions else ("not told", "demanded")
        differences.add("permission", name, told, silent)
    demanded = {*older.permissions, *newer.permissions}
    return replace(
        newer,
        parameters=tuple(_parameters(older.parameters, newer.parameters, differences)),
        body=_bodies(older.body, newer.body, differences),
        answers=tuple(_answers(older.answers, newer.answers, differences)),
        changes=tuple(sorted({*older.changes, *newer.changes})),
        permissions=tuple(sorted(demanded)),
        some_permissions=tuple(sorted({*older.some_permissions, *newer.some_permissions} - demanded)),
        deprecated=older.deprecated or newer.deprecated,
        oddities=(*older.oddities, *(oddity for oddity in newer.oddities if oddity not in older.oddities)),
    )


def _parameters(
    older: Sequence[Parameter], newer: Sequence[Parameter], differences: _Differences
) -> Iterator[Parameter]:
    before = {(one.location, one.name): one for one in older}
    after = {(one.location, one.name): one for one in newer}
    for key in sorted({*before, *after}):
        where = f"parameter {key[0]}.{key[1]}"
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            told, silent = ("declared", "not declared") if new else ("not declared", "declared")
            differences.add(where, "", told, silent)
        elif old.required != new.required:
            words = {True: "required", False: "optional"}
            differences.add(where, "", words[new.required], words[old.required])
        if old is not None and new is not None:
            schema = _schemas(old.schema, new.schema, where, "", differences)
            examples = (*new.examples, *(one for one in old.examples if one not in new.examples))
            yield replace(new, schema=schema, examples=examples)
        elif one := new or old:
            yield one


def _bodies(older: Body | None, newer: Body | None, differences: _Differences) -> Body | None:
    if older is None or newer is None:
        if older is not newer:
            told, silent = ("declared", "not declared") if newer else ("not declared", "declared")
            differences.add("request", "", told, silent)
        return newer or older
    return replace(newer, content=tuple(_contents(older.content, newer.content, "request", differences)))


def _answers(older: Sequence[Answer], newer: Sequence[Answer], differences: _Differences) -> Iterator[Answer]:
    before = {one.status: one for one in older}
    after = {one.status: one for one in newer}
    for status in sorted({*before, *after}):
        old, new = before.get(status), after.get(status)
        if old is not None and new is not None:
            content = tuple(_contents(old.content, new.content, status, differences))
            yield Answer(status=status, content=content)
        elif one := new or old:
            told, silent = ("documented", "not documented") if new else ("not documented", "documented")
            differences.add(status, "", told, silent)
            yield one


def _contents(
    older: Sequence[Content], newer: Sequence[Content], where: str, differences: _Differences
) -> Iterator[Content]:
    before = {one.media_type: one for one in older}
    after = {one.media_type: one for one in newer}
    for media_type in sorted({*before, *after}):
        old, new = before.get(media_type), after.get(media_type)
        if old is not None and new is not None:
            examples = (*new.examples, *(one for one in old.examples if one not in new.examples))
            schema = new.schema if old.schema is None else old.schema
            if old.schema is not None and new.schema is not None:
                schema = _schemas(old.schema, new.schema, where, "", differences)
            yield Content(media_type=media_type, schema=schema, examples=examples)
        elif one := new or old:
            told, silent = ("declared", "not declared") if new else ("not declared", "declared")
            differences.add(where, media_type, told, silent)
            yield one


def _schemas(older: Schema, newer: Schema, where: str, path: str, differences: _Differences) -> Schema:
    if canonical(older) == canonical(newer):
        return newer
    if types_of(older) != types_of(newer):
        differences.add(where, path, spelled(newer), spelled(older))
        return newer
    merged = dict(newer)
    for name in sorted({*older, *newer} - {"properties", "items"}):
        if canonical(older.get(name)) != canonical(newer.get(name)):
            told = "nothing" if name not in newer else canonical(newer[name])
            silent = "nothing" if name not in older else canonical(older[name])
            differences.add(where, path, f"{name} {told}", f"{name} {silent}")
    before, after = older.get("properties", {}), newer.get("properties", {})
    if before or after:
        merged["properties"] = {
            name: _properties(before.get(name), after.get(name), where, f"{path}.{name}" if path else name, differences)
            for name in sorted({*before, *after})
        }
    if "items" in older and "items" in newer:
        merged["items"] = _schemas(older["items"], newer["items"], where, f"{path}[]", differences)
    elif "items" in older:
        merged["items"] = older["items"]
    return merged


def _properties(older: Schema | None, newer: Schema | None, where: str, path: str, differences: _Differences) -> Schema:
    if older is not None and newer is not None:
        return _schemas(older, newer, where, path, differences)
    told, silent = ("declared", "not declared") if newer is not None else ("not declared", "declared")
    differences.add(where, path, told, silent)
    return newer if newer is not None else older or {}
