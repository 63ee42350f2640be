"""The vault: the private things of a run, what of them must be told to nobody, and how their members know them.

Nothing but trespasses touches these things, so that one look after a trespass is the look before the next.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from preflight.checks.evidence import Secret
from preflight.model.json import Json, as_list, as_object
from preflight.session.circumstances import CircumstanceError, refuse_others
from preflight.session.stage import Stage, iso
from preflight.wire.rest import API, Ask, Query

WITNESS = "alice"
MOST_LOOKS = 5
SHORTEST = 6
AN_HOUR = timedelta(hours=1)  # by which clocks may differ

Known = dict[str, Json]


@dataclass(kw_only=True)
class Vault:
    """Looks at private things as a member, and remembers how they were last seen."""

    stage: Stage
    _seen: dict[str, Json] = field(default_factory=dict)

    def secrets(self, outsider: str) -> tuple[Secret, ...]:
        """Give what was taken from the private things that exist, and who the other people of the run are."""
        things = {name: facts for name, facts in self.stage.things.items() if self.stage.cast.things[name].private}
        told = [
            Secret(owner=name, what=key, value=value)
            for name, facts in things.items()
            for key, value in facts.items()
            if isinstance(value, str) and len(value) >= SHORTEST
        ]
        members = [
            Secret(owner=login.actor, what=what, value=value)
            for login in self.stage.company.present
            for what, value in (("id", login.user_id), ("username", login.username))
            if login.actor != outsider
        ]
        return (*told, *members)

    def known(self, things: Iterable[str]) -> Known:
        """Say how things were last seen; those that were never looked at are looked at until they are at rest.

        Raises:
            CircumstanceError: when they do not come to rest.
        """
        wanted = tuple(things)
        fresh = [name for name in wanted if name not in self._seen]
        if fresh:
            self._seen |= {name: as_object(seen) for name, seen in self._settled(fresh).items()}
        return {name: self._seen[name] for name in wanted}

    def look(self, things: Iterable[str]) -> Known:
        """See how things are now, and remember it."""
        seen = self._look(tuple(things))
        self._seen |= {name: as_object(each) for name, each in seen.items()}
        return seen

    def _settled(self, things: Iterable[str]) -> Known:
        wanted = tuple(things)
        before = self._look(wanted)
        for _ in range(MOST_LOOKS):
            now = self._look(wanted)
            if now == before:
                return now
            before = now
        raise CircumstanceError("the private things did not come to rest")

    def _look(self, things: Iterable[str]) -> Known:
        rooms = {name: str(self.stage.things[name]["id"]) for name in things}
        listed = _by(self._ask(WITNESS, "rooms.get"), "_id")
        mine = _by(self._ask(WITNESS, "subscriptions.get"), "rid")
        since = iso(self.stage.started - AN_HOUR)
        return {
            name: {
                "room": listed.get(room),
                "subscription": mine.get(room),
                "messages": self._messages(room, since),
            }
            for name, room in rooms.items()
        }

    def _messages(self, room: str, since: str) -> Json:
        told = as_object(self._ask(WITNESS, "chat.syncMessages", (("roomId", room), ("lastUpdate", since))))
        result = as_object(told.get("result"))
        return {key: _by({"update": result.get(key)}, "_id") for key in ("updated", "deleted")}

    def _ask(self, actor: str, name: str, query: Query = ()) -> Json:
        login = self.stage.company.login(actor)
        ask = Ask(actor=actor, purpose="how is it?", method="GET", path=API + name, query=query, headers=login.headers)
        answer = refuse_others(self.stage.client.send(ask))
        # As it stands in the evidence: what differs may be shown in a finding, and must hold no secret.
        try:
            return answer.exchange.response.json()
        except (ValueError, RecursionError):
            return None


def _by(answer: Json, key: str) -> Known:
    """Give the items of an answer by what names them."""
    items = [as_object(item) for item in as_list(as_object(answer).get("update"))]
    return {str(item[key]): item for item in items if key in item}
