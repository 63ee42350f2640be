"""The console command: each command gathers its arguments and calls one function."""

import sys
import traceback

import click

from preflight import __version__
from preflight.cli.certify import certify, keygen, verify
from preflight.cli.compare import compare
from preflight.cli.derive import derive
from preflight.cli.docs_diff import docs_diff
from preflight.cli.drill import drill
from preflight.cli.export import export
from preflight.cli.faults import faults
from preflight.cli.init import init
from preflight.cli.merge import merge
from preflight.cli.mock import mock
from preflight.cli.plan import plan
from preflight.cli.report import report
from preflight.cli.requirements import requirements
from preflight.cli.run import run
from preflight.cli.sweep import sweep
from preflight.cli.upgrade import upgrade
from preflight.errors import ExitCode, PreflightError
from preflight.garbage import collect_rarely
from preflight.wire.redaction import cleaned_by_all

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}

EPILOG = """\b
Exit codes: 0 conforms, 1 a promise is broken, 2 wrong usage or configuration,
3 inconclusive, 4 Preflight's own fault, 130 interrupted.
"""


@click.group(context_settings=CONTEXT, epilog=EPILOG)
@click.version_option(__version__, "-V", "--version", prog_name="preflight")
def preflight() -> None:
    """Tell whether a Rocket.Chat deployment keeps the promises of its API documentation.

    \b
    preflight run                                   judge the embedded mock workspace: see how it works
    preflight run --target URL --user NAME --password-file FILE     judge a workspace
    preflight mock --port 3000                      a Rocket.Chat to develop against
    """


for command in (
    run,
    plan,
    init,
    merge,
    report,
    compare,
    upgrade,
    sweep,
    certify,
    verify,
    keygen,
    mock,
    faults,
    drill,
    derive,
    docs_diff,
    export,
    requirements,
):
    preflight.add_command(command)


def main() -> None:
    """Run the command line; what a person can mend is told in one line and a hint."""
    collect_rarely()
    try:
        sys.exit(preflight.main(prog_name="preflight", standalone_mode=False))
    except PreflightError as problem:
        click.echo(f"preflight: {problem}", err=True)
        sys.exit(problem.exit_code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        click.echo("preflight: interrupted", err=True)
        sys.exit(ExitCode.INTERRUPTED)
    except Exception as problem:  # noqa: BLE001 (the last station: our own faults get their own exit code)
        click.echo(cleaned_by_all(traceback.format_exc()), err=True, nl=False)
        told = cleaned_by_all(f"{type(problem).__name__}: {problem}")
        click.echo(f"preflight: this is a fault of Preflight itself: {told}", err=True)
        sys.exit(ExitCode.OURS)
