"""Teams: a main room, and the rooms that belong to it."""

from typing import Any

from preflight.mock import rooms, users
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


def shown(team: Document) -> Document:
    """Gives what the page of a room tells of its team."""
    return {key: team[key] for key in ("_id", "name", "type", "roomId")}
