"""Judging: outcomes, findings with page and curl line, and an id for every check."""

import shlex

from preflight.checks.judge import judge
from preflight.checks.known import CHECKS
from preflight.checks.reproduce import curl
from preflight.model.exchange import Exchange, Request, Response
from preflight.model.verdict import Verdict
from tests.checks.miniature import GOOD, evidence


def test_a_kept_promise_is_a_pass() -> None:
    (outcome,) = judge(["success.status"], evidence(200, GOOD), "shapes/POST chat.greet/by-name")
    assert outcome.verdict is Verdict.PASS
    assert outcome.id == "POST chat.greet#success:200@shapes/POST chat.greet/by-name!success.status"


def test_a_finding_names_page_and_curl_line() -> None:
    (outcome,) = judge(["success.status"], evidence(500, ""), "case")
    (finding,) = outcome.findings
    assert outcome.verdict is Verdict.FAIL
    assert finding.page == "https://docs.example/greet"
    assert finding.reproduce.startswith("curl -i -X POST ")


def test_a_curl_line_reads_secrets_from_variables_and_quotes_the_rest() -> None:
    (outcome,) = judge(["success.status"], evidence(500, ""), "case")
    words = shlex.split(outcome.findings[0].reproduce)
    assert "x-auth-token: $ALICE_TOKEN" in words
    assert '{"name": "it\'s bob"}' in words


def test_each_check_has_a_requirement_in_words() -> None:
    for check in CHECKS.values():
        assert " MUST " in check.requirement or " SHOULD " in check.requirement
        assert check.requirement.endswith(".")


def test_a_realtime_call_is_repeated_over_the_bridge() -> None:
    exchange = Exchange(
        id="d1",
        actor="alice",
        purpose="ask",
        request=Request(
            method="ddp",
            url="wss://chat.example/websocket",
            body='{"msg": "method", "method": "rooms/get", "id": "1", "params": []}',
        ),
        response=Response(status=200, body="{}"),
    )
    line = curl(exchange)
    assert line.endswith("https://chat.example/api/v1/method.call/rooms/get")
    assert '"x-auth-token: $ALICE_TOKEN" -H "x-user-id: $ALICE_ID"' in line
