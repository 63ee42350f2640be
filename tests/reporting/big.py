"""A run of any size, with evidence of the usual length: to see whether reports stay light."""

import json
from dataclasses import replace

from preflight.model.claim import Claim, ClaimId, ClaimKind
from preflight.model.exchange import Exchange, Request, Response
from preflight.model.finding import Finding
from preflight.model.operation import OperationKey
from preflight.model.outcome import Outcome
from preflight.model.run import Beyond, CaseResult, ClaimResult, Drift, OperationResult, Run
from preflight.model.verdict import Verdict
from tests.reporting.sample import PAGES, TARGET

CLAIMS_OF_ONE = 50
OUTCOMES_OF_A_CASE = 10
_KINDS = tuple(ClaimKind)
_BODY = json.dumps({"messages": [{"_id": f"m{n:016}", "msg": "words " * 8, "ts": "2026-11-22"} for n in range(30)]})


def big_run(outcomes: int, *, every: int) -> Run:
    """Give a run of so many outcomes, of which one in `every` is a finding, each with a cause of its own."""
    keys = [OperationKey(name=f"family{n % 8}.operation{n}", method="GET") for n in range(outcomes // CLAIMS_OF_ONE)]
    claims: dict[ClaimId, ClaimResult] = {}
    cases: list[CaseResult] = []
    told: list[Outcome] = []
    exchanges: dict[str, Exchange] = {}
    for key in keys:
        for number in range(CLAIMS_OF_ONE):
            case = f"shapes/{key}/case{number // OUTCOMES_OF_A_CASE}"
            outcome = _outcome(key, number, case, breaks=len(told) % every == 0)
            told.append(outcome)
            claims[outcome.claim] = ClaimResult(
                claim=_claim(outcome.claim), verdict=outcome.verdict, checks=(outcome.check,)
            )
            if number % OUTCOMES_OF_A_CASE == 0:
                exchange = _exchange(len(exchanges), key)
                exchanges[exchange.id] = exchange
                cases.append(_case(key, case, exchange, len(cases)))
    failing = {outcome.case for outcome in told if outcome.verdict is Verdict.FAIL}
    return Run(
        id="20261122-052000-b16b",
        verdict=Verdict.FAIL,
        release="8.0.1",
        target=TARGET,
        profile="full",
        started="2026-11-22T05:20:00Z",
        duration_s=len(cases) * 0.05,
        requests=len(exchanges),
        interrupted=False,
        operations={key: OperationResult(verdict=Verdict.FAIL, exercised=True, cases=5) for key in keys},
        claims=claims,
        cases=tuple(_judged(case, failing) for case in cases),
        outcomes=tuple(told),
        exchanges=exchanges,
        drift=tuple(_drift(key, number) for number, key in enumerate(keys * 3)),
        beyond_contract=tuple(
            Beyond(operation=key, where=f"items[].extra{n}", type="string") for key in keys for n in (1, 2)
        ),
        leftovers=(),
        environment={"preflight": "0.1.0", "seed": "20261122"},
    )


def _outcome(key: OperationKey, number: int, case: str, *, breaks: bool) -> Outcome:
    claim = ClaimId(operation=key, kind=_KINDS[number % len(_KINDS)], subject=f"200.items[].field{number}")
    finding = Finding(
        promised=f"a value of {key.name}",
        received=f'"something else in field {number}"',
        where=f"/items/0/field{number}",
        page=f"{PAGES}/{key.name}",
        reproduce=f"curl -i -X GET -H \"x-auth-token: $ALICE_TOKEN\" '{TARGET}/api/v1/{key.name}'",
    )
    return Outcome(
        claim=claim,
        check="field.type",
        case=case,
        verdict=Verdict.FAIL if breaks else Verdict.PASS,
        findings=(finding,) if breaks else (),
    )


def _claim(key: ClaimId) -> Claim:
    return Claim(
        id=key,
        promise=f"{key.subject} is a text of the usual length and stands in every answer that has items",
        page=f"{PAGES}/{key.operation.name}",
    )


def _exchange(number: int, key: OperationKey) -> Exchange:
    return Exchange(
        id=f"x{number:05}",
        actor="alice",
        purpose="a member asks",
        request=Request(method="GET", url=f"{TARGET}/api/v1/{key.name}", headers=(("x-auth-token", "<alice.token>"),)),
        response=Response(status=200, headers=(("content-type", "application/json"),), body=_BODY),
        elapsed_s=0.01 + number % 7 / 100,
    )


def _case(key: OperationKey, name: str, exchange: Exchange, number: int) -> CaseResult:
    return CaseResult(
        id=name,
        suite="shapes",
        operation=key,
        title=f"a member asks in way {number}",
        actor="alice",
        verdict=Verdict.PASS,
        exchanges=(exchange.id,),
        accepted=True,
        started_s=number * 0.05,
        seconds=0.05,
    )


def _judged(case: CaseResult, failing: set[str]) -> CaseResult:
    return replace(case, verdict=Verdict.FAIL) if case.id in failing else case


def _drift(key: OperationKey, number: int) -> Drift:
    return Drift(
        erratum=f"erratum-{number % 60}",
        operation=key,
        documented=f"the documented behaviour number {number % 60} of this part, told in a sentence of usual length",
        served="what servers do instead, told in a sentence that is about as long as the one before it",
        releases=">=6.0",
        evidence=("observed on 6.14.0", "observed on 8.0.1"),
        page=f"{PAGES}/{key.name}",
        security=number % 60 == 7,
    )
