from datetime import date

import pytest

from preflight.catalog.waivers import Waiver, Waivers
from preflight.model.claim import Claim, ClaimId
from preflight.model.finding import Finding
from preflight.model.outcome import Outcome
from preflight.model.release import ReleaseRange
from preflight.model.run import ClaimResult, WaiverState
from preflight.model.verdict import Verdict
from preflight.session.recorder import claim_results, operation_results
from preflight.session.waiving import Waiving

ID = ClaimId.parse("GET rooms.info#field:200.room.name")
CLAIMS = {ID: Claim(id=ID, promise="field room.name is present", page="https://pages.invalid")}
TODAY = date(2026, 11, 27)
WAIVER = Waiver(
    id="no-name",
    claim=ID,
    check="field.type",
    where="/room/name",
    releases=ReleaseRange(),
    owner="team-chat",
    reason="a proxy",
    link="https://tracker.example.org/1",
    expires=date(2027, 1, 31),
)


def waiving(waiver: Waiver = WAIVER, today: date = TODAY) -> Waiving:
    return Waiving(waivers=Waivers(every=(waiver,)), today=today)


def outcome(*places: str, check: str = "field.type") -> Outcome:
    findings = tuple(
        Finding(promised="a", received="b", where=where, page="https://pages.invalid", reproduce="curl")
        for where in places
    )
    return Outcome(claim=ID, check=check, case="c", verdict=Verdict.FAIL if places else Verdict.PASS, findings=findings)


def result(*outcomes: Outcome) -> ClaimResult:
    return claim_results(CLAIMS, outcomes, ())[ID]


def state(*outcomes: Outcome, given: Waiving | None = None) -> WaiverState:
    marked = [(given or waiving()).marked(each) for each in outcomes]
    (found,) = (given or waiving()).results(claim_results(CLAIMS, marked, ()), marked)
    return found.state


def test_a_waived_breach_is_told_and_fails_nothing() -> None:
    found = result(waiving().marked(outcome("/room/name")))
    assert (found.verdict, found.waiver) == (Verdict.FAIL, "no-name")
    (operation,) = operation_results({ID: found}, ()).values()
    assert operation.verdict is not Verdict.FAIL


def test_a_breach_beside_the_waived_one_fails() -> None:
    found = result(waiving().marked(outcome("/room/name", "/room/fname")))
    assert (found.verdict, found.waiver) == (Verdict.FAIL, None)
    (operation,) = operation_results({ID: found}, ()).values()
    assert operation.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((outcome("/room/name"),), WaiverState.USED),
        ((outcome(),), WaiverState.STALE),
        ((outcome("/room/fname"),), WaiverState.STALE),
        ((outcome(check="field.required"),), WaiverState.OPEN),
        ((), WaiverState.OPEN),
    ],
)
def test_a_waiver_is_used_stale_or_open(outcomes: tuple[Outcome, ...], expected: WaiverState) -> None:
    assert state(*outcomes) is expected


def test_a_waiver_past_its_last_day_accepts_nothing_and_has_expired() -> None:
    late = waiving(today=date(2027, 2, 1))
    assert late.marked(outcome("/room/name")).findings[0].waiver is None
    assert state(outcome("/room/name"), given=late) is WaiverState.EXPIRED


def test_a_waiver_about_no_claim_of_the_run_is_no_matter() -> None:
    assert waiving().results({}, ()) == ()
