"""The keeper of settings: meets what a case needs of the workspace's settings, and puts everything back."""

from collections.abc import Mapping

from preflight.model.json import Json
from preflight.session.circumstances import (
    SERVER_ERROR,
    CircumstanceError,
    NotApplicableError,
    refuse_rate_limited,
    succeeded,
    told,
)
from preflight.session.journal import Entry, Journal, Undo
from preflight.wire.rest import API, Answer, Ask, RestClient
from preflight.wire.workspace import Login


class SettingsKeeper:
    """Reads settings once, changes them only where that is allowed, and puts back what the journal says."""

    def __init__(self, client: RestClient, journal: Journal, admin: Login, *, may_change: bool) -> None:
        self._client = client
        self._journal = journal
        self._admin = admin
        self._may_change = may_change
        self._original: dict[str, Json] = {}
        self._now: dict[str, Json] = {}
        self._changed: dict[str, Entry] = {}

    def meet(self, needs: Mapping[str, Json]) -> None:
        """Make the settings be as a case needs them, all others as they were.

        Raises:
            NotApplicableError: when a setting is otherwise and may not, or cannot, be changed.
            CircumstanceError: when the target does not say what a setting is, or cannot put it back.
        """
        for name in [name for name in self._changed if name not in needs]:
            why = self._put_back(name)
            if why:
                raise CircumstanceError(f"the setting {name} could not be put back: {why}")
        for name, wanted in needs.items():
            if self._value(name) != wanted or name not in self._now:
                self._demand(name, wanted)

    def restore(self) -> tuple[tuple[str, str], ...]:
        """Put everything back; gives the names of the settings that could not be, and why."""
        left: list[tuple[str, str]] = []
        for name in tuple(self._changed):
            try:
                why = self._put_back(name)
            except CircumstanceError as problem:
                why = str(problem)
            if why:
                left.append((name, why))
        return tuple(left)

    def _value(self, name: str) -> Json:
        if name not in self._original:
            answer = self._ask("GET", name)
            if not succeeded(answer) or not isinstance(answer.body, Mapping):
                raise NotApplicableError(f"the setting {name} could not be read: {told(answer)}")
            self._original[name] = self._now[name] = answer.body.get("value")
        return self._now.get(name, self._original[name])

    def _demand(self, name: str, wanted: Json) -> None:
        if not self._may_change:
            raise NotApplicableError(
                f"the setting {name} is {_shown(self._value(name))}, the case needs {_shown(wanted)};"
                " --disruptive lets Preflight change it for the moment"
            )
        if name not in self._changed:
            undo = Undo(
                actor=self._admin.actor, operation=f"POST settings/{name}", body={"value": self._original[name]}
            )
            what = f"setting {name}"
            self._changed[name] = self._journal.created(self._journal.intend(what), what, undo)
        answer = self._change(name, wanted)
        if not succeeded(answer):
            if self._now.get(name) == self._original[name]:
                self._journal.removed(self._changed.pop(name))
            raise NotApplicableError(f"the setting {name} could not be changed: {told(answer)}")

    def _put_back(self, name: str) -> str:
        """Give a setting its value from before; says why where that did not succeed."""
        answer = self._change(name, self._original[name])
        if not succeeded(answer):
            return told(answer)
        self._journal.removed(self._changed.pop(name))
        return ""

    def _change(self, name: str, value: Json) -> Answer:
        # Until an answer tells, a setting has neither the old value nor the new one for certain.
        before = {name: self._now.pop(name)} if name in self._now else {}
        answer = self._ask("POST", name, {"value": value})
        self._now |= {name: value} if succeeded(answer) else before
        return answer

    def _ask(self, method: str, name: str, body: Json = None) -> Answer:
        answer = self._client.send(
            Ask(
                actor=self._admin.actor,
                purpose=f"setting {name}",
                method=method,
                path=f"{API}settings/{name}",
                body=body,
                has_body=method == "POST",
                headers=self._admin.headers,
            )
        )
        if answer.status >= SERVER_ERROR:
            raise CircumstanceError(f"the setting {name} is not to be had: {told(answer)}")
        return refuse_rate_limited(answer)


def _shown(value: Json) -> str:
    return {True: "on", False: "off"}.get(value, repr(value)) if isinstance(value, bool) else repr(value)
