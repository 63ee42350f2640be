"""The checks of parameters."""

from tests.checks.miniature import GOOD, evidence, findings, judged_claims

SENT = frozenset({"body.name", "body.loud"})


def test_every_documented_parameter_of_an_accepted_request_is_judged() -> None:
    seen = evidence(200, GOOD, sent=SENT | {"body.unknown"})
    assert set(judged_claims("parameter.accepted", seen)) == {"parameter:body.name", "parameter:body.loud"}


def test_a_refusal_that_names_a_parameter_is_laid_to_it() -> None:
    seen = evidence(400, {"success": False, "error": "loud is not allowed"}, sent=SENT)
    assert findings("parameter.accepted", seen) == [
        ("body.loud is accepted", '400, error "loud is not allowed"', "status")
    ]


def test_a_refusal_is_laid_to_the_one_parameter_that_is_new() -> None:
    seen = evidence(400, {"success": False, "error": "no"}, sent=SENT, novel=frozenset({"body.loud"}))
    assert [promised for promised, _, _ in findings("parameter.accepted", seen)] == ["body.loud is accepted"]


def test_a_refusal_that_names_nothing_is_laid_to_nothing() -> None:
    assert judged_claims("parameter.accepted", evidence(500, "", sent=SENT, novel=SENT)) == {}


def test_a_request_without_a_required_parameter_is_refused() -> None:
    seen = evidence(400, {"success": False}, omits=("body.name",))
    assert findings("parameter.required", seen) == []
    assert set(judged_claims("parameter.required", seen)) == {"parameter:body.name"}


def test_a_request_without_a_required_parameter_that_succeeds_is_found() -> None:
    assert findings("parameter.required", evidence(200, GOOD, omits=("body.name",))) == [
        ("refused without body.name", "200, success", "status")
    ]
