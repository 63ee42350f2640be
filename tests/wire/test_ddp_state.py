"""The states of a DDP connection: every row of the tables, and nothing beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.wire.ddp_state import MOVES, STAYS, STEPS, MisfitError, State, Step, after_frame, after_step

KINDS = sorted({kind for row in (*STAYS.values(), *MOVES.values()) for kind in row})


@pytest.mark.parametrize(
    ("state", "kind", "said"),
    [
        (State.CONNECTING, "result", "expected connected|failed, got result"),
        (State.CONNECTING, "ping", "expected connected|failed, got ping"),
        (State.OPEN, "connected", "expected error|server_id, got connected"),
        (State.FAILED, "error", "expected nothing more, got error"),
        (State.NEW, "connected", "expected nothing more, got connected"),
    ],
)
def test_a_frame_that_does_not_fit_is_told_with_what_was_expected(state: State, kind: str, said: str) -> None:
    with pytest.raises(MisfitError) as misfit:
        after_frame(state, kind)
    assert str(misfit.value) == said


@pytest.mark.parametrize(
    ("state", "kind", "after"),
    [
        (State.CONNECTING, "connected", State.CONNECTED),
        (State.CONNECTING, "failed", State.FAILED),
        (State.CONNECTING, "server_id", State.CONNECTING),
        (State.CONNECTING, "error", State.CONNECTING),
        (State.CONNECTED, "changed", State.CONNECTED),
        (State.CONNECTED, "updated", State.CONNECTED),
    ],
)
def test_a_frame_that_fits_leads_on(state: State, kind: str, after: State) -> None:
    assert after_frame(state, kind) is after


@given(st.sampled_from(State), st.sampled_from([*KINDS, "nonsense", ""]))
def test_every_frame_leads_by_the_tables_or_is_refused(state: State, kind: str) -> None:
    if kind in STAYS.get(state, ()) or kind in MOVES.get(state, {}):
        assert after_frame(state, kind) in {state, *MOVES.get(state, {}).values()}
    else:
        with pytest.raises(MisfitError, match=f"got {kind}$"):
            after_frame(state, kind)


def test_nothing_leads_out_of_closed() -> None:
    assert after_step(State.CLOSED, Step.HUNG_UP) is State.CLOSED
    for step in (Step.OPENED, Step.ASKED, Step.LOST):
        with pytest.raises(MisfitError) as misfit:
            after_step(State.CLOSED, step)
        assert str(misfit.value) == f"expected hung up, got {step}"


def test_every_state_can_end() -> None:
    assert set(STEPS) == set(State)
    for state in State:
        ways = STEPS[state].values()
        assert state is State.CLOSED or {State.CLOSING, State.CLOSED}.intersection(ways)
