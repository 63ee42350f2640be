"""Inventory: what a workspace holds of some runs, as its administrator sees it, and how each thing is known as theirs.

Nothing belongs to a run because of its name alone. A person must have the prefix and the mailbox that only Preflight
gives; a room or team must have been made by such a person, or carry the prefix and be made by the account of the run; a
direct room must have nobody else in it. What a journal names by its id is the run's without further proof.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.session.circumstances import (
    CircumstanceError,
    is_denial,
    refuse_unable,
    succeeded,
    told,
)
from preflight.session.company import ADMIN, MAILBOX, prefix_of
from preflight.wire.rest import API, Answer, Ask, Query, RestClient
from preflight.wire.workspace import Login

_PAGE = 100
_NEWEST_FIRST = ("sort", json.dumps({"ts": -1}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What tells a run's things from others.

    `prefixes` begin its names; `accounts` are the ids of those who worked for it and were there before. `people`,
    `rooms` and `teams` are ids that a journal names; `present` are those of the people who may be there still,
    `usernames` others who may be. Nothing older than `since` is looked at where that is given, as ISO-8601.
    """

    prefixes: frozenset[str]
    accounts: frozenset[str] = frozenset()
    usernames: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    since: str = ""

    def carries(self, name: Json) -> bool:
        """Tell whether a name begins with a prefix."""
        return isinstance(name, str) and prefix_of(name) in self.prefixes


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing that is there: its kind, id and name, since when, and how it is known to be the run's."""

    kind: str
    id: str
    name: str
    known: str
    since: str = ""

    @property
    def removal(self) -> tuple[str, Json]:
        """By which operation, with which body, an administrator removes it."""
        operation, key = _REMOVE[self.kind]
        confirmed: dict[str, Json] = {"confirmRelinquish": True} if self.kind == "user" else {}
        return operation, {key: self.id, **confirmed}


_REMOVE = {
    "team": ("POST teams.delete", "teamId"),
    "room": ("POST rooms.delete", "roomId"),
    "direct room": ("POST dm.delete", "roomId"),
    "user": ("POST users.delete", "userId"),
}


@dataclass(kw_only=True)
class Inventory:
    """What is there, in the order in which it can be removed; `unclear` says what looks like a run's and is not proven.

    `unseen` says what could not be listed, and why.
    """

    teams: list[Found] = field(default_factory=list)
    rooms: list[Found] = field(default_factory=list)
    people: list[Found] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


def take_inventory(
    client: RestClient, admin: Login, signs: Signs, *, search_people: bool, alone: bool = False
) -> Inventory:
    """Look through the workspace; `search_people` looks through all users, where no journal names them.

    `alone` looks at what the account is in itself, and at nothing else: it is no administrator, and made it all.

    Raises:
        RateLimitedError: when the workspace refuses to answer so often.
        CircumstanceError: when it does not answer as it should.
        TargetError: when it does not answer.
    """
    looking = _Looking(client, admin, signs)
    return looking.take_own() if alone else looking.take(search_people=search_people)


def prefixes_there(client: RestClient, admin: Login) -> frozenset[str]:
    """Give the prefixes that usernames of a workspace begin with; raises as `take_inventory` does."""
    looking = _Looking(client, admin, Signs(prefixes=frozenset()))
    found = frozenset(prefix_of(name) for name in looking.usernames()) - {""}
    if looking.unseen:
        raise CircumstanceError(f"the users could not be listed: {', '.join(looking.unseen)}")
    return found


class _Looking:
    def __init__(self, client: RestClient, admin: Login, signs: Signs) -> None:
        self._client = client
        self._admin = admin
        self._signs = signs
        self._found = Inventory()
        self._proven: set[str] = set(signs.people)
        self._names: set[str] = set()

    def take(self, *, search_people: bool) -> Inventory:
        usernames = set(self._signs.usernames)
        if search_people:
            usernames |= {name for name in self.usernames() if self._signs.carries(name)}
        for user_id in sorted(self._signs.present):
            self._person("userId", user_id)
        for username in sorted(usernames - self._names):
            self._person("username", username)
        for team in self._listed("teams.listAll", "teams"):
            self._team(team)
        for route, key in (("channels.list", "channels"), ("groups.listAll", "groups")):
            for room in self._listed(route, key, newest_first=True):
                self._room(room)
        for room in self._listed("dm.list.everyone", "ims", newest_first=True):
            self._direct(room)
        self._found.rooms.sort(key=lambda room: room.since, reverse=True)
        return self._found

    def take_own(self) -> Inventory:
        for team in self._listed("teams.list", "teams"):
            self._team(team)
        answer = self._ask("rooms.get", ())
        rooms = as_object(answer.body).get("update")
        if not succeeded(answer) or not isinstance(rooms, list):
            self._found.unseen.append(f"rooms.get: {told(answer)}")
            rooms = []
        for room in map(as_object, rooms):
            if room.get("t") != "d":
                self._room(room)
        self._found.rooms.sort(key=lambda room: room.since, reverse=True)
        return self._found

    @property
    def unseen(self) -> list[str]:
        return self._found.unseen

    def usernames(self) -> Iterator[str]:
        return (str(user.get("username")) for user in self._listed("users.list", "users"))

    def _person(self, key: str, value: str) -> None:
        answer = self._ask("users.info", ((key, value),))
        user = as_object(as_object(answer.body).get("user"))
        if not succeeded(answer) or not user:
            if not is_denial(answer):
                self._found.unseen.append(f"users.info: {told(answer)}")
            return
        boxes = [str(as_object(box).get("address")) for box in as_list(user.get("emails"))]
        user_id, name = str(user.get("_id")), str(user.get("username"))
        in_journal = user_id in self._signs.people
        if not self._signs.carries(name):
            self._found.unclear.append(f"user {name} has not the prefix of the run")
        elif in_journal or (boxes and all(box.endswith(MAILBOX) for box in boxes)):
            self._proven.add(user_id)
            self._names.add(name)
            known = "in the journal" if in_journal else f"has a mailbox {MAILBOX}"
            self._found.people.append(Found(kind="user", id=user_id, name=name, known=known))
        else:
            self._found.unclear.append(f"user {name} has no mailbox {MAILBOX}")

    def _team(self, team: JsonObject) -> None:
        team_id, name, maker = str(team.get("_id")), str(team.get("name")), as_object(team.get("createdBy"))
        known = "in the journal" if team_id in self._signs.teams else self._made_by(maker, name)
        self._note(self._found.teams, Found(kind="team", id=team_id, name=name, known=known))

    def _room(self, room: JsonObject) -> None:
        room_id, maker = str(room.get("_id")), as_object(room.get("u"))
        names = [str(room[key]) for key in ("fname", "name") if room.get(key)]
        name = names[0] if names else room_id
        known = "in the journal" if room_id in self._signs.rooms else self._made_by(maker, *names)
        if not room.get("teamMain"):
            since = str(room.get("ts"))
            self._note(self._found.rooms, Found(kind="room", id=room_id, name=name, known=known, since=since))
        elif known and str(room.get("teamId")) not in {team.id for team in self._found.teams}:
            self._found.unclear.append(f"room {name} is the main room of a team that is not the run's")

    def _direct(self, room: JsonObject) -> None:
        room_id = str(room.get("_id"))
        members = [str(name) for name in as_list(room.get("usernames"))]
        ours = [name for name in members if name in self._names]
        others = [name for name in members if name not in self._names and name != self._admin.username]
        known = "in the journal" if room_id in self._signs.rooms else ""
        if ours and not others:
            known = known or f"of {', '.join(ours)}"
        elif ours and not known:
            self._found.unclear.append(f"direct room {room_id} has members who are not the run's: {', '.join(others)}")
        if known:
            since = str(room.get("ts"))
            found = Found(kind="direct room", id=room_id, name=", ".join(members), known=known, since=since)
            self._found.rooms.append(found)

    def _note(self, home: list[Found], found: Found) -> None:
        if found.known:
            home.append(found)
        elif self._signs.carries(found.name):
            self._found.unclear.append(f"{found.kind} {found.name} was made by nobody of the run")

    def _made_by(self, maker: JsonObject, *names: str) -> str:
        """Say how the maker of something proves it to be the run's; an empty text where nothing is proven."""
        maker_id, username = str(maker.get("_id")), maker.get("username")
        carries = any(self._signs.carries(name) for name in names)
        # Of a maker who is gone only the name is left, which then is not proof enough alone.
        if maker_id in self._proven or (carries and self._signs.carries(username)):
            return f"made by {username}"
        if carries and maker_id in self._signs.accounts:
            return f"has the prefix and was made by the account {username}"
        return ""

    def _listed(self, route: str, key: str, *, newest_first: bool = False) -> Iterator[JsonObject]:
        """Give the items of a list page by page; what is older than the run is not asked for."""
        offset = 0
        while True:
            page = (("count", str(_PAGE)), ("offset", str(offset)), *([_NEWEST_FIRST] if newest_first else []))
            answer = self._ask(route, page)
            items = as_object(answer.body).get(key)
            if not succeeded(answer) or not isinstance(items, list):
                self._found.unseen.append(f"{route}: {told(answer)}")
                return
            yield from (as_object(item) for item in items)
            offset += len(items)
            total = as_object(answer.body).get("total")
            is_over = not items or (isinstance(total, int) and offset >= total)
            if is_over or (newest_first and self._is_older(as_object(items[-1]).get("ts"))):
                return

    def _is_older(self, moment: Json) -> bool:
        # Both are ISO-8601 in UTC with milliseconds, which sort as texts do.
        return bool(self._signs.since) and isinstance(moment, str) and moment < self._signs.since

    def _ask(self, route: str, query: Query) -> Answer:
        return refuse_unable(
            self._client.send(
                Ask(
                    actor=ADMIN,
                    purpose="what is left?",
                    method="GET",
                    path=API + route,
                    query=query,
                    headers=self._admin.headers,
                )
            ),
            route,
        )
