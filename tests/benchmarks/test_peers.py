"""What is read of the reports of other tools."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.fields import Field, workspace
from benchmarks.peers.node import Dredd, Portman, Prism, _complaints, _logged_in, _with_examples
from benchmarks.peers.peer import NotRunError, plain
from benchmarks.peers.stock import _failures, _line
from preflight.mock.faults import FAULTS


@given(st.from_regex(r"[0-9A-Za-z]{17}", fullmatch=True), st.integers(0, 10**9))
def test_two_runs_say_the_same_but_for_ids_and_numbers(name: str, number: int) -> None:
    assert plain(f"room {name} has {number} messages") == "room … has # messages"


def test_failures_are_found_wherever_they_stand_in_an_event() -> None:
    failure = {
        "code": "ST108",
        "operation": "GET /a",
        "title": "Response violates schema",
        "message": "'x' is missing\n\n7",
    }
    event: dict[str, Any] = {
        "ScenarioFinished": {"checks": {"c1": [{"failure_info": {"failure": failure}}, {"failure": None}]}}
    }
    assert [_line(found) for found in _failures(event)] == ["GET /a Response violates schema: 'x' is missing"]


def test_each_line_of_a_message_is_a_complaint() -> None:
    case = ET.Element("testcase", name="GET (200) /a")
    ET.SubElement(case, "failure").text = "Message:\nbody: no\nheaders: no\n\nRequest:\nmethod: GET"
    assert list(_complaints(case)) == ["GET (200) /a: body: no", "GET (200) /a: headers: no"]


def test_every_required_parameter_of_a_query_gets_an_example() -> None:
    parameters = [
        {"name": "roomId", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "count", "in": "query", "required": True, "schema": {"type": "integer"}},
        {"name": "since", "in": "query", "required": True, "schema": {"type": "string", "format": "date-time"}},
        {"name": "sort", "in": "query", "required": False, "schema": {"type": "string"}},
        {"name": "X-User-Id", "in": "header", "required": True, "schema": {"type": "string"}},
    ]
    filled = _with_examples({"parameters": parameters})["parameters"]
    assert [each.get("example") for each in filled] == ["GENERAL", 1, "2026-01-01T00:00:00.000Z", None, None]


def test_made_up_login_headers_are_replaced() -> None:
    made_up = {
        "header": [{"key": "X-User-Id", "value": "velit"}, {"key": "Accept", "value": "*"}],
        "auth": {"type": "apikey"},
    }
    assert _logged_in([made_up], {"X-User-Id": "u1"}) == [
        {"header": [{"key": "X-User-Id", "value": "u1"}, {"key": "Accept", "value": "*"}]}
    ]


@pytest.mark.parametrize("peer", [Dredd, Prism, Portman])
def test_a_peer_that_is_not_there_is_told(peer: type[Dredd], tmp_path: Path) -> None:
    with pytest.raises(NotRunError):
        peer(None).version()
    with pytest.raises(NotRunError):
        peer(tmp_path).version()
    package = tmp_path / "node_modules" / peer.package
    package.mkdir(parents=True)
    (package / "package.json").write_text(json.dumps({"version": "1.2.3"}), encoding="utf-8")
    assert peer(tmp_path).version() == "1.2.3"


def test_two_workspaces_of_a_release_are_alike() -> None:
    users = []
    for fault in (None, FAULTS["rooms-info-gone"]):
        with workspace("8.0", fault) as ground:
            users.append(ground.headers["X-User-Id"])
    assert users[0] == users[1]
    assert Field("8.0", "GET rooms.info") == Field("8.0", "GET rooms.info")
