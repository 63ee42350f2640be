from dataclasses import replace

from preflight.model.claim import ClaimId
from preflight.model.finding import Finding
from preflight.model.outcome import Outcome
from preflight.model.verdict import Verdict
from preflight.session.causes import Causes, cause_of

FINDING = Finding(
    promised="a status below 500",
    received='500, {"_id": "aB3dE6gH9jK2mN5pQ"}',
    where="status",
    page="https://docs.example",
    reproduce="curl",
)
OUTCOME = Outcome(
    claim=ClaimId.parse("GET rooms.info#robustness:no-server-error"),
    check="robustness.no-server-error",
    case="properties/GET rooms.info/values",
    verdict=Verdict.FAIL,
    findings=(FINDING,),
)


def test_ids_and_numbers_make_no_other_cause() -> None:
    other = replace(FINDING, received='500, {"_id": "zY8xW7vU6tS5rQ4pZ"}')
    assert cause_of(OUTCOME, other) == cause_of(OUTCOME, FINDING)
    assert cause_of(OUTCOME, replace(FINDING, where="/error")) != cause_of(OUTCOME, FINDING)


def test_a_cause_belongs_to_the_case_that_showed_it_first() -> None:
    causes = Causes()
    causes.note_all([OUTCOME])
    causes.note_all([replace(OUTCOME, case="another")])
    assert causes.first_case(cause_of(OUTCOME, FINDING)) == OUTCOME.case


def test_the_finding_that_tells_a_cause_tells_how_often_it_was_shown() -> None:
    causes = Causes()
    causes.note(cause_of(OUTCOME, FINDING), OUTCOME.case, 12)
    told, elsewhere = causes.counted([OUTCOME, replace(OUTCOME, case="another")])
    assert (told.findings[0].count, elsewhere.findings[0].count) == (12, 1)


def test_what_was_shown_once_stays_as_it_is() -> None:
    causes = Causes()
    causes.note_all([OUTCOME])
    assert causes.counted([OUTCOME]) == (OUTCOME,)
