"""The one door to schemathesis and Hypothesis: draws requests from the effective contract of an operation.

Importing it takes a few tenths of a second, so that whoever needs it imports it when it is needed. Only generation is
used: what is drawn is sent by our own client and judged by our own checks (docs/decisions/generated-requests.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from warnings import catch_warnings, simplefilter

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core import NotSet
from schemathesis.core.result import Err
from schemathesis.generation.case import Case
from schemathesis.generation.modes import GenerationMode
from schemathesis.schemas import APIOperation

from preflight.catalog.contract import Contract
from preflight.model.json import Json
from preflight.model.oddity import Odd, Oddity
from preflight.probes.documents import document_of
from preflight.probes.probe import Parameters, Probe

MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
# What other suites ask, what no JSON can say, and what is no matter of the operation.
_LEFT_OUT = ("Unspecified HTTP method", "Malformed Content-Type", "Unsupported Content-Type", "Missing request body")


def covering(contract: Contract, base: Parameters) -> Iterator[Probe]:
    """Give boundary cases and single violations, the same ones always; `base` is an accepted request."""
    operation = _operation(contract, base)
    config = operation.schema.config.generation_for(operation=operation, phase="coverage")
    cases = operation.schema.iter_coverage_cases(operation, generation_modes=MODES, generation_config=config)
    for case in _one_by_one(cases):
        data: Any = case.meta.phase.data if case.meta else None
        words = str(getattr(data, "description", "") or "a boundary")
        if words.startswith(_LEFT_OUT):
            continue
        parameters = _parameters(case)
        if parameters is not None:
            yield Probe(parameters=parameters, oddity=_oddity(words, getattr(data, "parameter", None)))


def drawing(contract: Contract, base: Parameters, number: int, count: int) -> Iterator[Probe]:
    """Draw requests at random, valid and invalid ones in turn; the same number gives the same requests."""
    operation = _operation(contract, base)
    for mode in MODES:
        drawn: list[Case[Any]] = []
        share = count // 2 + (count % 2 if mode is GenerationMode.POSITIVE else 0)
        _draw(operation, mode, number, share, drawn)
        for case in drawn:
            parameters = _parameters(case)
            if parameters is not None:
                yield Probe(parameters=parameters, oddity=_oddity(f"drawn at random, {mode.value}", None))


def _one_by_one(cases: Iterator[Case[Any]]) -> Iterator[Case[Any]]:
    while True:
        with _quiet():
            case = next(cases, None)
        if case is None:
            return
        yield case


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the generator says of its own strategies, and of random numbers that other threads take, off a run."""
    with catch_warnings():
        simplefilter("ignore")
        yield


def _operation(contract: Contract, base: Parameters) -> APIOperation[Any, Any, Any, Any]:
    schema = schemathesis.openapi.from_dict(document_of(contract, base))
    schema.config.generation.update(codec="ascii", allow_x00=False, allow_extra_parameters=True)
    found = next(schema.get_all_operations())
    if isinstance(found, Err):
        raise found.err()  # our own document is wrong: a fault of ours
    return found.ok()


def _draw(
    operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, number: int, count: int, drawn: list[Case[Any]]
) -> None:
    if count < 1:
        return

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def draw(case: Case[Any]) -> None:
        drawn.append(case)

    with _quiet(), suppress(Unsatisfiable):  # of an operation without parameters nothing invalid can be drawn
        draw()


def _parameters(case: Case[Any]) -> Parameters | None:
    """Give what a drawn case carries; None where it is no JSON."""
    has_body = not isinstance(case.body, NotSet)
    if has_body and (isinstance(case.body, bytes) or case.media_type != "application/json"):
        return None
    query: dict[str, Json] = {str(name): value for name, value in dict(case.query or {}).items()}
    body: Any = case.body if has_body else None
    return Parameters(query=query, body=body, has_body=has_body)


def _oddity(words: str, parameter: object) -> Oddity:
    return Oddity(kind=Odd.DRAWN, subject=str(parameter or ""), words=f"{words[0].lower()}{words[1:]}")
