"""Turning points: the releases at which what is promised changes; between two of them a catalog stays the same."""

from collections.abc import Iterator
from pathlib import Path

from packaging.specifiers import SpecifierSet

from preflight.catalog.changes import changes_of
from preflight.catalog.contract import operations_of, pointer_of
from preflight.catalog.documents import load
from preflight.catalog.errata import load_errata
from preflight.model.release import Release, ReleaseRange

_AT_ITSELF = {">=", "<"}


def turning_points(root: Path, *, schemas: Path, oldest: Release) -> tuple[Release, ...]:
    """List the releases from `oldest` on at which errata begin or end to hold, or pages say that something changed.

    Raises:
        FileError: where a file of contracts/ is wrong.
    """
    found = {oldest}
    for erratum in load_errata(sorted((root / "errata").glob("*.yaml")), schemas / "errata.schema.json").by_id.values():
        found.update(_edges(erratum.releases))
    for path in [*sorted((root / "rest").glob("*.yaml")), *sorted((root / "realtime").glob("*.yaml"))]:
        document = load(path)
        for route, method, operation in operations_of(document.data):
            found.update(change.release for change in changes_of(operation, document, pointer_of(route, method)))
    return tuple(sorted(release for release in found if release >= oldest))


def _edges(releases: ReleaseRange) -> Iterator[Release]:
    for part in SpecifierSet(releases.text):
        at = Release.parse(part.version.removesuffix(".*"))
        yield at
        if part.operator not in _AT_ITSELF:
            # What ends after a release, or holds for one alone, ends at the next one: of whichever sort is meant.
            yield Release(at.major, at.minor, at.patch + 1)
            yield Release(at.major, at.minor + 1)
            yield Release(at.major + 1, 0)
