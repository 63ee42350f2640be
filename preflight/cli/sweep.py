"""`preflight sweep`: remove what a killed run left in a workspace."""

import sys
from functools import partial
from pathlib import Path

import click

from preflight.cli import options
from preflight.cli.place import PlacedCommand, account_of, ca_bundle_of, takes_a_place, with_second_factor
from preflight.errors import ExitCode, TargetError, UsageError
from preflight.plugin.interruption import terminated_like_interrupted
from preflight.session.circumstances import CircumstanceError
from preflight.session.company import PREFIX
from preflight.session.records import Record, find_records, read_record
from preflight.session.sweep import Removal, Sweep, SweepPlan
from preflight.settings import RunSettings
from preflight.wire.address import workspace_address


@click.command(cls=PlacedCommand, short_help="Remove what a killed run left in a workspace.")
@takes_a_place
@click.option(
    "--journal",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Journal of a run; may be repeated. Without it, all below --runs that speak of the target.",
)
@click.option(
    "--runs",
    "out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=RunSettings().out,
    show_default=True,
    help="Where the folders of runs are.",
)
@click.option(
    "--prefix", metavar="PREFIX", multiple=True, help="Prefix of a run whose journal is lost, e.g. pf-dd7067."
)
@click.option("--dry-run", is_flag=True, help="Show what would be removed, and change nothing.")
@options.timeout
def sweep(  # noqa: PLR0913 (one argument for each option)
    *,
    target: str | None,
    user: str | None,
    password: str | None,
    password_file: Path | None,
    auth_token: str | None,
    user_id: str | None,
    journal: tuple[Path, ...],
    out: Path,
    prefix: tuple[str, ...],
    dry_run: bool,
    timeout: float,
) -> None:
    """Remove what a killed run left in a workspace, and put back the settings that it had changed.

    What is removed is named by the journal of the run, or was made by its people. Where the journal is lost, the
    prefix of the run names them. Nothing else is touched. It may be repeated.

    \b
    preflight sweep --target https://staging.example.org --user admin --password-file pw.txt --dry-run
    preflight sweep --target https://staging.example.org --user admin --password-file pw.txt
    preflight sweep --target https://staging.example.org --user admin --password-file pw.txt --prefix pf-dd7067
    """
    if target is None:
        raise UsageError("no target to sweep was given", hint="give --target URL, or set PREFLIGHT_TARGET")
    address = workspace_address(target)
    account = account_of(
        user=user, password=password, password_file=password_file, auth_token=auth_token, user_id=user_id
    )
    _refuse_strange(prefix)
    with terminated_like_interrupted():
        records = _records(address, journal, out, is_named=bool(journal or prefix))
        bundle = ca_bundle_of()
        entering = partial(Sweep, address, records=records, prefixes=prefix, timeout_s=timeout, ca_bundle=bundle)
        with with_second_factor(account, entering) as opened:
            try:
                sys.exit(_swept(opened, dry_run=dry_run))
            except CircumstanceError as problem:
                raise TargetError(str(problem), hint="run the same command again, perhaps a minute later") from problem


def _refuse_strange(prefixes: tuple[str, ...]) -> None:
    for prefix in prefixes:
        if not PREFIX.fullmatch(prefix):
            raise UsageError(
                f"{prefix!r} is no prefix of a run", hint="a prefix is pf- and six characters, for instance pf-dd7067"
            )


def _records(address: str, journals: tuple[Path, ...], runs: Path, *, is_named: bool) -> list[Record]:
    if not is_named:
        found, unread = find_records(runs, address)
        for why in unread:
            click.echo(f"passed over: {why}")
        return found
    records = []
    for file in journals:
        records.append(record := read_record(file))
        if record.heading.target != address:
            raise UsageError(
                f"the journal {file} speaks of {record.heading.target}, not of {address}",
                hint="give the same --target as the run was given",
            )
    return records


def _swept(sweep: Sweep, *, dry_run: bool) -> ExitCode:
    if not sweep.records and not sweep.prefixes:
        return _nothing_named(sweep)
    for record in sweep.records:
        click.echo(f"journal of run {record.heading.run}, prefix {record.heading.prefix}: {record.file}")
    plan = sweep.plan()
    _show(plan, will="would be" if dry_run else "will be")
    if dry_run:
        return ExitCode.CONFORMS
    left = sweep.carry_out(plan, _say)
    for each in left:
        click.echo(f"left behind: {each.what}: {each.why}")
    if left:
        return ExitCode.INCONCLUSIVE
    click.echo("nothing is left")
    return ExitCode.CONFORMS


def _nothing_named(sweep: Sweep) -> ExitCode:
    prefixes = sorted(sweep.prefixes_there())
    if not prefixes:
        click.echo("nothing to remove: no journal here speaks of this workspace, and no user has a prefix of Preflight")
        return ExitCode.CONFORMS
    click.echo(f"no journal here speaks of this workspace, but users have these prefixes: {', '.join(prefixes)}")
    click.echo("a run that is still going has one too; to remove what carries one: --prefix PREFIX")
    return ExitCode.INCONCLUSIVE


def _show(plan: SweepPlan, *, will: str) -> None:
    for removal in plan.removals:
        verb = "put back" if removal.what.startswith(("setting ", "permission ")) else "removed"
        click.echo(f"{will} {verb}: {removal.what} ({removal.why})")
    for unclear in plan.unclear:
        click.echo(f"left alone: {unclear}")


def _say(removal: Removal, why: str) -> None:
    if not why:
        click.echo(f"done: {removal.what}")
