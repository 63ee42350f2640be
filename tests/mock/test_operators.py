"""An object in the place of an id is a query to a database; 6.14 lets it through to rooms.info.

Observed on 6.14.0-develop: rooms.info?roomId[$ne]=x answered a room.
"""

import pytest

from preflight.mock.operators import matching
from tests.mock.world import world

ROOMS = [{"_id": "a", "name": "first"}, {"_id": "b", "name": "second"}, {"_id": "c"}]


@pytest.mark.parametrize(
    ("key", "query", "found"),
    [
        ("_id", {"$ne": "a"}, "b"),
        ("_id", {"$eq": "c"}, "c"),
        ("_id", {"$in": ["x", "b"]}, "b"),
        ("_id", {"$nin": ["a", "b"]}, "c"),
        ("_id", {"$gt": "b"}, "c"),
        ("_id", {"$gte": "b"}, "b"),
        ("_id", {"$lt": "b"}, "a"),
        ("_id", {"$lte": "a"}, "a"),
        ("name", {"$regex": "^sec"}, "b"),
        ("name", {"$exists": "false"}, "c"),
        ("_id", {"$gt": "a", "$lt": "c"}, "b"),
    ],
)
def test_operators_choose_as_a_database_does(key: str, query: dict[str, object], found: str) -> None:
    chosen = matching(ROOMS, key, query)
    assert chosen is not None
    assert chosen["_id"] == found


@pytest.mark.parametrize("query", [{}, {"$where": "1"}, {"$in": "a"}, {"$gt": 1}, {"$regex": "("}, {"x": "a"}])
def test_what_is_no_operator_chooses_nothing(query: dict[str, object]) -> None:
    assert matching(ROOMS, "_id", query) is None


def test_an_old_release_takes_an_operator_for_the_id_of_a_room_and_later_ones_do_not() -> None:
    for release, status in (("6.14", 200), ("8.0", 400), ("8.8", 400)):
        with world(release) as at:
            answer = at.alice.get("rooms.info", **{"roomId[$ne]": "x"})
            assert answer.status_code == status, release
