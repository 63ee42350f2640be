"""A performance: one case played on the stage and judged, whatever comes of it.

A performance ends in one of five ways: its checks pass, or fail; circumstances prevent it (inconclusive); the question
does not arise here (not applicable); or Preflight breaks (error).
"""

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Protocol, TypeVar

from preflight.catalog.cases import Case, Needs
from preflight.catalog.contract import Contract
from preflight.catalog.steps import REALTIME
from preflight.checks.evidence import Evidence, Look
from preflight.checks.fields import beyond
from preflight.errors import TargetError
from preflight.model.claim import Claim, ClaimId, Level
from preflight.model.finding import Finding
from preflight.model.json import Json, as_list
from preflight.model.outcome import Outcome
from preflight.model.pointer import NothingThereError, look_up
from preflight.model.run import Beyond, CaseResult
from preflight.model.verdict import Verdict, worst
from preflight.session.circumstances import (
    CircumstanceError,
    GatewayError,
    NotApplicableError,
    refuse_gateway,
    refuse_missing_right,
    succeeded,
)
from preflight.session.ground import Ground, Shared
from preflight.session.recorder import UNSEEN
from preflight.session.snapshots import Snapshots
from preflight.session.stage import Scene, Stage, query_of
from preflight.session.subjects import sent_subjects
from preflight.settings import Depth
from preflight.wire.rest import Answer, Ask

_MOST_CONTESTS = 3  # times that a case is played where others make something meanwhile

T = TypeVar("T")


class Coming(Protocol):
    """An answer that may not have come yet."""

    def result(self) -> Answer:
        """Wait for it; raises what went wrong instead."""


class BrokenPromiseError(AssertionError):
    """At least one check of a performance failed: the findings, one below the other."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(_told, self.findings)))


def _told(finding: Finding) -> str:
    return (
        f"promised {finding.promised}\n received {finding.received}\n    where {finding.where or 'the body'}\n"
        f"     page {finding.page}\nreproduce {finding.reproduce}\n"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What a performance is called: its suite, its name there, a title in words, and who asks."""

    suite: str
    name: str
    title: str
    actor: str = "alice"


class Performance:
    """One case of one suite, from its first arrangement to its last judgement.

    `aims` are the claims that stay open when the case cannot be played; those that it `shows` are not demanded of any
    answer, so that they stay unseen unless the case does not apply.
    """

    def __init__(self, ground: Ground, contract: Contract, part: Part) -> None:
        self.id = f"{part.suite}/{contract.key}/{part.name}"
        self.suite = part.suite
        self.contract = contract
        self.title = part.title
        self.actor = part.actor
        self.aims: list[ClaimId] = []
        self.shows: tuple[ClaimId, ...] = ()
        self.outcomes: list[Outcome] = []
        self.beyond: tuple[Beyond, ...] = ()
        self.accepted = False
        self.resources = contextlib.ExitStack()
        self._ground = ground
        self._scene = ground.stage.scene()
        self._apart: list[Scene] = []
        self._verdict: Verdict | None = None
        self._reason = ""
        self._started = perf_counter()

    @property
    def claims(self) -> Mapping[ClaimId, Claim]:
        """The claims that this run judges."""
        return self._ground.claims

    @property
    def ground(self) -> Ground:
        """What all performances of the run share."""
        return self._ground

    @property
    def stage(self) -> Stage:
        """The things and connections of the run."""
        return self._ground.stage

    @property
    def scene(self) -> Scene:
        """What belongs to this case alone."""
        return self._scene

    def promises(self, claim: ClaimId) -> bool:
        """Whether the release has a claim, judged by this run or not."""
        return claim in self._ground.catalog.claims

    def meet(self, needs: Needs) -> None:
        """See that the target is what is needed, and all else as it was; guarded as `guarded` says."""
        self.guarded(lambda: self._ground.provide(needs))

    def expected(self, template: Json) -> Json:
        """Fill in what is expected, as it would stand in the evidence: a name may be the same word as a password."""
        value = self.guarded(partial(self._scene.resolve, template))
        expected: Json = json.loads(self._ground.stage.client.redactor.clean(json.dumps(value, ensure_ascii=False)))
        return expected

    def apart(self) -> Scene:
        """Open another scene of this performance, with things of its own; it ends with the performance."""
        scene = self._ground.stage.scene()
        self._apart.append(scene)
        return scene

    def must_keep(self, evidence: Evidence, *checks: str) -> None:
        """Judge the evidence; raises BrokenPromiseError with all findings that are neither advisory nor waived."""
        found = self._ground.judged(checks, evidence, self.id)
        self._ground.causes.note_all(found)
        self.settle(found)

    def settle(self, found: Iterable[Outcome]) -> None:
        """Take outcomes; raises BrokenPromiseError with all findings that are neither advisory nor waived."""
        found = tuple(map(self._ground.waiving.marked, found))
        self.outcomes.extend(found)
        findings = [finding for outcome in found if self._is_required(outcome) for finding in outcome.findings]
        if findings:
            raise BrokenPromiseError(findings)

    def ask(self, case: Case) -> Answer:
        """Arrange what a case needs and send its request.

        Raises:
            CircumstanceError: when something stands in the way.
            NotApplicableError: when the target is not what the case is about.
        """
        return self.guarded(lambda: self._ask(case))

    def attempt(self, case: Case, scene: Scene | None = None) -> Answer:
        """Arrange what a case needs and send its request, whatever comes of it; in another scene where one is given."""
        return self.guarded(lambda: self._attempt(case, scene or self._scene))

    def prepared(self, case: Case, scene: Scene) -> Ask:
        """Arrange what a case needs in a scene, and give its request without sending it."""
        return self.guarded(lambda: self._prepared(case, scene))

    def ask_as(self, case: Case, headers: Mapping[str, str], purpose: str, *, sharers: int = 1) -> Answer:
        """Send the request of a case with other login headers, whether or not its needs can be met.

        What is arranged for it serves all its `sharers`, since none of them is let in to change it.
        """
        return self.guarded(lambda: self._scene.send(self._request_as(case, headers, purpose, sharers)))

    def request_as(self, case: Case, headers: Mapping[str, str], purpose: str, *, sharers: int = 1) -> Ask:
        """Arrange what a case needs, and give its request with other login headers; as `ask_as`, but sends nothing."""
        return self.guarded(lambda: self._request_as(case, headers, purpose, sharers))

    def receives(self, coming: Coming, request: Ask) -> Answer:
        """Wait for the answer to a request that is on its way already; where it was lost, the request is sent again."""
        return self.guarded(lambda: self._scene.receive(self._arrived(coming, request)))

    def _arrived(self, coming: Coming, request: Ask) -> Answer:
        reach = self._ground.reach
        try:
            return refuse_gateway(coming.result())
        except TargetError as problem:
            reach.lost(problem.what)
        except GatewayError as problem:
            reach.doubt(str(problem))
        reach.must_answer(self.id)
        return self._ground.stage.send(request)

    def ask_with_method(self, method: str, purpose: str) -> Answer:
        """Send a bare request with another method to the path of the operation."""
        headers = self.guarded(lambda: self._ground.stage.company.login(self.actor).headers)
        ask = Ask(actor=self.actor, purpose=purpose, method=method, path=self.contract.path, headers=headers)
        return self.guarded(lambda: self._scene.send(ask))

    def arguments(self, case: Case) -> Sequence[Json]:
        """Arrange what a realtime case needs, and give the arguments of its call."""
        return self.guarded(lambda: self._arguments(case))

    def login_headers(self, actor: str) -> Mapping[str, str]:
        """Give the authentication headers of somebody."""
        return self.guarded(lambda: self._ground.stage.company.login(actor).headers)

    def accepted_evidence(self, case: Case, answer: Answer) -> Evidence:
        """Say what is promised about the answer to an accepted case."""
        sent = sent_subjects(self.contract, case)
        # The account that plays everybody in a run that only reads sees other things than a new person would.
        expected, absent = ({}, ()) if self._ground.read_only else (case.expect.body, case.expect.absent)
        evidence = Evidence(
            contract=self.contract,
            claims=self.claims,
            exchange=answer.exchange,
            status=case.expect.status or success_status(self.contract),
            values={self._resolved_text(where): self.expected(value) for where, value in expected.items()},
            absent=tuple(absent),
            sent=sent,
            novel=sent - self._ground.baseline(self.contract.key),
            looks=self.guarded(lambda: self._looks(case)),
        )
        self.accepted = evidence.succeeded
        self.beyond = beyond(evidence)
        return evidence

    def refused_evidence(self, case: Case) -> Evidence:
        """Play a refused case between two looks at the workspace, and say what is promised about the answer."""
        return self.guarded(lambda: self._refused_evidence(case))

    def plain_evidence(self, answer: Answer, *, omits: tuple[str, ...] = ()) -> Evidence:
        """Say what is promised about an answer that no case describes."""
        return Evidence(contract=self.contract, claims=self.claims, exchange=answer.exchange, omits=omits)

    def begins(self) -> None:
        """Begin with the judgement; what stood in the way of sending something ahead is met again, if it is there."""
        self._verdict, self._reason, self._started = None, "", perf_counter()

    def broken_as(self, case: str) -> None:
        """Note that this case shows what another case has told already."""
        self._note(Verdict.FAIL, f"the same as found by {case}")

    def inconclusive(self, reason: str) -> None:
        """Note that circumstances prevent a judgement."""
        self._note(Verdict.INCONCLUSIVE, reason)

    def not_applicable(self, reason: str) -> None:
        """Note that the question does not arise on this target."""
        self._note(Verdict.NOT_APPLICABLE, reason)

    def error(self, reason: str) -> None:
        """Note that Preflight broke."""
        self._note(Verdict.ERROR, reason)

    def lost(self, problem: TargetError) -> None:
        """Note that the target gave no answer, also to a request that was not guarded."""
        self._ground.reach.lost(problem.what, self.id)
        self.inconclusive(problem.what)

    def finish(self) -> CaseResult:
        """Clear the scene and give the result; what could not be removed is tried again when the session closes."""
        self.resources.close()
        self._clear()
        judged = [outcome.verdict if self._is_required(outcome) else Verdict.PASS for outcome in self.outcomes]
        if self._verdict is not None:
            if self._verdict is not Verdict.FAIL:  # what another case has told already leaves open nothing of this one
                self._leave_aims_open(self._verdict)
            judged.append(self._verdict)
        verdict = worst(judged, of_nothing=Verdict.INCONCLUSIVE)
        exchanges = [exchange for scene in (self._scene, *self._apart) for exchange in scene.exchanges]
        result = CaseResult(
            id=self.id,
            suite=self.suite,
            operation=self.contract.key,
            title=self.title,
            actor=self.actor,
            verdict=verdict,
            exchanges=tuple(exchange.id for exchange in exchanges),
            accepted=self.accepted,
            reason=self._reason or ("" if self.outcomes else "no claim of this run was judged by it"),
            started_s=round(self._started - self._ground.started, 3),
            seconds=round(perf_counter() - self._started, 4),
        )
        self._ground.recorder.record(result, self.outcomes, exchanges)
        self._ground.recorder.beyond.update(self.beyond)
        return result

    def _is_required(self, outcome: Outcome) -> bool:
        return self.claims[outcome.claim].level is Level.MUST and not outcome.waived

    def _note(self, verdict: Verdict, reason: str) -> None:
        # A reason may quote an answer, and what it quotes may be a secret.
        self._verdict, self._reason = verdict, self._ground.stage.client.redactor.clean(reason)

    def _leave_aims_open(self, verdict: Verdict) -> None:
        shown = UNSEEN if verdict is Verdict.INCONCLUSIVE else self._reason
        left = [*((claim, self._reason) for claim in self.aims), *((claim, shown) for claim in self.shows)]
        self.outcomes.extend(
            Outcome(claim=claim, check="case.played", case=self.id, verdict=verdict, reason=reason)
            for claim, reason in left
            if claim in self.claims
        )

    def _clear(self) -> None:
        try:
            for scene in (*self._apart, self._scene):
                scene.close()
        except TargetError as problem:
            self._ground.reach.lost(problem.what)
        except CircumstanceError:
            return  # what could not be removed now stays in the journal

    def _arguments(self, case: Case) -> Sequence[Json]:
        self._ground.meet(case)
        self._scene.arrange(case.before, self._scene.before, f"case {case.name}")
        return as_list(self._scene.resolve(list(case.params)))

    def _ask(self, case: Case) -> Answer:
        for _ in range(_MOST_CONTESTS):
            answer = self._ask_once(case)
            others = next((at for at in case.expect.contested if self._is_of_others(case, answer, at)), "")
            if not others:
                return answer
            # What others made is newer than what was made for this case: the next try makes its own anew.
            self._apart.append(self._scene)
            self._scene = self._ground.stage.scene()
        raise CircumstanceError(f"what others made meanwhile stands at {others}")

    def _is_of_others(self, case: Case, answer: Answer, at: str) -> bool:
        try:
            found = look_up(answer.exchange.response.json(), at)
        except (NothingThereError, ValueError):
            return False
        return succeeded(answer) and found != self.expected(case.expect.body[at])

    def _ask_once(self, case: Case) -> Answer:
        self._ground.meet(case)
        self._scene.arrange(case.before, self._scene.before, f"case {case.name}")
        headers = self._ground.stage.company.login(case.actor).headers
        answer = self._scene.send(self.request_of(case, headers, case.title))
        return refuse_missing_right(answer, case.actor)

    def _attempt(self, case: Case, scene: Scene) -> Answer:
        return scene.send(self._prepared(case, scene))

    def _prepared(self, case: Case, scene: Scene) -> Ask:
        self._ground.meet(case)
        scene.arrange(case.before, scene.before, case.title)
        headers = self._ground.stage.company.login(case.actor).headers
        return self.request_of(case, headers, case.title, scene)

    def _request_as(self, case: Case, headers: Mapping[str, str], purpose: str, sharers: int) -> Ask:
        # Who is not logged in is refused first, so that the rest of the request hardly matters: it is
        # made as valid as the target allows, for an open door to show.
        with contextlib.suppress(NotApplicableError):
            self._ground.meet(case)
        shared = self._ground.shared.get(case.id)
        if shared is None:
            scene = self.apart()
            scene.arrange(case.before, scene.before, f"case {case.name}")
            shared = Shared(scene=scene, ask=self.request_of(case, {}, purpose, scene), left=sharers)
            self._apart.remove(scene)
            self._scene.exchanges += scene.exchanges
            scene.exchanges = []
            self._ground.shared[case.id] = shared
        shared.left -= 1
        if not shared.left:
            self._apart.append(shared.scene)
            del self._ground.shared[case.id]
        return replace(shared.ask, purpose=purpose, headers={**headers, **shared.ask.headers}, intrudes=True)

    def _refused_evidence(self, case: Case) -> Evidence:
        self._ground.meet(case)
        self._scene.arrange(case.before, self._scene.before, f"case {case.name}")
        headers = self._ground.stage.company.login(case.actor).headers
        request = self.request_of(case, headers, case.title)
        snapshots = Snapshots(self._ground.stage, request)
        is_watched = self._is_watched(case)
        before = self._seen_before(snapshots) if is_watched else None
        answer = self._scene.send(request)
        refusal = self.contract.refusal(case.refusal) if case.refusal else None
        return Evidence(
            contract=self.contract,
            claims=self.claims,
            exchange=answer.exchange,
            refusal=refusal,
            error=self._resolved_text(case.error) if case.error is not None else None,
            omits=tuple(case.omits),
            lacks=case.lacks,
            sent=sent_subjects(self.contract, case),
            values={self._resolved_text(at): self.expected(value) for at, value in case.expect.body.items()},
            before=before,
            after=snapshots.take() if is_watched else None,
            looks=self._looks(case),
        )

    def _is_watched(self, case: Case) -> bool:
        """Whether effects of a refused case are looked for; a quick run does not where an operation only reads."""
        is_quick = self._ground.depth is Depth.QUICK
        return not is_quick or bool(case.afterwards) or self._ground.writes(self.contract.key)

    def _seen_before(self, snapshots: Snapshots) -> Json:
        """Look at the workspace; only what this case has just arranged can still be under way."""
        return snapshots.settled() if self._scene.exchanges else snapshots.last()

    def _looks(self, case: Case) -> tuple[Look, ...]:
        """Read afterwards what a case says must be there."""
        return tuple(
            Look(
                exchange=self._scene.play(look.step, f"look afterwards: {case.title}").exchange,
                values={self._resolved_text(at): self.expected(value) for at, value in look.expect.body.items()},
                absent=tuple(look.expect.absent),
            )
            for look in case.afterwards
        )

    def request_of(self, case: Case, headers: Mapping[str, str], purpose: str, scene: Scene | None = None) -> Ask:
        """Fill in the request of a case; raises CircumstanceError where something that it names cannot be created."""
        resolve = (scene or self._scene).resolve
        if self.contract.key.method == REALTIME:
            params = resolve(list(case.params))
            return Ask(
                actor=case.actor,
                purpose=purpose,
                method=REALTIME,
                path=self.contract.path,
                body=params,
                headers=headers,
            )
        query = resolve(case.query)
        extra = resolve(dict(case.headers))
        return Ask(
            actor=case.actor,
            purpose=purpose,
            method=self.contract.key.method,
            path=self.contract.path,
            query=query_of(query),
            body=resolve(case.body) if case.has_body else None,
            has_body=case.has_body,
            headers={**headers, **_texts(extra)},
        )

    def _resolved_text(self, template: str) -> str:
        return str(self.expected(template))

    def guarded(self, play: Callable[[], T]) -> T:
        """Play something; what stands in the way is noted before it rises further.

        Raises:
            CircumstanceError: when something stands in the way, also a target that does not answer.
            NotApplicableError: when the question does not arise on this target.
        """
        client, reach = self._ground.stage.client, self._ground.reach
        sent = client.requests_sent
        try:
            reach.must_answer(self.id)
            sent = client.requests_sent
            return play()
        except GatewayError as problem:
            reach.doubt(str(problem), self.id)
            self.inconclusive(str(problem))
            raise
        except CircumstanceError as problem:
            self.inconclusive(str(problem))
            raise
        except NotApplicableError as problem:
            self.not_applicable(str(problem))
            raise
        except TargetError as problem:
            self.lost(problem)
            sent = client.requests_sent
            raise CircumstanceError(problem.what) from problem
        finally:
            if client.requests_sent > sent:
                reach.found()


def success_status(contract: Contract) -> int:
    """Give the status that a page promises for success; 200 where it names none."""
    return next((response.status for response in contract.successes), 200)


def _texts(headers: Json) -> dict[str, str]:
    return {name: str(value) for name, value in headers.items()} if isinstance(headers, Mapping) else {}
