"""Departures: what happens to rooms and messages when an account is removed."""

from typing import Any

from preflight.mock import membership, rooms, subscriptions
from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user or room


def remove_user(ws: Workspace, user: Document, *, relinquish: bool) -> list[str]:
    """Removes an account, its direct rooms and the rooms nobody else is in; gives the ids of the removed rooms.

    Raises:
        MeteorError: user-last-owner, when rooms would lose their last owner and that was not confirmed.
    """
    joined = [ws.rooms.get(each["rid"]) for each in ws.subscriptions.of_user(user["_id"])]
    mine = [room for room in joined if room is not None]
    owned = [room for room in mine if _only_owner(ws, room, user)]
    if owned and not relinquish:
        raise MeteorError("user-last-owner", "", _at_stake(owned))
    removed = [room for room in mine if room["t"] == "d" or (room in owned and room["usersCount"] == 1)]
    for room in removed:
        rooms.delete(ws, room)
    for room in mine:
        if room not in removed:
            _leave(ws, room, user, relinquished=room in owned)
    ws.users.remove(user)
    ws.trash.put("users", user, ws.clock.now())
    return [room["_id"] for room in removed]


def _only_owner(ws: Workspace, room: Document, user: Document) -> bool:
    owners = membership.holders(ws, room, "owner")
    return len(owners) == 1 and bool(owners[0]["u"]["_id"] == user["_id"])


def _at_stake(owned: list[Document]) -> Document:
    alone = [room["name"] for room in owned if room["usersCount"] == 1]
    return {
        "shouldChangeOwner": [room["name"] for room in owned if room["name"] not in alone],
        "shouldBeRemoved": alone,
    }


def _leave(ws: Workspace, room: Document, user: Document, *, relinquished: bool) -> None:
    subscription = ws.subscriptions.get(room["_id"], user["_id"])
    if subscription is not None:
        subscriptions.remove(ws, subscription)
        room["usersCount"] -= 1
        ws.touch(room)
    heirs = ws.subscriptions.of_room(room["_id"])
    if relinquished and heirs:
        subscriptions.add_role(ws, heirs[0], "owner")
