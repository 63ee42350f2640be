"""The evidence bundle: the run and what an auditor reads beside it, in one file whose SHA-256 the certificate holds.

A zip archive with fixed times, order and permissions. The digest is over the whole file, so that a change in its
padding, or in what zip says about itself, is a change as well.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from preflight.errors import CertificateError

RUN: Final = "run.json"
REQUIREMENTS: Final = "requirements.yaml"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ORDINARY = 0o644 << 16
_LARGEST = 1 << 30


def pack(files: Mapping[str, bytes]) -> bytes:
    """Give the bytes of a bundle; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = _ORDINARY
            archive.writestr(entry, files[name], compresslevel=9)
    return buffer.getvalue()


def unpack(data: bytes) -> Mapping[str, bytes]:
    """Read the files of a bundle whose digest was found right.

    Raises:
        CertificateError: when it is no bundle.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _LARGEST:
                raise CertificateError("the evidence bundle is larger than any run", hint=_HINT)
            files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as problem:
        raise CertificateError("the evidence bundle is no zip archive", hint=_HINT) from problem
    if not {RUN, REQUIREMENTS} <= set(files):
        raise CertificateError("the evidence bundle holds no run with its requirements", hint=_HINT)
    return files


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """The SHA-256 of a bundle as a whole, and of two of its files."""

    whole: str
    run: str
    requirements: str


def digests_in(bundle: bytes) -> Digests:
    """Give the digests that a certificate holds.

    Raises:
        CertificateError: when it is no bundle.
    """
    files = unpack(bundle)
    return Digests(whole=digest_of(bundle), run=digest_of(files[RUN]), requirements=digest_of(files[REQUIREMENTS]))


def digest_of(data: bytes) -> str:
    """Give the SHA-256 of a file."""
    return sha256(data).hexdigest()


_HINT = "take the bundle that preflight certify wrote beside the certificate"
