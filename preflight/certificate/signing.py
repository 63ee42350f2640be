"""Signing: the one door to cryptography and securesystemslib, which know keys, signatures and the envelope.

An envelope is a DSSE envelope with one Ed25519 signature. It is read strictly: every byte of the file either is covered
by the signature or is what it must be, so that no changed byte goes unnoticed.
"""

import os
from base64 import b64decode
from binascii import Error as NoBase64Error
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import UnverifiedSignatureError
from securesystemslib.signer import CryptoSigner, SSlibKey

from preflight.certificate.canonical import read_object, spell
from preflight.errors import CertificateError, UsageError
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.settings import KEY_PASSPHRASE

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
SIGNATURE_BYTES: Final = 64
_PRIVATE: Final = 0o600
_PUBLIC: Final = 0o644


@dataclass(frozen=True, slots=True)
class Signed:
    """What an envelope holds once its signature is verified."""

    payload: bytes
    key_id: str


class PublicKey:
    """A key that verifies; `id` is its fingerprint."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = SSlibKey.from_crypto(key)

    @property
    def id(self) -> str:
        """The SHA-256 over the key, which identifies it."""
        return str(self._key.keyid)

    @classmethod
    def load(cls, path: Path) -> "PublicKey":
        """Read a public key from a PEM file.

        Raises:
            UsageError: when the file holds none, or one of another kind.
        """
        data = _read(path, "public key")
        if b"PRIVATE KEY-----" in data:
            raise UsageError(
                f"{path} holds a private key", hint="verify by the public key; the private one stays with who signs"
            )
        try:
            key = load_pem_public_key(data)
        except (ValueError, UnsupportedAlgorithm) as problem:
            raise UsageError(f"{path} holds no public key", hint=_PEM_HINT) from problem
        if not isinstance(key, Ed25519PublicKey):
            raise UsageError(f"{path} holds a key of another kind than Ed25519", hint=_PEM_HINT)
        return cls(key)

    def open(self, data: bytes) -> Signed:
        """Take the payload out of an envelope that this key signed.

        Raises:
            CertificateError: when the bytes are no such envelope, or the signature is not by this key.
        """
        parts = _parts(read_object(data.removesuffix(b"\n"), "the certificate"), data)
        if parts.key_id != self.id:
            raise CertificateError(
                f"the certificate is signed by the key {_short(parts.key_id)}, not by {_short(self.id)}",
                hint="take the public key of the one who certifies, from a source that you trust",
            )
        envelope = Envelope.from_dict(dict(parts.whole))
        try:
            envelope.verify([self._key], threshold=1)
        except UnverifiedSignatureError as problem:
            raise CertificateError(
                "the signature does not fit: the certificate was changed, or another key signed it",
                hint="take the certificate from where it was written",
            ) from problem
        return Signed(payload=bytes(envelope.payload), key_id=self.id)


class SigningKey:
    """A key that signs."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key())

    @classmethod
    def load(cls, path: Path, passphrase: Callable[[], str]) -> "SigningKey":
        """Read a private key from a PEM file; `passphrase` is asked where one protects it.

        Raises:
            UsageError: when the file holds none, or one of another kind, or one that the passphrase does not open.
        """
        data = _read(path, "key")
        try:
            key = load_pem_private_key(data, password=None)
        except TypeError:
            key = _opened(path, data, passphrase())
        except (ValueError, UnsupportedAlgorithm) as problem:
            what = "holds a public key, which cannot sign" if b"PUBLIC KEY-----" in data else "holds no private key"
            raise UsageError(f"{path} {what}", hint=_PEM_HINT) from problem
        if not isinstance(key, Ed25519PrivateKey):
            raise UsageError(f"{path} holds a key of another kind than Ed25519", hint=_PEM_HINT)
        return cls(key)

    def seal(self, payload: bytes) -> bytes:
        """Sign a payload and give the envelope as the bytes of a file."""
        envelope = Envelope(payload, PAYLOAD_TYPE, {})
        envelope.sign(CryptoSigner(self._key))
        return spell(envelope.to_dict()) + b"\n"


def _opened(path: Path, data: bytes, passphrase: str) -> PrivateKeyTypes:
    """Open a key that a passphrase protects."""
    if not passphrase:
        raise UsageError(f"the key in {path} is protected by a passphrase", hint=_PASSPHRASE_HINT)
    try:
        return load_pem_private_key(data, password=passphrase.encode("utf-8"))
    except (ValueError, UnsupportedAlgorithm) as problem:
        raise UsageError(f"the passphrase does not open the key in {path}", hint=_PASSPHRASE_HINT) from problem


def new_key(path: Path, passphrase: str = "") -> tuple[Path, str]:
    """Write a new key pair, the private key for its owner alone; give the file of the public key, and its id.

    A passphrase, where there is one, protects the private key.

    Raises:
        UsageError: when one of the two files is there already, or cannot be written.
    """
    public = path.with_suffix(".pub")
    if public == path:
        raise UsageError(f"{path} is the name of a public key", hint="name the private key, for instance key.pem")
    key = Ed25519PrivateKey.generate()
    protection = BestAvailableEncryption(passphrase.encode("utf-8")) if passphrase else NoEncryption()
    private_pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
    public_pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _insist_on_nothing(public)
    _create(path, private_pem, _PRIVATE)
    try:
        _create(public, public_pem, _PUBLIC)
    except UsageError:
        path.unlink()
        raise
    return public, PublicKey(key.public_key()).id


_PEM_HINT = "a key pair is made with: preflight keygen key.pem"
_PASSPHRASE_HINT = f"give --passphrase-file, or set {KEY_PASSPHRASE}, or type it where a terminal asks for it"


@dataclass(frozen=True, slots=True)
class _Parts:
    whole: Mapping[str, Json]
    key_id: str


def _parts(envelope: JsonObject, data: bytes) -> _Parts:
    """Take an envelope apart that has exactly what it must have.

    Raises:
        CertificateError: when it has anything else.
    """
    signatures = as_list(envelope.get("signatures"))
    signature = as_object(signatures[0]) if len(signatures) == 1 else {}
    key_id, sig, payload = signature.get("keyid"), signature.get("sig"), envelope.get("payload")
    if set(envelope) != {"payload", "payloadType", "signatures"}:
        raise CertificateError("this is no certificate: it is no signed envelope", hint=_ENVELOPE_HINT)
    if not signatures:
        raise CertificateError("the certificate is not signed", hint=_ENVELOPE_HINT)
    if set(signature) != {"keyid", "sig"} or not isinstance(key_id, str):
        raise CertificateError("the certificate has another signature than one of Preflight", hint=_ENVELOPE_HINT)
    if envelope["payloadType"] != PAYLOAD_TYPE:
        raise CertificateError("this is no certificate: the envelope holds something else", hint=_ENVELOPE_HINT)
    if len(_base64(sig)) != SIGNATURE_BYTES or not _base64(payload):
        raise CertificateError("the certificate is cut off, or was changed", hint=_ENVELOPE_HINT)
    if not data.endswith(b"}\n"):
        raise CertificateError("the certificate does not end where it must", hint=_ENVELOPE_HINT)
    whole = {**envelope, "signatures": [dict(signature)]}
    return _Parts(whole, key_id)


_ENVELOPE_HINT = "name a certificate that preflight certify wrote, whole and unchanged"


def _base64(text: Json) -> bytes:
    """Decode base64 in its one spelling; nothing where it is none."""
    if not isinstance(text, str):
        return b""
    try:
        data = b64decode(text, validate=True)
    except (NoBase64Error, ValueError):
        return b""
    return data if _spelled(data) == text else b""


def _spelled(data: bytes) -> str:
    from_envelope: str = Envelope(data, "", {}).to_dict()["payload"]
    return from_envelope


def _short(key_id: str) -> str:
    return key_id[:16]


def _read(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise UsageError(
            f"the {what} {path} cannot be read: {problem.strerror or problem}", hint="check its path and permissions"
        ) from problem


def _insist_on_nothing(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise UsageError(f"{path} is there already", hint="a key is never overwritten: name another file")


def _create(path: Path, data: bytes, mode: int) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        _insist_on_nothing(path)
        raise
    except OSError as problem:
        raise UsageError(
            f"{path} cannot be written: {problem.strerror or problem}", hint="name a folder that can be written"
        ) from problem
    with os.fdopen(handle, "wb") as file:
        file.write(data)
