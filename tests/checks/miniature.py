"""A miniature contract, and evidence about it made of a status and a body."""

import json
from collections.abc import Mapping
from dataclasses import replace

from preflight.catalog.claims import claims_of
from preflight.catalog.contract import Body, Contract, Parameter, Place, Refusal, ResponseContract
from preflight.checks.evidence import Evidence
from preflight.checks.judge import judge
from preflight.model.exchange import Exchange, Request, Response
from preflight.model.json import Json
from preflight.model.operation import OperationKey
from preflight.model.outcome import Outcome

KEY = OperationKey.parse("POST chat.greet")
NOT_FOUND = Refusal(
    id="error-not-found",
    status=400,
    body={"success": False, "error": "Nobody there [error-not-found]", "errorType": "error-not-found"},
)
UNAUTHORIZED = Refusal(id="login", status=401, body={"success": False, "message": "Log in first."})

CONTRACT = Contract(
    key=KEY,
    path="/api/v1/chat.greet",
    page="https://docs.example/greet",
    family="chat",
    parameters=(
        Parameter(name="X-Auth-Token", place=Place.HEADER, required=True, schema={"type": "string"}),
        Parameter(name="X-User-Id", place=Place.HEADER, required=True, schema={"type": "string"}),
    ),
    body=Body(
        media_type="application/json",
        schema={
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "loud": {"type": "boolean"}},
        },
    ),
    responses={
        200: ResponseContract(
            status=200,
            media_type="application/json",
            schema={
                "type": "object",
                "required": ["message", "success"],
                "properties": {
                    "success": {"type": "boolean", "const": True},
                    "message": {
                        "type": "object",
                        "required": ["_id"],
                        "properties": {
                            "_id": {"type": "string"},
                            "t": {"enum": ["c", "d"]},
                            "ts": {"type": "string", "format": "date-time"},
                            "urls": {
                                "type": "array",
                                "items": {
                                    "type": "object",
                                    "required": ["url"],
                                    "properties": {"url": {"type": "string"}},
                                },
                            },
                        },
                    },
                },
            },
        ),
        400: ResponseContract(status=400, refusals=(NOT_FOUND,)),
        401: ResponseContract(status=401, refusals=(UNAUTHORIZED,)),
    },
    permissions=("greet-people",),
)

GOOD: Mapping[str, Json] = {
    "success": True,
    "message": {"_id": "m1", "t": "c", "ts": "2026-01-02T03:04:05.678Z", "urls": [{"url": "https://a"}]},
}


def evidence(status: int, body: Json, *, content_type: str = "application/json", **promised: object) -> Evidence:
    """Make evidence of an answer; a text body is sent as it is."""
    text = body if isinstance(body, str) else json.dumps(body)
    exchange = Exchange(
        id="x1",
        actor="alice",
        purpose="greet",
        request=Request(
            method="POST",
            url="http://chat.example/api/v1/chat.greet",
            headers=(("x-auth-token", "<alice.token>"), ("content-type", "application/json")),
            body='{"name": "it\'s bob"}',
        ),
        response=Response(status=status, headers=(("content-type", content_type),), body=text),
    )
    plain = Evidence(contract=CONTRACT, claims={claim.id: claim for claim in claims_of(CONTRACT)}, exchange=exchange)
    return replace(plain, **promised)  # type: ignore[arg-type] # the fields of Evidence, named by each test


def findings(check: str, seen: Evidence) -> list[tuple[str, str, str]]:
    """List what a check finds: promised, received, where."""
    return [(f.promised, f.received, f.where) for outcome in judge([check], seen, "case") for f in outcome.findings]


def judged_claims(check: str, seen: Evidence) -> dict[str, Outcome]:
    """Map what a check judges to the outcomes, by kind and subject."""
    return {str(outcome.claim).partition("#")[2]: outcome for outcome in judge([check], seen, "case")}
