"""`preflight plan`: what a run will find, how long it will take, and what --max-minutes would leave out."""

import sys
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from preflight.cli import options
from preflight.cli.place import PlacedCommand, account_of, ca_bundle_of, takes_a_place, with_second_factor
from preflight.model.outlook import Outlook
from preflight.plugin.judging import Judging
from preflight.plugin.planning import outlook
from preflight.reporting.outlook import show, text
from preflight.session.discovery import RIGHTS
from preflight.settings import Depth, RunSettings


@click.command(cls=PlacedCommand, short_help="Say how long a run will take, and judge nothing.")
@takes_a_place
@options.release
@options.only
@options.profile
@click.option(
    "--depth",
    type=click.Choice([str(depth) for depth in Depth]),
    default=str(Depth.STANDARD),
    show_default=True,
    help="How many generated requests.",
)
@options.contracts
@click.option(
    "--max-minutes",
    metavar="N",
    type=click.FloatRange(min=0, min_open=True),
    help="Show what a run of so many minutes leaves out.",
)
@options.timeout
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def plan(  # noqa: PLR0913 (one argument for each option)
    *,
    target: str | None,
    user: str | None,
    password: str | None,
    password_file: Path | None,
    auth_token: str | None,
    user_id: str | None,
    release: str | None,
    only: tuple[str, ...],
    profile: str,
    depth: str,
    contracts: Path,
    max_minutes: float | None,
    timeout: float,
    as_json: bool,
) -> None:
    """Log in, look at the circumstances, and say how long a run will take. Nothing is created and nothing is judged.

    The duration follows from the calls that cases make and from the rate limiter of the workspace, where one is on: ten
    calls a minute for each route, unless the workspace tells otherwise.

    \b
    preflight plan --target https://staging.example.org --user admin --password-file pw.txt
    preflight plan --target staging --max-minutes 10
    preflight plan --json
    """
    account = None
    if target:
        account = account_of(
            user=user,
            password=password,
            password_file=password_file,
            auth_token=auth_token,
            user_id=user_id,
        )
    settings = RunSettings(
        target=target,
        account=account,
        release=release,
        only=only,
        profile=profile,
        depth=Depth(depth),
        contracts=contracts,
        max_minutes=max_minutes,
        timeout_s=timeout,
        ca_bundle=ca_bundle_of(),
    )
    if settings.account is None:
        found = _looked(settings)
    else:
        found = with_second_factor(settings.account, lambda account: _looked(replace(settings, account=account)))
    if as_json:
        sys.stdout.write(text(found))
    else:
        show(found, Console(), RIGHTS)


def _looked(settings: RunSettings) -> Outlook:
    judging = Judging(settings, reports=())
    try:
        return outlook(judging.open())
    finally:
        judging.forget()
