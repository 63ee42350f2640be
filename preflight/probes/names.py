"""Names: what parameters may name in generated requests, resolved to things of the run, and how texts are kept to it.

Whatever a generator draws, a parameter that names something gets a value of the run, a value that nothing has, or a
value that can be the name of nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from preflight.model.json import Json
from preflight.probes.probe import Parameters, Path

# In place of numbers and truth values where something is named: servers read them as texts, and nothing is called so.
ODD_NUMBER = 918_273_645_546
LONGEST = 2_000
_FILL = "a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What one parameter may name: values of the run, and one that nothing has; `fixed` ones win over a case's own."""

    values: tuple[str, ...]
    unknown: str | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the parameters of one operation may name, by their last names; `without` are left out always.

    `loose` ones may have any value, or are read by nobody.
    """

    known: Mapping[str, Name] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    loose: frozenset[str] = frozenset()

    def of(self, name: str) -> Name | None:
        """Give what a parameter may name; None where it names nothing."""
        return self.known.get(_plain(name))

    def replaced(self, base: Parameters) -> Parameters:
        """Give an accepted request as the base of probes: without what is left out, with what stands instead."""
        for path in tuple(base.paths()):
            name = self.of(path[-1])
            if path[-1] in self.without:
                base = base.without(path)
            elif name is not None and name.fixed:
                base = base.with_value(path, name.values[0])
        return base

    def kept(self, drawn: Parameters) -> Parameters:
        """Give drawn parameters with every value kept to what is allowed."""
        query = {name: self._kept(name, value) for name, value in drawn.query.items() if name not in self.without}
        body = self._kept("", drawn.body) if drawn.has_body else None
        return Parameters(query=query, body=body, has_body=drawn.has_body)

    def as_long(self, usual: Parameters, odd: Parameters) -> Parameters:
        """Give a usual request with texts as long as those of an odd one, so that size alone tells nothing.

        A longer name would be that of something else: in its place comes one, as long, that names nothing.
        """
        for path in tuple(usual.paths()):
            plain, told = usual.at(path), _text_at(odd, path)
            if isinstance(plain, str) and len(told) > len(plain):
                usual = usual.with_value(path, self._filling(path, plain).ljust(len(told), _FILL))
        return usual

    def _filling(self, path: Path, plain: str) -> str:
        allowed = next(filter(None, map(self.of, path)), None)
        return plain if allowed is None else allowed.unknown or plain

    def _kept(self, name: str, value: Json) -> Json:
        if isinstance(value, Mapping):
            return {
                _key(key): self._kept(name if self.of(name) else key, inner)
                for key, inner in value.items()
                if key not in self.without
            }
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._kept(name, item) for item in value]
        allowed = self.of(name)
        if allowed is not None:
            return _named(allowed, value)
        return value[:LONGEST] if isinstance(value, str) else value


def _named(allowed: Name, value: Json) -> Json:
    if value is None or value in {*allowed.values, allowed.unknown}:
        return value
    if isinstance(value, str):
        if not value.strip():
            return value
        return allowed.unknown or allowed.values[0]
    return ODD_NUMBER


def _text_at(parameters: Parameters, path: Path) -> str:
    try:
        told = parameters.at(path)
    except KeyError:
        return ""
    return told if isinstance(told, str) else ""


def _key(name: str) -> str:
    """Keep a name from being an operator, which might reach a database."""
    return name.replace("$", "_") or "_"


def _plain(name: str) -> str:
    return name.partition("[")[0]
