"""Requirement sets: what a profile requires in one version of Preflight, claim by claim, for every release.

A set is frozen when its version is released: suites grow, and a certificate given before must keep its meaning.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Final

from preflight import paths
from preflight.catalog.documents import Document, dump, load
from preflight.catalog.errata import parse_range
from preflight.catalog.profile import Strictness
from preflight.catalog.schema_check import check
from preflight.model.claim import ClaimId
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.release import Release, ReleaseRange

FOLDER: Final = "requirements"
RELEASED: Final = "released.yaml"


class Weight(StrEnum):
    """How much a profile asks of a claim.

    REQUIRED must hold. WHERE_SHOWN must hold wherever an answer shows it, and need not be shown: a field that may be
    absent. ADVISORY is reported. UNJUDGED is not part of what is asked: no case of this version can judge it.
    """

    REQUIRED = "required"
    WHERE_SHOWN = "where_shown"
    ADVISORY = "advisory"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One claim of a set: how much is asked of it, for which releases, and of which edition; empty stands for both."""

    claim: ClaimId
    weight: Weight
    releases: ReleaseRange
    edition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementSet:
    """What `profile` requires in the version `preflight`; `releases` are those that it speaks about."""

    preflight: str
    profile: str
    title: str
    strictness: Strictness
    releases: ReleaseRange
    requirements: tuple[Requirement, ...]

    @property
    def name(self) -> str:
        """How a certificate names it: ``0.1.0/messaging``."""
        return f"{self.preflight}/{self.profile}"

    def at(self, release: Release) -> Mapping[ClaimId, Requirement]:
        """Give what is asked of a release, by claim."""
        return {one.claim: one for one in self.requirements if release in one.releases}

    def text(self) -> str:
        """Print the set as the file that it is frozen as: sorted, the same set gives the same bytes."""
        return dump(
            {
                "preflight": self.preflight,
                "profile": self.profile,
                "title": self.title,
                "strictness": str(self.strictness),
                "releases": str(self.releases),
                **{str(weight): listed for weight in Weight if (listed := self._listed(weight))},
            }
        )

    def _listed(self, weight: Weight) -> Sequence[Json]:
        groups: defaultdict[tuple[str, str], defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for one in sorted(self.requirements, key=lambda one: one.claim):
            if one.weight is weight:
                operation, _, rest = str(one.claim).partition("#")
                groups[one.releases.text, one.edition][operation].append(rest)
        return [
            {"releases": releases, **({"edition": edition} if edition else {}), "claims": dict(claims)}
            for (releases, edition), claims in sorted(groups.items())
        ]


def file_of(version: str, profile: str, *, root: Path = paths.CONTRACTS) -> Path:
    """Say where a set is kept."""
    return root / FOLDER / version / f"{profile}.yaml"


def load_requirements(path: Path) -> RequirementSet:
    """Read a set from its file.

    Raises:
        FileError: where the file is none.
    """
    return read_requirements(load(path))


def read_requirements(document: Document) -> RequirementSet:
    """Read a set from a document.

    Raises:
        FileError: where the document is none.
    """
    check(document, paths.CONTRACTS / "schemas" / "requirements.schema.json")
    data = as_object(document.data)
    return RequirementSet(
        preflight=str(data["preflight"]),
        profile=str(data["profile"]),
        title=str(data["title"]),
        strictness=Strictness(str(data["strictness"])),
        releases=parse_range(document, ("releases",), str(data["releases"])),
        requirements=tuple(_requirements(document, data)),
    )


def _requirements(document: Document, data: JsonObject) -> Iterator[Requirement]:
    for weight in Weight:
        for index, item in enumerate(as_list(data.get(str(weight)))):
            pointer = (str(weight), index)
            group = as_object(item)
            releases = parse_range(document, (*pointer, "releases"), str(group["releases"]))
            for operation, tails in as_object(group["claims"]).items():
                for tail in as_list(tails):
                    try:
                        claim = ClaimId.parse(f"{operation}#{tail}")
                    except ValueError as problem:
                        raise document.error(
                            (*pointer, "claims", operation), str(problem), hint="this file is written by a command"
                        ) from problem
                    edition = str(group.get("edition", ""))
                    yield Requirement(claim=claim, weight=weight, releases=releases, edition=edition)


def released(root: Path = paths.CONTRACTS) -> Mapping[str, Mapping[str, str]]:
    """Give for each released version the SHA-256 of the file of each profile.

    Raises:
        FileError: where the file that lists them is wrong.
    """
    path = root / FOLDER / RELEASED
    if not path.exists():
        return {}
    document = load(path)
    check(document, paths.CONTRACTS / "schemas" / "released.schema.json")
    return {
        version: {profile: str(digest) for profile, digest in as_object(digests).items()}
        for version, digests in as_object(document.data).items()
    }


def versions(root: Path = paths.CONTRACTS) -> tuple[str, ...]:
    """List the versions that have sets."""
    folder = root / FOLDER
    return tuple(sorted(path.name for path in folder.iterdir() if path.is_dir())) if folder.is_dir() else ()


def digests_of(version: str, *, root: Path = paths.CONTRACTS) -> Mapping[str, str]:
    """Give the SHA-256 of each file of a version, by profile."""
    return {
        path.stem: sha256(path.read_bytes()).hexdigest() for path in sorted((root / FOLDER / version).glob("*.yaml"))
    }


def spans(points: Sequence[Release], at: Iterable[Release]) -> tuple[ReleaseRange, ...]:
    """Give the fewest ranges that hold at some of the turning `points` and not at the others.

    The first point stands for all that lies before it as well: a set says by itself where it begins.
    """
    holding = set(at)
    found: list[ReleaseRange] = []
    begin: Release | None = None
    for index, point in enumerate(points):
        if point in holding and (index == 0 or points[index - 1] not in holding):
            begin = point
        ends = index + 1 == len(points) or points[index + 1] not in holding
        if point in holding and ends and begin is not None:
            parts = [] if begin == points[0] else [f">={begin}"]
            parts += [] if index + 1 == len(points) else [f"<{points[index + 1]}"]
            found.append(ReleaseRange(",".join(parts)))
    return tuple(found)
