"""Casting: who plays the people of a run: accounts that it creates, accounts that it was given, or its own alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from preflight.settings import Account
from preflight.wire.workspace import Login

ADMINISTRATOR = "admin"  # the role that has every right
ABSENT = "{person}"
ORDINARY = ("user",)  # the roles of somebody who was given none


@dataclass(frozen=True, slots=True, kw_only=True)
class Casting:
    """How the parts are given out.

    `closed` says why there is no account for somebody, whose name takes the place of `ABSENT`; it is empty where people
    are created.
    `stand_in` is whom the account of the run plays beside the administrator; `given` are accounts by whom they play.
    """

    closed: str = ""
    stand_in: str = ""
    given: Mapping[str, Account] = field(default_factory=dict)

    def plays(self, actor: str) -> bool:
        """Tell whether somebody is played by an account that was there before the run."""
        return actor in self.given or (actor == self.stand_in and bool(actor))

    @property
    def told(self) -> str:
        """Say it in a word or two for run.json."""
        if self.given:
            return f"given accounts: {', '.join(sorted(self.given))}"
        return f"the account of the run alone, as {self.stand_in}" if self.stand_in else "created"


def is_administrator(login: Login) -> bool:
    """Tell whether an account may play the administrator; who was told no roles is taken at their word."""
    return not login.roles or ADMINISTRATOR in login.roles


def is_ordinary(login: Login) -> bool:
    """Tell whether an account has the roles that a new person has, and no others."""
    return login.roles == ORDINARY
