"""Errata: where documentation and servers are known to part, for which releases, and by what evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from preflight.catalog.documents import Document, Pointer, load
from preflight.catalog.nearest import nearest
from preflight.catalog.overlay import ERRATUM, Action, read_action
from preflight.catalog.schema_check import check
from preflight.errors import FileError
from preflight.model.json import as_list, as_object
from preflight.model.operation import OperationKey
from preflight.model.release import Release, ReleaseRange


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """One departure of servers from documentation.

    `operations` are globs; `family` is the contract it is limited to, None for all; `security` tells that what is
    served is a weakness; `actions` are its own, in their order within the file, none where it is about behaviour
    that no claim expresses.
    """

    id: str
    operations: tuple[str, ...]
    releases: ReleaseRange
    documented: str
    served: str
    evidence: tuple[str, ...]
    security: bool
    family: str | None
    document: Document = field(repr=False, compare=False)
    actions: tuple[Action, ...] = field(repr=False)

    @property
    def file(self) -> Path:
        """Where it is written."""
        return self.document.path

    def is_about(self, operation: OperationKey) -> bool:
        """Tell whether it names an operation."""
        return any(operation.matches(pattern) for pattern in self.operations)

    def error(self, key: str, what: str, *, hint: str) -> FileError:
        """Build the error that names the line of this erratum's `key`."""
        return self.document.error(("x-errata", self.id, key), what, hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errata:
    """Every erratum by id, and all actions in the order in which they apply."""

    by_id: dict[str, Erratum]
    actions: tuple[Action, ...]

    def applicable(self, release: Release) -> dict[str, Erratum]:
        """Give the errata that hold for a release."""
        return {id_: erratum for id_, erratum in self.by_id.items() if release in erratum.releases}


def load_errata(files: Sequence[Path], schema: Path) -> Errata:
    """Read errata files; they apply in the order given.

    Raises:
        FileError: where a file is wrong: its form, an id twice or unknown, a range, a JSONPath.
    """
    by_id: dict[str, Erratum] = {}
    actions: list[Action] = []
    for file in files:
        document = load(file)
        check(document, schema)
        in_file = _actions(document)
        for erratum in _errata(document, in_file):
            if erratum.id in by_id:
                raise erratum.error(
                    "", f"the erratum {erratum.id} stands in {by_id[erratum.id].file.name} already", hint="rename one"
                )
            by_id[erratum.id] = erratum
        actions += in_file
    return Errata(by_id=by_id, actions=tuple(actions))


def family_of(path: Path) -> str:
    """Name the contract that a file is: ``rooms`` for ``rest/rooms.yaml``, ``realtime/rooms`` beside it."""
    return path.stem if path.parent.name == "rest" else f"{path.parent.name}/{path.stem}"


def parse_range(document: Document, pointer: Pointer, text: str) -> ReleaseRange:
    """Read a range of releases.

    Raises:
        FileError: where the text is none.
    """
    try:
        return ReleaseRange(text)
    except ValueError as problem:
        raise document.error(pointer, str(problem), hint="write '>=7.0,<8.3', or '' for every release") from problem


def _actions(document: Document) -> list[Action]:
    data = as_object(document.data)
    known = as_object(data["x-errata"])
    actions = []
    for index, item in enumerate(as_list(data["actions"])):
        entry, pointer = as_object(item), ("actions", index)
        if entry[ERRATUM] not in known:
            raise document.error(
                (*pointer, ERRATUM),
                f"unknown erratum {entry[ERRATUM]!r}",
                hint=nearest(str(entry[ERRATUM]), known, what="errata of this file"),
            )
        if ("update" in entry) == (entry.get("remove") is True):
            raise document.error(
                pointer, "an action has either update or remove: true", hint="keep one; split what needs both"
            )
        actions.append(read_action(document, pointer, entry))
    return actions


def _errata(document: Document, actions: list[Action]) -> list[Erratum]:
    data = as_object(document.data)
    extends = data.get("extends")
    errata = []
    for id_, value in as_object(data["x-errata"]).items():
        entry, pointer = as_object(value), ("x-errata", id_)
        own = tuple(action for action in actions if action.erratum == id_)
        errata.append(
            Erratum(
                id=id_,
                operations=tuple(str(pattern) for pattern in as_list(entry["operations"])),
                releases=parse_range(document, (*pointer, "releases"), str(entry["releases"])),
                documented=str(entry["documented"]),
                served=str(entry["served"]),
                evidence=tuple(str(text) for text in as_list(entry["evidence"])),
                security=entry.get("security") is True,
                family=None if extends is None else family_of(Path(str(extends))),
                document=document,
                actions=own,
            )
        )
    return errata
