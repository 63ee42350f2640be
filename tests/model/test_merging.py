from dataclasses import replace

import pytest

from preflight.errors import UsageError
from preflight.model.codec import run_from_json, to_json
from preflight.model.merging import merged
from preflight.model.outage import Forgot, Outage
from preflight.model.run import Run, Waits
from preflight.model.shard import Shard
from preflight.model.verdict import Verdict
from tests.reporting.sample import failing_run, sample_run


def shard_of(run: Run, index: int, count: int) -> Run:
    """Give the part of a run that a shard would have been."""
    share = Shard(index, count).share({key: result.cases for key, result in run.operations.items()})
    cases = tuple(case for case in run.cases if case.operation in share)
    names = {name for case in cases for name in case.exchanges}
    return replace(
        run,
        id=f"part-{index}",
        operations={key: one for key, one in run.operations.items() if key in share},
        claims={key: one for key, one in run.claims.items() if key.operation in share},
        cases=cases,
        outcomes=tuple(one for one in run.outcomes if one.operation in share),
        exchanges={name: one for name, one in run.exchanges.items() if name in names},
        drift=tuple(one for one in run.drift if one.operation in share),
        beyond_contract=tuple(one for one in run.beyond_contract if one.operation in share),
        leftovers=run.leftovers if index == 1 else (),
        environment={**run.environment, "shard": f"{index}/{count}"},
    )


def shards_of(run: Run, count: int) -> list[Run]:
    return [shard_of(run, index, count) for index in range(1, count + 1)]


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("run", [sample_run(), failing_run()], ids=["stumbled", "failed"])
def test_merged_shards_are_the_whole_claim_for_claim(run: Run, count: int) -> None:
    found = merged(shards_of(run, count)[::-1], "whole")
    assert found.claims == run.claims
    assert found.operations == run.operations
    assert found.verdict is run.verdict
    assert {case.id: case.verdict for case in found.cases} == {case.id: case.verdict for case in run.cases}
    assert sorted(found.drift, key=str) == sorted(run.drift, key=str)
    assert found.leftovers == run.leftovers


def test_the_exchanges_of_each_shard_keep_their_cases() -> None:
    run = sample_run()
    found = merged(shards_of(run, 3), "whole")
    by_case = {case.id: case.exchanges for case in run.cases}
    for case in found.cases:
        told = [replace(found.exchanges[name], id="") for name in case.exchanges]
        assert told == [replace(run.exchanges[name], id="") for name in by_case[case.id]]


def test_waits_for_the_limiter_are_added_up_by_what_was_asked_after_them() -> None:
    parts = [
        replace(part, waits=tuple(Waits(what=what, times=2, seconds=seconds) for what, seconds in own.items()))
        for part, own in zip(
            shards_of(sample_run(), 2),
            [{"GET rooms.get": 1.5}, {"GET rooms.get": 2.25, "POST login": 4.0}],
            strict=True,
        )
    ]
    assert merged(parts, "whole").waits == (
        Waits(what="POST login", times=2, seconds=4.0),
        Waits(what="GET rooms.get", times=4, seconds=3.75),
    )


def test_an_outage_that_several_parts_saw_is_one() -> None:
    seen = [
        (
            Outage(began="2026-11-27T14:03:07.000Z", seconds=12.0, cases=1),
            Outage(began="2026-11-27T15:00:00.000Z", seconds=2.0, cases=4),
        ),
        (Outage(began="2026-11-27T14:03:08.500Z", seconds=14.5, cases=2, forgot=Forgot.LOGINS),),
    ]
    parts = [replace(part, outages=own) for part, own in zip(shards_of(sample_run(), 2), seen, strict=True)]
    assert merged(parts, "whole").outages == (
        Outage(began="2026-11-27T14:03:07.000Z", seconds=16.0, cases=3, forgot=Forgot.LOGINS),
        Outage(began="2026-11-27T15:00:00.000Z", seconds=2.0, cases=4),
    )


def test_a_merged_run_can_be_stored_and_read_back() -> None:
    found = merged(shards_of(sample_run(), 2), "whole")
    assert run_from_json(to_json(found)) == found


def test_a_merged_run_lasts_from_the_first_start_to_the_last_end() -> None:
    first, second = shards_of(sample_run(), 2)
    first = replace(first, started="2026-11-27T10:00:00.000Z", duration_s=5.0, requests=3)
    second = replace(second, started="2026-11-27T10:00:02.000Z", duration_s=10.0, requests=4)
    found = merged([second, first], "whole")
    assert (found.started, found.duration_s, found.requests) == ("2026-11-27T10:00:00.000Z", 12.0, 7)


def test_an_interrupted_shard_leaves_the_whole_open() -> None:
    whole = replace(sample_run(), cases=(), operations={}, claims={}, outcomes=())
    first, second = shards_of(whole, 2)
    assert merged([first, replace(second, interrupted=True)], "whole").verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        ([1, 3], "2/3 is missing"),
        ([1, 2, 3, 3], "3/3 is there twice"),
        ([2, 3], "1/3 is missing"),
        ([], "there is none"),
    ],
)
def test_shards_that_are_not_all_are_refused(taken: list[int], told: str) -> None:
    parts = shards_of(sample_run(), 3)
    with pytest.raises(UsageError) as problem:
        merged([parts[index - 1] for index in taken], "whole")
    assert told in problem.value.what


def test_a_shard_of_another_split_is_refused() -> None:
    with pytest.raises(UsageError, match="1/2 is of another split"):
        merged([*shards_of(sample_run(), 3), shard_of(sample_run(), 1, 2)], "whole")


def test_a_whole_run_is_no_shard() -> None:
    with pytest.raises(UsageError, match="is no shard"):
        merged([sample_run()], "whole")


@pytest.mark.parametrize(
    "change",
    [{"release": "6.14"}, {"profile": "rooms"}, {"environment": {"shard": "2/2", "preflight": "9.9"}}],
)
def test_runs_that_do_not_belong_together_are_refused(change: dict[str, object]) -> None:
    first, second = shards_of(sample_run(), 2)
    with pytest.raises(UsageError, match="do not belong together"):
        merged([first, replace(second, **change)], "whole")  # type: ignore[arg-type] # one field of each kind
