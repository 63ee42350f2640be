"""Scripts: what a suite names is read from its function, and from what stands beside it."""

from collections import Counter

from preflight.catalog.cast import Cast
from preflight.session.script import words
from preflight.session.story import Story

ROOM = "{alice.room.id}"
IN_ROOM = {"roomId": ROOM}
_ASKED_TWICE = "GET rooms.info"


def _greets(story: Story, who: str) -> None:
    story.does(who, "POST chat.sendMessage", {"message": {"rid": ROOM}})


def tells(story: Story) -> None:
    """Name what a docstring names, too: ``GET rooms.get`` is none of it."""
    story.posts("alice", ROOM, "hello")
    story.reads("bob", _ASKED_TWICE, IN_ROOM)
    for who in ("carol", "admin"):
        _greets(story, who)
    story.asks("bob", _ASKED_TWICE, {"roomId": [each.lower() for each in ("one", "two")]})


def _turns(story: Story) -> None:
    _returns(story)
    story.posts("alice", ROOM, "once")


def _returns(story: Story) -> None:
    _turns(story)


def test_every_operation_is_named_as_often_as_it_is_asked() -> None:
    named = Counter(words(tells))
    assert named["GET rooms.info"] == 2
    assert (named["POST chat.postMessage"], named["POST chat.sendMessage"]) == (1, 1)
    assert named["GET rooms.get"] == 0


def test_people_and_things_are_named_by_constants_and_by_what_stands_beside() -> None:
    assert {"alice", "bob", "carol", "admin", "one", "two", "{alice.room.id}"} <= set(words(tells))


def test_functions_that_call_each_other_are_read_once() -> None:
    assert Counter(words(_turns))["POST chat.postMessage"] == 1


def test_what_is_no_function_of_the_suite_has_no_script() -> None:
    assert words(Cast) == ()
