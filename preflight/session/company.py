"""The company: the people of a run, created or taken from those given, and logged in the first time they are asked for.

The administrator of the cases is the account that the run was given, where it is one.
"""

import itertools
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from preflight.errors import LoginError
from preflight.model.json import Json
from preflight.model.outage import Forgot, graver
from preflight.session.casting import ABSENT, Casting, is_administrator, is_ordinary
from preflight.session.circumstances import (
    UNAUTHORIZED,
    CircumstanceError,
    GatewayError,
    RateLimitedError,
    demand,
    is_refusal,
    refuse_others,
)
from preflight.session.journal import Journal, Undo
from preflight.session.renewal import Renewal
from preflight.settings import Account
from preflight.wire.rest import API, Ask, RestClient
from preflight.wire.workspace import Login, enter, log_in, log_out

ADMIN = "admin"

# What the strictest password policies ask for beside length: both cases, a digit, a special character.
_POLICY = "aA1!"


PREFIX = re.compile(r"pf-[0-9a-f]{6}(?![0-9A-Za-z])")
MAILBOX = "@preflight.invalid"


def new_prefix() -> str:
    """Make the prefix of a run: ``pf-`` and six characters, so that any process can tell what a run has named."""
    return f"pf-{secrets.token_hex(3)}"


def prefix_of(name: str) -> str:
    """Give the prefix that a name begins with; an empty text where it begins with none."""
    found = PREFIX.match(name)
    return found.group() if found else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What marks everything that a run creates: the run's id, and the prefix of every name."""

    run: str
    prefix: str

    def username(self, name: str, number_of_try: int = 1) -> str:
        """Give the name under which somebody is created; each try after the first has one of its own."""
        return f"{self.prefix}.{name}" + (f"{number_of_try}" if number_of_try > 1 else "")

    def own(self, value: Json) -> Iterator[str]:
        """Give the texts in a value that begin with the prefix, as names do which this run gives."""
        if isinstance(value, str):
            if value.startswith(self.prefix):
                yield value
        elif isinstance(value, Mapping):
            for inner in value.values():
                yield from self.own(inner)
        elif isinstance(value, Sequence):
            for inner in value:
                yield from self.own(inner)


class Company:
    """Knows who may act, and makes those who do not exist yet; `account` is the one that the run was given.

    `introduce` is told of each person who was there before the run, and of the names they have.
    """

    def __init__(  # noqa: PLR0913 (each argument is one thing that a company needs)
        self,
        client: RestClient,
        journal: Journal,
        *,
        admin: Login,
        names: Mapping[str, str],
        marks: Marks,
        casting: Casting | None = None,
        introduce: Callable[[str, Login], None] = lambda _actor, _login: None,
        renewal: Renewal | None = None,
    ) -> None:
        self._client = client
        self._journal = journal
        self._names = names
        self._marks = marks
        self.account = admin
        self.casting = casting or Casting()
        self._introduce = introduce
        self._renewal = renewal or Renewal(client)
        self._logins = {ADMIN: admin}
        stand_in = self.casting.stand_in
        if stand_in:
            self._logins[stand_in] = replace(admin, actor=stand_in)
            introduce(stand_in, admin)
        self._refused: dict[str, str] = {}
        self._tries: dict[str, Iterator[int]] = {}

    def login(self, actor: str) -> Login:
        """Give the login of somebody.

        Raises:
            CircumstanceError: when the person cannot be created or logged in.
        """
        if actor in self._refused:
            raise CircumstanceError(self._refused[actor])
        if actor == ADMIN and not is_administrator(self.account):
            raise CircumstanceError("the account of the run is no administrator")
        if actor not in self._logins:
            try:
                self._logins[actor] = self._arrive(actor)
            except (RateLimitedError, GatewayError):
                raise
            except CircumstanceError as problem:
                self._refused[actor] = str(problem)
                raise
        return self._renewal.current(self._logins[actor])

    def fact(self, actor: str, key: str) -> Json:
        """Give `id`, `username` or `name` of somebody."""
        login = self.login(actor)
        name = login.name if self.casting.plays(actor) else self._names.get(actor, "")
        return {"id": login.user_id, "username": login.username, "name": name}[key]

    def is_here(self, actor: str) -> bool:
        """Whether somebody is there already."""
        return actor in self._logins

    def can_come(self, actor: str) -> bool:
        """Whether somebody is there, or could be as far as it is known."""
        return actor not in self._refused and (actor in self._logins or not self.why_absent(actor))

    def why_absent(self, actor: str) -> str:
        """Say why there will be no account for somebody; an empty text where there may be one."""
        return "" if self.casting.plays(actor) else self.casting.closed.replace(ABSENT, actor)

    def may_have_rights(self, actor: str) -> bool:
        """Whether somebody may do more than a new person: an account of before the run, with other roles."""
        return self.casting.plays(actor) and not is_ordinary(self.login(actor))

    @property
    def is_led(self) -> bool:
        """Whether an administrator is there, who may remove what any of the people has made."""
        return is_administrator(self.account)

    @property
    def present(self) -> tuple[Login, ...]:
        """Those created so far."""
        return tuple(login for actor, login in self._logins.items() if actor != ADMIN and not self.casting.plays(actor))

    @property
    def visiting(self) -> tuple[Login, ...]:
        """Those who were there before the run and play in it so far, without its account as administrator."""
        return tuple(login for actor, login in self._logins.items() if self.casting.plays(actor))

    def removers(self, actor: str) -> tuple[Login, ...]:
        """Give who may remove what somebody has made: the administrator, else who made it, then who may own it now."""
        if self.is_led:
            return (self._renewal.current(self.account),)
        return (self.login(actor), *(login for login in self.visiting if login.actor != actor))

    def leave(self) -> None:
        """End the logins of given accounts that were made for the run; a token that was given stays as it is."""
        for actor, account in self.casting.given.items():
            if actor in self._logins and not account.auth_token:
                log_out(self._client, self._renewal.current(self._logins.pop(actor)))

    def meet_again(self) -> Forgot:
        """See who is let in still after the target was gone; who is not logs in once more, or is made anew when needed.

        Raises:
            CircumstanceError: when the account of the run is not let in any more.
            TargetError: when the target does not answer.
        """
        self._refused.clear()
        self._renewal.begin_anew()
        forgot = self._greeted(self.account)
        for actor in self._logins.keys() - {ADMIN, self.casting.stand_in}:
            try:
                found = self._greeted(self._logins[actor])
            except (GatewayError, RateLimitedError):
                raise
            except CircumstanceError:
                del self._logins[actor]
                found = Forgot.LOGINS if self.casting.plays(actor) else Forgot.PEOPLE
            forgot = graver(forgot, found)
        return forgot

    def _greeted(self, login: Login) -> Forgot:
        """Say whether somebody is known as they were, or had to log in again; raises where they are not let in."""
        before = self._renewal.current(login)
        ask = Ask(actor=login.actor, purpose="who am I still?", method="GET", path=f"{API}me", headers=before.headers)
        if refuse_others(self._client.send(ask)).status == UNAUTHORIZED:
            raise CircumstanceError(f"{login.actor} is not let in any more")
        return Forgot.NOTHING if self._renewal.current(login).token == before.token else Forgot.LOGINS

    def _arrive(self, actor: str) -> Login:
        why = self.why_absent(actor)
        if why:
            raise CircumstanceError(why)
        if actor in self.casting.given:
            return self._enter(actor)
        # Where no answer told whether somebody was created, the name may be taken: the next try takes another.
        number_of_try = next(self._tries.setdefault(actor, itertools.count(1)))
        username = self._marks.username(actor, number_of_try)
        password = secrets.token_urlsafe(18) + _POLICY
        self._client.redactor.learn(password, f"{actor}.password")
        number = self._journal.intend(f"user {username}", (username,))
        answer = self._client.send(
            Ask(
                actor=ADMIN,
                purpose=f"create {actor}",
                method="POST",
                path=f"{API}users.create",
                headers=self._logins[ADMIN].headers,
                has_body=True,
                body={
                    "name": self._names[actor],
                    "username": username,
                    "email": f"{username}{MAILBOX}",
                    "password": password,
                    "verified": True,
                    "joinDefaultChannels": False,
                    "requirePasswordChange": False,
                    "sendWelcomeEmail": False,
                },
            )
        )
        if is_refusal(answer):
            self._journal.refused(number)
        user = demand(refuse_others(answer), f"the person {actor}").get("user")
        if isinstance(user, Mapping):
            undo = Undo(
                actor=ADMIN,
                operation="POST users.delete",
                body={"userId": user.get("_id"), "confirmRelinquish": True},
            )
            self._journal.created(number, f"user {username}", undo)
        try:
            login = log_in(self._client, actor, username, password)
        except LoginError as problem:
            raise CircumstanceError(f"could not arrange the person {actor}: {problem.what}") from problem
        return self._renewal.keep(login, Account(user=username, password=password))

    def _enter(self, actor: str) -> Login:
        try:
            login = enter(self._client, actor, self.casting.given[actor])
        except LoginError as problem:
            raise CircumstanceError(f"the account given for {actor} was not let in: {problem.what}") from problem
        others = {known.user_id: name for name, known in self._logins.items() if name != ADMIN}
        if login.user_id in others:
            raise CircumstanceError(f"the account given for {actor} is that of {others[login.user_id]}")
        self._introduce(actor, login)
        return self._renewal.keep(login, self.casting.given[actor])
