"""JSON as Python types: what crosses the wire before it becomes values."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
JsonObject: TypeAlias = Mapping[str, Json]


def as_object(value: Json) -> JsonObject:
    """Give an object as it is, and an empty one for anything else."""
    return value if isinstance(value, (dict, Mapping)) else {}


def as_list(value: Json) -> Sequence[Json]:
    """Give a list as it is, and an empty one for anything else."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
