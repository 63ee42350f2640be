"""Identities: which id is whose, so that two runs are seen to ask the same although every id differs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from preflight.comparison.answers import ARRANGEMENT, asked, is_arrangement
from preflight.model import normal
from preflight.model.exchange import Exchange
from preflight.model.json import Json
from preflight.model.run import CaseResult, Run

_CASES_OWN = "case "


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """The ids of a run: `names` says what each stands for, `born` in which case it was first seen."""

    names: Mapping[str, str]
    born: Mapping[str, str]
    people: frozenset[str]

    def named(self, value: Json) -> Json:
        """Give a value with what its ids stand for, and everything else in it made normal."""
        match value:
            case str() if value in self.names:
                return self.names[value]
            case Mapping():
                return {normal.text(key): self.named(part) for key, part in value.items()}
            case list():
                return [self.named(part) for part in value]
            case _:
                return normal.value(value)

    def owned(self, exchange: Exchange, case: CaseResult) -> bool:
        """Tell whether an exchange is about what its case made itself, so that no other case can have touched it."""
        ids = {found for found in _ids(asked(exchange)) if found not in self.people}
        return bool(ids) and all(self.born.get(found) == case.id for found in ids)


def identities(run: Run) -> Identities:
    """Follow the ids of a run from where they first appear."""
    people: dict[str, str] = {}
    names: dict[str, str] = {}
    born: dict[str, str] = {}
    for case in run.cases:
        for exchange in (run.exchanges[name] for name in case.exchanges):
            people.update(_caller(exchange))
            places = dict(_places(_body(exchange), ""))
            thing = _thing(exchange)
            for found, place in places.items():
                if thing:
                    names.setdefault(found, f"<{thing}{place}>")
                born.setdefault(found, case.id)
            for found in _ids(asked(exchange)):
                # An id that is asked for before it is answered was not made here.
                if found not in places:
                    born.setdefault(found, "")
    return Identities(names={**names, **people}, born=born, people=frozenset(people))


def _caller(exchange: Exchange) -> dict[str, str]:
    headers = {name.lower(): value for name, value in exchange.request.headers}
    user = headers.get("x-user-id", "")
    # Who asks with the headers of somebody else has only their token.
    return {user: f"<{exchange.actor}>"} if is_arrangement(exchange) and normal.looks_like_an_id(user) else {}


def _thing(exchange: Exchange) -> str:
    if not is_arrangement(exchange):
        return ""
    what = exchange.purpose.removeprefix(ARRANGEMENT)
    return "before" if what.startswith(_CASES_OWN) else what


def _body(exchange: Exchange) -> Json:
    try:
        return exchange.response.json()
    except (ValueError, RecursionError):
        return None


def _places(value: Json, place: str) -> Iterator[tuple[str, str]]:
    """Give every id in a value with where it stands; of several places the first counts."""
    found: dict[str, str] = {}
    for where, text in _texts(value, place):
        if normal.looks_like_an_id(text):
            found.setdefault(text, where)
    yield from found.items()


def _ids(value: Json) -> frozenset[str]:
    return frozenset(text for _, text in _texts(value, "") if normal.looks_like_an_id(text))


def _texts(value: Json, place: str) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield place, value
        case Mapping():
            for key, part in value.items():
                yield from _texts(part, f"{place}/{key}")
        case list():
            for part in value:
                yield from _texts(part, f"{place}/-")
