"""Discovery: what the account may do and what settings say, asked for without changing anything."""

from pathlib import Path

import pytest

from preflight.model.json import Json
from preflight.session.discovery import CALLS, LIMITER, READS_SETTINGS, RIGHTS, discover
from tests.session.theatre import ADMIN, SILENCE, Behaviour, Reply, theatre

PERMISSIONS: Reply = (
    200,
    {"success": True, "update": [{"_id": name, "roles": ["admin"]} for name in RIGHTS], "remove": []},
)


def me(*roles: str) -> Reply:
    return 200, {"success": True, "roles": list(roles)}


def setting(value: Json) -> Reply:
    return 200, {"success": True, "value": value}


def test_an_administrator_may_everything_and_reads_the_settings(tmp_path: Path) -> None:
    answers: dict[str, Reply | Behaviour] = {
        "GET me": me("admin"),
        "GET permissions.listAll": PERMISSIONS,
        f"GET settings/{LIMITER}": setting(value=True),
        f"GET settings/{CALLS}": setting(25),
    }
    found = discover(theatre(tmp_path, answers).target, ADMIN)
    assert set(found.rights.values()) == {True}
    assert (found.limiter, found.number(CALLS)) == (True, 25)
    assert found.environment() == {"roles": "admin", "rights missing": "none", "second factor": "unknown"}


def test_somebody_ordinary_lacks_rights_and_is_refused_nothing(tmp_path: Path) -> None:
    world = theatre(tmp_path, {"GET me": me("user"), "GET permissions.listAll": PERMISSIONS})
    found = discover(world.target, ADMIN)
    assert (set(found.rights.values()), found.limiter) == ({False}, None)
    assert found.environment()["rights missing"].startswith("create-user, delete-user")
    assert not [name for name in world.target.names if "settings" in name]


@pytest.mark.parametrize("broken", [SILENCE, (500, None), (403, {"success": False}), (200, []), (200, {"update": "x"})])
def test_what_is_not_told_is_unknown(tmp_path: Path, broken: Reply) -> None:
    found = discover(theatre(tmp_path, {"GET me": broken, "GET permissions.listAll": broken}).target, ADMIN)
    assert set(found.rights.values()) == {None}
    assert found.environment() == {"roles": "unknown", "rights missing": "unknown", "second factor": "unknown"}


@pytest.mark.parametrize("value", [True, 0, -5])
def test_a_number_that_is_none_is_not_believed(tmp_path: Path, value: int) -> None:
    answers: dict[str, Reply | Behaviour] = {
        "GET me": me("admin"),
        "GET permissions.listAll": PERMISSIONS,
        f"GET settings/{CALLS}": setting(value),
    }
    found = discover(theatre(tmp_path, answers).target, ADMIN)
    assert READS_SETTINGS in found.rights
    assert found.number(CALLS) is None
