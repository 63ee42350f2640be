"""Requirement sets: printed and read back, ranges, and that the committed ones are whole and frozen."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight import __version__, paths
from preflight.catalog.documents import load_text
from preflight.catalog.profile import Strictness
from preflight.catalog.requirements import (
    Requirement,
    RequirementSet,
    Weight,
    digests_of,
    file_of,
    load_requirements,
    read_requirements,
    released,
    spans,
    versions,
)
from preflight.catalog.turning_points import turning_points
from preflight.errors import FileError
from preflight.model.release import Release, ReleaseRange
from tests.catalog.miniature import Miniature
from tests.model.strategies import CLAIM_IDS

PROFILES = sorted(path.stem for path in (paths.CONTRACTS / "profiles").glob("*.yaml"))
REQUIREMENTS = st.builds(
    Requirement,
    claim=CLAIM_IDS,
    weight=st.sampled_from(Weight),
    releases=st.sampled_from([ReleaseRange(), ReleaseRange("<8.0"), ReleaseRange(">=7.0,<8.3")]),
    edition=st.sampled_from(["", "community", "enterprise"]),
)
SETS = st.builds(
    RequirementSet,
    preflight=st.just("0.1.0"),
    profile=st.just("messaging"),
    title=st.just("messaging"),
    strictness=st.sampled_from(Strictness),
    releases=st.just(ReleaseRange(">=6.14")),
    requirements=st.lists(REQUIREMENTS, max_size=12, unique_by=lambda one: one.claim).map(tuple),
)


@given(SETS)
def test_a_set_is_read_as_it_was_printed(made: RequirementSet) -> None:
    again = read_requirements(load_text(made.text(), "set.yaml"))
    assert set(again.requirements) == set(made.requirements)
    assert again.text() == made.text()


@given(st.sets(st.integers(0, 5)))
def test_ranges_hold_where_they_must_and_nowhere_else(at: set[int]) -> None:
    points = tuple(Release(7, number) for number in range(6))
    ranges = spans(points, [points[index] for index in at])
    for index, point in enumerate(points):
        assert any(point in one for one in ranges) is (index in at)
    assert Release(6, 0) in ranges[0] if 0 in at else True
    assert any(Release(9, 0) in one for one in ranges) is (5 in at)


def test_the_turning_points_are_where_errata_and_pages_say_that_something_changes(miniature: Miniature) -> None:
    points = turning_points(miniature.root, schemas=paths.CONTRACTS / "schemas", oldest=Release(6, 14))
    assert points[0] == Release(6, 14)
    assert Release(7, 1) in points


def test_a_set_that_names_no_claim_is_told_with_its_line() -> None:
    text = (
        "preflight: 0.1.0\nprofile: p\ntitle: t\nstrictness: typed\nreleases: ''\n"
        "required:\n- releases: ''\n  claims:\n    GET rooms.info: [nonsense]\n"
    )
    with pytest.raises(FileError, match=r"set.yaml:9: .*is no claim"):
        read_requirements(load_text(text, "set.yaml"))


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_has_a_set_that_is_printed_as_it_would_be(profile: str) -> None:
    path = file_of(__version__, profile)
    made = load_requirements(path)
    assert made.text() == path.read_text(encoding="utf-8")
    assert (made.preflight, made.profile) == (__version__, profile)


@pytest.mark.parametrize("release", [Release(6, 14), Release(8, 0), Release(8, 8)])
def test_what_a_small_profile_asks_the_full_one_asks_as_well(release: Release) -> None:
    full = load_requirements(file_of(__version__, "full")).at(release)
    for profile in PROFILES:
        asked = load_requirements(file_of(__version__, profile)).at(release)
        assert asked
        assert {name: full[name] for name in asked} == asked


def test_the_sets_of_released_versions_are_what_they_were() -> None:
    assert {version: digests_of(version) for version in released()} == dict(released())


def test_every_version_but_this_one_is_released() -> None:
    """Where this fails: run ``preflight requirements`` after the version was raised, and commit what it writes."""
    assert set(versions()) - set(released()) <= {__version__}
    assert __version__ in versions()


def test_digests_are_those_of_the_files(tmp_path: Path) -> None:
    path = file_of("1.0", "p", root=tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x")
    assert digests_of("1.0", root=tmp_path) == {"p": sha256(b"x").hexdigest()}
    assert versions(tmp_path) == ("1.0",)
    assert released(tmp_path) == {}
