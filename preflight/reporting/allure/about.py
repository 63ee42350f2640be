"""What Allure shows around the results of a run: categories, environment, executor."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from allure_commons.model2 import Status

from preflight.model.claim import ClaimKind
from preflight.model.json import Json
from preflight.model.outcome import Outcome
from preflight.model.run import Run


class Sort(StrEnum):
    """What sort of deviation it is; messages begin with it, so that categories can tell them apart."""

    OPEN_DOOR = "open door"
    UNDOCUMENTED = "undocumented error"
    BROKEN = "broken promise"
    KNOWN = "known deviation"
    WEAKNESS = "security warning"
    WARNING = "warning"


EXECUTOR: Final = "executor.json"
_OPEN_DOOR: Final = frozenset({ClaimKind.AUTHENTICATION, ClaimKind.PERMISSION, ClaimKind.SECURITY})
# How the wire and the ground say that nobody answers; "no answer of this run shows it" is something else.
_UNREACHABLE: Final = (
    r"[\s\S]*(the target was lost|did not answer within|refuses connections|is not known|broke \(|not trusted)[\s\S]*"
)
_ESCAPES: Final = {sign: f"\\{sign}" for sign in "\\ :=#!"} | {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def properties(run: Run) -> str:
    """Give the facts about the run as a Java properties file."""
    own = {"alias": run.alias, "target": run.target, "release": run.release, "profile": run.profile}
    facts = sorted({**run.environment, **own}.items())
    return "".join(f"{_escaped(key)}={_escaped(value)}\n" for key, value in facts)


def _escaped(text: str) -> str:
    """Write a key or value for a Java properties file."""
    return "".join(
        _ESCAPES.get(sign, sign) if sign.isascii() else "".join(f"\\u{unit:04x}" for unit in _utf16(sign))
        for sign in text
    )


def _utf16(sign: str) -> Iterator[int]:
    units = sign.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))


def executor(run: Run) -> dict[str, str]:
    """Say what made the results, and call the report."""
    return {
        "name": "Preflight",
        "type": "preflight",
        "buildName": run.id,
        "reportName": f"{run.profile} on {run.alias}, release {run.release}",
    }


def sort_of(outcome: Outcome, *, advisory: bool) -> Sort:
    """Tell what sort of deviation an outcome found."""
    if outcome.waived:
        return Sort.KNOWN
    kind = outcome.claim.kind
    if advisory:
        return Sort.WEAKNESS if kind is ClaimKind.SECURITY else Sort.WARNING
    if kind in _OPEN_DOOR:
        return Sort.OPEN_DOOR
    if kind is ClaimKind.REFUSAL and outcome.findings[0].where != "status":
        return Sort.UNDOCUMENTED
    return Sort.BROKEN


def _category(name: str, pattern: str, *statuses: str) -> Json:
    return {"name": name, "matchedStatuses": list(statuses), "messageRegex": pattern}


def _of_sort(name: str, sort: Sort, *statuses: str) -> Json:
    return _category(name, rf"([\s\S]*\n)?{sort}: [\s\S]*", *statuses)


# Allure 2 takes these patterns as Java's, Allure 3 as JavaScript's: only what both understand.
CATEGORIES: Final[Json] = [
    _of_sort("Open door", Sort.OPEN_DOOR, Status.FAILED),
    _of_sort("Undocumented error", Sort.UNDOCUMENTED, Status.FAILED),
    _of_sort("Broken promise", Sort.BROKEN, Status.FAILED),
    {"name": "Preflight stumbled", "matchedStatuses": [Status.BROKEN]},
    _category("Target unreachable", rf"inconclusive: {_UNREACHABLE}", Status.SKIPPED),
    _category("Could not be judged", rf"inconclusive: (?!{_UNREACHABLE})[\s\S]*", Status.SKIPPED),
    _category("Not applicable", r"not applicable: [\s\S]*", Status.SKIPPED),
    _of_sort("Known deviation", Sort.KNOWN, Status.PASSED),
    _of_sort("Security warning", Sort.WEAKNESS, Status.PASSED),
    _of_sort("Warning", Sort.WARNING, Status.PASSED),
]
