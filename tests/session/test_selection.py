"""The selection: what a run is about, chosen by patterns, profile and shard."""

from pathlib import Path

import pytest

from preflight import paths
from preflight.catalog.catalog import Catalog, load_catalog
from preflight.errors import UsageError
from preflight.model.operation import OperationKey
from preflight.model.release import Release
from preflight.model.shard import Shard
from preflight.session.selection import Selection, select

RELEASE = Release(8, 0)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(RELEASE, root=paths.CONTRACTS)


def chosen(catalog: Catalog, *only: str, profile: str = "full", shard: Shard | None = None) -> Selection:
    def kept(release: Release, *, root: Path) -> Catalog:
        del release, root
        return catalog

    return select(RELEASE, only=only, profile=profile, shard=shard, load=kept)


def test_selecting_says_what_is_near(catalog: Catalog) -> None:
    with pytest.raises(UsageError) as told:
        chosen(catalog, profile="room")
    assert "rooms" in told.value.hint


def test_a_pattern_selects_operations_with_their_claims_and_cases(catalog: Catalog) -> None:
    selection = chosen(catalog, "GET rooms.info")
    info = OperationKey.parse("GET rooms.info")
    assert selection.operations == (info,)
    assert {claim.operation for claim in selection.claims} == {info}
    assert {case.operation for case in (*selection.accepted(), *selection.refused())} == {info}
    assert selection.first_accepted(info) == selection.accepted()[0]


def test_an_operation_that_is_not_selected_has_no_case(catalog: Catalog) -> None:
    assert chosen(catalog, "GET rooms.info").first_accepted(OperationKey.parse("GET rooms.get")) is None


def test_a_pattern_that_selects_nothing_is_told(catalog: Catalog) -> None:
    with pytest.raises(UsageError, match=r"nothing is selected by rooms\.nothing"):
        chosen(catalog, "rooms.nothing")


def test_shards_share_what_is_selected_and_leave_nothing_out(catalog: Catalog) -> None:
    whole = chosen(catalog, "rooms.*")
    parts = [chosen(catalog, "rooms.*", shard=Shard(index, 2)) for index in (1, 2)]
    assert sorted(key for part in parts for key in part.operations) == sorted(whole.operations)
    assert not set(parts[0].operations) & set(parts[1].operations)


def test_more_shards_than_operations_are_refused(catalog: Catalog) -> None:
    with pytest.raises(UsageError) as told:
        chosen(catalog, "GET rooms.info", shard=Shard(2, 2))
    assert "1 shards at most" in told.value.hint
