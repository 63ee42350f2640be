"""Freezing: the sets of this version list what the contracts hold, and those of others never change."""

from dataclasses import replace
from pathlib import Path

import pytest

from preflight import __version__, paths
from preflight.catalog.requirements import (
    RequirementSet,
    Weight,
    file_of,
    load_requirements,
    released,
    versions,
)
from preflight.certificate.appraisal import appraise
from preflight.certificate.freezing import Places, catalogs, departures, freeze, write
from preflight.errors import UsageError
from preflight.model.claim import ClaimId
from preflight.model.release import Release
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.reporting.folder import open_run

ROUTE = ClaimId.parse("GET autotranslate.getSupportedLanguages#route")


@pytest.fixture(scope="module")
def places() -> Places:
    return catalogs(paths.CONTRACTS, paths.CONTRACTS / "schemas")


@pytest.fixture
def run(desk: Path) -> Run:
    return open_run(desk / "run")


def test_the_sets_of_this_version_list_what_the_contracts_hold(places: Places) -> None:
    profiles = next(iter(places.values())).profiles
    sets = {name: load_requirements(file_of(__version__, name)) for name in profiles}
    found = departures(places, sets)
    assert not found, "claims changed: run preflight requirements, and commit what it writes\n" + "\n".join(found)


def test_what_runs_judged_is_required_and_what_may_be_absent_is_not(places: Places, run: Run) -> None:
    made = freeze("9.0", places, [run])["auto-translate"].at(Release(8, 0))
    assert made[ROUTE].weight is Weight.REQUIRED
    language = ClaimId.parse("GET autotranslate.getSupportedLanguages#field:200.languages[].language")
    assert made[language].weight is Weight.WHERE_SHOWN


def test_what_no_case_can_judge_is_asked_of_nobody(places: Places, run: Run) -> None:
    unseen = replace(run.claims[ROUTE], verdict=Verdict.INCONCLUSIVE, checks=())
    blind = replace(run, claims={**run.claims, ROUTE: unseen})
    assert freeze("9.0", places, [blind])["auto-translate"].at(Release(8, 0))[ROUTE].weight is Weight.UNJUDGED
    assert freeze("9.0", places, [blind, run])["auto-translate"].at(Release(8, 0))[ROUTE].weight is Weight.REQUIRED


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda run: replace(run, verdict=Verdict.FAIL),
        lambda run: replace(run, interrupted=True),
        lambda run: replace(run, environment={**run.environment, "only": "chat.*"}),
    ],
)
def test_sets_are_made_of_whole_runs_that_conform(places: Places, run: Run, spoiled: object) -> None:
    assert callable(spoiled)
    with pytest.raises(UsageError, match="reference run"):
        freeze("9.0", places, [spoiled(run)])
    with pytest.raises(UsageError, match="no reference run"):
        freeze("9.0", places, [])


def smaller(made: RequirementSet) -> RequirementSet:
    """The set as it was before the route of an operation was asked for."""
    return replace(made, preflight="0.9", requirements=tuple(one for one in made.requirements if one.claim != ROUTE))


def test_a_suite_that_grew_fails_no_holder_of_yesterday(places: Places, run: Run, tmp_path: Path) -> None:
    grown = freeze("1.0", places, [run])["auto-translate"]
    write({"auto-translate": smaller(grown)}, "0.9", tmp_path)
    before = file_of("0.9", "auto-translate", root=tmp_path).read_bytes()
    write({"auto-translate": grown}, "1.0", tmp_path)
    assert file_of("0.9", "auto-translate", root=tmp_path).read_bytes() == before
    assert versions(tmp_path) == ("0.9", "1.0")
    assert set(released(tmp_path)) == {"0.9"}
    broken = replace(run, claims={**run.claims, ROUTE: replace(run.claims[ROUTE], verdict=Verdict.FAIL)})
    broken = replace(
        broken,
        outcomes=tuple(replace(one, verdict=Verdict.FAIL) if one.claim == ROUTE else one for one in broken.outcomes),
    )
    old = load_requirements(file_of("0.9", "auto-translate", root=tmp_path))
    assert appraise(broken, old).grounds == ()
    assert [ground.verdict for ground in appraise(broken, grown).grounds] == [Verdict.FAIL]


def test_a_released_set_cannot_be_changed(places: Places, run: Run, tmp_path: Path) -> None:
    grown = freeze("1.0", places, [run])["auto-translate"]
    write({"auto-translate": smaller(grown)}, "0.9", tmp_path)
    write({"auto-translate": grown}, "1.0", tmp_path)
    with pytest.raises(UsageError, match="are released and stay as they are"):
        write({"auto-translate": grown}, "0.9", tmp_path)
    file_of("0.9", "auto-translate", root=tmp_path).write_text(grown.text(), encoding="utf-8")
    with pytest.raises(UsageError, match="are not what they were"):
        write({"auto-translate": grown}, "1.0", tmp_path)


def test_claims_that_are_new_are_told(places: Places, run: Run) -> None:
    sets = freeze(__version__, places, [run])
    assert departures(places, sets) == ()
    told = departures(places, {**sets, "auto-translate": smaller(sets["auto-translate"])})
    assert told
    assert all(f"for instance {ROUTE}" in line for line in told)
    assert departures(places, {name: one for name, one in sets.items() if name != "rooms"})
