"""Comparable: which runs can be compared at all; the others are refused in one line and a hint."""

from collections.abc import Iterator
from pathlib import PurePath

from preflight.errors import UsageError
from preflight.model.run import Run

_SAME = "run both with the same options, or let preflight upgrade judge both"


def refuse_incomparable(before: Run, after: Run, names: tuple[str | PurePath, str | PurePath]) -> None:
    """Refuse runs that do not answer the same questions; `names` says where each comes from.

    Raises:
        UsageError: when a run was interrupted, or the two are of different profiles or about different operations.
    """
    for run, name in zip((before, after), names, strict=True):
        if run.interrupted:
            raise UsageError(
                f"{name} cannot be compared: the run was interrupted",
                hint="what it did not ask would look like nothing changed; run again to its end",
            )
    if before.profile != after.profile:
        raise UsageError(
            f"the runs are of different profiles: {before.profile} in {names[0]}, {after.profile} in {names[1]}",
            hint=_SAME,
        )
    for key in ("only", "shard"):
        told = [run.environment.get(key, "") for run in (before, after)]
        if told[0] != told[1]:
            parts = [f"{part or 'everything'} in {name}" for part, name in zip(told, names, strict=True)]
            raise UsageError(f"the runs are about different operations: {', '.join(parts)}", hint=_SAME)


def differing_circumstances(before: Run, after: Run) -> Iterator[str]:
    """Tell in which circumstances beside the release the runs differ, since these can change answers too."""
    words = {
        "edition": "edition",
        "mode": "mode",
        "contracts": "contracts",
        "preflight": "version of Preflight",
        "mock": "mock",
    }
    for key, word in words.items():
        was, now = before.environment.get(key, ""), after.environment.get(key, "")
        if was == now:
            continue
        if key == "contracts":
            yield "the contracts are others: what a case asks may have changed"
        elif key == "mock":
            yield "one of the two is a mock workspace"
        else:
            yield f"the {word} is {was or 'unknown'} before and {now or 'unknown'} after"
