"""Turns: nobody waits while another could go, and groups are never mixed."""

from collections import Counter

from preflight.session.forecast import Calls
from preflight.session.turns import Turns
from preflight.wire.pace import Bucket, Pace, SimulatedClock

POST, ROOM, READ = Bucket("POST", "chat.postMessage"), Bucket("POST", "channels.create"), Bucket("GET", "rooms.info")


def paced(*, limited: bool = True) -> Pace:
    pace = Pace(clock=SimulatedClock())
    if limited:
        pace.after(Bucket("GET", "me"), "alice", 200, headers(9, 60), {})
    return pace


def headers(left: int, reset: float) -> dict[str, str]:
    shown = {"limit": "10", "remaining": str(left), "reset": str(int(reset * 1000))}
    return {"date": "Thu, 01 Jan 1970 00:00:00 GMT", **{f"x-ratelimit-{name}": value for name, value in shown.items()}}


def turns(tasks: dict[str, Calls], pace: Pace, groups: dict[str, str] | None = None) -> Turns[str]:
    return Turns(
        tasks,
        lambda task: (groups or {}).get(task, ""),
        forecast=lambda task: tasks[task],
        now=lambda calls: calls,
        pace=pace,
    )


def taken(order: Turns[str]) -> list[str]:
    told = []
    while order:
        told.append(order.next())
    return told


def test_where_nobody_counts_tasks_keep_their_order() -> None:
    order = turns({"a": Counter(), "b": Counter({POST: 1}), "c": Counter({POST: 9})}, paced(limited=False))
    assert (order.is_free, taken(order)) == (True, ["a", "b", "c"])


def test_the_busiest_route_goes_first_and_what_needs_no_room_fills_the_pauses() -> None:
    tasks = {
        "idle": Counter[Bucket](),
        "room": Counter({ROOM: 1}),
        "post": Counter({POST: 5}),
        "more": Counter({POST: 5}),
    }
    assert taken(turns(tasks, paced())) == ["post", "more", "room", "idle"]


def test_a_task_whose_route_is_full_waits_while_others_go() -> None:
    pace = paced()
    pace.after(POST, "alice", 200, headers(0, 60), {})
    order = turns({"post": Counter({POST: 3}), "read": Counter({READ: 1}), "idle": Counter[Bucket]()}, pace)
    assert [order.next(), order.next()] == ["read", "idle"]
    assert order.left == ("post",)


def test_where_all_must_wait_the_shortest_wait_goes_first() -> None:
    pace = paced()
    pace.after(POST, "alice", 200, headers(0, 60), {})
    pace.after(READ, "alice", 200, headers(0, 20), {})
    assert turns({"post": Counter({POST: 1}), "read": Counter({READ: 1})}, pace).next() == "read"


def test_a_task_that_never_fits_goes_when_its_route_is_empty() -> None:
    pace = paced()
    order = turns({"read": Counter({READ: 1}), "much": Counter({POST: 25})}, pace)
    assert taken(order) == ["much", "read"]


def test_groups_keep_their_order_and_are_never_mixed() -> None:
    tasks = {"plain": Counter({READ: 1}), "changed": Counter({POST: 9}), "other": Counter({POST: 9})}
    order = turns(tasks, paced(), {"changed": "setting", "other": "setting"})
    assert taken(order) == ["plain", "changed", "other"]


def test_what_is_there_already_costs_nothing() -> None:
    once = Bucket("once", "bob")
    there: set[str] = set()
    order = Turns(
        ["with bob", "alone"],
        lambda _: "",
        forecast=lambda task: Counter({once: 1}) if task == "with bob" else Counter({READ: 1}),
        now=lambda calls: Counter() if "bob" in there else Counter({POST: calls[once] * 20, READ: calls[READ]}),
        pace=paced(),
    )
    pace_of_post = order._pace
    pace_of_post.after(POST, "alice", 200, headers(0, 60), {})
    assert order.next() == "alone"
    there.add("bob")
    assert order.next() == "with bob"


def test_a_task_that_has_not_ended_gets_another_turn_once_there_is_room() -> None:
    pace = paced()
    order = turns({"many": Counter({POST: 10}), "read": Counter({READ: 1})}, pace)
    assert order.next() == "many"
    pace.after(POST, "alice", 200, headers(0, 60), {})
    order.put_back("many", Counter({POST: 10}))
    assert [order.next(), order.next()] == ["read", "many"]
    assert not order


def test_a_task_can_be_taken_out_of_turn() -> None:
    order = turns({"a": Counter(), "b": Counter()}, paced())
    order.remove("b")
    assert order.left == ("a",)
