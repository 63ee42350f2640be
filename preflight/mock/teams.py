"""Teams: a main room, and the rooms that belong to it."""

from collections.abc import Iterable
from typing import Any

from preflight.mock import membership, messages, rooms, subscriptions, users
from preflight.mock.access import has_permission
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, room or team

_KINDS = {0: "c", 1: "p"}


def create(ws: Workspace, creator: Document, name: str, kind: int, members: tuple[str, ...]) -> Document:
    """Makes a team and its main room; raises MeteorError where a room of this name cannot be made."""
    if any(team["name"] == name for team in ws.teams.values()):
        raise Failure("team-name-already-exists")
    slug = rooms.valid_name(ws, name)
    now = ws.clock.now()
    team: Document = {
        "_id": ws.ids.hex(),
        "name": name,
        "type": kind,
        "createdAt": now,
        "createdBy": users.brief(creator),
        "_updatedAt": now,
    }
    plan = rooms.Plan(kind=_KINDS[kind], name=name)
    extra = {"customFields": {}, "teamId": team["_id"], "teamMain": True}
    room = rooms.founded(ws, creator, plan, extra, slug)
    rooms.populate(ws, room, creator, members)
    team["roomId"] = room["_id"]
    ws.teams[team["_id"]] = team
    return team


def meant(ws: Workspace, body: Any) -> Document:
    """Gives the team of an id or a name; raises Failure where there is none."""
    wanted = [
        team for team in ws.teams.values() if body.get("teamId") == team["_id"] or body.get("teamName") == team["name"]
    ]
    if not wanted:
        raise Failure("team-does-not-exist")
    return wanted[0]


def delete(ws: Workspace, actor: Document, team: Document, rooms_to_remove: list[str]) -> None:
    """Removes a team with its main room and some of its rooms; the others go on without it."""
    if not has_permission(ws, actor, "delete-team", team["roomId"]):
        raise MeteorError("error-unauthorized", "User does not have the permissions required for this action")
    for room in [room for room in ws.rooms if room.get("teamId") == team["_id"]]:
        if room["_id"] == team["roomId"] or room["_id"] in rooms_to_remove:
            rooms.delete(ws, room)
        else:
            del room["teamId"]
            ws.touch(room)
    del ws.teams[team["_id"]]


def add_rooms(ws: Workspace, actor: Document, team: Document, room_ids: list[Any]) -> list[Document]:
    """Puts rooms into a team; raises MeteorError or Failure where one is missing or the actor may not."""
    if not has_permission(ws, actor, "add-team-channel", team["roomId"]):
        raise MeteorError("error-no-permission-team-channel", "error-no-permission-team-channel")
    found = [ws.rooms.get(room_id) for room_id in room_ids]
    if not found or None in found:
        raise Failure("invalid-room")
    added = [room for room in found if room is not None]
    for room in added:
        room["teamId"] = team["_id"]
        ws.touch(room)
    return added


def add_member(ws: Workspace, room: Document, user: Document, actor: Document) -> None:
    """Brings somebody into a team by its main room, which says so; who is in it stays as they are."""
    if ws.subscriptions.get(room["_id"], user["_id"]) is None:
        subscriptions.newcomer(ws, room, user)
        room["usersCount"] += 1
        messages.system(ws, room, "added-user-to-team", user["username"], actor)


def remove_member(ws: Workspace, team: Document, user: Document, actor: Document, room_ids: Iterable[str]) -> None:
    """Takes somebody out of a team and out of some of its rooms.

    Raises:
        Failure: they are not in it, or they are its last owner.
    """
    room = ws.rooms.get(team["roomId"])
    place = ws.subscriptions.get(team["roomId"], user["_id"])
    if room is None or place is None:
        raise Failure("member-does-not-exist")
    if "owner" in place.get("roles", ()) and len(membership.holders(ws, room, "owner")) == 1:
        raise Failure("last-owner-can-not-be-removed")
    for each in [room, *(found for room_id in room_ids if (found := ws.rooms.get(room_id)) is not None)]:
        subscription = ws.subscriptions.get(each["_id"], user["_id"])
        if subscription is None or each.get("teamId") != team["_id"]:
            continue
        subscriptions.remove(ws, subscription)
        each["usersCount"] -= 1
        if user is actor:
            messages.system(ws, each, "ult" if each is room else "ul", user["username"], user)
        else:
            messages.system(ws, each, "removed-user-from-team" if each is room else "ru", user["username"], actor)


def shown(team: Document) -> Document:
    """Gives what the page of a room tells of its team."""
    return {key: team[key] for key in ("_id", "name", "type", "roomId")}
