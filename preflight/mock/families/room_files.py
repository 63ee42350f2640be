"""rooms.upload and rooms.media: files that are sent into rooms, at once or in two steps, as the release has it."""

from typing import Any

from preflight.mock import messages, uploads
from preflight.mock.access import accessible_room
from preflight.mock.call import Call, Upload
from preflight.mock.refusals import Failure, Forbidden, MeteorError
from preflight.mock.routing import Body, Routes

Document = dict[str, Any]  # a stored room

ROUTES = Routes()


@ROUTES.route("POST", "rooms.upload/:rid", until="8.0", removed_in="8.0.0")
def upload(call: Call) -> Body:
    """Keeps a file and posts the message that shows it."""
    ws = call.workspace
    room = _for_files(call)
    kept = uploads.keep(ws, room, call.caller, _file(call))
    return {"message": messages.public(ws, uploads.show(ws, room, call.caller, kept, dict(call.body)), call.caller)}


@ROUTES.route("POST", "rooms.media/:rid")
def media(call: Call) -> Body:
    """Keeps a file, to be confirmed before it is shown."""
    kept = uploads.keep(call.workspace, _for_files(call), call.caller, _file(call))
    return {"file": {"_id": kept["_id"], "url": kept["url"]}}


@ROUTES.route("POST", "rooms.mediaConfirm/:rid/:fileId")
def confirm(call: Call) -> Body:
    """Posts the message that shows a file."""
    ws = call.workspace
    room = _for_files(call)
    kept = ws.uploads.get(call.path["fileId"])
    if kept is None or kept["rid"] != room["_id"]:
        raise MeteorError("invalid-file")
    if call.body.get("fileName"):
        kept["name"] = call.body["fileName"]
    return {"message": messages.public(ws, uploads.show(ws, room, call.caller, kept, dict(call.body)), call.caller)}


def _for_files(call: Call) -> Document:
    room = accessible_room(call.workspace, call.path["rid"], call.caller)
    if room is None:
        raise Forbidden
    return room


def _file(call: Call) -> Upload:
    if not call.uploads:
        raise Failure("No file uploaded")
    if "file" not in call.uploads:
        raise MeteorError("invalid-field")
    return call.uploads["file"]
