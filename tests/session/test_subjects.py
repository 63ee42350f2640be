"""Subjects: the names that claims have for what a case sends."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from preflight.catalog.cases import Case
from preflight.catalog.contract import Contract
from preflight.model.operation import OperationKey
from preflight.session.subjects import LOGIN_HEADERS, sent_subjects
from tests.catalog.miniature import Miniature


@pytest.fixture
def bare(tmp_path: Path) -> Case:
    return replace(Miniature(tmp_path).load().cases[0], query={}, body=None, headers={})


def sent(bare: Case, **parts: Any) -> set[str]:
    route = Contract(key=OperationKey.parse("GET rooms.info"), path="/api/v1/rooms.info", page="", family="rooms")
    return set(sent_subjects(route, replace(bare, **parts)))


def test_login_headers_are_always_sent(bare: Case) -> None:
    assert sent(bare) == set(LOGIN_HEADERS) == {"header.X-Auth-Token", "header.X-User-Id"}


def test_parameters_of_a_query_lose_their_brackets(bare: Case) -> None:
    assert sent(bare, query={"roomId": "r", "status[]": ["online"]}) - set(LOGIN_HEADERS) == {
        "query.roomId",
        "query.status",
    }


def test_headers_of_a_case_are_named(bare: Case) -> None:
    assert "header.X-2fa-code" in sent(bare, headers={"X-2fa-code": "1"})


def test_a_body_is_named_with_all_that_is_inside_it(bare: Case) -> None:
    body = {"message": {"rid": "r", "attachments": [{"title": "t"}, {"text": "x"}]}, "names": ["a"]}
    assert sent(bare, body=body) - set(LOGIN_HEADERS) == {
        "body.message",
        "body.message.rid",
        "body.message.attachments",
        "body.message.attachments[]",
        "body.message.attachments[].title",
        "body.message.attachments[].text",
        "body.names",
        "body.names[]",
    }


def test_a_body_that_is_a_list_names_its_items(bare: Case) -> None:
    assert sent(bare, body=[{"a": 1}]) - set(LOGIN_HEADERS) == {"body.[]", "body.[].a"}
