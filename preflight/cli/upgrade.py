"""`preflight upgrade`: judge two deployments now, the same way, and tell what changed between them."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console

from preflight.catalog.settings_file import NamedTarget, SettingsFile, load_settings_file
from preflight.cli import options
from preflight.cli.compare import tell
from preflight.cli.place import options_of
from preflight.cli.run import play
from preflight.comparison.comparison import compare
from preflight.errors import ExitCode, UsageError
from preflight.model.run import Run
from preflight.reporting.changes import files
from preflight.session.session import new_seed
from preflight.settings import Account, RunSettings, account_from


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One of the two deployments as it was asked for; without an address, a mock workspace of a release."""

    side: str
    target: str | None
    release: str | None
    account: Account | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """The account that was typed for one side."""

    user: str | None
    password_file: Path | None


@click.command(short_help="Judge two deployments and tell what changed.")
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Settings file.  [default: preflight.toml, where there is one]",
)
@click.option("--before", metavar="URL", help="Workspace at the old release: address, or name in the settings file.")
@click.option("--after", metavar="URL", help="Workspace at the new release: address, or name in the settings file.")
@click.option("--before-release", metavar="X.Y", help="Its release; without an address, a mock workspace plays it.")
@click.option("--after-release", metavar="X.Y", help="Its release; without an address, a mock workspace plays it.")
@click.option("--user", metavar="NAME", help="Account to work with on both.")
@click.option("--password-file", metavar="FILE", type=click.Path(path_type=Path), help="File with its password alone.")
@click.option("--after-user", metavar="NAME", help="Account at the new release, where it is another.")
@click.option(
    "--after-password-file", metavar="FILE", type=click.Path(path_type=Path), help="File with its password alone."
)
@options.only
@options.profile
@options.contracts
@click.option(
    "--runs",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=RunSettings().out,
    show_default=True,
    help="Where the folders of the two runs go.",
)
@click.option("--disruptive/--non-disruptive", default=None, help="May settings be changed for the moment?")
@options.timeout
@click.option("--seed", metavar="INT", type=int, help="Ask both what an upgrade asked that told this number.")
@click.option("--accept-promised", is_flag=True, help="Call safe what the documentation of the new release promises.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write it to a .md or .html file as well.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
def upgrade(  # noqa: PLR0913 (one argument for each option)
    *,
    config: Path | None,
    before: str | None,
    after: str | None,
    before_release: str | None,
    after_release: str | None,
    user: str | None,
    password_file: Path | None,
    after_user: str | None,
    after_password_file: Path | None,
    only: tuple[str, ...],
    profile: str,
    contracts: Path,
    runs: Path,
    disruptive: bool | None,
    timeout: float,
    seed: int | None,
    accept_promised: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Judge a workspace at two releases, with the same cases, and tell whether the upgrade is safe.

    Credentials may stand in the environment too: PREFLIGHT_USER, PREFLIGHT_PASSWORD, PREFLIGHT_AUTH_TOKEN,
    PREFLIGHT_USER_ID. Exit codes are those of preflight compare.

    \b
    preflight upgrade --before-release 6.14 --after-release 8.0        (two mock workspaces: see how it works)
    preflight upgrade --before https://old.example.org --after https://new.example.org --user admin --password-file pw
    preflight upgrade --before staging --after staging-next            (names of preflight.toml: preflight init)
    """
    if out:
        files.check_name(out)
    shared = RunSettings(
        only=only,
        profile=profile,
        contracts=contracts,
        out=runs,
        disruptive=disruptive,
        timeout_s=timeout,
        # One seed for both: what is generated must be the same questions.
        seed=new_seed() if seed is None else seed,
        # Workers disturb each other now and then, and what is disturbed cannot be compared.
        workers=1,
    )
    own = _Given(user=user, password_file=password_file)
    other = _Given(user=after_user or user, password_file=after_password_file or password_file)
    known = load_settings_file(config)
    places = (
        _place("before", _named(known, before), before_release, own),
        _place("after", _named(known, after), after_release, other),
    )
    console = Console(stderr=as_json, quiet=as_json)
    first, second = (_judged(place, shared, console) for place in places)
    names = (f"the run before ({first.id})", f"the run after ({second.id})")
    tell(compare(first, second, names=names, accept_promised=accept_promised), out=out, as_json=as_json)


def _named(known: SettingsFile, text: str | None) -> NamedTarget | None:
    return known.target(text) if text else None


def _place(side: str, target: NamedTarget | None, release: str | None, given: _Given) -> _Place:
    if target is None and release is None:
        raise UsageError(
            f"nothing to judge {side} was named",
            hint=f"give --{side} URL, or --{side}-release 8.0 for a mock workspace",
        )
    if target is None:
        return _Place(side=side, target=None, release=release, account=None)
    # What is typed goes before what the settings file says of a target.
    own = options_of(target)
    file = given.password_file or own.get("password_file")
    account = Account(
        user=given.user or str(own.get("user", "")),
        password="" if given.password_file else str(own.get("password", "")),
        auth_token=str(own.get("auth_token", "")),
        user_id=str(own.get("user_id", "")),
    )
    return _Place(
        side=side,
        target=target.url,
        release=release or own.get("release"),
        account=account_from(account, Path(file) if file else None),
    )


def _judged(place: _Place, shared: RunSettings, console: Console) -> Run:
    """Judge one deployment; leaves where the run did not come to its end."""
    console.print(f"{place.side}: {place.target or f'mock workspace {place.release}'}", highlight=False)
    judging = play(
        replace(shared, target=place.target, account=place.account, release=place.release),
        console,
    )
    if judging.broke or judging.run is None:
        click.echo(f"preflight: this is a fault of Preflight itself: {judging.broke or 'no run was made'}", err=True)
        sys.exit(ExitCode.OURS)
    if judging.interrupted:
        sys.exit(ExitCode.INTERRUPTED)
    return judging.run
