"""The audit: judges every answer of the run by what holds for every answer, whoever asked and why.

Arranging and looking requests get answers too. A cause that a case has found already is counted, and not told again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from preflight.catalog.catalog import Catalog
from preflight.catalog.contract import Contract
from preflight.checks.evidence import Evidence
from preflight.checks.judge import judge
from preflight.checks.quick import fits
from preflight.model.claim import Claim, ClaimId, Level
from preflight.model.exchange import Exchange
from preflight.model.operation import OperationKey
from preflight.model.outcome import Outcome
from preflight.model.run import CaseResult
from preflight.model.verdict import Verdict, worst
from preflight.session.causes import Cause, Causes, cause_of
from preflight.session.circumstances import GATEWAY
from preflight.wire.rest import API, Answer, Ask

SUITE, NAME, TITLE = "answers", "every-answer", "every answer of the run"
EVERY_ANSWER = (
    "robustness.no-server-error",
    "robustness.no-internals",
    "robustness.envelope",
    "robustness.json",
    "robustness.error-documented",
    "robustness.headers",
)
EVERY_SUCCESS = ("field.type", "field.required")
OK, TOO_MANY_REQUESTS = 200, 429
_NOT_THEIRS = GATEWAY | {TOO_MANY_REQUESTS}


@dataclass(slots=True, kw_only=True)
class _Shown:
    """A cause that answers show: the finding of the first of them, and how many do."""

    outcome: Outcome
    exchange: Exchange
    count: int = 0


@dataclass(slots=True, kw_only=True)
class _Seen:
    """What the answers of one operation have shown."""

    heard: int = 0
    kept: dict[tuple[ClaimId, str], Outcome] = field(default_factory=dict)
    broken: dict[Cause, _Shown] = field(default_factory=dict)


class Audit:
    """Hears every answer; `results` gives a case for each operation that was heard.

    `marked` marks the outcomes that a waiver accepts.
    """

    def __init__(
        self,
        catalog: Catalog,
        claims: Mapping[ClaimId, Claim],
        causes: Causes,
        successes: Iterable[str] = EVERY_SUCCESS,
        marked: Callable[[Outcome], Outcome] = lambda outcome: outcome,
    ) -> None:
        wanted = {claim.operation for claim in claims}
        self.usual: dict[str, str] = {}
        self._contracts = {
            (key.method, contract.path): contract for key, contract in catalog.contracts.items() if key in wanted
        }
        self._claims = claims
        self._causes = causes
        self._marked = marked
        self._successes = tuple(successes)
        self._headers = catalog.allowance.headers
        self._seen: dict[OperationKey, _Seen] = {}
        self._aside = False

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let answers pass unheard that a case judges in the same way itself."""
        before, self._aside = self._aside, True
        try:
            yield
        finally:
            self._aside = before

    def hear(self, ask: Ask, answer: Answer) -> None:
        """Judge one answer; what the limiter or a gateway says is no answer of the operation."""
        if answer.status in _NOT_THEIRS:
            return
        if not self.usual and answer.status == OK and ask.path.startswith(API):
            self.usual = self._usual_of(answer.exchange)
        contract = self._contracts.get((ask.method, ask.path))
        if contract is None or contract.removed or self._aside:
            return
        self._judge(contract, answer)

    def results(self) -> Iterator[tuple[CaseResult, tuple[Outcome, ...], tuple[Exchange, ...]]]:
        """Give what was seen of each operation as the result of one case; what other cases told is counted there."""
        for key, seen in self._seen.items():
            told = [shown for cause, shown in seen.broken.items() if self._is_news(cause, shown)]
            broken = {(shown.outcome.claim, shown.outcome.check) for shown in told}
            outcomes = (
                *(outcome for place, outcome in seen.kept.items() if place not in broken),
                *map(self._marked, _joined(shown.outcome for shown in told)),
            )
            exchanges = {shown.exchange.id: shown.exchange for shown in told}
            judged = [
                outcome.verdict
                for outcome in outcomes
                if self._claims[outcome.claim].level is Level.MUST and not outcome.waived
            ]
            case = CaseResult(
                id=_case(key),
                suite=SUITE,
                operation=key,
                title=TITLE,
                actor="everybody",
                verdict=worst(judged, of_nothing=Verdict.PASS),
                exchanges=tuple(exchanges),
                reason=counted(seen.heard),
            )
            yield case, outcomes, tuple(exchanges.values())

    def _is_news(self, cause: Cause, shown: _Shown) -> bool:
        news = self._causes.first_case(cause) is None
        self._causes.note(cause, shown.outcome.case, shown.count)
        return news

    def _judge(self, contract: Contract, answer: Answer) -> None:
        seen = self._seen.setdefault(contract.key, _Seen())
        seen.heard += 1
        evidence = Evidence(contract=contract, claims=self._claims, exchange=answer.exchange, usual=self.usual)
        for outcome in judge(self._checks(contract, answer), evidence, _case(contract.key)):
            if not outcome.findings:
                seen.kept.setdefault((outcome.claim, outcome.check), outcome)
            for finding in outcome.findings:
                alone = replace(outcome, findings=(finding,))
                shown = seen.broken.setdefault(
                    cause_of(outcome, finding), _Shown(outcome=alone, exchange=answer.exchange)
                )
                shown.count += 1

    def _checks(self, contract: Contract, answer: Answer) -> tuple[str, ...]:
        response = contract.responses.get(answer.status)
        if answer.status != OK or response is None or response.schema is None or fits(response.schema, answer.body):
            return EVERY_ANSWER
        return EVERY_ANSWER + self._successes

    def _usual_of(self, exchange: Exchange) -> dict[str, str]:
        found = ((name, exchange.response.header(name)) for name in self._headers)
        return {name: value for name, value in found if value is not None}


def _case(key: OperationKey) -> str:
    return f"{SUITE}/{key}/{NAME}"


def counted(heard: int) -> str:
    """Say how many answers were heard."""
    return f"{heard} answer{'' if heard == 1 else 's'} heard"


def _joined(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    joined: dict[tuple[ClaimId, str], Outcome] = {}
    for outcome in outcomes:
        place = (outcome.claim, outcome.check)
        known = joined.get(place)
        joined[place] = replace(known, findings=known.findings + outcome.findings) if known else outcome
    yield from joined.values()
