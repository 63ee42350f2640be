"""Fields: what a workspace happens to hold is no change, what an answer always has is one."""

from preflight.comparison.correspondence import correspond
from preflight.comparison.fields import of_fields
from preflight.model.json import Json
from tests.comparison.miniature import Play, Talk, view

ROOM = "de36991e3efb2a22abe976c5"
NEXT = "0c6991e3efb2a22abe976c51"


def found(before: list[Play], after: list[Play]) -> set[tuple[str, str, str, str]]:
    old, new = view(before), view(after, port=3001)
    pairs = correspond(old, new).pairs
    return {(str(one.aspect), one.where, one.before, one.after) for one in of_fields(old, new, pairs)}


def lists(*answers: list[Json]) -> list[Play]:
    return [
        Play(name=f"shapes/GET greet.all/n{number}", talks=(Talk(answer={"rooms": rooms, "success": True}),))
        for number, rooms in enumerate(answers)
    ]


PLAIN: Json = {"name": "general"}
STARRED: Json = {"name": "general", "topic": "sun"}


def test_the_same_answers_have_no_differences() -> None:
    assert found(lists([PLAIN, STARRED]), lists([STARRED, PLAIN])) == set()


def test_a_field_that_is_there_now_and_then_is_no_difference() -> None:
    before = lists([PLAIN, STARRED], [PLAIN], [PLAIN])
    after = lists([PLAIN], [PLAIN, STARRED], [STARRED])
    assert found(before, after) == set()


def test_a_list_without_what_another_answer_of_the_run_shows_is_no_difference() -> None:
    elsewhere = Play(name="shapes/GET greet.one/x", operation="GET greet.one", talks=(Talk(answer={"room": STARRED}),))
    before = [*lists([PLAIN], [PLAIN]), elsewhere]
    after = [*lists([PLAIN], [PLAIN, STARRED]), elsewhere]
    assert found(before, after) == set()


def test_a_field_that_is_always_there_and_never_was_has_come() -> None:
    assert found(lists([PLAIN], [PLAIN]), lists([STARRED], [STARRED, STARRED])) == {
        ("field", "200.rooms[].topic", "nothing", "string")
    }


def test_a_field_that_was_always_there_and_never_is_has_gone() -> None:
    assert found(lists([STARRED], [STARRED]), lists([PLAIN], [PLAIN])) == {
        ("field", "200.rooms[].topic", "string", "nothing")
    }


def test_a_name_that_no_answer_knew_is_new_even_where_it_is_rare() -> None:
    after = lists([PLAIN, {"name": "x", "sidepanel": {"items": []}}], [PLAIN])
    assert found(lists([PLAIN], [PLAIN]), after) == {("field", "200.rooms[].sidepanel", "nothing", "object")}


def test_what_a_new_field_holds_is_not_told_as_well() -> None:
    after = lists([{"name": "x", "team": {"_id": ROOM, "name": "blue"}}])
    assert found(lists([PLAIN]), after) == {("field", "200.rooms[].team", "nothing", "object")}


def test_an_empty_list_says_nothing() -> None:
    assert found(lists([]), lists([STARRED])) == set()


def test_another_type_is_a_difference_and_one_type_more_is_not() -> None:
    text: Json = {"name": "x", "msgs": "3"}
    number: Json = {"name": "x", "msgs": 3}
    nothing: Json = {"name": "x", "msgs": None}
    assert found(lists([text]), lists([number])) == {("type", "200.rooms[].msgs", "string", "number")}
    assert found(lists([number, nothing]), lists([number])) == set()


def test_keys_that_are_data_are_no_fields() -> None:
    before: Json = {"name": "x", "reactions": {":smile:": {"usernames": ["a"]}}}
    after: Json = {"name": "x", "reactions": {":wave:": {"usernames": ["a"]}}}
    assert found(lists([before]), lists([after])) == set()


def own_room(room: str, answer: Json) -> list[Play]:
    made = Talk(asks="POST rooms.make", body={"name": "x"}, answer={"_id": room}, purpose="arrange alice.room")
    asked = Talk(asks=f"GET greet.all?roomId={room}", answer=answer)
    return [Play(talks=(made, asked))]


def other_rooms(answer: Json) -> list[Play]:
    return [Play(name="shapes/GET greet.all/others", talks=(Talk(answer=answer),))]


def test_a_case_that_made_everything_itself_shows_a_rare_field_for_sure() -> None:
    with_topic: Json = {"room": STARRED}
    without: Json = {"room": PLAIN}
    before = [*own_room(ROOM, without), *other_rooms(with_topic)]
    after = [*own_room(NEXT, with_topic), *other_rooms(with_topic)]
    assert found(before, after) == {("field", "200.room.topic", "nothing", "string")}


def test_a_room_that_another_case_made_shows_nothing_for_sure() -> None:
    first = Play(
        name="shapes/GET greet.one/first",
        operation="GET greet.one",
        talks=(Talk(asks="GET greet.one", answer={"_id": ROOM, "topic": "x"}),),
    )
    asked = f"GET greet.all?roomId={ROOM}"
    before = [first, Play(talks=(Talk(asks=asked, answer={"room": PLAIN}),)), *other_rooms({"room": STARRED})]
    after = [first, Play(talks=(Talk(asks=asked, answer={"room": STARRED}),)), *other_rooms({"room": STARRED})]
    assert found(before, after) == set()
