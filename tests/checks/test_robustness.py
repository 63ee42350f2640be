from dataclasses import replace

import pytest

from preflight.catalog.claims import claims_of
from preflight.catalog.contract import Behaviour
from preflight.checks.evidence import Evidence
from preflight.checks.robustness import is_slow
from preflight.model.claim import ClaimKind
from preflight.model.exchange import Request
from preflight.model.json import Json
from preflight.model.oddity import Odd, Oddity
from tests.checks.miniature import CONTRACT, GOOD, evidence, findings

ROBUSTNESS = (
    "no-server-error",
    "no-internals",
    "envelope-agrees",
    "json-always",
    "error-documented",
    "headers-kept",
    "required-demanded",
    "unknown-refused",
    "shapes-refused",
    "spellings-read",
    "scripts-accepted",
    "links-lead",
    "refused-without-effect",
    "answered-in-time",
)
SECURITY = ("operators-refused", "patterns-refused")
PROMISING = replace(
    CONTRACT,
    behaviours=(
        *(Behaviour(id=name, promise=name, kind=ClaimKind.ROBUSTNESS) for name in ROBUSTNESS),
        *(
            Behaviour(id=name, promise=name, kind=ClaimKind.SECURITY)
            for name in ("operators-refused", "patterns-refused")
        ),
    ),
)
CLAIMS = {claim.id: claim for claim in claims_of(PROMISING)}
REFUSED: Json = {"success": False, "error": "Nobody there [error-not-found]", "errorType": "error-not-found"}


def seen(status: int, body: Json, *, content_type: str = "application/json", **promised: object) -> Evidence:
    made = evidence(status, body, content_type=content_type, **promised)
    return replace(made, contract=PROMISING, claims=CLAIMS)


def odd(kind: Odd, *, plain: bool = False) -> Oddity:
    return Oddity(kind=kind, subject="body.name", words="name is odd", plain=plain)


def test_a_server_error_is_never_an_answer() -> None:
    assert findings("robustness.no-server-error", seen(500, {"success": False}))
    assert findings("robustness.no-server-error", seen(400, REFUSED)) == []


@pytest.mark.parametrize(
    "told",
    [
        "TypeError: x is undefined",
        "MongoServerError: unknown operator",
        "BSON field 'skip' value must be >= 0",
        "name.trim is not a function",
        "Cannot read property 'docs' of undefined",
        "at Object.get (app.js:17:4)",
        "ENOENT: /opt/rocketchat/bundle/server/im.ts",
    ],
)
def test_the_inside_of_the_server_is_told_nobody(told: str) -> None:
    assert findings("robustness.no-internals", seen(400, {"success": False, "error": told}))


def test_what_the_request_said_itself_is_no_news_of_the_server() -> None:
    echoed = seen(400, {"success": False, "error": 'No such word: "TypeError"'})
    asked = replace(echoed.exchange, request=Request(method="POST", url="http://x/", body='{"name": "TypeError"}'))
    assert findings("robustness.no-internals", replace(echoed, exchange=asked)) == []
    assert findings("robustness.no-internals", seen(200, {"success": True, "error": "TypeError"})) == []


def test_body_and_status_agree() -> None:
    assert findings("robustness.envelope", seen(400, {"success": True}))
    assert findings("robustness.envelope", seen(200, {"success": False}))
    assert findings("robustness.envelope", seen(401, {"status": "error"})) == []
    assert findings("robustness.envelope", seen(200, GOOD)) == []


def test_refusals_are_json_too() -> None:
    assert findings("robustness.json", seen(400, "<h1>Bad Request</h1>", content_type="text/html"))
    assert findings("robustness.json", seen(404, "404 Not Found", content_type="text/plain")) == []
    assert findings("robustness.json", seen(400, REFUSED, content_type="application/json; charset=utf-8")) == []


def test_a_body_that_reaches_no_handler_says_nothing_of_its_media_type() -> None:
    page = seen(400, "<h1>Bad Request</h1>", content_type="text/html")
    asked = replace(page.exchange, request=Request(method="POST", url="http://x/", body="0"))
    assert findings("robustness.json", replace(page, exchange=asked)) == []


def test_an_error_that_no_page_knows_is_told_with_those_that_it_does() -> None:
    ((promised, received, where),) = findings(
        "robustness.error-documented", seen(400, {"success": False, "errorType": "error-17"})
    )
    assert (promised, received, where) == ("one of the documented: error-not-found", '"error-17"', "/errorType")
    assert findings("robustness.error-documented", seen(400, REFUSED)) == []


def test_an_error_of_the_page_is_documented_even_where_a_release_mostly_says_another() -> None:
    changed = {
        key: replace(
            response,
            refusals=tuple(replace(each, body={**each.body, "errorType": "other"}) for each in response.refusals),
        )
        for key, response in PROMISING.responses.items()
    }
    named = {refusal.id for refusal in PROMISING.refusals}
    answer = replace(seen(400, REFUSED), contract=replace(PROMISING, responses=changed))
    assert "error-not-found" in named
    assert findings("robustness.error-documented", answer) == []


def test_headers_are_those_of_the_usual_answer() -> None:
    usual = {"content-type": "application/json", "x-frame-options": "sameorigin"}
    ((promised, received, where),) = findings("robustness.headers", seen(400, REFUSED, usual=usual))
    assert (promised, received, where) == ("sameorigin", "nothing", "header x-frame-options")


@pytest.mark.parametrize(
    ("check", "kind"),
    [
        ("robustness.required", Odd.MISSING),
        ("robustness.unknown", Odd.UNKNOWN),
        ("robustness.operator", Odd.OPERATOR),
        ("robustness.pattern", Odd.PATTERN),
        ("robustness.shape", Odd.SHAPE),
    ],
)
def test_what_must_be_refused_is_not_accepted(check: str, kind: Odd) -> None:
    assert findings(check, seen(200, GOOD, oddity=odd(kind))) == [("refused: name is odd", "200, success", "status")]
    assert findings(check, seen(400, REFUSED, oddity=odd(kind))) == []
    assert findings(check, seen(200, GOOD, oddity=odd(Odd.ROUGH))) == []
    assert findings(check, seen(200, GOOD)) == []


@pytest.mark.parametrize(
    ("check", "kind"),
    [("robustness.spelling", Odd.SPELLING), ("robustness.script", Odd.SCRIPT), ("robustness.link", Odd.LINKED)],
)
def test_what_must_be_accepted_is_so_where_a_plain_request_is(check: str, kind: Odd) -> None:
    assert findings(check, seen(400, REFUSED, oddity=odd(kind, plain=True)))
    assert findings(check, seen(400, REFUSED, oddity=odd(kind))) == []
    assert findings(check, seen(200, GOOD, oddity=odd(kind, plain=True))) == []


def test_what_was_refused_has_changed_nothing() -> None:
    before: Json = {"rooms": [{"_id": "r", "topic": "old"}]}
    after: Json = {"rooms": [{"_id": "r", "topic": "new"}]}
    refused = seen(400, REFUSED, oddity=odd(Odd.ROUGH), before=before, after=after)
    assert findings("robustness.no-effect", refused)
    assert findings("robustness.no-effect", replace(refused, after=before)) == []


def test_an_answer_is_slow_where_it_is_so_every_time() -> None:
    assert findings("robustness.time", seen(200, GOOD, times=((2.0, 0.01), (2.1, 0.02))))
    assert findings("robustness.time", seen(200, GOOD, times=((2.0, 0.01), (0.02, 0.02)))) == []
    assert findings("robustness.time", seen(200, GOOD)) == []


def test_what_nobody_would_notice_is_not_slow() -> None:
    assert is_slow(2.0, 0.01)
    assert not is_slow(0.09, 0.001)
    assert not is_slow(2.0, 1.9)
