"""How much do tools find that judge by the same contract, and how often do they cry wolf?

``python -m benchmarks.detection`` puts Preflight and its peers before the same faulty workspaces, with the effective
contract of the release exported as OpenAPI. A peer has found a fault when it complains of something of which it does
not complain before the honest workspace, told apart as finely as its report allows.

Everything is judged one after the other, over the operations that a fault touches alone. Peers from npm need
``cp benchmarks/peers/package.json DIR && npm install --prefix DIR`` and ``--node DIR``.
"""

import argparse
import json
import logging
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import perf_counter

from benchmarks.fields import Field, workspace
from benchmarks.peers.node import Dredd, Portman, Prism
from benchmarks.peers.peer import NotRunError, Peer, Place
from benchmarks.peers.stock import Schemathesis
from preflight import __version__
from preflight.catalog.catalog import Catalog, load_catalog
from preflight.catalog.openapi import as_openapi
from preflight.mock.fault import Fault
from preflight.mock.faults import FAULTS
from preflight.model.drill import CleanRun, Trial
from preflight.model.release import Release
from preflight.plugin.drilling import Order, played, sampled
from preflight.plugin.judging import DEFAULT_RELEASE

SAMPLE = 30


@dataclass(slots=True, kw_only=True)
class Score:
    """What one tool did: the faults it found, those before which it complained at all, false alarms, seconds."""

    name: str
    version: str
    found: set[str] = field(default_factory=set)
    complained: set[str] = field(default_factory=set)
    alarms: set[str] = field(default_factory=set)
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


def main() -> None:
    """Measure, and print a table in Markdown."""
    asked = _asked()
    logging.disable(logging.WARNING)  # some peers send what is no HTTP, and the mock says so each time
    faults = [each for each in FAULTS.values() if not each.operation.startswith("ddp:")]
    chosen = faults if asked.full else sampled(faults, asked.sample, asked.seed)
    peers: list[Peer] = [
        Schemathesis(every_failure=False),
        Schemathesis(every_failure=True),
        Dredd(asked.node),
        Prism(asked.node),
        Portman(asked.node),
    ]
    scores = [_preflight(chosen)]
    absent: dict[str, str] = {}
    for peer in peers:
        print(f"{peer.name} …", file=sys.stderr)
        try:
            scores.append(_score(peer, chosen))
        except NotRunError as why:
            absent[peer.name] = " ".join(str(why).split())
    _print(scores, absent, chosen, len(faults))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.detection", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--sample", type=int, default=SAMPLE, metavar="N", help="faults to plant, of every kind (%(default)s)"
    )
    parser.add_argument("--full", action="store_true", help="plant every fault of the REST API")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which sample is drawn (%(default)s)")
    parser.add_argument("--node", type=Path, metavar="DIR", help="folder with the node_modules of the peers from npm")
    return parser.parse_args()


def _field(fault: Fault) -> Field:
    return Field(fault.release or DEFAULT_RELEASE, fault.operation)


def _preflight(chosen: Iterable[Fault]) -> Score:
    score = Score(name="Preflight", version=__version__)
    for release, operation in sorted({(_field(each).release, each.operation) for each in chosen}):
        clean = played(Order(release=release, only=(operation,)))
        if isinstance(clean, CleanRun):
            score.alarms |= {str(seen) for seen in clean.alarms}
    for fault in chosen:
        started = perf_counter()
        trial = played(Order(fault=fault.name, release=_field(fault).release, only=(fault.operation,)))
        score.seconds += perf_counter() - started
        if isinstance(trial, Trial) and trial.is_found:
            score.found.add(fault.name)
        if isinstance(trial, Trial) and trial.sightings:
            score.complained.add(fault.name)
    return score


def _score(peer: Peer, chosen: Sequence[Fault]) -> Score:
    score = Score(name=peer.name, version=peer.version())
    usual: dict[Field, frozenset[str]] = {}
    for where in dict.fromkeys(map(_field, chosen)):
        usual[where] = frozenset[str]().union(*(_complaints(peer, where, None) for _ in range(peer.honest_runs)))
        score.alarms |= usual[where]
    for fault in chosen:
        started = perf_counter()
        try:
            complaints = _complaints(peer, _field(fault), fault)
        except (NotRunError, OSError, ValueError) as why:
            score.problems.append(f"{fault.name}: {why}")
            continue
        finally:
            score.seconds += perf_counter() - started
        if complaints:
            score.complained.add(fault.name)
        if complaints - usual[_field(fault)]:
            score.found.add(fault.name)
    return score


def _complaints(peer: Peer, where: Field, fault: Fault | None) -> frozenset[str]:
    with tempfile.TemporaryDirectory() as name, workspace(where.release, fault) as ground:
        folder = Path(name)
        contract = folder / "contract.json"
        contract.write_text(json.dumps(as_openapi(_catalog(where.release), [where.operation])), encoding="utf-8")
        return peer.failures(
            Place(
                field=where,
                url=ground.url,
                headers=ground.headers,
                contract=contract,
                folder=folder,
                user=ground.user,
                password=ground.password,
            )
        )


@cache
def _catalog(release: str) -> Catalog:
    return load_catalog(Release.parse(release))


def _print(scores: Sequence[Score], absent: dict[str, str], chosen: Sequence[Fault], total: int) -> None:
    cores = len(os.sched_getaffinity(0))
    print(f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores: {len(chosen)} of {total} faults of the REST API,")
    print(f"{len({_field(each) for each in chosen})} operations\n")
    print("| tool | faults found | complained before a fault | false alarms before the honest mock | seconds |")
    print("|---|---:|---:|---:|---:|")
    for score in scores:
        share = f"{len(score.found)} of {len(chosen)} ({100 * len(score.found) // max(len(chosen), 1)} %)"
        figures = f"{share} | {len(score.complained)} | {len(score.alarms)} | {score.seconds:.0f}"
        print(f"| {score.name} {score.version} | {figures} |")
    for name, why in absent.items():
        print(f"\n{name} was not run: {why}")
    print("\n| check | faults | " + " | ".join(score.name for score in scores) + " |")
    print("|---|---:|" + "---:|" * len(scores))
    for check, number in sorted(Counter(each.check for each in chosen).items()):
        names = {each.name for each in chosen if each.check == check}
        print(f"| {check} | {number} | " + " | ".join(str(len(names & score.found)) for score in scores) + " |")
    missed = sorted({each.name for each in chosen} - scores[0].found)
    print(f"\nPreflight missed: {', '.join(missed) or 'nothing'}")
    for score in scores:
        for problem in score.problems:
            print(f"\n{score.name} could not judge {problem}")


if __name__ == "__main__":
    main()
