"""Waivers: what one deployment is known to break, narrow enough to let nothing else through, and for how long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

from preflight import paths
from preflight.catalog.documents import Document, Pointer, load
from preflight.catalog.errata import parse_range
from preflight.catalog.nearest import nearest
from preflight.catalog.schema_check import check
from preflight.model.claim import ClaimId
from preflight.model.json import JsonObject, as_object
from preflight.model.operation import OperationKey
from preflight.model.release import Release, ReleaseRange

ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One deviation that is accepted: of one claim, found by one check, at one place; `expires` is its last day."""

    id: str
    claim: ClaimId
    check: str
    where: str
    releases: ReleaseRange
    owner: str
    reason: str
    link: str
    expires: date

    def covers(self, claim: ClaimId, check_id: str, where: str) -> bool:
        """Tell whether a finding is the one that is meant; ``*`` in `where` stands for one part of a pointer."""
        return (self.claim, self.check) == (claim, check_id) and _alike(self.where.split("/"), where.split("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Waivers:
    """The waivers of a deployment that are about a release; `digest` is the SHA-256 of their file."""

    every: tuple[Waiver, ...] = ()
    digest: str = ""

    def covering(self, claim: ClaimId, check_id: str, where: str, today: date) -> Waiver | None:
        """Give the waiver that accepts a finding today; None where none does."""
        found = (waiver for waiver in self.every if waiver.expires >= today)
        return next((waiver for waiver in found if waiver.covers(claim, check_id, where)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiversFile:
    """A waivers file as it stands, before it is known which release is judged."""

    every: tuple[Waiver, ...] = ()
    digest: str = ""
    document: Document | None = field(default=None, repr=False, compare=False)

    def at(self, release: Release, operations: Iterable[OperationKey], checks: Sequence[str]) -> Waivers:
        """Give the waivers that are about a release.

        Raises:
            FileError: where a waiver names an operation or a check that does not exist.
        """
        known = {str(key) for key in operations}
        for waiver in self.every:
            self._must_exist(waiver.id, "claim", str(waiver.claim.operation), known, "operations")
            self._must_exist(waiver.id, "check", waiver.check, checks, "checks")
        return Waivers(every=tuple(one for one in self.every if release in one.releases), digest=self.digest)

    def _must_exist(self, id_: str, key: str, name: str, known: Iterable[str], what: str) -> None:
        names = tuple(known)
        if name not in names and self.document is not None:
            raise self.document.error(
                ("waivers", id_, key), f"unknown {key} of waiver {id_}: {name!r}", hint=nearest(name, names, what=what)
            )


def load_waivers(path: Path | None) -> WaiversFile:
    """Read a waivers file; None stands for no waivers at all.

    Raises:
        FileError: where the file cannot be read, or a waiver does not say what it must.
    """
    if path is None:
        return WaiversFile()
    document = load(path)
    check(document, paths.CONTRACTS / "schemas" / "waivers.schema.json")
    items = as_object(as_object(document.data)["waivers"]).items()
    return WaiversFile(
        every=tuple(_waiver(document, id_, as_object(item)) for id_, item in items),
        digest=sha256(path.read_bytes()).hexdigest(),
        document=document,
    )


def _waiver(document: Document, id_: str, data: JsonObject) -> Waiver:
    pointer: Pointer = ("waivers", id_)
    try:
        claim = ClaimId.parse(str(data["claim"]))
    except ValueError as problem:
        raise document.error(
            (*pointer, "claim"), str(problem), hint="copy the id of the claim from a report"
        ) from problem
    try:
        expires = date.fromisoformat(str(data["expires"]))
    except ValueError as problem:
        raise document.error((*pointer, "expires"), str(problem), hint="write a day as 2027-01-31") from problem
    return Waiver(
        id=id_,
        claim=claim,
        check=str(data["check"]),
        where=str(data["where"]),
        releases=parse_range(document, (*pointer, "releases"), str(data.get("releases", ""))),
        owner=str(data["owner"]),
        reason=str(data["reason"]),
        link=str(data["link"]),
        expires=expires,
    )


def _alike(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    return len(pattern) == len(parts) and all(
        wanted in {ANY, part} for wanted, part in zip(pattern, parts, strict=True)
    )
