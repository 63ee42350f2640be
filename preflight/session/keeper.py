"""The keeper of settings: meets what a case needs of the workspace's settings, and puts everything back."""

from collections.abc import Mapping

from preflight.model.json import Json
from preflight.session.circumstances import NotApplicableError, succeeded, told
from preflight.wire.rest import API, Answer, Ask, RestClient
from preflight.wire.workspace import Login


class SettingsKeeper:
    """Reads settings once, changes them only where that is allowed, and remembers what they were."""

    def __init__(self, client: RestClient, admin: Login, *, may_change: bool) -> None:
        self._client = client
        self._admin = admin
        self._may_change = may_change
        self._original: dict[str, Json] = {}
        self._now: dict[str, Json] = {}

    def meet(self, needs: Mapping[str, Json]) -> None:
        """Make the settings be as a case needs them, all others as they were.

        Raises:
            NotApplicableError: when a setting is otherwise and may not, or cannot, be changed.
        """
        for name in [name for name, value in self._now.items() if name not in needs and value != self._original[name]]:
            self._change(name, self._original[name])
        for name, wanted in needs.items():
            if self._value(name) != wanted:
                self._demand(name, wanted)

    def restore(self) -> tuple[str, ...]:
        """Put everything back; gives the names of the settings that could not be."""
        changed = [name for name, value in self._now.items() if value != self._original[name]]
        return tuple(name for name in changed if not succeeded(self._change(name, self._original[name])))

    def _value(self, name: str) -> Json:
        if name not in self._original:
            answer = self._ask("GET", name)
            if not succeeded(answer) or not isinstance(answer.body, Mapping):
                raise NotApplicableError(f"the setting {name} could not be read: {told(answer)}")
            self._original[name] = self._now[name] = answer.body.get("value")
        return self._now[name]

    def _demand(self, name: str, wanted: Json) -> None:
        if not self._may_change:
            raise NotApplicableError(
                f"the setting {name} is {_shown(self._value(name))}, the case needs {_shown(wanted)};"
                " --disruptive lets Preflight change it for the moment"
            )
        answer = self._change(name, wanted)
        if not succeeded(answer):
            raise NotApplicableError(f"the setting {name} could not be changed: {told(answer)}")

    def _change(self, name: str, value: Json) -> Answer:
        answer = self._ask("POST", name, {"value": value})
        if succeeded(answer):
            self._now[name] = value
        return answer

    def _ask(self, method: str, name: str, body: Json = None) -> Answer:
        return self._client.send(
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


def _shown(value: Json) -> str:
    return {True: "on", False: "off"}.get(value, repr(value)) if isinstance(value, bool) else repr(value)
