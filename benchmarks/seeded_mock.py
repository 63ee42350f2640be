"""A mock workspace in a process of its own whose ids and tokens follow from a seed: two of them answer alike."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from preflight.mock.founding import found
from preflight.mock.ids import Ids
from preflight.mock.server import MockServer

PASSWORD = "benchmark"  # noqa: S105 (of a workspace that lives for a benchmark)


@dataclass(frozen=True)
class SeededMock:
    """Where it listens, and who may log in."""

    url: str
    user: str = "admin"
    password: str = PASSWORD


@contextmanager
def seeded_mock(seed: int) -> Iterator[SeededMock]:
    """Run one while a ``with`` block lasts."""
    words = [sys.executable, "-u", "-m", "benchmarks.seeded_mock", str(seed)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None  # noqa: S101 (tells the type checker what PIPE means)
        yield SeededMock(url=process.stdout.readline().strip())
        process.communicate()


def serve(seed: int) -> None:
    """Serve until the input ends."""
    workspace = found(admin_password=PASSWORD, ids=Ids(Random(seed)))  # noqa: S311 (repeatable on purpose)
    with MockServer(workspace=workspace) as server:
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
