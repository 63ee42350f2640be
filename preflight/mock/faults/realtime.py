"""Realtime faults: the deviations that can be planted in the Realtime API of the mock workspace.

A call of a method reads to a judge as an exchange: 200 with ``{"result": ...}``, or 400 with the error object.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from preflight.mock.ddp.emission import Emission
from preflight.mock.ddp.frames import Frame
from preflight.mock.fault import Fault, Memory
from preflight.mock.founding import ROCKET_CAT
from preflight.mock.method import NOTHING, Invocation, MethodError, Outcome, error_object
from preflight.mock.rooms import GENERAL

Invoking = Callable[[Invocation, Memory], Invocation | Outcome]
Invoked = Callable[[Invocation, Outcome, Memory], Outcome]
Framing = Callable[[Sequence[Frame], Memory], Sequence[Frame]]
Emitting = Callable[[Emission, Memory], Sequence[Emission]]
Document = dict[str, Any]  # a stored document


# -- how calls are tampered with -------------------------------------------------------------------------------------


def _gone(call: Invocation, _memory: Memory) -> Outcome:
    """Answers as if there were no such method."""
    return Outcome(error=error_object(MethodError(404, f"Method '{call.name}' not found")))


def _crashing(call: Invocation, _memory: Memory) -> Invocation | Outcome:
    """Fails for everybody who is logged in."""
    return call if call.user is None else Outcome(error=error_object(MethodError(500, "Internal server error")))


def _as_anybody(call: Invocation, _memory: Memory) -> Invocation:
    """Lets who is not logged in pass as the workspace's own bot."""
    return call if call.user is not None else replace(call, user=call.workspace.users.get(ROCKET_CAT))


def _as_administrator(call: Invocation, _memory: Memory) -> Invocation:
    """Treats everybody who is logged in as an administrator."""
    if call.user is None:
        return call
    return replace(call, user={**call.user, "roles": [*call.user["roles"], "admin"]})


def _with_param(place: int, change: Callable[[Any], Any]) -> Invoking:
    """Changes a parameter; one that was not sent is None before."""

    def invoking(call: Invocation, _memory: Memory) -> Invocation:
        params = [*call.params, *[None] * (place + 1 - len(call.params))]
        params[place] = change(params[place])
        return replace(call, params=tuple(params))

    return invoking


# -- how outcomes are tampered with ----------------------------------------------------------------------------------


def result_changed(change: Callable[[Any], Any]) -> Invoked:
    """Changes the result of a success."""

    def invoked(_call: Invocation, outcome: Outcome, _memory: Memory) -> Outcome:
        if outcome.error is not None or outcome.result is NOTHING:
            return outcome
        return Outcome(result=change(deepcopy(outcome.result)))

    return invoked


def _field(name: str, change: Callable[[Any], Any]) -> Invoked:
    """Changes one field of a result that is an object."""
    return result_changed(lambda result: {**result, name: change(result[name])} if _has(result, name) else result)


def _without(name: str) -> Invoked:
    """Takes one field out of a result that is an object."""
    return result_changed(
        lambda result: {key: each for key, each in result.items() if key != name} if _has(result) else result
    )


def _has(result: Any, *names: str) -> bool:
    return isinstance(result, dict) and set(names) <= set(result)


def refused_otherwise(code: str | int, **keys: Any) -> Invoked:
    """Puts other values into the error with a code, which keeps the form that errors have."""

    def invoked(_call: Invocation, outcome: Outcome, _memory: Memory) -> Outcome:
        if outcome.error is None or outcome.error["error"] != code:
            return outcome
        told = {**outcome.error, **keys}
        return Outcome(error={**told, "message": f"{told['reason']} [{told['error']}]"})

    return invoked


def _forgiving(code: str) -> Invoked:
    """Says that all went well where it was refused."""

    def invoked(_call: Invocation, outcome: Outcome, _memory: Memory) -> Outcome:
        refused = outcome.error is not None and outcome.error["error"] == code
        return Outcome(result=True) if refused else outcome

    return invoked


# -- how the state is tampered with ----------------------------------------------------------------------------------


def _afterwards(change: Callable[[Invocation, Document], None], *, refused: bool = False) -> Invoked:
    """Changes the room of a call behind its back, after a success, or after a refusal."""

    def invoked(call: Invocation, outcome: Outcome, _memory: Memory) -> Outcome:
        given = call.param(0)
        room = call.workspace.rooms.get(given.get("rid") if isinstance(given, dict) else given)
        if room is not None and call.user is not None and (outcome.error is not None) is refused:
            change(call, room)
            call.workspace.touch(room)
        return outcome

    return invoked


def _unarchived(call: Invocation, room: Document) -> None:
    room["archived"] = False
    for subscription in call.workspace.subscriptions.of_room(room["_id"]):
        subscription.update(archived=False, open=True)


def _archived(_call: Invocation, room: Document) -> None:
    room["archived"] = True


def _unmuted(_call: Invocation, room: Document) -> None:
    room["muted"] = []


def _retitled(call: Invocation, room: Document) -> None:
    if call.param(1) == "roomTopic":
        room["topic"] = str(call.param(2))


def _untitled(_call: Invocation, room: Document) -> None:
    room.pop("topic", None)


def _without_roles(call: Invocation, room: Document) -> None:
    subscription = call.workspace.subscriptions.get(room["_id"], call.param(1))
    if subscription is not None:
        subscription["roles"] = []


def _back(call: Invocation, room: Document) -> None:
    """Shows a room again that was hidden."""
    subscription = call.workspace.subscriptions.get(room["_id"], (call.user or {}).get("_id"))
    if subscription is not None:
        subscription["open"] = True


# -- how frames and events are tampered with -------------------------------------------------------------------------


def _silent(_frames: Sequence[Frame], _memory: Memory) -> Sequence[Frame]:
    """Answers nothing."""
    return ()


def _without_frame(kind: str) -> Framing:
    """Leaves one kind of frame out."""
    return lambda frames, _memory: [frame for frame in frames if frame["msg"] != kind]


def each_frame(kind: str, change: Callable[[Frame], Frame]) -> Framing:
    """Changes one kind of frame."""
    return lambda frames, _memory: [change(frame) if frame["msg"] == kind else frame for frame in frames]


def _lost(ending: str) -> Emitting:
    """Loses the events whose names end so."""
    return lambda emission, _memory: () if emission.event.endswith(ending) else (emission,)


def _told(change: Callable[[list[Any]], list[Any]]) -> Emitting:
    """Changes what events tell."""

    def emitting(emission: Emission, _memory: Memory) -> Sequence[Emission]:
        def args(viewer: Document | None) -> list[Any] | None:
            told = emission.args(viewer)
            return None if told is None else change(deepcopy(told))

        return (replace(emission, args=args),)

    return emitting


_ALL = (
    # the method
    Fault(
        name="ddp-archiveRoom-gone",
        sentence="answers as if there were no such method",
        operation="ddp:archiveRoom",
        check="route.exists",
        invoking=_gone,
    ),
    Fault(
        name="ddp-rooms-get-gone",
        sentence="answers as if there were no such method",
        operation="ddp:rooms/get",
        check="route.exists",
        invoking=_gone,
    ),
    # authentication
    Fault(
        name="ddp-toggleFavorite-open-door",
        sentence="does not ask who is not logged in to log in",
        operation="ddp:toggleFavorite",
        check="authentication.demanded",
        invoked=_forgiving("error-invalid-user"),
    ),
    Fault(
        name="ddp-getRoomById-open-door",
        sentence="shows a room to somebody who is not logged in",
        operation="ddp:getRoomById",
        check="authentication.demanded",
        invoking=_as_anybody,
    ),
    # success
    Fault(
        name="ddp-openRoom-500",
        sentence="answers an internal error to a valid call",
        operation="ddp:openRoom",
        check="success.status",
        invoking=_crashing,
    ),
    Fault(
        name="ddp-hideRoom-truth-value",
        sentence="gives a truth value instead of a number",
        operation="ddp:hideRoom",
        check="field.type",
        invoked=result_changed(bool),
    ),
    Fault(
        name="ddp-getRoomById-count-as-text",
        sentence="gives the number of messages as a text",
        operation="ddp:getRoomById",
        check="field.type",
        invoked=_field("msgs", str),
    ),
    Fault(
        name="ddp-getRoomNameById-in-a-list",
        sentence="puts the name of a room into a list",
        operation="ddp:getRoomNameById",
        check="field.type",
        invoked=result_changed(lambda result: [result]),
    ),
    Fault(
        name="ddp-createDirectMessage-without-rid",
        sentence="leaves the room id out of the result",
        operation="ddp:createDirectMessage",
        check="field.required",
        invoked=_without("rid"),
    ),
    Fault(
        name="ddp-rooms-get-without-remove",
        sentence="leaves the list of removed rooms out of what changed",
        operation="ddp:rooms/get",
        check="field.required",
        invoked=_without("remove"),
    ),
    Fault(
        name="ddp-createPrivateGroup-without-name",
        sentence="leaves the name out of a new group",
        operation="ddp:createPrivateGroup",
        check="field.required",
        invoked=_without("name"),
    ),
    Fault(
        name="ddp-saveRoomSettings-other-room",
        sentence="says that the settings of another room were saved",
        operation="ddp:saveRoomSettings",
        check="field.value",
        invoked=_field("rid", lambda _rid: GENERAL),
    ),
    Fault(
        name="ddp-archiveRoom-no-effect",
        sentence="leaves a room as it was and says nothing of it",
        operation="ddp:archiveRoom",
        check="field.value",
        invoked=_afterwards(_unarchived),
    ),
    Fault(
        name="ddp-hideRoom-no-effect",
        sentence="leaves a room in the list and says that it was hidden",
        operation="ddp:hideRoom",
        check="field.value",
        invoked=_afterwards(_back),
    ),
    Fault(
        name="ddp-toggleFavorite-wrong-way",
        sentence="makes a favourite of what shall be none, and the other way round",
        operation="ddp:toggleFavorite",
        check="field.value",
        invoking=_with_param(1, lambda wanted: wanted is False),
    ),
    Fault(
        name="ddp-saveRoomSettings-forgetful",
        sentence="loses a topic and says that it was saved",
        operation="ddp:saveRoomSettings",
        check="field.value",
        invoked=_afterwards(_untitled),
    ),
    Fault(
        name="ddp-loadHistory-without-limit",
        sentence="gives more messages than were asked for",
        operation="ddp:loadHistory",
        check="field.value",
        invoking=_with_param(2, lambda _limit: 1000),
    ),
    Fault(
        name="ddp-loadHistory-oldest-first",
        sentence="gives messages in the wrong order",
        operation="ddp:loadHistory",
        check="field.value",
        invoked=_field("messages", lambda messages: messages[::-1]),
    ),
    Fault(
        name="ddp-muteUserInRoom-not-enforced",
        sentence="lets a muted member go on speaking",
        operation="ddp:muteUserInRoom",
        check="field.value",
        invoked=_afterwards(_unmuted),
        release="6.14",
    ),
    Fault(
        name="ddp-addRoomModerator-not-stored",
        sentence="forgets the role that it says it gave",
        operation="ddp:addRoomModerator",
        check="field.value",
        invoked=_afterwards(_without_roles),
    ),
    Fault(
        name="ddp-getRoomRoles-nobody",
        sentence="says that nobody holds a role in a room",
        operation="ddp:getRoomRoles",
        check="field.value",
        invoked=result_changed(lambda _result: []),
        release="6.14",
    ),
    # refusals
    Fault(
        name="ddp-addRoomOwner-refused-with-success",
        sentence="says that all went well to who may not make owners",
        operation="ddp:addRoomOwner",
        check="refusal.status",
        invoked=_forgiving("error-not-allowed"),
    ),
    Fault(
        name="ddp-unarchiveRoom-for-all",
        sentence="lets a member take a room out of the archive who may not",
        operation="ddp:unarchiveRoom",
        check="refusal.status",
        invoking=_as_administrator,
    ),
    Fault(
        name="ddp-addRoomLeader-renamed-error",
        sentence="gives the error of a missing permission another code",
        operation="ddp:addRoomLeader",
        check="refusal.error-type",
        invoked=refused_otherwise("error-not-allowed", error="error-forbidden"),
    ),
    Fault(
        name="ddp-addUserToRoom-renamed-error",
        sentence="gives the error of an unknown room another code",
        operation="ddp:addUserToRoom",
        check="refusal.error-type",
        invoked=refused_otherwise("error-invalid-room", error="error-no-such-room"),
    ),
    Fault(
        name="ddp-leaveRoom-reworded",
        sentence="words the refusal of an unknown room otherwise",
        operation="ddp:leaveRoom",
        check="refusal.error-text",
        invoked=refused_otherwise("error-invalid-room", reason="Which room?"),
    ),
    Fault(
        name="ddp-saveRoomSettings-refused-and-done",
        sentence="sets the topic of a room although it refuses to",
        operation="ddp:saveRoomSettings",
        check="refusal.no-effect",
        invoked=_afterwards(_retitled, refused=True),
    ),
    Fault(
        name="ddp-archiveRoom-refused-and-done",
        sentence="archives a room although it refuses to",
        operation="ddp:archiveRoom",
        check="refusal.no-effect",
        invoked=_afterwards(_archived, refused=True),
    ),
    # the protocol
    Fault(
        name="ddp-ping-unanswered",
        sentence="leaves a ping without an answer",
        operation="ddp:ping",
        check="protocol.answered",
        framing=_silent,
    ),
    Fault(
        name="ddp-connect-without-session",
        sentence="begins a session without naming it",
        operation="ddp:connect",
        check="protocol.answered",
        framing=each_frame("connected", lambda _frame: {"msg": "connected"}),
    ),
    Fault(
        name="ddp-openRoom-without-updated",
        sentence="never says that the writes of a method are done",
        operation="ddp:openRoom",
        check="protocol.answered",
        framing=_without_frame("updated"),
    ),
    Fault(
        name="ddp-getRoomNameById-other-id",
        sentence="gives the result of a call under the id of another",
        operation="ddp:getRoomNameById",
        check="protocol.answered",
        framing=each_frame("result", lambda frame: {**frame, "id": f"{frame['id']}0"}),
    ),
    Fault(
        name="ddp-stream-room-messages-never-ready",
        sentence="never says that a subscription stands",
        operation="ddp:stream-room-messages",
        check="protocol.answered",
        framing=_without_frame("ready"),
    ),
    # streams
    Fault(
        name="ddp-stream-room-messages-lost",
        sentence="does not tell the listeners of a room what is written in it",
        operation="ddp:stream-room-messages",
        check="stream.delivered",
        emitting=_lost(""),
    ),
    Fault(
        name="ddp-stream-room-messages-other-room",
        sentence="says that what is written in a room is in another",
        operation="ddp:stream-room-messages",
        check="stream.delivered",
        emitting=_told(lambda args: [{**args[0], "rid": GENERAL}, *args[1:]]),
    ),
    Fault(
        name="ddp-stream-notify-user-subscriptions-lost",
        sentence="does not tell a user that a subscription of theirs changed",
        operation="ddp:stream-notify-user",
        check="stream.delivered",
        emitting=_lost("/subscriptions-changed"),
    ),
    Fault(
        name="ddp-stream-notify-room-typing-lost",
        sentence="does not tell the others in a room that somebody is typing",
        operation="ddp:stream-notify-room",
        check="stream.delivered",
        emitting=_lost("/user-activity"),
    ),
    Fault(
        name="ddp-stream-notify-room-deletions-lost",
        sentence="does not tell the listeners of a room that a message was deleted",
        operation="ddp:stream-notify-room",
        check="stream.delivered",
        emitting=_lost("/deleteMessage"),
    ),
    Fault(
        name="ddp-stream-room-messages-to-outsiders",
        sentence="tells everybody what is written in a private room",
        operation="ddp:stream-room-messages",
        check="stream.private",
        admits=True,
    ),
    Fault(
        name="ddp-stream-notify-room-to-outsiders",
        sentence="tells everybody who is typing in a private room",
        operation="ddp:stream-notify-room",
        check="stream.private",
        admits=True,
    ),
    Fault(
        name="ddp-stream-notify-user-to-others",
        sentence="tells everybody what changes for a user",
        operation="ddp:stream-notify-user",
        check="stream.private",
        admits=True,
    ),
    # what REST and the Realtime API both say
    Fault(
        name="ddp-rooms-get-without-directs",
        sentence="leaves direct rooms out of a list in which the REST API has them",
        operation="ddp:rooms/get",
        check="agreement.same",
        invoked=result_changed(
            lambda result: [room for room in result if room["t"] != "d"] if isinstance(result, list) else result
        ),
    ),
    Fault(
        name="ddp-getRoomById-miscounted",
        sentence="counts one member more than the REST API",
        operation="ddp:getRoomById",
        check="agreement.same",
        invoked=_field("usersCount", lambda count: count + 1),
    ),
)

REALTIME_FAULTS = {each.name: each for each in _ALL}
