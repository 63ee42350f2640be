"""Planning: what the cases of a run cost and are worth, before any of them is played."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, TypeVar

from preflight.catalog.cases import Case
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.operation import OperationKey
from preflight.model.outlook import Outlook
from preflight.plugin.items import Item, items_of
from preflight.plugin.playing import every_suite
from preflight.session.acts import (
    MANNERS,
    Accepted,
    Intrusion,
    Manner,
    OtherMethod,
    Refused,
    accepted_aims,
    intrusion_aims,
    refused_aims,
)
from preflight.session.budget import Candidate, Estimate, affordable
from preflight.session.forecast import ONCE, Calls, Forecast
from preflight.session.groups import GROUPS
from preflight.session.listing import Listing
from preflight.session.probing import Probing
from preflight.session.script import words
from preflight.session.session import Session
from preflight.session.trespass import Trespassing

T = TypeVar("T")
Known = Mapping[str, Any]  # Any: the arguments of an act; the classes of acts as well

OFF = "off"
LEFT_OUT = "not judged: left out by --max-minutes"
OVERHEAD_S = 0.012  # what a request costs on our side, beside the time in which it is answered


def act_class(item: Item) -> object:
    """Give the class of the act that an item makes."""
    return item.act.func if isinstance(item.act, partial) else item.act


def _known(item: Item) -> Known:
    return item.act.keywords if isinstance(item.act, partial) else {}


def calls_of(forecast: Forecast, item: Item | None) -> Calls:
    """Say which counted calls an item will make."""
    if item is None:
        return Counter()
    if item.tells is not None:
        return forecast.story(words(item.tells))
    made = _FORECASTS.get(act_class(item))
    if made is not None:
        return made(forecast, _known(item))
    return forecast.arrangement(item.case) if item.case else Counter()


def aims_of(session: Session, item: Item) -> tuple[ClaimId, ...]:
    """Name the claims that stay open where an item is not played, unless another shows them."""
    known, key = _known(item), item.key
    made = _AIMS.get(act_class(item))
    return made(session, key, known) if made is not None else tuple(known.get("claims", ()))


class Planner:
    """Says of the items of a session what they cost, and which of them are worth the time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        client = session.client
        catalog = session.selection.catalog
        self.counted = Forecast(catalog=catalog, limits=client.pace.limits)
        self._all = Forecast(catalog=catalog, limits=lambda _: True)
        self._request_s = client.spent_s / max(1, client.requests_sent) + OVERHEAD_S

    @property
    def is_counted(self) -> bool:
        """Whether calls are counted, as far as it is known."""
        return limiter_of(self._session) != OFF

    def candidate(self, what: T, item: Item) -> Candidate[T]:
        """Say what an item costs and is about."""
        every = calls_of(self._all, item)
        return Candidate(
            what=what,
            aims=frozenset(aims_of(self._session, item)),
            calls=calls_of(self.counted, item) if self.is_counted else Counter(),
            requests=1 + sum(times for bucket, times in every.items() if bucket.method != ONCE),
        )

    def estimate(self) -> Estimate:
        """Begin to estimate how long items take together."""
        return Estimate(pace=self._session.client.pace, now=self.counted.now, request_s=self._request_s)

    def chosen(self, candidates: Iterable[Candidate[T]], minutes: float) -> tuple[list[T], Estimate]:
        """Choose what fits into so many minutes; gives how long that takes, too."""
        estimate = self.estimate()
        return affordable(candidates, self._session.selection.claims, estimate, minutes * 60), estimate


def outlook(session: Session) -> Outlook:
    """Say how long a run takes, and what of it is left out."""
    planner, minutes = Planner(session), session.plan.max_minutes
    items = [item for suite in every_suite() for item in items_of(suite.judge, suite.act, suite.file, session)]
    candidates = [planner.candidate(item, item) for item in items]
    whole = planner.estimate()
    for candidate in candidates:
        whole.add(candidate)
    played, estimate = planner.chosen(candidates, minutes) if minutes else (items, whole)
    places = set(map(id, played))
    shown = {claim for item in played for claim in aims_of(session, item)}
    missing = {claim for item in items if id(item) not in places for claim in aims_of(session, item)} - shown
    open_claims = Counter(claim.kind for claim in missing if claim in session.selection.claims)
    capabilities, pace, busiest = session.capabilities, session.client.pace, estimate.busiest
    return Outlook(
        target=session.client.base_url,
        release=str(session.release),
        account=session.admin.username,
        environment=session.circumstance.environment,
        rights=capabilities.rights,
        limiter=limiter_of(session),
        cases=len(played),
        left_out=len(items) - len(played),
        requests=estimate.requests,
        seconds=estimate.seconds,
        whole_seconds=whole.seconds,
        busiest="" if busiest is None else str(busiest),
        busiest_calls=0 if busiest is None else estimate.calls[busiest],
        open_claims={str(kind): number for kind, number in sorted(open_claims.items())},
        window=f"{pace.calls} calls in {pace.window_s:g} s",
        max_minutes=minutes,
    )


def limiter_of(session: Session) -> str:
    """Say in words whether the target counts calls: by its answers, else by its settings, else it is taken to."""
    pace, known = session.client.pace, session.capabilities.limiter
    if pace.is_off or known is False:
        return OFF
    if pace.is_limited:
        return "on"
    return "on, by its settings" if known else "unknown: taken to be on"


def _accepted(session: Session, key: OperationKey, known: Known) -> tuple[ClaimId, ...]:
    case: Case = known["case"]
    aims = accepted_aims(case, session.selection.catalog.contracts[key])
    shown = (claim for claim in session.selection.claims if claim.operation == key and claim.kind in _SHOWN)
    return (*aims, *case.shows, *shown)


_SHOWN = {ClaimKind.FIELD, ClaimKind.ROUTE}


def _probing(session: Session, key: OperationKey, known: Known) -> tuple[ClaimId, ...]:
    del session
    return tuple(ClaimId(key, kind, subject) for kind, subject in GROUPS[known["group"]].promises)


def _intrusion(forecast: Forecast, known: Known) -> Calls:
    manner: Manner = known["manner"]
    return forecast.arrangement(known["case"]) if manner is MANNERS[0] else Counter()  # the others share it


def _trespasses(forecast: Forecast, known: Known) -> Calls:
    claim = known["claims"][0]
    return forecast.trespasses(forecast.catalog.trespasses_of(claim.operation, claim.subject.partition(".")[0]))


_FORECASTS: Mapping[Any, Callable[[Forecast, Known], Calls]] = {
    Accepted: lambda forecast, known: forecast.accepted(known["case"]),
    Refused: lambda forecast, known: forecast.refused(known["case"]),
    Intrusion: _intrusion,
    Listing: lambda forecast, known: forecast.listing(known["known"]),
    Probing: lambda forecast, known: (
        forecast.arrangement(known["case"]) + forecast.probes(known["case"], GROUPS[known["group"]].usual)
    ),
    Trespassing: _trespasses,
}
_AIMS: Mapping[Any, Callable[[Session, OperationKey, Known], tuple[ClaimId, ...]]] = {
    Accepted: _accepted,
    Refused: lambda _, __, known: refused_aims(known["case"]),
    Intrusion: lambda _, __, known: intrusion_aims(known["case"], known["manner"]),
    OtherMethod: lambda _, key, __: (ClaimId(key, ClaimKind.METHOD),),
    Probing: _probing,
}
