"""Faults of privileges: roles, permissions, tokens and secrets count for more, or for less, than they should."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from preflight.mock import deletions
from preflight.mock.access import can_access_room, has_room_role
from preflight.mock.answer import Answer
from preflight.mock.call import Call
from preflight.mock.fault import Fault, Memory
from preflight.mock.faults.tampering import BAD_REQUEST, OK, After, Before, success
from preflight.mock.founding import ROCKET_CAT
from preflight.mock.method import Invocation, Outcome, error_object
from preflight.mock.refusals import MeteorError
from preflight.mock.request import header
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored document
Invoking = Callable[[Invocation, Memory], Invocation | Outcome]
Invoked = Callable[[Invocation, Outcome, Memory], Outcome]

_TOKEN_LENGTH = 43

# -- roles -----------------------------------------------------------------------------------------------------------


def _promoted(user: Document, role: str) -> Document:
    """Gives somebody one more role, for one request."""
    return {**user, "roles": [*user["roles"], role]}


def _ranked(role: str) -> Before:
    """Treats everybody who may see the room as if they had a role in it."""

    def before(call: Call, _memory: Memory) -> Call:
        return call if call.user is None else replace(call, user=_promoted(call.user, role))

    return before


def _called_ranked(role: str, holders: str = "") -> Invoking:
    """Treats the members of a room, or those who have a role there, as if they had another."""

    def invoking(call: Invocation, _memory: Memory) -> Invocation:
        room = _room_of(call)
        if call.user is None or room is None or not can_access_room(call.workspace, room, call.user):
            return call
        if holders and not has_room_role(call.workspace, room["_id"], call.user, holders):
            return call
        return replace(call, user=_promoted(call.user, role))

    return invoking


def _room_of(call: Invocation) -> Document | None:
    given = call.param(0)
    return call.workspace.rooms.get(given.get("rid") if isinstance(given, dict) else given)


def _is_moderator(ws: Workspace, user: Document | None, room_id: Any) -> bool:
    return user is not None and has_room_role(ws, str(room_id), user, "moderator")


def _no_moderators(code: str) -> Before:
    """Refuses moderators what they may."""

    def before(call: Call, _memory: Memory) -> Call | Answer:
        message = call.workspace.messages.get(call.body.get("messageId", call.body.get("msgId")))
        room_id = message["rid"] if message is not None else call.body.get("roomId")
        if not _is_moderator(call.workspace, call.user, room_id):
            return call
        body = {"success": False, "error": f"Not Authorized [{code}]", "errorType": code}
        return Answer(status=BAD_REQUEST, body=body)

    return before


def _calls_of_no_moderators(call: Invocation, _memory: Memory) -> Invocation | Outcome:
    """Refuses moderators what they may."""
    if not _is_moderator(call.workspace, call.user, call.param(0)):
        return call
    return Outcome(error=error_object(MeteorError("error-action-not-allowed", "Editing room is not allowed")))


def _deleted_all_the_same(call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Deletes the message of somebody else although it refuses to."""
    message = call.workspace.messages.get(call.body.get("msgId"))
    if answer.status != OK and message is not None and call.user is not None:
        room = call.workspace.rooms.get(message["rid"])
        if room is not None and can_access_room(call.workspace, room, call.user):
            deletions.delete(call.workspace, _promoted(call.user, "owner"), message)
    return answer


def _a_leader_all_the_same(call: Invocation, outcome: Outcome, _memory: Memory) -> Outcome:
    """Gives a member the role although it refuses to."""
    room = _room_of(call)
    subscription = call.workspace.subscriptions.get(call.param(0), call.param(1))
    if outcome.error is not None and room is not None and subscription is not None:
        subscription["roles"] = [*subscription.get("roles", ()), "leader"]
        room["lm"] = room["_updatedAt"] = call.workspace.clock.now()
    return outcome


# -- permissions -----------------------------------------------------------------------------------------------------


def _remembering(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Remembers who was let in once."""
    if answer.status == OK and call.user is not None:
        memory.setdefault("let in", set()).add(call.user["_id"])
    return answer


def _letting_in_again(role: str) -> Before:
    """Lets in for ever who was let in once, as a cache does that nobody empties."""

    def before(call: Call, memory: Memory) -> Call:
        known = call.user is not None and call.user["_id"] in memory.get("let in", ())
        return replace(call, user=_promoted(call.user, role)) if known and call.user is not None else call

    return before


def _call_remembering(call: Invocation, outcome: Outcome, memory: Memory) -> Outcome:
    """Remembers who was let in once."""
    if outcome.error is None and call.user is not None:
        memory.setdefault("let in", set()).add(call.user["_id"])
    return outcome


def _calling_again(role: str) -> Invoking:
    """Lets in for ever who was let in once, as a cache does that nobody empties."""

    def invoking(call: Invocation, memory: Memory) -> Invocation:
        known = call.user is not None and call.user["_id"] in memory.get("let in", ())
        return replace(call, user=_promoted(call.user, role)) if known and call.user is not None else call

    return invoking


def _never_again(code: str) -> tuple[Before, After]:
    """Refuses for ever who was refused once for want of a permission."""

    def before(call: Call, memory: Memory) -> Call | Answer:
        kept: dict[str, Answer] = memory.get("refused", {})
        return kept.get(call.user["_id"], call) if call.user is not None else call

    def after(call: Call, answer: Answer, memory: Memory) -> Answer:
        if call.user is not None and isinstance(answer.body, dict) and answer.body.get("errorType") == code:
            memory.setdefault("refused", {})[call.user["_id"]] = answer
        return answer

    return before, after


def _called_never_again(code: str) -> tuple[Invoking, Invoked]:
    """Refuses for ever who was refused once for want of a permission."""

    def invoking(call: Invocation, memory: Memory) -> Invocation | Outcome:
        kept: dict[str, Outcome] = memory.get("refused", {})
        return kept.get(call.user["_id"], call) if call.user is not None else call

    def invoked(call: Invocation, outcome: Outcome, memory: Memory) -> Outcome:
        if call.user is not None and outcome.error is not None and outcome.error["error"] == code:
            memory.setdefault("refused", {})[call.user["_id"]] = outcome
        return outcome

    return invoking, invoked


# -- tokens ----------------------------------------------------------------------------------------------------------


def _ended_tokens(of: Callable[[Document | None], bool]) -> Before:
    """Lets in who comes with a token of before, as long as it has the looks of one."""

    def before(call: Call, _memory: Memory) -> Call:
        ws, token = call.workspace, call.token or ""
        user = ws.users.get(header(call.headers, "x-user-id"))
        genuine = len(token) == _TOKEN_LENGTH and len(set(token)) > 1 and ws.users.holder(token) is None
        if call.user is not None or not genuine or not of(user):
            return call
        return replace(call, user=user or ws.users.get(ROCKET_CAT))

    return before


def _logged_out(user: Document | None) -> bool:
    return user is not None and bool(user["active"])


def _deactivated(user: Document | None) -> bool:
    return user is not None and not user["active"]


def _deleted(user: Document | None) -> bool:
    return user is None


def _speaking_on(call: Invocation, _memory: Memory) -> Invocation:
    """Goes on with a connection as before once the token by which it was opened is worth nothing."""
    before = call.workspace.users.get(call.identity.user_id)
    return call if call.user is not None or before is None else replace(call, user=before)


def _entering_again(call: Invocation, memory: Memory) -> Invocation | Outcome:
    """Remembers by which tokens somebody came, and lets them come by those again."""
    options = call.param(0)
    token = options.get("resume") if isinstance(options, dict) else None
    holder = call.workspace.users.holder(token if isinstance(token, str) else None)
    known: dict[Any, str] = memory.setdefault("holders", {})
    if holder is not None:
        known[token] = holder["_id"]
    elif token in known:
        return Outcome(result={"id": known[token], "token": token, "type": "resume"})
    return call


def _403(_call: Call, answer: Answer, _memory: Memory) -> Answer:
    """Answers 403 to a token that was one."""
    token = header(_call.headers, "x-auth-token") or ""
    ended = answer.status == 401 and len(token) == _TOKEN_LENGTH and len(set(token)) > 1  # noqa: PLR2004 (HTTP's own)
    return replace(answer, status=403) if ended else answer


# -- secrets ---------------------------------------------------------------------------------------------------------


def _whole(call: Call, user_id: Any) -> Document:
    """Gives what is stored of a person that others may not see."""
    user = call.workspace.users.get(user_id)
    return {key: user[key] for key in ("emails", "services")} if user is not None else {}


def _members_whole(key: str) -> After:
    """Shows more of the people in a list than others may see."""

    def after(call: Call, answer: Answer, _memory: Memory) -> Answer:
        def changed(body: Document) -> Document:
            people = [{**each, key: _whole(call, each.get("_id")).get(key)} for each in body["members"]]
            return {**body, "members": people}

        return success(changed)(call, answer, _memory)

    return after


def _author_whole(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Shows the whole author of a message."""

    def changed(body: Document) -> Document:
        author = body["message"]["u"]
        return {**body, "message": {**body["message"], "u": {**author, **_whole(call, author["_id"])}}}

    return success(changed)(call, answer, memory)


def _with_join_code(call: Call, answer: Answer, memory: Memory) -> Answer:
    """Shows the code by which one enters a room."""

    def changed(body: Document) -> Document:
        room = call.workspace.rooms.get((body.get("room") or {}).get("_id"))
        code = room.get("joinCode") if room is not None else None
        return {**body, "room": {**body["room"], "joinCode": code}} if code else body

    return success(changed)(call, answer, memory)


def _history_whole(call: Invocation, outcome: Outcome, _memory: Memory) -> Outcome:
    """Shows the addresses of those who wrote."""
    if not isinstance(outcome.result, dict):
        return outcome

    def whole(message: Document) -> Document:
        user = call.workspace.users.get(message["u"]["_id"])
        return {**message, "u": {**message["u"], "emails": user["emails"] if user is not None else []}}

    return Outcome(result={**outcome.result, "messages": [whole(each) for each in outcome.result["messages"]]})


# -- streams ---------------------------------------------------------------------------------------------------------


def _of_kind(is_it: Callable[[Document], bool]) -> Callable[[Workspace, str], bool]:
    """Accepts the events of one kind of room."""

    def admits(ws: Workspace, event: str) -> bool:
        room = ws.rooms.get(event.partition("/")[0])
        return room is not None and is_it(room)

    return admits


_PINNING = _never_again("not-authorized")
_MAKING = _called_never_again("error-not-allowed")

PRIVILEGE_FAULTS: tuple[Fault, ...] = (
    # roles
    Fault(
        name="chat-update-by-any-member",
        sentence="lets every member of a room edit what others wrote",
        operation="POST chat.update",
        check="authorization.refused",
        before=_ranked("moderator"),
    ),
    Fault(
        name="chat-pinMessage-by-any-member",
        sentence="lets every member of a room pin messages",
        operation="POST chat.pinMessage",
        check="authorization.refused",
        before=_ranked("owner"),
    ),
    Fault(
        name="chat-postMessage-read-only-for-nobody",
        sentence="lets every member write in a read-only room",
        operation="POST chat.postMessage",
        check="authorization.refused",
        before=_ranked("moderator"),
    ),
    Fault(
        name="ddp-archiveRoom-by-moderators",
        sentence="lets moderators do what only owners may",
        operation="ddp:archiveRoom",
        check="authorization.refused",
        invoking=_called_ranked("owner", holders="moderator"),
    ),
    Fault(
        name="ddp-addRoomOwner-by-themselves",
        sentence="lets members make themselves owners of a room",
        operation="ddp:addRoomOwner",
        check="authorization.no-effect",
        invoking=_called_ranked("owner"),
    ),
    Fault(
        name="ddp-unarchiveRoom-by-owners",
        sentence="gives an owner a right that only administrators have",
        operation="ddp:unarchiveRoom",
        check="authorization.refused",
        invoking=_called_ranked("admin", holders="owner"),
    ),
    Fault(
        name="chat-delete-refused-to-members-and-done",
        sentence="deletes the message of somebody else although it refuses to",
        operation="POST chat.delete",
        check="authorization.no-effect",
        after=_deleted_all_the_same,
    ),
    Fault(
        name="ddp-addRoomLeader-refused-and-done",
        sentence="makes a leader although it refuses to",
        operation="ddp:addRoomLeader",
        check="authorization.no-effect",
        invoked=_a_leader_all_the_same,
    ),
    Fault(
        name="chat-pinMessage-not-by-moderators",
        sentence="refuses to let moderators pin messages",
        operation="POST chat.pinMessage",
        check="authorization.let-in",
        before=_no_moderators("not-authorized"),
    ),
    Fault(
        name="chat-update-not-by-moderators",
        sentence="refuses to let moderators edit what others wrote",
        operation="POST chat.update",
        check="authorization.let-in",
        before=_no_moderators("error-action-not-allowed"),
    ),
    Fault(
        name="ddp-saveRoomSettings-not-by-moderators",
        sentence="refuses to let moderators set the topic of a room",
        operation="ddp:saveRoomSettings",
        check="authorization.let-in",
        invoking=_calls_of_no_moderators,
    ),
    # permissions
    Fault(
        name="chat-update-permission-cached",
        sentence="remembers who may edit, and does not notice that the permission was taken away",
        operation="POST chat.update",
        check="authorization.permission-effective",
        before=_letting_in_again("moderator"),
        after=_remembering,
    ),
    Fault(
        name="rooms-info-permission-cached",
        sentence="shows rooms on to who may see no private ones any more",
        operation="GET rooms.info",
        check="authorization.permission-effective",
        before=_letting_in_again("admin"),
        after=_remembering,
    ),
    Fault(
        name="ddp-createPrivateGroup-permission-cached",
        sentence="lets who once made a private group make others without the permission",
        operation="ddp:createPrivateGroup",
        check="authorization.permission-effective",
        invoking=_calling_again("admin"),
        invoked=_call_remembering,
    ),
    Fault(
        name="chat-pinMessage-permission-not-given-back",
        sentence="goes on refusing who was refused once, though the permission was given back",
        operation="POST chat.pinMessage",
        check="authorization.permission-effective",
        before=_PINNING[0],
        after=_PINNING[1],
    ),
    Fault(
        name="ddp-addRoomModerator-permission-not-given-back",
        sentence="goes on refusing who was refused once, though the permission was given back",
        operation="ddp:addRoomModerator",
        check="authorization.permission-effective",
        invoking=_MAKING[0],
        invoked=_MAKING[1],
    ),
    # tokens
    Fault(
        name="chat-getMessage-for-the-deactivated",
        sentence="lets a deactivated user in with the token of before",
        operation="GET chat.getMessage",
        check="authorization.token-dead",
        before=_ended_tokens(_deactivated),
    ),
    Fault(
        name="dm-list-after-logout",
        sentence="lets a user who has logged out in with the token of before",
        operation="GET dm.list",
        check="authorization.token-dead",
        before=_ended_tokens(_logged_out),
    ),
    Fault(
        name="chat-postMessage-for-the-deleted",
        sentence="lets a token in whose user was deleted",
        operation="POST chat.postMessage",
        check="authorization.token-dead",
        before=_ended_tokens(_deleted),
    ),
    Fault(
        name="dm-open-403-for-ended-tokens",
        sentence="answers 403 instead of 401 to a token that was valid once",
        operation="POST dm.open",
        check="authorization.token-dead",
        after=_403,
    ),
    Fault(
        name="ddp-hideRoom-spoken-on",
        sentence="goes on with an open connection after its user was shut out",
        operation="ddp:hideRoom",
        check="authorization.token-dead",
        invoking=_speaking_on,
    ),
    Fault(
        name="ddp-getRoomById-spoken-on",
        sentence="goes on with an open connection after its user was shut out",
        operation="ddp:getRoomById",
        check="authorization.token-dead",
        invoking=_speaking_on,
    ),
    Fault(
        name="ddp-login-by-ended-token",
        sentence="lets somebody come back by a token that was ended",
        operation="ddp:login",
        check="authorization.token-dead",
        invoking=_entering_again,
    ),
    # secrets
    Fault(
        name="dm-members-with-addresses",
        sentence="shows the e-mail addresses of those in a direct room to each other",
        operation="GET dm.members",
        check="authorization.no-secrets",
        after=_members_whole("emails"),
    ),
    Fault(
        name="chat-getMessage-with-services",
        sentence="shows with a message how its author logs in",
        operation="GET chat.getMessage",
        check="authorization.no-secrets",
        after=_author_whole,
    ),
    Fault(
        name="rooms-info-with-join-code",
        sentence="shows ordinary members the code by which one enters a channel",
        operation="GET rooms.info",
        check="authorization.no-secrets",
        after=_with_join_code,
    ),
    Fault(
        name="ddp-loadHistory-with-addresses",
        sentence="shows with messages the e-mail addresses of who wrote them",
        operation="ddp:loadHistory",
        check="authorization.no-secrets",
        invoked=_history_whole,
    ),
    # streams
    Fault(
        name="ddp-stream-room-messages-after-leaving",
        sentence="goes on telling who has left a room what is written there",
        operation="ddp:stream-room-messages",
        check="authorization.no-leak",
        lingers=True,
    ),
    Fault(
        name="ddp-stream-notify-room-after-leaving",
        sentence="goes on telling who has left a room which messages are deleted there",
        operation="ddp:stream-notify-room",
        check="authorization.no-leak",
        lingers=True,
    ),
    Fault(
        name="ddp-stream-room-messages-of-directs",
        sentence="tells everybody what is written in direct rooms",
        operation="ddp:stream-room-messages",
        check="authorization.no-leak",
        admits=_of_kind(lambda room: bool(room["t"] == "d")),
    ),
    Fault(
        name="ddp-stream-room-messages-of-discussions",
        sentence="tells everybody what is written in the discussions of a private room",
        operation="ddp:stream-room-messages",
        check="authorization.no-leak",
        admits=_of_kind(lambda room: bool(room.get("prid"))),
    ),
)
