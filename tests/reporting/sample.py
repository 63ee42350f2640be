"""A realistic small run with every verdict in it, to look at and to pin the reports to."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from preflight.model.claim import Claim, ClaimId, Level, Origin
from preflight.model.exchange import Exchange, Request, Response
from preflight.model.finding import Finding
from preflight.model.operation import OperationKey
from preflight.model.outcome import Outcome
from preflight.model.run import Beyond, CaseResult, ClaimResult, Drift, Leftover, OperationResult, Run
from preflight.model.verdict import Verdict, worst

TARGET = "https://staging.example.org"
PAGES = "https://docs.example.org/api"
_JSON = (("content-type", "application/json"), ("x-ratelimit-remaining", "7"))
_LOGIN = (("X-Auth-Token", "<redacted token of alice>"), ("X-User-Id", "aLiCe0000000000001"))


def page(operation: str) -> str:
    """Give the address of an invented documentation page."""
    return f"{PAGES}/{operation.rpartition(' ')[2].replace('.', '-')}"


def _exchange(number: int, purpose: str, request: Request, status: int, body: str) -> Exchange:
    return Exchange(
        id=f"x{number:03}",
        actor="alice",
        purpose=purpose,
        request=request,
        response=Response(status=status, headers=_JSON, body=body),
        elapsed_s=0.0125 * number,
    )


def _get(operation: str, **query: str) -> Request:
    tail = f"?{urlencode(query)}" if query else ""
    return Request(method="GET", url=f"{TARGET}/api/v1/{operation.partition(' ')[2]}{tail}", headers=_LOGIN)


def _post(operation: str, body: str) -> Request:
    return Request(
        method="POST",
        url=f"{TARGET}/api/v1/{operation.partition(' ')[2]}",
        headers=(*_LOGIN, ("Content-Type", "application/json")),
        body=body,
    )


ROOM = '{"room":{"_id":"GENERAL","t":"c","name":"general","usersCount":4,"msgs":null},"success":true}'
EXCHANGES = (
    _exchange(1, "arrange alice.channel", _post("POST channels.create", '{"name":"pf-7c1e-channel"}'), 200,
              '{"channel":{"_id":"pfRoom0000000001","name":"pf-7c1e-channel","t":"c"},"success":true}'),
    _exchange(2, "judge", _get("GET rooms.info", roomId="pfRoom0000000001"), 200, ROOM),
    _exchange(3, "judge", _get("GET rooms.info"), 400,
              '{"success":false,"error":"The parameter \\"roomId\\" or \\"roomName\\" is required '
              '[error-room-param-not-provided]","errorType":"error-room-param-not-provided"}'),
    _exchange(4, "judge", _get("GET rooms.info", roomId="pfUnknown00000001"), 200, '{"success":true,"room":null}'),
    _exchange(5, "judge", _post("POST chat.postMessage", '{"roomId":"pfRoom0000000001","text":"<b>hej & hallå</b>"}'),
              200, '{"ts":1763788800000,"channel":"pf-7c1e-channel","message":{"_id":"pfMsg001","msg":'
              '"<b>hej & hallå</b>","ts":"2026-11-22T05:20:00.000Z","md":[]},"success":true}'),
    _exchange(6, "judge", _post("POST chat.pinMessage", '{"messageId":"pfMsg001"}'), 400,
              '{"success":false,"error":"Message pinning not allowed [error-pinning-not-allowed]"}'),
    _exchange(7, "judge", _get("GET users.list"), 200, '{"users":[],"count":0,"offset":0,"total":0,"success":true}'),
    _exchange(8, "judge", _get("GET channels.list"), 429, "Too many requests, please slow down."),
    _exchange(9, "judge", _post("POST rooms.favorite", '{"roomId":"pfRoom0000000001","favorite":true}'), 200,
              '{"success":true}'),
)  # fmt: skip

_PROMISES: tuple[tuple[str, str, Verdict, tuple[str, ...], str], ...] = (
    ("GET rooms.info#route", "The path answers as an API route.", Verdict.PASS, ("rest.route",), ""),
    ("GET rooms.info#authentication", "A request without login is answered with 401.", Verdict.PASS,
     ("rest.authentication",), ""),
    ("GET rooms.info#parameter:query.roomId", "The query parameter roomId selects the room.", Verdict.PASS,
     ("rest.parameter",), ""),
    ("GET rooms.info#success:200", "Success is answered with 200, JSON and success: true.", Verdict.PASS,
     ("rest.success",), ""),
    ("GET rooms.info#field:200.room.msgs", "room.msgs is an integer and always present.", Verdict.FAIL,
     ("rest.field",), ""),
    ("GET rooms.info#field:200.room.t", "room.t is one of c, d, l, p.", Verdict.PASS, ("rest.field",), ""),
    ("GET rooms.info#refusal:400.error-roomid-param-not-provided",
     "Without id and name: 400 with errorType error-roomid-param-not-provided.", Verdict.FAIL,
     ("rest.refusal",), ""),
    ("GET rooms.info#refusal:400.error-room-not-found", "An unknown room: 400 with errorType error-room-not-found.",
     Verdict.FAIL, ("rest.refusal",), ""),
    ("POST channels.create#route", "The path answers as an API route.", Verdict.PASS, ("rest.route",), ""),
    ("POST channels.create#success:200", "Success is answered with 200, JSON and success: true.", Verdict.PASS,
     ("rest.success",), ""),
    ("POST channels.create#permission:create-c", "Demands the permission create-c.", Verdict.INCONCLUSIVE, (),
     "the workspace grants create-c to every user and --read-only forbids a change"),
    ("POST chat.postMessage#route", "The path answers as an API route.", Verdict.PASS, ("rest.route",), ""),
    ("POST chat.postMessage#success:200", "Success is answered with 200, JSON and success: true.", Verdict.PASS,
     ("rest.success",), ""),
    ("POST chat.postMessage#field:200.message._id", "message._id is a string and always present.", Verdict.PASS,
     ("rest.field",), ""),
    ("POST chat.postMessage#field:200.message.parseUrls", "message.parseUrls is a boolean.", Verdict.FAIL,
     ("rest.field",), ""),
    ("POST chat.pinMessage#success:200", "Success is answered with 200, JSON and success: true.",
     Verdict.NOT_APPLICABLE, (), "the setting Message_AllowPinning is false"),
    ("GET users.list#authentication", "A request without login is answered with 401.", Verdict.FAIL,
     ("rest.authentication",), ""),
    ("GET users.list#success:200", "Success is answered with 200, JSON and success: true.", Verdict.PASS,
     ("rest.success",), ""),
    ("GET channels.list#success:200", "Success is answered with 200, JSON and success: true.", Verdict.INCONCLUSIVE,
     (), "the rate limiter answered 429 to every attempt"),
    ("GET channels.list#field:200.channels[].name", "channels[].name is a string.", Verdict.INCONCLUSIVE, (),
     "the rate limiter answered 429 to every attempt"),
    ("POST rooms.favorite#success:200", "Success is answered with 200, JSON and success: true.", Verdict.ERROR,
     ("rest.success",), "the check rest.success stumbled: KeyError 'success'"),
    ("ddp:rooms/get#success:200", "The method answers with a result.", Verdict.PASS, ("ddp.result",), ""),
)  # fmt: skip
_SHOULD = {"POST chat.postMessage#field:200.message.parseUrls"}
_INFERRED = {"GET rooms.info#field:200.room.msgs"}
_ERRATUM = {"POST chat.postMessage#field:200.message._id": "post-message-id-is-a-string"}


def _claim(id_: str, promise: str) -> Claim:
    claim = ClaimId.parse(id_)
    origin = Origin.INFERRED if id_ in _INFERRED else Origin.STATED
    return Claim(
        id=claim,
        promise=promise,
        page=page(str(claim.operation)),
        origin=Origin.ERRATUM if id_ in _ERRATUM else origin,
        level=Level.SHOULD if id_ in _SHOULD else Level.MUST,
        erratum=_ERRATUM.get(id_),
    )


def _claims() -> dict[ClaimId, ClaimResult]:
    results = (
        ClaimResult(claim=_claim(id_, promise), verdict=verdict, checks=checks, reason=reason)
        for id_, promise, verdict, checks, reason in _PROMISES
    )
    return {result.claim.id: result for result in results}


_CASES: tuple[tuple[str, str, str, Verdict, tuple[str, ...], str], ...] = (
    ("GET rooms.info", "by-id", "a member asks by id", Verdict.FAIL, ("x001", "x002"), ""),
    ("GET rooms.info", "nothing-given", "neither id nor name is given", Verdict.FAIL, ("x003",), ""),
    ("GET rooms.info", "unknown-room", "the id belongs to no room", Verdict.FAIL, ("x004",), ""),
    ("POST channels.create", "plain", "a member creates a channel", Verdict.PASS, ("x001",), ""),
    ("POST channels.create", "without-permission", "a user without create-c tries", Verdict.INCONCLUSIVE, (),
     "the workspace grants create-c to every user and --read-only forbids a change"),
    ("POST chat.postMessage", "text", "a member writes <b>text</b> & more", Verdict.PASS, ("x001", "x005"), ""),
    ("POST chat.pinMessage", "own-message", "a member pins an own message", Verdict.NOT_APPLICABLE, ("x006",),
     "the setting Message_AllowPinning is false"),
    ("GET users.list", "all", "an administrator lists the users", Verdict.PASS, ("x007",), ""),
    ("GET users.list", "no-login", "nobody is logged in", Verdict.FAIL, ("x007",), ""),
    ("GET channels.list", "all", "a member lists the channels", Verdict.INCONCLUSIVE, ("x008",),
     "the rate limiter answered 429 to every attempt"),
    ("POST rooms.favorite", "on", "a member marks a channel as favourite", Verdict.ERROR, ("x009",),
     "the check rest.success stumbled: KeyError 'success'"),
    ("ddp:rooms/get", "all", "a member asks for all rooms", Verdict.PASS, (), ""),
)  # fmt: skip
_ACCEPTED = {"by-id", "plain", "text", "all", "on"}


def _cases() -> tuple[CaseResult, ...]:
    return tuple(
        CaseResult(
            id=f"{OperationKey.parse(operation).family}/{operation}/{name}",
            suite=OperationKey.parse(operation).family,
            operation=OperationKey.parse(operation),
            title=title,
            actor="nobody" if name == "no-login" else "alice",
            verdict=verdict,
            exchanges=exchanges,
            accepted=name in _ACCEPTED and operation != "GET channels.list",
            reason=reason,
            started_s=number * 0.5,
            seconds=0.125,
        )
        for number, (operation, name, title, verdict, exchanges, reason) in enumerate(_CASES)
    )


_CURL_LOGIN = '-H "X-Auth-Token: $TOKEN" -H "X-User-Id: $USER_ID"'


def _finding(operation: str, where: str, promised: str, received: str, query: str = "") -> Finding:
    method, _, name = operation.partition(" ")
    return Finding(
        promised=promised,
        received=received,
        where=where,
        page=page(operation),
        reproduce=f"curl -X {method} {_CURL_LOGIN} '{TARGET}/api/v1/{name}{query}'",
    )


_FINDINGS: dict[str, tuple[str, tuple[Finding, ...]]] = {
    "GET rooms.info#field:200.room.msgs": (
        "by-id",
        (_finding("GET rooms.info", "/room/msgs", "an integer", "null", "?roomId=pfRoom0000000001"),),
    ),
    "GET rooms.info#refusal:400.error-roomid-param-not-provided": (
        "nothing-given",
        (
            _finding(
                "GET rooms.info",
                "/errorType",
                "error-roomid-param-not-provided",
                "error-room-param-not-provided",
            ),
        ),
    ),
    "GET rooms.info#refusal:400.error-room-not-found": (
        "unknown-room",
        (
            _finding("GET rooms.info", "status", "400", "200", "?roomId=pfUnknown00000001"),
            _finding(
                "GET rooms.info",
                "/errorType",
                "error-room-not-found",
                "nothing: the key is absent",
                "?roomId=pfUnknown00000001",
            ),
        ),
    ),
    "POST chat.postMessage#field:200.message.parseUrls": (
        "text",
        (_finding("POST chat.postMessage", "/message/parseUrls", "a boolean", '"<b>yes</b> & no"'),),
    ),
    "GET users.list#authentication": (
        "no-login",
        (_finding("GET users.list", "status", "401", "200"),),
    ),
}


def _outcomes(claims: Iterable[ClaimResult], cases: tuple[CaseResult, ...]) -> tuple[Outcome, ...]:
    outcomes = []
    for result in claims:
        case_name, findings = _FINDINGS.get(str(result.claim.id), (None, ()))
        case = next(
            case
            for case in cases
            if case.operation == result.claim.id.operation and (case.id.endswith(f"/{case_name}") or case_name is None)
        )
        outcomes += [
            Outcome(
                claim=result.claim.id,
                check=check,
                case=case.id,
                verdict=result.verdict,
                findings=findings,
                reason=result.reason,
            )
            for check in result.checks
        ]
    return tuple(outcomes)


def _operations(cases: tuple[CaseResult, ...]) -> dict[OperationKey, OperationResult]:
    played = {
        key: [case for case in cases if case.operation == key] for key in sorted({case.operation for case in cases})
    }
    return {
        key: OperationResult(
            verdict=worst(case.verdict for case in own),
            exercised=any(case.accepted for case in own),
            cases=len(own),
        )
        for key, own in played.items()
    }


_DRIFT = Drift(
    erratum="post-message-id-is-a-string",
    operation=OperationKey.parse("POST chat.postMessage"),
    documented="message._id is an object",
    served="message._id is a string",
    releases=">=6.0",
    evidence=("observed on 6.14.0", "observed on 8.0.1"),
    page=page("POST chat.postMessage"),
)


def sample_run() -> Run:
    """Give a run of twelve cases with every verdict, drift, leftovers and fields beyond the contract."""
    claims, cases = _claims(), _cases()
    return Run(
        id="20261122-052000-7c1e",
        verdict=Verdict.ERROR,
        release="8.0.1",
        target=TARGET,
        profile="core",
        started="2026-11-22T05:20:00Z",
        duration_s=6.125,
        requests=len(EXCHANGES),
        interrupted=False,
        operations=_operations(cases),
        claims=claims,
        cases=cases,
        outcomes=_outcomes(claims.values(), cases),
        exchanges={exchange.id: exchange for exchange in EXCHANGES},
        drift=(_DRIFT,),
        beyond_contract=(
            Beyond(operation=OperationKey.parse("GET rooms.info"), where="/room/usersCount", type="integer"),
            Beyond(operation=OperationKey.parse("POST chat.postMessage"), where="/message/md", type="array"),
        ),
        leftovers=(
            Leftover(what="channel pf-7c1e-channel", why="channels.delete answered 403: error-action-not-allowed"),
        ),
        environment={
            "contracts": "sha256:5f0c…9a",
            "edition": "community",
            "preflight": "0.1.0",
            "seed": "20261122",
            "strictness": "required",
        },
    )


def failing_run() -> Run:
    """Give the sample run as if Preflight itself had not stumbled: the deployment alone is to blame."""
    run = sample_run()
    cases = tuple(case for case in run.cases if case.verdict is not Verdict.ERROR)
    kept = {case.operation for case in cases}
    return replace(
        run,
        verdict=Verdict.FAIL,
        cases=cases,
        operations={key: one for key, one in run.operations.items() if key in kept},
        claims={key: one for key, one in run.claims.items() if key.operation in kept},
        outcomes=tuple(one for one in run.outcomes if one.operation in kept),
    )


def passing_run() -> Run:
    """Give a run in which every judged promise holds."""
    run = sample_run()
    good = {key for key, one in run.operations.items() if one.verdict is Verdict.PASS}
    good |= {OperationKey.parse("POST channels.create")}
    cases = tuple(case for case in run.cases if case.operation in good and case.verdict is Verdict.PASS)
    return replace(
        run,
        verdict=Verdict.PASS,
        cases=cases,
        operations=_operations(cases),
        claims={key: one for key, one in run.claims.items() if key.operation in good and one.verdict is Verdict.PASS},
        outcomes=tuple(one for one in run.outcomes if one.operation in good and one.verdict is Verdict.PASS),
        drift=(),
        beyond_contract=(),
        leftovers=(),
    )


def unreachable_run() -> Run:
    """Give a run that never reached its target: no case was played and nothing was judged."""
    run = sample_run()
    reason = "no answer from the target: connection refused"
    return replace(
        run,
        verdict=Verdict.INCONCLUSIVE,
        requests=0,
        interrupted=True,
        cases=tuple(
            replace(case, verdict=Verdict.INCONCLUSIVE, reason=reason, exchanges=(), accepted=False)
            for case in run.cases
        ),
        operations={
            key: OperationResult(verdict=Verdict.INCONCLUSIVE, exercised=False, cases=one.cases)
            for key, one in run.operations.items()
        },
        claims={
            key: replace(one, verdict=Verdict.INCONCLUSIVE, checks=(), reason=reason) for key, one in run.claims.items()
        },
        outcomes=(),
        exchanges={},
        drift=(),
        beyond_contract=(),
        leftovers=(),
    )
