from dataclasses import replace

import pytest

from preflight.model.operation import OperationKey
from preflight.model.outage import Forgot, Outage
from preflight.model.verdict import Verdict
from preflight.reporting import account, html, summary
from tests.reporting.sample import failing_run, passing_run, sample_run, unreachable_run

_FORGOTTEN = "for 12 s and came back without the people of the run: 3 cases are inconclusive."


def outage(*, seconds: float = 12.3, cases: int = 3, returned: bool = True, forgot: Forgot = Forgot.NOTHING) -> Outage:
    return Outage(began="2026-11-27T14:03:07.250Z", seconds=seconds, cases=cases, returned=returned, forgot=forgot)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0.0 s"), (6.125, "6.1 s"), (59.97, "1 min 00 s"), (185, "3 min 05 s"), (7440, "2 h 04 min")],
)
def test_a_duration_is_told_in_words(seconds: float, words: str) -> None:
    assert account.lasting(seconds) == words


def test_a_number_is_told_with_its_noun() -> None:
    assert account.counted(1, "case") == "1 case"
    assert account.counted(1204, "case") == "1,204 cases"


def test_the_verdict_is_said_in_one_sentence() -> None:
    assert account.verdict_sentence(passing_run()) == "Every required promise that was judged holds."
    assert account.verdict_sentence(failing_run()).startswith("4 documented promises are broken in 2 operations.")
    assert account.verdict_sentence(sample_run()).startswith("Preflight itself stumbled in 1 case")
    assert account.verdict_sentence(replace(passing_run(), verdict=Verdict.NOT_APPLICABLE)).startswith("Nothing that")


def test_an_interrupted_run_says_so() -> None:
    assert account.verdict_sentence(unreachable_run()).endswith("The run was interrupted and is incomplete.")


@pytest.mark.parametrize(
    ("outage", "words"),
    [
        (outage(), "for 12 s and came back: 3 cases are inconclusive."),
        (outage(cases=1), "for 12 s and came back: 1 case is inconclusive."),
        (outage(seconds=75), "for 1 min 15 s and came back: 3 cases are inconclusive."),
        (outage(forgot=Forgot.LOGINS), "for 12 s and came back without its logins: 3 cases are inconclusive."),
        (
            outage(forgot=Forgot.PEOPLE),
            _FORGOTTEN,
        ),
        (outage(returned=False, seconds=180), "and did not come back within 3 min 00 s: 3 cases are inconclusive."),
    ],
)
def test_a_target_that_stopped_answering_is_told_in_one_sentence_of_every_report(outage: Outage, words: str) -> None:
    sentence = f"The target stopped answering at 14:03:07 UTC {words}"
    run = replace(passing_run(), outages=(outage,))
    assert account.outage_sentence(outage) == sentence
    assert account.verdict_sentence(run) == f"Every required promise that was judged holds. {sentence}"
    assert sentence in summary.render(run)
    assert sentence in html.render(run)


def test_an_inconclusive_run_says_why_where_there_is_one_reason() -> None:
    assert "Nothing could be judged: no answer from the target" in account.verdict_sentence(unreachable_run())
    partly = replace(passing_run(), verdict=Verdict.INCONCLUSIVE)
    assert "could not be judged" in account.verdict_sentence(partly)


def test_broken_promises_are_grouped_by_operation_and_advice_comes_last() -> None:
    broken = account.broken_promises(failing_run())
    assert list(map(str, broken)) == ["GET rooms.info", "GET users.list", "POST chat.postMessage"]
    assert [promise.advisory for promise in broken[OperationKey.parse("POST chat.postMessage")]] == [True]


def test_a_promise_that_is_broken_in_two_places_tells_both() -> None:
    promises = account.broken_promises(failing_run())[OperationKey.parse("GET rooms.info")]
    assert [finding.where for finding in promises[1].findings] == ["status", "/errorType"]


def test_what_could_not_be_judged_is_grouped_by_its_reason() -> None:
    groups = account.unjudged(failing_run())
    assert [(group.reason, group.extent) for group in groups] == [
        ("the rate limiter answered 429 to every attempt", "2 claims in 1 case"),
        ("the workspace grants create-c to every user and --read-only forbids a change", "1 claim in 1 case"),
    ]


def test_a_claim_that_no_check_judged_is_open_even_if_it_is_said_to_pass() -> None:
    run = passing_run()
    key, result = next(iter(run.claims.items()))
    unproven = replace(run, claims={**run.claims, key: replace(result, checks=())})
    assert [group.reason for group in account.unjudged(unproven)] == ["no check came to a verdict"]


def test_what_does_not_apply_is_told_with_its_evidence() -> None:
    assert [group.reason for group in account.not_applicable(failing_run())] == [
        "the setting Message_AllowPinning is false"
    ]


def test_operations_without_a_success_answer_are_not_exercised() -> None:
    assert list(map(str, account.not_exercised(failing_run()))) == ["GET channels.list", "POST chat.pinMessage"]


def test_each_operation_that_was_not_exercised_says_why() -> None:
    run = failing_run()
    assert {str(key): why for key, why in account.why_not_exercised(run).items()} == {
        "GET channels.list": "the rate limiter answered 429 to every attempt",
        "POST chat.pinMessage": "the setting Message_AllowPinning is false",
    }
    silent = replace(run, cases=tuple(replace(case, reason="") for case in run.cases))
    by_claims = {str(key): why for key, why in account.why_not_exercised(silent).items()}
    assert by_claims["GET channels.list"] == "the rate limiter answered 429 to every attempt"
    claims = {key: replace(result, reason="") for key, result in run.claims.items()}
    told = account.why_not_exercised(replace(silent, claims=claims)).values()
    assert set(told) == {"it refused what it must accept"}
    assert set(account.why_not_exercised(replace(silent, claims=claims, cases=())).values()) == {"no case asked it"}


def test_the_figures_of_a_run_that_judged_nothing_are_honest() -> None:
    figures = account.figures(unreachable_run())
    assert figures["claims judged"] == "0 of 22"
    assert figures["not judged"] == "22"
    assert figures["operations exercised"] == "0 of 8"


def test_a_body_that_is_json_is_indented_and_any_other_is_not() -> None:
    assert account.pretty('{"a":"ö"}') == '{\n  "a": "ö"\n}'
    assert account.pretty("Too many requests") == "Too many requests"
