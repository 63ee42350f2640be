"""The account of a certificate: what exactly is certified, by whom and until when, and what is not."""

from collections import Counter
from collections.abc import Iterable, Iterator

from preflight.certificate.statement import Statement, to_json
from preflight.certificate.verifying import Verified
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.json import JsonObject

_DAY = "%Y-%m-%d"
_MOMENT = "%Y-%m-%d %H:%M:%S UTC"
_SHOWN = 5


def title(statement: Statement) -> str:
    """Name what a certificate certifies, in one line."""
    target = statement.target
    kind = "the mock workspace" if target.mock else "Rocket.Chat"
    return f"{target.alias}: {kind} {target.release} keeps the profile {statement.profile}"


def lines(verified: Verified) -> Iterator[str]:
    """Tell a verified certificate line by line."""
    yield f"✓ VALID  {title(verified.statement)}"
    yield ""
    yield "  What is certified"
    for name, text in _certified(verified):
        yield f"    {name:<13} {text}"
    yield ""
    yield "  What is not certified"
    for text in _not_certified(verified):
        yield f"    - {text}"


def as_json(verified: Verified) -> JsonObject:
    """Give the same for programs; `statement` is what was signed."""
    statement = verified.statement
    return {
        "valid": True,
        "title": title(statement),
        "result": str(statement.result),
        "key_id": verified.key_id,
        "evidence_verified": verified.evidence,
        "requirements_released": verified.known,
        "claims": {str(kind): count for kind, count in _by_kind(statement.passed).items()},
        "statement": to_json(statement),
        "not_certified": list(_not_certified(verified)),
    }


def _certified(verified: Verified) -> Iterator[tuple[str, str]]:
    statement = verified.statement
    target, basis = statement.target, statement.basis
    yield "target", f"{target.alias}, judged at {target.address}"
    if target.mock:
        yield "", "THIS IS A MOCK WORKSPACE, NO ROCKET.CHAT"
    yield "release", f"{target.release}, {target.edition} edition; the server calls itself {target.server}"
    yield "profile", f"{statement.profile}, as Preflight {statement.requirements} requires it"
    asked = len(statement.passed) + len(statement.remarks) + len(statement.not_applicable)
    yield "claims", f"{len(statement.passed):,} of {asked:,} that the profile asks for hold"
    yield "", _kinds(statement.passed)
    if statement.remarks:
        yield "", f"{statement.result}: read what is said of {_counted(tuple(statement.remarks))} below"
    yield "judged", f"{statement.started:{_MOMENT}} by Preflight {basis.preflight}, run {statement.run_id}"
    yield "issued", f"{statement.issued:{_MOMENT}}"
    yield "valid until", f"{statement.expires:{_MOMENT}}"
    yield "signed by", f"key {verified.key_id}"
    yield "evidence", _evidence(verified)
    yield "requirements", _requirements(verified)


def _evidence(verified: Verified) -> str:
    if not verified.evidence:
        return "not looked at: the bundle was left out"
    return f"{verified.statement.bundle} is intact, and the statement follows from it"


def _requirements(verified: Verified) -> str:
    if verified.known:
        return "the frozen set, byte for byte as it was released"
    return "not compared: no release of that version is known here"


def _not_certified(verified: Verified) -> Iterator[str]:
    statement = verified.statement
    if statement.remarks:
        for reason, claims in _by_reason(statement.remarks.items()):
            yield f"{_counted(claims)}: {reason} ({_examples(claims)})"
    for reason, claims in _by_reason(statement.not_applicable.items()):
        yield f"{_counted(claims)}: not applicable here, {reason} ({_examples(claims)})"
    if statement.not_required:
        claims = statement.not_required
        yield f"{_counted(claims)}: no case can judge it yet, so it is asked of nobody ({_examples(claims)})"
    if statement.profile != "full":
        yield f"whatever the profile {statement.profile} is not about: other operations, other kinds of promises"
    yield f"any other moment than the run of {statement.started:{_DAY}}, any other address, release, edition or setting"
    yield "that the workspace is secure, fast or available beyond the promises judged"
    yield "who holds the key: compare its id with one that you got from its owner"


def _by_kind(claims: Iterable[ClaimId]) -> Counter[ClaimKind]:
    counted = Counter(claim.kind for claim in claims)
    return Counter({kind: counted[kind] for kind in ClaimKind if counted[kind]})


def _kinds(claims: Iterable[ClaimId]) -> str:
    return ", ".join(f"{kind} {count:,}" for kind, count in _by_kind(claims).items())


def _by_reason(reasons: Iterable[tuple[ClaimId, str]]) -> list[tuple[str, tuple[ClaimId, ...]]]:
    gathered: dict[str, list[ClaimId]] = {}
    for claim, reason in reasons:
        gathered.setdefault(reason, []).append(claim)
    return sorted((reason or "no reason was given", tuple(claims)) for reason, claims in gathered.items())


def _counted(claims: tuple[ClaimId, ...]) -> str:
    return f"{len(claims):,} {'promise' if len(claims) == 1 else 'promises'}"


def _examples(claims: tuple[ClaimId, ...]) -> str:
    rest = len(claims) - _SHOWN
    return ", ".join(map(str, claims[:_SHOWN])) + (f" and {rest:,} more" if rest > 0 else "")
