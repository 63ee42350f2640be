"""The checks of fields."""

from preflight.checks.fields import beyond
from preflight.model.json import Json
from tests.checks.miniature import GOOD, evidence, findings, judged_claims


def message(**fields: Json) -> Json:
    return {"success": True, "message": {"_id": "m1", **fields}}


def test_every_field_that_is_shown_is_judged() -> None:
    assert set(judged_claims("field.type", evidence(200, GOOD))) == {
        "field:200.success",
        "field:200.message",
        "field:200.message._id",
        "field:200.message.t",
        "field:200.message.ts",
        "field:200.message.urls",
        "field:200.message.urls[]",
        "field:200.message.urls[].url",
    }
    assert findings("field.type", evidence(200, GOOD)) == []


def test_a_field_that_is_not_shown_is_not_judged() -> None:
    assert "field:200.message.urls" not in judged_claims("field.type", evidence(200, message()))


def test_a_wrong_type_is_found_at_its_place() -> None:
    assert findings("field.type", evidence(200, message(urls=[{"url": "a"}, {"url": 1}]))) == [
        ('type "string"', "integer 1", "/message/urls/1/url")
    ]


def test_an_unknown_value_of_an_enumeration_is_found() -> None:
    assert findings("field.type", evidence(200, message(t="x"))) == [('one of ["c", "d"]', 'string "x"', "/message/t")]


def test_a_date_that_is_none_is_found() -> None:
    assert findings("field.type", evidence(200, message(ts="yesterday"))) == [
        ("format date-time", 'string "yesterday"', "/message/ts")
    ]


def test_null_is_of_no_other_type() -> None:
    assert findings("field.type", evidence(200, message(ts=None))) == [('type "string"', "null null", "/message/ts")]


def test_a_missing_required_field_is_found_wherever_it_is_missing_once() -> None:
    assert findings("field.required", evidence(200, {"success": True, "message": {"urls": [{}, {}]}})) == [
        ("present", "missing", "/message/_id"),
        ("present", "missing", "/message/urls/0/url"),
    ]


def test_a_missing_optional_field_is_no_deviation() -> None:
    assert findings("field.required", evidence(200, message())) == []
    assert set(judged_claims("field.required", evidence(200, message()))) == {
        "field:200.success",
        "field:200.message",
        "field:200.message._id",
    }


def test_an_expected_value_is_compared_with_its_type() -> None:
    assert findings("field.value", evidence(200, GOOD, values={"/message/_id": "m1"})) == []
    assert findings("field.value", evidence(200, GOOD, values={"/message/_id": "m2", "/success": 1})) == [
        ('"m2"', '"m1"', "/message/_id"),
        ("1", "true", "/success"),
    ]


def test_an_expected_value_that_is_nowhere_is_found() -> None:
    assert findings("field.value", evidence(200, GOOD, values={"/message/urls/1/url": "b"})) == [
        ('"b"', "nothing", "/message/urls/1/url")
    ]


def test_what_must_be_absent_is_found() -> None:
    assert findings("field.value", evidence(200, GOOD, absent=("/message/t", "/message/x"))) == [
        ("absent", '"c"', "/message/t")
    ]


def test_values_of_a_refused_request_are_not_judged() -> None:
    assert judged_claims("field.value", evidence(400, {"success": False}, values={"/message/_id": "m1"})) == {}


def test_undeclared_fields_are_observed_at_their_outermost() -> None:
    seen = evidence(200, {**GOOD, "extra": {"deep": 1}, "message": {"_id": "a", "urls": [{"url": "a", "meta": {}}]}})
    assert [(found.where, found.type) for found in beyond(seen)] == [
        ("extra", "object"),
        ("message.urls[].meta", "object"),
    ]


def test_a_closed_answer_has_no_undeclared_fields() -> None:
    assert findings("success.closed", evidence(200, GOOD)) == []
    assert findings("success.closed", evidence(200, {**GOOD, "extra": 1})) == [
        ("no other fields", "integer extra", "extra")
    ]


def test_an_answer_that_is_no_object_has_no_fields_to_judge() -> None:
    for check in ("field.type", "field.required"):
        assert judged_claims(check, evidence(200, "<html>")) == {}
