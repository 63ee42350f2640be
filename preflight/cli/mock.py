"""`preflight mock`: the mock workspace alone, as a stand-in for client developers."""

import click

from preflight.mock.server import serve


@click.command(short_help="Run the mock workspace alone.")
@click.option("--port", type=click.IntRange(0, 65535), default=3000, show_default=True, help="0 takes any free port.")
@click.option("--release", metavar="X.Y", default="8.0", show_default=True, help="Release to play: 6.14, 8.0 or 8.8.")
@click.option(
    "--edition",
    type=click.Choice(["enterprise", "community"]),
    default="enterprise",
    show_default=True,
    help="With or without a licence.",
)
@click.option("--fault", metavar="NAME", help="Plant one deviation (preflight faults lists them).")
def mock(*, port: int, release: str, edition: str, fault: str | None) -> None:
    """Run a small, honest, stateful Rocket.Chat on 127.0.0.1 until Ctrl-C; prints its address and credentials."""
    serve(port=port, release=release, edition=edition, fault=fault)
