"""Fields: which fields and types changed, told apart from what a workspace happens to hold.

The answer of a list, or of a room that other cases use, depends on what was done before: a field that is there now and
then says nothing by its absence once. So a field counts as changed where it was never there before although it could
have been, and now either always is, or was unknown to the whole run before; and where a case that made everything
itself shows it in one run and not in the other. The same holds for types, and the other way round.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from preflight.comparison.answers import ERROR_TYPE, TEXTS, told
from preflight.comparison.correspondence import Pair, View
from preflight.comparison.difference import Difference
from preflight.comparison.shapes import Shape, below, holder_of, maps_among, name_of, shape_of
from preflight.model.change import NOTHING, Aspect
from preflight.model.claim import ClaimKind
from preflight.model.exchange import Exchange
from preflight.model.json import Json
from preflight.model.operation import OperationKey
from preflight.model.run import CaseResult

Kind = tuple[OperationKey, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """Two answers of one status to one question; `owned` says that no other case can have touched what they show."""

    pair: Pair
    before: Shape
    after: Shape
    owned: bool


def of_fields(before: View, after: View, pairs: Iterable[Pair]) -> Iterator[Difference]:
    """Tell for each operation and status which fields and types changed, with the cases that show it."""
    maps = maps_among([*before.run.claims, *after.run.claims])
    known = (_names(before, maps), _names(after, maps))
    for kind, looks in _looks(before, after, pairs, maps).items():
        yield from _of_kind(kind, looks, known)


def _looks(before: View, after: View, pairs: Iterable[Pair], maps: frozenset[str]) -> Mapping[Kind, list[_Look]]:
    found: defaultdict[Kind, list[_Look]] = defaultdict(list)
    for pair in (pair for pair in pairs if not pair.is_generated):
        for old, new in pair.exchanges:
            operation, said, says = pair.about(old), told(old.response), told(new.response)
            if operation is None or said.status != says.status or not (said.is_json and says.is_json):
                continue
            found[operation, said.status].append(
                _Look(
                    pair=pair,
                    before=shape_of([_plain(said.body, refused=said.refused)], maps),
                    after=shape_of([_plain(says.body, refused=says.refused)], maps),
                    owned=_owned(before, old, pair.before) and _owned(after, new, pair.after),
                )
            )
    return found


def _owned(view: View, exchange: Exchange, case: CaseResult) -> bool:
    return view.identities.owned(exchange, case)


def _plain(body: Json, *, refused: bool) -> Json:
    """Give a body without the words of a refusal, which are compared as words."""
    if not refused or not isinstance(body, Mapping):
        return body
    return {key: value for key, value in body.items() if key not in {ERROR_TYPE, *TEXTS}}


def _names(view: View, maps: frozenset[str]) -> frozenset[str]:
    """Give the name of every field that any answer of a run shows, or any claim of it is about."""
    whole = shape_of((told(found.response).body for found in view.run.exchanges.values()), maps)
    claimed = (claim.subject for claim in view.run.claims if claim.kind is ClaimKind.FIELD)
    return frozenset(name_of(place) for place in (*whole.fields(), *claimed))


def _of_kind(kind: Kind, looks: list[_Look], known: tuple[frozenset[str], frozenset[str]]) -> Iterator[Difference]:
    before, after = _joined(look.before for look in looks), _joined(look.after for look in looks)
    gone: list[str] = []
    for place in sorted(before.fields() | after.fields()):
        if any(below(place, outer) for outer in gone):
            continue
        came, went = _came(before, after, place, known[0]), _came(after, before, place, known[1])
        shown = [look for look in looks if _presence(look, place)]
        if not (came or went):
            shown = [look for look in shown if _is_sure(look, place)]
        if shown:
            gone.append(place)
            yield from _presences(kind, place, shown, before, after)
        else:
            yield from _types(kind, place, looks, before, after)


def _came(before: Shape, after: Shape, place: str, known: frozenset[str]) -> bool:
    return before.never(place) and (after.always(place) or name_of(place) not in known) and after.present[place] > 0


def _presence(look: _Look, place: str) -> bool:
    """Tell whether a look shows the field in one run only, although the object that it belongs to is in both."""
    holder = holder_of(place)
    both = look.before.holders[holder] and look.after.holders[holder]
    return bool(both) and bool(look.before.present[place]) != bool(look.after.present[place])


def _is_sure(look: _Look, place: str) -> bool:
    # Items of a list are other people's things as often as not.
    return look.owned and "[]" not in place


def _presences(kind: Kind, place: str, shown: list[_Look], before: Shape, after: Shape) -> Iterator[Difference]:
    for look in shown:
        is_new = bool(look.after.present[place])
        types = _spelled((after if is_new else before).types[place])
        told = (NOTHING, types) if is_new else (types, NOTHING)
        yield _difference((kind, Aspect.FIELD, place), look, told)


def _types(kind: Kind, place: str, looks: list[_Look], before: Shape, after: Shape) -> Iterator[Difference]:
    old, new = before.types[place], after.types[place]
    if not old or not new or old == new:
        return
    apart = not old & new
    for look in looks:
        was, now = look.before.types[place], look.after.types[place]
        if was and now and not was & now and (apart or _is_sure(look, place)):
            yield _difference((kind, Aspect.TYPE, place), look, (_spelled(was), _spelled(now)))


def _difference(what: tuple[Kind, Aspect, str], look: _Look, told: tuple[str, str]) -> Difference:
    (operation, status), aspect, place = what
    return Difference(
        operation=operation,
        aspect=aspect,
        where=f"{status}.{place}",
        before=told[0],
        after=told[1],
        pair=look.pair,
    )


def _joined(shapes: Iterable[Shape]) -> Shape:
    whole = Shape()
    for shape in shapes:
        whole.holders.update(shape.holders)
        whole.present.update(shape.present)
        for place, types in shape.types.items():
            whole.types[place] |= types
    return whole


def _spelled(types: Iterable[str]) -> str:
    return " or ".join(sorted(types))
