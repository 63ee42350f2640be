"""Pytest and Preflight as other processes: nothing of this one reaches them but what a test says."""

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preflight import paths
from preflight.mock.server import MockServer

PATIENCE_S = 120.0
_TELLING = ("PREFLIGHT_", "PYTEST_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a process said and how it ended."""

    code: int
    text: str

    def has(self, pattern: str) -> bool:
        return re.search(pattern, self.text) is not None


def environment(**more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(_TELLING)}
    return {**plain, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", "COLUMNS": "200", **more}


def run(folder: Path, *words: str, **variables: str) -> Ended:
    """Run a module of Python in a folder to its end."""
    told = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=environment(**variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Ended(code=told.returncode, text=told.stdout)


def suites(folder: Path, *options: str, **variables: str) -> Ended:
    """Run the suites with pytest in a folder, whose runs go to ``runs``, beside no other plugin that is installed."""
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables}
    words = ("pytest", "-p", "preflight.plugin", str(paths.SUITES), "--preflight-out", "runs")
    return run(folder, *words, *options, **alone)


def suites_among_others(folder: Path, *options: str) -> Ended:
    """Run the suites with pytest and every plugin that is installed, which is what most people do."""
    return run(folder, "pytest", str(paths.SUITES), "--preflight-out", "runs", *options)


def run_json(folder: Path) -> dict[str, Any]:
    """Read the only run below a folder's ``runs``."""
    (file,) = (folder / "runs").glob("*/run.json")
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read


def aimed_at(mock: MockServer, folder: Path, prefix: str = "--preflight-") -> tuple[str, ...]:
    """Give the options that name a mock workspace and its administrator."""
    file = folder / "password.txt"
    file.write_text(f"{mock.admin_password}\n", encoding="utf-8")
    return (f"{prefix}target", mock.url, f"{prefix}user", mock.admin_username, f"{prefix}password-file", str(file))


def stopped(folder: Path, number: signal.Signals, first_sign: str, *words: str) -> Ended:
    """Start a process, send it a signal once it has said a first sign of life, and wait for its end."""
    with subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if re.search(first_sign, line):
                process.send_signal(number)
                break
        rest, _ = process.communicate(timeout=PATIENCE_S)
    return Ended(code=process.returncode, text="".join([*said, rest]))
