"""The checks of refusals."""

from dataclasses import replace

from preflight.catalog.claims import claims_of
from preflight.catalog.contract import Refusal, ResponseContract
from preflight.model.json import Json, JsonObject
from preflight.model.operation import OperationKey
from tests.checks.miniature import CONTRACT, GOOD, NOT_FOUND, evidence, findings, judged_claims

BODY = dict(NOT_FOUND.body)


def test_the_documented_refusal_passes() -> None:
    seen = evidence(400, BODY, refusal=NOT_FOUND, before={"a": 1}, after={"a": 1})
    for check in ("status", "envelope", "error-type", "error-text", "no-effect"):
        assert findings(f"refusal.{check}", seen) == []
        assert set(judged_claims(f"refusal.{check}", seen)) == {"refusal:400.error-not-found"}


def test_a_success_in_place_of_a_refusal_is_found() -> None:
    assert findings("refusal.status", evidence(200, GOOD, refusal=NOT_FOUND)) == [("400", "200", "status")]


def test_a_refusal_that_claims_success_is_found() -> None:
    seen = evidence(400, {**BODY, "success": True}, refusal=NOT_FOUND)
    assert findings("refusal.envelope", seen) == [("false", "true", "/success")]


def test_a_realtime_refusal_that_is_no_error_object_is_found() -> None:
    refusal = Refusal(id="no", status=400, body={"error": "no"})
    form: JsonObject = {
        "type": "object",
        "required": ["error", "errorType"],
        "properties": {"error": {"type": "string"}},
    }
    contract = replace(
        CONTRACT,
        key=OperationKey.parse("ddp:greet"),
        responses={400: ResponseContract(status=400, schema=form, refusals=(refusal,))},
    )
    claims = {claim.id: claim for claim in claims_of(contract)}

    def found(status: int, body: Json) -> list[tuple[str, str, str]]:
        seen = evidence(status, body, contract=contract, claims=claims, refusal=refusal)
        return findings("refusal.envelope", seen)

    assert found(400, {"error": "no", "errorType": "Kettle"}) == []
    assert found(400, {"error": "no"}) == [('required ["error", "errorType"]', '{"error": "no"}', "")]
    ((_, _, where),) = found(400, {"error": 7, "errorType": "Kettle"})
    assert where == "/error"
    assert found(200, {}) == [], "its status is for another check"


def test_another_error_type_is_found() -> None:
    seen = evidence(400, {**BODY, "errorType": "error-other"}, refusal=NOT_FOUND)
    assert findings("refusal.error-type", seen) == [('"error-not-found"', '"error-other"', "/errorType")]


def test_another_text_is_found() -> None:
    seen = evidence(400, {**BODY, "error": "no"}, refusal=NOT_FOUND)
    assert findings("refusal.error-text", seen) == [('"Nobody there [error-not-found]"', '"no"', "/error")]


def test_a_case_may_say_the_text_itself() -> None:
    seen = evidence(400, {**BODY, "error": "no bob"}, refusal=NOT_FOUND, error="no bob")
    assert findings("refusal.error-text", seen) == []


def test_validation_messages_may_be_joined_with_or_without_a_space() -> None:
    seen = evidence(400, {**BODY, "error": "a\n b"}, refusal=NOT_FOUND, error="a\nb")
    assert findings("refusal.error-text", seen) == []


def test_the_text_of_another_status_is_not_judged() -> None:
    seen = evidence(500, BODY, refusal=NOT_FOUND)
    for check in ("error-type", "error-text"):
        assert judged_claims(f"refusal.{check}", seen) == {}


def test_an_effect_of_a_refused_request_is_found_at_its_place() -> None:
    before, after = {"rooms": [{"topic": ""}]}, {"rooms": [{"topic": "x"}]}
    seen = evidence(400, BODY, refusal=NOT_FOUND, before=before, after=after)
    assert findings("refusal.no-effect", seen) == [('unchanged: ""', '"x"', "afterwards /rooms/0/topic")]


def test_without_a_look_at_the_workspace_nothing_is_said_about_effects() -> None:
    assert judged_claims("refusal.no-effect", evidence(400, BODY, refusal=NOT_FOUND)) == {}
