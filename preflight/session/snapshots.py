"""Snapshots: the workspace as the people of a case see it, to tell whether a refused request changed something."""

from collections.abc import Iterator, Mapping

from preflight.model.json import Json
from preflight.session.circumstances import CircumstanceError, refuse_rate_limited
from preflight.session.company import ADMIN
from preflight.session.stage import Stage
from preflight.wire.rest import API, Answer, Ask

WITNESS = "alice"
MOST_LOOKS = 5
MESSAGE_KEYS = frozenset({"msgId", "messageId", "mid", "tmid"})


class Snapshots:
    """Looks at rooms, subscriptions and named messages through the eyes of the caller and of alice."""

    def __init__(self, stage: Stage, request: Ask) -> None:
        self._stage = stage
        self._looks = tuple(_looks(request))

    def take(self) -> Json:
        """Ask for everything once; gives it by who asked and what."""
        return {f"{actor} {name}": self._look(actor, name, query) for actor, name, query in self._looks}

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
        answer = self._stage.client.send(
            Ask(
                actor=actor,
                purpose="what is there?",
                method="GET",
                path=API + name,
                query=query,
                headers=self._stage.company.login(actor).headers,
            )
        )
        # As it stands in the evidence: what differs may be shown in a finding, and must hold no secret.
        return _body(refuse_rate_limited(answer))


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
