"""Hold: one process at a time has a journal open, so that nobody sweeps what a run is still working with.

The system lets go of what a process held when the process ends, however it ends.
"""

import os
import sys
from pathlib import Path
from typing import IO

from preflight.errors import UsageError

if sys.platform != "win32":
    import fcntl


def held(file: Path) -> IO[str]:
    """Open a file for appending, and hold it until it is closed; where the system cannot hold files, open it.

    Raises:
        UsageError: when another process holds it, or it cannot be opened.
    """
    try:
        is_new = not file.exists()
        opened = file.open("a", encoding="utf-8")
    except OSError as problem:
        raise UsageError(
            f"the journal {file} cannot be written: {problem.strerror or problem}",
            hint="see to the rights of the file and its folder",
        ) from problem
    if sys.platform != "win32":
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            opened.close()
            raise UsageError(
                f"the journal {file} is in use: its run, or another sweep, is still going",
                hint="wait until it ends, or stop it",
            ) from problem
        if is_new:
            _keep_name(file)
    return opened


def _keep_name(file: Path) -> None:
    """Let the name of a new file outlive a loss of power, not its content alone."""
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
