"""`preflight faults`: the deviations that the mock workspace can show, and the checks that must catch them."""

import json

import click
from rich.console import Console

from preflight.mock.faults import FAULTS


@click.command(short_help="List the faults that can be planted.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: name, sentence, operation, check.")
def faults(*, as_json: bool) -> None:
    """List the faults that can be planted in the mock workspace.

    Each is one deviation that a check must catch: preflight run --fault NAME must end with exit code 1.
    """
    listed = [
        {"name": fault.name, "sentence": fault.sentence, "operation": fault.operation, "check": fault.check}
        for fault in FAULTS.values()
    ]
    if as_json:
        click.echo(json.dumps({"faults": listed}, indent=2))
        return
    console = Console(highlight=False)
    for fault in listed:
        console.print(f"[bold]{fault['name']}[/bold]  {fault['operation']}  {fault['check']}", soft_wrap=True)
        console.print(f"    {fault['sentence']}", soft_wrap=True)
