"""The tool that makes pages of Allure results: Allure 2 (needs Java) or Allure 3 (needs Node), wherever it is found."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from preflight.errors import UsageError
from preflight.model.json import Json
from preflight.reporting.allure.about import CATEGORIES

_ALLURE_3: Final = ("npx", "--yes", "allure@3")
_LONGEST_S: Final = 600
# The word itself matters to Allure 2: it takes 1 for no.
_NO_ANALYTICS: Final = {"ALLURE_NO_ANALYTICS": "true"}
_HISTORY_3: Final = "history.jsonl"
_MOST_WORDS: Final = 300
_COLOUR: Final = re.compile("\x1b\\[[0-9;]*m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A command of Allure, and its version."""

    command: tuple[str, ...]
    version: str

    @property
    def is_second(self) -> bool:
        """Whether it is Allure 2, which keeps its history as a folder in results and pages."""
        return self.version.startswith("2.")

    def generate(self, results: Path, pages: Path, *, name: str, before: Path, after: Path) -> None:
        """Make pages of results; `before` and `after` are folders with what is known before and after.

        Raises:
            UsageError: when the tool fails.
        """
        if self.is_second:
            self._generate_2(results, pages, name=name, before=before, after=after)
        else:
            self._generate_3(results, pages, name=name, before=before, after=after)

    def show(self, pages: Path) -> None:
        """Serve pages to a browser until the user ends it."""
        subprocess.run([*self.command, "open", str(pages)], check=False)  # noqa: S603 (found on the PATH, our own words)

    def _generate_2(self, results: Path, pages: Path, *, name: str, before: Path, after: Path) -> None:
        if (before / "history").is_dir():
            shutil.copytree(before / "history", results / "history")
        self._run("generate", str(results), "--output", str(pages), "--name", name)
        shutil.copytree(pages / "history", after / "history")

    def _generate_3(self, results: Path, pages: Path, *, name: str, before: Path, after: Path) -> None:
        history = after / _HISTORY_3
        if (before / _HISTORY_3).is_file():
            shutil.copyfile(before / _HISTORY_3, history)
        config: Json = {
            "name": name,
            "output": str(pages),
            "historyPath": str(history),
            "categories": {"rules": CATEGORIES},
            "plugins": {"awesome": {"options": {"reportName": name, "groupBy": ["epic", "feature", "story"]}}},
        }
        rc = results.parent / "allurerc.json"
        rc.write_text(json.dumps(config), encoding="utf-8")
        self._run("generate", "--config", str(rc), "--cwd", str(results.parent), str(results))

    def _run(self, *words: str) -> None:
        done = _spoken([*self.command, *words])
        if done.returncode:
            said = " ".join(_COLOUR.sub("", done.stderr.strip() or done.stdout.strip()).split())
            raise UsageError(
                f"Allure {self.version} made no pages: {said[:_MOST_WORDS] or 'it said nothing'}",
                hint="Allure 2 needs Java, Allure 3 needs Node; report.html needs neither",
            )


def find_tool() -> Tool:
    """Find Allure: ``allure`` on the PATH, else Allure 3 through npx.

    Raises:
        UsageError: when there is none.
    """
    tried: list[str] = []
    for command in (("allure",), _ALLURE_3):
        version = _version(command) if shutil.which(command[0]) else None
        if version:
            return Tool(command=(str(shutil.which(command[0])), *command[1:]), version=version)
        tried.append(" ".join(command))
    raise UsageError(
        f"there is no Allure: neither {' nor '.join(tried)} works here",
        hint="npm install -g allure (needs Node), or put Allure 2 on the PATH (needs Java); report.html needs neither",
    )


def _version(command: Sequence[str]) -> str | None:
    try:
        done = _spoken([*command, "--version"])
    except UsageError:
        return None
    found = re.search(r"^(\d+\.\d+\S*)\s*$", done.stdout, re.MULTILINE)
    return found[1] if found and not done.returncode else None


def _spoken(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environment: Mapping[str, str] = {**os.environ, **_NO_ANALYTICS}
    try:
        return subprocess.run(  # noqa: S603 (found on the PATH, our own words)
            command, env=environment, capture_output=True, text=True, errors="replace", timeout=_LONGEST_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise UsageError(
            f"{command[0]} cannot be used: {type(problem).__name__}", hint="report.html needs no Allure"
        ) from problem
