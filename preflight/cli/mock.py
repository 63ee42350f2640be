"""`preflight mock`: the mock workspace alone, as a stand-in for client developers."""

from datetime import UTC, datetime

import click

from preflight.errors import UsageError
from preflight.mock.authenticator import code_at
from preflight.mock.faults import fault as planted
from preflight.mock.limiter import CALLS, WINDOW
from preflight.mock.server import serve
from preflight.mock.workspace import Edition


def _base32(_: click.Context, __: click.Parameter, secret: str | None) -> str | None:
    if secret:
        try:
            code_at(secret, datetime.now(UTC))
        except ValueError as problem:
            raise UsageError(
                "the secret of the authenticator is no base32", hint="give letters and the digits 2 to 7"
            ) from problem
    return secret


@click.command(short_help="Run the mock workspace alone.")
@click.option("--port", type=click.IntRange(0, 65535), default=3000, show_default=True, help="0 takes any free port.")
@click.option("--release", metavar="X.Y", help="Release to play: 6.14, 8.0 or 8.8.  [default: 8.0]")
@click.option(
    "--edition",
    type=click.Choice(["enterprise", "community"]),
    default="enterprise",
    show_default=True,
    help="With or without a licence.",
)
@click.option("--user", metavar="NAME", default="admin", show_default=True, help="User name of the administrator.")
@click.option("--password", metavar="TEXT", help="Password of the administrator. Without it, a new one is printed.")
@click.option(
    "--totp-secret",
    metavar="BASE32",
    callback=_base32,
    help="Let the administrator log in with a code of an authenticator that has this secret.",
)
@click.option("--fault", metavar="NAME", help="Plant one deviation (preflight faults lists them).")
@click.option("--rate-limit", is_flag=True, help="Count calls and refuse too many, as a server does.")
@click.option("--limit-calls", metavar="N", type=click.IntRange(1), help="Calls in a window.  [default: 10]")
@click.option("--limit-window", metavar="MS", type=click.IntRange(1), help="Length of a window.  [default: 60000]")
@click.option("--slow-refusals", is_flag=True, help="Delay each 401 and 403 by half a second to a second (6.14 only).")
def mock(  # noqa: PLR0913 (one argument for each option)
    *,
    port: int,
    release: str | None,
    edition: Edition,
    user: str,
    password: str | None,
    totp_secret: str | None,
    fault: str | None,
    rate_limit: bool,
    limit_calls: int | None,
    limit_window: int | None,
    slow_refusals: bool,
) -> None:
    """Run a small, honest, stateful Rocket.Chat on 127.0.0.1 until Ctrl-C; prints its address and credentials."""
    chosen = planted(fault) if fault else None
    serve(
        port=port,
        release=release or (chosen.release if chosen else None) or "8.0",
        edition=edition,
        fault=chosen,
        admin_username=user,
        admin_password=password,
        admin_totp=totp_secret,
        rate_limited=rate_limit or bool(limit_calls or limit_window),
        limit={name: value for name, value in ((CALLS, limit_calls), (WINDOW, limit_window)) if value},
        slow_refusals=slow_refusals,
        say=click.echo,
    )
