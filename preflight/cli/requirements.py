"""`preflight requirements`: what each profile requires in this version of Preflight, frozen once it is released."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from preflight import __version__, paths
from preflight.catalog.requirements import file_of, load_requirements
from preflight.certificate.freezing import catalogs, departures, freeze, insist_on_released, write
from preflight.errors import ExitCode
from preflight.mock.release import Regime
from preflight.model.run import Run
from preflight.plugin.conducting import conduct
from preflight.plugin.judging import Judging
from preflight.settings import RunSettings


@click.command(short_help="Renew what the profiles require in this version.")
@click.option(
    "--contracts",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=paths.CONTRACTS,
    help="Where contracts and requirement sets are.  [default: those of Preflight]",
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where the sets do not list what the contracts hold.")
def requirements(*, contracts: Path, check: bool) -> None:
    """Write the requirement sets of this version of Preflight: which claims a certificate of each profile asks for.

    For those who work on Preflight, whenever claims were added. The mock workspace is judged in each of its releases:
    what no case can judge there is asked of nobody. The sets of released versions are never written again.

    \b
    preflight requirements
    preflight requirements --check
    """
    insist_on_released(contracts)
    places = catalogs(contracts, paths.CONTRACTS / "schemas")
    if not check:
        written = write(freeze(__version__, places, _references(contracts)), __version__, contracts)
        click.echo(f"{len(written)} requirement sets of Preflight {__version__} written to {written[0].parent}")
        return
    files = [file_of(__version__, name, root=contracts) for name in next(iter(places.values())).profiles]
    found = departures(places, {path.stem: load_requirements(path) for path in files if path.exists()})
    for line in found:
        click.echo(line)
    if found:
        click.echo("the requirement sets are not what the contracts hold; run preflight requirements, and commit them")
        sys.exit(ExitCode.BROKEN)
    click.echo(f"the requirement sets of Preflight {__version__} list what the contracts hold")


def _references(contracts: Path) -> Iterator[Run]:
    """Judge the mock workspace in each release that it plays."""
    for release in Regime.known():
        click.echo(f"judging the mock workspace as release {release}")
        with tempfile.TemporaryDirectory() as folder:
            judging = Judging(RunSettings(release=release, contracts=contracts, out=Path(folder)))
            conduct(judging, lambda _: None)
        if judging.run is not None:
            yield judging.run
