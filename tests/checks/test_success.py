"""The checks of the success answer as a whole."""

from tests.checks.miniature import GOOD, evidence, findings


def test_the_documented_answer_passes() -> None:
    for check in ("success.status", "success.content-type", "success.envelope"):
        assert findings(check, evidence(200, GOOD)) == []


def test_another_status_is_found_with_the_error_that_came() -> None:
    seen = evidence(500, {"success": False, "error": "oh"})
    assert findings("success.status", seen) == [("200", '500, error "oh"', "status")]


def test_a_charset_is_no_deviation_but_another_media_type_is() -> None:
    assert findings("success.content-type", evidence(200, GOOD, content_type="application/json; charset=utf-8")) == []
    assert findings("success.content-type", evidence(200, GOOD, content_type="text/plain")) == [
        ("application/json", "text/plain", "header content-type")
    ]


def test_a_success_that_does_not_say_so_is_found() -> None:
    assert findings("success.envelope", evidence(200, {"message": {}})) == [("true", "null", "/success")]
    assert findings("success.envelope", evidence(200, "<html>")) == [("a JSON object", '"<html>"', "")]


def test_one_cause_gives_one_finding() -> None:
    seen = evidence(500, "")
    assert findings("success.content-type", seen) + findings("success.envelope", seen) == []
