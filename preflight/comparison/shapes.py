"""Shapes: which fields answers have, of which types, and how often where they could."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from preflight.comparison.answers import type_of
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.json import Json
from preflight.model.normal import looks_like_an_id

# The keys of these objects are data; documentation says so of some more.
_MAPS = frozenset({"customFields", "headers", "meta", "reactions", "translations"})


@dataclass(kw_only=True)
class Shape:
    """What was seen of some answers: by place ``update[]._id``, as claims spell it.

    `holders` counts the objects that could have had a field, `present` those that had it, `types` names what it was.
    """

    holders: Counter[str] = field(default_factory=Counter)
    present: Counter[str] = field(default_factory=Counter)
    types: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def always(self, place: str) -> bool:
        """Tell whether every object that could have a field had it."""
        return 0 < self.present[place] == self.holders[holder_of(place)]

    def never(self, place: str) -> bool:
        """Tell whether objects could have had a field, and none had it."""
        return self.holders[holder_of(place)] > 0 and not self.present[place]

    def fields(self) -> frozenset[str]:
        """List the places of fields; items of arrays are none."""
        return frozenset(place for place, seen in self.present.items() if seen and not place.endswith("[]"))


def shape_of(bodies: Iterable[Json], maps: frozenset[str]) -> Shape:
    """Look at answers; keys of `maps` and keys that are ids count as one field ``*``."""
    shape = Shape()
    for body in bodies:
        _look(body, "", maps, shape)
    return shape


def maps_among(claims: Iterable[ClaimId]) -> frozenset[str]:
    """Name the objects whose keys are data: those of which documentation describes any key, and some known ones."""
    named = {
        claim.subject.partition(".*")[0].rpartition(".")[2].removesuffix("[]")
        for claim in claims
        if claim.kind is ClaimKind.FIELD and ".*" in claim.subject
    }
    return _MAPS | named


def holder_of(place: str) -> str:
    """Give the place of the object that a field belongs to; empty for the answer itself."""
    return place.rpartition(".")[0]


def name_of(place: str) -> str:
    """Give the name of a field alone."""
    return place.rpartition(".")[2]


def below(place: str, other: str) -> bool:
    """Tell whether a place stands inside what stands at another."""
    return place.startswith((f"{other}.", f"{other}["))


def _look(value: Json, place: str, maps: frozenset[str], shape: Shape) -> None:
    if isinstance(value, Mapping):
        shape.holders[place] += 1
        keys = _keys(value, place, maps)
        for name in {*keys.values()}:
            shape.present[f"{place}.{name}" if place else name] += 1
        for key, part in value.items():
            here = f"{place}.{keys[key]}" if place else keys[key]
            shape.types[here].add(type_of(part))
            _look(part, here, maps, shape)
    elif isinstance(value, list):
        here = f"{place}[]"
        for part in value:
            shape.present[here] += 1
            shape.types[here].add(type_of(part))
            _look(part, here, maps, shape)


def _keys(value: Mapping[str, Json], place: str, maps: frozenset[str]) -> dict[str, str]:
    is_map = name_of(place).removesuffix("[]") in maps
    return {key: "*" if is_map or looks_like_an_id(key) else key for key in value}
