"""Releases of Rocket.Chat and ranges of them, as servers and evidence spell them."""

import re
from dataclasses import dataclass
from typing import Self

from packaging.specifiers import InvalidSpecifier, SpecifierSet

_SPELLING = re.compile(r"v?(?P<major>\d+)\.(?P<minor>\d+)(?:\.(?P<patch>\d+))?(?:[-+.].*)?$")


@dataclass(frozen=True, slots=True, order=True)
class Release:
    """A release line such as 6.14 or 8.0.3; suffixes like ``-develop`` are read and dropped.

    Raises:
        ValueError: from `parse`, when the text names no release.
    """

    major: int
    minor: int
    patch: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``8.0``, ``8.0.1``, ``v6.14`` or ``6.14.0-develop``."""
        match = _SPELLING.match(text.strip())
        if match is None:
            msg = f"{text!r} is no release; write it as 8.0 or 6.14.2"
            raise ValueError(msg)
        return cls(int(match["major"]), int(match["minor"]), int(match["patch"] or 0))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}" + (f".{self.patch}" if self.patch else "")


@dataclass(frozen=True, slots=True)
class ReleaseRange:
    """The releases a fact holds for, spelled ``>=7.0,<8.3``; the empty text means every release.

    Raises:
        ValueError: when the text is no range.
    """

    text: str = ""

    def __post_init__(self) -> None:
        try:
            SpecifierSet(self.text)
        except InvalidSpecifier as problem:
            msg = f"{self.text!r} is no release range; write it as '>=7.0,<8.3' or leave it empty"
            raise ValueError(msg) from problem

    def __contains__(self, release: Release) -> bool:
        return f"{release.major}.{release.minor}.{release.patch}" in SpecifierSet(self.text)

    def __str__(self) -> str:
        return self.text
