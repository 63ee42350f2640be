"""Acts: the ways in which suites put a question to the target; each gives an answer that keeps its promises or not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from preflight.catalog.cases import Case
from preflight.catalog.contract import Contract
from preflight.catalog.steps import REALTIME
from preflight.checks.evidence import Evidence
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.operation import OperationKey
from preflight.session.performance import Coming, Performance, success_status
from preflight.wire.rest import Ask

OTHER_METHOD = {"GET": "POST", "POST": "GET", "PUT": "GET", "DELETE": "GET", "PATCH": "GET"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer of the target together with all that is promised about it."""

    performance: Performance
    evidence: Evidence

    def keeps(self, *checks: str) -> None:
        """Judge by checks; raises BrokenPromiseError with every finding."""
        self.performance.must_keep(self.evidence, *checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A request that the documentation lets succeed."""

    performance: Performance
    case: Case

    def ask(self) -> Reply:
        """Arrange what the case needs, and ask."""
        performance, case = self.performance, self.case
        performance.aims += accepted_aims(case, performance.contract)
        performance.shows = case.shows
        answer = performance.ask(case)
        return Reply(performance=performance, evidence=performance.accepted_evidence(case, answer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A request that the documentation lets be refused."""

    performance: Performance
    case: Case

    def ask(self) -> Reply:
        """Arrange what the case needs, look at the workspace, ask, and look again."""
        performance, case = self.performance, self.case
        performance.aims += refused_aims(case)
        return Reply(performance=performance, evidence=performance.refused_evidence(case))


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """A way to come without a valid login."""

    id: str
    title: str
    omits: tuple[str, ...] = ()

    @property
    def needs_somebody_else(self) -> bool:
        """Whether it takes the login of another person."""
        return self.id == "token-of-somebody-else"

    def headers(self, mine: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
        """Make the headers of this manner from one's own valid ones and those of somebody else."""
        token, user_id = mine["X-Auth-Token"], mine["X-User-Id"]
        return {
            "no-headers": {},
            "token-alone": {"X-Auth-Token": token},
            "user-id-alone": {"X-User-Id": user_id},
            "unknown-token": {"X-Auth-Token": "x" * len(token), "X-User-Id": user_id},
            "token-of-somebody-else": {"X-Auth-Token": other["X-Auth-Token"], "X-User-Id": user_id},
            "malformed": {"X-Auth-Token": "' OR ''='", "X-User-Id": '{"$gt":""}'},
        }[self.id]


MANNERS = (
    Manner(id="no-headers", title="asked without login headers"),
    Manner(id="token-alone", title="asked with a token but no user id", omits=("header.X-User-Id",)),
    Manner(id="user-id-alone", title="asked with a user id but no token", omits=("header.X-Auth-Token",)),
    Manner(id="unknown-token", title="asked with a token that nobody has"),
    Manner(id="token-of-somebody-else", title="asked with the token of somebody else"),
    Manner(id="malformed", title="asked with malformed login headers"),
)


def manners_of(operation: OperationKey) -> tuple[Manner, ...]:
    """Give the ways in which an operation is asked without a valid login: a realtime connection knows only one."""
    return MANNERS[:1] if operation.method == REALTIME else MANNERS


@dataclass(slots=True, kw_only=True)
class Intrusion:
    """A valid request of somebody who is not logged in."""

    performance: Performance
    case: Case
    manner: Manner
    _request: Ask | None = None
    _coming: Coming | None = None

    def starts(self, send: Callable[[Ask], Coming]) -> None:
        """Let the request be sent now, by somebody else, and its answer be waited for when it is asked for.

        Raises:
            CircumstanceError: when something stands in the way.
        """
        request = self.performance.request_as(self.case, self._headers(), self.manner.title, sharers=self._sharers)
        self._request, self._coming = request, send(request)

    def ask(self) -> Reply:
        """Ask without a valid login."""
        performance, case = self.performance, self.case
        performance.begins()
        performance.aims += intrusion_aims(case, self.manner)
        if self._coming is None or self._request is None:
            answer = performance.ask_as(case, self._headers(), self.manner.title, sharers=self._sharers)
        else:
            answer = performance.receives(self._coming, self._request)
        return Reply(performance=performance, evidence=performance.plain_evidence(answer, omits=self.manner.omits))

    @property
    def _sharers(self) -> int:
        return len(manners_of(self.case.operation))

    def _headers(self) -> dict[str, str]:
        performance, case = self.performance, self.case
        mine = other = performance.login_headers(case.actor)
        if self.manner.needs_somebody_else:
            other = performance.login_headers("bob" if case.actor != "bob" else "alice")
        return self.manner.headers(mine, other)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMethod:
    """A request to the path of an operation with a method that is not documented."""

    performance: Performance

    def ask(self) -> Reply:
        """Ask with the other method and without parameters."""
        performance = self.performance
        performance.aims.append(ClaimId(performance.contract.key, ClaimKind.METHOD))
        method = OTHER_METHOD[performance.contract.key.method]
        answer = performance.ask_with_method(method, f"{method} instead of {performance.contract.key.method}")
        return Reply(performance=performance, evidence=performance.plain_evidence(answer))


def accepted_aims(case: Case, contract: Contract) -> tuple[ClaimId, ...]:
    """Give the claims that stay open when an accepted case cannot be played."""
    return (ClaimId(case.operation, ClaimKind.SUCCESS, str(case.expect.status or success_status(contract))),)


def refused_aims(case: Case) -> tuple[ClaimId, ...]:
    """Give the claims that stay open when a refused case cannot be played."""
    return (
        *((case.claim,) if case.claim else ()),
        *(ClaimId(case.operation, ClaimKind.PARAMETER, subject) for subject in case.omits),
        *((ClaimId(case.operation, ClaimKind.PERMISSION, case.lacks),) if case.lacks else ()),
    )


def intrusion_aims(case: Case, manner: Manner) -> tuple[ClaimId, ...]:
    """Give the claims that stay open when nobody can come in a manner."""
    omitted = (ClaimId(case.operation, ClaimKind.PARAMETER, subject) for subject in manner.omits)
    return (ClaimId(case.operation, ClaimKind.AUTHENTICATION), *omitted)
