"""The shape of run.json: a Run as JSON and back, with nothing lost and nothing taken on trust.

Derived figures (counts of claims, ids of outcomes) are written for readers and checked when a run is read back.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, Final

import cattrs
from cattrs.gen import make_dict_structure_fn
from cattrs.preconf.json import JsonConverter, make_converter

from preflight.errors import UsageError
from preflight.model.claim import Claim, ClaimId, ClaimKind, Level, Origin
from preflight.model.exchange import Direction
from preflight.model.json import Json, JsonObject
from preflight.model.operation import OperationKey
from preflight.model.outage import Forgot
from preflight.model.outcome import Outcome
from preflight.model.run import ClaimResult, Run, WaiverState
from preflight.model.verdict import Verdict

FORMAT: Final = "preflight-run/3"
_OURS: Final = re.compile(r"preflight-run/(\d{1,9})")

# Unstructured values are JSON objects still to be filled; only Any lets them be changed in place.
_Raw = dict[str, Any]


def to_json(run: Run) -> JsonObject:
    """Give the whole run as JSON, keys and results in a stable order."""
    raw: _Raw = _CONVERTER.unstructure(run)
    raw["format"] = FORMAT
    raw["operations"] = dict(sorted(raw["operations"].items()))
    raw["environment"] = dict(sorted(raw["environment"].items()))
    raw["exchanges"] = {key: _without(raw["exchanges"][key], "id") for key in sorted(raw["exchanges"])}
    raw["claims"] = _claim_figures(run.claims.values()) | {
        "results": [raw["claims"][str(claim)] for claim in sorted(run.claims, key=str)]
    }
    return dict(sorted(raw.items()))


def run_from_json(data: Json) -> Run:
    """Read a run back from what `to_json` gave.

    Raises:
        UsageError: when the data is no run of Preflight, is of another format, or contradicts itself.
    """
    found = data.get("format") if isinstance(data, dict) else None
    if not isinstance(data, dict) or found != FORMAT:
        raise _of_another_format(found)
    try:
        run = _CONVERTER.structure(_inner(data), Run)
    except (cattrs.BaseValidationError, AttributeError, KeyError, TypeError, ValueError) as problem:
        raise _damaged(_first_problem(problem)) from problem
    if to_json(run) != data:
        raise _damaged("its figures do not fit its results")
    return run


def _of_another_format(found: Json) -> UsageError:
    number = _OURS.fullmatch(found) if isinstance(found, str) else None
    if number is None:
        return UsageError(
            f"This is no run of Preflight: its format is {found!r:.60}, not {FORMAT!r}.",
            hint="Name a run folder, or its run.json.",
        )
    age = "a newer" if int(number[1]) > int(FORMAT.rpartition("/")[2]) else "an older"
    return UsageError(
        f"This run was written by {age} Preflight: its format is {found!r}, and this version reads {FORMAT!r}.",
        hint="Read it with the version that wrote it, or run again with this one.",
    )


def _damaged(what: str) -> UsageError:
    return UsageError(
        f"This run is damaged: {what}.",
        hint="A run.json must not be edited; run again, or take the file from where it was written.",
    )


def _first_problem(problem: Exception) -> str:
    told = cattrs.transform_error(problem, path="run", format_exception=_in_words)
    rest = f", and {len(told) - 1} more" if len(told) > 1 else ""
    return f"{told[0]}{rest}"


def _in_words(problem: BaseException, _: type | None) -> str:
    match problem:
        case KeyError():
            return f"{problem} is missing"
        case cattrs.ForbiddenExtraKeysError():
            return f"unknown {', '.join(sorted(map(repr, problem.extra_fields)))}"
        case ValueError() | TypeError() | AttributeError():
            return str(problem)
    return type(problem).__name__


def _inner(data: _Raw) -> _Raw:
    """Give the keys a Run has, without what is derived."""
    return _without(data, "format") | {
        "claims": {result["id"]: result for result in data["claims"]["results"]},
        "exchanges": {key: value | {"id": key} for key, value in data["exchanges"].items()},
    }


def _without(raw: _Raw, *names: str) -> _Raw:
    return {name: value for name, value in raw.items() if name not in names}


def _claim_figures(results: Iterable[ClaimResult]) -> _Raw:
    every = tuple(results)
    judged = sum(result.judged for result in every)
    not_applicable = sum(result.verdict is Verdict.NOT_APPLICABLE for result in every)
    return {
        "total": len(every),
        "judged": judged,
        "failed": sum(result.verdict is Verdict.FAIL and not result.excused for result in every),
        "waived": sum(result.verdict is Verdict.FAIL and result.waiver is not None for result in every),
        "warnings": sum(
            result.verdict is Verdict.FAIL and result.advisory and result.waiver is None for result in every
        ),
        "not_applicable": not_applicable,
        "not_judged": len(every) - judged - not_applicable,
    }


def _claim_result_to_json(result: ClaimResult) -> _Raw:
    claim = result.claim
    return {
        "id": str(claim.id),
        "operation": str(claim.id.operation),
        "kind": str(claim.id.kind),
        "promise": claim.promise,
        "page": claim.page,
        "origin": str(claim.origin),
        "level": str(claim.level),
        "erratum": claim.erratum,
        "verdict": str(result.verdict),
        "judged_by": list(result.checks),
        "reason": result.reason,
        "waiver": result.waiver,
    }


_CLAIM_KEYS = {field.name for field in fields(Claim)}


def _claim_result_from_json(raw: _Raw, _: type[ClaimResult]) -> ClaimResult:
    inner = _without(raw, "operation", "kind", "judged_by", *_CLAIM_KEYS)
    claim = {name: value for name, value in raw.items() if name in _CLAIM_KEYS}
    return _PLAIN_CLAIM_RESULT(inner | {"claim": claim, "checks": raw["judged_by"]}, ClaimResult)


def _outcome_to_json(outcome: Outcome) -> _Raw:
    return {
        "id": outcome.id,
        "operation": str(outcome.operation),
        "claim": str(outcome.claim),
        "check": outcome.check,
        "case": outcome.case,
        "verdict": str(outcome.verdict),
        "reason": outcome.reason,
        "findings": _CONVERTER.unstructure(outcome.findings),
    }


def _outcome_from_json(raw: _Raw, _: type[Outcome]) -> Outcome:
    return _PLAIN_OUTCOME(_without(raw, "id", "operation"), Outcome)


def _exactly(kind: type, *also: type) -> Callable[[object, type], Any]:
    """Refuse what JSON spells otherwise: cattrs alone reads 'yes' as true and '3' as 3."""

    def structure(value: object, _: type) -> object:
        if type(value) in {kind, *also}:
            return kind(value)
        msg = f"{value!r:.60} is no {kind.__name__}"
        raise TypeError(msg)

    return structure


def _converter() -> JsonConverter:
    converter = make_converter(forbid_extra_keys=True)
    for plain in (str, bool, int):
        converter.register_structure_hook(plain, _exactly(plain))
    converter.register_structure_hook(float, _exactly(float, int))
    for words in (ClaimKind, Direction, Forgot, Level, Origin, Verdict, WaiverState):
        # Their own hooks, for the one of str would serve every StrEnum too.
        converter.register_structure_hook(words, lambda text, kind: kind(text))
        converter.register_unstructure_hook(words, str)
    converter.register_unstructure_hook_func(lambda kind: kind == tuple[str, str], list)
    for key in (OperationKey, ClaimId):
        converter.register_structure_hook(key, lambda text, kind: kind.parse(str(text)))
        converter.register_unstructure_hook(key, str)
    return converter


_CONVERTER = _converter()
_PLAIN_CLAIM_RESULT = make_dict_structure_fn(ClaimResult, _CONVERTER)
_PLAIN_OUTCOME = make_dict_structure_fn(Outcome, _CONVERTER)
_CONVERTER.register_unstructure_hook(ClaimResult, _claim_result_to_json)
_CONVERTER.register_structure_hook(ClaimResult, _claim_result_from_json)
_CONVERTER.register_unstructure_hook(Outcome, _outcome_to_json)
_CONVERTER.register_structure_hook(Outcome, _outcome_from_json)
