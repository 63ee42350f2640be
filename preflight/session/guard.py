"""The guard: below the suites and above the wire, it lets a request pass that changes nothing but the run's own.

It knows what is the run's: names with its prefix, what its answers showed to be created, what lies in its rooms, what
its people made. It knows from contracts/effects.yaml what a request may change and which parameters say whose. What it
does not know it refuses: a request that it stops is a fault of Preflight, and was never sent.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from preflight.catalog.effects import Effect, Effects
from preflight.catalog.steps import REALTIME
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.session.casting import ABSENT
from preflight.session.circumstances import UnsentError
from preflight.session.company import ADMIN
from preflight.session.journal import Journal
from preflight.wire.watch import Call

# A text with another sign than these is the id or name of nothing: ids are letters and digits, names slugs of them.
_NAMEABLE = re.compile(r"[\w.@#+/-]+")
_CREATING = frozenset({Effect.CREATES, Effect.PERSON})
# Operators that choose nothing but what they name, which is looked at like any other name.
_NAMING = frozenset({"$eq", "$in"})
_CREATED_KEYS = ("_id", "rid", "roomId", "username")


class ForeignObjectError(Exception):
    """A request would have changed what is not the run's; it was not sent."""


class Guard:
    """Watches all requests of one run.

    Args:
        effects: what requests may change.
        journal: what the run has created and changed.
        prefix: begins the names that the run gives.
        account: names and ids of the account of the run, which is nobody's but its own and still not the run's.
        read_only: whether nothing at all may be changed.

    `closed` says why nobody may be created; it is empty where people may be.
    """

    def __init__(
        self, effects: Effects, journal: Journal, *, prefix: str, account: frozenset[str], read_only: bool = False
    ) -> None:
        self.read_only = read_only
        self.closed = ""
        self._effects = effects
        self._journal = journal
        self._account = account
        self._own: set[str] = set()
        self._beginnings = [prefix]
        self._people: dict[str, frozenset[str]] = {}

    def meets(self, actor: str, *names: str) -> None:
        """Learn that somebody is played by an account that was there before the run, and the names it has."""
        self._people[actor] = frozenset(names)

    def nothing(self, name: str) -> None:
        """Learn that a text, and whatever begins with it, names nothing that others have."""
        self._beginnings.append(name)

    def knows(self, name: str) -> bool:
        """Tell whether a text is an id or name of something that the run has made."""
        return name in self._own or any(name.startswith(known) for known in self._beginnings)

    def own(self, id_: str) -> None:
        """Learn the id of something that was proven to be the run's."""
        self._own.add(id_)

    def before(self, call: Call) -> None:
        """Let a request pass that changes nothing but the run's own.

        Raises:
            ForeignObjectError: when it could change something else.
            UnsentError: when it could change anything, and nothing may be changed; when somebody would be
                created, and nobody may be; when it would change an account that was there before the run.
        """
        action = self._effects.action(call.method, call.name)
        if action is not None and action.effect is Effect.CALL:
            self.before(_carried(call))
            return
        if action is None:
            self._refuse_unknown(call)
            return
        if action.effect in {Effect.READS, Effect.SESSION}:
            return
        if self.read_only:
            raise UnsentError(f"--read-only: {_shown(call)} could change something")
        if action.effect is Effect.WORKSPACE:
            self._refuse_unwritten(call)
            return
        if action.effect is Effect.PERSON and self.closed:
            raise UnsentError(self.closed.replace(ABSENT, "somebody new"))
        named = [*self._named(call.parameters), *_positions(call, action.names), *_path(call)]
        foreign = [name for name in named if not all(map(self._is_known, name.split(",")))]
        if self._people and not foreign:
            self._spare_given(call, action.effect, named)
        self._refuse_foreign(call, action.effect, named, foreign)

    def _refuse_foreign(self, call: Call, effect: Effect, named: Sequence[str], foreign: Sequence[str]) -> None:
        """Stop what names others' things, and what the account of the run would leave behind or change of itself."""
        if foreign:
            raise ForeignObjectError(f"{_shown(call)} names {foreign[0]!r}, which is not the run's; it was not sent")
        is_account = call.actor == ADMIN
        if is_account and effect is Effect.CALLER and not named:
            raise ForeignObjectError(f"{_shown(call)} would change the account of the run; it was not sent")
        if is_account and effect in _CREATING and not any(map(self._is_own, _texts(call.parameters))):
            raise ForeignObjectError(
                f"{_shown(call)} would create, as the account, what has not the prefix of the run; it was not sent"
            )

    def after(self, call: Call, body: Json) -> None:
        """Learn from an answer what is the run's."""
        action = self._effects.action(call.method, call.name)
        if action is not None and action.effect is Effect.CALL:
            call, body = _carried(call), _carried_answer(body)
            action = self._effects.action(call.method, call.name)
        if action is not None and action.effect in _CREATING:
            self._learn_created(body)
        self._learn_lying(body)

    def _is_known(self, name: str) -> bool:
        return self._is_own(name) or self._is_given(name)

    def _is_given(self, name: str) -> bool:
        return any(part.strip().lstrip("@") in names for part in name.split(",") for names in self._people.values())

    def _spare_given(self, call: Call, effect: Effect, named: Sequence[str]) -> None:
        """Stop what would change an account of before the run, or make something that nobody could remove."""
        given = [name for name in named if self._is_given(name)]
        texts = _texts(call.parameters) if effect in _CREATING else ()
        is_named = any(map(self.knows, (*named, *texts)))
        if given and not (self._effects.welcomes(call.method, call.name) and is_named):
            raise UnsentError(f"{_shown(call)} would change {given[0]}, an account that was there before the run")
        if call.actor not in self._people:
            return
        if effect is Effect.LASTING:
            raise UnsentError(f"{_shown(call)} would leave something that nobody can remove")
        if effect is Effect.CALLER and not named:
            raise UnsentError(f"{_shown(call)} would change an account that was there before the run")
        if effect in _CREATING and not is_named:
            raise UnsentError(f"{_shown(call)} would create what has not the prefix of the run")

    def _is_named(self, room: JsonObject, maker: Json) -> bool:
        """Tell whether somebody of before the run has made a room under the prefix of the run."""
        names = (room.get("name"), room.get("fname"))
        is_theirs = isinstance(maker, str) and self._is_given(maker)
        return is_theirs and any(isinstance(name, str) and name.startswith(self._beginnings[0]) for name in names)

    def _refuse_unknown(self, call: Call) -> None:
        """Let a request that the table does not know pass only where it has no parameters and comes from no account."""
        if self.read_only and call.actor != "nobody":
            raise UnsentError(f"--read-only: {_shown(call)} could change something")
        if call.actor == ADMIN or any(_texts(call.parameters)):
            raise ForeignObjectError(
                f"{_shown(call)} is not in contracts/effects.yaml: what it changes is not known; it was not sent"
            )

    def _refuse_unwritten(self, call: Call) -> None:
        """Let a setting or permission be changed only while the journal says how to put it back."""
        names = _path(call) or [
            str(as_object(each).get("_id")) for each in as_list(as_object(call.parameters).get("permissions"))
        ]
        kept = {entry.what for entry in self._journal.standing}
        missing = [name for name in names if not {f"setting {name}", f"permission {name}"} & kept]
        if call.actor == ADMIN and (missing or not names):
            raise ForeignObjectError(
                f"{_shown(call)} changes {missing}, which no journal can put back; it was not sent"
            )

    def _is_own(self, name: str) -> bool:
        parts = [part.strip().lstrip("@#") for part in name.split(",")]
        return all(self._is_own_part(part) for part in parts)

    def _is_own_part(self, name: str) -> bool:
        return self.knows(name) or name.partition("/")[0] in self._own or not _NAMEABLE.fullmatch(name)

    def _named(self, value: Json) -> Iterator[str]:
        """Give the texts that stand under a naming key, however deep; of an operator the server could take, the key."""
        if isinstance(value, Mapping):
            for key, inner in value.items():
                if key in self._effects.naming:
                    yield from _texts(inner)
                    yield from _operators(inner)
                yield from self._named(inner)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for inner in value:
                yield from self._named(inner)

    def _learn_created(self, body: Json) -> None:
        told = as_object(body)
        result = told.get("result")
        if isinstance(result, str):
            self._own.add(result)
        for each in (told, *(as_object(inner) for inner in told.values())):
            keys = (*_CREATED_KEYS, "name") if "t" in each else _CREATED_KEYS
            self._own.update(value for key in keys if isinstance(value := each.get(key), str) and value)

    def _learn_lying(self, body: Json) -> None:
        """Learn what lies in a room of the run or was made by one of its people."""
        for each in _objects(body):
            id_ = each.get("_id")
            if not isinstance(id_, str):
                continue
            maker = as_object(each.get("u") or each.get("createdBy")).get("_id")
            is_room = "t" in each or "prid" in each
            lies = each.get("rid") in self._own or (is_room and (maker in self._own or self._is_named(each, maker)))
            members = as_list(each.get("usernames"))
            is_direct = bool(members) and all(name in self._own or name in self._account for name in members)
            if lies or (is_direct and any(name in self._own for name in members)):
                self._own.add(id_)
                self._own.update(str(as_object(file)["_id"]) for file in as_list(each.get("files")) if as_object(file))


def _shown(call: Call) -> str:
    return f"{'ddp:' if call.method == REALTIME else f'{call.method} '}{call.name}"


def _path(call: Call) -> list[str]:
    """Give the parts of a path behind the name of its route."""
    return [] if call.method == REALTIME else [part for part in call.name.split("/")[1:] if part]


def _positions(call: Call, positions: frozenset[int]) -> Iterator[str]:
    if call.method == REALTIME and isinstance(call.parameters, Sequence):
        for position, value in enumerate(call.parameters):
            if position in positions:
                yield from _texts(value)
                yield from _operators(value)


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        if value:
            yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _texts(inner)


def _operators(value: Json) -> Iterator[str]:
    """Give the keys by which a database would choose objects that nobody named."""
    for each in _objects(value):
        yield from (key.replace("$", "operator-") for key in each if key.startswith("$") and key not in _NAMING)


def _objects(value: Json) -> Iterator[JsonObject]:
    """Give each object in a value, the outer before the inner ones; with a stack, for lists may be long."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, (dict, Mapping)):  # what a dict is needs no look at the class of all mappings
            yield each
            waiting.extend([*each.values()][::-1])
        elif isinstance(each, (list, tuple)):
            waiting.extend(each[::-1])


def _carried(call: Call) -> Call:
    """Read the realtime call that a REST request carries in its text."""
    told = as_object(call.parameters).get("message")
    message = as_object(_parsed(told))
    name = message.get("method")
    # The server goes by the name in the message; the path only has to look like it.
    named = name if isinstance(name, str) else call.name.partition("/")[2]
    return Call(actor=call.actor, method=REALTIME, name=named, parameters=list(as_list(message.get("params"))))


def _carried_answer(body: Json) -> Json:
    return _parsed(as_object(body).get("message"))


def _parsed(text: Json) -> Json:
    try:
        read: Json = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return read
