"""Effects: the table knows every request that is promised, and says in which line it is wrong."""

from pathlib import Path

import pytest

from preflight import paths
from preflight.catalog.catalog import load_catalog
from preflight.catalog.effects import READING, Effect, load_effects
from preflight.catalog.steps import REALTIME
from preflight.errors import FileError
from preflight.mock.families import all_routes
from preflight.model.release import Release

EFFECTS = load_effects()
PROTOCOL = {"connect", "ping", "login"}


@pytest.mark.parametrize("release", [Release(6, 14), Release(8, 0), Release(8, 8)])
def test_every_promised_operation_has_an_effect(release: Release) -> None:
    catalog = load_catalog(release)
    unknown = [
        key
        for key, contract in catalog.contracts.items()
        if EFFECTS.action(key.method, contract.path.removeprefix("/api/v1/")) is None
        and contract.path not in PROTOCOL
        and not contract.path.startswith("stream-")
    ]
    assert unknown == []


def test_every_step_of_the_cast_has_an_effect() -> None:
    things = load_catalog(Release(8, 0)).cast.things.values()
    steps = [step for thing in things for step in [*thing.steps, *([thing.undo] if thing.undo else [])]]
    assert [step.operation for step in steps if EFFECTS.action(step.method, step.route) is None] == []


def test_every_route_of_the_mock_that_writes_has_an_effect() -> None:
    writing = [(route.method, route.name) for route in all_routes() if route.method != "GET"]
    unknown = [route for route in writing if EFFECTS.action(*route) is None]
    assert unknown == []


def test_a_path_is_met_part_by_part() -> None:
    assert EFFECTS.rest["POST rooms.media/*"].effect is Effect.CREATES
    assert EFFECTS.action("POST", "rooms.media/r1") == EFFECTS.rest["POST rooms.media/*"]
    assert EFFECTS.action("POST", "rooms.media/r1/f1") is None
    assert EFFECTS.action("POST", "rooms.media") is None


def test_a_get_reads_unless_the_table_says_otherwise() -> None:
    assert EFFECTS.action("GET", "rooms.info") is READING
    ignoring = EFFECTS.action("GET", "chat.ignoreUser")
    assert ignoring is not None
    assert ignoring.effect is Effect.OBJECTS
    assert EFFECTS.action("DELETE", "rooms.info") is None
    assert EFFECTS.action(REALTIME, "noSuchMethod") is None


def test_contracts_of_ones_own_may_have_a_table_of_their_own(tmp_path: Path) -> None:
    assert load_effects(tmp_path) == EFFECTS
    (tmp_path / "effects.yaml").write_text("naming: []\nrest: {POST x: reads}\nrealtime: {}\n", encoding="utf-8")
    assert set(load_effects(tmp_path).rest) == {"POST x"}


def test_a_wrong_effect_is_told_with_its_line(tmp_path: Path) -> None:
    text = (paths.CONTRACTS / "effects.yaml").read_text(encoding="utf-8")
    changed = text.replace("POST chat.delete: objects", "POST chat.delete: object")
    (tmp_path / "effects.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(FileError) as told:
        load_effects(tmp_path)
    assert told.value.line == changed[: changed.index("POST chat.delete")].count("\n") + 1
