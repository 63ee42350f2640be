"""Preflight's own troubles, told to people in one line and a hint.

A run can stumble at each of its stations, in this order:

- the command line or the configuration is wrong: ``UsageError``;
- a contract, case, erratum or profile file is wrong: ``FileError``, with file and line;
- documentation cannot be read as documentation: ``SourceError``;
- the target does not answer, or is no Rocket.Chat: ``TargetError``;
- the target answers but refuses the login: ``LoginError``; it wants a second factor first: ``SecondFactorError``;
- the suites, which come with Preflight, cannot be read: ``SuiteError``;
- a run cannot be certified, or a certificate does not hold: ``CertificateError``.

None of these is a finding: a finding accuses the deployment and lives in ``preflight.model.finding``.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells the shell."""

    CONFORMS = 0
    BROKEN = 1
    USAGE = 2
    INCONCLUSIVE = 3
    OURS = 4
    INTERRUPTED = 130


class PreflightError(Exception):
    """Something a person can mend; prints as one line and one hint, never as a traceback."""

    exit_code = ExitCode.OURS

    def __init__(self, what: str, *, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}\n  Hint: {self.hint}"


class UsageError(PreflightError):
    """The command line or the configuration asks for something that cannot be."""

    exit_code = ExitCode.USAGE


class FileError(PreflightError):
    """A file of contracts/ does not say what it must; names file and line."""

    exit_code = ExitCode.USAGE

    def __init__(self, file: str, line: int, what: str, *, hint: str) -> None:
        super().__init__(f"{file}:{line}: {what}", hint=hint)
        self.file = file
        self.line = line


class SourceError(PreflightError):
    """A page of documentation cannot be read in any known form."""

    exit_code = ExitCode.USAGE


class TargetError(PreflightError):
    """The target does not answer, or answers as no Rocket.Chat does."""

    exit_code = ExitCode.INCONCLUSIVE


class LoginError(PreflightError):
    """The target refuses the credentials it was given."""

    exit_code = ExitCode.USAGE


class SuiteError(PreflightError):
    """A suite breaks before its first case."""

    exit_code = ExitCode.OURS


class SecondFactorError(LoginError):
    """The target wants a code of a second factor beside the password; `method` is how people get one."""

    def __init__(self, what: str, *, hint: str, method: str) -> None:
        super().__init__(what, hint=hint)
        self.method = method


class CertificateError(PreflightError):
    """A run cannot be certified, or a certificate does not hold."""

    exit_code = ExitCode.BROKEN

    def __init__(self, what: str, *, hint: str, exit_code: ExitCode = ExitCode.BROKEN) -> None:
        super().__init__(what, hint=hint)
        self.exit_code = exit_code
