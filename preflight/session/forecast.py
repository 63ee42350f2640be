"""Forecast: which calls a case will make, so far as the catalog tells, to put cases into an order and to plan a run.

It counts calls that a limiter counts. What only the run shows, such as how often something is looked for, is guessed:
a wrong guess costs a wait, and nothing else.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

from preflight.catalog.cases import Case
from preflight.catalog.cast import Lives
from preflight.catalog.catalog import Catalog
from preflight.catalog.lists import List
from preflight.catalog.placeholders import PlaceholderError, names
from preflight.catalog.steps import ADMIN, REALTIME, Step
from preflight.catalog.trespasses import Trespass
from preflight.model.operation import OperationKey
from preflight.session.snapshots import MESSAGE_KEYS, WITNESS, bridge
from preflight.wire.pace import LOGIN, Bucket, bucket_of

Calls: TypeAlias = Counter[Bucket]

#: Stands in the place of a method where somebody or something must be there, and is created the first time.
ONCE = "once"
LOOKS = ("rooms.get", "subscriptions.get")
_TAKES_AFTER_AN_ARRANGEMENT, _TAKES = 3, 2
_QUESTIONS_OF_A_LIST = 8
_OPERATION = re.compile(r"(GET|POST) \S+")


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Says which calls come of what a suite plays; `limits` tells whether somebody is counted."""

    catalog: Catalog
    limits: Callable[[str], bool]

    def accepted(self, case: Case) -> Calls:
        """Forecast a case that is accepted."""
        looks = (self._step(look.step) for look in case.afterwards)
        return sum((self.request(case), *looks), self.arrangement(case))

    def refused(self, case: Case) -> Calls:
        """Forecast a case that is refused, between two looks at the workspace."""
        arrangement = self.arrangement(case)
        takes = _TAKES_AFTER_AN_ARRANGEMENT if arrangement else _TAKES
        named = [*case.query, *(case.body if isinstance(case.body, Mapping) else ())]
        messages = sum(name in MESSAGE_KEYS for name in named)
        looks: Calls = Counter()
        for actor in {WITNESS, case.actor}:
            for look in LOOKS:
                looks += self._call(actor, bucket_of("POST", bridge(look), actor), takes)
            looks += self._call(actor, Bucket("GET", "chat.getMessage"), takes * messages)
        return self.accepted(case) + looks

    def trespasses(self, trespasses: Iterable[Trespass]) -> Calls:
        """Forecast what outsiders try, and one look at all that it touches."""
        every = tuple(trespasses)
        calls = sum((self.accepted(each.case) for each in every), Counter[Bucket]())
        things = {thing for each in every for thing in each.things}
        if things:
            calls += self._things(f"{thing}.id" for thing in things)
            for look in LOOKS:
                calls += self._call(WITNESS, Bucket("GET", look))
            calls += self._call(WITNESS, Bucket("GET", "chat.syncMessages"), len(things))
        return calls

    def listing(self, known: List) -> Calls:
        """Forecast a list that is asked for in many ways."""
        questions = self._call(known.actor, _bucket(known.operation), _QUESTIONS_OF_A_LIST)
        return questions + self._things((*Step(actor=known.actor, operation="", query=known.query).names,))

    def story(self, words: Sequence[str]) -> Calls:
        """Forecast a story by the words of its script: operations that are asked, and people and things of the cast."""
        calls: Calls = Counter()
        for word in words:
            if _OPERATION.fullmatch(word):
                calls += self._call(WITNESS, _bucket(OperationKey.parse(word)))
            elif word in self.catalog.cast.people:
                calls[Bucket(ONCE, word)] = 1
        return calls + self._things(_names(words))

    def probes(self, case: Case, most: int) -> Calls:
        """Forecast so many probes of the operation of a case."""
        return self._call(case.actor, _bucket(case.operation, case.actor), most)

    def arrangement(self, case: Case) -> Calls:
        """Forecast what is arranged before a case, and removed after it."""
        return sum((self._step(step) for step in case.before), self._things(case.names))

    def request(self, case: Case) -> Calls:
        """Forecast the request of a case itself."""
        return self._call(case.actor, _bucket(case.operation, case.actor))

    def now(self, calls: Calls, is_there: Callable[[str], bool]) -> Calls:
        """Put in the place of what must be there the calls that create it, if it is not there yet."""
        found: Calls = Counter()
        there: set[str] = set()
        waiting = list(calls.items())
        while waiting:
            bucket, times = waiting.pop()
            if bucket.method != ONCE:
                found[bucket] += times
            elif bucket.route not in there and not is_there(bucket.route):
                there.add(bucket.route)
                waiting += self._created(bucket.route).items()
        return found

    def _created(self, name: str) -> Calls:
        if name not in self.catalog.cast.things:
            return Counter({LOGIN: 1})
        steps = self.catalog.cast.things[name].steps
        named = (name for step in steps for name in step.names)
        people = self._things(name for name in named if self.catalog.cast.thing_of(name) is None)
        return sum((self._step(step) for step in steps), people)

    def _things(self, names: Iterable[str]) -> Calls:
        """Forecast everybody and everything that placeholders name."""
        wanted = tuple(names)
        people = (name.partition(".")[0] for name in wanted if self.catalog.cast.thing_of(name) is None)
        calls: Calls = Counter({Bucket(ONCE, each): 1 for each in people if each in self.catalog.cast.people})
        for name in self.catalog.cast.things_of(wanted):
            thing = self.catalog.cast.things[name]
            if thing.lives is Lives.RUN:
                calls[Bucket(ONCE, name)] = 1
                continue
            for step in (*thing.steps, *((thing.undo,) if thing.undo else ())):
                calls += self._step(step)
                calls += self._things(each for each in step.names if self.catalog.cast.thing_of(each) is None)
        return calls

    def _step(self, step: Step) -> Calls:
        if step.is_realtime:
            return self._call(step.actor, Bucket(REALTIME, step.route, step.actor))
        return self._call(step.actor, bucket_of(step.method, step.route, step.actor))

    def _call(self, actor: str, bucket: Bucket, times: int = 1) -> Calls:
        calls: Calls = Counter({bucket: times}) if times and self.limits(actor) else Counter()
        if actor != ADMIN:
            calls[Bucket(ONCE, actor)] = 1
        return calls


def _names(words: Iterable[str]) -> Iterator[str]:
    """Give the placeholders in words, those that can be read."""
    for word in words:
        with suppress(PlaceholderError):
            yield from names(word)


def _bucket(key: OperationKey, actor: str = WITNESS) -> Bucket:
    if key.method == REALTIME:
        return Bucket(REALTIME, key.name, actor)
    return bucket_of(key.method, key.name, actor)
