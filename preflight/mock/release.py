"""Regime: what differs between the releases that the mock workspace can play.

A release line is one frozen value; what depends on it is asked by name, so that a rule reads as the behaviour it is
about and never as a comparison of numbers.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from preflight.errors import UsageError

_LEGACY_JOINT = "\n "
_TYPED_JOINT = "\n"
_NOT_LOGGED_IN = "You must be logged in to do this."

# The routes that left the legacy dispatcher before 8.0 did; with 8.3 all are typed.
_TYPED_AT_8_0 = frozenset({"chat.pinMessage", "chat.unPinMessage", "dm.delete", "im.delete", "chat.update"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """The behaviour of one release line."""

    release: str
    version: str

    @classmethod
    def of(cls, release: str) -> "Regime":
        """Gives the regime of a release line such as ``8.0``; raises UsageError where the mock does not play it."""
        if release in _REGIMES:
            return _REGIMES[release]
        near = get_close_matches(release, _REGIMES, n=1)
        guess = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(
            f"The mock workspace does not play release {release!r}.",
            hint=f"{guess}It plays {', '.join(_REGIMES)}.",
        )

    @classmethod
    def known(cls) -> tuple[str, ...]:
        """Lists the release lines that the mock plays, oldest first."""
        return tuple(_REGIMES)

    def at_least(self, release: str) -> bool:
        """Tells whether this release line is the given one or a later one."""
        return _number(self.release) >= _number(release)

    # -- the dispatcher ------------------------------------------------------------------------------------------

    @property
    def wrong_method_is_405(self) -> bool:
        """A known path with a wrong method answers 405 with a body, and not the router's 404."""
        return not self.at_least("7.4")

    @property
    def unknown_route_is_a_page(self) -> bool:
        """A path that no route has falls through to the web application: GET gives its page, other methods 405."""
        return not self.at_least("7.4")

    @property
    def malformed_json_is_a_page(self) -> bool:
        """A body that is no JSON gives an HTML page with 400, before authentication; later it counts as empty."""
        return not self.at_least("7.4")

    @property
    def refusals_are_slow(self) -> bool:
        """A 401 or 403 is delayed by 500 to 1000 ms, where the workspace is asked to play that too."""
        return not self.at_least("7.4")

    def typed(self, name: str, typed_from: str | None = None) -> bool:
        """Tells whether a route belongs to the typed dispatcher, which validates in another order and another tone."""
        if typed_from is not None:
            return self.at_least(typed_from)
        return self.at_least("8.3") or (self.at_least("8.0") and name in _TYPED_AT_8_0)

    def validates_first(self, name: str, typed_from: str | None = None) -> bool:
        """Tells whether a route validates its request before it asks for a login."""
        return self.typed(name, typed_from) and not self.at_least("8.3")

    @property
    def not_logged_in(self) -> dict[str, object]:
        """The body of every 401 but that of a login."""
        legacy: dict[str, object] = {"status": "error", "message": _NOT_LOGGED_IN}
        return {"success": False, "error": _NOT_LOGGED_IN, **legacy} if self.at_least("7.4") else legacy

    @property
    def cache_headers_everywhere(self) -> bool:
        """``cache-control`` and ``pragma`` stand on refusals of the dispatcher too."""
        return not self.at_least("8.3")

    @property
    def allowed_headers(self) -> str:
        """The value of ``access-control-allow-headers``."""
        base = "Origin, X-Requested-With, Content-Type, Accept, X-User-Id, X-Auth-Token"
        return f"{base}, x-visitor-token, Authorization, MCP-Protocol-Version" if self.at_least("8.0") else base

    # -- validation ----------------------------------------------------------------------------------------------

    def invalid(self, name: str, part: str, messages: list[str], typed_from: str | None = None) -> tuple[str, str]:
        """Gives the error text and error type of a refused query or body."""
        if not self.typed(name, typed_from):
            return f"{_LEGACY_JOINT.join(messages)} [invalid-params]", "invalid-params"
        joint = _TYPED_JOINT if self.at_least("8.3") else _LEGACY_JOINT
        return joint.join(messages), "error-invalid-params" if part == "query" else "invalid-params"

    @property
    def query_coerces_arrays(self) -> bool:
        """A single query value stands for an array of one, and an array of one for a single value."""
        return self.at_least("8.3")

    @property
    def dates_follow_iso(self) -> bool:
        """The format ``iso-date-time`` wants a date and a time; before it wanted whatever the engine could parse."""
        return self.at_least("7.0")

    @property
    def fields_and_query(self) -> bool:
        """The parameters ``fields`` and ``query`` take effect (and announce their removal); later they do nothing."""
        return not self.at_least("7.0")

    # -- authentication ------------------------------------------------------------------------------------------

    @property
    def login_failures_are_alike(self) -> bool:
        """A wrong password and an unknown user give the same sentence."""
        return self.at_least("7.0")

    @property
    def login_names_success(self) -> bool:
        """The answers of POST login have the key ``success``."""
        return self.at_least("8.0")

    @property
    def operators_reach_the_database(self) -> bool:
        """An object in the place of a room's id is a query, and answers whatever room matches it."""
        return not self.at_least("7.0")

    # -- rooms ---------------------------------------------------------------------------------------------------

    @property
    def archived_rooms_are_shown(self) -> bool:
        """rooms.info answers for an archived room instead of refusing it."""
        return self.at_least("8.6")

    @property
    def counters_need_an_open_room(self) -> bool:
        """dm.counters counts a room as joined only while it is open."""
        return not self.at_least("7.2")

    @property
    def members_counts_active_users(self) -> bool:
        """dm.counters counts the active users of the room instead of its usersCount."""
        return self.at_least("8.8")

    @property
    def shows_private_usernames(self) -> bool:
        """Direct rooms carry the key ``_USERNAMES``."""
        return not self.at_least("7.0")

    @property
    def lists_show_hidden_messages(self) -> bool:
        """The lists of a room's messages show what is hidden elsewhere: old texts, and messages that history keeps."""
        return not self.at_least("8.8")

    @property
    def permission_sentence_for_everyone(self) -> bool:
        """dm.list.everyone and dm.messages.others refuse with the permission sentence and not with ``unauthorized``."""
        return self.at_least("7.0")

    # -- translation ---------------------------------------------------------------------------------------------

    @property
    def translation_answers_with_the_message(self) -> bool:
        """autotranslate.translateMessage gives the translated message."""
        return self.at_least("7.0")

    @property
    def translation_needs_access(self) -> bool:
        """autotranslate.translateMessage refuses who may not see the room."""
        return self.at_least("8.5")


@cache
def _number(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))


_REGIMES = {
    "6.14": Regime(release="6.14", version="6.14.0"),
    "8.0": Regime(release="8.0", version="8.0.0"),
    "8.8": Regime(release="8.8", version="8.8.0"),
}
