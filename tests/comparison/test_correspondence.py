from preflight.comparison.correspondence import correspond
from preflight.model.change import NotCompared, Obstacle
from preflight.model.verdict import Verdict
from tests.comparison.miniature import Play, Talk, view

ROOM = "de36991e3efb2a22abe976c5"
NEXT = "0c6991e3efb2a22abe976c51"
USER = "nKnJNLbxMGxC27msq"
OTHER = "d6R68eF3e3XfpotWA"


def obstacles(before: list[Play], after: list[Play]) -> list[tuple[str, Obstacle]]:
    return [(one.case, one.obstacle) for one in correspond(view(before), view(after, port=3001)).not_compared]


def test_cases_correspond_by_their_ids_in_any_order() -> None:
    one, two = Play(name="shapes/GET greet.all/one"), Play(name="shapes/GET greet.all/two")
    found = correspond(view([one, two]), view([two, one]))
    assert [(pair.before.id, pair.after.id) for pair in found.pairs] == [(one.name, one.name), (two.name, two.name)]
    assert found.not_compared == ()


def test_a_case_of_one_run_alone_is_not_comparable() -> None:
    old = Play(name="shapes/GET greet.all/old", talks=(Talk(asks="GET greet.all?old=1"),))
    new = Play(name="shapes/GET greet.all/new", talks=(Talk(asks="GET greet.all?new=1"),))
    assert obstacles([old], [new]) == [(old.name, Obstacle.ONLY_BEFORE), (new.name, Obstacle.ONLY_AFTER)]


def test_a_case_that_circumstances_prevented_is_not_comparable_and_says_why() -> None:
    prevented = Play(verdict=Verdict.INCONCLUSIVE, reason="the target did not answer")
    found = correspond(view([Play()]), view([prevented]))
    assert found.not_compared == (
        NotCompared(case=prevented.name, obstacle=Obstacle.CIRCUMSTANCES, reason="the target did not answer"),
    )
    assert obstacles([prevented], [prevented]) == [(prevented.name, Obstacle.NEITHER)]


def test_a_case_that_asks_something_else_by_now_is_not_comparable() -> None:
    before, after = (Play(talks=(Talk(asks=f"GET greet.all?count={number}"),)) for number in (1, 2))
    assert obstacles([before], [after]) == [(before.name, Obstacle.OTHERWISE)]


def test_ids_of_two_runs_ask_the_same() -> None:
    before, after = (Play(talks=(Talk(asks=f"GET greet.all?roomId={room}"),)) for room in (ROOM, NEXT))
    assert obstacles([before], [after]) == []


def test_arrangements_are_no_questions() -> None:
    made = Talk(asks="POST rooms.make", purpose="arrange alice.room")
    found = correspond(view([Play(talks=(made, Talk()))]), view([Play()]))
    assert [len(pair.exchanges) for pair in found.pairs] == [1]


def test_a_look_that_only_one_run_takes_is_left_out() -> None:
    look = Talk(asks="GET greet.one", purpose="look afterwards: everybody is greeted")
    found = correspond(view([Play(talks=(Talk(), look))]), view([Play()]))
    assert [len(pair.exchanges) for pair in found.pairs] == [1]


def arranged(name: str, room: str, user: str, *, thing: str = "alice.room", suite: str = "refusals") -> Play:
    made = Talk(asks="POST rooms.make", answer={"room": {"_id": room}}, purpose=f"arrange {thing}", user=user)
    asked = Talk(asks=f"GET greet.all?roomId={room}&userId={user}", user=user)
    return Play(name=f"{suite}/GET greet.all/{name}", talks=(made, asked))


def test_the_same_question_under_another_name_corresponds() -> None:
    before = [arranged("by-hand", ROOM, USER)]
    after = [arranged("typed", NEXT, OTHER, suite="shapes")]
    found = correspond(view(before), view(after))
    assert [(pair.before.id, pair.after.id) for pair in found.pairs] == [
        ("refusals/GET greet.all/by-hand", "shapes/GET greet.all/typed")
    ]


def test_the_same_request_about_another_thing_is_another_question() -> None:
    assert len(obstacles([arranged("one", ROOM, USER)], [arranged("two", NEXT, OTHER, thing="alice.archived")])) == 2


def test_where_two_cases_ask_the_same_neither_is_guessed() -> None:
    before = [arranged("one", ROOM, USER), arranged("two", ROOM, USER)]
    assert len(obstacles(before, [arranged("three", NEXT, OTHER)])) == 3
