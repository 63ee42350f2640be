from dataclasses import replace

import pytest

from preflight.model.claim import Claim, ClaimId, Level
from preflight.model.finding import Finding
from preflight.model.outcome import Outcome
from preflight.model.run import ClaimResult, Run
from preflight.model.verdict import Verdict
from preflight.reporting.causes import Cause, causes_of
from preflight.reporting.coverage import Standing
from tests.reporting.sample import failing_run, passing_run, sample_run

# claim, where, promised, received
Seen = tuple[str, str, str, str]


def run_that_saw(*seen: Seen, level: Level = Level.MUST) -> Run:
    claims, outcomes = {}, []
    for text, where, promised, received in seen:
        key = ClaimId.parse(text)
        claim = Claim(id=key, promise="it holds", page="https://docs.example.org/x", level=level)
        claims[key] = ClaimResult(claim=claim, verdict=Verdict.FAIL, checks=("c",))
        found = Finding(promised=promised, received=received, where=where, page=claim.page, reproduce="curl …")
        outcomes.append(Outcome(claim=key, check="c", case=f"s/{text}", verdict=Verdict.FAIL, findings=(found,)))
    return replace(passing_run(), claims=claims, outcomes=tuple(outcomes))


def sizes(run: Run) -> list[int]:
    return [cause.size for cause in causes_of(run)]


def told(cause: Cause) -> tuple[list[str], int]:
    return [str(key) for key in cause.operations], len(cause.cases)


def test_the_same_deviation_of_two_operations_is_one_cause() -> None:
    (cause,) = causes_of(
        run_that_saw(
            ("GET a.list#success:200", "/success", "true", "absent"),
            ("GET b.list#success:200", "/success", "true", "absent"),
        )
    )
    assert told(cause) == (["GET a.list", "GET b.list"], 2)
    assert [promise.claim.id.operation.name for promise, _ in cause.others] == ["b.list"]


def test_ids_and_places_in_lists_do_not_tell_causes_apart() -> None:
    assert sizes(
        run_that_saw(
            ("GET a.list#behaviour:x", "/messages/0/rid", "the room 8e8ba066d43790bc589b8519", "wrsxzZo8MNTirGQ2y"),
            ("GET b.list#behaviour:x", "/message/rid", "the room 06570605caa40c8d43ded3e1", "9Bx3wbsF3DkkKA3ot"),
        )
    ) == [2]


def test_two_values_of_one_wrong_type_are_one_cause_and_null_is_another() -> None:
    run = run_that_saw(
        ("GET a.list#field:200.n", "/n", "an integer", '"7"'),
        ("GET b.list#field:200.n", "/n", "an integer", '"12"'),
        ("GET c.list#field:200.n", "/n", "an integer", "null"),
    )
    assert sorted(sizes(run)) == [1, 2]


@pytest.mark.parametrize(
    "other",
    [
        ("GET b.list#refusal:400.x", "/errorType", "x", "other"),
        ("GET b.list#success:200", "/errorType", "x", "y"),
        ("GET b.list#refusal:400.x", "/error", "x", "y"),
        ("GET b.list#refusal:400.x", "/errorType", "z", "y"),
    ],
)
def test_another_answer_kind_place_or_promise_is_another_cause(other: Seen) -> None:
    assert sizes(run_that_saw(("GET a.list#refusal:400.x", "/errorType", "x", "y"), other)) == [1, 1]


def test_who_gets_in_comes_first_and_then_what_is_seen_most() -> None:
    run = run_that_saw(
        ("GET a.list#field:200.n", "/n", "an integer", "null"),
        ("GET b.list#field:200.m", "/m", "an integer", "null"),
        ("GET c.list#field:200.m", "/m", "an integer", "null"),
        ("GET d.list#authentication", "status", "401", "200"),
    )
    causes = causes_of(run)
    assert [(cause.kind, cause.size) for cause in causes] == [("authentication", 1), ("field", 2), ("field", 1)]
    assert [cause.number for cause in causes] == [1, 2, 3]


def test_advice_is_a_warning_and_what_is_waived_is_neither() -> None:
    seen = ("GET a.list#field:200.n", "/n", "an integer", "null")
    assert [cause.standing for cause in causes_of(run_that_saw(seen, level=Level.SHOULD))] == [Standing.WARNING]
    run = run_that_saw(seen)
    waived = {key: replace(result, waiver="w") for key, result in run.claims.items()}
    assert [cause.standing for cause in causes_of(replace(run, claims=waived))] == [Standing.WAIVED]


def test_every_broken_promise_has_exactly_one_cause() -> None:
    for run in (sample_run(), failing_run()):
        of_causes = sorted(promise.claim.id for cause in causes_of(run) for promise in cause.promises)
        assert of_causes == sorted(key for key, one in run.claims.items() if one.verdict is Verdict.FAIL)


def test_a_claim_that_fails_without_an_outcome_is_told_all_the_same() -> None:
    run = replace(run_that_saw(("GET a.list#field:200.n", "/n", "an integer", "null")), outcomes=())
    (cause,) = causes_of(run)
    assert (cause.first, cause.others) == (None, ())


def test_texts_of_different_words_where_a_number_is_promised_are_one_cause() -> None:
    (cause,) = causes_of(
        run_that_saw(
            ("GET a.list#field:200.total", "/total", 'type "integer"', 'string "0"'),
            ("GET b.list#field:200.total", "/total", 'type "integer"', 'string "12 in all"'),
        )
    )
    assert cause.size == 2


def with_advice(run: Run, advisory: Run) -> Run:
    return replace(run, claims={**run.claims, **advisory.claims}, outcomes=(*run.outcomes, *advisory.outcomes))


MISNAMED = ("POST a.open#refusal:missing", "/errorType", '"error-a"', '"error-b"')


def test_a_warning_that_tells_only_what_a_broken_promise_tells_is_no_cause_of_its_own() -> None:
    advice = ("POST a.open#robustness:error-documented", "/errorType", "one of the documented", '"error-b"')
    (cause,) = causes_of(with_advice(run_that_saw(MISNAMED), run_that_saw(advice, level=Level.SHOULD)))
    assert (cause.standing, cause.size, str(cause.lead.claim.id)) == (Standing.BROKEN, 2, MISNAMED[0])


@pytest.mark.parametrize(
    "advice",
    [
        ("POST a.open#robustness:error-documented", "/errorType", "one of the documented", '"error-c"'),
        ("POST b.open#robustness:error-documented", "/errorType", "one of the documented", '"error-b"'),
        ("POST a.open#robustness:no-internals", "/error", "nothing of the inside", '"error-b"'),
        ("POST a.open#security:told-nothing", "/errorType", "one that tells nothing", '"error-b"'),
    ],
)
def test_a_warning_about_something_else_is_told_apart(advice: Seen) -> None:
    causes = causes_of(with_advice(run_that_saw(MISNAMED), run_that_saw(advice, level=Level.SHOULD)))
    assert {cause.standing for cause in causes} == {Standing.BROKEN, Standing.WARNING}
