"""What people and programs are told about a certificate."""

import json
from dataclasses import replace

from syrupy.assertion import SnapshotAssertion

from preflight.certificate.account import as_json, lines
from tests.certificate.sample import STATEMENT, VERIFIED


def test_people_are_told_what_is_certified_and_what_is_not(snapshot: SnapshotAssertion) -> None:
    assert "\n".join(lines(VERIFIED)) == snapshot


def test_programs_are_told_the_same(snapshot: SnapshotAssertion) -> None:
    assert json.dumps(as_json(VERIFIED), indent=1) == snapshot


def test_a_mock_workspace_is_never_called_a_rocket_chat() -> None:
    mock = replace(VERIFIED, statement=replace(STATEMENT, target=replace(STATEMENT.target, mock=True)))
    told = list(lines(mock))
    assert "the mock workspace 8.0 keeps" in told[0]
    assert any("NO ROCKET.CHAT" in line for line in told)


def test_what_was_not_looked_at_is_said() -> None:
    told = "\n".join(lines(replace(VERIFIED, evidence=False, known=False)))
    assert "not looked at: the bundle was left out" in told
    assert "not compared: no release of that version is known here" in told
