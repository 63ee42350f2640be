"""Revisions: what changed between two captures of documentation, and whether it can break a client."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from preflight.catalog.facts import of_node
from preflight.derive.captures import merge
from preflight.derive.configuration import configuration
from preflight.derive.derivation import SOURCES
from preflight.derive.facts import Content, MethodFacts, OperationFacts, Parameter
from preflight.derive.refusals import refusals, text_of
from preflight.derive.revised_schemas import Revision, fields_of, read, sent
from preflight.derive.sources import Source, read_all
from preflight.model.change import NOTHING, Aspect, Change, DocumentationChanges, Effect
from preflight.model.operation import OperationKey
from preflight.paths import CONTRACTS

_ASPECTS = tuple(Aspect)


def revisions(old: Sequence[Path], new: Sequence[Path]) -> DocumentationChanges:
    """Compare two captures, each files in any form that can be read; several about one operation count as one.

    Raises:
        SourceError: where a source cannot be read in any known form.
    """
    rules = configuration(CONTRACTS / SOURCES)
    sources = tuple(read_all(files, rules) for files in (old, new))
    before, after = (_operations(read) for read in sources)
    methods = tuple(_methods(read) for read in sources)
    found = [*_of_operations(before, after), *_of_methods(*methods)]
    return DocumentationChanges(
        before=tuple(source.id for source in sources[0]),
        after=tuple(source.id for source in sources[1]),
        operations=(len(before) + len(methods[0]), len(after) + len(methods[1])),
        changes=tuple(sorted(found, key=_order)),
    )


def _operations(read: Iterable[Source]) -> dict[OperationKey, OperationFacts]:
    captures: dict[OperationKey, list[tuple[str, OperationFacts]]] = {}
    for source in read:
        for facts in source.reading.operations:
            captures.setdefault(facts.key, []).append((source.id, facts))
    return {key: merge(several).facts for key, several in captures.items()}


def _methods(read: Iterable[Source]) -> dict[OperationKey, MethodFacts]:
    return {OperationKey(name=facts.name, method="ddp"): facts for source in read for facts in source.reading.methods}


def _of_operations(
    before: dict[OperationKey, OperationFacts], after: dict[OperationKey, OperationFacts]
) -> Iterator[Change]:
    for key in {*before, *after}:
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            page = (new or old or before[key]).page
            yield _change(key, page, _whole(was_there=old is not None))
        else:
            for revision in _of_page(old, new):
                yield _change(key, new.page, revision)


def _of_methods(before: dict[OperationKey, MethodFacts], after: dict[OperationKey, MethodFacts]) -> Iterator[Change]:
    for key in {*before, *after}:
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            yield _change(key, (new or old or before[key]).page, _whole(was_there=old is not None))
        elif old.deprecated is not new.deprecated:
            yield _change(key, new.page, _deprecation(old.deprecated, new.deprecated))


def _of_page(old: OperationFacts, new: OperationFacts) -> Iterator[Revision]:
    if old.deprecated is not new.deprecated:
        yield _deprecation(old.deprecated, new.deprecated)
    yield from _parameters(old.parameters, new.parameters)
    for media_type, was, now in _contents(old.body.content if old.body else (), new.body.content if new.body else ()):
        yield from sent(fields_of(was), fields_of(now), _body(media_type))
    yield from _answers(old, new)
    yield from _permissions("", old.permissions, new.permissions)
    yield from _permissions("some", old.some_permissions, new.some_permissions)


def _parameters(old: Sequence[Parameter], new: Sequence[Parameter]) -> Iterator[Revision]:
    before = {f"{one.location}.{one.name}": one for one in old}
    after = {f"{one.location}.{one.name}": one for one in new}
    for where in {*before, *after}:
        was, now = before.get(where), after.get(where)
        yield from sent(_only(was), _only(now), where)
        if was is not None and now is not None:
            # What a parameter holds, where it is an object or a list.
            inside = (fields_of(was.schema), fields_of(now.schema))
            yield from sent(*inside, where)


def _only(parameter: Parameter | None) -> dict[str, Any]:  # Any: Facts; the place of the parameter itself is empty
    return {} if parameter is None else {"": of_node(parameter.schema, required=parameter.required)}


def _answers(old: OperationFacts, new: OperationFacts) -> Iterator[Revision]:
    before = {one.status: one.content for one in old.answers}
    after = {one.status: one.content for one in new.answers}
    for status in {*before, *after}:
        if status not in before or status not in after:
            told = ("documented", NOTHING) if status in before else (NOTHING, "documented")
            breaks = status not in after and status.startswith("2")
            yield _revision(Aspect.STATUS, status, told, breaks=breaks)
        elif status.startswith("2"):
            for _, was, now in _contents(before[status], after[status]):
                yield from read(fields_of(was), fields_of(now), status)
        if not status.startswith("2"):
            yield from _refusals(status, before.get(status, ()), after.get(status, ()))


def _refusals(status: str, old: Sequence[Content], new: Sequence[Content]) -> Iterator[Revision]:
    before = {str(one["id"]): one["body"] for one in refusals(old)}
    after = {str(one["id"]): one["body"] for one in refusals(new)}
    for name in {*before, *after}:
        was, now = before.get(name), after.get(name)
        if was is None or now is None:
            told = (_words(was), _words(now))
            yield _revision(Aspect.REFUSAL, f"{status}.{name}", told, breaks=now is None)
        elif _words(was) != _words(now):
            # Who has the code need not read the text; without a code the text would have been its name.
            yield _revision(Aspect.REFUSAL, f"{status}.{name}", (_words(was), _words(now)), breaks=False)


def _words(body: dict[str, Any] | None) -> str:  # Any: JSON of a source
    return NOTHING if body is None else text_of(body) or "a refusal without words"


def _permissions(which: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Revision]:
    for name in {*old} ^ {*new}:
        demanded = "demanded in some cases" if which else "demanded"
        told = (NOTHING, demanded) if name in new else (demanded, NOTHING)
        yield _revision(Aspect.PERMISSION, name, told, breaks=name in new)


def _contents(old: Sequence[Content], new: Sequence[Content]) -> Iterator[tuple[str, Any, Any]]:  # Any: schemas
    before = {one.media_type: one.schema for one in old}
    after = {one.media_type: one.schema for one in new}
    for media_type in sorted({*before, *after}):
        yield media_type, before.get(media_type), after.get(media_type)


def _body(media_type: str) -> str:
    return "body" if "json" in media_type else f"body ({media_type})"


def _whole(*, was_there: bool) -> Revision:
    told = ("documented", NOTHING) if was_there else (NOTHING, "documented")
    return _revision(Aspect.OPERATION, "", told, breaks=was_there)


def _deprecation(old: bool, new: bool) -> Revision:  # noqa: FBT001 (the values themselves)
    words = {True: "deprecated", False: "not deprecated"}
    return _revision(Aspect.OPERATION, "", (words[old], words[new]), breaks=False)


def _revision(aspect: Aspect, where: str, told: tuple[str, str], *, breaks: bool) -> Revision:
    effect = Effect.BREAKING if breaks else Effect.COMPATIBLE
    return Revision(aspect=aspect, where=where, before=told[0], after=told[1], effect=effect)


def _change(key: OperationKey, page: str, revision: Revision) -> Change:
    return Change(
        operations=(key,),
        aspect=revision.aspect,
        where=revision.where,
        before=revision.before,
        after=revision.after,
        effect=revision.effect,
        page=page,
    )


def _order(change: Change) -> tuple[bool, str, int, str, str]:
    aspect = _ASPECTS.index(change.aspect)
    return change.effect is not Effect.BREAKING, str(change.operations[0]), aspect, change.where, change.after
