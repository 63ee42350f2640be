"""Revised schemas: which fields of a body changed, and whether that breaks who sends or who reads it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from preflight.catalog.facts import Facts, places
from preflight.derive.facts import Schema
from preflight.model.change import NOTHING, Aspect, Effect

Fields = Mapping[str, Facts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One thing that a page says otherwise than before, at a place such as ``query.roomId`` or ``200.room._id``."""

    aspect: Aspect
    where: str
    before: str
    after: str
    effect: Effect


def fields_of(schema: Schema | None) -> Fields:
    """Give what a schema says of each place within it."""
    return places(schema or {})


def sent(before: Fields, after: Fields, where: str) -> Iterator[Revision]:
    """Compare what clients send: whoever was right must stay right, so less may be demanded and more accepted."""
    gone: list[str] = []
    for place in sorted({*before, *after}):
        old, new = before.get(place), after.get(place)
        if _inside(place, gone):
            continue
        at = f"{where}.{place}" if place else where
        if old is None or new is None:
            gone.append(place)
            breaks = new is None or new.required
            yield _revision(Aspect.PARAMETER, at, (_words(old), _words(new)), breaks=breaks)
        else:
            yield from revised(old, new, at, is_sent=True)


def read(before: Fields, after: Fields, where: str) -> Iterator[Revision]:
    """Compare what clients read: what was there must stay, and nothing unexpected may come in its place."""
    gone: list[str] = []
    for place in sorted({*before, *after}):
        old, new = before.get(place), after.get(place)
        if _inside(place, gone):
            continue
        at = f"{where}.{place}"
        if old is None or new is None:
            gone.append(place)
            yield _revision(Aspect.FIELD, at, (_words(old), _words(new)), breaks=new is None)
        else:
            yield from revised(old, new, at, is_sent=False)


def revised(old: Facts, new: Facts, where: str, *, is_sent: bool) -> Iterator[Revision]:
    """Compare what is said of one place."""
    if old.required is not new.required:
        told = (_presence(required=old.required), _presence(required=new.required))
        yield _revision(Aspect.REQUIRED, where, told, breaks=new.required is is_sent)
    if {*old.types} != {*new.types}:
        told = (_type(old), _type(new))
        yield _revision(Aspect.TYPE, where, told, breaks=not _fits(old.types, new.types, is_sent=is_sent))
    # That a value may be null is told as its type.
    was, now = ({*facts.values} - {"null"} for facts in (old, new))
    if was != now:
        told = (_listed(was), _listed(now))
        yield _revision(Aspect.VALUES, where, told, breaks=not _fits(was, now, is_sent=is_sent))


def _fits(old: Collection[str], new: Collection[str], *, is_sent: bool) -> bool:
    """Tell whether what was right stays right; nothing said means that anything goes."""
    wider, narrower = (new, old) if is_sent else (old, new)
    if not wider:
        return True
    return bool(narrower) and {*narrower} <= {*wider}


def _inside(place: str, gone: list[str]) -> bool:
    return any(place.startswith((f"{outer}.", f"{outer}[")) for outer in gone)


def _revision(aspect: Aspect, where: str, told: tuple[str, str], *, breaks: bool) -> Revision:
    effect = Effect.BREAKING if breaks else Effect.COMPATIBLE
    return Revision(aspect=aspect, where=where, before=told[0], after=told[1], effect=effect)


def _words(facts: Facts | None) -> str:
    return NOTHING if facts is None else f"{_presence(required=facts.required)}, {_type(facts)}"


def _presence(*, required: bool) -> str:
    return "required" if required else "optional"


def _type(facts: Facts) -> str:
    return " or ".join(facts.types) or "any value"


def _listed(values: Collection[str]) -> str:
    return ", ".join(sorted(values)) or "any value"
