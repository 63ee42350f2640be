"""Checks of authorization: refused as promised, told nothing, changed nothing."""

import json
from dataclasses import replace
from typing import Any

from preflight.catalog.contract import Anonymous
from preflight.checks.authorization import fits
from preflight.checks.evidence import Evidence, Secret, Try
from preflight.checks.judge import judge
from preflight.model.claim import Claim, ClaimId, ClaimKind, Origin
from preflight.model.exchange import Direction, Exchange, Frame, Request, Response
from preflight.model.json import Json
from tests.checks.miniature import CONTRACT, KEY, NOT_FOUND, UNAUTHORIZED, evidence

PROMISES = (
    "outsiders.refused",
    "outsiders.told-nothing",
    "outsiders.change-nothing",
    "ranks.let-in",
    "rights.take-effect",
    "tokens.refused",
    "secrets.kept",
)
CLAIMS = {
    (id_ := ClaimId(KEY, ClaimKind.SECURITY, promise)): Claim(
        id=id_, promise=promise, page=CONTRACT.page, origin=Origin.ERRATUM
    )
    for promise in PROMISES
}
NAME = Secret(owner="vault.group", what="name", value="hidden-room")
REFUSED: Json = {"success": False, "error": "Nobody there [error-not-found]", "errorType": "error-not-found"}


def tried(status: int, body: Json, *, url: str = "http://chat.example/api/v1/chat.greet", **facts: Any) -> Try:
    response = Response(status=status, headers=(("content-type", "application/json"),), body=json.dumps(body))
    exchange = Exchange(
        id="x2", actor="eve", purpose="pry", request=Request(method="POST", url=url, body="{}"), response=response
    )
    return replace(Try(about="outsiders", title="an outsider pries", exchange=exchange), **facts)


def seen(*tries: Try) -> Evidence:
    return replace(evidence(200, {}), claims=CLAIMS, tries=tries)


def findings(check: str, *tries: Try) -> list[tuple[str, str, str]]:
    outcomes = judge([check], seen(*tries), "case")
    return [(found.promised, found.received, found.where) for outcome in outcomes for found in outcome.findings]


def test_a_documented_refusal_is_accepted() -> None:
    assert findings("authorization.refused", tried(400, REFUSED, refusals=(NOT_FOUND,))) == []
    assert findings("authorization.refused", tried(401, {"success": False}, refusals=(NOT_FOUND, UNAUTHORIZED))) == []


def test_a_success_is_no_refusal() -> None:
    assert findings("authorization.refused", tried(200, {"success": True}, refusals=(NOT_FOUND,))) == [
        ("400 error-not-found where an outsider pries", "200", "status")
    ]


def test_a_refusal_must_have_the_documented_code_and_deny_success() -> None:
    odd: Json = {"success": True, "errorType": "error-other"}
    assert findings("authorization.refused", tried(400, odd, refusals=(NOT_FOUND,))) == [
        ("false where an outsider pries", "true", "/success"),
        ('"error-not-found" where an outsider pries', '"error-other"', "/errorType"),
    ]
    assert findings("authorization.refused", tried(400, "no", refusals=(NOT_FOUND,)))[0][0].startswith("a JSON object")


def test_what_need_not_be_refused_is_not_judged_by_its_refusal() -> None:
    assert judge(["authorization.refused"], seen(tried(200, {"success": True})), "case") == ()


def test_a_private_text_in_an_answer_is_a_leak_wherever_it_stands() -> None:
    leaks: dict[str, Json] = {
        "/details/0": {"details": ["in hidden-room"]},
        "/by hidden-room": {"by hidden-room": True},
        "": "hidden-room",
    }
    for where, body in leaks.items():
        assert findings("authorization.no-leak", tried(400, body, secrets=(NAME,))) == [
            ("nothing of vault.group where an outsider pries", 'name of vault.group, "hidden-room"', where)
        ]


def test_a_private_text_in_a_header_is_a_leak() -> None:
    told = tried(400, {}, secrets=(NAME,))
    headers = (("x-room", "hidden-room"),)
    told = replace(told, exchange=replace(told.exchange, response=replace(told.exchange.response, headers=headers)))
    assert [where for *_, where in findings("authorization.no-leak", told)] == ["header x-room"]


def test_what_the_outsider_said_themselves_is_no_leak() -> None:
    body: Json = {"error": "no room hidden-room"}
    url = "http://chat.example/api/v1/chat.greet?name=hidden%2Droom"
    assert findings("authorization.no-leak", tried(400, body, url=url, secrets=(NAME,))) == []
    spoken = tried(400, body, secrets=(NAME,))
    frames = (Frame(direction=Direction.SENT, text='{"params": ["hidden-room"]}'),)
    spoken = replace(spoken, exchange=replace(spoken.exchange, frames=frames))
    assert findings("authorization.no-leak", spoken) == []


def test_several_leaks_of_one_answer_are_one_finding() -> None:
    other = Secret(owner="vault.group", what="topic", value="hidden-topic")
    body: Json = {"room": {"topic": "hidden-topic"}, "name": "hidden-room"}
    assert findings("authorization.no-leak", tried(200, body, secrets=(other, NAME))) == [
        (
            "nothing of vault.group where an outsider pries",
            'name of vault.group, "hidden-room", and 1 more of what is private',
            "/name",
        )
    ]


def test_a_success_that_does_nothing_reads_as_promised() -> None:
    assert findings("authorization.no-leak", tried(200, {"result": 0}, values={"/result": 0})) == []
    assert findings("authorization.no-leak", tried(200, {"result": 1}, values={"/result": 0})) == [
        ("0 where an outsider pries", "1", "/result")
    ]


def test_a_change_is_told_at_its_place_and_not_by_its_clock() -> None:
    before = {"vault.group": {"room": {"_updatedAt": 1, "topic": "plans"}}}
    after = {"vault.group": {"room": {"_updatedAt": 2, "topic": "intruder"}}}
    changed = tried(400, REFUSED, before=before, after=after)
    assert findings("authorization.no-effect", changed) == [
        (
            'unchanged: "plans" where an outsider pries',
            '"intruder"',
            "afterwards /vault.group/room/topic",
        )
    ]
    assert findings("authorization.no-effect", tried(400, REFUSED, before=before, after=before)) == []


def test_a_finding_is_reproduced_by_the_try_that_shows_it() -> None:
    told = tried(200, {}, url="http://chat.example/api/v1/the-other", refusals=(NOT_FOUND,))
    (outcome,) = judge(["authorization.refused"], seen(tried(400, REFUSED, refusals=(NOT_FOUND,)), told), "case")
    assert "the-other" in outcome.findings[0].reproduce
    assert str(outcome.claim) == "POST chat.greet#security:outsiders.refused"


def test_who_has_the_right_must_be_let_in() -> None:
    allowed: dict[str, Any] = {"about": "ranks", "allowed": True, "values": {"/message/rid": "room"}}
    assert findings("authorization.let-in", tried(200, {"message": {"rid": "room"}}, **allowed)) == []
    assert findings("authorization.let-in", tried(200, {"message": {"rid": "other"}}, **allowed)) == [
        ('"room" where an outsider pries', '"other"', "/message/rid")
    ]
    assert findings("authorization.let-in", tried(400, REFUSED, **allowed)) == [
        ("success where an outsider pries", '400, error "Nobody there [error-not-found]"', "status")
    ]
    assert judge(["authorization.let-in"], seen(tried(400, REFUSED, about="ranks")), "case") == ()


def test_a_permission_is_gone_and_comes_back() -> None:
    denied: dict[str, Any] = {"about": "rights", "denied": True}
    check = "authorization.permission-effective"
    assert findings(check, tried(400, REFUSED, refusals=(NOT_FOUND,), **denied)) == []
    assert findings(check, tried(403, {}, **denied)) == []
    assert findings(check, tried(200, {}, **denied)) == [("a refusal where an outsider pries", "200", "status")]
    assert findings(check, tried(403, {}, refusals=(NOT_FOUND,), **denied)) == [
        ("400 error-not-found where an outsider pries", "403", "status")
    ]
    assert findings(check, tried(403, {}, about="rights", allowed=True)) == [
        ("success where an outsider pries", "403", "status")
    ]


def test_which_answers_are_refusals() -> None:
    exchange = tried(400, REFUSED).exchange
    assert fits(exchange, (NOT_FOUND,))
    assert fits(exchange, ())
    assert not fits(exchange, (UNAUTHORIZED,))
    assert not fits(tried(200, {}).exchange, ())


def test_an_ended_token_gets_401() -> None:
    check = "authorization.token-dead"
    assert findings(check, tried(401, {}, about="tokens")) == []
    assert findings(check, tried(403, {"error": "no"}, about="tokens")) == [
        ("401 where an outsider pries", '403, error "no"', "status")
    ]


def spoken(result: dict[str, Json], anonymous: Anonymous | None) -> list[tuple[str, str, str]]:
    """Judge what a connection of before answers to a call; `result` is the frame beside its id."""
    frame: dict[str, Json] = {"msg": "result", "id": "call", **result}
    told = tried(200, {"frames": [frame]}, about="tokens", call="call")
    frames = (Frame(direction=Direction.RECEIVED, text=json.dumps(frame)),)
    told = replace(told, exchange=replace(told.exchange, frames=frames))
    contract = replace(CONTRACT, anonymous=anonymous)
    outcomes = judge(["authorization.token-dead"], replace(seen(told), contract=contract), "case")
    return [(found.promised, found.received, found.where) for outcome in outcomes for found in outcome.findings]


def test_a_connection_of_before_goes_on_as_one_without_a_login() -> None:
    refused = Anonymous(status=400, schema={}, refusal="error-invalid-user")
    assert spoken({"error": {"error": "error-invalid-user"}}, refused) == []
    assert spoken({"error": {"error": "error-not-allowed"}}, refused) == [
        ('"error-invalid-user" where an outsider pries', '{"error": "error-not-allowed"}', "/frames/0")
    ]
    assert spoken({"result": 0}, refused)[0][0] == '"error-invalid-user" where an outsider pries'


def test_a_connection_of_before_may_see_what_everybody_may() -> None:
    public = Anonymous(status=200, schema={"properties": {"result": {"maxItems": 0}}})
    assert spoken({"result": []}, public) == []
    assert spoken({"result": [{}]}, public) == [
        ("what everybody may see where an outsider pries", '{"result": [{}]}', "/frames/0/result")
    ]


def test_nobody_logs_in_by_an_ended_token() -> None:
    assert spoken({"error": {"error": 403}}, None) == []
    assert spoken({"result": {"id": "x"}}, None) == [
        ("an error where an outsider pries", '{"id": "x"}', "/frames/0/result")
    ]


def test_a_closed_connection_lets_nobody_in() -> None:
    assert findings("authorization.token-dead", tried(200, {"frames": []}, about="tokens", call="call")) == []


def test_what_is_personal_is_for_its_owner() -> None:
    check = "authorization.no-secrets"
    mine: Json = {"user": {"_id": "eve1", "emails": [], "services": {}}}
    assert findings(check, tried(200, mine, about="secrets", own=("eve1", "eve"))) == []
    assert findings(check, tried(200, mine, about="secrets")) == [
        ("no emails to eve where an outsider pries", '"emails"', "/user/emails")
    ]
    nested: Json = {"items": [{"u": {"username": "bob", "services": {"password": {"bcrypt": "x"}}}}]}
    assert [where for *_, where in findings(check, tried(200, nested, about="secrets", own=("eve",)))] == [
        "/items/0/u/services"
    ]


def test_a_join_code_is_for_no_ordinary_person() -> None:
    room: Json = {"room": {"_id": "eve1", "joinCode": "x", "joinCodeRequired": True}}
    assert [
        where for *_, where in findings("authorization.no-secrets", tried(200, room, about="secrets", own=("eve1",)))
    ] == ["/room/joinCode"]


def test_who_logs_in_is_told_of_themselves() -> None:
    frames: Json = {"frames": [{"collection": "users", "fields": {"username": "eve", "emails": []}}]}
    assert findings("authorization.no-secrets", tried(200, frames, about="secrets")) == []
    assert findings("authorization.no-secrets", tried(200, {"text": "e2e"}, about="secrets")) == []
