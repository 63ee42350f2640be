from pathlib import Path

import pytest

from preflight import paths
from preflight.catalog.cast import load_cast
from preflight.catalog.lists import Cursor, Filter, List, Window, load_lists
from preflight.errors import FileError
from preflight.model.operation import OperationKey

SCHEMAS = paths.CONTRACTS / "schemas"
LIST, INFO = OperationKey.parse("GET dm.list"), OperationKey.parse("GET rooms.info")
CAST = """
people: {alice: {name: Alice}, bob: {name: Bob}}
things:
  alice.room:
    lives: run
    steps:
      - {as: alice, operation: POST channels.create, body: {name: x}, take: {id: /channel/_id}}
"""
LISTS = """
lists:
  GET dm.list:
    as: bob
    query: {sort: {_id: 1}}
    things: ["{alice.room.id}"]
    settings: {Threads_enabled: true}
    items: /ims
    order: {ts: -1}
    sort: [ts]
    filters:
      mine: {as: alice, query: {type: mine}, holds: ["{alice.room.id}"]}
    window: {since: updatedSince, stamp: _updatedAt}
    cursor: {query: {type: NEW}, at: /next, parameter: after}
"""


def load(folder: Path, text: str) -> dict[OperationKey, List]:
    (folder / "cast.yaml").write_text(CAST, encoding="utf-8")
    (folder / "lists.yaml").write_text(text, encoding="utf-8")
    cast = load_cast(folder / "cast.yaml", SCHEMAS / "cast.schema.json")
    return dict(load_lists(folder / "lists.yaml", SCHEMAS / "lists.schema.json", cast, (LIST, INFO)))


def test_a_list_is_read_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    assert load(tmp_path, LISTS) == {
        LIST: List(
            operation=LIST,
            actor="bob",
            query={"sort": {"_id": 1}},
            items="/ims",
            things=("{alice.room.id}",),
            settings={"Threads_enabled": True},
            order={"ts": -1},
            sort=("ts",),
            filters=(Filter(name="mine", actor="alice", query={"type": "mine"}, holds=("{alice.room.id}",)),),
            window=Window(since="updatedSince", stamp="_updatedAt"),
            cursor=Cursor(query={"type": "NEW"}, at="/next", parameter="after"),
        )
    }


def test_alice_asks_where_nobody_is_named(tmp_path: Path) -> None:
    (known,) = load(tmp_path, "lists: {GET rooms.info: {items: /rooms}}").values()
    assert known == List(operation=INFO, actor="alice", query={}, items="/rooms")


def test_a_folder_without_the_file_has_no_lists(tmp_path: Path) -> None:
    load(tmp_path, LISTS)
    cast = load_cast(tmp_path / "cast.yaml", SCHEMAS / "cast.schema.json")
    assert load_lists(tmp_path / "none.yaml", SCHEMAS / "lists.schema.json", cast, (LIST,)) == {}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("GET dm.list", "GET dm.lists", "unknown operation 'GET dm.lists'"),
        ("as: bob", "as: bert", "unknown person 'bert'"),
        ("as: alice", "as: alize", "unknown person 'alize'"),
        ("{alice.room.id}", "{alice.room.name}", "unknown placeholder {alice.room.name}"),
        ("order: {ts: -1}", "order: {ts: 2}", "2"),
        ("items: /ims", "items: ims", "ims"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(FileError) as refused:
        load(tmp_path, LISTS.replace(old, new))
    assert told in str(refused.value)
    assert "lists.yaml" in str(refused.value)
