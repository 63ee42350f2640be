"""Difference: one thing that one pair of cases shows to be otherwise, before it is known what it means."""

from dataclasses import dataclass

from preflight.comparison.correspondence import Pair
from preflight.model.change import Aspect
from preflight.model.operation import OperationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a pair shows: `where` is a place such as ``200.room._id``, a JSON pointer, or empty.

    `coded` says that the answer before carried a code, so that nobody had to read its text.
    """

    operation: OperationKey
    aspect: Aspect
    before: str
    after: str
    pair: Pair
    where: str = ""
    coded: bool = False
