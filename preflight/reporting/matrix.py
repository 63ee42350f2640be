"""The matrix of a drill, fault by check, with time: as Markdown to read, as CSV to reckon with."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from preflight.errors import UsageError
from preflight.model.drill import Drill, Trial, checks_of, to_json
from preflight.reporting.drill import seen_instead

_NAMES: Final = {"json": "drill.json", "matrix": "matrix.md", "table": "matrix.csv"}
_NAMED, _ALSO = "●", "○"


def write_drill(drill: Drill, folder: Path) -> Mapping[str, Path]:
    """Write what a drill found; gives the paths by name.

    Raises:
        UsageError: when the folder holds a drill already, or cannot be written.
    """
    texts = {"json": render_json(drill), "matrix": as_markdown(drill), "table": as_csv(drill)}
    paths = {name: folder / _NAMES[name] for name in texts}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            with paths[name].open("x", encoding="utf-8", newline="") as file:
                file.write(text)
    except OSError as problem:
        raise UsageError(
            f"The drill cannot be written to {folder}: {problem.strerror or problem}.",
            hint="Name with --out a folder that holds no drill yet and can be written.",
        ) from problem
    return paths


def render_json(drill: Drill) -> str:
    """Give a drill as JSON text."""
    return json.dumps(to_json(drill), indent=2, ensure_ascii=False) + "\n"


def as_markdown(drill: Drill) -> str:
    """Give a table with a row for each fault."""
    named = f"{len(drill.named)} of {len(drill.trials)} faults found by the check that names it"
    lines = [
        "# Drill",
        "",
        f"{named}, {len(drill.found)} by any; {drill.findings} findings in {len(drill.clean)} clean runs.",
        "",
        "| fault | operation | release | named check | found by | seconds |",
        "|---|---|---|---|---|---:|",
        *map(_row, drill.trials),
    ]
    missed = [trial for trial in drill.trials if not trial.is_named]
    if missed:
        lines += ["", "## Not found by the check that names it", ""]
        lines += [f"- {trial.planted.name} ({trial.planted.check}): {_cell(seen_instead(trial))}" for trial in missed]
    alarms = [(run, seen) for run in drill.clean for seen in run.alarms]
    if alarms:
        lines += ["", "## Found where nothing is", ""]
        lines += [f"- {run.release}, seed {run.seed}: {_cell(str(seen))}" for run, seen in alarms]
    return "\n".join(lines) + "\n"


def as_csv(drill: Drill) -> str:
    """Give the matrix: a row for each fault, a column for each check; ● found and named so, ○ found as well."""
    checks = checks_of(drill.trials)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["fault", "operation", "release", "named check", "found", "seconds", *checks])
    for trial in drill.trials:
        planted = trial.planted
        marks = [_mark(trial, check) for check in checks]
        found = "named" if trial.is_named else "otherwise" if trial.is_found else "no"
        writer.writerow(
            [planted.name, planted.operation, trial.release, planted.check, found, f"{trial.seconds:.3f}", *marks]
        )
    return text.getvalue()


def _row(trial: Trial) -> str:
    planted = trial.planted
    by = ", ".join(f"**{check}**" if check == planted.check else check for check in trial.found_by) or "nothing"
    cells = (planted.name, planted.operation, trial.release, planted.check, by, f"{trial.seconds:.2f}")
    return f"| {' | '.join(map(_cell, cells))} |"


def _mark(trial: Trial, check: str) -> str:
    if check not in trial.found_by:
        return ""
    return _NAMED if check == trial.planted.check else _ALSO


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
