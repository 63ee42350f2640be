"""What lasts in a mock workspace: its state without the traces that every visit leaves on a real server too."""

from copy import deepcopy
from typing import Any

from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored document of the mock workspace


def state(workspace: Workspace) -> dict[str, Any]:
    """Copy people, rooms, subscriptions, settings and teams; trash, times of writing and presence are left out."""
    return {
        "users": {user["_id"]: _without(user, "lastLogin", "_updatedAt", "status") for user in workspace.users},
        "rooms": {room["_id"]: _without(room, "_updatedAt", "lm", "lastMessage", "msgs") for room in workspace.rooms},
        "subscriptions": {
            f"{room['_id']} {subscription['u']['_id']}": _without(subscription, "_updatedAt", "ls")
            for room in workspace.rooms
            for subscription in workspace.subscriptions.of_room(room["_id"])
        },
        "settings": {name: deepcopy(workspace.settings[name]) for name in workspace.settings._by_id},
        "teams": deepcopy(workspace.teams),
    }


def _without(document: Document, *names: str) -> Document:
    return {name: deepcopy(value) for name, value in document.items() if name not in names}
