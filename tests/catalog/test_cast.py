"""The cast: people, things, and the order in which things must be created."""

from preflight.catalog.cast import Lives
from tests.catalog.miniature import Miniature


def test_people_and_things_are_read(miniature: Miniature) -> None:
    cast = miniature.load().cast
    assert cast.actors == ("alice", "bob", "admin")
    room = cast.things["alice.room"]
    assert (room.lives, room.keys) == (Lives.RUN, ("id", "name"))
    assert room.undo is not None
    assert (room.undo.actor, room.undo.body) == ("admin", {"roomId": "{alice.room.id}"})
    assert cast.things["alice.message"].undo is None


def test_what_placeholders_can_name_is_known(miniature: Miniature) -> None:
    known = miniature.load().cast.known
    assert {"alice.id", "admin.username", "alice.room.name", "run.prefix", "time.past", "case.secret"} <= set(known)
    assert "alice.message.name" not in known


def test_things_come_after_what_they_need(miniature: Miniature) -> None:
    cast = miniature.load().cast
    assert cast.things_of(["alice.message.id", "bob.id", "alice.room.id"]) == ("alice.room", "alice.message")
    assert cast.things_of(["run.prefix"]) == ()
