"""Translation: into which language rooms and messages are translated, by a provider that only marks the texts."""

from typing import Any

from preflight.mock.access import can_access_room, has_permission
from preflight.mock.refusals import Failure, Forbidden, MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, message or subscription

_LANGUAGES = {"de": "German", "en": "English", "es": "Spanish", "fr": "French", "pt": "Portuguese"}
_TELLS_FORMALITY = "deepl-translate"


def refuse_where_off(ws: Workspace) -> None:
    """Raises Failure unless the workspace translates."""
    if not ws.settings["AutoTranslate_Enabled"]:
        raise Failure("AutoTranslate is disabled.")


def refuse_without_permission(ws: Workspace, user: Document) -> None:
    """Raises MeteorError for who may not use translation; the method it names is the same for every operation."""
    if not has_permission(ws, user, "auto-translate"):
        details = {"method": "autoTranslate.saveSettings"}
        raise MeteorError("error-action-not-allowed", "Auto-Translate is not allowed", details)


def languages(ws: Workspace) -> list[Document]:
    """Lists the languages that the provider knows; one provider says of each whether it can be formal."""
    formality = ws.settings["AutoTranslate_ServiceProvider"] == _TELLS_FORMALITY
    return [
        {"language": code, "name": name, **({"supports_formality": code != "en"} if formality else {})}
        for code, name in _LANGUAGES.items()
    ]


def save(ws: Workspace, user: Document, room_id: str, field: str, value: Any) -> None:
    """Changes how a room is translated for a member; raises MeteorError error-invalid-subscription."""
    subscription = ws.subscriptions.get(room_id, user["_id"])
    if subscription is None:
        details = {"method": "saveAutoTranslateSettings"}
        raise MeteorError("error-invalid-subscription", "Invalid subscription", details)
    subscription[field] = value
    ws.touch(subscription)


def translate(ws: Workspace, user: Document, message_id: str, language: str | None) -> Document:
    """Adds a translation to a message and gives the message.

    Raises:
        Failure: when there is no such message.
        Forbidden: in the releases that look at access, when the user may not see it.
    """
    message = ws.messages.get(message_id)
    if message is None:
        raise Failure("Message not found.")
    if ws.regime.translation_needs_access and not can_access_room(ws, ws.rooms.get(message["rid"]), user):
        raise Forbidden
    wanted = language or "en"
    message["translations"] = {**message.get("translations", {}), wanted: f"[{wanted}] {message['msg']}"}
    ws.touch(message)
    return message
