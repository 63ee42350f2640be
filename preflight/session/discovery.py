"""Discovery: what the account of a run may do, and what of the target's settings decides how a run goes.

Nothing is changed, and what the target does not tell stays unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from preflight.errors import TargetError
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.session.circumstances import succeeded
from preflight.wire.rest import API, Ask, RestClient
from preflight.wire.workspace import Login

LIMITER = "API_Enable_Rate_Limiter"
CALLS = "API_Enable_Rate_Limiter_Limit_Calls_Default"
WINDOW = "API_Enable_Rate_Limiter_Limit_Time_Default"
SECOND_FACTOR = "Accounts_TwoFactorAuthentication_Enabled"
SETTINGS = (LIMITER, CALLS, WINDOW, SECOND_FACTOR)
READS_SETTINGS = "view-privileged-setting"

#: What a run uses the permissions of its account for.
RIGHTS: Mapping[str, str] = {
    "create-user": "create the people of the run",
    "delete-user": "remove them",
    READS_SETTINGS: "read settings",
    "edit-privileged-setting": "change settings for the moment",
    "access-permissions": "change permissions for the moment",
    "api-bypass-rate-limit": "bypass the rate limiter",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What was found: roles of the account, whether it has the rights that a run uses (None: unknown), and settings."""

    roles: tuple[str, ...] = ()
    rights: Mapping[str, bool | None] = field(default_factory=dict)
    settings: Mapping[str, Json] = field(default_factory=dict)

    @property
    def limiter(self) -> bool | None:
        """Whether the limiter of the REST API is on; None where the settings do not tell."""
        found = self.settings.get(LIMITER)
        return found if isinstance(found, bool) else None

    def number(self, name: str) -> int | None:
        """Give a setting that is a number; None where it is none or was not told."""
        found = self.settings.get(name)
        return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None

    def environment(self) -> dict[str, str]:
        """Tell what was found in the words of run.json."""
        lacking = [name for name, held in self.rights.items() if held is False]
        return {
            "roles": ", ".join(self.roles) or "unknown",
            "rights missing": ", ".join(lacking) or ("none" if all(self.rights.values()) else "unknown"),
            "second factor": _word(self.settings.get(SECOND_FACTOR)),
        }


def discover(client: RestClient, account: Login) -> Capabilities:
    """Ask for the roles of an account, the permissions of roles, and settings; what gets no answer stays unknown.

    Who may not read settings is not asked for them: older releases delay each such refusal.
    """
    me = _read(client, account, "me", "what may the account do?")
    roles = tuple(str(role) for role in as_list(me.get("roles")))
    listed = _read(client, account, "permissions.listAll", "which roles may do what?")
    holders = {
        str(each.get("_id")): frozenset(map(str, as_list(each.get("roles"))))
        for each in map(as_object, as_list(listed.get("update")))
    }
    rights = {name: bool(holders[name] & set(roles)) if name in holders and roles else None for name in RIGHTS}
    names = SETTINGS if rights[READS_SETTINGS] else ()
    settings = {
        name: told["value"] for name in names if "value" in (told := _read(client, account, f"settings/{name}", name))
    }
    return Capabilities(roles=roles, rights=rights, settings=settings)


def _read(client: RestClient, account: Login, route: str, purpose: str) -> JsonObject:
    ask = Ask(actor=account.actor, purpose=purpose, method="GET", path=API + route, headers=account.headers)
    try:
        answer = client.send(ask)
    except TargetError:  # nothing depends on it; if the target is gone, the first case finds that
        return {}
    return as_object(answer.body) if succeeded(answer) else {}


def _word(value: Json) -> str:
    return {True: "on", False: "off"}.get(value, "unknown") if isinstance(value, bool) else "unknown"
