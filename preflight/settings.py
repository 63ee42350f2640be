"""What the user asked for, gathered from options, environment and files; the only module that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from preflight import paths
from preflight.errors import UsageError

TARGET = "PREFLIGHT_TARGET"
USER = "PREFLIGHT_USER"
PASSWORD = "PREFLIGHT_PASSWORD"  # noqa: S105 (the name of a variable)
AUTH_TOKEN = "PREFLIGHT_AUTH_TOKEN"  # noqa: S105 (the name of a variable)
USER_ID = "PREFLIGHT_USER_ID"
KEY_PASSPHRASE = "PREFLIGHT_KEY_PASSPHRASE"  # noqa: S105 (the name of a variable)
TOTP = "PREFLIGHT_TOTP"

EMBEDDED: Final = "mock"
LONGEST_ALIAS: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account Preflight works with: a user name with a password, or a token with the id of its user.

    `totp` is the code of a second factor, which is good for one login.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    totp: str = field(default="", repr=False)
    auth_token: str = field(default="", repr=False)
    user_id: str = ""


class Depth(StrEnum):
    """How many generated requests a run makes of each operation."""

    QUICK = "quick"
    STANDARD = "standard"
    DEEP = "deep"

    def reaches(self, other: "Depth") -> bool:
        """Tell whether what is done at the depth `other` is done here as well."""
        return _DEPTHS.index(other) <= _DEPTHS.index(self)


_DEPTHS = tuple(Depth)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """One run as it was asked for.

    `target` None means the embedded mock workspace; `alias` is what people call the target, None its host;
    `release` None means the release that the target reports;
    `workers` None means as many as suit the target; `shard` None means the whole, else a part of it spelled ``2/4``;
    `disruptive` None means: only on a mock workspace; `read_only` that nothing is changed at all;
    `timeout_s` in seconds for each request; `ca_bundle` are certificates to trust in place of the usual ones;
    `accounts` are those that play the people of the run, by whom they play, in place of created ones;
    `seed` None means one at random, which the run tells;
    `max_minutes` None means as long as it takes; `people_key` is what the pseudonyms of people are made with, empty
    where people stay who they are.
    """

    target: str | None = None
    alias: str | None = None
    account: Account | None = None
    accounts: Mapping[str, Account] = field(default_factory=dict)
    release: str | None = None
    only: tuple[str, ...] = ()
    profile: str = "full"
    workers: int | None = None
    shard: str | None = None
    contracts: Path = paths.CONTRACTS
    waivers: Path | None = None
    out: Path = Path("reports/runs")
    fault: str | None = None
    disruptive: bool | None = None
    read_only: bool = False
    timeout_s: float = 15.0
    ca_bundle: Path | None = None
    seed: int | None = None
    depth: Depth = Depth.STANDARD
    max_minutes: float | None = None
    people_key: str = field(default="", repr=False)


def read_only_beside(*, disruptive: bool | None, read_only: bool) -> bool:
    """Give whether a run changes nothing; raises UsageError where it is to be disruptive as well."""
    if read_only and disruptive:
        raise UsageError("a run cannot be read-only and disruptive", hint="leave one of the two options out")
    return read_only


def account_from(given: Account, password_file: Path | None = None, environ: Mapping[str, str] = os.environ) -> Account:
    """Complete the account given by options from the password file, else from the environment.

    Raises:
        UsageError: when user, password, token or user id are missing, contradict each other or cannot be read.
    """
    user = given.user or environ.get(USER, "")
    password = (
        given.password or (secret_in(password_file, "password") if password_file else "") or environ.get(PASSWORD, "")
    )
    auth_token = given.auth_token or environ.get(AUTH_TOKEN, "")
    user_id = given.user_id or environ.get(USER_ID, "")
    if auth_token or user_id:
        return _token_account(auth_token, user_id)
    if not user:
        raise UsageError(
            "no account for the target was given",
            hint=f"give --user and --password-file, or --auth-token and --user-id, or set {USER} and {PASSWORD}",
        )
    if not password:
        raise UsageError(
            f"no password for user {user} was given", hint=f"give --password-file, --password or set {PASSWORD}"
        )
    return Account(user=user, password=password, totp=given.totp or environ.get(TOTP, ""))


def secret_from(variable: str, what: str, environ: Mapping[str, str] = os.environ) -> str:
    """Give the secret that an environment variable holds; raises UsageError where it holds none."""
    if not environ.get(variable):
        raise UsageError(
            f"{what} takes a secret from the environment variable {variable}, which is not set",
            hint=f"set {variable}, or name another in preflight.toml",
        )
    return environ[variable]


def passphrase_from(file: Path | None, environ: Mapping[str, str] = os.environ) -> str:
    """Give the passphrase of a key from a file, else from the environment; nothing where neither is given.

    Raises:
        UsageError: when the file cannot be read or is empty.
    """
    return (secret_in(file, "passphrase") if file else "") or environ.get(KEY_PASSPHRASE, "")


def alias_of(target: str | None, alias: str | None = None) -> str:
    """Give what people call a target: the name given, ``mock`` for the embedded mock workspace, else the host.

    Raises:
        UsageError: when the name cannot stand on one line of a report.
    """
    if alias is None:
        return (urlsplit(target).netloc.rpartition("@")[2] or target) if target else EMBEDDED
    # Printable is what has no control, no half character, and nothing that turns the direction of reading.
    if not (0 < len(alias) <= LONGEST_ALIAS and alias.isprintable() and alias == alias.strip()):
        raise UsageError(
            f"{alias!r:.100} cannot be the name of a target",
            hint=f"give with --alias a name of one line and at most {LONGEST_ALIAS} characters",
        )
    return alias


def target_from(target: str | None, environ: Mapping[str, str] = os.environ) -> str | None:
    """Give the address of the target from the option, else from the environment; None means the embedded mock."""
    return target or environ.get(TARGET) or None


def _token_account(auth_token: str, user_id: str) -> Account:
    if not auth_token:
        raise UsageError("a user id without its token was given", hint=f"give --auth-token too, or set {AUTH_TOKEN}")
    if not user_id:
        raise UsageError("a token without its user id was given", hint=f"give --user-id too, or set {USER_ID}")
    return Account(auth_token=auth_token, user_id=user_id)


def secret_in(file: Path, what: str = "secret") -> str:
    """Give the secret on the first line of a file; raises UsageError where there is none, calling it `what`."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(
            f"the {what} file {file} cannot be read", hint=f"give the path of a text file with the {what} alone"
        ) from problem
    if not lines or not lines[0]:
        raise UsageError(f"the {what} file {file} is empty", hint=f"write the {what} on its first line")
    return lines[0]
