"""Hypothesis strategies for every value of preflight.model."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from preflight.model.claim import Claim, ClaimId, ClaimKind, Level, Origin
from preflight.model.exchange import Direction, Exchange, Frame, Headers, Request, Response
from preflight.model.finding import Finding
from preflight.model.operation import REST_METHODS, OperationKey
from preflight.model.outage import Forgot, Outage
from preflight.model.outcome import Outcome
from preflight.model.release import Release, ReleaseRange
from preflight.model.run import (
    Beyond,
    CaseResult,
    ClaimResult,
    Drift,
    Leftover,
    OperationResult,
    Run,
    Waits,
    WaiverResult,
    WaiverState,
)
from preflight.model.verdict import Verdict

# Lone surrogates included: a server may answer "\ud800", and evidence must survive being stored.
TEXTS = st.text(max_size=12)
WORDS = st.from_regex(r"[a-z][A-Za-z0-9_]{0,8}", fullmatch=True)
SECONDS = st.floats(min_value=0, max_value=1e6, allow_nan=False)
VERDICTS = st.sampled_from(Verdict)
OPERATION_KEYS = st.builds(
    OperationKey,
    name=st.lists(WORDS, min_size=1, max_size=3).map(".".join),
    method=st.sampled_from((*REST_METHODS, "ddp")),
)
CLAIM_IDS = st.builds(ClaimId, operation=OPERATION_KEYS, kind=st.sampled_from(ClaimKind), subject=st.text(max_size=12))
RELEASES = st.builds(Release, *[st.integers(min_value=0, max_value=99)] * 3)
RELEASE_RANGES = st.lists(st.tuples(st.sampled_from((">=", "<", "==", "!=", "<=", ">")), RELEASES), max_size=3).map(
    lambda parts: ReleaseRange(",".join(f"{sign}{release}" for sign, release in parts))
)
_HEADERS: st.SearchStrategy[Headers] = st.lists(st.tuples(WORDS, TEXTS), max_size=2).map(tuple)
FINDINGS = st.builds(
    Finding, promised=TEXTS, received=TEXTS, where=TEXTS, page=TEXTS, reproduce=TEXTS, waiver=st.none() | WORDS
)
REQUESTS = st.builds(Request, method=WORDS, url=TEXTS, headers=_HEADERS, body=st.none() | TEXTS)
RESPONSES = st.builds(Response, status=st.integers(min_value=100, max_value=599), headers=_HEADERS, body=TEXTS)
FRAMES = st.builds(Frame, direction=st.sampled_from(Direction), text=TEXTS)
EXCHANGES = st.builds(
    Exchange,
    id=WORDS,
    actor=WORDS,
    purpose=TEXTS,
    request=REQUESTS,
    response=RESPONSES,
    elapsed_s=SECONDS,
    frames=st.lists(FRAMES, max_size=3).map(tuple),
)
OUTCOMES = st.builds(
    Outcome,
    claim=CLAIM_IDS,
    check=WORDS,
    case=WORDS,
    verdict=VERDICTS,
    findings=st.lists(FINDINGS, max_size=2).map(tuple),
    reason=TEXTS,
)
CLAIM_RESULTS = st.builds(
    ClaimResult,
    claim=st.builds(
        Claim,
        id=CLAIM_IDS,
        promise=TEXTS,
        page=TEXTS,
        origin=st.sampled_from(Origin),
        level=st.sampled_from(Level),
        erratum=st.none() | WORDS,
    ),
    verdict=VERDICTS,
    checks=st.lists(WORDS, max_size=2).map(tuple),
    reason=TEXTS,
    waiver=st.none() | WORDS,
)
CASE_RESULTS = st.builds(
    CaseResult,
    id=TEXTS,
    suite=WORDS,
    operation=OPERATION_KEYS,
    title=TEXTS,
    actor=WORDS,
    verdict=VERDICTS,
    exchanges=st.lists(WORDS, max_size=2).map(tuple),
    accepted=st.booleans(),
    reason=TEXTS,
    started_s=SECONDS,
    seconds=SECONDS,
)
DRIFTS = st.builds(
    Drift,
    erratum=WORDS,
    operation=OPERATION_KEYS,
    documented=TEXTS,
    served=TEXTS,
    releases=TEXTS,
    evidence=st.lists(TEXTS, max_size=2).map(tuple),
    page=TEXTS,
    security=st.booleans(),
)
WAIVER_RESULTS = st.builds(
    WaiverResult,
    id=WORDS,
    claim=CLAIM_IDS,
    check=WORDS,
    where=TEXTS,
    owner=TEXTS,
    reason=TEXTS,
    link=TEXTS,
    expires=st.dates().map(str),
    state=st.sampled_from(WaiverState),
)
OUTAGES = st.builds(
    Outage,
    began=st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    seconds=SECONDS,
    cases=st.integers(min_value=0, max_value=999),
    returned=st.booleans(),
    forgot=st.sampled_from(Forgot),
)
WAITS = st.builds(Waits, what=TEXTS, times=st.integers(min_value=1, max_value=99), seconds=SECONDS)
RUNS = st.builds(
    Run,
    id=WORDS,
    verdict=VERDICTS,
    release=RELEASES.map(str),
    target=TEXTS,
    profile=WORDS,
    started=TEXTS,
    duration_s=SECONDS,
    requests=st.integers(min_value=0),
    interrupted=st.booleans(),
    operations=st.dictionaries(
        OPERATION_KEYS,
        st.builds(
            OperationResult,
            verdict=VERDICTS,
            exercised=st.booleans(),
            cases=st.integers(min_value=0, max_value=99),
        ),
        max_size=2,
    ),
    claims=st.lists(CLAIM_RESULTS, max_size=3).map(lambda results: {result.claim.id: result for result in results}),
    cases=st.lists(CASE_RESULTS, max_size=2).map(tuple),
    outcomes=st.lists(OUTCOMES, max_size=2).map(tuple),
    exchanges=st.lists(EXCHANGES, max_size=2).map(lambda given: {one.id: one for one in given}),
    drift=st.lists(DRIFTS, max_size=1).map(tuple),
    beyond_contract=st.lists(st.builds(Beyond, operation=OPERATION_KEYS, where=TEXTS, type=WORDS), max_size=2).map(
        tuple
    ),
    leftovers=st.lists(st.builds(Leftover, what=TEXTS, why=TEXTS), max_size=1).map(tuple),
    environment=st.dictionaries(WORDS, TEXTS, max_size=2),
    waivers=st.lists(WAIVER_RESULTS, max_size=2).map(tuple),
    waits=st.lists(WAITS, max_size=2).map(tuple),
    outages=st.lists(OUTAGES, max_size=2).map(tuple),
)
