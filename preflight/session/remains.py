"""Remains: rooms that cases made on the way and that no journal entry names, such as a DM opened by a post.

Only rooms of the people of this run are looked at. Of those whom it created these are the rooms which they own and the
DMs in which they are; of accounts that were there before, the rooms which they have made in this run.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence

from preflight.model.json import Json
from preflight.model.run import Leftover
from preflight.session.circumstances import succeeded, told
from preflight.session.company import Company
from preflight.wire.rest import API, Answer, Ask, RestClient
from preflight.wire.workspace import Login


def remove_remains(
    client: RestClient, company: Company, admin: Login, is_new: Callable[[str], bool] = lambda _: False
) -> list[Leftover]:
    """Remove what the people of the run still have; gives what could not be removed.

    `is_new` tells of an id or name whether it is that of something which the run has made.
    """
    people = company.present
    usernames = {login.username for login in people}
    ids = {login.user_id for login in people}
    left: dict[str, Leftover] = {}
    for login in people:
        rooms = _rooms(client, login)
        if rooms is None:
            left[login.user_id] = Leftover(what=f"rooms of {login.username}", why="could not be listed")
        for room in rooms or ():
            name = str(room.get("_id"))
            if _is_ours(room, usernames, ids) and name not in left:
                answer = _remove(client, admin, room)
                if not succeeded(answer):
                    left[name] = Leftover(what=f"room {name}", why=told(answer))
    visitors = {login.user_id for login in company.visiting}
    for login in company.visiting:
        for room in _rooms(client, login) or ():
            name = str(room.get("_id"))
            if _is_new(room, is_new, visitors) and name not in left:
                answers = (_remove(client, remover, room) for remover in company.removers(login.actor))
                refused = [told(answer) for answer in itertools.takewhile(lambda each: not succeeded(each), answers)]
                if len(refused) == len(company.removers(login.actor)):
                    left[name] = Leftover(what=f"room {name}", why=refused[0])
    return list(left.values())


def _is_new(room: Mapping[str, Json], is_new: Callable[[str], bool], makers: set[str]) -> bool:
    owner, names = room.get("u"), (str(room.get(key)) for key in ("_id", "fname", "name"))
    is_made = isinstance(owner, Mapping) and owner.get("_id") in makers
    return is_made and any(map(is_new, names)) and not room.get("teamMain")


def _is_ours(room: Mapping[str, Json], usernames: set[str], ids: set[str]) -> bool:
    if room.get("t") == "d":
        members = room.get("usernames")
        return isinstance(members, list) and bool(usernames & {str(name) for name in members})
    owner = room.get("u")
    return isinstance(owner, Mapping) and owner.get("_id") in ids


def _rooms(client: RestClient, login: Login) -> Sequence[Mapping[str, Json]] | None:
    answer = client.send(
        Ask(actor=login.actor, purpose="what is left?", method="GET", path=f"{API}rooms.get", headers=login.headers)
    )
    rooms = answer.body.get("update") if isinstance(answer.body, Mapping) else None
    return [room for room in rooms if isinstance(room, Mapping)] if isinstance(rooms, list) else None


def _remove(client: RestClient, admin: Login, room: Mapping[str, Json]) -> Answer:
    name = "dm.delete" if room.get("t") == "d" else "rooms.delete"
    return client.send(
        Ask(
            actor=admin.actor,
            purpose=f"remove room {room.get('_id')}",
            method="POST",
            path=API + name,
            body={"roomId": room.get("_id")},
            has_body=True,
            headers=admin.headers,
        )
    )
