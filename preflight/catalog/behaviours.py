"""Behaviours: what operations promise beside the shape of their answers, and where releases are known to break it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from preflight.catalog.contract import Behaviour
from preflight.catalog.documents import Document, Pointer, load
from preflight.catalog.errata import Errata, parse_range
from preflight.catalog.nearest import nearest
from preflight.catalog.schema_check import check
from preflight.model.claim import ClaimKind, Level
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.operation import OperationKey
from preflight.model.release import Release, ReleaseRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Where releases are known to break a promise: it is reported there, under its erratum, and fails no run."""

    operations: tuple[str, ...]
    releases: ReleaseRange
    erratum: str

    def is_about(self, operation: OperationKey, release: Release) -> bool:
        """Tell whether an operation of a release is meant."""
        return release in self.releases and _matches(operation, self.operations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise about the operations that its globs select, but those that `unless` selects."""

    id: str
    kind: ClaimKind
    operations: tuple[str, ...]
    unless: tuple[str, ...]
    releases: ReleaseRange
    promise: str
    evidence: tuple[str, ...]
    level: Level
    stated: bool
    known: tuple[Known, ...]
    document: Document = field(repr=False, compare=False)

    def of(self, operation: OperationKey, release: Release, *, by_name: bool = False) -> Behaviour | None:
        """Give what is promised of an operation at a release; None where nothing is, or not `by_name` but by a glob."""
        patterns = tuple(each for each in self.operations if not (by_name and "*" in each))
        if release not in self.releases or not _matches(operation, patterns):
            return None
        if _matches(operation, self.unless):
            return None
        broken = next((known for known in self.known if known.is_about(operation, release)), None)
        return Behaviour(
            id=self.id,
            promise=self.promise,
            kind=self.kind,
            level=Level.SHOULD if broken else self.level,
            stated=self.stated,
            erratum=broken.erratum if broken else None,
        )


@dataclass(frozen=True, slots=True)
class Behaviours:
    """Every promise, in the order of the files."""

    promises: tuple[Promise, ...]

    def of(self, operation: OperationKey, release: Release, *, by_name: bool = False) -> tuple[Behaviour, ...]:
        """Give what is promised of an operation at a release, by globs or `by_name` alone."""
        found = (promise.of(operation, release, by_name=by_name) for promise in self.promises)
        return tuple(behaviour for behaviour in found if behaviour is not None)


def load_behaviours(
    files: Sequence[Path], schema: Path, errata: Errata, operations: Iterable[OperationKey]
) -> Behaviours:
    """Read the files of contracts/behaviour.

    Raises:
        FileError: where a file is wrong: its form, a glob that selects nothing, an unknown erratum, an id twice.
    """
    known = tuple(operations)
    promises: dict[tuple[ClaimKind, str], Promise] = {}
    for file in files:
        document = load(file)
        check(document, schema)
        for id_, value in as_object(as_object(document.data)["promises"]).items():
            promise = _promise(document, id_, as_object(value))
            _check_operations(promise, known)
            _check_errata(promise, errata)
            place = (promise.kind, id_)
            if place in promises:
                other = promises[place].document.path.name
                raise document.error(
                    ("promises", id_),
                    f"the {promise.kind} {id_} stands in {other} already",
                    hint="rename one of the two",
                )
            promises[place] = promise
    return Behaviours(tuple(promises.values()))


def _promise(document: Document, id_: str, data: JsonObject) -> Promise:
    pointer: Pointer = ("promises", id_)
    return Promise(
        id=id_,
        kind=ClaimKind(str(data["kind"])),
        operations=_texts(data["operations"]),
        unless=_texts(data.get("unless")),
        releases=parse_range(document, (*pointer, "releases"), str(data.get("releases", ""))),
        promise=str(data["promise"]),
        evidence=_texts(data["evidence"]),
        level=Level(str(data.get("level", Level.MUST))),
        stated=data.get("stated") is True,
        known=tuple(
            Known(
                operations=_texts(item["operations"]),
                releases=parse_range(document, (*pointer, "known", index, "releases"), str(item["releases"])),
                erratum=str(item["erratum"]),
            )
            for index, item in enumerate(map(as_object, as_list(data.get("known"))))
        ),
        document=document,
    )


def _check_operations(promise: Promise, operations: tuple[OperationKey, ...]) -> None:
    places: Mapping[Pointer, tuple[str, ...]] = {
        ("operations",): promise.operations,
        ("unless",): promise.unless,
        **{("known", index, "operations"): known.operations for index, known in enumerate(promise.known)},
    }
    for place, patterns in places.items():
        for index, pattern in enumerate(patterns):
            if not any(key.matches(pattern) for key in operations):
                raise promise.document.error(
                    ("promises", promise.id, *place, index),
                    f"{pattern!r} selects no operation",
                    hint=nearest(pattern, (str(key) for key in operations), what="operations"),
                )


def _check_errata(promise: Promise, errata: Errata) -> None:
    for index, known in enumerate(promise.known):
        if known.erratum not in errata.by_id:
            raise promise.document.error(
                ("promises", promise.id, "known", index, "erratum"),
                f"unknown erratum {known.erratum!r}",
                hint=nearest(known.erratum, errata.by_id, what="errata"),
            )


def _matches(operation: OperationKey, patterns: Iterable[str]) -> bool:
    return any(operation.matches(pattern) for pattern in patterns)


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(str(item) for item in as_list(value))
