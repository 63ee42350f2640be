"""The statement: what a certificate says, as an in-toto test-result statement.

What the predicate https://in-toto.io/attestation/test-result/v0.1 has a field for stands there; the rest stands in one
extension field, whose name is a URI as in-toto asks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from preflight.catalog.documents import Document
from preflight.catalog.schema_check import check
from preflight.errors import CertificateError, FileError
from preflight.model.claim import ClaimId
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.paths import REPORT_SCHEMAS

STATEMENT: Final = "https://in-toto.io/Statement/v1"
PREDICATE: Final = "https://in-toto.io/attestation/test-result/v0.1"
EXTENSION: Final = "tag:preflight,2026:certificate/1"
PACKAGE: Final = "pkg:pypi/rocketchat-preflight@"
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"


class Result(StrEnum):
    """The result as in-toto spells it; a certificate says PASSED, or WARNED where remarks are to be read."""

    PASSED = "PASSED"
    WARNED = "WARNED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The deployment: what its vendor calls it, and what was found."""

    alias: str
    address: str
    release: str
    server: str
    edition: str
    mock: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What was judged by: the version of Preflight, and the SHA-256 of each kind of file."""

    preflight: str
    contracts: str
    errata: str
    suites: str
    requirements: str
    waivers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is certified: this target kept the claims `passed` of the profile when the run was made.

    `run_digest` and `bundle_digest` are the SHA-256 of run.json and of the evidence bundle; `started` is when the run
    began. `remarks`, `not_applicable` and `not_required` say of which claims it is silent, and why.
    """

    target: Target
    profile: str
    requirements: str
    basis: Basis
    run_id: str
    run_digest: str
    bundle: str
    bundle_digest: str
    seed: str
    started: datetime
    issued: datetime
    expires: datetime
    passed: tuple[ClaimId, ...]
    remarks: Mapping[ClaimId, str]
    not_applicable: Mapping[ClaimId, str]
    not_required: tuple[ClaimId, ...]

    @property
    def result(self) -> Result:
        """PASSED, or WARNED where there are remarks."""
        return Result.WARNED if self.remarks else Result.PASSED


def to_json(statement: Statement) -> JsonObject:
    """Give the statement as in-toto spells it."""
    basis = statement.basis
    digests = {
        "contracts": basis.contracts,
        "errata": basis.errata,
        "requirements": basis.requirements,
        "run.json": statement.run_digest,
        "suites": basis.suites,
        **({"waivers": basis.waivers} if basis.waivers else {}),
    }
    return {
        "_type": STATEMENT,
        "subject": [
            {
                "name": _text(statement.target.alias),
                "uri": _text(statement.target.address),
                "digest": {"sha256": statement.bundle_digest},
            }
        ],
        "predicateType": PREDICATE,
        "predicate": {
            "result": str(statement.result),
            "configuration": [
                *({"name": name, "digest": {"sha256": digest}} for name, digest in sorted(digests.items())),
                {"name": "preflight", "uri": f"{PACKAGE}{basis.preflight}"},
            ],
            "passedTests": _ids(statement.passed),
            "warnedTests": _ids(statement.remarks),
            "failedTests": [],
            EXTENSION: _extension(statement),
        },
    }


def _extension(statement: Statement) -> JsonObject:
    target = statement.target
    return {
        "target": {
            "release": target.release,
            "server": _text(target.server),
            "edition": _text(target.edition),
            "mock": target.mock,
        },
        "profile": statement.profile,
        "requirements": statement.requirements,
        "run": {"id": statement.run_id, "started": f"{statement.started:{_TIME}}", "seed": statement.seed},
        "bundle": statement.bundle,
        "issued": f"{statement.issued:{_TIME}}",
        "expires": f"{statement.expires:{_TIME}}",
        "remarks": _reasons(statement.remarks),
        "notApplicable": _reasons(statement.not_applicable),
        "notRequired": _ids(statement.not_required),
    }


def from_json(data: JsonObject) -> Statement:
    """Read a statement back from what `to_json` gives, and from nothing else.

    Raises:
        CertificateError: when the data is another statement, of another form, or contradicts itself.
    """
    if data.get("predicateType") != PREDICATE or EXTENSION not in as_object(data.get("predicate")):
        raise CertificateError("the statement is none of Preflight", hint=_HINT)
    try:
        check(Document(path=Path("statement"), data=data), REPORT_SCHEMAS / "certificate.schema.json")
        statement = _read(data)
    except FileError as problem:
        raise CertificateError(f"the statement is of another form: {problem.what}", hint=_HINT) from problem
    except ValueError as problem:
        raise CertificateError(f"the statement is of another form: {problem}", hint=_HINT) from problem
    if to_json(statement) != data:
        raise CertificateError("the statement contradicts itself", hint=_HINT)
    return statement


_HINT = "verify with the version of Preflight that certified, or a later one"


def _read(data: JsonObject) -> Statement:
    subject = as_object(as_list(data["subject"])[0])
    predicate = as_object(data["predicate"])
    own = as_object(predicate[EXTENSION])
    run, target = as_object(own["run"]), as_object(own["target"])
    configuration = {str(one["name"]): one for one in map(as_object, as_list(predicate["configuration"]))}
    digests = {name: _sha256(one) for name, one in configuration.items() if "digest" in one}
    return Statement(
        target=Target(
            alias=str(subject["name"]),
            address=str(subject["uri"]),
            release=str(target["release"]),
            server=str(target["server"]),
            edition=str(target["edition"]),
            mock=target["mock"] is True,
        ),
        profile=str(own["profile"]),
        requirements=str(own["requirements"]),
        basis=Basis(
            preflight=str(configuration.get("preflight", {}).get("uri", "")).removeprefix(PACKAGE),
            contracts=digests.get("contracts", ""),
            errata=digests.get("errata", ""),
            suites=digests.get("suites", ""),
            requirements=digests.get("requirements", ""),
            waivers=digests.get("waivers", ""),
        ),
        run_id=str(run["id"]),
        run_digest=digests.get("run.json", ""),
        bundle=str(own["bundle"]),
        bundle_digest=_sha256(subject),
        seed=str(run["seed"]),
        started=_time(run["started"]),
        issued=_time(own["issued"]),
        expires=_time(own["expires"]),
        passed=tuple(_claims(predicate["passedTests"])),
        remarks=_with_reasons(own["remarks"]),
        not_applicable=_with_reasons(own["notApplicable"]),
        not_required=tuple(_claims(own["notRequired"])),
    )


def _sha256(descriptor: JsonObject) -> str:
    return str(as_object(descriptor["digest"])["sha256"])


def _time(text: Json) -> datetime:
    return datetime.strptime(str(text), _TIME).replace(tzinfo=UTC)


def _claims(listed: Json) -> Iterable[ClaimId]:
    return (ClaimId.parse(str(text)) for text in as_list(listed))


def _with_reasons(listed: Json) -> Mapping[ClaimId, str]:
    return {ClaimId.parse(str(one["claim"])): str(one["reason"]) for one in map(as_object, as_list(listed))}


def _ids(claims: Iterable[ClaimId]) -> list[Json]:
    return [_text(str(claim)) for claim in sorted(claims)]


def _reasons(reasons: Mapping[ClaimId, str]) -> list[Json]:
    return [{"claim": _text(str(claim)), "reason": _text(reasons[claim])} for claim in sorted(reasons)]


def _text(text: str) -> str:
    """Give a text that UTF-8 can hold: a server may have answered half a character, and a reason may quote it."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
