"""Subjects: how the parameters of a case are named in claims, such as ``query.roomId`` or ``body.message.rid``."""

from collections.abc import Iterator, Mapping

from preflight.catalog import realtime
from preflight.catalog.cases import Case
from preflight.catalog.contract import Contract
from preflight.catalog.steps import REALTIME
from preflight.model.json import Json

LOGIN_HEADERS = ("header.X-Auth-Token", "header.X-User-Id")


def sent_subjects(contract: Contract, case: Case) -> frozenset[str]:
    """Name the parameters that a case sends, the login headers of a request included."""
    if case.has_params or contract.key.method == REALTIME:
        return realtime.sent_subjects(contract, case.params)
    return frozenset(
        [
            *LOGIN_HEADERS,
            *(f"query.{name.removesuffix('[]')}" for name in case.query),
            *(f"header.{name}" for name in case.headers),
            *(f"body.{path}" for path in _paths(case.body)),
        ]
    )


def _paths(value: Json, path: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, child in value.items():
            inner = f"{path}.{name}" if path else name
            yield inner
            yield from _paths(child, inner)
    elif isinstance(value, list):
        yield f"{path}[]"
        for item in value:
            yield from _paths(item, f"{path}[]")
