"""A sweep: removes what killed runs left in a workspace, as its administrator or as the only account of those runs.

First it looks (`plan`), and changes nothing; then it removes, in this order: settings and permissions go back, then
teams, rooms, and at last the people who made them. Each removal is written to the journal at once, so that a sweep that
is killed itself can be repeated.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from preflight.model.json import Json, as_list, as_object
from preflight.model.run import Leftover
from preflight.session.casting import is_administrator
from preflight.session.circumstances import (
    CircumstanceError,
    is_denial,
    refuse_unable,
    succeeded,
    told,
)
from preflight.session.company import ADMIN
from preflight.session.inventory import Found, Inventory, Signs, prefixes_there, take_inventory
from preflight.session.journal import Entry
from preflight.session.records import Record
from preflight.session.stage import iso
from preflight.settings import Account
from preflight.wire.redaction import Redactor
from preflight.wire.rest import API, Answer, Ask, RestClient
from preflight.wire.workspace import Login, enter, identify, log_out

_CLOCKS_DIFFER = timedelta(days=1)
_SETTING = "POST settings/"
_PERMISSIONS = "POST permissions.update"
_NAMING = ("roomId", "teamId", "userId")


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One thing to remove or to put back: what and why, by which request, and the journal entries that name it."""

    what: str
    why: str
    operation: str
    body: Json
    entries: tuple[tuple[Record, Entry], ...] = ()
    gone: bool = False


@dataclass(kw_only=True)
class SweepPlan:
    """What a sweep will do, in order; `over` are entries of things that are gone, `left` is what it will not touch.

    `unclear` looks like a run's and is not proven to be.
    """

    removals: list[Removal] = field(default_factory=list)
    over: list[tuple[Record, Entry]] = field(default_factory=list)
    left: list[Leftover] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


class Sweep:
    """A workspace that somebody has entered to clean up; use it in a ``with`` block.

    Args:
        target: the address of the workspace.
        account: an administrator of it, or the account of runs that worked with one ordinary account.
        records: the journals of the runs to clean up after; they are closed with the sweep.
        prefixes: the prefixes of runs whose journals are lost.
        timeout_s: how long to wait for an answer, in seconds.
        ca_bundle: a file or folder of certificates to trust in place of the usual ones.

    Raises:
        TargetError: when the target does not answer as a Rocket.Chat.
        LoginError: when it refuses the login.
    """

    def __init__(  # noqa: PLR0913 (each may be set alone)
        self,
        target: str,
        account: Account,
        *,
        records: Iterable[Record] = (),
        prefixes: Iterable[str] = (),
        timeout_s: float = 15.0,
        ca_bundle: Path | None = None,
    ) -> None:
        self.records = tuple(records)
        self.prefixes = frozenset(prefixes)
        self._stack = ExitStack()
        for record in self.records:
            self._stack.callback(record.close)
        try:
            self._client = RestClient(target, Redactor(), timeout_s=timeout_s, ca_bundle=ca_bundle)
            self._stack.callback(self._client.close)
            identify(self._client)
            self._admin: Login = enter(self._client, ADMIN, account)
        except BaseException:
            self._stack.close()
            raise
        if not account.auth_token:
            self._stack.callback(log_out, self._client, self._admin)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def prefixes_there(self) -> frozenset[str]:
        """Give the prefixes of runs that can be seen in the workspace; raises as `plan` does."""
        return prefixes_there(self._client, self._admin)

    def plan(self) -> SweepPlan:
        """Look at what is there, and change nothing.

        Raises:
            CircumstanceError: when the workspace does not tell.
            TargetError: when it does not answer.
        """
        made = SweepPlan()
        standing = [(record, entry) for record in self.records for entry in record.standing.values()]
        changed = [pair for pair in standing if _is_change(pair[1])]
        for record, entry in sorted(changed, key=lambda pair: -pair[1].number):
            self._put_back(made, record, entry)
        inventory = take_inventory(
            self._client, self._admin, self._signs(), search_people=bool(self.prefixes), alone=self._is_alone
        )
        made.unclear += inventory.unclear
        made.left += [Leftover(what="whatever no list shows", why=why) for why in inventory.unseen]
        self._things(made, inventory, [pair for pair in standing if not _is_change(pair[1])])
        return made

    def carry_out(self, plan: SweepPlan, say: Callable[[Removal, str], None]) -> list[Leftover]:
        """Do what a plan says; `say` gets each removal, and why it failed where it did. Gives what is left.

        Raises:
            CircumstanceError: when the workspace refuses to be asked further.
            TargetError: when it does not answer any more.
        """
        left = list(plan.left)
        for record, entry in plan.over:
            record.removed(entry)
        for removal in plan.removals:
            why = self._remove(removal)
            say(removal, why)
            if why:
                left.append(Leftover(what=removal.what, why=why))
        for record in self.records:
            record.end(len(left))
        return left

    @property
    def _is_alone(self) -> bool:
        """Whether the account of the sweep, which is no administrator, has made all that there is to find."""
        headings = [record.heading for record in self.records]
        made_all = all(each.alone and each.account_id == self._admin.user_id for each in headings)
        return made_all and bool(headings) and not self.prefixes and not is_administrator(self._admin)

    def _signs(self) -> Signs:
        headings = [record.heading for record in self.records]
        started = min((heading.started for heading in headings), default="")
        standing = [entry.undo for record in self.records for entry in record.standing.values()]
        people = [as_object(undo.body).get("userId") for undo in standing if undo.operation == "POST users.delete"]
        names = [name for record in self.records for intent in record.doubtful.values() for name in intent.names]
        return Signs(
            prefixes=self.prefixes | {heading.prefix for heading in headings},
            accounts=frozenset({heading.account_id for heading in headings} | {self._admin.user_id}),
            usernames=frozenset(name for name in names if " " not in name and "@" not in name),
            people=self._ids("users.delete", "userId"),
            present=frozenset(str(person) for person in people),
            rooms=frozenset[str]().union(*(self._ids(name, "roomId") for name in _DELETING_ROOMS)),
            teams=self._ids("teams.delete", "teamId"),
            since="" if self.prefixes or not started else _day_before(started),
        )

    def _ids(self, route: str, key: str) -> frozenset[str]:
        return frozenset[str]().union(*(record.ids(f"POST {route}", key) for record in self.records))

    def _put_back(self, made: SweepPlan, record: Record, entry: Entry) -> None:
        """Plan to give a setting or permission its value from before, unless somebody else has changed it since."""
        undo, values = entry.undo, record.values.get(entry.number, [])
        before, now = self._before_and_now(entry)
        if now == before:
            made.over.append((record, entry))
        elif now in map(_sorted, values):
            why = f"is {now!r}, was {before!r}"
            made.removals.append(
                Removal(
                    what=entry.what,
                    why=why,
                    operation=undo.operation,
                    body=undo.body,
                    entries=((record, entry),),
                )
            )
        else:
            why = f"is {now!r}, was {before!r} before the run, and it was not the run that made it so"
            made.left.append(Leftover(what=entry.what, why=why))

    def _before_and_now(self, entry: Entry) -> tuple[Json, Json]:
        undo = entry.undo
        if undo.operation.startswith(_SETTING):
            answer = self._ask("GET", undo.operation.partition(" ")[2])
            if not succeeded(answer):
                raise CircumstanceError(f"{entry.what} could not be read: {told(answer)}")
            return _sorted(as_object(undo.body).get("value")), _sorted(as_object(answer.body).get("value"))
        wanted = as_object(as_list(as_object(undo.body).get("permissions"))[0])
        answer = self._ask("GET", "permissions.listAll")
        if not succeeded(answer):
            raise CircumstanceError(f"{entry.what} could not be read: {told(answer)}")
        known = map(as_object, as_list(as_object(answer.body).get("update")))
        now = next((each.get("roles") for each in known if each.get("_id") == wanted.get("_id")), None)
        return _sorted(wanted.get("roles")), _sorted(now)

    def _things(self, made: SweepPlan, inventory: Inventory, standing: list[tuple[Record, Entry]]) -> None:
        """Plan to remove what is there, by its journal entries where it has some."""
        found = [*inventory.teams, *inventory.rooms, *inventory.people]
        ids = {each.id for each in found}
        for each in found:
            entries = tuple(pair for pair in standing if _named_by(pair[1]) == each.id)
            made.removals.append(_removal(each, entries))
        for record, entry in sorted(standing, key=lambda pair: -pair[1].number):
            named = _named_by(entry)
            if named in ids:
                continue
            if named and not inventory.unseen:
                made.over.append((record, entry))
            else:
                # What no list can show is removed as the run itself would have done it.
                undo = entry.undo
                made.removals.insert(
                    sum(_is_change_of(removal) for removal in made.removals),
                    Removal(
                        what=entry.what,
                        why="in the journal",
                        operation=undo.operation,
                        body=undo.body,
                        entries=((record, entry),),
                        gone=undo.gone,
                    ),
                )

    def _remove(self, removal: Removal) -> str:
        method, _, name = removal.operation.partition(" ")
        answer = self._ask(method, name, removal.body, purpose=f"remove {removal.what}")
        if not succeeded(answer) and not (removal.gone and is_denial(answer)):
            return self._client.redactor.clean(told(answer))
        for record, entry in removal.entries:
            record.removed(entry)
        return ""

    def _ask(self, method: str, name: str, body: Json = None, *, purpose: str = "what is it now?") -> Answer:
        return refuse_unable(
            self._client.send(
                Ask(
                    actor=ADMIN,
                    purpose=purpose,
                    method=method,
                    path=API + name,
                    body=body,
                    has_body=method == "POST",
                    headers=self._admin.headers,
                )
            ),
            name,
        )


_DELETING_ROOMS = ("rooms.delete", "channels.delete", "groups.delete", "dm.delete")


def _removal(found: Found, entries: tuple[tuple[Record, Entry], ...]) -> Removal:
    operation, body = found.removal
    return Removal(what=f"{found.kind} {found.name}", why=found.known, operation=operation, body=body, entries=entries)


def _is_change(entry: Entry) -> bool:
    return entry.undo.operation.startswith(_SETTING) or entry.undo.operation == _PERMISSIONS


def _is_change_of(removal: Removal) -> bool:
    return removal.operation.startswith(_SETTING) or removal.operation == _PERMISSIONS


def _named_by(entry: Entry) -> str:
    body = as_object(entry.undo.body)
    return next((value for key in _NAMING if isinstance(value := body.get(key), str)), "")


def _day_before(moment: str) -> str:
    return iso(datetime.fromisoformat(moment) - _CLOCKS_DIFFER)


def _sorted(value: Json) -> Json:
    """Give a list of roles in an order that says nothing; anything else as it is."""
    return sorted(str(each) for each in value) if isinstance(value, list) else value
