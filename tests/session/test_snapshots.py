"""Snapshots: what the people of a case see, before and after, with no secret in it."""

import itertools
import json
from pathlib import Path

import pytest

from preflight.model.json import Json
from preflight.session.circumstances import CircumstanceError
from preflight.session.snapshots import MOST_LOOKS, Snapshots
from preflight.wire.pace import Bucket
from preflight.wire.rest import Ask
from tests.session.theatre import Reply, Theatre, theatre


def snapshots(world: Theatre, actor: str = "bob", **request: object) -> Snapshots:
    ask = Ask(actor=actor, purpose="x", method="POST", path="/api/v1/chat.update", **request)  # type: ignore[arg-type] # test
    return Snapshots(world.stage, ask)


def test_the_caller_and_alice_look_at_their_rooms(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    taken = snapshots(world).take()
    assert isinstance(taken, dict)
    assert set(taken) == {
        "alice rooms.get",
        "alice subscriptions.get",
        "bob rooms.get",
        "bob subscriptions.get",
    }


def test_alice_alone_looks_where_admin_asks_since_others_use_that_account(tmp_path: Path) -> None:
    taken = snapshots(theatre(tmp_path), actor="admin").take()
    assert isinstance(taken, dict)
    assert set(taken) == {"alice rooms.get", "alice subscriptions.get"}


def test_messages_that_a_request_names_are_looked_at(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    world.target.behaviours["GET chat.getMessage"] = (200, {"success": True, "message": {"msg": "as it was"}})
    snapshots(world, query=(("msgId", "m1"), ("count", "3")), body={"tmid": "m2", "text": "x", "mid": 3}).take()
    looked = [ask.query for ask in world.target.asked if ask.path.endswith("chat.getMessage")]
    assert looked == [(("msgId", "m1"),), (("msgId", "m2"),)] * 2


def test_two_looks_at_a_workspace_at_rest_are_the_same(tmp_path: Path) -> None:
    looks = snapshots(theatre(tmp_path))
    assert looks.take() == looks.take() == looks.settled()


def test_a_change_shows(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    looks = snapshots(world)
    before = looks.take()
    world.target.behaviours["GET rooms.get"] = (200, {"success": True, "update": [{"_id": "r1"}], "remove": []})
    assert looks.take() != before


def test_what_was_seen_last_is_not_asked_for_again_while_nothing_else_is_asked(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    snapshots(world).take()
    seen = snapshots(world).take()
    asked = len(world.target.asked)
    assert snapshots(world).last() == seen
    assert len(world.target.asked) == asked


def test_what_was_seen_before_another_request_is_asked_for_again(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    before = snapshots(world).take()
    world.target.send(Ask(actor="bob", purpose="x", method="POST", path="/api/v1/chat.update"))
    world.target.behaviours["GET rooms.get"] = (200, {"success": True, "update": [{"_id": "r1"}], "remove": []})
    assert snapshots(world).last() != before


def test_who_has_not_looked_yet_looks(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    snapshots(world, actor="alice").take()
    last = snapshots(world, actor="bob").last()
    assert isinstance(last, dict)
    assert "bob rooms.get" in last


def test_a_workspace_is_at_rest_only_where_two_answers_say_so(tmp_path: Path) -> None:
    world = theatre(tmp_path)
    snapshots(world).take()
    world.target.asked.clear()
    snapshots(world).settled()
    assert [ask.path for ask in world.target.asked].count("/api/v1/rooms.get") == 4


def test_a_look_waits_until_late_changes_have_come(tmp_path: Path) -> None:
    unread = itertools.chain([0, 0, 1, 1, 2], itertools.repeat(2))

    def restless(ask: Ask) -> Reply:
        del ask
        return 200, {"success": True, "update": [{"unread": next(unread)}]}

    world = theatre(tmp_path, {"GET subscriptions.get": restless})
    looks = snapshots(world)
    assert looks.settled() == looks.take()


def test_a_workspace_that_does_not_come_to_rest_is_a_circumstance(tmp_path: Path) -> None:
    numbers = itertools.count()
    world = theatre(tmp_path, {"GET rooms.get": lambda _: (200, {"update": [next(numbers)]})})
    with pytest.raises(CircumstanceError, match="did not come to rest"):
        snapshots(world, actor="alice").settled()
    assert sum("rooms.get" in name for name in world.target.names) == MOST_LOOKS + 1


def test_the_rate_limiter_is_a_circumstance_and_no_change(tmp_path: Path) -> None:
    with pytest.raises(CircumstanceError, match="429"):
        snapshots(theatre(tmp_path, {"GET rooms.get": (429, {"success": False})})).take()


def test_what_is_seen_holds_no_secret(tmp_path: Path) -> None:
    room = {"_id": "r1", "joinCode": "let-me-in-please", "note": "let-me-in-please"}
    world = theatre(tmp_path, {"GET rooms.get": (200, {"update": [room]})})
    assert "let-me-in-please" not in repr(snapshots(world).take())


def carries(result: Json) -> Reply:
    return 200, {"success": True, "message": json.dumps({"msg": "result", "id": "1", "result": result})}


def counted(folder: Path, rooms: Reply, subscriptions: Reply) -> Theatre:
    """A target that was seen to count calls."""
    carried = {"POST method.call/rooms:get": rooms, "POST method.call/subscriptions:get": subscriptions}
    world = theatre(folder, carried)
    shown = {"x-ratelimit-limit": "10", "x-ratelimit-remaining": "9", "x-ratelimit-reset": "1"}
    world.target.pace.after(Bucket("GET", "me"), "alice", 200, shown, {})
    return world


def test_where_calls_are_counted_realtime_methods_tell_the_same_and_a_change_shows(tmp_path: Path) -> None:
    world = counted(tmp_path, carries([{"_id": "r1"}]), carries([]))
    looks = snapshots(world, actor="alice")
    before = looks.take()
    assert before == {"alice rooms.get": {"update": [{"_id": "r1"}]}, "alice subscriptions.get": {"update": []}}
    world.target.behaviours["POST method.call/rooms:get"] = carries([])
    assert looks.take() != before
    assert not any("GET rooms.get" in name for name in world.target.names)


@pytest.mark.parametrize(
    "broken", [(404, {"success": False}), (200, {"message": "{"}), (200, {"message": "[]"}), carries("nothing")]
)
def test_a_target_that_answers_no_carried_method_is_looked_at_as_ever(tmp_path: Path, broken: Reply) -> None:
    world = counted(tmp_path, carries([]), broken)
    looks = snapshots(world, actor="alice")
    assert looks.take() == looks.take()
    assert snapshots(world, actor="alice").take() == looks.take()
    assert sum("method.call" in name for name in world.target.names) == 2


def test_looks_of_two_kinds_are_never_compared(tmp_path: Path) -> None:
    world = counted(tmp_path, carries([]), carries([]))
    looks = snapshots(world, actor="alice")
    looks.take()
    world.target.behaviours["POST method.call/rooms:get"] = (404, {"success": False})
    with pytest.raises(CircumstanceError, match="any more"):
        looks.take()


def test_what_is_seen_over_realtime_methods_holds_no_secret(tmp_path: Path) -> None:
    room: Json = {"_id": "r1", "joinCode": "let-me-in-please"}
    world = counted(tmp_path, carries([room]), carries([]))
    world.target.redactor.learn("let-me-in-please", "code")
    assert "let-me-in-please" not in repr(snapshots(world).take())
