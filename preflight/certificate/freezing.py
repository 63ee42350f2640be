"""Freezing: makes the requirement sets of this version of Preflight, and lets nobody change those of another.

What a claim weighs is partly seen and not reasoned: a claim that runs against workspaces which keep every promise
never came to judge is asked of nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from preflight.catalog.catalog import Catalog, load_catalog
from preflight.catalog.claims import may_be_absent
from preflight.catalog.documents import dump
from preflight.catalog.requirements import (
    FOLDER,
    RELEASED,
    Requirement,
    RequirementSet,
    Weight,
    digests_of,
    file_of,
    released,
    spans,
    versions,
)
from preflight.catalog.turning_points import turning_points
from preflight.certificate.cases import id_of
from preflight.errors import UsageError
from preflight.model.claim import ClaimId, Level
from preflight.model.release import Release, ReleaseRange
from preflight.model.run import Run
from preflight.model.verdict import Verdict

OLDEST: Final = Release(6, 14)

Places = Mapping[Release, Catalog]


def catalogs(root: Path, schemas: Path) -> Places:
    """Load the catalog of each turning point."""
    return {point: load_catalog(point, root=root) for point in turning_points(root, schemas=schemas, oldest=OLDEST)}


def freeze(version: str, places: Places, references: Iterable[Run]) -> Mapping[str, RequirementSet]:
    """Make the set of each profile from the catalogs of all turning points and from runs that conform.

    Raises:
        UsageError: when a reference run found a promise broken, was not whole, or none was given.
    """
    runs = tuple(references)
    for run in runs:
        _insist_on_reference(run)
    if not runs:
        raise UsageError("no reference run was given", hint="requirement sets are made from runs that conform")
    bound = _bound_to_editions(places, runs)
    blind = _never_judged(runs) - set(bound)
    first = next(iter(places.values()))
    return {
        name: RequirementSet(
            preflight=version,
            profile=name,
            title=profile.title,
            strictness=profile.strictness,
            releases=ReleaseRange(f">={OLDEST}"),
            requirements=tuple(_requirements(name, places, blind, bound)),
        )
        for name, profile in first.profiles.items()
    }


def write(sets: Mapping[str, RequirementSet], version: str, root: Path) -> tuple[Path, ...]:
    """Write the sets of `version` and note down the digests of every other version, which is released by now.

    Raises:
        UsageError: when a set of a released version is not what it was.
    """
    insist_on_released(root)
    if version in released(root):
        raise UsageError(
            f"the requirement sets of {version} are released and stay as they are",
            hint="raise the version of Preflight first",
        )
    paths = []
    for name, made in sorted(sets.items()):
        path = file_of(version, name, root=root)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made.text(), encoding="utf-8")
        paths.append(path)
    for path in set((root / FOLDER / version).glob("*.yaml")) - set(paths):
        path.unlink()
    noted = {one: dict(digests_of(one, root=root)) for one in versions(root) if one != version}
    if noted:
        (root / FOLDER / RELEASED).write_text(dump(noted), encoding="utf-8")
    return tuple(paths)


def insist_on_released(root: Path) -> None:
    """Accept that the sets of released versions are what they were.

    Raises:
        UsageError: when one is not.
    """
    for version, noted in released(root).items():
        if digests_of(version, root=root) != noted:
            raise UsageError(
                f"the requirement sets of the released version {version} are not what they were",
                hint="restore them: certificates were given by them",
            )


def departures(places: Places, sets: Mapping[str, RequirementSet]) -> tuple[str, ...]:
    """Say in which profiles, at which releases, the sets do not list what the catalogs hold."""
    found = []
    names = sorted({*sets, *next(iter(places.values())).profiles})
    for name in names:
        for release, catalog in places.items():
            profile = catalog.profiles.get(name)
            asked = {claim for claim in catalog.claims if profile and profile.requires(claim)}
            listed = set(sets[name].at(release)) if name in sets else set()
            if asked != listed:
                example = min(asked ^ listed)
                found.append(
                    f"{name} at {release}: {len(asked - listed)} claims are new, {len(listed - asked)} are gone, "
                    f"for instance {example}"
                )
    return tuple(found)


def _requirements(
    profile: str, places: Places, blind: frozenset[ClaimId], bound: Mapping[ClaimId, str]
) -> Iterable[Requirement]:
    held: dict[tuple[ClaimId, Weight], list[Release]] = {}
    for release, catalog in places.items():
        absent = {name for contract in catalog.contracts.values() for name in may_be_absent(contract)}
        for name, claim in catalog.claims.items():
            if catalog.profiles[profile].requires(name):
                weight = _weight(advisory=claim.level is Level.SHOULD, absent=name in absent, blind=name in blind)
                held.setdefault((name, weight), []).append(release)
    for (name, weight), at in held.items():
        for releases in spans(tuple(places), at):
            yield Requirement(claim=name, weight=weight, releases=releases, edition=bound.get(name, ""))


def _weight(*, advisory: bool, absent: bool, blind: bool) -> Weight:
    if advisory:
        return Weight.ADVISORY
    if absent:
        return Weight.WHERE_SHOWN
    return Weight.UNJUDGED if blind else Weight.REQUIRED


def _never_judged(runs: tuple[Run, ...]) -> frozenset[ClaimId]:
    """Give the claims that runs had and that none of them judged."""
    known = {name for run in runs for name in run.claims}
    return frozenset(known - {name for run in runs for name, result in run.claims.items() if result.judged})


def _bound_to_editions(places: Places, runs: tuple[Run, ...]) -> Mapping[ClaimId, str]:
    """Give the claims that only cases of one edition can judge: those that did, or where none did, that could not."""
    telling: defaultdict[ClaimId, set[str]] = defaultdict(set)
    silent: defaultdict[ClaimId, set[str]] = defaultdict(set)
    for run in runs:
        editions = _editions(places, Release.parse(run.release))
        for outcome in run.outcomes:
            seen = telling if outcome.verdict in {Verdict.PASS, Verdict.FAIL} else silent
            seen[outcome.claim].add(editions.get(outcome.case, ""))
    editions_of = {**silent, **telling}
    return {name: next(iter(found)) for name, found in editions_of.items() if len(found) == 1 and "" not in found}


def _editions(places: Places, release: Release) -> Mapping[str, str]:
    """Give for the id of each case that needs an edition which one it is."""
    catalog = places[max(point for point in places if point <= release)]
    return {id_of(case): case.needs.edition for case in catalog.cases if case.needs.edition}


def _insist_on_reference(run: Run) -> None:
    whole = not run.interrupted and not run.environment.get("only")
    if run.verdict is not Verdict.PASS or not whole:
        raise UsageError(
            f"the reference run {run.id} of release {run.release} ended with {run.verdict}",
            hint="requirement sets are made from whole runs that conform; see what that run found",
        )
