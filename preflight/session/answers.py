"""Answers: everything that the target has answered in a run, by operation, and who it was told to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from preflight.catalog.steps import REALTIME
from preflight.checks.evidence import Evidence, Try
from preflight.model.claim import ClaimId
from preflight.model.exchange import Exchange
from preflight.model.json import as_object
from preflight.model.operation import OperationKey
from preflight.session.acts import Reply
from preflight.session.circumstances import CircumstanceError
from preflight.session.company import ADMIN
from preflight.session.ground import Answered
from preflight.session.performance import Performance
from preflight.wire.frames import json_of
from preflight.wire.rest import API


@dataclass(kw_only=True)
class Answers:
    """All answers of one operation up to now; `claims` are those that it is about."""

    performance: Performance
    claims: tuple[ClaimId, ...]

    def __post_init__(self) -> None:
        self.performance.aims += self.claims

    def to_others(self) -> Reply:
        """Give the answers to everybody but the administrator, who may see more.

        Raises:
            CircumstanceError: when there is none.
        """
        performance = self.performance
        if performance.stage.read_only:
            self._inconclusive("--read-only: everybody is the account of the run, which may see more")
        if performance.stage.company.visiting:
            self._inconclusive("accounts that were there before the run may see more than new people")
        known = {login.actor: (login.user_id, login.username) for login in performance.stage.company.present}
        tries = [
            Try(about="secrets", title=exchange.purpose, exchange=exchange, own=known.get(exchange.actor, ()))
            for exchange in self._found()
            if exchange.actor != ADMIN
        ]
        if not tries:
            self._inconclusive("nobody but the administrator has asked")
        evidence = Evidence(
            contract=performance.contract,
            claims=performance.claims,
            exchange=tries[0].exchange,
            tries=tuple(tries),
        )
        return Reply(performance=performance, evidence=evidence)

    def _inconclusive(self, why: str) -> NoReturn:
        self.performance.inconclusive(why)
        raise CircumstanceError(why)

    def _found(self) -> Sequence[Exchange]:
        ground = self.performance.ground
        told = ground.recorder.exchanges
        if ground.answered.count != len(told):
            ground.answered = Answered(count=len(told), by_operation=by_operation(told.values()))
        return ground.answered.by_operation.get(self.performance.contract.key, ())


def by_operation(exchanges: Iterable[Exchange]) -> Mapping[OperationKey, list[Exchange]]:
    """Sort exchanges by the operation that was asked; of realtime conversations those that are one call."""
    found: defaultdict[OperationKey, list[Exchange]] = defaultdict(list)
    for exchange in exchanges:
        key = operation_of(exchange)
        if key is not None:
            found[key].append(exchange)
    return found


def operation_of(exchange: Exchange) -> OperationKey | None:
    """Name the operation that an exchange asked; None where it is something else."""
    request = exchange.request
    if request.method == REALTIME:
        said = as_object(json_of(request.body or ""))
        name = said.get("method") if said.get("msg") == "method" else None
        return OperationKey(name=name, method=REALTIME) if isinstance(name, str) and name else None
    _, mark, name = urlsplit(request.url).path.partition(API)
    return OperationKey(name=name, method=request.method) if mark and name else None
