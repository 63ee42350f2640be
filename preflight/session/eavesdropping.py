"""Eavesdropping: who listens to rooms that are not theirs, or are theirs no more, while something is said there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from preflight.checks.evidence import Evidence, Secret, Try
from preflight.model.claim import ClaimId
from preflight.model.json import JsonObject, as_list, as_object
from preflight.session.acts import Reply
from preflight.session.circumstances import CircumstanceError
from preflight.session.performance import Performance
from preflight.session.realtime_acts import Audience, Conversation

_MESSAGES, _MARKED = "stream-room-messages", "marked"
# What must be told of a room to who belongs there, by stream: the end of an event's name.
_EVENTS = {_MESSAGES: "", "stream-notify-room": "/deleteMessage"}


@dataclass(kw_only=True)
class Eavesdropping:
    """Somebody who asks for the events of rooms; `claims` are those that it is about."""

    performance: Performance
    claims: tuple[ClaimId, ...]
    _audience: Audience = field(init=False)

    def __post_init__(self) -> None:
        self._audience = Audience(performance=self.performance, claims=self.claims)

    def outside(self, actor: str, own_room: str, rooms: Sequence[str]) -> Reply:
        """Ask, as who never belonged there, for the events of rooms in which alice then says something."""
        talk = self._asks(actor, own_room, rooms)
        secrets = [secret for room in rooms for secret in self._says(room)]
        return self._heard(talk, actor, own_room, secrets, "an outsider listens")

    def after_leaving(self, actor: str, own_room: str, room: str) -> Reply:
        """Ask for the events of a room as a member, leave it, and listen on while alice says something.

        Raises:
            CircumstanceError: when the member was not even let listen before.
        """
        talk = self._asks(actor, own_room, [room])
        if not talk.hears(lambda frame: room.strip("{}") in as_list(frame.get("subs"))):
            self._inconclusive(f"{actor} was not let listen as a member")
        self._audience.does(actor, "POST groups.leave", {"roomId": room})
        return self._heard(talk, actor, own_room, self._says(room), "somebody who has left listens on")

    def _asks(self, actor: str, own_room: str, rooms: Sequence[str]) -> Conversation:
        talk = Conversation(performance=self.performance, claims=()).logs_in(actor)
        stream = self.performance.contract.path
        talk.says({"msg": "sub", "id": _MARKED, "name": _MESSAGES, "params": [own_room, False]})
        for room in rooms:
            # The id of a subscription is free: it is what the room is called in the cast.
            id_ = room.strip("{}")
            talk.says({"msg": "sub", "id": id_, "name": stream, "params": [f"{room}{_EVENTS[stream]}", False]})
            talk.hears(partial(_answers, id_))
        return talk

    def _says(self, room: str) -> list[Secret]:
        """Let alice post and delete a message: its text and its id are for those who belong there."""
        audience, text = self._audience, f"{{case.token}}-{room.strip('{}')}"
        message = audience.posts("alice", room, text)
        audience.does("alice", "POST chat.delete", {"roomId": room, "msgId": message})
        owner = room.strip("{}").rpartition(".")[0]
        return [
            Secret(owner=owner, what="text", value=str(audience.filled(text))),
            Secret(owner=owner, what="message", value=message),
        ]

    def _heard(self, talk: Conversation, actor: str, own_room: str, secrets: Sequence[Secret], title: str) -> Reply:
        """Let the listener hear something of their own, so that all before it has come, and give what they heard."""
        mark = self._audience.posts(actor, own_room, "{case.token} mark")
        if not talk.hears(lambda frame: mark in _ids(frame)):
            self._inconclusive(f"{actor} does not even hear what is written in a room of their own")
        performance, reply = self.performance, talk.reply()
        exchange = reply.evidence.exchange
        performance.accepted = True
        tried = Try(
            about=self.claims[0].subject.partition(".")[0], title=title, exchange=exchange, secrets=tuple(secrets)
        )
        evidence = Evidence(contract=performance.contract, claims=performance.claims, exchange=exchange, tries=(tried,))
        return Reply(performance=performance, evidence=evidence)

    def _inconclusive(self, why: str) -> None:
        self.performance.inconclusive(why)
        raise CircumstanceError(why)


def _answers(id_: str, frame: JsonObject) -> bool:
    return frame.get("id") == id_ or id_ in as_list(frame.get("subs"))


def _ids(frame: JsonObject) -> list[object]:
    return [as_object(arg).get("_id") for arg in as_list(as_object(frame.get("fields")).get("args"))]
