"""The badge: readable without a font from elsewhere, by eye and by ear, and honest about a mock."""

from dataclasses import replace
from xml.etree import ElementTree as ET

from syrupy.assertion import SnapshotAssertion

from preflight.certificate.badge import svg
from tests.certificate.sample import STATEMENT, VERIFIED


def test_a_badge_says_profile_release_and_last_day(snapshot: SnapshotAssertion) -> None:
    assert svg(VERIFIED) == snapshot


def test_an_alias_cannot_break_out_of_a_badge() -> None:
    alias = "\"><script>alert('1')</script>&"
    named = replace(VERIFIED, statement=replace(STATEMENT, target=replace(STATEMENT.target, alias=alias)))
    badge = ET.fromstring(svg(named))  # noqa: S314 (written by the function under test)
    assert badge.get("aria-label", "").startswith(alias)
    assert badge.find(".//{http://www.w3.org/2000/svg}script") is None


def test_a_mock_workspace_gets_another_badge() -> None:
    mock = replace(VERIFIED, statement=replace(STATEMENT, target=replace(STATEMENT.target, mock=True)))
    assert ">mock workspace<" in svg(mock)
    assert "Rocket.Chat" not in svg(mock)
