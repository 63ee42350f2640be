"""Checks of the route: the path answers as an API route, and for its own method only."""

from collections.abc import Iterator, Mapping

from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Evidence, Judgements, judged
from preflight.checks.show import show
from preflight.model.claim import ClaimKind

NOT_FOUND = 404
REFUSING = frozenset({404, 405})


@check("route.exists", "The documented path MUST answer as a route of the API.")
def route_exists(evidence: Evidence) -> Judgements:
    """Judge by the shape of the answer: JSON comes from the API, anything else from somewhere else."""
    return judged(evidence.claim(ClaimKind.ROUTE), _no_route(evidence))


@check("method.only", "A method that is not documented MUST be refused.")
def method_only(evidence: Evidence) -> Judgements:
    """Judge an exchange that was made with another method than the documented one."""
    return judged(evidence.claim(ClaimKind.METHOD), _wrong_method_served(evidence))


def _no_route(evidence: Evidence) -> Iterator[Deviation]:
    response = evidence.exchange.response
    if evidence.is_realtime:
        if isinstance(evidence.body, Mapping) and evidence.body.get("error") == NOT_FOUND:
            yield Deviation(promised="the method exists", received=show(evidence.body.get("reason")), where="/error")
    elif response.status == NOT_FOUND and evidence.body is None:
        yield Deviation(promised="the path is a route of the API", received="404 without JSON", where="status")
    elif response.status < NOT_FOUND and (response.header("content-type") or "").startswith("text/html"):
        yield Deviation(promised="the path is a route of the API", received="an HTML page", where="header content-type")


def _wrong_method_served(evidence: Evidence) -> Iterator[Deviation]:
    status, method = evidence.exchange.response.status, evidence.exchange.request.method
    served_a_page = (evidence.exchange.response.header("content-type") or "").startswith("text/html")
    if status not in REFUSING and not served_a_page:
        yield Deviation(promised=f"{method} is refused with 404 or 405", received=str(status), where="status")
