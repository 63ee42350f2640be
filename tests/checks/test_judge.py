"""Judging: outcomes, findings with page and curl line, and an id for every check."""

import shlex

from preflight.checks.judge import judge
from preflight.checks.known import CHECKS
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
        assert " MUST " in check.requirement
        assert check.requirement.endswith(".")
