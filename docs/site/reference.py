"""The reference, generated from the code: commands with their options, exit codes, claims, checks, faults, schemas."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

import click

from preflight import paths
from preflight.catalog.catalog import load_catalog
from preflight.checks.known import CHECKS
from preflight.cli import preflight
from preflight.errors import ExitCode
from preflight.mock.faults import FAULTS
from preflight.model.claim import ClaimKind
from preflight.model.release import Release

RELEASES = ("6.14", "8.0", "8.8")

MEANINGS: Mapping[ExitCode, str] = {
    ExitCode.CONFORMS: "conforms; of a comparison: safe to upgrade",
    ExitCode.BROKEN: "a promise is broken; of a comparison: not safe to upgrade",
    ExitCode.USAGE: "wrong usage or configuration",
    ExitCode.INCONCLUSIVE: "inconclusive: the target is unreachable, or a required promise could not be judged",
    ExitCode.OURS: "Preflight's own fault",
    ExitCode.INTERRUPTED: "interrupted",
}


def commands() -> str:
    """Write a section for each command: what it is for, examples, and its options."""
    return _page("Commands", (_command(name, command) for name, command in preflight.commands.items()))


def exit_codes() -> str:
    """Write the table of exit codes."""
    rows = [(f"`{int(code)}`", meaning) for code, meaning in MEANINGS.items()]
    return _page("Exit codes", ["What the process tells the shell.", _table(("code", "means"), rows)])


def claims() -> str:
    """Write how many claims of each kind there are in each release."""
    counts = {release: _claims_of(release) for release in RELEASES}
    rows = [(kind, *(f"{counts[release][kind]:,}" for release in RELEASES)) for kind in map(str, ClaimKind)]
    total = ("**all**", *(f"{counts[release].total():,}" for release in RELEASES))
    said = "One claim is one checkable promise. [Kinds and ids](../formats.md#claims)."
    return _page("Claims", [said, _table(("kind", *RELEASES), [*rows, total])])


def checks() -> str:
    """Write the table of checks, each with its requirement and how many faults prove it."""
    proven = Counter(fault.check for fault in FAULTS.values())
    rows = [(f"`{check.id}`", check.requirement, str(proven[check.id])) for check in CHECKS.values()]
    said = (
        f"{len(CHECKS)} checks judge exchanges against claims. Each has faults of the mock workspace that it catches."
    )
    return _page("Checks", [said, _table(("check", "requirement", "faults"), rows)])


def faults() -> str:
    """Write the table of faults."""
    rows = [
        (f"`{fault.name}`", fault.sentence, f"`{fault.operation}`", f"`{fault.check}`") for fault in FAULTS.values()
    ]
    said = f"{len(FAULTS)} deviations can be planted in the mock workspace: [how](../how-to/plant-a-fault.md)."
    return _page("Faults", [said, _table(("fault", "what it does", "operation", "check"), rows)])


def schemas() -> str:
    """Write what each file may hold, from its JSON Schema."""
    found = [*sorted((paths.CONTRACTS / "schemas").glob("*.json")), *sorted(paths.REPORT_SCHEMAS.glob("*.json"))]
    return _page("Schemas", ["What people write and what runs write, at the first level.", *map(_schema, found)])


PAGES: Mapping[str, Callable[[], str]] = {
    "reference/commands.md": commands,
    "reference/exit-codes.md": exit_codes,
    "reference/claims.md": claims,
    "reference/checks.md": checks,
    "reference/faults.md": faults,
    "reference/schemas.md": schemas,
}


def _command(name: str, command: click.Command) -> str:
    told = cleandoc(command.help or "").replace("\b\n", "\x00")
    blocks = [f"```sh\n{block[1:]}\n```" if block.startswith("\x00") else block for block in told.split("\n\n")]
    rows = [
        (", ".join(f"`{spelled}`" for spelled in option.opts), option.help or "", _default(option))
        for option in command.params
        if isinstance(option, click.Option)
    ]
    options = [_table(("option", "what it does", "default"), rows)] if rows else []
    return "\n\n".join([f"## preflight {name}", *blocks, *options])


def _default(option: click.Option) -> str:
    value = option.default
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return f"`{value}`" if option.show_default and plain else ""


def _claims_of(release: str) -> Counter[str]:
    return Counter(str(claim.kind) for claim in load_catalog(Release.parse(release)).claims)


def _schema(path: Path) -> str:
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))  # Any: a JSON Schema
    rows = [
        (f"`{name}`", "yes" if name in schema.get("required", ()) else "", str(_told(child)))
        for name, child in schema.get("properties", {}).items()
    ]
    parts = [f"## {schema.get('title', path.stem)}", schema.get("description", ""), f"Whole schema: `{path.name}`."]
    return "\n\n".join([*parts, _table(("key", "required", "what it holds"), rows)] if rows else parts)


def _told(child: Mapping[str, Any]) -> str:
    return child.get("description") or (f"`{child['const']}`" if "const" in child else "")


def _page(title: str, blocks: Iterable[str]) -> str:
    return "\n\n".join([f"# {title}", *blocks]) + "\n"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(_rows(heads, rows))


def _rows(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(' '.join(cell.split()).replace('|', '&#124;') for cell in row)} |"
