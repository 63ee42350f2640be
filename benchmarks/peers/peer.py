"""A peer: another tool, put before a workspace and a contract, and what it complains about."""

import re
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.fields import Field

LONGEST_S = 600.0
HOST = "127.0.0.1"

_LONG = re.compile(r"\b[0-9A-Za-z_-]{14,}\b")
_NUMBER = re.compile(r"\d+")


class NotRunError(Exception):
    """A peer that could not be run, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a peer is put before: a workspace, the headers of somebody who is logged in, a contract, a folder to use."""

    field: Field
    url: str
    headers: dict[str, str]
    contract: Path
    folder: Path
    user: str
    password: str


class Peer(Protocol):
    """Another tool."""

    name: str
    honest_runs: int  # how often it judges an honest workspace, to know all that it complains of there

    def version(self) -> str:
        """Give its version; raises NotRunError where it is not there."""

    def failures(self, place: Place) -> frozenset[str]:
        """Judge, and give a line for each failure; ids and numbers are left out, so that two runs can be compared."""


def plain(text: str) -> str:
    """Leave out of a line what differs from run to run: ids, tokens, numbers."""
    return _NUMBER.sub("#", _LONG.sub("…", text)).strip()


def told(words: Sequence[str], folder: Path) -> str:
    """Run a command in a folder and give what it says, however it ends."""
    done = subprocess.run(  # noqa: S603 (the tools that this benchmark is about)
        words, cwd=folder, capture_output=True, text=True, timeout=LONGEST_S, check=False
    )
    return done.stdout + done.stderr


def free_port() -> int:
    """Give a port on which nobody listens."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
        return port
