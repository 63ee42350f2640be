"""Reduction: smaller requests that may still show what a larger one has shown."""

from collections.abc import Iterator

from preflight.catalog.contract import Contract, Place
from preflight.model.json import Json, as_list, as_object
from preflight.model.oddity import Odd, Oddity
from preflight.probes.names import Names
from preflight.probes.probe import BODY, QUERY, Parameters, Path, subject_of

SHORT = 8


def smaller(parameters: Parameters, contract: Contract, oddity: Oddity, names: Names) -> Iterator[Parameters]:
    """Leave out one parameter after the other, then halve one text after the other, but none that names something.

    What is odd stays, and so does what is required, unless the request was drawn: else it would be odd in another way.
    """
    kept = set() if oddity.kind is Odd.DRAWN else {*_required(contract), oddity.subject}
    for path in parameters.paths():
        subject = subject_of(path)
        if not any(each == subject or each.startswith(f"{subject}.") for each in kept):
            yield parameters.without(path)
    for path in parameters.paths():
        value = parameters.at(path)
        if isinstance(value, str) and len(value) > SHORT and not any(map(names.of, path)):
            yield parameters.with_value(path, value[: len(value) // 2])
            yield parameters.with_value(path, value[len(value) // 2 :])


def _required(contract: Contract) -> Iterator[str]:
    for parameter in contract.parameters:
        if parameter.required and parameter.place is Place.QUERY:
            yield subject_of((QUERY, parameter.name))
    if contract.body is not None:
        yield from _required_within(contract.body.schema, (BODY,))


def _required_within(schema: Json, path: Path) -> Iterator[str]:
    node = as_object(schema)
    for name in map(str, as_list(node.get("required"))):
        yield subject_of((*path, name))
    for name, inner in as_object(node.get("properties")).items():
        yield from _required_within(inner, (*path, name))
    for branch in as_list(node.get("oneOf")):
        yield from _required_within(branch, path)
