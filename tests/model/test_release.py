import pytest
from hypothesis import given

from preflight.model.release import Release, ReleaseRange
from tests.model.strategies import RELEASE_RANGES, RELEASES


@given(RELEASES)
def test_every_release_is_read_back_from_its_text(release: Release) -> None:
    assert Release.parse(str(release)) == release


@given(RELEASE_RANGES)
def test_every_range_is_read_back_from_its_text(releases: ReleaseRange) -> None:
    assert ReleaseRange(str(releases)) == releases


@given(RELEASES)
def test_a_release_lies_in_the_range_of_all_releases_and_in_its_own(release: Release) -> None:
    assert release in ReleaseRange()
    assert release in ReleaseRange(f"=={release}")
    assert release not in ReleaseRange(f"<{release}")


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("8.0", Release(8, 0)),
        ("v6.14", Release(6, 14)),
        (" 6.14.2 ", Release(6, 14, 2)),
        ("6.14.0-develop", Release(6, 14)),
        ("8.0.0-rc.3", Release(8, 0)),
    ],
)
def test_releases_are_read_as_servers_spell_them(text: str, release: Release) -> None:
    assert Release.parse(text) == release


@pytest.mark.parametrize("text", ["", "eight", "8", "8.x", "6,14"])
def test_what_is_no_release_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no release"):
        Release.parse(text)


def test_what_is_no_range_is_refused() -> None:
    with pytest.raises(ValueError, match="is no release range"):
        ReleaseRange("since 7")


def test_releases_order_by_number_and_not_by_spelling() -> None:
    assert Release.parse("6.14") > Release.parse("6.9")
