"""The files of a certificate: read whole within reason, written both or neither, never over another."""

from pathlib import Path
from typing import Final

from preflight.errors import CertificateError, UsageError

LARGEST: Final = 1 << 29


def read(path: Path, what: str) -> bytes:
    """Read a file.

    Raises:
        UsageError: when it cannot be read.
        CertificateError: when it is far larger than any that Preflight writes.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as problem:
        raise UsageError(
            f"the {what} {path} cannot be read: {problem.strerror or problem}", hint="check its path and permissions"
        ) from problem
    if len(data) > LARGEST:
        raise CertificateError(f"the {what} {path} is larger than any of Preflight", hint="name another file")
    return data


def insist_on_nothing(*paths: Path) -> None:
    """Accept that none of the files is there.

    Raises:
        UsageError: when one is.
    """
    for path in paths:
        if path.exists() or path.is_symlink():
            raise UsageError(f"{path} is there already", hint="nothing is overwritten: name another file with --out")


def write(files: dict[Path, bytes]) -> None:
    """Write new files, all or none.

    Raises:
        UsageError: when one of them is there, or cannot be written.
    """
    insist_on_nothing(*files)
    begun: list[Path] = []
    try:
        for path, data in files.items():
            with path.open("xb") as file:
                begun.append(path)
                file.write(data)
    except OSError as problem:
        for path in begun:
            path.unlink(missing_ok=True)
        raise UsageError(
            f"{path} cannot be written: {problem.strerror or problem}",
            hint="name with --out a file in a folder that is there and can be written",
        ) from problem
