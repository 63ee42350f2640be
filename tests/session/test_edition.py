"""The edition: told by how a licensed operation refuses, and unknown where it is not told."""

from pathlib import Path

import pytest

from preflight.model.json import Json
from preflight.session.edition import is_enterprise
from tests.session.theatre import ADMIN, theatre


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (400, {"success": False, "errorType": "error-action-not-allowed"}, False),
        (400, {"success": False, "errorType": "error-invalid-message"}, True),
        (200, {"success": True, "receipts": []}, True),
        (429, {"success": False, "errorType": "error-too-many-requests"}, None),
        (502, None, None),
        (404, None, None),
    ],
)
def test_the_refusal_tells_the_edition(tmp_path: Path, status: int, body: Json, told: bool | None) -> None:  # noqa: FBT001
    world = theatre(tmp_path, {"GET chat.getMessageReadReceipts": (status, body)})
    assert is_enterprise(world.target, ADMIN) is told
