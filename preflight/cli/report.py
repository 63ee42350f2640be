"""`preflight report`: Allure's pages of a stored run, with the history of its target."""

import re
from pathlib import Path

import click

from preflight.reporting.allure.pages import generate
from preflight.reporting.allure.tool import find_tool
from preflight.reporting.folder import open_run


@click.command(short_help="Make Allure's pages of a run, with history.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where the pages go.  [default: allure-report beside run.json]",
)
@click.option(
    "--history",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where the history is kept.  [default: allure-history/TARGET-PROFILE beside the run's folder]",
)
@click.option("--open", "show", is_flag=True, help="Show them in a browser, until Ctrl-C.")
def report(*, run: Path, out: Path | None, history: Path | None, show: bool) -> None:
    """Make Allure's pages of RUN (a folder, or its run.json), with trends over the runs of the same target and profile.

    It takes `allure` from the PATH, version 2 or 3, else Allure 3 through npx. Pages made before are replaced, anything
    else is not. A run that is rendered again counts once.

    \b
    preflight report reports/runs/ID
    preflight report reports/runs/ID --history history --out site
    """
    judged = open_run(run)
    folder = run if run.is_dir() else run.parent
    place = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{judged.alias}-{judged.profile}").strip(".-") or "target"
    tool = find_tool()
    made = generate(
        judged,
        tool,
        out or folder / "allure-report",
        history or folder.resolve().parent / "allure-history" / place,
    )
    past = "; later runs are in the history, which stays as it is" if made.is_past else ""
    click.echo(f"{made.folder / 'index.html'}: Allure {tool.version}, history of {made.runs} run(s){past}")
    if show:
        tool.show(made.folder)
