"""The recorder: what claims, operations and the run come to, from what cases concluded."""

from collections.abc import Iterable
from pathlib import Path

from preflight.model.claim import Claim, ClaimId
from preflight.model.exchange import Exchange, Request, Response
from preflight.model.finding import Finding
from preflight.model.operation import OperationKey
from preflight.model.outcome import Outcome
from preflight.model.run import CaseResult, ClaimResult, OperationResult, Run
from preflight.model.verdict import Verdict
from preflight.session.recorder import (
    UNSEEN,
    Circumstance,
    Measures,
    Recorder,
    claim_results,
    operation_results,
)
from tests.catalog.miniature import Miniature

INFO = OperationKey.parse("GET rooms.info")
ROUTE = ClaimId.parse("GET rooms.info#route")
FIELD = ClaimId.parse("GET rooms.info#field:200.room._id")
REFUSAL = ClaimId.parse("GET rooms.info#refusal:400.error-no-room")
FINDING = Finding(promised="a", received="b", where="/x", page="https://pages.invalid", reproduce="curl")


def outcome(claim: ClaimId, verdict: Verdict, *, check: str = "field.type", reason: str = "") -> Outcome:
    findings = (FINDING,) if verdict is Verdict.FAIL else ()
    return Outcome(claim=claim, check=check, case="c", verdict=verdict, findings=findings, reason=reason)


def case(
    verdict: Verdict, *, suite: str = "shapes", accepted: bool = False, reason: str = "", key: OperationKey = INFO
) -> CaseResult:
    return CaseResult(
        id=f"{suite}/{key}/x",
        suite=suite,
        operation=key,
        title="x",
        actor="alice",
        verdict=verdict,
        accepted=accepted,
        reason=reason,
    )


def promised(*claims: ClaimId) -> dict[ClaimId, Claim]:
    return {id_: Claim(id=id_, promise=f"{id_} holds", page="https://pages.invalid") for id_ in claims}


def claim(id_: ClaimId, outcomes: Iterable[Outcome], cases: Iterable[CaseResult] = ()) -> ClaimResult:
    return claim_results(promised(id_), outcomes, cases)[id_]


def operation(claims: dict[ClaimId, ClaimResult], *cases: CaseResult) -> OperationResult:
    return operation_results(claims, cases)[INFO]


def result(id_: ClaimId, verdict: Verdict, reason: str = "") -> dict[ClaimId, ClaimResult]:
    return {id_: ClaimResult(claim=promised(id_)[id_], verdict=verdict, reason=reason)}


# claims


def test_a_claim_is_judged_by_the_checks_that_came_to_pass_or_fail() -> None:
    found = claim(
        FIELD,
        [
            outcome(FIELD, Verdict.PASS, check="field.type"),
            outcome(FIELD, Verdict.PASS, check="field.required"),
            outcome(FIELD, Verdict.INCONCLUSIVE, check="case.played", reason="429"),
        ],
    )
    assert (found.verdict, found.checks, found.reason) == (Verdict.PASS, ("field.required", "field.type"), "")
    assert found.judged


def test_one_broken_case_outweighs_all_that_kept_a_claim() -> None:
    found = claim(FIELD, [outcome(FIELD, verdict) for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.PASS)])
    assert found.verdict is Verdict.FAIL


def test_a_claim_that_circumstances_kept_open_says_why() -> None:
    outcomes = [
        outcome(REFUSAL, Verdict.INCONCLUSIVE, reason="the limiter"),
        outcome(REFUSAL, Verdict.NOT_APPLICABLE, reason="community"),
        outcome(REFUSAL, Verdict.INCONCLUSIVE, reason="the limiter"),
    ]
    found = claim(REFUSAL, outcomes)
    assert (found.verdict, found.reason, found.judged) == (
        Verdict.INCONCLUSIVE,
        "community; the limiter",
        False,
    )


def test_a_claim_that_arises_nowhere_on_this_target_does_not_apply() -> None:
    found = claim(REFUSAL, [outcome(REFUSAL, Verdict.NOT_APPLICABLE, reason="the setting is off")])
    assert (found.verdict, found.reason) == (Verdict.NOT_APPLICABLE, "the setting is off")


def test_a_claim_stays_unseen_where_a_case_that_would_show_it_could_not_be_played() -> None:
    outcomes = [
        outcome(FIELD, Verdict.NOT_APPLICABLE, reason="the setting is off"),
        outcome(FIELD, Verdict.INCONCLUSIVE, reason=UNSEEN),
    ]
    found = claim(FIELD, outcomes)
    assert (found.verdict, found.reason) == (Verdict.INCONCLUSIVE, UNSEEN)


def test_a_claim_that_no_answer_showed_is_not_judged_and_never_passes() -> None:
    found = claim(FIELD, [], [case(Verdict.PASS, accepted=True)])
    assert (found.verdict, found.reason, found.judged) == (Verdict.INCONCLUSIVE, UNSEEN, False)


def test_where_no_accepted_case_applies_the_unseen_claims_do_not_apply_either() -> None:
    found = claim(FIELD, [], [case(Verdict.NOT_APPLICABLE, reason="the workspace is of the community edition")])
    assert (found.verdict, found.reason) == (Verdict.NOT_APPLICABLE, "the workspace is of the community edition")


def test_where_an_accepted_case_could_not_be_played_unseen_claims_stay_open() -> None:
    cases = [case(Verdict.NOT_APPLICABLE, reason="x"), case(Verdict.INCONCLUSIVE, reason="y")]
    assert claim(FIELD, [], cases).verdict is Verdict.INCONCLUSIVE


# operations


def test_an_operation_that_answered_with_success_is_exercised() -> None:
    found = operation(
        result(FIELD, Verdict.PASS), case(Verdict.PASS, accepted=True), case(Verdict.PASS, suite="routes")
    )
    assert found == OperationResult(verdict=Verdict.PASS, exercised=True, cases=2)


def test_an_operation_that_never_answered_with_success_is_never_green() -> None:
    found = operation(result(ROUTE, Verdict.PASS), case(Verdict.PASS, suite="routes"), case(Verdict.INCONCLUSIVE))
    assert found == OperationResult(verdict=Verdict.INCONCLUSIVE, exercised=False, cases=2)


def test_an_operation_without_any_accepted_case_is_never_green() -> None:
    assert operation(result(ROUTE, Verdict.PASS)).verdict is Verdict.INCONCLUSIVE


def test_an_operation_whose_accepted_cases_do_not_apply_is_settled() -> None:
    found = operation(result(ROUTE, Verdict.PASS), case(Verdict.NOT_APPLICABLE), case(Verdict.PASS, suite="routes"))
    assert found == OperationResult(verdict=Verdict.PASS, exercised=False, cases=2)


def test_what_no_answer_happened_to_show_makes_an_operation_not_inconclusive() -> None:
    claims = result(FIELD, Verdict.INCONCLUSIVE, UNSEEN) | result(ROUTE, Verdict.PASS)
    assert operation(claims, case(Verdict.PASS, accepted=True)).verdict is Verdict.PASS


def test_what_circumstances_kept_open_makes_an_operation_inconclusive() -> None:
    claims = result(REFUSAL, Verdict.INCONCLUSIVE, "the limiter") | result(ROUTE, Verdict.PASS)
    assert operation(claims, case(Verdict.PASS, accepted=True)).verdict is Verdict.INCONCLUSIVE


# runs


def run_of(
    folder: Path,
    cases: Iterable[tuple[CaseResult, list[Outcome]]],
    claims: dict[ClaimId, Claim],
    *,
    interrupted: bool = False,
) -> Run:
    recorder = Recorder()
    for one, outcomes in cases:
        recorder.record(one, outcomes, [])
    circumstance = Circumstance(
        id="run1", target="http://x", release="6.14", profile="full", started="2026", environment={"only": ""}
    )
    measures = Measures(duration_s=1.23456, requests=7, interrupted=interrupted)
    return recorder.run(circumstance, Miniature(folder).load(), claims, measures)


def kept() -> tuple[CaseResult, list[Outcome]]:
    return case(Verdict.PASS, accepted=True), [outcome(ROUTE, Verdict.PASS), outcome(FIELD, Verdict.PASS)]


def test_a_run_that_kept_everything_passes(tmp_path: Path) -> None:
    run = run_of(tmp_path, [kept()], promised(ROUTE, FIELD))
    assert (run.verdict, run.requests, run.duration_s, run.interrupted) == (Verdict.PASS, 7, 1.235, False)
    assert [drift.erratum for drift in run.drift] == ["usernames-are-strings", "archived-is-refused"]


def test_one_broken_claim_fails_the_run(tmp_path: Path) -> None:
    broken = case(Verdict.FAIL, accepted=True), [outcome(FIELD, Verdict.FAIL)]
    assert run_of(tmp_path, [kept(), broken], promised(ROUTE, FIELD)).verdict is Verdict.FAIL


def test_a_broken_claim_outweighs_an_interruption(tmp_path: Path) -> None:
    broken = case(Verdict.FAIL, accepted=True), [outcome(FIELD, Verdict.FAIL)]
    assert run_of(tmp_path, [broken], promised(FIELD), interrupted=True).verdict is Verdict.FAIL


def test_an_interrupted_run_is_inconclusive_at_best(tmp_path: Path) -> None:
    run = run_of(tmp_path, [kept()], promised(ROUTE, FIELD), interrupted=True)
    assert (run.verdict, run.interrupted) == (Verdict.INCONCLUSIVE, True)


def test_a_run_of_nothing_is_inconclusive(tmp_path: Path) -> None:
    assert run_of(tmp_path, [], {}).verdict is Verdict.INCONCLUSIVE


def test_a_case_of_which_we_made_a_mess_outweighs_everything(tmp_path: Path) -> None:
    ours = case(Verdict.ERROR, reason="KeyError"), list[Outcome]()
    broken = case(Verdict.FAIL, accepted=True), [outcome(FIELD, Verdict.FAIL)]
    assert run_of(tmp_path, [kept(), broken, ours], promised(ROUTE, FIELD)).verdict is Verdict.ERROR


def test_exchanges_are_kept_by_their_ids_and_cases_are_announced() -> None:
    told: list[str] = []
    recorder = Recorder(lambda finished: told.append(finished.id))
    exchange = Exchange(
        id="x1",
        actor="alice",
        purpose="p",
        request=Request(method="GET", url="http://x"),
        response=Response(status=200),
    )
    recorder.record(case(Verdict.PASS), [], [exchange])
    assert recorder.exchanges == {"x1": exchange}
    assert told == ["shapes/GET rooms.info/x"]
