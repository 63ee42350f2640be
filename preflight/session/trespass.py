"""Trespasses: what people try with the things of others, between two looks of those whose things they are.

All that is tried of one operation is tried between the same two looks. Where they differ, what could have done it is
tried once more, one after the other, until it is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from preflight.catalog.catalog import Catalog
from preflight.catalog.trespasses import Fate, Trespass
from preflight.checks.evidence import Evidence, Try
from preflight.model.claim import ClaimId
from preflight.session.acts import Reply
from preflight.session.circumstances import CircumstanceError, NotApplicableError
from preflight.session.performance import Performance


@dataclass(kw_only=True)
class Trespassing:
    """Everything that people try by one operation; `claims` are those that it is about."""

    performance: Performance
    claims: tuple[ClaimId, ...]

    def __post_init__(self) -> None:
        self.performance.aims += self.claims

    def tries(self) -> Reply:
        """Try everything, and look whether it changed anything.

        Raises:
            NotApplicableError: when nothing of it applies to the target.
            CircumstanceError: when something stands in the way.
        """
        return self._reply(self._tries())

    def _tries(self) -> list[Try]:
        performance = self.performance
        trespasses = self._applicable()
        things = tuple(dict.fromkeys(thing for each in trespasses for thing in each.things))
        performance.guarded(lambda: performance.scene.resolve([f"{{{thing}.id}}" for thing in things]))
        vault = performance.ground.vault
        before = performance.guarded(lambda: vault.known(things))
        tries = [self._try(each) for each in trespasses]
        after = performance.guarded(lambda: vault.look(things)) if things else {}
        for thing in things:
            if before[thing] != after[thing]:
                could = [index for index, each in enumerate(trespasses) if thing in each.things]
                index = self._culprit(thing, could, trespasses)
                tries[index] = replace(tries[index], before={thing: before[thing]}, after={thing: after[thing]})
        return tries

    def _applicable(self) -> list[Trespass]:
        performance = self.performance
        found = performance.ground.catalog.trespasses_of(performance.contract.key, _about(self.claims))
        reasons: dict[str, None] = {}
        applicable = []
        for each in found:
            try:
                performance.ground.meet(each.case)
                applicable.append(each)
            except NotApplicableError as problem:
                reasons[str(problem)] = None
            except CircumstanceError as problem:
                performance.inconclusive(str(problem))
                raise
        if not applicable:
            why = "; ".join(reasons) or "nothing is known to try by it"
            performance.not_applicable(why)
            raise NotApplicableError(why)
        return applicable

    def _try(self, trespass: Trespass) -> Try:
        performance, case = self.performance, trespass.case
        scene = performance.stage.scene() if trespass.fate is Fate.ALLOWED else performance.scene
        exchange = performance.attempt(case, scene).exchange
        found = (performance.contract.refusal(subject) for subject in trespass.refusals)
        return Try(
            about=trespass.about,
            title=case.title,
            exchange=exchange,
            refusals=tuple(refusal for refusal in found if refusal is not None),
            allowed=trespass.fate is Fate.ALLOWED,
            values={where: performance.expected(value) for where, value in case.expect.body.items()},
            secrets=performance.ground.vault.secrets(case.actor),
        )

    def _culprit(self, thing: str, could: Sequence[int], trespasses: Sequence[Trespass]) -> int:
        """Find what changed a thing: the only one that could have, else the first which does it once more."""
        performance, vault = self.performance, self.performance.ground.vault
        for index in could if len(could) > 1 else ():
            before = performance.guarded(lambda: vault.known([thing]))
            self._try(trespasses[index])
            after = performance.guarded(lambda: vault.look([thing]))
            if before != after:
                return index
        return could[0]

    def _reply(self, tries: Sequence[Try]) -> Reply:
        performance = self.performance
        evidence = Evidence(
            contract=performance.contract,
            claims=performance.claims,
            exchange=tries[0].exchange,
            tries=tuple(tries),
        )
        return Reply(performance=performance, evidence=evidence)


def changes(catalog: Catalog, claims: Sequence[ClaimId]) -> str:
    """Name what the trespasses that are about some claims change of what all share; nothing for most."""
    found = catalog.trespasses_of(claims[0].operation, _about(claims))
    settings = {name: value for each in found for name, value in each.case.needs.settings.items()}
    return repr(sorted(settings.items())) if settings else ""


def _about(claims: Sequence[ClaimId]) -> str:
    """Give the word that begins the names of claims."""
    return claims[0].subject.partition(".")[0]
