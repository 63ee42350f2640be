"""The mock of 6.14 against exchanges with a genuine server of that release, where these are at hand: chat.*."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mock.replay import REST, Document, Stage, refusal

FILES = sorted(REST.glob("chat.*.json")) or [REST / "chat.getMessage.json"]
#: What a message shows besides, of what was done to it in other cases of the recording.
HISTORY = frozenset({"md", "mentions", "starred", "reactions", "replies", "pinned", "pinnedAt", "pinnedBy"})


def shape(value: Any) -> Any:
    """What two successes have in common: keys and types."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items() if key not in HISTORY}
    return type(value).__name__


def cases(path: Path) -> Iterator[Document]:
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
        # An operator in place of a value reached the database of that release: a hole that the mock does not have.
        injected = any("[$" in key for key in case["request"].get("query") or ())
        if not (injected and case["response"]["status"] == 200):
            yield case


@pytest.mark.skipif(not REST.is_dir(), reason="the recordings of a genuine server are not at hand")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_mock_answers_as_a_genuine_server_did(path: Path) -> None:
    stage = Stage()
    differing = []
    for case in cases(path):
        recorded, answered = case["response"], stage.ask(case)
        expected: Any = {"status": recorded["status"]}
        got: Any = {"status": answered["status"]}
        if isinstance(recorded.get("body"), dict):
            look = shape if recorded["status"] == 200 else refusal
            expected["body"] = look(recorded["body"])
            got["body"] = look(answered["body"] or {})
        if expected != got:
            differing.append((case["case"], expected, got))
    assert differing == []
