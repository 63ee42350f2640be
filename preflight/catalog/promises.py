"""Promises that cases rely on: whether a case and the contracts agree, and whether it applies to a release."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from preflight.catalog import overlay
from preflight.catalog.cases import Case
from preflight.catalog.contract import Contract, Source, key_of, operations_of
from preflight.catalog.errata import Errata
from preflight.catalog.nearest import nearest
from preflight.catalog.realtime import refusal_subjects
from preflight.catalog.steps import REALTIME
from preflight.errors import FileError
from preflight.model.claim import Claim, ClaimId, ClaimKind
from preflight.model.json import as_list, as_object
from preflight.model.operation import OperationKey
from preflight.model.release import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What contracts promise at a release, on the pages, and by the errata of any release.

    `elsewhere` remembers the refusals which errata bring at any release; it is filled when it is first asked for.
    """

    release: Release
    contracts: Mapping[OperationKey, Contract]
    claims: Mapping[ClaimId, Claim]
    documented: Mapping[ClaimId, Claim]
    sources: tuple[Source, ...]
    errata: Errata
    elsewhere: dict[OperationKey, set[str]] = field(default_factory=dict, repr=False)

    def set_aside(self, case: Case) -> str | None:
        """Say why a case does not apply to the release; None where it does.

        Raises:
            FileError: where it relies on a refusal or a parameter that no contract of any release has, or shows a
                claim that the release does not have.
        """
        claim, contract = case.claim, self.contracts.get(case.operation)
        if contract is None or not contract.removed:
            self._check_omitted(case)
        if claim is not None and claim not in self.claims and not self._refused_elsewhere(claim):
            raise self._unknown_refusal(case, claim)
        if self.release not in case.releases:
            return f"the case is for releases {case.releases}"
        if contract is None or (contract.removed and claim not in self.claims):
            return f"{case.operation} is not in {self.release}"
        if claim is not None and claim not in self.claims:
            return f"no contract of {self.release} has the refusal {claim.subject}"
        self._check_shown(case)
        return None

    def _refused_elsewhere(self, claim: ClaimId) -> bool:
        return claim in self.documented or claim.subject in self._other_releases(claim.operation)

    def _unknown_refusal(self, case: Case, claim: ClaimId) -> FileError:
        known = self._subjects(case.operation, ClaimKind.REFUSAL) | self._other_releases(case.operation)
        return case.wrong(
            "refusal",
            f"unknown claim: {case.operation} has no refusal {claim.subject} at any release",
            hint=nearest(claim.subject, known, what="refusals"),
        )

    def _check_omitted(self, case: Case) -> None:
        known = self._subjects(case.operation, ClaimKind.PARAMETER) if case.omits else set()
        for index, name in enumerate(case.omits):
            if name not in known:
                raise case.document.error(
                    (*case.pointer, "omits", index),
                    f"unknown parameter {name!r} of {case.operation}",
                    hint=nearest(name, known, what="parameters"),
                )

    def _check_shown(self, case: Case) -> None:
        for index, claim in enumerate(case.shows):
            if claim not in self.claims:
                known = [str(id_).partition("#")[2] for id_ in self.claims if id_.operation == case.operation]
                raise case.document.error(
                    (*case.pointer, "shows", index),
                    f"unknown claim: {case.operation} has no {claim.kind} {claim.subject} at {self.release}",
                    hint=nearest(f"{claim.kind}:{claim.subject}", known, what="claims"),
                )

    def _subjects(self, operation: OperationKey, kind: ClaimKind) -> set[str]:
        return {
            id_.subject
            for claims in (self.claims, self.documented)
            for id_ in claims
            if id_.kind is kind and id_.operation == operation
        }

    def _other_releases(self, operation: OperationKey) -> set[str]:
        """Give the refusals which the errata of other releases bring, whatever release that is."""
        if not self.elsewhere:
            self.elsewhere.update({operation: set() for operation in self.contracts})
            for source in self.sources:
                self._collect(source)
        return self.elsewhere.get(operation, set())

    def _collect(self, source: Source) -> None:
        data = source.document.data
        for action in self.errata.actions:
            if self.errata.by_id[action.erratum].family in {None, source.family} and not action.remove:
                data, _ = overlay.apply(action, data)
        for path, method, operation in operations_of(data):
            found = self.elsewhere.setdefault(key_of(path, method), set())
            if method == REALTIME:
                found |= refusal_subjects(operation)
            for status, response in as_object(operation.get("responses")).items():
                refusals = as_list(as_object(response).get("x-refusals"))
                found |= {f"{status}.{as_object(refusal).get('id')}" for refusal in refusals}
