"""The account of a run: the sentences, figures and groups which every report for people tells alike."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from preflight.model.claim import Claim, ClaimId, ClaimKind, Level
from preflight.model.exchange import Exchange
from preflight.model.finding import Finding
from preflight.model.operation import OperationKey
from preflight.model.outage import Forgot, Outage
from preflight.model.outcome import Outcome
from preflight.model.run import ClaimResult, Run, WaiverResult, WaiverState
from preflight.model.verdict import Verdict

HEADLINES: Mapping[Verdict, str] = {
    Verdict.PASS: "CONFORMS",
    Verdict.FAIL: "DOES NOT CONFORM",
    Verdict.INCONCLUSIVE: "INCONCLUSIVE",
    Verdict.ERROR: "PREFLIGHT STUMBLED",
    Verdict.NOT_APPLICABLE: "NOT APPLICABLE",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenPromise:
    """A claim that was seen broken, and the outcomes that accuse, in the order of the cases."""

    claim: Claim
    outcomes: tuple[Outcome, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding about the claim."""
        return tuple(finding for outcome in self.outcomes for finding in outcome.findings)

    @property
    def advisory(self) -> bool:
        """Whether the promise is a SHOULD, which is reported and fails no run."""
        return self.claim.level is Level.SHOULD


@dataclass(frozen=True, slots=True, kw_only=True)
class Unjudged:
    """Claims and cases about which nothing is known for the same reason."""

    reason: str
    claims: tuple[ClaimId, ...]
    cases: tuple[str, ...]

    @property
    def extent(self) -> str:
        """How much it concerns, in words: ``2 claims in 1 case``."""
        parts = [counted(len(self.claims), "claim")] if self.claims else []
        parts += [counted(len(self.cases), "case")] if self.cases else []
        return " in ".join(parts)


def counted(number: int, noun: str) -> str:
    """Give a number with its noun: ``1 case``, ``2 cases``, ``1,204 cases``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def lasting(seconds: float) -> str:
    """Give a duration in words: ``6.1 s``, ``3 min 05 s``, ``2 h 04 min``."""
    if seconds < 59.95:  # noqa: PLR2004 (what rounds to a minute is told in minutes)
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s"


def in_full(finding: Finding) -> str:
    """Tell a finding line by line, in the order that every report keeps."""
    lines = [
        f"promised:  {finding.promised}",
        f"received:  {finding.received}",
        f"where:     {finding.where}",
        f"page:      {finding.page}",
        f"reproduce: {finding.reproduce}",
    ]
    if finding.again:
        lines.append(f"again:     {finding.again}")
    if finding.count > 1:
        lines.append(f"shown:     {finding.count} times")
    return "\n".join(lines)


def pretty(body: str) -> str:
    """Indent a body that is JSON; give any other as it is."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:
        return body


def frames_of(exchange: Exchange) -> str:
    """Give the frames of a realtime conversation, one a line; nothing for REST."""
    return "\n".join(f"{frame.direction}: {frame.text}" for frame in exchange.frames)


def verdict_sentence(run: Run) -> str:
    """Say in one sentence what the verdict of the run means."""
    said = [_SENTENCES[run.verdict](run), *map(outage_sentence, run.outages)]
    return " ".join([*said, *(["The run was interrupted and is incomplete."] if run.interrupted else [])])


def outage_sentence(outage: Outage) -> str:
    """Say when the target stopped answering, whether it came back, and what came of it."""
    seconds = f"{outage.seconds:.0f} s" if outage.seconds < _MINUTE_S else lasting(outage.seconds)
    came_back = f"for {seconds} and came back{_FORGOT[outage.forgot]}"
    ending = came_back if outage.returned else f"and did not come back within {seconds}"
    are = "1 case is" if outage.cases == 1 else f"{outage.cases:,} cases are"
    return f"The target stopped answering at {outage.began[11:19]} UTC {ending}: {are} inconclusive."


_MINUTE_S = 60
_FORGOT = {
    Forgot.NOTHING: "",
    Forgot.LOGINS: " without its logins",
    Forgot.PEOPLE: " without the people of the run",
}


def figures(run: Run) -> Mapping[str, str]:
    """Give the key figures by their label, ready to print."""
    claims = run.claims.values()
    exercised = sum(one.exercised for one in run.operations.values())
    judged = sum(one.judged for one in claims)
    waived = sum(one.verdict is Verdict.FAIL and one.waiver is not None for one in claims)
    warnings = sum(one.verdict is Verdict.FAIL and one.advisory and one.waiver is None for one in claims)
    return {
        "claims judged": f"{judged:,} of {len(claims):,}",
        "promises broken": f"{sum(one.verdict is Verdict.FAIL and not one.excused for one in claims):,}",
        **({"waived": f"{waived:,}"} if waived else {}),
        **({"warnings": f"{warnings:,}"} if warnings else {}),
        "not judged": f"{sum(map(is_open, claims)):,}",
        "not applicable": f"{sum(one.verdict is Verdict.NOT_APPLICABLE for one in claims):,}",
        "operations exercised": f"{exercised:,} of {exercised + len(not_exercised(run)):,}",
        "cases": f"{len(run.cases):,}",
        "requests": f"{run.requests:,}",
        "duration": lasting(run.duration_s),
        **({"waited for the rate limiter": lasting(sum(one.seconds for one in run.waits))} if run.waits else {}),
    }


def broken_promises(run: Run) -> Mapping[OperationKey, tuple[BrokenPromise, ...]]:
    """Group broken promises by operation, but for those that are waived.

    What is merely advisory comes last, else names decide the order.
    """
    accusing: dict[ClaimId, list[Outcome]] = defaultdict(list)
    for outcome in run.outcomes:
        if outcome.findings:
            accusing[outcome.claim].append(outcome)
    grouped: dict[OperationKey, list[BrokenPromise]] = defaultdict(list)
    for result in _in_order(run.claims.values()):
        if result.verdict is Verdict.FAIL and result.waiver is None:
            broken = BrokenPromise(claim=result.claim, outcomes=tuple(accusing[result.claim.id]))
            grouped[result.claim.id.operation].append(broken)
    ordered = {key: tuple(sorted(own, key=_is_advisory)) for key, own in grouped.items()}
    return dict(sorted(ordered.items(), key=lambda item: (item[1][0].advisory, item[0])))


def _is_advisory(promise: BrokenPromise) -> bool:
    return promise.advisory


def worthless_waivers(run: Run) -> Mapping[WaiverResult, str]:
    """Give the waivers that fail the run, each with what is wrong with it and what to do."""
    told = {
        WaiverState.STALE: "the promise holds again; remove the waiver",
        WaiverState.EXPIRED: "it has expired; remove the waiver, or renew it with its reason",
    }
    return {waiver: told[waiver.state] for waiver in run.waivers if waiver.fails}


def waivers_in_use(run: Run) -> tuple[WaiverResult, ...]:
    """Give the waivers that were needed in this run."""
    return tuple(waiver for waiver in run.waivers if waiver.state is WaiverState.USED)


def waiver_line(waiver: WaiverResult) -> str:
    """Tell a waiver on one line."""
    return (
        f"{waiver.id}: {waiver.claim} at {waiver.where or 'the body'}, until {waiver.expires}, "
        f"{waiver.owner}: {waiver.reason} ({waiver.link})"
    )


def unjudged(run: Run) -> tuple[Unjudged, ...]:
    """Group what could not be judged by its reason, the most frequent reason first."""
    return _by_reason(run, Verdict.INCONCLUSIVE, filter(is_open, run.claims.values()))


def stumbles(run: Run) -> tuple[Unjudged, ...]:
    """Group the troubles of Preflight itself by their reason."""
    return _by_reason(run, Verdict.ERROR, (one for one in run.claims.values() if one.verdict is Verdict.ERROR))


def not_applicable(run: Run) -> tuple[Unjudged, ...]:
    """Group what does not apply to this target by its evidence."""
    excluded = (one for one in run.claims.values() if one.verdict is Verdict.NOT_APPLICABLE)
    return _by_reason(run, Verdict.NOT_APPLICABLE, excluded)


def is_open(result: ClaimResult) -> bool:
    """Tell whether a claim applies and yet no check came to a verdict on it."""
    return not result.judged and result.verdict not in {Verdict.NOT_APPLICABLE, Verdict.ERROR}


def not_exercised(run: Run) -> tuple[OperationKey, ...]:
    """Give the operations that never reached a success answer, though one is promised.

    An operation that the release has removed promises no success: refused as unknown, it passes without one.
    """
    return tuple(
        key
        for key, result in sorted(run.operations.items())
        if not result.exercised and result.verdict is not Verdict.PASS
    )


def why_not_exercised(run: Run) -> Mapping[OperationKey, str]:
    """Say of each operation that never reached a success answer what stood in the way."""
    return {key: _obstacle(run, key) for key in not_exercised(run)}


def _obstacle(run: Run, key: OperationKey) -> str:
    """Give what its cases say, else what its claims of success do."""
    own = [case for case in run.cases if case.operation == key]
    open_claims = (one for one in run.claims.values() if one.claim.id.operation == key and one.reason)
    for told in (
        [case.reason for case in own if case.reason],
        [one.reason for one in _in_order(open_claims) if one.claim.id.kind is ClaimKind.SUCCESS],
    ):
        if told:
            return "; ".join(dict.fromkeys(told))
    return "it refused what it must accept" if own else "no case asked it"


def _in_order(results: Iterable[ClaimResult]) -> list[ClaimResult]:
    return sorted(results, key=lambda result: result.claim.id)


def _by_reason(run: Run, verdict: Verdict, claims: Iterable[ClaimResult]) -> tuple[Unjudged, ...]:
    by_reason: dict[str, tuple[list[ClaimId], list[str]]] = defaultdict(lambda: ([], []))
    for result in _in_order(claims):
        by_reason[result.reason or "no check came to a verdict"][0].append(result.claim.id)
    for case in run.cases:
        if case.verdict is verdict:
            by_reason[case.reason or "no reason was given"][1].append(case.id)
    groups = [
        Unjudged(reason=reason, claims=tuple(ids), cases=tuple(cases)) for reason, (ids, cases) in by_reason.items()
    ]
    return tuple(sorted(groups, key=lambda one: (-len(one.claims), -len(one.cases), one.reason)))


def _breakage(run: Run) -> str:
    broken = broken_promises(run)
    required = [key for key, own in broken.items() for one in own if not one.advisory]
    advisory = sum(map(len, broken.values())) - len(required)
    said = []
    if required:
        are = "documented promise is" if len(required) == 1 else "documented promises are"
        said.append(f"{len(required):,} {are} broken in {counted(len(set(required)), 'operation')}.")
    if advisory:
        are = "promise is" if advisory == 1 else "promises are"
        said.append(f"{advisory:,} advisory {are} broken, which fails no run.")
    return " ".join(said)


def _failed(run: Run) -> str:
    worthless = len(worthless_waivers(run))
    are = "waiver is" if worthless == 1 else "waivers are"
    said = [_breakage(run), f"{worthless:,} {are} worth nothing any more." if worthless else ""]
    return " ".join(filter(None, said)) or "A case failed although every judged promise holds."


def _passed(run: Run) -> str:
    return f"Every required promise that was judged holds. {_breakage(run)}".strip()


def _inconclusive(run: Run) -> str:
    reasons = unjudged(run)
    because = f": {reasons[0].reason}" if len(reasons) == 1 else ""
    if not any(one.judged for one in run.claims.values()):
        return f"Nothing could be judged{because}."
    open_claims = counted(sum(map(is_open, run.claims.values())), "promise")
    return (
        f"No required promise was seen broken, but {open_claims} could not be judged{because}. {_breakage(run)}".strip()
    )


def _stumbled(run: Run) -> str:
    cases = sum(case.verdict is Verdict.ERROR for case in run.cases)
    return f"Preflight itself stumbled in {counted(cases, 'case')}, so this is no verdict. {_breakage(run)}".strip()


def _nothing_applies(_: Run) -> str:
    return "Nothing that was asked for applies to this target."


_SENTENCES = {
    Verdict.PASS: _passed,
    Verdict.FAIL: _failed,
    Verdict.INCONCLUSIVE: _inconclusive,
    Verdict.ERROR: _stumbled,
    Verdict.NOT_APPLICABLE: _nothing_applies,
}
