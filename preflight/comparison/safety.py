"""Safety: whether an upgrade is safe, and why, in one clause."""

from collections.abc import Iterable, Sequence

from preflight.model.change import Answer, Change, Effect, NotCompared, Obstacle, Safety, Standing

_STANDINGS = {
    Standing.AGAINST: "against the documentation of {release}",
    Standing.SILENT: "of which the documentation of {release} says nothing",
    Standing.PROMISED: "promised by the documentation of {release}",
}


def safety(
    changes: Sequence[Change],
    not_compared: Iterable[NotCompared],
    cases: int,
    release: str,
    *,
    accept_promised: bool = False,
) -> Safety:
    """Say whether an upgrade is safe.

    `accept_promised` lets what the documentation of the new release promises pass, even where it breaks clients.
    """
    breaking = [change for change in changes if change.effect is Effect.BREAKING]
    blocking = [change for change in breaking if not (accept_promised and change.standing is Standing.PROMISED)]
    unknown = [one for one in not_compared if one.obstacle is Obstacle.CIRCUMSTANCES]
    if blocking:
        return Safety(answer=Answer.NO, because=_accusation(blocking, release))
    if not cases:
        return Safety(answer=Answer.UNKNOWN, because="the two runs have no case in common that both could judge")
    if unknown:
        return Safety(
            answer=Answer.UNKNOWN,
            because=f"{_counted(len(unknown), 'case')} could be judged in one of the runs only",
        )
    return Safety(answer=Answer.YES, because=_reassurance(changes, len(breaking), release))


def _accusation(blocking: Sequence[Change], release: str) -> str:
    told = []
    for standing, words in _STANDINGS.items():
        number = sum(change.standing is standing for change in blocking)
        if number:
            told.append(f"{number:,} {words.format(release=release)}")
    can = "can break a client"
    if len(told) == 1:
        return f"{_counted(len(blocking), 'change')} {can}, {told[0].partition(' ')[2]}"
    return f"{_counted(len(blocking), 'change')} {can}: {', '.join(told)}"


def _reassurance(changes: Sequence[Change], accepted: int, release: str) -> str:
    if not changes:
        return "no behaviour changed"
    if accepted:
        return f"every change that can break a client ({accepted:,}) is promised by the documentation of {release}"
    if len(changes) == 1:
        return "the one change breaks no client"
    return f"none of the {len(changes):,} changes can break a client"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
