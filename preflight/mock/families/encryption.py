"""e2e.*: what clients leave with the workspace so that they can encrypt among each other."""

from preflight.mock import encryption
from preflight.mock.call import Call
from preflight.mock.routing import Body, Routes
from preflight.mock.schemas import TEXT, closed

ROUTES = Routes()


@ROUTES.route("POST", "e2e.setRoomKeyID", body=closed({"rid": TEXT, "keyID": TEXT}))
def set_room_key_id(call: Call) -> Body:
    """Gives the key of a room its name."""
    encryption.name_key(call.workspace, call.caller, call.body["rid"], call.body["keyID"])
    return {}
