"""Reach: whether the target still answers; where it has stopped it is waited for, within bounds.

A request that got no answer makes it doubtful. Before the next case the target is asked what it is: answers it, the
network lost one request, and nothing more is said. Else it is an outage, and the target is asked again until it is
back, or the run has waited for so long as it may in all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from preflight.errors import TargetError
from preflight.model.outage import Forgot, Outage
from preflight.session.circumstances import GATEWAY, CircumstanceError, GatewayError
from preflight.session.stage import iso
from preflight.wire.pace import Wait
from preflight.wire.rest import Ask, RestClient

PATIENCE = 3
PATIENCE_S = 180.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0
_WHO = Ask(actor="nobody", purpose="does the target answer?", method="GET", path="/api/info")


@dataclass(slots=True, kw_only=True)
class _Seen:
    """An outage as far as it is known: the readings of the clock, and the cases that it made inconclusive."""

    began: float
    ended: float
    returned: bool
    forgot: Forgot
    cases: set[str]


@dataclass(kw_only=True)
class Reach:
    """Knows whether the target answers.

    `back` is called when it does so again, and says what it has forgotten; it raises CircumstanceError where the run
    cannot go on. `patience_s` is for how long a run waits in all.
    """

    client: RestClient
    back: Callable[[], Forgot]
    patience_s: float = PATIENCE_S
    _losses: int = 0
    _doubtful_since: float | None = None
    _doubted_by: set[str] = field(default_factory=set)
    _because: str = ""
    _lost: str = ""
    _is_back: bool = False  # and has not been met again yet
    _outages: list[_Seen] = field(default_factory=list)

    @property
    def outages(self) -> tuple[Outage, ...]:
        """How often, when and for how long the target has stopped answering."""
        return tuple(
            Outage(
                began=iso(datetime.fromtimestamp(seen.began, UTC)),
                seconds=round(seen.ended - seen.began, 1),
                cases=len(seen.cases),
                returned=seen.returned,
                forgot=seen.forgot,
            )
            for seen in self._outages
        )

    def lost(self, why: str, case: str = "") -> None:
        """Note that a request got no answer; `case` names the one that is inconclusive because of it."""
        self._losses += 1
        self.doubt(why, case)

    def doubt(self, why: str, case: str = "") -> None:
        """Note that something else answered in the place of the target, as a gateway does that cannot reach it."""
        self._because = why
        if self._doubtful_since is None:
            self._doubtful_since = self.client.pace.clock.now()
        self._doubted_by |= {case} - {""}

    def found(self) -> None:
        """Note that a request of a case got an answer."""
        self._losses = 0

    def must_answer(self, case: str = "") -> None:
        """See that the target answers, and wait for it where it has stopped.

        Raises:
            CircumstanceError: when it has not come back in time, or was lost several times in a row.
        """
        if not self._lost and self._doubtful_since is not None:
            self._ascertain(self._doubtful_since)
        if not self._lost and self._losses >= PATIENCE:
            self._lost = self._because
        if not self._lost and self._is_back:
            self._welcome(case)
        if self._lost:
            self._blame(case)
            raise CircumstanceError(f"the target was lost: {self._lost}")

    def must_answer_at_last(self) -> None:
        """See that the target answers to clean up: that requests were lost in a row counts no more where it does.

        Raises:
            CircumstanceError: when it has not come back in time.
        """
        self._losses = 0
        if self._lost and self._answers():
            self._lost = ""
        self.must_answer()

    def _ascertain(self, since: float) -> None:
        cases, self._doubted_by, self._doubtful_since = self._doubted_by, set(), None
        if self._answers():
            return
        self._is_back = self._waited()
        now = self.client.pace.clock.now()
        self._outages.append(_Seen(began=since, ended=now, returned=self._is_back, forgot=Forgot.NOTHING, cases=cases))
        if self._is_back:
            self._losses = 0
        else:
            self._lost = self._because

    def _welcome(self, case: str) -> None:
        try:
            self._outages[-1].forgot = self.back()
        except (TargetError, GatewayError) as problem:  # it is gone again
            why = problem.what if isinstance(problem, TargetError) else str(problem)
            self.lost(why, case)
            raise CircumstanceError(why) from problem
        except CircumstanceError as problem:
            self._outages[-1].forgot, self._lost = Forgot.LOGINS, str(problem)
        self._is_back = False

    def _blame(self, case: str) -> None:
        if self._outages:
            self._outages[-1].cases |= {case} - {""}

    def _waited(self) -> bool:
        """Ask until the target answers; says whether it did before patience was at an end."""
        pace = self.client.pace
        began = pace.clock.now()
        if pace.told and self.patience_s > 0:
            pace.told(Wait(seconds=self.patience_s, what="the target", is_outage=True))
        pause, deadline, answers = FIRST_PAUSE_S, began + self.patience_s, False
        while not answers and pace.clock.now() < deadline:
            pace.clock.sleep(min(pause, deadline - pace.clock.now()))
            pause = min(2 * pause, LONGEST_PAUSE_S)
            answers = self._answers()
        self.patience_s = max(0.0, deadline - pace.clock.now())
        return answers

    def _answers(self) -> bool:
        try:
            return self.client.send(_WHO).status not in GATEWAY
        except TargetError:
            return False
