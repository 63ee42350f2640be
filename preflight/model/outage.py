"""An outage: the target stopped answering in the middle of a run, and came back or did not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Forgot(StrEnum):
    """What a target did not know any more when it came back: nothing, who is logged in, or the people of the run."""

    NOTHING = "nothing"
    LOGINS = "logins"
    PEOPLE = "people"


def graver(one: Forgot, other: Forgot) -> Forgot:
    """Give the one of two losses that takes more."""
    return max(one, other, key=tuple(Forgot).index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """When a target stopped answering (ISO-8601 UTC), for how many seconds, and how many cases it made inconclusive.

    `returned` says whether it came back, `forgot` what it had lost meanwhile.
    """

    began: str
    seconds: float
    cases: int
    returned: bool = True
    forgot: Forgot = Forgot.NOTHING


def joined(outages: Iterable[Outage]) -> tuple[Outage, ...]:
    """Make one outage of those that overlap: several parts of a run see the same one, each from its own place."""
    found: list[Outage] = []
    for outage in sorted(outages, key=lambda each: each.began):
        if found and datetime.fromisoformat(outage.began) <= _end(found[-1]):
            found[-1] = _both(found[-1], outage)
        else:
            found.append(outage)
    return tuple(found)


def _both(one: Outage, other: Outage) -> Outage:
    ended = max(_end(one), _end(other))
    return replace(
        one,
        seconds=round((ended - datetime.fromisoformat(one.began)).total_seconds(), 1),
        cases=one.cases + other.cases,
        returned=one.returned and other.returned,
        forgot=graver(one.forgot, other.forgot),
    )


def _end(outage: Outage) -> datetime:
    return datetime.fromisoformat(outage.began) + timedelta(seconds=outage.seconds)
