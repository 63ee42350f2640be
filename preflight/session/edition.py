"""The edition of a workspace: enterprise where a licence is at work, else community."""

import secrets

from preflight.model.json import Json
from preflight.session.circumstances import SERVER_ERROR
from preflight.wire.pace import TOO_MANY_REQUESTS
from preflight.wire.rest import API, Ask, RestClient
from preflight.wire.workspace import Login

# Read receipts belong to the enterprise edition; without a licence they are refused with this code in every release.
_LICENSED = "chat.getMessageReadReceipts"
_NO_LICENCE = "error-action-not-allowed"


def is_enterprise(client: RestClient, admin: Login) -> bool | None:
    """Tell the edition by the way a licensed operation refuses a message that nobody has; None where it does not."""
    answer = client.send(
        Ask(
            actor=admin.actor,
            purpose="which edition is this?",
            method="GET",
            path=API + _LICENSED,
            query=(("messageId", secrets.token_hex(8)),),
            headers=admin.headers,
        )
    )
    if answer.status == TOO_MANY_REQUESTS or answer.status >= SERVER_ERROR or not isinstance(answer.body, dict):
        return None
    return _error_type(answer.body) != _NO_LICENCE


def _error_type(body: Json) -> Json:
    return body.get("errorType") if isinstance(body, dict) else None
