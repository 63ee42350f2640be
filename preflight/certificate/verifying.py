"""Verifying: finds out offline whether a certificate holds, and what of it could be compared.

The order matters: nothing of a file is believed before the signature, or a digest that is signed, covers it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from preflight import paths
from preflight.catalog.documents import load_text
from preflight.catalog.requirements import RequirementSet, read_requirements, released
from preflight.certificate.appraisal import appraise, in_words
from preflight.certificate.bundle import REQUIREMENTS, RUN, digest_of, digests_in, unpack
from preflight.certificate.canonical import read_object
from preflight.certificate.statement import Statement, from_json, to_json
from preflight.certificate.stating import Wish, state
from preflight.errors import CertificateError, FileError, UsageError
from preflight.model.codec import run_from_json
from preflight.model.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A certificate that holds; `evidence` tells whether the bundle was looked at.

    `known` tells that the requirement set is, byte for byte, one that this Preflight knows as released.
    """

    statement: Statement
    key_id: str
    evidence: bool
    known: bool


def verify(payload: bytes, key_id: str, now: datetime, bundle: Callable[[str], bytes] | None) -> Verified:
    """Judge the payload of an envelope whose signature fits; `bundle` gives the bundle by its name, None without it.

    Raises:
        CertificateError: when the certificate does not hold, says why.
    """
    statement = from_json(read_object(payload, "the statement"))
    known = _insist_on_known_set(statement)
    if bundle is not None:
        _insist_on_evidence(statement, bundle(statement.bundle))
    _insist_on_time(statement, now)
    return Verified(statement=statement, key_id=key_id, evidence=bundle is not None, known=known)


def _insist_on_known_set(statement: Statement) -> bool:
    noted = released(paths.CONTRACTS).get(statement.requirements)
    if noted is None:
        return False
    if noted.get(statement.profile) != statement.basis.requirements:
        raise CertificateError(
            f"the requirement set {statement.requirements}/{statement.profile} is not the one that was released",
            hint="the certificate was made by a changed Preflight; ask the one who certifies",
        )
    return True


def _insist_on_evidence(statement: Statement, bundle: bytes) -> None:
    """Accept a bundle that is the signed one, and from which the statement follows."""
    if digest_of(bundle) != statement.bundle_digest:
        raise CertificateError(
            "the evidence bundle is not the one that was signed: it was changed, or belongs to another certificate",
            hint="take the bundle from where the certificate was written",
        )
    files = unpack(bundle)
    run, asked = _run(files[RUN]), _requirements(files[REQUIREMENTS])
    if (asked.preflight, asked.profile) != (statement.requirements, statement.profile):
        raise CertificateError("the evidence bundle holds another requirement set than the one named", hint=_FOREIGN)
    found = appraise(run, asked)
    if found.grounds:
        raise CertificateError(f"the evidence does not bear the certificate: {in_words(found.grounds)}", hint=_FOREIGN)
    if to_json(state(run, found, _wish(statement), digests_in(bundle))) != to_json(statement):
        raise CertificateError("the statement says other than the evidence", hint=_FOREIGN)


def _wish(statement: Statement) -> Wish:
    """Give what the one who certifies chose freely."""
    return Wish(
        profile=statement.profile,
        requirements=statement.requirements,
        alias=statement.target.alias,
        now=statement.issued,
        valid=statement.expires - statement.started,
        bundle=statement.bundle,
    )


def _insist_on_time(statement: Statement, now: datetime) -> None:
    if now < statement.issued:
        raise CertificateError(
            f"the certificate is of the future: it was issued at {statement.issued:%Y-%m-%d %H:%M:%S} UTC",
            hint="one of two clocks is wrong: this one, or that of the one who certifies",
        )
    if now >= statement.expires:
        raise CertificateError(
            f"the certificate expired at {statement.expires:%Y-%m-%d %H:%M:%S} UTC",
            hint="ask for a new one; --at tells whether it held at another time",
        )


def _run(data: bytes) -> Run:
    try:
        return run_from_json(json.loads(data))
    except (UsageError, ValueError) as problem:
        raise CertificateError("run.json in the evidence bundle cannot be read", hint=_VERSION) from problem


def _requirements(data: bytes) -> RequirementSet:
    try:
        return read_requirements(load_text(data.decode("utf-8"), REQUIREMENTS))
    except (FileError, UnicodeDecodeError) as problem:
        raise CertificateError("the requirement set in the evidence bundle cannot be read", hint=_VERSION) from problem


_FOREIGN = "the certificate was made by something else than Preflight; ask the one who certifies"
_VERSION = "verify with the version of Preflight that certified"
