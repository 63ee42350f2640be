"""Allure results: the run in Allure's own words, with a history that survives from run to run."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from allure_commons.model2 import (
    Attachment,
    Link,
    Parameter,
    Status,
    StatusDetails,
    TestResult,
    TestStepResult,
)
from allure_commons.types import AttachmentType, LinkType
from attr import asdict

from preflight.model.claim import ClaimId, Level
from preflight.model.exchange import Exchange, Headers
from preflight.model.finding import Finding
from preflight.model.operation import OperationKey
from preflight.model.outcome import Outcome
from preflight.model.run import CaseResult, Run
from preflight.model.verdict import Verdict
from preflight.reporting.account import frames_of, in_full, pretty
from preflight.reporting.allure.about import CATEGORIES, EXECUTOR, executor, properties, sort_of
from preflight.reporting.allure.labels import Labels, as_written, labels_of

_NAMESPACE: Final = UUID("6b5d6a5e-3c1d-5f0e-9a51-0d7f2f1b6c11")
_STATUSES: Final[Mapping[Verdict, str]] = {
    Verdict.PASS: Status.PASSED,
    Verdict.FAIL: Status.FAILED,
    Verdict.ERROR: Status.BROKEN,
    Verdict.INCONCLUSIVE: Status.SKIPPED,
    Verdict.NOT_APPLICABLE: Status.SKIPPED,
}


def render(run: Run) -> Mapping[str, str]:
    """Give the files of an allure-results folder by name; the same run gives the same bytes."""
    outcomes: dict[str, list[Outcome]] = {}
    for outcome in run.outcomes:
        outcomes.setdefault(outcome.case, []).append(outcome)
    files = {
        "categories.json": _dumped(CATEGORIES),
        "environment.properties": properties(run),
        EXECUTOR: _dumped(executor(run)),
    }
    pages: dict[OperationKey, set[str]] = {}
    for key, result in run.claims.items():
        pages.setdefault(key.operation, set()).add(result.claim.page)
    for case in run.cases:
        own = sorted(filter(None, pages.get(case.operation, ())))
        files |= _CaseFiles(run, case, tuple(outcomes.get(case.id, ())), own).render()
    return dict(sorted(files.items()))


class _CaseFiles:
    """One case as a result file and its attachments."""

    def __init__(self, run: Run, case: CaseResult, outcomes: tuple[Outcome, ...], pages: list[str]) -> None:
        self._run = run
        self._case = case
        self._outcomes = outcomes
        self._pages = pages
        self._uuid = uuid5(_NAMESPACE, f"{run.id}\n{case.id}")
        self._attached: dict[str, str] = {}

    def render(self) -> Mapping[str, str]:
        result = self._result()
        name = TestResult.file_pattern.format(prefix=self._uuid)
        return {
            name: _dumped(asdict(result, filter=lambda _, value: value is not None and value != [])),
            **self._attached,
        }

    def _result(self) -> TestResult:
        labels, start, stop = self._labels(), self._moment(0.0), self._moment(self._case.seconds)
        return TestResult(
            uuid=str(self._uuid),
            historyId=_digest(self._run.alias, self._run.profile, self._case.id),
            testCaseId=_digest(self._case.id),
            fullName=self._case.id,
            name=labels.title,
            titlePath=["preflight", labels.suite, labels.story],
            description=self._description(),
            status=_STATUSES[self._case.verdict],
            statusDetails=self._details(),
            stage="finished",
            labels=as_written(labels),
            links=[Link(type=LinkType.LINK, url=page, name="documentation") for page in self._pages],
            parameters=self._parameters(),
            steps=list(self._steps()),
            start=start,
            stop=stop,
        )

    def _labels(self) -> Labels:
        claims = self._claims()
        levels = {self._run.claims[claim].claim.level for claim in claims if claim in self._run.claims}
        return labels_of(
            operation=self._case.operation,
            case_title=self._case.title,
            profile=self._run.profile,
            suite=self._case.suite,
            claims=claims,
            must=Level.MUST in levels or not levels,
        )

    def _claims(self) -> tuple[ClaimId, ...]:
        return tuple(sorted({outcome.claim for outcome in self._outcomes}))

    def _description(self) -> str:
        promises = (self._run.claims[key].claim.promise for key in self._claims() if key in self._run.claims)
        return "\n".join(f"- {promise}" for promise in promises)

    def _parameters(self) -> list[Parameter]:
        run, case = self._run, self._case
        shown = {
            "operation": str(case.operation),
            "actor": case.actor,
            "profile": run.profile,
            "target": run.alias,
        }
        # Allure 3 makes the history of parameters too: what differs from run to run must stay out.
        hidden = {"address": run.target, "release": run.release, "run": run.id}
        return [
            *(Parameter(name=name, value=value) for name, value in shown.items()),
            *(Parameter(name=name, value=value, excluded=True) for name, value in hidden.items()),
        ]

    def _details(self) -> StatusDetails | None:
        told = "\n".join(self._accusation(outcome) for outcome in self._outcomes if outcome.findings)
        trace = "\n\n".join(map(in_full, _findings(self._outcomes)))
        match self._case.verdict:
            case Verdict.PASS:  # what fails no run is told all the same
                return StatusDetails(message=told, trace=trace) if told else None
            case Verdict.FAIL:
                return StatusDetails(message=told or self._case.reason or "a promise is broken", trace=trace)
            case Verdict.ERROR:
                return StatusDetails(message=f"preflight stumbled: {self._case.reason}")
        return StatusDetails(message=f"{self._case.verdict}: {self._case.reason}")

    def _accusation(self, outcome: Outcome) -> str:
        """Say what is broken so that the categories can tell the sorts apart."""
        first = outcome.findings[0]
        result = self._run.claims.get(outcome.claim)
        sort = sort_of(outcome, advisory=result is not None and result.advisory)
        return f"{sort}: {first.where}: promised {first.promised}, received {first.received}"

    def _steps(self) -> Iterator[TestStepResult]:
        exchanges = [self._run.exchanges[key] for key in self._case.exchanges if key in self._run.exchanges]
        since = 0.0
        for exchange in exchanges:
            role = "arrange" if exchange.purpose.startswith("arrange") else "request"
            yield self._exchange_step(role, exchange, since)
            since += exchange.elapsed_s
        if self._outcomes:
            yield TestStepResult(
                name="judge",
                status=_STATUSES[self._case.verdict],
                stage="finished",
                steps=[self._check_step(outcome) for outcome in self._outcomes],
                start=self._moment(self._case.seconds),
                stop=self._moment(self._case.seconds),
            )

    def _exchange_step(self, role: str, exchange: Exchange, since: float) -> TestStepResult:
        request, response = exchange.request, exchange.response
        return TestStepResult(
            name=f"{role}: {exchange.actor} sends {request.method} {request.url}, answer {response.status}",
            status=Status.PASSED,
            stage="finished",
            attachments=list(self._evidence(exchange)),
            start=self._moment(since),
            stop=self._moment(since + exchange.elapsed_s),
        )

    def _evidence(self, exchange: Exchange) -> Iterator[Attachment]:
        yield self._attach("request", _request_text(exchange), exchange.id)
        yield self._attach("response", _response_text(exchange), exchange.id)
        if exchange.frames:
            yield self._attach("frames", frames_of(exchange), exchange.id)

    def _check_step(self, outcome: Outcome) -> TestStepResult:
        told = f"{outcome.verdict}: {outcome.reason}" if outcome.reason else None
        result = self._run.claims.get(outcome.claim)
        return TestStepResult(
            name=result.claim.promise if result else str(outcome.claim),
            parameters=[
                Parameter(name="check", value=outcome.check),
                Parameter(name="claim", value=str(outcome.claim)),
            ],
            status=_STATUSES[outcome.verdict],
            statusDetails=StatusDetails(message=told) if told else None,
            stage="finished",
            attachments=list(self._violations(outcome)),
            start=self._moment(self._case.seconds),
            stop=self._moment(self._case.seconds),
        )

    def _violations(self, outcome: Outcome) -> Iterator[Attachment]:
        for number, finding in enumerate(outcome.findings, start=1):
            yield self._attach("violation", in_full(finding), outcome.id, str(number))
            yield self._attach("curl", finding.reproduce, outcome.id, str(number))

    def _attach(self, name: str, text: str, *of_what: str) -> Attachment:
        kind = AttachmentType.TEXT
        source = f"{uuid5(self._uuid, _digest(name, *of_what))}-attachment.{kind.extension}"
        self._attached[source] = text if text.endswith("\n") else f"{text}\n"
        return Attachment(name=name, source=source, type=kind.mime_type)

    def _moment(self, seconds: float) -> int:
        """Give a moment of this case in milliseconds since 1970, from the start that the run has noted."""
        try:
            started = datetime.fromisoformat(self._run.started).timestamp()
        except ValueError:
            started = 0.0
        return round((started + self._case.started_s + seconds) * 1000)


def _findings(outcomes: Iterable[Outcome]) -> tuple[Finding, ...]:
    return tuple(finding for outcome in outcomes for finding in outcome.findings)


def _request_text(exchange: Exchange) -> str:
    request = exchange.request
    return _message(f"{request.method} {request.url}", request.headers, request.body or "")


def _response_text(exchange: Exchange) -> str:
    protocol = "DDP" if exchange.frames else "HTTP"
    return _message(f"{protocol} {exchange.response.status}", exchange.response.headers, exchange.response.body)


def _message(first: str, headers: Headers, body: str) -> str:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return "\n".join([*lines, "", pretty(body)] if body else lines)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _dumped(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n"
