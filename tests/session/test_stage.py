"""The stage: placeholders make things exist, once for the run or once for a case, and take them away again."""

import re
from pathlib import Path
from typing import Any

import pytest

from preflight.errors import TargetError
from preflight.model.json import as_object
from preflight.session.circumstances import CircumstanceError
from preflight.session.stage import iso, query_of, undo_all
from preflight.wire.rest import Ask
from tests.catalog.miniature import CAST, Miniature
from tests.session.theatre import SILENCE, Reply, Theatre, theatre
from tests.session.theatre import friendly as usual

MORE = """\
  alice.private:
    lives: case
    steps:
    - as: alice
      operation: POST groups.create
      body: {name: '{run.prefix}-{case.token}', members: ['{bob.id}']}
      take: {id: /group/_id}
    - as: alice
      operation: POST groups.archive
      body: {roomId: '{alice.private.id}'}
    undo: {as: admin, operation: POST groups.delete, body: {roomId: '{alice.private.id}'}}
  alice.aside:
    lives: case
    steps:
    - as: alice
      operation: POST rooms.createDiscussion
      body: {prid: '{alice.private.id}', t_name: '{case.token}'}
      take: {id: /discussion/_id}
    undo: {as: admin, operation: POST rooms.delete, body: {roomId: '{alice.aside.id}'}, gone: true}
  alice.file:
    lives: case
    steps:
    - as: alice
      operation: POST rooms.media/{alice.room.id}
      query: {tags: [a, 'b {case.token}']}
      file: {name: '{case.token}.txt', type: text/plain, text: 'of {alice.name}'}
      take: {id: /file/_id}
"""
BEHAVIOURS: dict[str, Reply] = {
    "POST groups.create": (200, {"success": True, "group": {"_id": "group1"}}),
    "POST groups.archive": (200, {"success": True}),
    "POST groups.delete": (200, {"success": True}),
    "POST rooms.createDiscussion": (200, {"success": True, "discussion": {"_id": "talk1"}}),
    "POST rooms.delete": (200, {"success": True}),
    "POST rooms.media/room1": (200, {"success": True, "file": {"_id": "file1"}}),
}


def stage_of(folder: Path, **changes: Any) -> Theatre:
    def add(model: Miniature) -> None:
        model.write("cast.yaml", CAST + MORE)

    named = {name.replace("__", " ").replace("_", "."): reply for name, reply in changes.items()}
    return theatre(folder, BEHAVIOURS | named, miniature=add)


def of(world: Theatre, name: str) -> int:
    return sum(asked.endswith(f" {name}") for asked in world.target.names)


def test_a_thing_of_the_run_is_created_once_for_all_scenes(tmp_path: Path) -> None:
    world = stage_of(tmp_path)
    for _ in range(2):
        scene = world.stage.scene()
        assert scene.resolve({"roomId": "{alice.room.id}", "name": "{alice.room.name}"}) == {
            "roomId": "room1",
            "name": "room",
        }
        assert scene.close() == []
    assert of(world, "POST channels.create") == of(world, "POST channels.join") == 1
    assert of(world, "POST channels.delete") == 0


def test_a_thing_of_a_case_is_created_once_for_each_scene_and_removed_with_it(tmp_path: Path) -> None:
    world = stage_of(tmp_path)
    for _ in range(2):
        scene = world.stage.scene()
        assert scene.resolve(["{alice.private.id}", "{alice.private.id}"]) == ["group1", "group1"]
        assert scene.close() == []
    assert of(world, "POST groups.create") == of(world, "POST groups.delete") == 2
    assert [entry.what for entry in world.journal.standing] == ["user pf-abc.alice", "user pf-abc.bob"]


def test_what_a_thing_needs_exists_before_it_and_goes_after_it(tmp_path: Path) -> None:
    world = stage_of(tmp_path)
    scene = world.stage.scene()
    scene.resolve("{alice.aside.id}")
    scene.close()
    assert [name.partition(" ")[2] for name in world.target.names if "users" not in name and "login" not in name] == [
        "POST groups.create",
        "POST groups.archive",
        "POST rooms.createDiscussion",
        "POST rooms.delete",
        "POST groups.delete",
    ]


def test_a_thing_is_intended_on_the_disk_before_it_is_asked_for(tmp_path: Path) -> None:
    seen: list[object] = []

    def look(ask: Ask) -> Reply:
        del ask
        seen.append(world.lines()[-1])
        return BEHAVIOURS["POST groups.create"]

    world = stage_of(tmp_path, POST__groups_create=look)
    world.stage.scene().resolve("{alice.private.id}")
    assert isinstance(seen[0], dict)
    assert seen[0]["intends"] == "alice.private"
    assert world.lines()[-1]["created"] == "alice.private group1"
    assert world.lines()[-1]["undo"] == {
        "as": "admin",
        "operation": "POST groups.delete",
        "body": {"roomId": "group1"},
        "gone": False,
    }


def test_half_a_thing_is_removed_and_never_lent(tmp_path: Path) -> None:
    world = stage_of(tmp_path, POST__groups_archive=(400, {"success": False, "error": "no"}))
    scene = world.stage.scene()
    for _ in range(2):
        with pytest.raises(
            CircumstanceError, match=r"could not arrange alice.private: POST groups.archive answered 400"
        ):
            scene.resolve("{alice.private.id}")
    assert scene.close() == []
    assert of(world, "POST groups.create") == of(world, "POST groups.delete") == 2


def test_half_a_thing_of_which_the_rest_was_lost_is_removed_and_never_lent(tmp_path: Path) -> None:
    world = stage_of(tmp_path, POST__channels_join=SILENCE)
    with pytest.raises(TargetError):
        world.stage.scene().resolve("{alice.room.id}")
    assert "alice.room room1" not in [entry.what for entry in world.journal.standing]
    assert of(world, "POST channels.delete") == 1
    world.target.behaviours["POST channels.join"] = (200, {"success": True})
    assert world.stage.scene().resolve("{alice.room.id}") == "room1"
    assert of(world, "POST channels.create") == 2


@pytest.mark.parametrize("answer", [(403, {"success": False, "error": "unauthorized"}), SILENCE])
def test_a_thing_of_which_half_is_there_still_is_not_created_anew(tmp_path: Path, answer: Reply) -> None:
    world = stage_of(tmp_path, POST__channels_join=SILENCE, POST__channels_delete=answer)
    with pytest.raises(TargetError):
        world.stage.scene().resolve("{alice.room.id}")
    assert [entry.what for entry in world.journal.standing][-1] == "alice.room room1"
    world.target.behaviours["POST channels.join"] = (200, {"success": True})
    with pytest.raises(CircumstanceError, match=r"half of alice.room is there still: "):
        world.stage.scene().resolve("{alice.room.id}")


def test_a_thing_of_the_run_that_was_refused_is_not_asked_for_again(tmp_path: Path) -> None:
    world = stage_of(tmp_path, POST__channels_create=(400, {"success": False, "error": "name taken"}))
    for _ in range(2):
        with pytest.raises(CircumstanceError, match=r"could not arrange alice.room: .* 400, name taken"):
            world.stage.scene().resolve("{alice.room.id}")
    assert of(world, "POST channels.create") == 1
    assert world.journal.doubtful == ()


def test_the_rate_limiter_lets_the_next_case_ask_again(tmp_path: Path) -> None:
    world = stage_of(tmp_path, POST__channels_create=(429, {"success": False}))
    with pytest.raises(CircumstanceError, match="rate limiter"):
        world.stage.scene().resolve("{alice.room.id}")
    world.target.behaviours |= usual()
    assert world.stage.scene().resolve("{alice.room.id}") == "room1"
    assert world.journal.doubtful == ()


def test_an_answer_without_what_is_taken_from_it_is_a_circumstance_and_the_thing_is_in_doubt(tmp_path: Path) -> None:
    world = stage_of(tmp_path, POST__groups_create=(200, {"success": True, "group": {}}))
    scene = world.stage.scene()
    with pytest.raises(CircumstanceError, match=r"POST groups.create answered without /group/_id"):
        scene.resolve("{alice.private.id}")
    assert world.journal.doubtful == ("alice.private",)
    assert scene.close() == []


def test_a_creation_that_was_never_answered_is_in_doubt(tmp_path: Path) -> None:
    world = stage_of(tmp_path, POST__groups_create=SILENCE)
    with pytest.raises(TargetError):
        world.stage.scene().resolve("{alice.private.id}")
    assert world.journal.doubtful == ("alice.private",)


def test_a_thing_whose_need_was_lost_is_not_in_doubt_itself(tmp_path: Path) -> None:
    world = stage_of(tmp_path, POST__groups_create=SILENCE)
    with pytest.raises(TargetError):
        world.stage.scene().resolve("{alice.aside.id}")
    assert world.journal.doubtful == ("alice.private",)


def test_what_cannot_be_removed_is_told_and_stays_in_the_journal(tmp_path: Path) -> None:
    world = stage_of(tmp_path, POST__groups_delete=(403, {"success": False, "error": "unauthorized"}))
    scene = world.stage.scene()
    scene.resolve("{alice.private.id}")
    ((entry, why),) = scene.close()
    assert (entry.what, why) == ("alice.private group1", "403, unauthorized")
    assert entry in world.journal.standing


@pytest.mark.parametrize(("status", "left"), [(400, 0), (404, 0), (401, 1), (403, 1), (429, 1), (502, 1)])
def test_what_may_be_gone_is_gone_when_refused_but_not_when_nobody_looked(
    tmp_path: Path, status: int, left: int
) -> None:
    world = stage_of(tmp_path, POST__rooms_delete=(status, {"success": False}))
    scene = world.stage.scene()
    scene.resolve("{alice.aside.id}")
    assert len(scene.close()) == left


@pytest.mark.parametrize("status", [200, 302, 404])
def test_the_page_of_a_portal_says_nothing_of_what_may_be_gone(tmp_path: Path, status: int) -> None:
    world = stage_of(tmp_path, POST__rooms_delete=(status, None))
    scene = world.stage.scene()
    scene.resolve("{alice.aside.id}")
    assert [why for _, why in scene.close()] == [str(status)]


def test_what_was_asked_to_go_and_answered_for_by_a_portal_may_be_gone(tmp_path: Path) -> None:
    world = stage_of(tmp_path, POST__groups_delete=(302, None))
    scene = world.stage.scene()
    scene.resolve("{alice.private.id}")
    assert len(scene.close()) == 1
    world.target.behaviours["POST groups.delete"] = (400, {"success": False, "error": "error-room-not-found"})
    assert scene.close() == []


@pytest.mark.parametrize(("again", "left"), [(400, 0), (200, 0), (502, 1)])
def test_what_was_asked_to_go_and_never_answered_for_may_be_gone(tmp_path: Path, again: int, left: int) -> None:
    world = stage_of(tmp_path, POST__groups_delete=SILENCE)
    scene = world.stage.scene()
    scene.resolve("{alice.private.id}")
    with pytest.raises(TargetError):
        scene.close()
    world.target.behaviours["POST groups.delete"] = (again, {"success": again < 300})
    assert len(scene.close()) == left


def test_a_removal_that_was_refused_once_is_told_as_often_as_it_is_asked_for(tmp_path: Path) -> None:
    world = stage_of(tmp_path, POST__groups_delete=(403, {"success": False, "error": "unauthorized"}))
    scene = world.stage.scene()
    scene.resolve("{alice.private.id}")
    assert [len(scene.close()), len(scene.close())] == [1, 1]


def test_undoing_goes_on_after_something_that_cannot_be_removed(tmp_path: Path) -> None:
    world = stage_of(tmp_path, POST__rooms_delete=(503, {"success": False}))
    world.stage.scene().resolve("{alice.aside.id}")
    left = undo_all(world.stage, world.journal.standing)
    assert [entry.what for entry, _ in left] == ["alice.aside talk1"]
    assert of(world, "POST groups.delete") == 1
    assert of(world, "POST users.delete") == 2


def test_the_order_of_undoing_is_newest_first(tmp_path: Path) -> None:
    world = stage_of(tmp_path)
    scene = world.stage.scene()
    scene.resolve(["{alice.room.id}", "{alice.private.id}"])
    before = len(world.target.asked)
    undo_all(world.stage, tuple(reversed(world.journal.standing)))
    assert [name.partition(" ")[2] for name in world.target.names[before:]] == [
        "POST groups.delete",
        "POST channels.delete",
        "POST users.delete",
        "POST users.delete",
    ]
    assert world.journal.standing == ()


def test_a_file_and_a_query_of_a_step_are_filled_in(tmp_path: Path) -> None:
    world = stage_of(tmp_path)
    scene = world.stage.scene()
    token = scene.resolve("{case.token}")
    scene.resolve("{alice.file.id}")
    ask = next(ask for ask in world.target.asked if ask.file)
    assert ask.file is not None
    assert (ask.file.name, ask.file.type, ask.file.text) == (f"{token}.txt", "text/plain", "of Alice")
    assert ask.path == "/api/v1/rooms.media/room1"
    assert ask.query == (("tags", "a"), ("tags", f"b {token}"))


def test_given_words_are_new_for_each_scene_where_they_should_be(tmp_path: Path) -> None:
    world = stage_of(tmp_path)
    one, two = world.stage.scene(), world.stage.scene()
    for name in ("{case.token}", "{case.secret}", "{unknown.id}"):
        assert one.resolve(name) == one.resolve(name) != two.resolve(name)
    for name in ("{run.prefix}", "{time.started}", "{time.past}", "{time.future}", "{unknown.username}"):
        assert one.resolve(name) == two.resolve(name)
    assert re.fullmatch(r"[A-Za-z0-9]{17}", str(one.resolve("{unknown.id}")))
    assert one.resolve("{time.past}") < one.resolve("{time.started}") < one.resolve("{time.future}")  # type: ignore[operator] # texts
    assert one.resolve("{time.now}") >= one.resolve("{time.started}")  # type: ignore[operator] # texts


def test_a_secret_of_a_case_is_learnt_when_it_is_named(tmp_path: Path) -> None:
    world = stage_of(tmp_path)
    secret = str(world.stage.scene().resolve("{case.secret}"))
    assert world.target.redactor.clean(f"password {secret}") == "password <case.secret>"


def test_what_steps_before_a_case_took_is_unknown_where_they_were_not_played(tmp_path: Path) -> None:
    scene = stage_of(tmp_path).stage.scene()
    with pytest.raises(CircumstanceError, match=r"before\.id is not known"):
        scene.resolve("{before.id}")
    scene.before["id"] = "r1"
    assert scene.resolve("{before.id}") == "r1"


def test_every_request_of_a_scene_is_evidence_and_undoing_is_none(tmp_path: Path) -> None:
    world = stage_of(tmp_path)
    scene = world.stage.scene()
    scene.resolve("{alice.private.id}")
    taken = [exchange.purpose for exchange in scene.exchanges]
    scene.close()
    assert taken == ["arrange alice.private", "arrange alice.private"]
    assert len(scene.exchanges) == 2


def test_people_of_a_cast_are_named_by_placeholders(tmp_path: Path) -> None:
    world = stage_of(tmp_path)
    assert world.stage.scene().resolve(["{bob.id}", "{bob.username}", "{bob.name}", "{admin.username}"]) == [
        "id-of-pf-abc.bob",
        "pf-abc.bob",
        "Bob",
        "admin",
    ]


def test_queries_become_pairs() -> None:
    assert query_of({"a": "x", "b": 3, "c": True, "d": ["y", 1], "e": {"name": 1}}) == (
        ("a", "x"),
        ("b", "3"),
        ("c", "true"),
        ("d", "y"),
        ("d", "1"),
        ("e", '{"name": 1}'),
    )
    assert query_of(None) == ()


def test_moments_are_written_as_the_server_does(tmp_path: Path) -> None:
    world = stage_of(tmp_path)
    moment = world.stage.started.replace(year=2026, month=1, day=2, hour=3, minute=4, second=5, microsecond=6789)
    assert iso(moment) == "2026-01-02T03:04:05.006Z"
    assert as_object({"a": iso(moment)})["a"]
