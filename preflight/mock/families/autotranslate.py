"""autotranslate.*: translation of messages."""

import re
from typing import Any

from preflight.mock import messages, translation
from preflight.mock.call import Call
from preflight.mock.refusals import Failure
from preflight.mock.routing import Body, Routes
from preflight.mock.schemas import FLAG, TEXT, closed

ROUTES = Routes()

_FIELDS = ["autoTranslate", "autoTranslateLanguage"]
_SAVE = closed(
    {"roomId": TEXT, "field": {"enum": _FIELDS}, "value": {"anyOf": [FLAG, TEXT]}},
    {"defaultLanguage": TEXT},
)


@ROUTES.route("GET", "autotranslate.getSupportedLanguages", query=closed({"targetLanguage": TEXT}))
def supported_languages(call: Call) -> Body:
    """Lists the languages into which the provider translates."""
    translation.refuse_where_off(call.workspace)
    translation.refuse_without_permission(call.workspace, call.caller)
    return {"languages": translation.languages(call.workspace)}


@ROUTES.route("POST", "autotranslate.saveSettings", body=_SAVE)
def save_settings(call: Call) -> Body:
    """Changes how a room is translated for the caller."""
    ws, field = call.workspace, call.body["field"]
    translation.refuse_where_off(ws)
    if not call.body["roomId"] and not call.regime.at_least("8.8"):
        raise Failure('The bodyParam "roomId" is required.')
    value = _value(field, call.body["value"])
    translation.refuse_without_permission(ws, call.caller)
    translation.save(ws, call.caller, call.body["roomId"], field, value)
    return {}


def _value(field: str, value: Any) -> Any:
    """Gives the value as it is kept; validation may have made a text of a boolean before."""
    if field == "autoTranslate":
        if value not in (True, False, "true", "false"):
            raise Failure('The bodyParam "autoTranslate" must be a boolean.')
        return value in (True, "true")
    if not isinstance(value, str) or re.match(r"\s*\d", value):
        raise Failure('The bodyParam "autoTranslateLanguage" must be a string.')
    return value


@ROUTES.route("POST", "autotranslate.translateMessage", body=closed({"messageId": TEXT}, {"targetLanguage": TEXT}))
def translate_message(call: Call) -> Body:
    """Translates one message."""
    translation.refuse_where_off(call.workspace)
    if not call.body["messageId"]:
        raise Failure('The bodyParam "messageId" is required.')
    ws, language = call.workspace, call.body.get("targetLanguage")
    message = translation.translate(ws, call.caller, call.body["messageId"], language)
    if not call.regime.translation_answers_with_the_message:
        return {}
    return {"message": messages.public(ws, message, call.caller)}
