"""The chat routes that change something: posting, editing, deleting, and what people do to the messages of others."""

import re
from collections.abc import Mapping
from typing import Any

from preflight.mock import (
    deletions,
    edits,
    message_shape,
    messages,
    pins,
    reactions,
    reports,
    sending,
    stars,
    threads,
)
from preflight.mock.access import has_permission
from preflight.mock.call import Call
from preflight.mock.clock import milliseconds
from preflight.mock.limiter import Allowance
from preflight.mock.message_parameters import (
    FILLED,
    OPTIONAL_FLAG,
    OPTIONAL_LIST,
    OPTIONAL_OBJECT,
    OPTIONAL_TEXT,
    OPTIONAL_TEXTS,
    TEXT,
    VALIDATING,
    closed,
    filled_text,
    message_of,
    since,
)
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.release import Regime
from preflight.mock.routing import Body, Routes
from preflight.mock.validation import Schema

Document = dict[str, Any]  # a stored document

ROUTES = Routes()

_ELSEWHERE = "The room id provided does not match where the message is from."


def _shown(call: Call, message: Document) -> Document:
    return messages.public(call.workspace, message, call.caller)


def _of_release(legacy: Schema, newest: Schema, *, from_release: str) -> Any:
    """Gives a schema that another one follows in a later release; before 8.0 there is none."""

    def schema(regime: Regime) -> Schema | None:
        if regime.at_least(from_release):
            return newest
        return legacy if regime.at_least(VALIDATING) else None

    return schema


# -- posting ---------------------------------------------------------------------------------------------------------

_SELECTOR: Schema = {"oneOf": [TEXT, {"type": "array", "items": TEXT}]}
_POST: Mapping[str, Schema] = {
    "text": OPTIONAL_TEXT,
    "alias": OPTIONAL_TEXT,
    "emoji": OPTIONAL_TEXT,
    "avatar": OPTIONAL_TEXT,
    "attachments": {"type": "array", "items": {"type": "object"}, "nullable": True},
    "customFields": OPTIONAL_OBJECT,
    "parseUrls": {"type": "boolean"},
}
POST_MESSAGE: Schema = {
    "oneOf": [
        closed({"roomId": _SELECTOR, "tmid": OPTIONAL_TEXT, **_POST}, "roomId"),
        closed({"channel": _SELECTOR, **_POST}, "channel"),
    ]
}


@ROUTES.route("POST", "chat.postMessage", body=since(VALIDATING, POST_MESSAGE))
def post_message(call: Call) -> Body:
    """Posts to one room or several, and tells of the first."""
    posted = sending.post(call.workspace, call.caller, call.body)
    if not posted:
        raise Failure("unknown-error")
    selector, message = posted[0]
    return {
        "ts": milliseconds(call.workspace.clock.now()),
        "channel": selector,
        "message": _shown(call, message),
    }


SEND_MESSAGE = closed(
    {
        "message": {
            "type": "object",
            "properties": {
                "_id": OPTIONAL_TEXT,
                "rid": OPTIONAL_TEXT,
                "msg": OPTIONAL_TEXT,
                "tmid": OPTIONAL_TEXT,
                "alias": OPTIONAL_TEXT,
                "emoji": OPTIONAL_TEXT,
                "avatar": OPTIONAL_TEXT,
                "tshow": OPTIONAL_FLAG,
                "attachments": OPTIONAL_LIST,
                "blocks": OPTIONAL_LIST,
            },
        },
        "previewUrls": OPTIONAL_TEXTS,
    },
    "message",
)
_SYSTEM_TYPES = frozenset(
    """
    abac-removed-user-from-room au added-user-to-team command discussion-created jitsi_call_started livechat-close
    livechat-started livechat_navigation_history livechat_transcript_history livechat_transfer_history
    livechat_webrtc_video_call message_pinned message_pinned_e2e message_snippeted new-leader new-moderator new-owner
    omnichannel_placed_chat_on_hold omnichannel_on_hold_chat_resumed r removed-user-from-team rm room-allowed-reacting
    room-archived room-disallowed-reacting room-removed-read-only room-set-read-only room-unarchived
    room_changed_announcement
    room_changed_avatar room_changed_description room_changed_privacy room_changed_topic room_e2e_disabled
    room_e2e_enabled rtc ru subscription-role-added subscription-role-removed uj ujt ul ult user-added-room-to-team
    user-converted-to-channel user-converted-to-team user-deleted-room-from-team user-muted user-removed-room-from-team
    user-unmuted ut videoconf wm
    """.split()  # noqa: SIM905 - words without quotes are easier to read
)


def _five_a_second(regime: Regime) -> Allowance | None:
    return Allowance(calls=5, window_ms=1000, waived_by="send-many-messages") if regime.at_least("8.8") else None


@ROUTES.route("POST", "chat.sendMessage", body=since(VALIDATING, SEND_MESSAGE), allowance=_five_a_second)
def send_message(call: Call) -> Body:
    """Sends a message that is given as a whole."""
    sent = call.body.get("message")
    if not call.regime.at_least(VALIDATING) and sent in (None, "", 0, False):
        raise MeteorError("error-invalid-params", 'The "message" parameter must be provided.')
    fields = sent if isinstance(sent, dict) else {}
    if str(fields.get("t")) in _SYSTEM_TYPES:
        raise Failure("Cannot send system messages using 'chat.sendMessage'")
    message = sending.send(call.workspace, call.caller, fields, _texts(call.body.get("previewUrls")))
    return {"message": _shown(call, message)}


def _texts(value: Any) -> list[str] | None:
    """Gives a list of texts, or None for anything else."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else None


# -- editing and deleting --------------------------------------------------------------------------------------------

UPDATE: Schema = {
    "oneOf": [
        closed(
            {
                "roomId": TEXT,
                "msgId": TEXT,
                "text": TEXT,
                "customFields": OPTIONAL_OBJECT,
                "previewUrls": OPTIONAL_TEXTS,
            },
            "roomId",
            "msgId",
            "text",
        ),
        closed(
            {"roomId": TEXT, "msgId": TEXT, "content": {"type": "object"}, "e2eMentions": OPTIONAL_OBJECT},
            "roomId",
            "msgId",
            "content",
        ),
    ]
}


@ROUTES.route("POST", "chat.update", body=since(VALIDATING, UPDATE))
def update(call: Call) -> Body:
    """Changes the text of a message, or the content of an encrypted one."""
    if not call.regime.at_least(VALIDATING):
        _check(
            call,
            {"roomId": "string", "msgId": "string", "text": "string"},
            {"customFields": "object", "previewUrls": "array"},
        )
    message = _addressed(call)
    if "content" in call.body:
        if message.get("t") != "e2e":
            raise Failure("Only encrypted messages can have content updated.")
        message["content"] = call.body["content"]
        call.workspace.touch(message)
    else:
        wanted = edits.Edit(
            text=call.body["text"],
            custom_fields=call.body.get("customFields"),
            previews=_texts(call.body.get("previewUrls")),
        )
        edits.edit(call.workspace, call.caller, message, wanted)
    return {"message": _shown(call, message)}


def _check(call: Call, wanted: Mapping[str, str], optional: Mapping[str, str]) -> None:
    if not isinstance(call.payload, dict):
        raise Failure("Match error: Expected plain object")
    message_shape.check_fields(call.payload, wanted, optional)


def _addressed(call: Call) -> Document:
    """Gives the message that msgId and roomId mean together; raises Failure."""
    message_id = call.body["msgId"]
    message = call.workspace.messages.get(message_id)
    if message is None:
        raise Failure(f'No message found with the id of "{message_id}".')
    if call.body.get("roomId") != message["rid"]:
        raise Failure(_ELSEWHERE)
    return message


_DELETING_FILES = "8.6"
_DELETE: Mapping[str, Schema] = {"msgId": TEXT, "roomId": TEXT, "asUser": OPTIONAL_FLAG}
DELETE = closed(_DELETE, "msgId", "roomId")
DELETE_OR_FILE: Schema = {
    "type": "object",
    "properties": {**_DELETE, "fileId": TEXT},
    "additionalProperties": False,
    "anyOf": [{"required": ["msgId", "roomId"]}, {"required": ["fileId"]}],
}


@ROUTES.route("POST", "chat.delete", body=_of_release(DELETE, DELETE_OR_FILE, from_release=_DELETING_FILES))
def delete(call: Call) -> Body:
    """Deletes a message, as its author where that is asked for."""
    ws = call.workspace
    if not call.regime.at_least(VALIDATING):
        _check(call, {"msgId": "string", "roomId": "string"}, {"asUser": "boolean"})
    by_file = "fileId" in call.body and call.regime.at_least(_DELETING_FILES)
    message = _of_file(call, call.body["fileId"]) if by_file else _addressed(call)
    others = message["u"]["_id"] != call.caller["_id"]
    as_author = call.body.get("asUser")
    if as_author and others and not has_permission(ws, call.caller, "force-delete-message", message["rid"]):
        permission = "force-delete-message"
        raise Failure(f'Unauthorized. You must have the permission "{permission}" to delete other\'s message as them.')
    user = ws.users.get(message["u"]["_id"]) if as_author else call.caller
    if user is None:
        raise Failure("User not found")
    told = {key: message[key] for key in ("_id", "rid", "u")}
    deletions.delete(ws, user, message)
    return {"_id": told["_id"], "ts": str(milliseconds(ws.clock.now())), "message": told}


def _of_file(call: Call, file_id: str) -> Document:
    """Gives the message that carries a file; raises Failure."""
    upload = call.workspace.uploads.get(file_id, {})
    for message in call.workspace.messages.of_room(upload.get("rid", "")):
        if any(file["_id"] == file_id for file in message.get("files", ())):
            if call.body.get("roomId", message["rid"]) != message["rid"]:
                raise Failure(_ELSEWHERE)
            return message
    raise Failure(f'No message found with the file id: "{file_id}".')


# -- reactions, pins, stars ------------------------------------------------------------------------------------------

_NO_MESSAGE_ID = "error-messageid-param-not-provided"


def _missing(word: str = "required") -> MeteorError:
    return MeteorError(_NO_MESSAGE_ID, f'The required "messageId" param is {word}.')


_REACT: Mapping[str, Schema] = {"messageId": TEXT, "shouldReact": OPTIONAL_FLAG}
REACT: Schema = {
    "oneOf": [
        closed({"emoji": TEXT, **_REACT}, "emoji", "messageId"),
        closed({"reaction": TEXT, **_REACT}, "reaction", "messageId"),
    ]
}


@ROUTES.route("POST", "chat.react", body=since(VALIDATING, REACT))
def react(call: Call) -> Body:
    """Puts a reaction on a message, takes it off, or turns it round."""
    message = message_of(call, _missing("missing"))
    name = call.body.get("emoji") or call.body.get("reaction")
    if not name:
        raise MeteorError("error-emoji-param-not-provided", 'The required "emoji" param is missing.')
    if not isinstance(name, str):
        raise Failure("reaction.replace is not a function")
    wanted = call.body.get("shouldReact")
    reactions.react(call.workspace, call.caller, message, name, wanted=wanted if isinstance(wanted, bool) else None)
    return {}


ONE_MESSAGE = closed({"messageId": FILLED}, "messageId")


@ROUTES.route("POST", "chat.pinMessage", body=since(VALIDATING, ONE_MESSAGE))
def pin_message(call: Call) -> Body:
    """Pins a message, and shows what the room was told."""
    message = message_of(call, _missing("missing"))
    return {"message": _shown(call, pins.pin(call.workspace, call.caller, message))}


@ROUTES.route("POST", "chat.unPinMessage", body=since(VALIDATING, ONE_MESSAGE))
def unpin_message(call: Call) -> Body:
    """Takes the pin from a message."""
    pins.unpin(call.workspace, call.caller, message_of(call, _missing()))
    return {}


STAR = _of_release(closed({"messageId": TEXT}, "messageId"), ONE_MESSAGE, from_release="8.3")


@ROUTES.route("POST", "chat.starMessage", body=STAR)
def star_message(call: Call) -> Body:
    """Sets the caller's star."""
    stars.star(call.workspace, call.caller, message_of(call, _missing()), wanted=True)
    return {}


@ROUTES.route("POST", "chat.unStarMessage", body=STAR)
def unstar_message(call: Call) -> Body:
    """Takes the caller's star."""
    stars.star(call.workspace, call.caller, message_of(call, _missing()), wanted=False)
    return {}


# -- threads ---------------------------------------------------------------------------------------------------------

FOLLOW = closed({"mid": FILLED}, "mid")


@ROUTES.route("POST", "chat.followMessage", body=since(VALIDATING, FOLLOW))
def follow_message(call: Call) -> Body:
    """Makes the caller follow a message."""
    threads.follow(call.workspace, call.caller, _followed(call))
    return {}


@ROUTES.route("POST", "chat.unfollowMessage", body=since(VALIDATING, FOLLOW))
def unfollow_message(call: Call) -> Body:
    """Makes the caller follow a message no more."""
    threads.unfollow(call.workspace, call.caller, _followed(call))
    return {}


def _followed(call: Call) -> str:
    message_id = call.body.get("mid")
    if not message_id:
        raise MeteorError('The required "mid" body param is missing.')
    message_shape.check_text(message_id)
    return str(message_id)


# -- about others ----------------------------------------------------------------------------------------------------

REPORT = closed({"messageId": TEXT, "description": TEXT}, "messageId", "description")


@ROUTES.route("POST", "chat.reportMessage", body=REPORT)
def report_message(call: Call) -> Body:
    """Tells the moderators of a message."""
    if not call.regime.at_least("8.3"):
        for name in ("messageId", "description"):
            if not call.body[name]:
                raise Failure(f'The required "{name}" param is missing.')
    reports.report(call.workspace, call.caller, call.body["messageId"], call.body["description"])
    return {}


IGNORE = closed({"rid": FILLED, "userId": FILLED, "ignore": FILLED}, "rid", "userId", "ignore")


@ROUTES.route("GET", "chat.ignoreUser", query=since(VALIDATING, IGNORE))
def ignore_user(call: Call) -> Body:
    """Ignores a member of a room, or no more."""
    ws = call.workspace
    refusals = (
        MeteorError("error-room-id-param-not-provided", 'The required "rid" param is missing.'),
        MeteorError("error-user-id-param-not-provided", 'The required "userId" param is missing.'),
    )
    room_id, user_id = (filled_text(call, name, no) for name, no in zip(("rid", "userId"), refusals, strict=True))
    ignore = call.query.get("ignore", "true")
    if not isinstance(ignore, str):
        raise Failure(f"Match error: Expected boolean, got {message_shape.kind(ignore)}")
    subscription = ws.subscriptions.get(room_id, call.caller["_id"])
    if subscription is None or ws.subscriptions.get(room_id, user_id) is None:
        raise MeteorError("error-invalid-subscription", "Invalid subscription", {"method": "ignoreUser"})
    others = [each for each in subscription.get("ignored", ()) if each != user_id]
    subscription["ignored"] = [*others, user_id] if re.search("true|1", ignore) else others
    ws.touch(subscription)
    return {}
