from collections.abc import Sequence

from preflight.mock.bus import Bus, Change
from preflight.mock.founding import found
from preflight.mock.messages import post
from preflight.mock.rooms import GENERAL

Told = list[tuple[str, str, str]]


def listening(bus: Bus) -> Told:
    told: Told = []

    def listen(changes: Sequence[Change]) -> None:
        told.extend((each.collection, each.action, str(each.document["_id"])) for each in changes)

    bus.listen(listen)
    return told


def test_a_listener_hears_of_a_document_once_for_each_delivery() -> None:
    bus = Bus()
    told = listening(bus)
    room = {"_id": "r"}
    for _ in range(3):
        bus.note("rooms", "updated", room)
    assert told == []
    bus.deliver()
    bus.deliver()
    assert told == [("rooms", "updated", "r")]


def test_what_was_inserted_stays_so_when_it_is_written_again_and_what_was_removed_is_gone() -> None:
    bus = Bus()
    told = listening(bus)
    for name, actions in {"a": ("inserted", "updated"), "b": ("updated", "removed")}.items():
        for action in actions:
            bus.note("rooms", action, {"_id": name})  # type: ignore[arg-type] # the actions above are actions
    bus.deliver()
    assert told == [("rooms", "inserted", "a"), ("rooms", "removed", "b")]


def test_messages_come_before_subscriptions_and_these_before_rooms() -> None:
    bus = Bus()
    told = listening(bus)
    for collection in ("rooms", "subscriptions", "messages"):
        bus.note(collection, "updated", {"_id": "x"})
    bus.deliver()
    assert [each for each, _, _ in told] == ["messages", "subscriptions", "rooms"]


def test_nobody_listening_keeps_nothing() -> None:
    bus = Bus()
    bus.note("rooms", "updated", {"_id": "r"})
    told = listening(bus)
    bus.deliver()
    assert told == []


def test_rules_put_what_they_write_on_the_bus_of_their_workspace() -> None:
    ws = found(admin_password="x")
    told = listening(ws.bus)
    admin, general = ws.users.named("admin"), ws.rooms.get(GENERAL)
    assert admin is not None
    assert general is not None
    message = post(ws, admin, general, {"msg": "hello"})
    subscription = ws.subscriptions.get(GENERAL, admin["_id"])
    assert subscription is not None
    ws.bus.deliver()
    assert told == [
        ("messages", "inserted", message["_id"]),
        ("subscriptions", "updated", subscription["_id"]),
        ("rooms", "updated", GENERAL),
    ]
