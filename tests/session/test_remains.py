"""Remains: rooms that cases made on the way are removed; those of others are not touched."""

from collections.abc import Iterator
from pathlib import Path

from preflight.model.json import Json, as_object
from preflight.session.remains import remove_remains
from tests.session.theatre import ADMIN, Theatre, theatre

ALICE = {"_id": "id-of-pf-abc.alice", "username": "pf-abc.alice"}
STRANGER = {"_id": "stranger", "username": "stranger"}


def world_with(folder: Path, *rooms: Json, removal: int = 200) -> Theatre:
    world = theatre(
        folder,
        {
            "GET rooms.get": (200, {"success": True, "update": list(rooms), "remove": []}),
            "POST dm.delete": (removal, {"success": removal == 200}),
            "POST rooms.delete": (removal, {"success": removal == 200}),
        },
    )
    world.company.login("alice")
    return world


def removed(world: Theatre) -> list[tuple[str, object]]:
    return [
        (f"{ask.actor} {ask.path.removeprefix('/api/v1/')}", as_object(ask.body)["roomId"])
        for ask in world.target.asked
        if ask.path.endswith("delete")
    ]


def test_rooms_that_a_person_of_the_run_owns_are_removed_by_admin(tmp_path: Path) -> None:
    world = world_with(tmp_path, {"_id": "r1", "t": "p", "u": ALICE})
    assert remove_remains(world.target, world.company, ADMIN) == []
    assert removed(world) == [("admin rooms.delete", "r1")]


def test_direct_rooms_of_a_person_of_the_run_are_removed(tmp_path: Path) -> None:
    world = world_with(tmp_path, {"_id": "d1", "t": "d", "usernames": ["pf-abc.alice", "admin"]})
    assert remove_remains(world.target, world.company, ADMIN) == []
    assert removed(world) == [("admin dm.delete", "d1")]


def test_rooms_of_somebody_else_are_left_alone(tmp_path: Path) -> None:
    world = world_with(
        tmp_path,
        {"_id": "GENERAL", "t": "c"},
        {"_id": "r2", "t": "p", "u": STRANGER},
        {"_id": "d2", "t": "d", "usernames": ["stranger", "admin"]},
        "nonsense",
    )
    assert remove_remains(world.target, world.company, ADMIN) == []
    assert removed(world) == []


def test_what_cannot_be_removed_is_told(tmp_path: Path) -> None:
    world = world_with(tmp_path, {"_id": "r1", "t": "p", "u": ALICE}, removal=403)
    (left,) = remove_remains(world.target, world.company, ADMIN)
    assert (left.what, left.why) == ("room r1", "403")


def test_rooms_that_cannot_be_listed_are_told(tmp_path: Path) -> None:
    world = world_with(tmp_path)
    world.target.behaviours["GET rooms.get"] = (429, {"success": False})
    (left,) = remove_remains(world.target, world.company, ADMIN)
    assert (left.what, left.why) == ("rooms of pf-abc.alice", "could not be listed")


def test_a_list_of_rooms_that_a_portal_answered_for_is_asked_for_again(tmp_path: Path) -> None:
    world = world_with(tmp_path)
    listed: Json = {"success": True, "update": [{"_id": "r1", "t": "p", "u": ALICE}]}
    answers: Iterator[tuple[int, Json]] = iter([(302, None), (200, listed)])
    world.target.behaviours["GET rooms.get"] = lambda _ask: next(answers)
    assert remove_remains(world.target, world.company, ADMIN) == []
    assert removed(world) == [("admin rooms.delete", "r1")]


def test_who_was_removed_already_is_not_asked(tmp_path: Path) -> None:
    world = world_with(tmp_path)
    world.target.asked.clear()
    assert remove_remains(world.target, world.company, ADMIN, is_gone=lambda id_: id_ == ALICE["_id"]) == []
    assert world.target.asked == []


def test_nobody_is_asked_where_nobody_came(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    assert remove_remains(world.target, world.company, ADMIN) == []
    assert world.target.asked == []
