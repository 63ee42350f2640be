"""Our own probes: one parameter of an accepted request is left out, or gets a value that must be refused."""

from collections.abc import Iterator, Mapping

from preflight.catalog.contract import Contract, Place
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.oddity import Odd, Oddity
from preflight.probes.names import Names
from preflight.probes.probe import BODY, QUERY, Parameters, Path, Probe, subject_of


def without_required(contract: Contract, base: Parameters, names: Names) -> Iterator[Probe]:
    """Leave out each required parameter in turn; of alternatives all at once."""
    for path in _required(contract, base):
        yield _missing(base, path)
    alternatives: tuple[Path, ...] = tuple((BODY, name) for name in _alternatives(contract))
    if not alternatives and not any(_required(contract, base)):
        # Where nothing is required alone, one of the things that a request can name is.
        alternatives = tuple(path for path in base.paths() if _is_named(names, path))
    if alternatives:
        yield _missing(base, *alternatives)


def _missing(base: Parameters, *paths: Path) -> Probe:
    words = f"without {' and '.join(path[-1] for path in paths)}"
    for path in paths:
        base = base.without(path)
    return Probe(parameters=base, oddity=Oddity(kind=Odd.MISSING, subject=subject_of(paths[0]), words=words))


def _is_named(names: Names, path: Path) -> bool:
    name = names.of(path[-1])
    return name is not None and name.unknown is not None


def with_unknown(base: Parameters, names: Names) -> Iterator[Probe]:
    """Name, by each required parameter that is an id or a name, what there is not."""
    for path in base.paths():
        name = names.of(path[-1])
        if name is None or name.unknown is None or not isinstance(base.at(path), str):
            continue
        odd = Oddity(kind=Odd.UNKNOWN, subject=subject_of(path), words=f"{path[-1]} names nothing")
        yield Probe(parameters=base.with_value(path, name.unknown), oddity=odd)


def _required(contract: Contract, base: Parameters) -> Iterator[Path]:
    for parameter in contract.parameters:
        if parameter.required and parameter.place is Place.QUERY and parameter.name in base.query:
            yield QUERY, parameter.name
    if contract.body is not None:
        yield from _required_within(contract.body.schema, base.body, (BODY,))


def _required_within(schema: JsonObject, value: Json, path: Path) -> Iterator[Path]:
    held = as_object(value)
    for name in map(str, as_list(schema.get("required"))):
        if name in held:
            yield (*path, name)
    for name, inner in as_object(schema.get("properties")).items():
        if isinstance(held.get(name), Mapping):
            yield from _required_within(as_object(inner), held[name], (*path, name))


def _alternatives(contract: Contract) -> tuple[str, ...]:
    """Name the parameters of which one must be given, where the branches of a body demand different ones."""
    schema = contract.body.schema if contract.body is not None else {}
    branches = [{str(name) for name in as_list(as_object(one).get("required"))} for one in as_list(schema.get("oneOf"))]
    if len(branches) < 2:  # noqa: PLR2004 (one branch is no alternative)
        return ()
    common = set.intersection(*branches)
    return tuple(sorted({name for branch in branches for name in branch - common}))
