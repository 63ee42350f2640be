"""Methods about encryption between clients."""

from typing import Any

from preflight.mock import encryption
from preflight.mock.method import NOTHING, Invocation, Methods

METHODS = Methods()


@METHODS.method("e2e.setRoomKeyID")
def set_room_key_id(call: Invocation) -> Any:
    """Gives the key of a room its name."""
    room_id, key_id = call.text(0), call.text(1)
    encryption.name_key(call.workspace, call.caller(), room_id, key_id)
    return NOTHING
