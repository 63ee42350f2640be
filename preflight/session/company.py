"""The company: the people of a run, created and logged in the first time somebody asks for them."""

import itertools
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from preflight.errors import LoginError
from preflight.model.json import Json
from preflight.session.circumstances import (
    SERVER_ERROR,
    CircumstanceError,
    RateLimitedError,
    demand,
    refuse_rate_limited,
    succeeded,
)
from preflight.session.journal import Journal, Undo
from preflight.wire.rest import API, Ask, RestClient
from preflight.wire.workspace import Login, log_in

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
    """Knows who may act, and makes those who do not exist yet; admin is the account that the run was given.

    Where nobody may be created, this account plays the `stand_in` too, and there is nobody else.
    """

    def __init__(  # noqa: PLR0913 (each argument is one thing that a company needs)
        self,
        client: RestClient,
        journal: Journal,
        *,
        admin: Login,
        names: Mapping[str, str],
        marks: Marks,
        stand_in: str = "",
    ) -> None:
        self._client = client
        self._journal = journal
        self._names = names
        self._marks = marks
        self._logins = {ADMIN: admin}
        self._stand_in = stand_in
        if stand_in:
            self._logins[stand_in] = replace(admin, actor=stand_in)
        self._refused: dict[str, str] = {}
        self._tries: dict[str, Iterator[int]] = {}

    def login(self, actor: str) -> Login:
        """Give the login of somebody.

        Raises:
            CircumstanceError: when the person cannot be created or logged in.
        """
        if actor in self._refused:
            raise CircumstanceError(self._refused[actor])
        if actor not in self._logins:
            try:
                self._logins[actor] = self._arrive(actor)
            except RateLimitedError:
                raise
            except CircumstanceError as problem:
                self._refused[actor] = str(problem)
                raise
        return self._logins[actor]

    def fact(self, actor: str, key: str) -> Json:
        """Give `id`, `username` or `name` of somebody."""
        login = self.login(actor)
        return {"id": login.user_id, "username": login.username, "name": self._names.get(actor, "")}[key]

    def is_here(self, actor: str) -> bool:
        """Whether somebody is there already."""
        return actor in self._logins

    @property
    def present(self) -> tuple[Login, ...]:
        """Those created so far, without the account of the run."""
        return tuple(login for actor, login in self._logins.items() if actor not in {ADMIN, self._stand_in})

    def _arrive(self, actor: str) -> Login:
        if self._stand_in:
            raise CircumstanceError(f"--read-only: nobody is created, so there is no {actor}")
        # Where no answer told whether somebody was created, the name may be taken: the next try takes another.
        number_of_try = next(self._tries.setdefault(actor, itertools.count(1)))
        username = f"{self._marks.prefix}.{actor}" + (f"{number_of_try}" if number_of_try > 1 else "")
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
        if answer.status < SERVER_ERROR and not succeeded(answer):
            self._journal.refused(number)
        user = demand(refuse_rate_limited(answer), f"the person {actor}").get("user")
        if isinstance(user, Mapping):
            undo = Undo(
                actor=ADMIN,
                operation="POST users.delete",
                body={"userId": user.get("_id"), "confirmRelinquish": True},
            )
            self._journal.created(number, f"user {username}", undo)
        try:
            return log_in(self._client, actor, username, password)
        except LoginError as problem:
            raise CircumstanceError(f"could not arrange the person {actor}: {problem.what}") from problem
