"""Keepers: meet what a case needs of the workspace's settings and of the roles that hold a permission, for the moment.

Each change is in the journal before it is made, with the value from before, and is put back by the run or by a sweep.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from preflight.errors import PreflightError
from preflight.model.json import Json, as_list, as_object
from preflight.session.circumstances import (
    FORBIDDEN,
    CircumstanceError,
    NotApplicableError,
    is_refusal,
    refuse_gateway,
    refuse_rate_limited,
    succeeded,
    told,
)
from preflight.session.journal import Entry, Journal, Undo
from preflight.wire.rest import API, Answer, Ask, RestClient
from preflight.wire.workspace import Login

_NO_RIGHT = "the account of the run has no right"


class Keeper(ABC):
    """Reads values once, changes them only where that is allowed, and puts back what the journal says."""

    kind: str

    def __init__(self, client: RestClient, journal: Journal, admin: Login, *, may_change: bool) -> None:
        self._client = client
        self._journal = journal
        self._admin = admin
        self._may_change = may_change
        self._original: dict[str, Json] = {}
        self._now: dict[str, Json] = {}
        self._changed: dict[str, Entry] = {}
        self._unread: set[str] = set()

    def meet(self, needs: Mapping[str, Json]) -> None:
        """Make the values be as a case needs them, all others as they were.

        Raises:
            NotApplicableError: when one is otherwise and may not, or cannot, be changed.
            CircumstanceError: when the target does not say what one is, or cannot put it back.
        """
        for name in [name for name in self._changed if name not in needs]:
            why = self._put_back(name)
            if why:
                raise CircumstanceError(f"the {self.kind} {name} could not be put back: {why}")
        for name, wanted in needs.items():
            if self._value(name) != wanted or name not in self._now:
                self._demand(name, wanted)

    def changing(self, needs: Mapping[str, Json]) -> Mapping[str, Json]:
        """Give those of some values that a run has to change to have them; none where nothing may be changed."""
        return {name: wanted for name, wanted in needs.items() if self._may_change and not self._is(name, wanted)}

    def restore(self) -> tuple[tuple[str, str], ...]:
        """Put everything back; gives the names of those that could not be, and why."""
        left: list[tuple[str, str]] = []
        for name in tuple(self._changed):
            try:
                why = self._put_back(name)
            except CircumstanceError as problem:
                why = str(problem)
            if why:
                left.append((name, why))
        return tuple(left)

    def doubt(self) -> None:
        """Take no value for granted any more: the workspace may have forgotten what it was told."""
        self._now.clear()

    @abstractmethod
    def _read(self, name: str) -> Json:
        """Ask for a value; raises NotApplicableError where it cannot be read."""

    @abstractmethod
    def _writing(self, name: str, value: Json) -> tuple[str, Json]:
        """Give the operation, such as ``POST settings/ID``, and the body that give something a value."""

    def _is(self, name: str, wanted: Json) -> bool:
        """Whether a value is as wanted; what could not be read is not read again for each case that needs it."""
        if name in self._unread:
            return False
        try:
            return self._value(name) == wanted
        except (NotApplicableError, CircumstanceError, PreflightError):
            self._unread.add(name)
            return False  # what stands in the way is met again by whoever needs the value

    def _value(self, name: str) -> Json:
        if name not in self._original:
            self._original[name] = self._now[name] = self._read(name)
        return self._now.get(name, self._original[name])

    def _demand(self, name: str, wanted: Json) -> None:
        if not self._may_change:
            raise NotApplicableError(
                f"the {self.kind} {name} is {_shown(self._value(name))}, the case needs {_shown(wanted)};"
                " --disruptive lets Preflight change it for the moment"
            )
        if name not in self._changed:
            operation, body = self._writing(name, self._original[name])
            undo = Undo(actor=self._admin.actor, operation=operation, body=body)
            what = f"{self.kind} {name}"
            self._changed[name] = self._journal.created(self._journal.intend(what), what, undo)
        self._journal.becomes(self._changed[name], wanted)
        answer = self._change(name, wanted)
        if not succeeded(answer):
            if self._now.get(name) == self._original[name]:
                self._journal.removed(self._changed.pop(name))
            if answer.status == FORBIDDEN:
                raise CircumstanceError(f"{_NO_RIGHT} to change the {self.kind} {name}: {told(answer)}")
            raise NotApplicableError(f"the {self.kind} {name} could not be changed: {told(answer)}")

    def _put_back(self, name: str) -> str:
        """Give something its value from before; says why where that did not succeed."""
        answer = self._change(name, self._original[name])
        if not succeeded(answer):
            return told(answer)
        self._journal.removed(self._changed.pop(name))
        return ""

    def _change(self, name: str, value: Json) -> Answer:
        # Until an answer tells, it has neither the old value nor the new one for certain.
        before = {name: self._now.pop(name)} if name in self._now else {}
        operation, body = self._writing(name, value)
        answer = self._ask(operation, name, body)
        self._now |= {name: value} if succeeded(answer) else before
        return answer

    def _ask(self, operation: str, name: str, body: Json = None) -> Answer:
        method, _, route = operation.partition(" ")
        answer = self._client.send(
            Ask(
                actor=self._admin.actor,
                purpose=f"{self.kind} {name}",
                method=method,
                path=API + route,
                body=body,
                has_body=method == "POST",
                headers=self._admin.headers,
            )
        )
        refuse_gateway(answer)
        if not succeeded(answer) and not is_refusal(answer):
            raise CircumstanceError(f"the {self.kind} {name} is not to be had: {told(answer)}")
        return refuse_rate_limited(answer)


class SettingsKeeper(Keeper):
    """The keeper of settings."""

    kind = "setting"
    _closed = ""

    def _read(self, name: str) -> Json:
        if self._closed:
            raise CircumstanceError(self._closed)
        answer = self._ask(f"GET settings/{name}", name)
        if answer.status == FORBIDDEN:
            self._closed = f"{_NO_RIGHT} to read settings: {told(answer)}"
            raise CircumstanceError(self._closed)
        if not succeeded(answer) or not isinstance(answer.body, Mapping):
            raise NotApplicableError(f"the setting {name} could not be read: {told(answer)}")
        return answer.body.get("value")

    def _writing(self, name: str, value: Json) -> tuple[str, Json]:
        return f"POST settings/{name}", {"value": value}


class RightsKeeper(Keeper):
    """The keeper of permissions: a value is the list of the roles that hold one."""

    kind = "permission"

    def roles(self, name: str) -> tuple[str, ...]:
        """Name the roles that hold a permission now; raises NotApplicableError where it cannot be read."""
        return tuple(str(role) for role in as_list(self._value(name)))

    def _read(self, name: str) -> Json:
        answer = self._ask("GET permissions.listAll", name)
        known = map(as_object, as_list(as_object(answer.body).get("update")))
        found = next((each.get("roles") for each in known if each.get("_id") == name), None)
        if not succeeded(answer) or not isinstance(found, list):
            raise NotApplicableError(f"the permission {name} could not be read: {told(answer)}")
        return found

    def _writing(self, name: str, value: Json) -> tuple[str, Json]:
        return "POST permissions.update", {"permissions": [{"_id": name, "roles": value}]}


def _shown(value: Json) -> str:
    return {True: "on", False: "off"}.get(value, repr(value)) if isinstance(value, bool) else repr(value)
