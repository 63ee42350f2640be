"""Correspondence: which exchanges of two runs are the same question, and which cases have no counterpart.

Cases correspond by their ids. What stands under one name in one release and under another in the next corresponds
where operation, caller, arrangement and request are the same: a case says what is promised, and the promise may differ.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from preflight.comparison.answers import ARRANGEMENT, asked, is_arrangement, operation_of
from preflight.comparison.identities import Identities
from preflight.model import normal
from preflight.model.change import NotCompared, Obstacle
from preflight.model.exchange import Exchange
from preflight.model.operation import OperationKey
from preflight.model.run import CaseResult, Run
from preflight.model.verdict import Verdict

GENERATED = "properties"
_CONCLUSIVE = frozenset({Verdict.PASS, Verdict.FAIL})
# Made by session.performance: the case was played all the same, it is only that no claim was asked about.
_NOTHING_ASKED = "no claim of this run was judged by it"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One run with the identities of its ids."""

    run: Run
    identities: Identities

    def exchanges(self, case: CaseResult) -> tuple[Exchange, ...]:
        """Give the exchanges that a case is about, without those that arranged it."""
        return tuple(found for found in self.all_exchanges(case) if not is_arrangement(found))

    def all_exchanges(self, case: CaseResult) -> Iterator[Exchange]:
        """Give every exchange of a case, in order."""
        return (self.run.exchanges[name] for name in case.exchanges)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A case before and after, and the exchanges of both that are the same question."""

    before: CaseResult
    after: CaseResult
    exchanges: tuple[tuple[Exchange, Exchange], ...]

    @property
    def is_generated(self) -> bool:
        """Whether its requests are such that nobody wrote."""
        return GENERATED in {self.before.suite, self.after.suite}

    def about(self, exchange: Exchange) -> OperationKey | None:
        """Give the operation that answers; a path that is asked with another method answers for that of the case."""
        found, own = operation_of(exchange), self.after.operation
        return own if found and found.name == own.name else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondence:
    """The pairs of two runs, and the cases that have none."""

    pairs: tuple[Pair, ...]
    not_compared: tuple[NotCompared, ...]


def correspond(before: View, after: View) -> Correspondence:
    """Find what can be compared."""
    olds = {case.id: case for case in before.run.cases}
    news = {case.id: case for case in after.run.cases}
    renamed = _renamed(
        _keys(before, (case for name, case in olds.items() if name not in news)),
        _keys(after, (case for name, case in news.items() if name not in olds)),
    )
    pairs: list[Pair] = []
    left: list[NotCompared] = []
    for name, old in olds.items():
        new = news.get(name) or renamed.get(name)
        if new is None:
            left.append(NotCompared(case=name, obstacle=Obstacle.ONLY_BEFORE))
            continue
        obstacle = _obstacle(old, new)
        found = () if obstacle else _exchanges(before, old, after, new)
        if obstacle:
            left.append(NotCompared(case=name, obstacle=obstacle, reason=new.reason or old.reason))
        elif found is None:
            left.append(NotCompared(case=name, obstacle=Obstacle.OTHERWISE))
        else:
            pairs.append(Pair(before=old, after=new, exchanges=found))
    taken = {case.id for case in renamed.values()}
    left.extend(
        NotCompared(case=name, obstacle=Obstacle.ONLY_AFTER) for name in news if name not in olds and name not in taken
    )
    return Correspondence(pairs=tuple(pairs), not_compared=tuple(left))


def _obstacle(old: CaseResult, new: CaseResult) -> Obstacle | None:
    known = [case.verdict in _CONCLUSIVE or case.reason == _NOTHING_ASKED for case in (old, new)]
    if all(known):
        return None
    return Obstacle.CIRCUMSTANCES if any(known) else Obstacle.NEITHER


def _exchanges(
    before: View, old: CaseResult, after: View, new: CaseResult
) -> tuple[tuple[Exchange, Exchange], ...] | None:
    """Pair exchanges by their order in the case; None where the case itself asks something else by now."""
    olds, news = before.exchanges(old), after.exchanges(new)
    if old.id != new.id:
        # Under another name a case may look at other things afterwards; what it asks is the same.
        return tuple(zip(olds[:1], news[:1], strict=True))
    pairs = []
    counterparts = dict(zip(_numbered(news), news, strict=True))
    for key, exchange in zip(_numbered(olds), olds, strict=True):
        other = counterparts.get(key)
        if other is None:
            continue
        if normal.value(asked(exchange)) != normal.value(asked(other)):
            return None
        pairs.append((exchange, other))
    return tuple(pairs)


def _numbered(exchanges: Iterable[Exchange]) -> list[tuple[str, int]]:
    """Name exchanges by their purpose, and those of one purpose by their number."""
    seen: Counter[str] = Counter()
    names = []
    for exchange in exchanges:
        seen[exchange.purpose] += 1
        names.append((exchange.purpose, seen[exchange.purpose]))
    return names


def _renamed(olds: Mapping[str, list[CaseResult]], news: Mapping[str, list[CaseResult]]) -> dict[str, CaseResult]:
    """Find by what they ask the cases which have another name by now; where several ask the same, none is taken."""
    return {
        found[0].id: news[key][0]
        for key, found in olds.items()
        if len(found) == 1 and key in news and len(news[key]) == 1
    }


def _keys(view: View, cases: Iterable[CaseResult]) -> Mapping[str, list[CaseResult]]:
    keys: defaultdict[str, list[CaseResult]] = defaultdict(list)
    for case in cases:
        subject = view.exchanges(case)[:1]
        if subject:
            keys[_key(view, case, subject[0])].append(case)
    return keys


def _key(view: View, case: CaseResult, subject: Exchange) -> str:
    own = f"{ARRANGEMENT}case "
    steps = [asked(found) for found in view.all_exchanges(case) if found.purpose.startswith(own)]
    named = [view.identities.named(part) for part in (asked(subject), *steps)]
    return json.dumps([str(case.operation), case.actor, named], sort_keys=True)
