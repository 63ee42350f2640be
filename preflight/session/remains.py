"""Remains: rooms that cases made on the way and that no journal entry names, such as a DM opened by a post.

Only rooms of the people of this run are looked at. Of those whom it created these are the rooms which they own and the
DMs in which they are; of accounts that were there before, the rooms which they have made in this run.
"""

from collections.abc import Callable, Mapping, Sequence

from preflight.model.json import Json, as_object
from preflight.model.run import Leftover
from preflight.session.circumstances import succeeded, told
from preflight.session.company import Company
from preflight.wire.rest import API, Ask, RestClient
from preflight.wire.workspace import Login

_MOST_TRIES = 2


def remove_remains(
    client: RestClient,
    company: Company,
    admin: Login,
    is_new: Callable[[str], bool] = lambda _: False,
    is_gone: Callable[[str], bool] = lambda _: False,
) -> list[Leftover]:
    """Remove what the people of the run still have; gives what could not be removed.

    `is_new` tells of an id or name whether it is that of something which the run has made, `is_gone` of the id of
    somebody whether they were removed already.
    """
    left: dict[str, Leftover] = {}
    usernames = {login.username for login in company.present}
    ids = {login.user_id for login in company.present}
    for login in company.present:
        rooms = () if is_gone(login.user_id) else _listed(client, login, left)
        for id_, room in rooms:
            if _is_ours(room, usernames, ids) and id_ not in left:
                _remove(client, [admin], room, left)
    visitors = {login.user_id for login in company.visiting}
    for login in company.visiting:
        for id_, room in _listed(client, login, left):
            if _is_new(room, is_new, visitors) and id_ not in left:
                _remove(client, company.removers(login.actor), room, left)
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


def _listed(client: RestClient, login: Login, left: dict[str, Leftover]) -> Sequence[tuple[str, Mapping[str, Json]]]:
    """List the rooms of somebody by their ids, or tell that they could not be; what cannot be read is asked again."""
    ask = Ask(actor=login.actor, purpose="what is left?", method="GET", path=f"{API}rooms.get", headers=login.headers)
    for _ in range(_MOST_TRIES):
        rooms = as_object(client.send(ask).body).get("update")
        if isinstance(rooms, list):
            return [(str(room.get("_id")), room) for room in rooms if isinstance(room, Mapping)]
    left[login.user_id] = Leftover(what=f"rooms of {login.username}", why="could not be listed")
    return ()


def _remove(client: RestClient, removers: Sequence[Login], room: Mapping[str, Json], left: dict[str, Leftover]) -> None:
    """Remove a room, by the first who may, or tell what the first was answered."""
    id_, name = str(room.get("_id")), "dm.delete" if room.get("t") == "d" else "rooms.delete"
    refused: list[str] = []
    for remover in removers:
        answer = client.send(
            Ask(
                actor=remover.actor,
                purpose=f"remove room {id_}",
                method="POST",
                path=API + name,
                body={"roomId": id_},
                has_body=True,
                headers=remover.headers,
            )
        )
        if succeeded(answer):
            return
        refused.append(told(answer))
    left[id_] = Leftover(what=f"room {id_}", why=refused[0])
