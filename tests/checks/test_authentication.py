"""The checks of authentication."""

from collections.abc import Mapping

from preflight.model.json import Json
from tests.checks.miniature import GOOD, evidence, findings, judged_claims

BODY: Mapping[str, Json] = {"success": False, "message": "Log in first."}


def test_a_401_keeps_the_promise() -> None:
    assert findings("authentication.demanded", evidence(401, BODY)) == []


def test_an_open_door_is_found() -> None:
    assert findings("authentication.demanded", evidence(200, GOOD)) == [("401", "200", "status")]


def test_a_header_that_was_left_out_is_judged_to_be_required() -> None:
    seen = evidence(401, BODY, omits=("header.X-User-Id",))
    assert set(judged_claims("authentication.demanded", seen)) == {"authentication", "parameter:header.X-User-Id"}


def test_an_open_door_is_one_finding_and_not_two() -> None:
    seen = evidence(200, GOOD, omits=("header.X-User-Id",))
    assert len(findings("authentication.demanded", seen)) == 1


def test_the_documented_body_is_compared_key_by_key() -> None:
    assert findings("authentication.body", evidence(401, {**BODY, "status": "error"})) == []
    seen = evidence(401, {"success": True})
    assert findings("authentication.body", seen) == [
        ("false", "true", "/success"),
        ('"Log in first."', "nothing", "/message"),
    ]


def test_a_401_without_json_is_found() -> None:
    assert findings("authentication.body", evidence(401, "no")) == [("a JSON object", "null", "")]


def test_the_body_of_another_status_is_not_judged() -> None:
    assert judged_claims("authentication.body", evidence(403, BODY)) == {}
