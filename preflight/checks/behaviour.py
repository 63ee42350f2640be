"""Checks of behaviour: what was done shows wherever it must, nowhere else, and changes nothing beside.

Several operations show the same thing. Where one of them shows it rightly, what was done is right, and those that show
it wrongly are at fault. Where all of them show it wrongly, the operation that did it is.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from preflight.checks.changes import changes
from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgement, Judgements, Pair, Sight
from preflight.checks.show import show, type_name
from preflight.model.claim import ClaimId
from preflight.model.exchange import Exchange
from preflight.model.json import Json, as_list, as_object
from preflight.model.pointer import NothingThereError, look_up, parts, pointer

Place = tuple[str | int, ...]

IDS = ("_id", "rid")  # what tells the items of a list apart: of subscriptions, their rooms


@check("behaviour.shown", "What was done MUST show, as it was done, wherever it can be read.")
def behaviour_shown(evidence: Evidence) -> Judgements:
    """Judge what people must see."""
    return _seen(evidence, [sight for sight in evidence.sights if not sight.hidden])


@check(
    "behaviour.nowhere-else", "What was done MUST NOT show where it does not belong, nor to whom it does not concern."
)
def behaviour_nowhere_else(evidence: Evidence) -> Judgements:
    """Judge what people must not see."""
    return _seen(evidence, [sight for sight in evidence.sights if sight.hidden])


@check("behaviour.unchanged", "What was done MUST leave alone what it is not about.")
def behaviour_unchanged(evidence: Evidence) -> Judgements:
    """Judge things that were read before and after."""
    for claim, pairs in pairs_by_claim(evidence).items():
        yield Judgement(claim=claim, deviations=tuple(found for pair in pairs for found in parted(pair, "unchanged: ")))


def is_as_promised(sight: Sight) -> bool:
    """Tell whether somebody saw what they must see, and not what they must not."""
    return not _look(sight).wrong


def pairs_by_claim(evidence: Evidence) -> Mapping[ClaimId, list[Pair]]:
    """Gather the pairs of each claim that is judged."""
    found: dict[ClaimId, list[Pair]] = {}
    for pair in evidence.pairs:
        if pair.claim in evidence.claims:
            found.setdefault(pair.claim, []).append(pair)
    return found


def parted(pair: Pair, told: str) -> Iterator[Deviation]:
    """Give the first place in which the two readings of a pair differ."""
    before, after = (_stands(exchange, pair.at) for exchange in (pair.before, pair.after))
    for change in changes(before, after, but=pair.but):
        yield Deviation(
            promised=f"{told}{show(change.before)}",
            received=show(change.after),
            where=pair.at + pointer(change.where),
            exchange=pair.after,
        )
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """A sight, and what it shows otherwise than it was to."""

    sight: Sight
    wrong: tuple[Deviation, ...]

    @property
    def fact(self) -> tuple[str, ...]:
        """What was to be seen, wherever it was looked for."""
        sight = self.sight
        return str(sight.cause), json.dumps(sight.like, sort_keys=True), *sight.absent

    @property
    def reader(self) -> str:
        """What was read: the operation, or the address where nothing is promised of it."""
        sight = self.sight
        return str(sight.reader.operation) if sight.reader else sight.exchange.request.url.partition("?")[0]


def _seen(evidence: Evidence, sights: Iterable[Sight]) -> Judgements:
    looks = [_look(sight) for sight in sights]
    by_fact: dict[tuple[str, ...], list[_Look]] = {}
    for look in looks:
        by_fact.setdefault(look.fact, []).append(look)
    blamed: dict[ClaimId, list[Deviation]] = {}
    for alike in by_fact.values():
        for claim, deviations in _blamed(alike):
            blamed.setdefault(claim, []).extend(deviations)
    for claim in _involved(looks):
        found = blamed.get(claim, [])
        if claim in evidence.claims and (found or _is_kept(claim, looks)):
            yield Judgement(claim=claim, deviations=tuple(found))


def _blamed(alike: Sequence[_Look]) -> Iterator[tuple[ClaimId, tuple[Deviation, ...]]]:
    """Lay what is wrong with a fact to a claim: one cause gives one finding, however many operations show it."""
    cause = alike[0].sight.cause
    if len({look.reader for look in alike}) > 1 and all(look.wrong for look in alike):
        yield cause, alike[0].wrong
        return
    told: set[str] = set()
    for look in alike:
        if look.wrong and look.reader not in told:
            told.add(look.reader)
            yield look.sight.reader or cause, look.wrong


def _involved(looks: Iterable[_Look]) -> list[ClaimId]:
    claims = ((look.sight.cause, look.sight.reader) for look in looks)
    return list(dict.fromkeys(claim for pair in claims for claim in pair if claim is not None))


def _is_kept(claim: ClaimId, looks: Iterable[_Look]) -> bool:
    """Whether something seen speaks for a claim, and not only nothing against it."""
    return any(not look.wrong for look in looks if claim in {look.sight.cause, look.sight.reader})


def _look(sight: Sight) -> _Look:
    return _Look(sight=sight, wrong=tuple(_hidden(sight) if sight.hidden else _shown(sight)))


def _hidden(sight: Sight) -> Iterator[Deviation]:
    for item, where in _candidates(sight):
        if not any(_unlike(item, sight.like, ())):
            yield _told(sight, f"no {show(sight.like)}", show(item), where)
            return


def _shown(sight: Sight) -> Iterator[Deviation]:
    found = _candidates(sight)
    key = next((name for name in IDS if name in as_object(sight.like)), None)
    if sight.among and key is not None:
        wanted = as_object(sight.like)[key]
        found = [(item, where) for item, where in found if as_object(item).get(key) == wanted]
        if len(found) > 1:
            yield _told(sight, show(sight.like), f"{len(found)} times", sight.at)
            return
    near = [(list(_departures(item, sight)), where) for item, where in found]
    if not near:
        yield _told(sight, show(sight.like), _not_there(sight), sight.at)
        return
    least, where = min(near, key=lambda one: len(one[0]))
    if len(near) > 1 and least:
        yield _told(sight, show(sight.like), f"none such among {len(near)}", sight.at)
        return
    for place, promised, received in least:
        yield _told(sight, promised, received, where + pointer(place))


def _told(sight: Sight, promised: str, received: str, where: str) -> Deviation:
    return Deviation(promised=promised, received=received, where=where, exchange=sight.exchange)


def _not_there(sight: Sight) -> str:
    response = sight.exchange.response
    if sight.among and isinstance(_stands(sight.exchange, sight.at), list):
        return f"not among {len(as_list(_stands(sight.exchange, sight.at)))}"
    return f"{response.status}, {show(_body(sight.exchange))}"


def _candidates(sight: Sight) -> list[tuple[Json, str]]:
    """Give what may be the thing, each with its place: the items of a list, or what stands at the place itself."""
    try:
        stands = look_up(_body(sight.exchange), sight.at)
    except NothingThereError:
        return []
    if not sight.among:
        return [(stands, sight.at)]
    return [(item, f"{sight.at}/{index}") for index, item in enumerate(as_list(stands))]


def _departures(found: Json, sight: Sight) -> Iterator[tuple[Place, str, str]]:
    yield from _unlike(found, sight.like, ())
    for where in sight.named:
        value = _at(found, where)
        if value is None or value == "":
            yield parts(where), "a value", show(value)
    for where in sight.absent:
        value = _at(found, where)
        if value is not None:
            yield parts(where), "nothing", show(value)


def _unlike(found: Json, promised: Json, where: Place) -> Iterator[tuple[Place, str, str]]:
    if isinstance(promised, Mapping) and isinstance(found, Mapping):
        for key, value in promised.items():
            if key in found:
                yield from _unlike(found[key], value, (*where, key))
            else:
                yield (*where, key), show(value), "nothing"
    elif isinstance(promised, list) and isinstance(found, list) and len(found) == len(promised):
        for index, value in enumerate(promised):
            yield from _unlike(found[index], value, (*where, index))
    elif found != promised or type_name(found) != type_name(promised):
        yield where, show(promised), show(found)


def _at(found: Json, where: str) -> Json:
    try:
        return look_up(found, where)
    except NothingThereError:
        return None


def _stands(exchange: Exchange, where: str) -> Json:
    return _at(_body(exchange), where)


def _body(exchange: Exchange) -> Json:
    try:
        return exchange.response.json()
    except (ValueError, RecursionError):
        return None
