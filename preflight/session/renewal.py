"""Renewal: who is let in no more by a token that was good before logs in once again, and what was asked is repeated.

Tokens end: by a setting, by an administrator, by a restart. A refusal is taken for such an end only where the token is
refused for who it belongs to, too; else it is the target's answer, to be judged. A second end is a circumstance.
"""

from collections.abc import Mapping
from dataclasses import replace
from threading import RLock

from preflight.errors import LoginError
from preflight.session.circumstances import CircumstanceError
from preflight.settings import Account
from preflight.wire.rest import API, TOKEN_HEADER, UNAUTHORIZED, Ask, RestClient
from preflight.wire.workspace import Login, enter

_USER_HEADER = "X-User-Id"


class Renewal:
    """Knows the logins of a run and how they came to be; threads may share it."""

    def __init__(self, client: RestClient) -> None:
        self._client = client
        self._kept: dict[str, tuple[Login, Account]] = {}
        self._over: dict[str, Login] = {}
        self._renewed: dict[str, str] = {}
        self._spent: set[str] = set()
        self._is_asking = False
        self._lock = RLock()

    @property
    def renewed(self) -> tuple[str, ...]:
        """Who has logged in again."""
        return tuple(self._renewed.values())

    def keep(self, login: Login, account: Account) -> Login:
        """Remember by what somebody has logged in; gives the login."""
        self._kept[login.token] = (login, account)
        return login

    def current(self, login: Login) -> Login:
        """Give the login that took the place of one which has ended, else the login itself."""
        over = self._newest(login.token)
        return login if over is None else replace(over, actor=login.actor)

    def current_token(self, token: str) -> str:
        """Give the token that took the place of one which has ended, else the token itself."""
        over = self._newest(token)
        return token if over is None else over.token

    def begin_anew(self) -> None:
        """Let everybody log in once more: the target was gone, and may have forgotten who was logged in."""
        self._spent.clear()

    def _newest(self, token: str) -> Login | None:
        found = None
        while token in self._over:
            found = self._over[token]
            token = found.token
        return found

    def __call__(self, ask: Ask) -> Ask | None:
        """Give a request that was answered with 401 as it is to be repeated; None where the answer holds.

        Raises:
            CircumstanceError: when the login has ended and cannot be renewed, or has been renewed before.
        """
        token = ask.headers.get(TOKEN_HEADER, "")
        with self._lock:
            kept = self._kept.get(token)
            if self._is_asking or kept is None or ask.headers.get(_USER_HEADER) != kept[0].user_id:
                return None
            if token not in self._over and not self._is_refused(kept[0]):
                return None
            fresh = self._newest(token) or self._again(*kept)
        return replace(ask, headers={**ask.headers, **fresh.headers})

    def _is_refused(self, login: Login) -> bool:
        """Ask who somebody is: that is told to everybody who is logged in."""
        ask = Ask(actor=login.actor, purpose="who am I?", method="GET", path=f"{API}me", headers=login.headers)
        self._is_asking = True
        try:
            return self._client.send(ask).status == UNAUTHORIZED
        finally:
            self._is_asking = False

    def _again(self, login: Login, account: Account) -> Login:
        if login.user_id in self._spent:
            raise CircumstanceError(f"the login of {login.actor} has ended for the second time; it is renewed once")
        if not account.password:
            raise CircumstanceError(f"the token of {login.actor} was good and is so no more; who gave it must renew it")
        try:
            fresh = enter(self._client, login.actor, account)
        except LoginError as problem:
            raise CircumstanceError(f"the login of {login.actor} has ended: {problem.what}") from problem
        self._renewed[login.user_id] = login.actor
        self._spent.add(fresh.user_id)
        self._over[login.token] = fresh
        self.keep(fresh, account)
        return fresh


def told(renewal: Renewal) -> Mapping[str, str]:
    """Say in the words of run.json whose login was renewed."""
    return {"logins renewed": ", ".join(renewal.renewed)} if renewal.renewed else {}
