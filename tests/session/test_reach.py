"""Reach: a target that has stopped answering is waited for, within bounds, and what it was away for is told."""

from collections.abc import Callable

import pytest

from preflight.errors import TargetError
from preflight.model.outage import Forgot, Outage
from preflight.session.circumstances import CircumstanceError
from preflight.session.reach import LONGEST_PAUSE_S, PATIENCE, PATIENCE_S, Reach
from preflight.wire.pace import Pace, SimulatedClock, Wait
from tests.session.theatre import SILENCE, Reply, Target

HERE: Reply = (200, {"version": "8.0"})
GATEWAY: Reply = (502, None)
START = 1_767_322_800.0  # 2026-01-02 03:00:00 UTC


class World:
    """A target that is away between two readings of a clock."""

    def __init__(
        self, *, away_s: float = 0.0, silence: Reply = SILENCE, back: Callable[[], Forgot] | None = None
    ) -> None:
        self.waits: list[Wait] = []
        self.clock = SimulatedClock(START)
        self.back_s = away_s
        self.target = Target({"GET /api/info": lambda _: silence if self.waited_s < self.back_s else HERE})
        self.target.pace = Pace(clock=self.clock, told=self.waits.append)
        self.reach = Reach(client=self.target, back=back or (lambda: Forgot.NOTHING))

    @property
    def waited_s(self) -> float:
        return self.clock.now() - START


def test_one_lost_request_is_no_outage() -> None:
    world = World()
    world.reach.lost("gone", "a")
    world.reach.must_answer("b")
    assert (world.reach.outages, world.waits, world.waited_s) == ((), [], 0)


@pytest.mark.parametrize("silence", [SILENCE, GATEWAY])
def test_a_target_that_is_away_is_waited_for_and_the_run_goes_on(silence: Reply) -> None:
    world = World(away_s=12, silence=silence)
    world.reach.lost("gone", "a")
    world.reach.must_answer("b")
    (outage,) = world.reach.outages
    assert outage == Outage(began="2026-01-02T03:00:00.000Z", seconds=outage.seconds, cases=1)
    assert 12 <= outage.seconds < 12 + LONGEST_PAUSE_S
    assert world.waits == [Wait(seconds=PATIENCE_S, what="the target", is_outage=True)]
    world.reach.must_answer("c")
    assert world.reach.outages == (outage,)


def test_a_target_that_does_not_come_back_is_given_up_and_not_waited_for_again() -> None:
    world = World(away_s=10 * PATIENCE_S)
    world.reach.lost("it refuses connections", "a")
    for case in ("b", "c"):
        with pytest.raises(CircumstanceError, match="the target was lost: it refuses connections"):
            world.reach.must_answer(case)
    (outage,) = world.reach.outages
    assert (outage.returned, outage.cases, outage.seconds) == (False, 3, PATIENCE_S)
    assert world.waited_s == PATIENCE_S


def test_patience_is_for_all_outages_together() -> None:
    world = World()
    for _ in range(4):
        world.back_s = world.waited_s + PATIENCE_S / 3
        world.reach.lost("gone", "a")
        try:
            world.reach.must_answer("b")
        except CircumstanceError:
            break
    assert [outage.returned for outage in world.reach.outages] == [True, True, False]
    assert world.waited_s == PATIENCE_S


def test_who_answers_nothing_but_what_it_is_is_given_up_after_losses_in_a_row() -> None:
    world = World()
    for _ in range(PATIENCE):
        world.reach.must_answer()
        world.reach.lost(SILENCE.what)
    with pytest.raises(CircumstanceError, match=r"the target was lost: .* did not answer within 15 s"):
        world.reach.must_answer()


def test_an_answer_between_losses_begins_the_count_anew() -> None:
    world = World()
    for _ in range(3 * PATIENCE):
        world.reach.lost("gone")
        world.reach.found()
        world.reach.must_answer()


def test_what_a_gateway_answers_is_no_loss_while_the_target_is_there() -> None:
    world = World()
    for _ in range(3 * PATIENCE):
        world.reach.doubt("a gateway answered 502", "a")
        world.reach.must_answer()
    assert world.reach.outages == ()


def test_what_the_target_has_forgotten_is_part_of_the_outage() -> None:
    world = World(away_s=3, back=lambda: Forgot.PEOPLE)
    world.reach.lost("gone", "a")
    world.reach.must_answer()
    assert [outage.forgot for outage in world.reach.outages] == [Forgot.PEOPLE]


def test_a_run_whose_account_is_not_let_in_again_is_over() -> None:
    def refused() -> Forgot:
        raise CircumstanceError("the account of the run is not let in any more")

    world = World(away_s=3, back=refused)
    world.reach.lost("gone", "a")
    for case in ("b", "c"):
        with pytest.raises(CircumstanceError, match="not let in any more"):
            world.reach.must_answer(case)
    (outage,) = world.reach.outages
    assert (outage.returned, outage.forgot, outage.cases) == (True, Forgot.LOGINS, 3)


def test_a_target_that_is_gone_again_at_once_is_met_again_later() -> None:
    replies = iter([TargetError("gone again", hint="wait"), None])

    def back() -> Forgot:
        problem = next(replies)
        if problem:
            raise problem
        return Forgot.LOGINS

    world = World(away_s=3, back=back)
    world.reach.lost("gone", "a")
    with pytest.raises(CircumstanceError, match="gone again"):
        world.reach.must_answer("b")
    world.reach.must_answer("c")
    assert [outage.forgot for outage in world.reach.outages] == [Forgot.LOGINS]
