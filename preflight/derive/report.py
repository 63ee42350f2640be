"""The report of a derivation: what was kept, what was not and why, and what documentation contradicts itself in."""

from collections.abc import Mapping
from dataclasses import dataclass

from preflight.derive.contradictions import Contradiction
from preflight.derive.facts import Unkept


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """One source as it was read; `captured` may be a year, a month or a day."""

    id: str
    form: str
    sha256: str
    captured: str
    families: tuple[str, ...]
    operations: int
    methods: int
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much the contracts promise.

    A parameter counts once for each operation; a body field and an answer field once for each place, at any depth,
    references resolved; branches of oneOf and the like count as one where they declare the same place.
    `refusals` differ in status and errorType, `refusal_texts` also in their words.
    """

    parameters: int
    body_fields: int
    answer_fields: int
    answers: int
    refusals: int
    refusal_texts: int

    def text(self) -> str:
        """Print the counts in one line."""
        return (
            f"{self.parameters} parameters, {self.body_fields} body fields, {self.answer_fields} fields of success "
            f"answers, {self.answers} answers, {self.refusals} refusals ({self.refusal_texts} by their texts)"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one derivation did."""

    operations: tuple[str, ...]
    methods: tuple[str, ...]
    merged: Mapping[str, tuple[str, ...]]
    unkept: tuple[Unkept, ...]
    contradictions: tuple[Contradiction, ...]
    inferred: Mapping[str, int]
    counts: Counts
    sources: tuple[SourceRecord, ...]

    def text(self) -> str:
        """Print the report for a person to read."""
        pages = sum(source.operations for source in self.sources) + len(self.unkept)
        lines = [
            f"{pages} pages of REST operations read from {len(self.sources)} sources",
            f"{len(self.operations)} operations and {len(self.methods)} realtime methods kept",
            f"  {self.counts.text()}",
        ]
        lines += [
            f"  {one.id}: {one.form}, {one.captured or 'undated'}, sha256 {one.sha256[:12]}…" for one in self.sources
        ]
        lines += [f"Merged from several captures: {key} ({', '.join(ids)})" for key, ids in self.merged.items()]
        lines += [f"Not kept: {one.name}: {one.why}" for one in self.unkept]
        lines.append("Inferred from examples: " + (_counted(self.inferred) or "nothing"))
        kinds: dict[str, int] = {}
        for one in self.contradictions:
            kinds[one.kind] = kinds.get(one.kind, 0) + 1
        lines.append(f"{len(self.contradictions)} contradictions" + (f": {_counted(kinds)}" if kinds else ""))
        return "\n".join(lines) + "\n"


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
