"""Small invented runs: a few cases, their exchanges, and what is promised of them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from preflight.comparison.correspondence import View
from preflight.comparison.identities import identities
from preflight.model.claim import Claim, ClaimId, Level
from preflight.model.exchange import Exchange, Request, Response
from preflight.model.finding import Finding
from preflight.model.json import Json
from preflight.model.operation import OperationKey
from preflight.model.outcome import Outcome
from preflight.model.run import CaseResult, ClaimResult, OperationResult, Run
from preflight.model.verdict import Verdict

PAGE = "https://docs.example.org/greetings"
GREET = "GET greet.all"
JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One exchange to be: a request in short, and its answer."""

    asks: str = "GET greet.all"
    body: Json = None
    status: int = 200
    answer: Json = field(default_factory=lambda: {"success": True})
    purpose: str = "everybody is greeted"
    media_type: str = JSON
    elapsed_s: float = 0.01
    user: str = ""


@dataclass(frozen=True, kw_only=True)
class Play:
    """One case to be."""

    name: str = "shapes/GET greet.all/all"
    operation: str = GREET
    talks: tuple[Talk, ...] = (Talk(),)
    title: str = "everybody is greeted"
    verdict: Verdict = Verdict.PASS
    reason: str = ""
    started_s: float = 0.0


def run(  # noqa: PLR0913 (a run has this many sides)
    plays: Iterable[Play],
    *,
    port: int = 3000,
    release: str = "1.0",
    outcomes: Iterable[Outcome] = (),
    claims: Iterable[ClaimResult] = (),
    profile: str = "full",
    interrupted: bool = False,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Make a run of cases."""
    exchanges: dict[str, Exchange] = {}
    cases = []
    for play in plays:
        names = []
        for talk in play.talks:
            names.append(f"x{len(exchanges):03}")
            exchanges[names[-1]] = _exchange(names[-1], talk, port)
        cases.append(
            CaseResult(
                id=play.name,
                suite=play.name.partition("/")[0],
                operation=OperationKey.parse(play.operation),
                title=play.title,
                actor="alice",
                verdict=play.verdict,
                exchanges=tuple(names),
                accepted=play.talks[-1].status == 200,
                reason=play.reason,
                started_s=play.started_s,
            )
        )
    judged = {result.claim.id: result for result in claims}
    operations = {case.operation for case in cases} | {name.operation for name in judged}
    return Run(
        id=f"run-{port}",
        verdict=Verdict.PASS,
        release=release,
        target=f"http://127.0.0.1:{port}",
        profile=profile,
        started="2026-11-22T05:20:00Z",
        duration_s=1.0,
        requests=len(exchanges),
        interrupted=interrupted,
        operations={
            key: OperationResult(
                verdict=Verdict.PASS,
                exercised=any(case.accepted for case in cases if case.operation == key),
                cases=sum(case.operation == key for case in cases),
            )
            for key in sorted(operations)
        },
        claims=judged,
        cases=tuple(cases),
        outcomes=tuple(outcomes),
        exchanges=exchanges,
        drift=(),
        beyond_contract=(),
        leftovers=(),
        environment={"edition": "community", **(environment or {})},
    )


def view(plays: Iterable[Play], *, port: int = 3000) -> View:
    """Make a run as comparison looks at it."""
    made = run(plays, port=port)
    return View(run=made, identities=identities(made))


def claim(
    name: str,
    promise: str = "it is so",
    verdict: Verdict = Verdict.PASS,
    *,
    erratum: str | None = None,
    level: Level = Level.MUST,
) -> ClaimResult:
    """Make a claim with its verdict."""
    return ClaimResult(
        claim=Claim(id=ClaimId.parse(name), promise=promise, page=PAGE, erratum=erratum, level=level),
        verdict=verdict,
        checks=("some.check",),
    )


def outcome(name: str, check: str, case: str, verdict: Verdict = Verdict.PASS, where: str = "") -> Outcome:
    """Make what a check concluded; a failed one has a finding at `where`."""
    finding = Finding(promised="this", received="that", where=where, page=PAGE, reproduce="curl …")
    return Outcome(
        claim=ClaimId.parse(name),
        check=check,
        case=case,
        verdict=verdict,
        findings=(finding,) if verdict is Verdict.FAIL else (),
    )


def refusal(code: str | None, text: str, **more: Json) -> dict[str, Json]:
    """Make the body of a refusal."""
    return {"success": False, "error": text, **({"errorType": code} if code else {}), **more}


def _exchange(name: str, talk: Talk, port: int) -> Exchange:
    method, _, path = talk.asks.partition(" ")
    return Exchange(
        id=name,
        actor="alice",
        purpose=talk.purpose,
        request=Request(
            method=method,
            url=f"http://127.0.0.1:{port}/api/v1/{path}",
            headers=(("x-user-id", talk.user),) if talk.user else (),
            body=None if talk.body is None else json.dumps(talk.body),
        ),
        response=Response(
            status=talk.status,
            headers=(("content-type", talk.media_type),),
            body=talk.answer if isinstance(talk.answer, str) else json.dumps(talk.answer),
        ),
        elapsed_s=talk.elapsed_s,
    )
