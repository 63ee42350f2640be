"""The folder of a run: run.json and every report rendered from it, written whole or not at all."""

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Final

from preflight.errors import UsageError
from preflight.model.run import Run
from preflight.reporting import html, junit, run_file, summary
from preflight.reporting.allure import results

RUN_FILE: Final = "run.json"


class Report(StrEnum):
    """A form in which a run can be read."""

    ALLURE = "allure"
    HTML = "html"
    JUNIT = "junit"
    SUMMARY = "summary"


NAMES: Final[Mapping[Report, str]] = {
    Report.ALLURE: "allure-results",
    Report.HTML: "report.html",
    Report.JUNIT: "junit.xml",
    Report.SUMMARY: "summary.md",
}


def write_reports(run: Run, folder: Path, formats: Collection[Report] = tuple(Report)) -> Mapping[str, Path]:
    """Write run.json and the reports asked for; give their paths by name, ``run`` first.

    run.json is moved in place last: a folder that holds one is complete.

    Raises:
        UsageError: when the folder holds a run already, or cannot be written.
    """
    _refuse_to_overwrite(folder)
    return _put(run, folder, formats, {RUN_FILE: run_file.render(run)})


def render_again(run: Run, folder: Path, formats: Collection[Report] = tuple(Report)) -> Mapping[str, Path]:
    """Write the reports of a stored run again, in place of those that are there; run.json stays as it is.

    Raises:
        UsageError: when the folder cannot be written.
    """
    return _put(run, folder, formats, {})


def open_run(path: Path) -> Run:
    """Read the run of a run folder or of a run.json.

    Raises:
        FileError: when there is none, or the file is no run of Preflight.
    """
    return run_file.read(path / RUN_FILE if path.is_dir() else path)


def _refuse_to_overwrite(folder: Path) -> None:
    present = sorted(name for name in (RUN_FILE, *NAMES.values()) if (folder / name).exists())
    if present:
        raise UsageError(
            f"{folder} holds a run already: {', '.join(present)}.",
            hint="Name another folder, or move this one away; a run is never overwritten.",
        )


def _put(run: Run, folder: Path, formats: Collection[Report], own: Mapping[str, str]) -> Mapping[str, Path]:
    wanted = [report for report in Report if report in set(formats)]
    paths = {"run": folder / RUN_FILE} | {str(report): folder / NAMES[report] for report in wanted}
    with _staged(folder) as stage:
        for report in wanted:
            _WRITERS[report](run, stage / NAMES[report], paths)
        for name, text in own.items():
            _write(stage / name, text)
        for name in (*(NAMES[report] for report in wanted), *own):
            _move(stage / name, folder / name)
    return paths


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    """Give a folder beside the real one, on the same file system, which is gone afterwards."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder) as stage:
            yield Path(stage)
    except OSError as problem:
        raise UsageError(
            f"The reports cannot be written to {folder}: {problem.strerror or problem}.",
            hint="Name a folder that can be written, with room on its disk.",
        ) from problem


def _move(source: Path, target: Path) -> None:
    if target.is_dir():
        shutil.rmtree(target)
    source.replace(target)


def _write(path: Path, text: str) -> None:
    # Half a character, which a server may answer, is written as its code; UTF-8 cannot hold it.
    path.write_bytes(text.encode("utf-8", "backslashreplace"))


def _write_allure(run: Run, path: Path, _: Mapping[str, Path]) -> None:
    path.mkdir()
    for name, text in results.render(run).items():
        _write(path / name, text)


_WRITERS: Final[Mapping[Report, Callable[[Run, Path, Mapping[str, Path]], None]]] = {
    Report.ALLURE: _write_allure,
    Report.HTML: lambda run, path, _: _write(path, html.render(run)),
    Report.JUNIT: lambda run, path, _: _write(path, junit.render(run)),
    Report.SUMMARY: lambda run, path, reports: _write(path, summary.render(run, reports)),
}
