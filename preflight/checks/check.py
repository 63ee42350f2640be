"""A check: a generator function over evidence with a stable id and its requirement in words."""

from collections.abc import Callable
from dataclasses import dataclass

from preflight.checks.evidence import Evidence, Judgements

Judge = Callable[[Evidence], Judgements]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check: its stable id, its requirement in words, and the function that judges."""

    id: str
    requirement: str
    judge: Judge


def check(name: str, requirement: str) -> Callable[[Judge], Check]:
    """Make a function the check `name`."""

    def made(judge: Judge) -> Check:
        return Check(id=name, requirement=requirement, judge=judge)

    return made
