"""The ground: which checks a profile asks, and what a target must be."""

from dataclasses import replace
from pathlib import Path

import pytest

from preflight.catalog.cases import Needs
from preflight.catalog.profile import Strictness
from preflight.checks.known import CHECKS
from preflight.session.circumstances import CircumstanceError, NotApplicableError
from tests.session.theatre import INFO, theatre


@pytest.mark.parametrize(
    ("strictness", "left_out"),
    [
        (Strictness.ENVELOPE, {"field.type", "field.required", "success.closed"}),
        (Strictness.TYPED, {"field.required", "success.closed"}),
        (Strictness.REQUIRED, {"success.closed"}),
        (Strictness.CLOSED, set()),
    ],
)
def test_a_profile_asks_as_strictly_as_it_says(tmp_path: Path, strictness: Strictness, left_out: set[str]) -> None:
    ground = theatre(tmp_path).ground
    ground.strictness = strictness
    assert set(CHECKS) - set(ground.asked(CHECKS)) == left_out


def test_checks_keep_their_order(tmp_path: Path) -> None:
    assert theatre(tmp_path).ground.asked(["success.status", "success.closed", "field.type"]) == (
        "success.status",
        "field.type",
    )


@pytest.mark.parametrize(
    ("enterprise", "error", "told"),
    [
        (False, NotApplicableError, "the workspace is of the community edition"),
        (None, CircumstanceError, "the workspace does not tell its edition"),
    ],
)
def test_a_case_for_another_edition_says_why_it_is_not_played(
    tmp_path: Path,
    enterprise: bool | None,  # noqa: FBT001 (a parameter of the test)
    error: type[Exception],
    told: str,
) -> None:
    world = theatre(tmp_path)
    world.ground.enterprise = enterprise
    case = replace(world.case("by-id"), needs=Needs(edition="enterprise"))
    with pytest.raises(error, match=told):
        world.ground.meet(case)


def test_a_case_for_this_edition_or_any_is_played(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    for edition in ("community", None):
        world.ground.meet(replace(world.case("by-id"), needs=Needs(edition=edition)))


def test_a_setting_that_must_be_found_so_is_read_once_and_never_changed(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET settings/Provider": (200, {"success": True, "value": "deepl"})})
    case = replace(world.case("by-id"), needs=Needs(found={"Provider": "deepl"}))
    world.ground.meet(case)
    world.ground.meet(case)
    assert world.target.names == ["admin GET settings/Provider"]


def test_a_setting_that_is_found_otherwise_is_the_evidence(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET settings/Provider": (200, {"success": True, "value": "google"})})
    case = replace(world.case("by-id"), needs=Needs(found={"Provider": "deepl"}))
    with pytest.raises(NotApplicableError, match="Provider was found to be 'google', the case is about 'deepl'"):
        world.ground.meet(case)
    assert world.target.names == ["admin GET settings/Provider"]


def test_a_setting_that_cannot_be_read_proves_nothing(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET settings/Provider": (403, {"success": False, "error": "unauthorized"})})
    case = replace(world.case("by-id"), needs=Needs(found={"Provider": "deepl"}))
    with pytest.raises(CircumstanceError, match="Provider could not be read: 403, unauthorized"):
        world.ground.meet(case)


def test_the_baseline_is_what_the_simplest_accepted_case_sends(tmp_path: Path) -> None:
    ground = theatre(tmp_path).ground
    assert ground.baseline(INFO) == {"header.X-Auth-Token", "header.X-User-Id", "query.roomId"}
