"""Profiles: what a conformance level requires."""

from itertools import pairwise

from preflight.catalog.profile import Strictness
from preflight.model.claim import ClaimId
from preflight.model.operation import OperationKey
from tests.catalog.miniature import Miniature


def test_a_profile_requires_claims_of_its_kinds_and_operations(miniature: Miniature) -> None:
    profile = miniature.load().profiles["rooms"]
    assert (profile.title, profile.strictness) == ("rooms", Strictness.TYPED)
    assert profile.selects(OperationKey.parse("POST rooms.rename"))
    assert profile.requires(ClaimId.parse("GET rooms.info#route"))
    assert not profile.requires(ClaimId.parse("GET rooms.info#method"))
    assert not profile.requires(ClaimId.parse("GET chat.search#route"))


def test_each_strictness_includes_those_before_it() -> None:
    assert [str(level) for level in Strictness] == ["envelope", "typed", "required", "closed"]
    assert all(later.includes(earlier) and not earlier.includes(later) for earlier, later in pairwise(Strictness))
