"""Judging: a session with everything around it: the embedded mock before, the reports after."""

import contextlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from preflight.errors import ExitCode, PreflightError, UsageError
from preflight.mock.fault import Fault
from preflight.mock.faults import fault as planted
from preflight.mock.process import MockProcess
from preflight.model.run import CaseResult, Run
from preflight.model.shard import Shard
from preflight.model.verdict import Verdict
from preflight.reporting.folder import Report, write_reports
from preflight.session.records import JOURNAL
from preflight.session.session import Plan, Session, new_run_id, new_seed, open_session
from preflight.settings import Account, RunSettings, alias_of
from preflight.wire.pace import Pace
from preflight.wire.redaction import cleaned_by_all

PARTS = "parts"
DEFAULT_RELEASE = "8.0"

EXIT_CODES: Mapping[Verdict, ExitCode] = {
    Verdict.PASS: ExitCode.CONFORMS,
    Verdict.NOT_APPLICABLE: ExitCode.CONFORMS,
    Verdict.INCONCLUSIVE: ExitCode.INCONCLUSIVE,
    Verdict.FAIL: ExitCode.BROKEN,
    Verdict.ERROR: ExitCode.OURS,
}

Listener = Callable[[CaseResult], None]


class Judging:
    """One run from its settings to its reports; `open` before the first case, `close` after the last.

    `run`, `folder` and `reports` are there once it is closed. `conducted` says that somebody above pytest closes it;
    `broke` says in words what of ours went wrong.
    """

    def __init__(
        self,
        settings: RunSettings,
        listener: Listener | None = None,
        *,
        reports: Collection[Report] = tuple(Report),
        pace: Pace | None = None,
    ) -> None:
        self.settings = settings
        self.interrupted = False
        self.conducted = False
        self._broke = ""
        self.run: Run | None = None
        self.reports: Mapping[str, Path] = {}
        self.id = new_run_id()
        self._seed = new_seed() if settings.seed is None else settings.seed
        self.folder = settings.out / self.id
        self._listener = listener
        self._wanted = reports
        self._pace = pace
        self._resources = contextlib.ExitStack()
        self._session: Session | None = None

    def open(self) -> Session:
        """Open the session, once.

        Raises:
            PreflightError: when the target cannot be judged at all.
        """
        if self._session is None:
            try:
                self._session = open_session(self._plan(), self._listener, pace=self._pace)
            except BaseException:
                self._resources.close()
                self._forget_folder()
                raise
        return self._session

    def close(self) -> Run | None:
        """Clear the workspace, make the run and write its reports; None where no session was opened."""
        if self._session is None or self.run is not None:
            return self.run
        try:
            self.run = self._session.close(interrupted=self.interrupted)
        finally:
            self._resources.close()
        self.take(self.run)
        return self.run

    def take(self, run: Run) -> None:
        """Take a run, whoever played it, and write its reports."""
        self.run = run
        self.reports = write_reports(run, self.folder, self._wanted)

    @contextlib.contextmanager
    def place(self) -> Iterator[RunSettings]:
        """Give the settings by which others judge the same target, while the embedded mock workspace runs.

        Raises:
            PreflightError: when there is no such place.
        """
        with self._resources:
            self._alias()
            target, account = self._place()
            self._make_folder()
            try:
                yield replace(
                    self.settings,
                    target=target,
                    alias=self._alias(),
                    account=account,
                    fault=None,
                    out=self.folder / PARTS,
                    seed=self._seed,
                )
            except PreflightError:
                self._forget_folder()
                raise

    def forget(self) -> None:
        """Leave the target without a word about it: no run, no reports."""
        if self._session is not None and self.run is None:
            self._session.close()
            self._session = None
            self._resources.close()
            self._forget_folder()

    @property
    def broke(self) -> str:
        """What of ours went wrong, in words; empty while nothing did."""
        return self._broke

    @broke.setter
    def broke(self, told: str) -> None:
        self._broke = cleaned_by_all(told)

    @property
    def exit_code(self) -> ExitCode:
        """What the process tells the shell."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if self.broke or self.run is None:
            return ExitCode.OURS
        return EXIT_CODES[self.run.verdict]

    def _plan(self) -> Plan:
        shard, alias = shard_from(self.settings.shard), self._alias()
        target, account = self._place()
        self._make_folder()
        return Plan(
            target=target,
            alias=alias,
            account=account,
            accounts=self.settings.accounts,
            release=self.settings.release,
            only=self.settings.only,
            profile=self.settings.profile,
            shard=shard,
            contracts=self.settings.contracts,
            waivers=self.settings.waivers,
            disruptive=self.settings.disruptive,
            read_only=self.settings.read_only,
            timeout_s=self.settings.timeout_s,
            max_minutes=self.settings.max_minutes,
            people_key=self.settings.people_key,
            ca_bundle=self.settings.ca_bundle,
            journal=self.folder / JOURNAL,
            run_id=self.id,
            seed=self._seed,
            depth=self.settings.depth,
        )

    def _alias(self) -> str:
        """Give what people call the target; the embedded mock workspace is the same one wherever it listens."""
        return alias_of(self.settings.target, self.settings.alias)

    def _place(self) -> tuple[str, Account]:
        fault = self._fault()
        if self.settings.target is None:
            mock = self._resources.enter_context(
                MockProcess(release=self.settings.release or _release_for(fault), fault=fault)
            )
            return mock.url, Account(user=mock.admin_username, password=mock.admin_password)
        if self.settings.account is None:
            raise UsageError("no account for the target was given", hint="give --user and --password-file")
        return self.settings.target, self.settings.account

    def _fault(self) -> Fault | None:
        if self.settings.fault is None:
            return None
        if self.settings.target is not None:
            raise UsageError(
                "a fault can be planted in the embedded mock workspace only",
                hint="leave --target out, or start the target with preflight mock --fault NAME",
            )
        return planted(self.settings.fault)

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=False)
        except OSError as problem:
            raise UsageError(
                f"the folder {self.folder} cannot be made: {problem.strerror or problem}",
                hint="name with --out a folder that can be written",
            ) from problem

    def _forget_folder(self) -> None:
        with contextlib.suppress(OSError):
            (self.folder / JOURNAL).unlink(missing_ok=True)
        for folder in (self.folder / PARTS, self.folder):
            with contextlib.suppress(OSError):
                folder.rmdir()


def shard_from(text: str | None) -> Shard | None:
    """Read which part of a run is meant; raises UsageError where the text names none."""
    try:
        return Shard.parse(text) if text else None
    except ValueError as problem:
        raise UsageError(str(problem), hint="the first of four machines gives --shard 1/4") from problem


def _release_for(fault: Fault | None) -> str:
    """Give the release to play where none was asked for: one that has the operation which the fault touches."""
    return (fault.release if fault else None) or DEFAULT_RELEASE
