"""Budget: the most valuable cases that fit, and how long cases take together."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.model.claim import Claim, ClaimId, Level
from preflight.session.budget import Candidate, Estimate, affordable
from preflight.session.forecast import ONCE, Calls
from preflight.wire.pace import Bucket, Pace, SimulatedClock

POST = Bucket("POST", "chat.postMessage")
GET_IN, TOLD, NAMED, ADVICE = (
    ClaimId.parse(f"POST chat.postMessage#{rest}")
    for rest in ("authentication", "success:200", "field:200.message", "robustness:names-error")
)
CLAIMS = {
    claim: Claim(
        id=claim,
        promise="x",
        page="https://pages.invalid/x",
        level=Level.SHOULD if claim is ADVICE else Level.MUST,
    )
    for claim in (GET_IN, TOLD, NAMED, ADVICE)
}


def costing(name: str, *aims: ClaimId, calls: int = 0, requests: int = 1) -> Candidate[str]:
    counted: Calls = Counter({POST: calls} if calls else {})
    return Candidate(what=name, aims=frozenset(aims), calls=counted, requests=requests)


def estimate(now: Callable[[Calls, Callable[[str], bool]], Calls] | None = None) -> Estimate:
    return Estimate(pace=Pace(clock=SimulatedClock()), now=now or (lambda calls, _: calls), request_s=1.0)


@pytest.mark.parametrize(("calls", "seconds"), [(1, 0), (10, 0), (11, 60), (20, 60), (21, 120), (551, 3300)])
def test_a_run_lasts_as_long_as_its_busiest_route(calls: int, seconds: float) -> None:
    lasting = estimate()
    lasting.add(costing("all", calls=calls, requests=0))
    assert (lasting.seconds, lasting.busiest) == (seconds, POST)


def test_where_nothing_is_counted_it_lasts_as_long_as_its_requests() -> None:
    lasting = estimate()
    lasting.add(costing("all", requests=90))
    assert (lasting.seconds, lasting.busiest) == (90.0, None)


def test_what_is_needed_by_several_is_created_once() -> None:
    room = Bucket(ONCE, "alice.room")

    def now(calls: Calls, is_there: Callable[[str], bool]) -> Calls:
        return Counter() if is_there("alice.room") else Counter({POST: 11 * calls[room]})

    lasting = estimate(now)
    for name in ("first", "second"):
        lasting.add(Candidate(what=name, aims=frozenset(), calls=Counter({room: 1}), requests=1))
    assert lasting.calls == {POST: 11}


def test_the_most_valuable_goes_first_and_what_does_not_fit_is_left_out() -> None:
    candidates = [costing("advice", ADVICE), costing("named", NAMED), costing("door", GET_IN), costing("told", TOLD)]
    assert affordable(candidates, CLAIMS, estimate(), 2.0) == ["door", "told"]


def test_what_others_cover_already_is_worth_nothing_more() -> None:
    candidates = [costing("all", GET_IN, TOLD), costing("again", GET_IN), costing("named", NAMED)]
    assert affordable(candidates, CLAIMS, estimate(), 2.0) == ["all", "named"]


def test_a_cheap_case_fits_where_a_dear_one_does_not() -> None:
    candidates = [costing("dear", GET_IN, calls=30), costing("cheap", NAMED, calls=10)]
    assert affordable(candidates, CLAIMS, estimate(), 30.0) == ["cheap"]


@given(
    costs=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), max_size=30),
    seconds=st.floats(0, 400),
)
def test_what_is_chosen_always_fits(costs: list[tuple[int, int]], seconds: float) -> None:
    claims = sorted(CLAIMS)
    candidates = [
        costing(str(number), claims[number % len(claims)], calls=calls, requests=requests)
        for number, (calls, requests) in enumerate(costs)
    ]
    lasting = estimate()
    chosen = affordable(candidates, CLAIMS, lasting, seconds)
    assert lasting.seconds <= seconds
    assert len(chosen) == len(set(chosen))
    rest = [one for one in candidates if one.what not in chosen]
    assert all(lasting.with_one_more(one) > seconds for one in rest)
