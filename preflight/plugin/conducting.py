"""Conducting: the suites as a quiet pytest run inside this process."""

import atexit
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from preflight import paths
from preflight.errors import SuiteError
from preflight.plugin import SUITES_PLUGINS
from preflight.plugin.interruption import terminated_like_interrupted, undisturbed
from preflight.plugin.judging import Judging
from preflight.plugin.suites import JUDGING, needs_of, suite_of
from preflight.probes.alphabet import lay_out

Announce = Callable[[Mapping[str, int]], None]
Wait = Callable[[], None]

_QUIET = (
    "--disable-plugin-autoload",
    "--capture=no",
    "-p no:terminal",
    "-p no:faulthandler",
    "-p no:unraisableexception",
    "-p no:logging",
    "-p no:junitxml",
)


_OF_EVERY_PYTEST = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")

_STORAGE = "HYPOTHESIS_STORAGE_DIRECTORY"

_NOT_THEIRS = (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED)


def _at_once() -> None:
    """Wait for nobody."""


class _Handover:
    """Brings an open judging into a pytest run, and tells what happens there."""

    def __init__(self, judging: Judging, announce: Announce, wait: Wait) -> None:
        self._judging = judging
        self._announce = announce
        self._wait = wait
        self._waited = False
        self.unread: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        self._judging.conducted = True
        config.stash[JUDGING] = self._judging

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.unread.append(f"{report.nodeid}: {_reason(report.longreprtext)}")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._announce(Counter(suite_of(item) for item in session.items))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        # Cases that change what all share come last: whoever plays beside this run must have ended.
        if needs_of(item) and not self._waited:
            self._waited = True
            self._wait()

    def pytest_internalerror(self, excrepr: object) -> None:
        self._judging.broke = str(excrepr)

    def pytest_keyboard_interrupt(self) -> None:
        # Pytest calls it an interruption as well when it gives up over what it cannot collect.
        self._judging.interrupted = not self.unread


def conduct(judging: Judging, announce: Announce, wait: Wait = _at_once) -> None:
    """Run the suites against a target; `announce` gets the number of cases of each suite before the first.

    `wait` is called once before the first case that changes what others may share, such as a setting.

    Raises:
        PreflightError: when the target cannot be judged at all.
        SuiteError: when a suite breaks before its first case; there is no run then.
    """
    handover = _Handover(judging, announce, wait)
    with terminated_like_interrupted():
        judging.open()
        try:
            _leave_nothing_in_the_folder()
            with _pytest_by_itself():
                told = pytest.main(_arguments(), plugins=[handover])
            if handover.unread and not judging.interrupted:
                raise _unread(handover.unread)
            if told in _NOT_THEIRS and not judging.broke:
                judging.broke = f"pytest ended with {pytest.ExitCode(told).name}"
        except SuiteError:
            with undisturbed():
                judging.forget()
            raise
        except KeyboardInterrupt:
            judging.interrupted = True
        finally:
            with undisturbed():
                judging.close()


def _reason(report: str) -> str:
    """Give the last line of an error in a report of pytest, which marks them with E."""
    lines = [line.removeprefix("E").strip() for line in report.splitlines() if line.startswith("E ")]
    return (lines or report.splitlines() or ["no reason was given"])[-1]


def _unread(suites: list[str]) -> SuiteError:
    more = f", and {len(suites) - 1} more" if len(suites) > 1 else ""
    return SuiteError(
        f"this is a fault of Preflight itself: a suite cannot be read: {suites[0]}{more}",
        hint="nothing was judged; install Preflight again, and report it where that does not help",
    )


def _arguments() -> list[str]:
    plugins = [word for name in SUITES_PLUGINS for word in ("-p", name)]
    own = ["-c", str(paths.SUITES / "pytest.ini"), f"--rootdir={paths.SUITES}", *plugins]
    return [*(" ".join(_QUIET).split()), *own, str(paths.SUITES)]


@cache
def _leave_nothing_in_the_folder() -> None:
    """Let Hypothesis keep what it remembers of Unicode for this process alone, and not in the folder of the user."""
    if _STORAGE not in os.environ:
        folder = TemporaryDirectory(prefix="preflight-")
        atexit.register(folder.cleanup)
        lay_out(Path(folder.name))
        os.environ[_STORAGE] = folder.name


@contextmanager
def _pytest_by_itself() -> Iterator[None]:
    """Keep away what the user's environment adds to every pytest: this one is ours."""
    kept = {name: os.environ.pop(name) for name in _OF_EVERY_PYTEST if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
