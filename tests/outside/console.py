"""The console command as a user has it: a process of its own, in a folder of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LONGEST_S = 120


@dataclass(frozen=True)
class Told:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


def preflight(*words: str, folder: Path, **environ: str) -> Told:
    """Run ``preflight`` with some words in a folder; the environment holds no Preflight variable but those given."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFLIGHT_")}
    done = subprocess.run(
        [sys.executable, "-m", "preflight", *words],
        cwd=folder,
        env={**clean, "COLUMNS": "120", **environ},
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    return Told(done.returncode, done.stdout, done.stderr)
