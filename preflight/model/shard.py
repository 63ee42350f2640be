"""Shards: a run split by operation, so that several processes or machines judge a part each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from preflight.model.operation import OperationKey

_SPELLING = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})\Z")


@dataclass(frozen=True, slots=True, order=True)
class Shard:
    """One part of so many, spelled ``2/4``.

    Raises:
        ValueError: from `parse`, when the text names no part.
    """

    index: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a part back from what `str` prints."""
        match = _SPELLING.match(text)
        if match is None or int(match[1]) > int(match[2]):
            msg = f"{text!r} is no shard; write 2/4 for the second of four"
            raise ValueError(msg)
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.index}/{self.count}"

    def share(self, weights: Mapping[OperationKey, int]) -> frozenset[OperationKey]:
        """Give the operations of this part: each is in exactly one, and the parts weigh about the same.

        It depends on the operations and their weights alone, so that every machine deals alike.
        """
        loads = [0] * self.count
        mine: set[OperationKey] = set()
        for key in sorted(weights, key=lambda each: (-weights[each], str(each))):
            lightest = loads.index(min(loads))
            loads[lightest] += weights[key]
            if lightest == self.index - 1:
                mine.add(key)
        return frozenset(mine)
