"""Appraisal: what each result of a claim means for a certificate, by the weight that the claim has."""

from dataclasses import replace

import pytest

from preflight.catalog.profile import Strictness
from preflight.catalog.requirements import Requirement, RequirementSet, Weight
from preflight.certificate.appraisal import Appraisal, appraise, in_words
from preflight.model.claim import ClaimId
from preflight.model.outcome import Outcome
from preflight.model.release import ReleaseRange
from preflight.model.run import ClaimResult, Run
from preflight.model.verdict import Verdict
from tests.reporting.sample import sample_run

RUN = sample_run()

ABOUT = ClaimId.parse("GET rooms.info#route")
OTHER = ClaimId.parse("GET rooms.info#authentication")


def run_with(verdict: Verdict, *, seen: bool = True, edition: str = "enterprise", waiver: str | None = None) -> Run:
    """A run of two claims: one that holds, and one with a verdict."""
    judged = verdict in {Verdict.PASS, Verdict.FAIL}
    claims = {
        OTHER: ClaimResult(claim=RUN.claims[OTHER].claim, verdict=Verdict.PASS, checks=("one",)),
        ABOUT: ClaimResult(
            claim=RUN.claims[ABOUT].claim,
            verdict=verdict,
            checks=("one",) if judged else (),
            reason="" if judged else "because",
            waiver=waiver,
        ),
    }
    outcomes = (
        Outcome(claim=OTHER, check="one", case="c", verdict=Verdict.PASS),
        *((Outcome(claim=ABOUT, check="one", case="c", verdict=verdict),) if seen else ()),
    )
    environment = {"edition": edition, "strictness": "required"}
    return replace(
        RUN, release="8.0", interrupted=False, claims=claims, outcomes=outcomes, cases=(), environment=environment
    )


def appraised(run: Run, weight: Weight, edition: str = "") -> Appraisal:
    asked = RequirementSet(
        preflight="1",
        profile="p",
        title="p",
        strictness=Strictness.TYPED,
        releases=ReleaseRange(">=6.14"),
        requirements=(
            Requirement(claim=OTHER, weight=Weight.REQUIRED, releases=ReleaseRange()),
            Requirement(claim=ABOUT, weight=weight, releases=ReleaseRange(), edition=edition),
        ),
    )
    return appraise(run, asked)


@pytest.mark.parametrize("weight", [Weight.REQUIRED, Weight.WHERE_SHOWN, Weight.ADVISORY])
def test_what_holds_is_certified(weight: Weight) -> None:
    found = appraised(run_with(Verdict.PASS), weight)
    assert set(found.passed) == {OTHER, ABOUT}
    assert found.grounds == ()


@pytest.mark.parametrize(
    ("weight", "verdict", "words"),
    [
        (Weight.REQUIRED, Verdict.FAIL, "a required promise is broken: GET rooms.info#route"),
        (Weight.WHERE_SHOWN, Verdict.FAIL, "a required promise is broken: GET rooms.info#route"),
        (Weight.UNJUDGED, Verdict.FAIL, "a required promise is broken: GET rooms.info#route"),
        (Weight.REQUIRED, Verdict.INCONCLUSIVE, "a required promise could not be judged: GET rooms.info#route"),
        (Weight.WHERE_SHOWN, Verdict.INCONCLUSIVE, "a required promise could not be judged: GET rooms.info#route"),
        (Weight.REQUIRED, Verdict.NOT_APPLICABLE, "a required promise was not exercised: GET rooms.info#route"),
        (Weight.REQUIRED, Verdict.ERROR, "Preflight stumbled over a required promise: GET rooms.info#route"),
    ],
)
def test_what_does_not_hold_is_a_ground(weight: Weight, verdict: Verdict, words: str) -> None:
    assert in_words(appraised(run_with(verdict), weight).grounds) == words


def test_what_no_answer_shows_is_a_remark_where_it_may_be_absent_and_a_ground_where_not() -> None:
    unseen = run_with(Verdict.INCONCLUSIVE, seen=False)
    assert appraised(unseen, Weight.WHERE_SHOWN).remarks == {ABOUT: "no answer of the run shows it"}
    assert appraised(unseen, Weight.WHERE_SHOWN).grounds == ()
    assert appraised(unseen, Weight.REQUIRED).grounds
    assert appraised(unseen, Weight.UNJUDGED).not_required == (ABOUT,)


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE])
def test_advice_is_a_remark(verdict: Verdict) -> None:
    found = appraised(run_with(verdict), Weight.ADVISORY)
    assert list(found.remarks) == [ABOUT]
    assert found.grounds == ()


def test_what_a_waiver_accepts_is_a_ground() -> None:
    found = appraised(run_with(Verdict.FAIL, waiver="w"), Weight.REQUIRED)
    assert "which a waiver accepts" in in_words(found.grounds)


def test_what_is_asked_of_the_other_edition_is_not_applicable_unless_it_is_broken() -> None:
    found = appraised(run_with(Verdict.NOT_APPLICABLE, edition="community"), Weight.REQUIRED, "enterprise")
    assert list(found.not_applicable) == [ABOUT]
    assert found.grounds == ()
    assert appraised(run_with(Verdict.NOT_APPLICABLE), Weight.REQUIRED, "enterprise").grounds
    assert appraised(run_with(Verdict.FAIL, edition="community"), Weight.REQUIRED, "enterprise").grounds


def test_a_verdict_that_no_check_came_to_is_a_ground() -> None:
    assert appraised(run_with(Verdict.PASS, seen=False), Weight.REQUIRED).grounds
    wrong = run_with(Verdict.PASS)
    failed = tuple(replace(one, verdict=Verdict.FAIL) if one.claim == ABOUT else one for one in wrong.outcomes)
    assert "contradicts itself" in in_words(appraised(replace(wrong, outcomes=failed), Weight.REQUIRED).grounds)


def test_grounds_are_told_gravest_first_with_a_few_examples() -> None:
    both = replace(run_with(Verdict.FAIL), interrupted=True)
    assert in_words(appraised(both, Weight.REQUIRED).grounds).startswith("a required promise is broken")
