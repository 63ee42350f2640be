"""Derivation: documentation in, contracts out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preflight.derive.captures import Merged, merge
from preflight.derive.configuration import Configuration, configuration
from preflight.derive.contradictions import of_examples, unique
from preflight.derive.facts import MethodFacts, OperationFacts, Unkept
from preflight.derive.objects import Shared, conflicts, occurrences, shared
from preflight.derive.refusals import refusals
from preflight.derive.render import SOURCES_HEADER, Contracts, json_text, realtime, yaml_text
from preflight.derive.report import Counts, Report, SourceRecord
from preflight.derive.schemas import leaves
from preflight.derive.sources import Source, read_all
from preflight.derive.strengthen import INFERRED
from preflight.errors import SourceError
from preflight.paths import CONTRACTS

SOURCES = "sources.yaml"

_WRITTEN = ("objects/*.json", "realtime/index.yaml", "rest/*.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """What the sources give: the text of each file by its path within contracts/, and the report."""

    files: Mapping[str, str]
    report: Report


def derive(sources: Sequence[Path], *, configured: Path = CONTRACTS / SOURCES) -> Derived:
    """Derive contracts from documentation; the order of the sources does not matter and nothing is written.

    Raises:
        SourceError: where a source cannot be read in any known form.
        FileError: where the configuration is wrong.
    """
    if not sources:
        raise SourceError("no source is given", hint="name at least one file of documentation")
    rules = configuration(configured)
    read = read_all(sources, rules)
    merged = _merged(read)
    operations = [one.facts for one in merged.values()]
    found = occurrences(operations, rules)
    built = shared(found, rules)
    contradictions = unique(
        [
            *(contradiction for one in merged.values() for contradiction in one.contradictions),
            *(contradiction for facts in operations for contradiction in of_examples(facts)),
            *conflicts(found, built, rules),
        ]
    )
    records = tuple(_record(source) for source in read)
    data = _data(operations, _methods(read), built, rules)
    files = {name: yaml_text(part) if name.endswith(".yaml") else json_text(part) for name, part in data.items()}
    files["contradictions.yaml"] = yaml_text({"contradictions": [one.facts() for one in contradictions]})
    files[SOURCES] = yaml_text({**rules.raw, "sources": [_stated(record) for record in records]}, SOURCES_HEADER)
    return Derived(
        files=dict(sorted(files.items())),
        report=Report(
            operations=tuple(str(facts.key) for facts in operations),
            methods=tuple(sorted({facts.name for _, facts in _methods(read)})),
            merged=_several(read),
            unkept=_unkept(read),
            contradictions=contradictions,
            inferred=dict(sorted(_inferred(list(data.values())).items())),
            counts=_counts(operations),
            sources=records,
        ),
    )


def write(derived: Derived, out: Path) -> list[Path]:
    """Write the files below a folder and give those whose bytes changed; what is no longer derived stays.

    Raises:
        SourceError: where the folder cannot be written.
    """
    changed = []
    for name, text in derived.files.items():
        path = out / name
        if _text(path) == text:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as problem:
            raise SourceError(f"{path}: {problem.strerror}", hint="name a folder that can be written") from problem
        changed.append(path)
    return changed


def differences(derived: Derived, out: Path) -> list[str]:
    """Tell, a line for each file, where a folder holds something else than what the sources give."""
    lines = []
    for name, text in derived.files.items():
        there = _text(out / name)
        if there is None:
            lines.append(f"{name}: missing")
        elif there != text:
            lines.append(f"{name}: differs from what the sources give, first in line {_first_difference(there, text)}")
    for pattern in _WRITTEN:
        for path in sorted(out.glob(pattern)):
            name = path.relative_to(out).as_posix()
            if name not in derived.files:
                lines.append(f"{name}: not among what the sources give")
    return lines


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _first_difference(there: str, text: str) -> int:
    before, after = there.split("\n"), text.split("\n")
    pairs = zip(before, after, strict=False)
    return next((number for number, (old, new) in enumerate(pairs, 1) if old != new), min(len(before), len(after)) + 1)


def _merged(read: Sequence[Source]) -> dict[str, Merged]:
    captures: dict[str, list[tuple[str, OperationFacts]]] = {}
    for source in read:
        for facts in source.reading.operations:
            captures.setdefault(str(facts.key), []).append((source.id, facts))
    ordered = sorted(captures.values(), key=lambda several: several[0][1].key)
    return {str(several[0][1].key): merge(several) for several in ordered}


def _several(read: Sequence[Source]) -> dict[str, tuple[str, ...]]:
    ids: dict[str, list[str]] = {}
    for source in read:
        for facts in source.reading.operations:
            ids.setdefault(str(facts.key), []).append(source.id)
    return {key: tuple(names) for key, names in sorted(ids.items()) if len(names) > 1}


def _methods(read: Sequence[Source]) -> list[tuple[str, MethodFacts]]:
    newest = {facts.name: (source.id, facts) for source in read for facts in source.reading.methods}
    return [newest[name] for name in sorted(newest)]


def _unkept(read: Sequence[Source]) -> tuple[Unkept, ...]:
    found = {(one.name, one.why): one for source in read for one in source.reading.unkept}
    return tuple(one for _, one in sorted(found.items()))


def _data(
    operations: Sequence[OperationFacts],
    methods: Sequence[tuple[str, MethodFacts]],
    built: Mapping[str, Shared],
    rules: Configuration,
) -> dict[str, Any]:
    contracts = Contracts(built, rules)
    families: dict[str, list[OperationFacts]] = {}
    for facts in operations:
        families.setdefault(facts.key.family, []).append(facts)
    data: dict[str, Any] = {
        f"rest/{name}.yaml": contracts.family(name, members) for name, members in sorted(families.items())
    }
    data.update({f"objects/{name}.json": common.document() for name, common in built.items()})
    if methods:
        data["realtime/index.yaml"] = realtime(methods)
    return data


def _record(source: Source) -> SourceRecord:
    operations = source.reading.operations
    return SourceRecord(
        id=source.id,
        form=source.form,
        sha256=source.sha256,
        captured=source.captured,
        families=tuple(sorted({facts.key.family for facts in operations})),
        operations=len(operations),
        methods=len(source.reading.methods),
        page=operations[0].page if len(operations) == 1 else "",
    )


def _stated(record: SourceRecord) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "id": record.id,
        "form": record.form,
        "sha256": record.sha256,
        "captured": record.captured,
    }
    if record.methods:
        stated["methods"] = record.methods
    else:
        stated["families"] = list(record.families)
        stated["pages"] = record.operations
    if record.page:
        stated["page"] = record.page
    return stated


def _inferred(data: Any) -> Counter[str]:  # Any: JSON of any shape
    counted: Counter[str] = Counter()
    if isinstance(data, Mapping):
        marks = data.get(INFERRED)
        if isinstance(marks, list):
            counted.update(str(mark).partition("/")[0] for mark in marks)
        for part in data.values():
            counted += _inferred(part)
    elif isinstance(data, list):
        for part in data:
            counted += _inferred(part)
    return counted


def _counts(operations: Sequence[OperationFacts]) -> Counts:
    answers = [(facts, answer) for facts in operations for answer in facts.answers]
    refused = [
        (str(facts.key), answer.status, refusal["body"])
        for facts, answer in answers
        if not answer.status.startswith(("1", "2", "3"))
        for refusal in refusals(answer.content)
    ]
    return Counts(
        parameters=sum(len(facts.parameters) for facts in operations),
        body_fields=sum(len(set(_paths(facts.body.content))) for facts in operations if facts.body),
        answer_fields=sum(len(set(_paths(answer.content))) for _, answer in answers if answer.status.startswith("2")),
        answers=len(answers),
        refusals=len({(key, status, str(body.get("errorType"))) for key, status, body in refused}),
        refusal_texts=len(refused),
    )


def _paths(contents: Sequence[Any]) -> Iterator[str]:
    for content in contents:
        yield from (path for path, _ in leaves(content.schema or {}))
