"""The history of a target: what Allure wrote after earlier runs, so that the next report shows trends.

A folder holds the history of one target and one profile. Beside what Allure wrote after the newest run stands what it
wrote before it, so that the newest run can be rendered again without counting twice.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from preflight.errors import UsageError
from preflight.model.json import Json
from preflight.model.run import Run

FORMAT: Final = "preflight-history/1"
_ABOUT: Final = "preflight-history.json"
_AFTER, _BEFORE = "after", "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A folder with the history of one target and profile; `runs` are its runs in the order in which they came."""

    folder: Path
    alias: str
    profile: str
    runs: tuple[str, ...] = ()

    def is_past(self, run: Run) -> bool:
        """Tell whether later runs stand in the history: such a run is shown and changes nothing."""
        return run.id in self.runs[:-1]

    def known_before(self, run: Run) -> Path:
        """Give the folder of what was known before a run; it need not exist."""
        return self.folder / (_BEFORE if self.runs[-1:] == (run.id,) else _AFTER)

    @contextmanager
    def keeping(self, run: Run) -> Iterator[Path]:
        """Give a folder for what is known after a run; it becomes the history once it is written."""
        stage = self.folder / ".unfinished"
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        try:
            yield stage
            if not self.is_past(run):
                self._take(run, stage)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
            with suppress(OSError):  # a history that did not begin leaves no folder
                self.folder.rmdir()

    def _take(self, run: Run, stage: Path) -> None:
        before, after = self.folder / _BEFORE, self.folder / _AFTER
        if self.runs[-1:] != (run.id,):
            shutil.rmtree(before, ignore_errors=True)
            if after.is_dir():
                after.replace(before)
        shutil.rmtree(after, ignore_errors=True)
        stage.replace(after)
        runs = [*(name for name in self.runs if name != run.id), run.id]
        told: Json = {"format": FORMAT, "alias": self.alias, "profile": self.profile, "runs": runs}
        (self.folder / _ABOUT).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def history_for(run: Run, folder: Path) -> History:
    """Open the history in a folder, or begin one where there is nothing.

    Raises:
        UsageError: when it is the history of another target or profile, or the folder holds something else.
    """
    about = folder / _ABOUT
    if not about.is_file():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(
                f"{folder} holds something else than a history",
                hint="name with --history a folder that is empty, not there yet, or was used so before",
            )
        return History(folder=folder, alias=run.alias, profile=run.profile)
    found = _read(about)
    for what, theirs, own in (("target", found.alias, run.alias), ("profile", found.profile, run.profile)):
        if theirs != own:
            raise UsageError(
                f"{folder} is the history of the {what} {theirs!r}, and the run is of {own!r}",
                hint="keep a folder for each target and profile; preflight run --alias says which target it is",
            )
    return found


def _read(about: Path) -> History:
    try:
        found = json.loads(about.read_text(encoding="utf-8"))
        if found["format"] == FORMAT:
            runs = tuple(map(str, found["runs"]))
            return History(folder=about.parent, alias=str(found["alias"]), profile=str(found["profile"]), runs=runs)
    except (OSError, ValueError, TypeError, KeyError):
        pass
    raise UsageError(f"{about} cannot be read as what a history is about", hint="name another folder with --history")
