"""The page of a comparison: what terminal, Markdown and HTML tell alike, as words in order."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from preflight.model.change import (
    NOTHING,
    Aspect,
    Change,
    Comparison,
    DocumentationChanges,
    Effect,
    Obstacle,
    Side,
    Standing,
)
from preflight.reporting.account import counted

_FEW: Final = 3
# Where the text of an error stands as a rule.
_USUAL_PLACE: Final = "/error"

_BREAKING: Final[Mapping[Standing, str]] = {
    Standing.AGAINST: "Can break a client, against the documentation of {release}",
    Standing.SILENT: "Can break a client, and the documentation of {release} says nothing of it",
    Standing.PROMISED: "Can break a client, promised by the documentation of {release}",
}
_COMPATIBLE: Final = "Breaks no client"
_STANDINGS: Final[Mapping[Standing, str]] = {
    Standing.AGAINST: "against",
    Standing.PROMISED: "promised",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One change in words: what was asked, what is otherwise, and what documentation says of it."""

    asked: str
    told: str
    said: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Changes of one class: for each subject (an operation, or several) its items."""

    title: str
    breaking: bool
    subjects: tuple[tuple[str, tuple[Item, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A comparison in words: `headline` is its first line, `good` None where it is undecided."""

    headline: str
    good: bool | None
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]


def of_runs(comparison: Comparison) -> Page:
    """Tell what changed between two runs."""
    answers = {"yes": True, "no": False}
    return Page(
        headline=comparison.safety.sentence,
        good=answers.get(comparison.safety.answer),
        lines=(
            f"before: {_side(comparison.before)}",
            f"after:  {_side(comparison.after)}",
            " · ".join(
                (
                    f"profile {comparison.profile}",
                    counted(len(comparison.changes), "change"),
                    f"compared {counted(comparison.cases, 'case')}, {counted(comparison.exchanges, 'exchange')}",
                )
            ),
        ),
        sections=tuple(_sections(comparison.changes, comparison.after.release)),
        notes=tuple(_notes(comparison)),
    )


def of_documentation(changes: DocumentationChanges) -> Page:
    """Tell what changed between two captures of documentation."""
    breaking = sum(change.effect is Effect.BREAKING for change in changes.changes)
    number = counted(len(changes.changes), "change")
    return Page(
        headline=f"{number}, {breaking:,} of which can break a client" if changes.changes else "Nothing changed.",
        good=not breaking,
        lines=(
            f"before: {', '.join(changes.before)} · {counted(changes.operations[0], 'operation')}",
            f"after:  {', '.join(changes.after)} · {counted(changes.operations[1], 'operation')}",
        ),
        sections=tuple(_of_documentation(changes.changes)),
        notes=(),
    )


def _side(side: Side) -> str:
    seed = f" · seed {side.seed}" if side.seed else ""
    return f"release {side.release} · {side.target} · run {side.run}{seed}"


def _sections(changes: Sequence[Change], release: str) -> Iterator[Section]:
    for standing, title in _BREAKING.items():
        found = [one for one in changes if one.effect is Effect.BREAKING and one.standing is standing]
        if found:
            yield Section(title=title.format(release=release), breaking=True, subjects=_subjects(found))
    found = [one for one in changes if one.effect is Effect.COMPATIBLE]
    if found:
        yield Section(title=_COMPATIBLE, breaking=False, subjects=_subjects(found))


def _of_documentation(changes: Sequence[Change]) -> Iterator[Section]:
    for effect, title in ((Effect.BREAKING, "Can break a client"), (Effect.COMPATIBLE, _COMPATIBLE)):
        found = [one for one in changes if one.effect is effect]
        if found:
            yield Section(title=title, breaking=effect is Effect.BREAKING, subjects=_subjects(found))


def _subjects(changes: Iterable[Change]) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    grouped = groupby(changes, key=_subject)
    return tuple((subject, tuple(map(_item, group))) for subject, group in grouped)


def _subject(change: Change) -> str:
    names = [str(key) for key in change.operations]
    if not names:
        return "every operation"
    if len(names) <= _FEW:
        return ", ".join(names)
    return f"{len(names):,} operations: {', '.join(names[:_FEW])}, …"


def _item(change: Change) -> Item:
    return Item(asked=_asked(change), told=_told(change), said=_said(change), page=change.page)


def _said(change: Change) -> str:
    if change.standing is Standing.SILENT:
        return ""
    if change.standing is Standing.AGAINST or change.aspect is Aspect.FIELD:
        source = f" (erratum {change.erratum})" if change.erratum else ""
        return f"{_STANDINGS[change.standing]}: {change.because}{source}"
    # That it is promised says enough: the promise is what was just told.
    return f"promised by erratum {change.erratum}" if change.erratum else "promised by its page"


def _asked(change: Change) -> str:
    if change.aspect is Aspect.PROMISE or not change.questions:
        return ""
    return change.questions[0] if len(change.questions) == 1 else counted(len(change.questions), "question")


def _told(change: Change) -> str:
    place = "" if change.where == _USUAL_PLACE else change.where
    subject = " ".join(part for part in (str(change.aspect), place) if part)
    if change.before == NOTHING:
        return f"{subject} added: {change.after}"
    if change.after == NOTHING:
        return f"{subject} gone: was {change.before}"
    return f"{subject}: {change.before} → {change.after}"


def _notes(comparison: Comparison) -> Iterator[str]:
    yield from comparison.notes
    numbers = {obstacle: sum(one.obstacle is obstacle for one in comparison.not_compared) for obstacle in Obstacle}
    told = [f"{number:,} {obstacle}" for obstacle, number in numbers.items() if number]
    if told:
        yield f"cases that cannot be compared: {', '.join(told)}"
