"""Trespasses: what people try with the things of others, between two looks of those whose things they are.

All that is tried of one operation is tried between the same two looks. Where they differ, what could have done it is
tried once more, one after the other, until it is known.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from preflight.catalog.cases import Case, CaseKind
from preflight.catalog.catalog import Catalog
from preflight.catalog.steps import REALTIME
from preflight.catalog.trespasses import Fate, Trespass
from preflight.checks.authorization import fits
from preflight.checks.evidence import Evidence, Try
from preflight.errors import TargetError
from preflight.model.claim import ClaimId
from preflight.model.exchange import Exchange
from preflight.model.json import JsonObject
from preflight.session.acts import Reply
from preflight.session.circumstances import CircumstanceError, NotApplicableError, told
from preflight.session.ghosts import CONNECT, Ghost
from preflight.session.performance import Performance
from preflight.session.stage import Scene
from preflight.wire.rest import Ask
from preflight.wire.talk import Talk

RIGHTS = "rights"
TRIES = 5


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
                _see_right(performance, each)
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
        scene = performance.apart() if trespass.fate is Fate.ALLOWED else performance.scene
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


def _see_right(performance: Performance, trespass: Trespass) -> None:
    """See that who asks has, or lacks, the right on which it depends; raises NotApplicableError where not."""
    right = trespass.right
    if right is None:
        return
    company = performance.stage.company
    if company.may_have_rights(trespass.case.actor):
        raise CircumstanceError(
            f"{trespass.case.actor} is played by an account with other roles, and may have {right.permission}"
        )
    held = [role for role in performance.ground.rights.roles(right.permission) if role in right.roles]
    if trespass.fate is Fate.ALLOWED and not held:
        raise NotApplicableError(f"the permission {right.permission} is held by none of {', '.join(right.roles)} here")
    if trespass.fate is not Fate.ALLOWED and held:
        raise NotApplicableError(f"the permission {right.permission} is held by {', '.join(held)} here")


@dataclass(kw_only=True)
class Withdrawal:
    """A permission taken from who uses it, and given back; `claims` are those that it is about."""

    performance: Performance
    claims: tuple[ClaimId, ...]

    def __post_init__(self) -> None:
        self.performance.aims += self.claims

    def is_tried(self) -> Reply:
        """Use the permission, be without it, and have it again.

        Raises:
            NotApplicableError: when permissions may not be changed here, or who asks does not have it.
            CircumstanceError: when it could not even be used while it was there.
        """
        performance = self.performance
        tries: list[Try] = []
        for trespass in performance.ground.catalog.trespasses_of(performance.contract.key, _about(self.claims)):
            tries += performance.guarded(partial(self._withdrawn, trespass))
        evidence = Evidence(
            contract=performance.contract,
            claims=performance.claims,
            exchange=tries[0].exchange,
            tries=tuple(tries),
        )
        return Reply(performance=performance, evidence=evidence)

    def _withdrawn(self, trespass: Trespass) -> list[Try]:
        performance, right = self.performance, trespass.right
        if right is None:
            raise CircumstanceError(f"it is not said on which permission it depends: {trespass.case.title}")
        _see_right(performance, trespass)
        rights, permission = performance.ground.rights, right.permission
        rights.meet({})
        self._use(trespass)
        # All that it needs is made while the permission is there, for other things may need it too.
        scene = performance.apart()
        ask = performance.prepared(trespass.case, scene)
        refusals = tuple(
            refusal for subject in trespass.refusals if (refusal := performance.contract.refusal(subject)) is not None
        )
        title, left = trespass.case.title, [role for role in rights.roles(permission) if role not in right.roles]
        try:
            rights.meet({permission: left})
            # Where no refusal is known, one that comes late may be about something else.
            tries = TRIES if refusals else 0
            taken = self._until(scene, ask, lambda exchange: fits(exchange, refusals), tries)
        finally:
            self._give_back()
        without = Try(
            about=trespass.about,
            title=f"{title}, without the permission {permission}",
            exchange=taken,
            refusals=refusals,
            denied=True,
        )
        if not fits(taken, refusals):
            return [without]
        given = self._until(scene, ask, lambda exchange: not fits(exchange, ()))
        again = f"{title}, with the permission {permission} again"
        return [without, Try(about=trespass.about, title=again, exchange=given, allowed=True)]

    def _give_back(self) -> None:
        """Give the permission back; at once again where no answer says so, since others are judged meanwhile."""
        performance = self.performance
        for left in reversed(range(TRIES)):
            try:
                performance.guarded(lambda: performance.ground.rights.meet({}))
                break
            except CircumstanceError:
                if not left:
                    raise

    def _use(self, trespass: Trespass) -> None:
        """Use the permission once: what remembers that it was there must forget it later."""
        answer = self.performance.attempt(trespass.case, self.performance.apart())
        if fits(answer.exchange, ()):
            raise CircumstanceError(f"{trespass.case.title}: refused while the permission was there, {told(answer)}")

    def _until(self, scene: Scene, ask: Ask, is_wanted: Callable[[Exchange], bool], tries: int = TRIES) -> Exchange:
        """Ask until it is answered as wanted, for servers learn late of a change; gives the first answer otherwise."""
        first = exchange = scene.send(ask).exchange
        for _ in range(tries):
            if is_wanted(exchange):
                return exchange
            exchange = scene.send(ask).exchange
        return first


@dataclass(kw_only=True)
class Former:
    """People who are let in no more, with the tokens that they had; `claims` are those that it is about."""

    performance: Performance
    claims: tuple[ClaimId, ...]

    def __post_init__(self) -> None:
        self.performance.aims += self.claims

    def ask(self) -> Reply:
        """Ask with the token of each of them; a realtime method over the connection that they had."""
        performance = self.performance
        ghosts = performance.guarded(performance.ground.ghosts.all)
        tries = [self._try(ghost) for ghost in ghosts]
        evidence = Evidence(
            contract=performance.contract,
            claims=performance.claims,
            exchange=tries[0].exchange,
            tries=tuple(tries),
        )
        return Reply(performance=performance, evidence=evidence)

    def _try(self, ghost: Ghost) -> Try:
        is_realtime = self.performance.contract.key.method == REALTIME
        return self._call(ghost) if is_realtime else self._request(ghost)

    def _request(self, ghost: Ghost) -> Try:
        performance = self.performance
        ask = performance.guarded(partial(performance.request_of, self._case(), ghost.login.headers, ghost.how))
        ask = replace(ask, actor=ghost.login.actor, intrudes=True)
        answer = performance.guarded(lambda: performance.scene.send(ask))
        return Try(about="tokens", title=f"{ghost.how} asks", exchange=answer.exchange)

    def _case(self) -> Case:
        """Give a request of the operation, with things that live for the run where there is one such."""
        performance = self.performance
        key, catalog = performance.contract.key, performance.ground.catalog
        tried = [each.case for each in catalog.trespasses_of(key, "outsiders") if not each.case.before]
        found = (*tried, *(case for case in catalog.cases_of(key) if case.kind is CaseKind.ACCEPTED))
        if not found:
            raise CircumstanceError("no case says how this operation is asked")
        return found[0]

    def _call(self, ghost: Ghost) -> Try:
        performance = self.performance
        if ghost.talk is None:
            performance.inconclusive("the target opened no realtime connection")
            raise CircumstanceError("the target opened no realtime connection")
        if performance.contract.anonymous is None:
            return self._log_in(ghost)
        params = performance.guarded(lambda: performance.scene.resolve(list(self._case().params)))
        name, call = performance.contract.path, f"{performance.contract.path}:{ghost.login.actor}"
        frame: JsonObject = {"msg": "method", "method": name, "id": call, "params": params}
        exchange = self._said(ghost.talk, frame, call, ghost.how)
        return Try(about="tokens", title=f"{ghost.how} goes on speaking", exchange=exchange, call=call)

    def _log_in(self, ghost: Ghost) -> Try:
        performance, call = self.performance, "login"
        opening = performance.stage.connections.talking(ghost.login.actor)
        talk = performance.guarded(lambda: performance.resources.enter_context(opening))
        performance.guarded(lambda: talk.send(CONNECT))
        frame: JsonObject = {"msg": "method", "method": "login", "id": call, "params": [{"resume": ghost.login.token}]}
        exchange = self._said(talk, frame, call, ghost.how)
        return Try(about="tokens", title=f"{ghost.how} comes back by the token of before", exchange=exchange, call=call)

    def _said(self, talk: Talk, frame: JsonObject, call: str, how: str) -> Exchange:
        """Say something on a connection, unless it is closed, and wait for what comes of it."""
        performance = self.performance
        with suppress(TargetError):  # closed by now
            talk.send(frame)
        came = talk.until(lambda each: each.get("msg") == "result" and each.get("id") == call)
        if came is None and not talk.is_over:
            performance.inconclusive("the target answers nothing any more, and leaves the connection open")
            raise CircumstanceError("the target answers nothing any more, and leaves the connection open")
        exchange = talk.exchange(how)
        performance.scene.exchanges.append(exchange)
        return exchange


def changes(catalog: Catalog, claims: Sequence[ClaimId]) -> str:
    """Name what the trespasses that are about some claims change of what all share; nothing for most."""
    found = catalog.trespasses_of(claims[0].operation, _about(claims))
    settings = {name: value for each in found for name, value in each.case.needs.settings.items()}
    taken = [each.right.permission for each in found if each.right and each.about == RIGHTS]
    return repr([*taken, *sorted(settings.items())]) if settings or taken else ""


def _about(claims: Sequence[ClaimId]) -> str:
    """Give the word that begins the names of claims."""
    return claims[0].subject.partition(".")[0]
