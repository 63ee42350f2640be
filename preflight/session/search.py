"""Search: what a run may have created although no answer told it so is looked for, and removed.

A run that is interrupted while something is created, or whose target loses an answer, knows the name of it and not
the id. It is found as a sweep finds it, by prefix and by who made it.
"""

from datetime import datetime, timedelta

from preflight.model.json import as_object
from preflight.model.run import Leftover
from preflight.session.circumstances import succeeded, told
from preflight.session.inventory import Found, Inventory, Signs, take_inventory
from preflight.session.journal import Entry, Journal
from preflight.session.stage import Stage, iso
from preflight.wire.rest import API, Ask
from preflight.wire.workspace import Login

CLOCKS_DIFFER = timedelta(days=1)
_DELETING_ROOMS = ("rooms.delete", "channels.delete", "groups.delete", "dm.delete")


def remove_unconfirmed(stage: Stage, admin: Login) -> tuple[list[Leftover], Inventory]:
    """Look for all that is the run's, and remove it but for the people whom the journal can remove; gives what is left.

    Raises:
        CircumstanceError: when the workspace does not answer as it should.
        TargetError: when it does not answer.
    """
    inventory = take_inventory(stage.client, admin, _signs(stage, admin), search_people=False)
    known = _ids(stage.journal.standing, ("users.delete",), "userId")
    strangers = [person for person in inventory.people if person.id not in known]
    left: list[Leftover] = []
    for found in (*inventory.teams, *inventory.rooms, *strangers):
        why = _remove(stage, admin, found)
        if why:
            left.append(Leftover(what=f"{found.kind} {found.name}", why=stage.client.redactor.clean(why)))
    return left, inventory


def _signs(stage: Stage, admin: Login) -> Signs:
    journal: Journal = stage.journal
    ever = journal.created_ever
    names = [name for intent in (*journal.unanswered, *journal.refusals) for name in intent.names]
    return Signs(
        prefixes=frozenset({stage.marks.prefix}),
        accounts=frozenset({admin.user_id}),
        usernames=frozenset(name for name in names if " " not in name and "@" not in name),
        people=_ids(ever, ("users.delete",), "userId"),
        present=_ids(journal.standing, ("users.delete",), "userId"),
        rooms=_ids(ever, _DELETING_ROOMS, "roomId"),
        teams=_ids(ever, ("teams.delete",), "teamId"),
        since=_day_before(stage.started),
    )


def _ids(entries: tuple[Entry, ...], routes: tuple[str, ...], key: str) -> frozenset[str]:
    wanted = {f"POST {route}" for route in routes}
    return frozenset(str(as_object(entry.undo.body).get(key)) for entry in entries if entry.undo.operation in wanted)


def _remove(stage: Stage, admin: Login, found: Found) -> str:
    """Remove one thing; says why where that did not succeed."""
    if stage.guard:
        stage.guard.own(found.id)
    method, _, name = found.removal[0].partition(" ")
    ask = Ask(
        actor=admin.actor,
        purpose=f"remove {found.kind} {found.name}",
        method=method,
        path=API + name,
        body=found.removal[1],
        has_body=True,
        headers=admin.headers,
    )
    answer = stage.client.send(ask)
    return "" if succeeded(answer) else told(answer)


def _day_before(moment: datetime) -> str:
    return iso(moment - CLOCKS_DIFFER)
