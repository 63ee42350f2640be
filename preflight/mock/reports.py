"""Reports: what users told the moderators about messages."""

from typing import Any

from preflight.mock.access import accessible_room
from preflight.mock.refusals import Failure
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a user or message


def report(ws: Workspace, user: Document, message_id: str, description: str) -> None:
    """Keeps a report of a message which the user may see; raises Failure."""
    if not description.strip():
        raise Failure("error-invalid-description")
    message = ws.messages.get(message_id)
    if message is None or accessible_room(ws, message["rid"], user) is None:
        raise Failure("error-invalid-message_id")
    ws.reports.append(
        {
            "_id": ws.ids.hex(),
            "message": dict(message),
            "description": description,
            "ts": ws.clock.now(),
            "userId": user["_id"],
        }
    )
