from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from preflight.mock.clock import EPOCH
from preflight.mock.message_store import MessageStore

Document = dict[str, Any]

PLACES = st.lists(st.tuples(st.sampled_from("ab"), st.integers(min_value=0, max_value=50), st.booleans()), max_size=20)


def messages(places: list[tuple[str, int, bool]]) -> list[Document]:
    return [
        {
            "_id": str(at),
            "rid": room,
            "ts": EPOCH + timedelta(milliseconds=moment),
            **({"tmid": f"thread-{room}"} if answers else {}),
        }
        for at, (room, moment, answers) in enumerate(places)
    ]


def kept(places: list[tuple[str, int, bool]]) -> tuple[MessageStore, list[Document]]:
    store, written = MessageStore(), messages(places)
    for message in written:
        store.add(message)
    return store, written


@given(PLACES)
def test_a_room_and_a_thread_are_read_in_the_order_of_time(places: list[tuple[str, int, bool]]) -> None:
    store, written = kept(places)
    for room in "ab":
        own = sorted((each for each in written if each["rid"] == room), key=lambda each: each["ts"])
        assert store.of_room(room) == own
        assert store.of_thread(f"thread-{room}") == [each for each in own if "tmid" in each]


@given(PLACES)
def test_what_is_removed_is_in_no_view(places: list[tuple[str, int, bool]]) -> None:
    store, written = kept(places)
    for message in written:
        store.remove(message)
        assert message["_id"] not in store
        assert message not in store.of_room(message["rid"])
    assert len(store) == 0
    assert store.of_thread("thread-a") == []


def test_a_room_goes_with_its_threads_and_leaves_the_others() -> None:
    store, written = kept([("a", 1, False), ("b", 2, True), ("a", 3, True)])
    assert store.remove_room("a") == [written[0], written[2]]
    assert store.of_thread("thread-a") == []
    assert store.of_room("b") == [written[1]]
    assert store.remove_room("a") == []


def test_an_id_that_is_no_text_is_the_id_of_nothing() -> None:
    store, _written = kept([("a", 1, False)])
    assert store.get(["0"]) is None
    assert store.get("0") is not None
