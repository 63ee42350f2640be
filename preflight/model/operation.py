"""Operations: one REST endpoint or one realtime method, and the key that names it."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Self

REST_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


@dataclass(frozen=True, slots=True, order=True)
class OperationKey:
    """The name of an operation: ``GET rooms.info`` or ``ddp:rooms/get``.

    Raises:
        ValueError: from `parse`, when the text names no operation.
    """

    name: str
    method: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key back from what `str` prints."""
        if text.startswith("ddp:") and len(text) > len("ddp:"):
            return cls(name=text.removeprefix("ddp:"), method="ddp")
        method, _, name = text.partition(" ")
        if method in REST_METHODS and name and " " not in name:
            return cls(name=name, method=method)
        msg = f"{text!r} is no operation; write it as 'GET rooms.info' or 'ddp:rooms/get'"
        raise ValueError(msg)

    def __str__(self) -> str:
        return f"ddp:{self.name}" if self.method == "ddp" else f"{self.method} {self.name}"

    @property
    def family(self) -> str:
        """The part of the name before its first dot or slash: ``rooms``, ``chat``, ``livechat``."""
        return "realtime" if self.method == "ddp" else self.name.partition(".")[0].partition("/")[0]

    def matches(self, pattern: str) -> bool:
        """Tell whether a glob selects this operation: ``chat.*``, ``GET rooms.*``; realtime only by ``ddp:``."""
        if self.method == "ddp":
            return pattern.startswith("ddp:") and fnmatchcase(str(self), pattern)
        return fnmatchcase(str(self), pattern) or fnmatchcase(self.name, pattern)
