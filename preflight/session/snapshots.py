"""Snapshots: the workspace as the people of a case see it, to tell whether a refused request changed something."""

from collections.abc import Iterator, Mapping

from preflight.model.json import Json
from preflight.session.circumstances import refuse_rate_limited
from preflight.session.company import ADMIN
from preflight.session.stage import Stage
from preflight.wire.rest import API, Ask

WITNESS = "alice"
MESSAGE_KEYS = frozenset({"msgId", "messageId", "mid", "tmid"})


class Snapshots:
    """Looks at rooms, subscriptions and named messages through the eyes of the caller and of alice."""

    def __init__(self, stage: Stage, request: Ask) -> None:
        self._stage = stage
        self._looks = tuple(_looks(request))

    def take(self) -> Json:
        """Ask for everything once; gives it by who asked and what."""
        return {f"{actor} {name}": self._look(actor, name, query) for actor, name, query in self._looks}

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
        return refuse_rate_limited(answer).body


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
