"""Conducting: the suites as a quiet pytest run inside this process."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

import pytest

from preflight import paths
from preflight.plugin import SUITES_PLUGIN
from preflight.plugin.judging import Judging
from preflight.plugin.suites import JUDGING, suite_of

Announce = Callable[[Mapping[str, int]], None]

_QUIET = (
    "--disable-plugin-autoload",
    "--capture=no",
    "-p no:terminal",
    "-p no:faulthandler",
    "-p no:logging",
    "-p no:junitxml",
)


_NOT_THEIRS = (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED)


class _Handover:
    """Brings an open judging into a pytest run, and tells what happens there."""

    def __init__(self, judging: Judging, announce: Announce) -> None:
        self._judging = judging
        self._announce = announce

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        self._judging.conducted = True
        config.stash[JUDGING] = self._judging

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._announce(Counter(suite_of(item) for item in session.items))

    def pytest_internalerror(self, excrepr: object) -> None:
        self._judging.broke = str(excrepr)

    def pytest_keyboard_interrupt(self) -> None:
        self._judging.interrupted = True


def conduct(judging: Judging, announce: Announce) -> None:
    """Run the suites against a target; `announce` gets the number of cases of each suite before the first.

    Raises:
        PreflightError: when the target cannot be judged at all.
    """
    with _terminated_like_interrupted():
        judging.open()
        options = [*(" ".join(_QUIET).split()), "-c", str(paths.SUITES / "pytest.ini"), f"--rootdir={paths.SUITES}"]
        told = pytest.main([*options, "-p", SUITES_PLUGIN, str(paths.SUITES)], plugins=[_Handover(judging, announce)])
        if told in _NOT_THEIRS and not judging.broke:
            judging.broke = f"pytest ended with {pytest.ExitCode(told).name}"
    judging.close()


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Let a request to terminate clean up as Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
