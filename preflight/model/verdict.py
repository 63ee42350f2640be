"""Verdicts, and how several become one: the larger wins.

FAIL accuses the deployment, INCONCLUSIVE the circumstances, ERROR accuses Preflight.
NOT_APPLICABLE says with evidence that the question does not arise on this target.
"""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What is known about a claim, a case, an operation or a run."""

    NOT_APPLICABLE = "not applicable"
    PASS = "pass"  # noqa: S105 (a verdict, not a password)
    INCONCLUSIVE = "inconclusive"
    FAIL = "fail"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Position in the order in which the larger verdict wins."""
        return _ORDER.index(self)


_ORDER = tuple(Verdict)


def worst(verdicts: Iterable[Verdict], *, of_nothing: Verdict = Verdict.NOT_APPLICABLE) -> Verdict:
    """Join verdicts into the largest of them; `of_nothing` where there are none."""
    return max(verdicts, key=lambda verdict: verdict.rank, default=of_nothing)
