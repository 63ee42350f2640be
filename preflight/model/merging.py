"""Merging: the runs of all shards as the one run that they are parts of."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from preflight.errors import UsageError
from preflight.model.exchange import Exchange
from preflight.model.outage import joined
from preflight.model.run import CaseResult, Run, Waits, verdict_of
from preflight.model.shard import Shard

SHARD = "shard"

# What parts of one run have in common, whichever machine played them.
_COMMON = ("release", "profile")
_COMMON_ENVIRONMENT = ("preflight", "contracts", "edition", "only", "depth", "waivers")


def merged(runs: Sequence[Run], run_id: str) -> Run:
    """Join the runs of all shards; ids of exchanges get the number of their shard in front.

    Raises:
        UsageError: where a run is no shard, a shard is missing or there twice, or the runs do not belong together.
    """
    parts = _in_order(runs)
    for part in parts[1:]:
        _must_agree(parts[0], part)
    ordered = [_renamed(part, number) for number, part in enumerate(parts, 1)]
    operations = {key: result for part in ordered for key, result in part.operations.items()}
    cases = tuple(case for part in ordered for case in part.cases)
    interrupted = any(part.interrupted for part in ordered)
    waivers = tuple(one for part in ordered for one in part.waivers)
    return Run(
        id=run_id,
        verdict=verdict_of(operations.values(), cases, interrupted=interrupted, waivers=waivers),
        release=ordered[0].release,
        target=", ".join(dict.fromkeys(part.target for part in ordered)),
        profile=ordered[0].profile,
        started=min(part.started for part in ordered),
        duration_s=_span(ordered),
        requests=sum(part.requests for part in ordered),
        interrupted=interrupted,
        operations=dict(sorted(operations.items())),
        claims={key: result for part in ordered for key, result in part.claims.items()},
        cases=cases,
        outcomes=tuple(outcome for part in ordered for outcome in part.outcomes),
        exchanges={key: exchange for part in ordered for key, exchange in part.exchanges.items()},
        drift=tuple(one for part in ordered for one in part.drift),
        beyond_contract=tuple(sorted({one for part in ordered for one in part.beyond_contract})),
        leftovers=tuple(one for part in ordered for one in part.leftovers),
        environment=_environment(ordered),
        waivers=waivers,
        waits=_waits(one for part in ordered for one in part.waits),
        outages=joined(one for part in ordered for one in part.outages),
    )


def _waits(waits: Iterable[Waits]) -> tuple[Waits, ...]:
    joined: dict[str, Waits] = {}
    for one in waits:
        so_far = joined.get(one.what, Waits(what=one.what, times=0, seconds=0.0))
        joined[one.what] = Waits(
            what=one.what, times=so_far.times + one.times, seconds=round(so_far.seconds + one.seconds, 3)
        )
    return tuple(sorted(joined.values(), key=lambda one: (-one.seconds, one.what)))


def _in_order(runs: Sequence[Run]) -> list[Run]:
    shards = [(_shard_of(run), run) for run in runs]
    count = max((shard.count for shard, _ in shards), default=0)
    seen = Counter(str(shard) for shard, _ in shards)
    wanted = [str(Shard(index, count)) for index in range(1, count + 1)]
    wrong = [f"{name} is missing" for name in wanted if name not in seen]
    wrong += [f"{name} is there twice" for name, number in seen.items() if number > 1]
    wrong += [f"{name} is of another split" for name in seen if name not in wanted]
    if wrong or not runs:
        raise UsageError(
            f"These runs are not all shards of one run: {', '.join(wrong) or 'there is none'}.",
            hint="name the run folder of each shard once, from 1/N to N/N",
        )
    return [run for _, run in sorted(shards, key=lambda pair: pair[0])]


def _shard_of(run: Run) -> Shard:
    try:
        return Shard.parse(run.environment.get(SHARD, ""))
    except ValueError:
        raise UsageError(
            f"The run {run.id} is no shard.", hint="only runs that were made with --shard I/N can be merged"
        ) from None


def _must_agree(first: Run, other: Run) -> None:
    told = {name: (getattr(first, name), getattr(other, name)) for name in _COMMON}
    told |= {name: (first.environment.get(name), other.environment.get(name)) for name in _COMMON_ENVIRONMENT}
    for name, (one, two) in told.items():
        if one != two:
            raise UsageError(
                f"The runs {first.id} and {other.id} do not belong together: {name} is {one!r} and {two!r}.",
                hint="run every shard with the same Preflight, the same options, and against the same release",
            )


def _renamed(run: Run, number: int) -> Run:
    """Give a run whose exchanges are named unlike those of any other shard."""
    names = {key: f"s{number}-{key}" for key in run.exchanges}
    return replace(
        run,
        cases=tuple(_case(case, names) for case in run.cases),
        exchanges={names[key]: _exchange(exchange, names[key]) for key, exchange in run.exchanges.items()},
    )


def _case(case: CaseResult, names: Mapping[str, str]) -> CaseResult:
    return replace(case, exchanges=tuple(names.get(name, name) for name in case.exchanges))


def _exchange(exchange: Exchange, name: str) -> Exchange:
    return replace(exchange, id=name)


def _span(runs: Iterable[Run]) -> float:
    """Give the seconds from the start of the first shard to the end of the last."""
    starts = [(datetime.fromisoformat(run.started).timestamp(), run.duration_s) for run in runs]
    return round(max(start + lasted for start, lasted in starts) - min(start for start, _ in starts), 3)


def _environment(runs: Sequence[Run]) -> dict[str, str]:
    common = {
        name: value
        for name, value in runs[0].environment.items()
        if name != SHARD and all(run.environment.get(name) == value for run in runs)
    }
    # Each machine may draw a seed of its own: it decides which requests are generated, and nothing else.
    seeds = dict.fromkeys(run.environment["seed"] for run in runs if "seed" in run.environment)
    return common | ({"seed": ", ".join(seeds)} if seeds else {}) | {"shards": str(len(runs))}
