"""Allure's pages of a run: generated whole or not at all, with their history, and without eyes of others in them."""

import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from preflight.errors import UsageError
from preflight.model.run import Run
from preflight.reporting.account import HEADLINES
from preflight.reporting.allure.about import EXECUTOR, executor
from preflight.reporting.allure.history import history_for
from preflight.reporting.allure.results import render
from preflight.reporting.allure.tool import Tool

# Left in the pages, so that they may be replaced and nothing else is.
_MARK: Final = "preflight-run.txt"
_ANALYTICS: Final = (
    re.compile(
        r"<script[^>]*\bsrc=[\"'][^\"']*(?:googletagmanager|google-analytics)\.com[^>]*>\s*</script>", re.DOTALL
    ),
    re.compile(r"<script\b[^>]*>(?:(?!</script>).)*\bgtag\((?:(?!</script>).)*</script>", re.DOTALL),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Where the pages are, and how many runs their history knows."""

    folder: Path
    runs: int
    is_past: bool


def generate(run: Run, tool: Tool, folder: Path, history: Path) -> Pages:
    """Generate the pages of a run in a folder, and take it into the history.

    Raises:
        UsageError: when the folder holds something else, the history is of another target, or the tool fails.
    """
    folder, history = folder.absolute(), history.absolute()  # the tools take paths as seen from elsewhere
    _refuse_what_is_not_ours(folder)
    known = history_for(run, history)
    name = f"{HEADLINES[run.verdict].capitalize()}: {run.alias}, release {run.release}, profile {run.profile}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder.parent) as stage:
            made = Path(stage) / "pages"
            results = _results(run, Path(stage), number=len({*known.runs, run.id}))
            with known.keeping(run) as after:
                tool.generate(results, made, name=name, before=known.known_before(run), after=after)
                _blind(made)
                (made / _MARK).write_text(f"{run.id}\n", encoding="utf-8")
                shutil.rmtree(folder, ignore_errors=True)
                made.replace(folder)
    except OSError as problem:
        raise UsageError(
            f"the pages cannot be written to {folder}: {problem.strerror or problem}",
            hint="name with --out and --history folders that can be written, with room on their disk",
        ) from problem
    return Pages(folder=folder, runs=len({*known.runs, run.id}), is_past=known.is_past(run))


def _refuse_what_is_not_ours(folder: Path) -> None:
    if folder.exists() and not (folder / _MARK).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} holds something else than pages of Preflight",
            hint="name another folder with --out; nothing is written over",
        )


def _results(run: Run, stage: Path, *, number: int) -> Path:
    """Write the results anew, whatever became of those in the folder of the run; `number` orders the trend."""
    results = stage / "results"
    results.mkdir()
    made_by = json.dumps({**executor(run), "buildOrder": number}, ensure_ascii=False)
    for name, text in {**render(run), EXECUTOR: made_by}.items():
        # Half a character, which a server may answer, is written as its code; UTF-8 cannot hold it.
        (results / name).write_bytes(text.encode("utf-8", "backslashreplace"))
    return results


def _blind(pages: Path) -> None:
    """Remove what would tell others who reads the pages."""
    for page in pages.rglob("*.html"):
        text = seen = page.read_text(encoding="utf-8")
        for pattern in _ANALYTICS:
            text = pattern.sub("", text)
        if text != seen:
            page.write_text(text, encoding="utf-8")
