"""Values: what must stand at certain places of a body, or must not exist there."""

from collections.abc import Iterator, Mapping, Sequence

from preflight.checks.evidence import Deviation, Look
from preflight.checks.show import show, type_name
from preflight.model.json import Json
from preflight.model.pointer import NothingThereError, look_up


def compared(body: Json, values: Mapping[str, Json], absent: Sequence[str]) -> Iterator[tuple[str, Deviation | None]]:
    """Compare each place; gives its pointer, and the deviation where there is one."""
    for where, promised in values.items():
        yield where, _wrong_value(body, where, promised)
    for where in absent:
        yield where, _not_absent(body, where)


def seen_afterwards(look: Look) -> Iterator[Deviation]:
    """Give what was read afterwards and is otherwise than it must be."""
    try:
        body = look.exchange.response.json()
    except (ValueError, RecursionError):
        body = None
    for where, deviation in compared(body, look.values, look.absent):
        if deviation is not None:
            yield Deviation(
                promised=f"afterwards {deviation.promised}",
                received=deviation.received,
                where=f"{look.exchange.purpose}: {where}",
                exchange=look.exchange,
            )


def _wrong_value(body: Json, where: str, promised: Json) -> Deviation | None:
    try:
        received = look_up(body, where)
    except NothingThereError:
        return Deviation(promised=show(promised), received="nothing", where=where)
    if received == promised and type_name(received) == type_name(promised):
        return None
    return Deviation(promised=show(promised), received=show(received), where=where)


def _not_absent(body: Json, where: str) -> Deviation | None:
    try:
        received = look_up(body, where)
    except NothingThereError:
        return None
    return Deviation(promised="absent", received=show(received), where=where)
