"""`preflight run`: judge a workspace, show progress, and say the verdict."""

import secrets
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from preflight.catalog.accounts_file import load_accounts
from preflight.cli import options
from preflight.cli.place import PlacedCommand, account_of, alias_from, ca_bundle_of, takes_a_place, with_second_factor
from preflight.errors import UsageError
from preflight.model.release import Release
from preflight.model.verdict import Verdict
from preflight.plugin.conducting import conduct
from preflight.plugin.crew import Crew, workers_for
from preflight.plugin.judging import DEFAULT_RELEASE, Judging, shard_from
from preflight.reporting.progress import Progress
from preflight.reporting.run_file import render as render_run
from preflight.reporting.terminal import show
from preflight.session.selection import Selection, select
from preflight.settings import Account, Depth, RunSettings, read_only_beside
from preflight.wire.pace import Pace, Wait


@click.command(cls=PlacedCommand, short_help="Judge a workspace by its API documentation.")
@takes_a_place
@click.option(
    "--accounts",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Accounts that play the people of the run, in place of created ones.",
)
@click.option(
    "--alias",
    metavar="NAME",
    callback=alias_from,
    help="What to call the target in reports and histories.  [default: its name in the settings file, else its host]",
)
@options.release
@options.only
@options.profile
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1, 64),
    help="Processes that judge at once, each a part.  [default: 1; of the embedded mock workspace 2]",
)
@click.option("--shard", metavar="I/N", help="Judge the I-th of N parts; preflight merge joins their runs.")
@options.contracts
@click.option(
    "--waivers",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Known deviations of this deployment that are accepted until a day.",
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=RunSettings().out,
    show_default=True,
    help="Where the folder of this run goes.",
)
@click.option("--disruptive/--non-disruptive", default=None, help="May settings be changed for the moment?")
@click.option("--read-only", is_flag=True, help="Send only what changes nothing: no people, no rooms, no messages.")
@click.option(
    "--max-minutes",
    metavar="N",
    type=click.FloatRange(min=0, min_open=True),
    help="Play the most valuable cases that fit into so many minutes (preflight plan shows them).",
)
@click.option("--redact-people", is_flag=True, help="Put pseudonyms in place of people whom the run did not create.")
@options.timeout
@click.option("--seed", metavar="INT", type=int, help="Repeat the generated requests of the run that told this number.")
@click.option(
    "--depth",
    type=click.Choice([str(depth) for depth in Depth]),
    default=str(Depth.STANDARD),
    show_default=True,
    help="How many requests to generate.",
)
@click.option("--fault", metavar="NAME", help="Plant a fault in the embedded mock workspace (preflight faults).")
@click.option("--list", "only_list", is_flag=True, help="Show what would be judged, and ask nobody.")
@click.option("--json", "as_json", is_flag=True, help="Print run.json instead of progress and summary.")
def run(  # noqa: PLR0913 (one argument for each option)
    *,
    target: str | None,
    user: str | None,
    password: str | None,
    password_file: Path | None,
    auth_token: str | None,
    user_id: str | None,
    accounts: Path | None,
    alias: str | None,
    release: str | None,
    only: tuple[str, ...],
    profile: str,
    workers: int | None,
    shard: str | None,
    contracts: Path,
    waivers: Path | None,
    out: Path,
    disruptive: bool | None,
    read_only: bool,
    max_minutes: float | None,
    redact_people: bool,
    timeout: float,
    seed: int | None,
    depth: str,
    fault: str | None,
    only_list: bool,
    as_json: bool,
) -> None:
    """Judge a workspace: which documented promises hold, which are broken, which could not be judged, and why.

    Everything that a run creates carries its prefix and is removed at the end. Credentials may stand in the environment
    too: PREFLIGHT_TARGET, PREFLIGHT_USER, PREFLIGHT_PASSWORD, PREFLIGHT_AUTH_TOKEN, PREFLIGHT_USER_ID.

    \b
    preflight run
    preflight run --target https://staging.example.org --user admin --password-file pw.txt
    preflight run --target staging                    (a name of preflight.toml: preflight init)
    preflight run --only 'chat.*' --only rooms.info
    preflight run --fault rooms-info-reworded         (see what a finding looks like)
    """
    if only_list:
        show_selection(
            select(_release(release), only=only, profile=profile, shard=shard_from(shard), contracts=contracts)
        )
        return
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
        alias=alias,
        account=account,
        accounts=_accounts(accounts, target),
        release=release,
        only=only,
        profile=profile,
        workers=workers,
        shard=shard,
        contracts=contracts,
        waivers=waivers,
        out=out,
        fault=fault,
        disruptive=disruptive,
        read_only=read_only_beside(disruptive=disruptive, read_only=read_only),
        timeout_s=timeout,
        people_key=secrets.token_hex(16) if redact_people else "",
        max_minutes=max_minutes,
        ca_bundle=ca_bundle_of(),
        seed=seed,
        depth=Depth(depth),
    )
    judge(settings, as_json=as_json)


def _accounts(file: Path | None, target: str | None) -> Mapping[str, Account]:
    if file is None:
        return {}
    if target is None:
        raise UsageError(
            "the embedded mock workspace has no accounts to give",
            hint="leave --accounts out, or give --target",
        )
    return load_accounts(file)


def _release(text: str | None) -> Release:
    try:
        return Release.parse(text or DEFAULT_RELEASE)
    except ValueError as problem:
        raise UsageError(str(problem), hint="give --release two numbers, for instance --release 8.0") from problem


def judge(settings: RunSettings, *, as_json: bool) -> None:
    """Conduct a run in front of the user and leave with its exit code."""
    console = Console(stderr=as_json, quiet=as_json)
    judging = play(settings, console)
    if judging.run is not None and as_json:
        sys.stdout.write(render_run(judging.run))
    elif judging.run is not None:
        show(judging.run, console, judging.reports)
    if judging.broke:
        click.echo(f"preflight: this is a fault of Preflight itself: {judging.broke}", err=True)
    sys.exit(judging.exit_code)


def play(settings: RunSettings, console: Console) -> Judging:
    """Conduct a run, and show its progress meanwhile; a person at a terminal may be asked for a second factor.

    Raises:
        PreflightError: when the target cannot be judged at all.
    """
    if settings.account is None:
        return _played(settings, console)
    return with_second_factor(settings.account, lambda account: _played(replace(settings, account=account), console))


def _played(settings: RunSettings, console: Console) -> Judging:
    watch = Watch(console)
    judging = Judging(settings, lambda case: watch.case_finished(case.suite, case.verdict), pace=Pace(told=watch.waits))
    workers = workers_for(settings)
    try:
        if workers > 1:
            Crew(judging, workers, watch.announce, watch.case_finished, watch.waits).play()
        else:
            conduct(judging, watch.announce)
    finally:
        watch.close()
    return judging


class Watch:
    """Shows progress from the moment when it is known how many cases there are."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._early: list[tuple[str, Verdict]] = []

    def announce(self, totals: Mapping[str, int]) -> None:
        """Begin, knowing how many cases each suite has; of several workers one may have begun before."""
        self._progress = Progress(self._console, totals)
        self._progress.__enter__()
        for suite, verdict in self._early:
            self._progress.case_finished(suite, verdict)
        self._early.clear()

    def case_finished(self, suite: str, verdict: Verdict) -> None:
        """Count one case."""
        if self._progress:
            self._progress.case_finished(suite, verdict)
        else:
            self._early.append((suite, verdict))

    def waits(self, wait: Wait) -> None:
        """Say why nothing happens for a while."""
        if self._progress and wait.is_outage:
            self._progress.is_lost(wait.seconds)
        elif self._progress:
            self._progress.waits(wait.seconds, wait.what)

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._progress:
            self._progress.__exit__(None, None, None)
            self._progress = None


def show_selection(selection: Selection) -> None:
    """Print the operations that a run would judge, with their cases and claims."""
    for key in selection.operations:
        accepted = sum(case.operation == key for case in selection.accepted())
        refused = sum(case.operation == key for case in selection.refused())
        claims = sum(claim.operation == key for claim in selection.claims)
        click.echo(f"{key!s:<42} claims {claims:>4}   accepted cases {accepted:>3}   refused cases {refused:>3}")
    click.echo(f"operations {len(selection.operations)}, claims {len(selection.claims)}")
