"""Snapshots: the workspace as the people of a case see it, to tell whether a refused request changed something.

Looking takes more calls than anything else of a run. Where calls are counted, rooms and subscriptions are therefore
asked for by the realtime methods of the same name, carried by a request: they may be called twelve times as often.
"""

import json
from collections.abc import Iterator, Mapping

from preflight.model.json import Json, as_object
from preflight.session.circumstances import CircumstanceError, refuse_others
from preflight.session.company import ADMIN
from preflight.session.stage import Stage
from preflight.wire.pace import BRIDGE
from preflight.wire.rest import API, Answer, Ask

WITNESS = "alice"
MOST_LOOKS = 5
CARRIED = {"rooms.get": "rooms/get", "subscriptions.get": "subscriptions/get"}
MESSAGE_KEYS = frozenset({"msgId", "messageId", "mid", "tmid"})


def bridge(name: str) -> str:
    """Give the route that carries the realtime method which lists the same as a route."""
    return f"{BRIDGE}/{CARRIED[name].replace('/', ':')}"


class Snapshots:
    """Looks at rooms, subscriptions and named messages through the eyes of the caller and of alice."""

    def __init__(self, stage: Stage, request: Ask) -> None:
        self._stage = stage
        self._looks = tuple(_looks(request))
        self._is_carried = stage.client.pace.is_limited and not stage.is_unbridged
        self._was_taken = False

    def take(self) -> Json:
        """Ask for everything once; gives it by who asked and what.

        Raises:
            CircumstanceError: when the target does not answer any more in the way in which it did at first.
        """
        was_carried = self._is_carried
        seen = {f"{actor} {name}": self._look(actor, name, query) for actor, name, query in self._looks}
        if was_carried == self._is_carried:
            self._was_taken = True
            return seen
        if self._was_taken:
            raise CircumstanceError(f"the workspace is not answered over {BRIDGE} any more")
        return self.take()  # all of it in the other way: the two cannot be compared

    def last(self) -> Json:
        """Give what was seen last where nothing was asked of the target since; else look.

        Raises:
            CircumstanceError: as `take` does.
        """
        glances = self._stage.glances
        if self._is_carried or not all(look in glances.seen for look in self._looks) or glances.at != self._sent:
            return self.take()
        self._was_taken = True
        return {f"{actor} {name}": glances.seen[actor, name, query] for actor, name, query in self._looks}

    @property
    def _sent(self) -> int:
        return self._stage.client.requests_sent + self._stage.connections.calls_sent

    def settled(self) -> Json:
        """Ask until two answers in a row are the same, since servers finish what they were asked before late.

        Raises:
            CircumstanceError: when the workspace does not come to rest.
        """
        before = self.take()
        for _ in range(MOST_LOOKS):
            now = self.take()
            if now == before:
                return now
            before = now
        raise CircumstanceError("the workspace did not come to rest before the request")

    def _look(self, actor: str, name: str, query: tuple[tuple[str, str], ...]) -> Json:
        if self._is_carried and name in CARRIED:
            return self._carried(actor, name)
        headers, glances = self._stage.company.login(actor).headers, self._stage.glances
        if glances.at != self._sent:
            glances.seen.clear()
        answer = self._stage.client.send(
            Ask(
                actor=actor,
                purpose="what is there?",
                method="GET",
                path=API + name,
                query=query,
                headers=headers,
            )
        )
        # As it stands in the evidence: what differs may be shown in a finding, and must hold no secret.
        found = _body(refuse_others(answer))
        glances.seen[actor, name, query] = found
        glances.at = self._sent
        return found

    def _carried(self, actor: str, name: str) -> Json:
        """Look by a realtime method; where the target answers none in this way, it is not asked so again."""
        call = {"msg": "method", "id": "1", "method": CARRIED[name], "params": []}
        answer = self._stage.client.send(
            Ask(
                actor=actor,
                purpose="what is there?",
                method="POST",
                path=API + bridge(name),
                body={"message": json.dumps(call)},
                has_body=True,
                headers=self._stage.company.login(actor).headers,
            )
        )
        told = as_object(_body(refuse_others(answer))).get("message")
        try:
            found: Json = json.loads(told)["result"] if isinstance(told, str) else None
        except (ValueError, KeyError, TypeError, RecursionError):
            found = None
        if not isinstance(found, list):
            self._stage.is_unbridged, self._is_carried = True, False
        return {"update": found}


def _body(answer: Answer) -> Json:
    try:
        return answer.exchange.response.json()
    except (ValueError, RecursionError):
        return None


def _looks(request: Ask) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    for actor in sorted({WITNESS, request.actor} - {ADMIN}):
        yield actor, "rooms.get", ()
        yield actor, "subscriptions.get", ()
        for message in sorted(set(_messages(request))):
            yield actor, "chat.getMessage", (("msgId", message),)


def _messages(request: Ask) -> Iterator[str]:
    yield from (value for name, value in request.query if name in MESSAGE_KEYS and value)
    if isinstance(request.body, Mapping):
        for name, value in request.body.items():
            if name in MESSAGE_KEYS and isinstance(value, str) and value:
                yield value
