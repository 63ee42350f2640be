from dataclasses import replace

from hypothesis import given

from preflight.model.exchange import Exchange, Request, Response
from preflight.model.operation import OperationKey
from preflight.model.run import Run, Waits
from preflight.reporting import durations
from tests.model.strategies import RUNS
from tests.reporting.sample import sample_run


def test_the_operation_with_the_slowest_median_comes_first() -> None:
    first, *_ = durations.slowest(sample_run(), 3)
    assert (str(first.operation), first.requests, first.median_s) == ("POST rooms.favorite", 1, 0.1125)
    assert len(durations.slowest(sample_run(), 3)) == 3


def test_a_realtime_call_belongs_to_its_method() -> None:
    run = sample_run()
    call = Exchange(
        id="d1",
        actor="alice",
        purpose="judge",
        request=Request(method="ddp", url="ws://x/websocket", headers=(), body='{"msg":"method","method":"rooms/get"}'),
        response=Response(status=200, headers=(), body="{}"),
        elapsed_s=9.0,
    )
    first, *_ = durations.slowest(replace(run, exchanges={**run.exchanges, "d1": call}), 1)
    assert (str(first.operation), first.longest_s) == ("ddp:rooms/get", 9.0)


def test_the_time_of_a_suite_is_that_of_its_cases() -> None:
    times = durations.by_suite(sample_run())
    assert sum(time.cases for time in times) == len(sample_run().cases)
    rooms = next(time for time in times if time.suite == "rooms")
    assert (rooms.cases, rooms.seconds) == (4, 0.5)
    assert rooms.seconds == times[0].seconds


def test_what_the_rate_limiter_refused_is_counted_by_operation() -> None:
    assert durations.throttled(sample_run()) == {OperationKey.parse("GET channels.list"): 1}


def test_waits_for_the_rate_limiter_are_added_up() -> None:
    assert durations.waited(sample_run()) == 0.0
    waits = (Waits(what="POST login", times=2, seconds=59.5), Waits(what="GET rooms.get", times=1, seconds=0.5))
    assert durations.waited(replace(sample_run(), waits=waits)) == 60.0


@given(RUNS)
def test_whatever_was_sent_can_be_counted(run: Run) -> None:
    paces = durations.slowest(run, 1000)
    assert sum(pace.requests for pace in paces) <= len(run.exchanges)
    assert all(pace.median_s <= pace.longest_s for pace in paces)
