"""report.html: one self-contained page for people, readable without a network, a script or colours."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from preflight.model.claim import ClaimKind
from preflight.model.exchange import Exchange
from preflight.model.operation import OperationKey
from preflight.model.run import Beyond, ClaimResult, Run
from preflight.model.verdict import Verdict
from preflight.paths import REPORT_TEMPLATES
from preflight.reporting import account, coverage, durations
from preflight.reporting.causes import Cause, causes_of
from preflight.reporting.coverage import Standing
from preflight.reporting.drift import Divergence, divergences

MARKS: Final = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.INCONCLUSIVE: "?",
    Verdict.ERROR: "!",
    Verdict.NOT_APPLICABLE: "-",
}
STANDINGS: Final = {
    Standing.HOLDS: "✓",
    Standing.BROKEN: "✗",
    Standing.WARNING: "▲",
    Standing.WAIVED: "~",
    Standing.OPEN: "?",
    Standing.OURS: "!",
    Standing.NOT_APPLICABLE: "-",
}
_WORDS: Final = {
    Standing.HOLDS: "hold",
    Standing.BROKEN: "broken",
    Standing.WARNING: "broken with a warning",
    Standing.WAIVED: "broken and waived",
    Standing.OPEN: "not judged",
    Standing.OURS: "not judged, for Preflight stumbled",
    Standing.NOT_APPLICABLE: "not applicable",
}
# What is arranged for a case is no evidence of what came of it.
_ARRANGING: Final = "arrange"
# A body is evidence, and run.json holds all of it; a page must stay light enough to open on a phone.
_LONGEST: Final = 6000
_LONGEST_VALUE: Final = 1500
_EVIDENCE_BUDGET: Final = 3_000_000
_MOST_IN_FULL: Final = 200
_MOST_EXCHANGES: Final = 3
_MOST_SLOW: Final = 15


def render(run: Run) -> str:
    """Give the report as one HTML page."""
    causes = causes_of(run)
    environment = _environment(_Evidence(run))
    script, _, _ = environment.loader.get_source(environment, "report.js") if environment.loader else ("", None, None)
    template = environment.get_template("report.html.j2")
    return template.render(
        run=run,
        script=Markup(script),  # noqa: S704 (our own file, of which the page names the digest)
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        headline=account.HEADLINES[run.verdict],
        sentence=account.verdict_sentence(run),
        figures=account.figures(run),
        whole=coverage.whole(run),
        broken=_of(causes, Standing.BROKEN),
        warnings=tuple(one for one in _of(causes, Standing.WARNING) if one.kind is not ClaimKind.SECURITY),
        waived=_of(causes, Standing.WAIVED),
        weaknesses=_weaknesses(run, causes),
        most_in_full=_MOST_IN_FULL,
        stumbles=account.stumbles(run),
        unjudged=account.unjudged(run),
        open_claims=sum(map(account.is_open, run.claims.values())),
        not_applicable=account.not_applicable(run),
        not_exercised=account.why_not_exercised(run),
        kinds=coverage.by_kind(run),
        families=coverage.by_family(run),
        matrix=coverage.matrix(run),
        causes_at=_causes_at(causes),
        drift=divergences(run, security=False),
        beyond=_beyond(run.beyond_contract),
        claims=_claims(run),
        slowest=durations.slowest(run, _MOST_SLOW),
        suites=durations.by_suite(run),
        throttled=durations.throttled(run),
        waited_s=durations.waited(run),
        most_slow=_MOST_SLOW,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """What servers are known to leave open, what of it this run saw, or both."""

    known: Divergence | None
    seen: tuple[Cause, ...]


def _weaknesses(run: Run, causes: Iterable[Cause]) -> tuple[Weakness, ...]:
    """Join security warnings with the errata that know them; what was seen comes first."""
    by_erratum: dict[str | None, list[Cause]] = {}
    for cause in _of(causes, Standing.WARNING):
        if cause.kind is ClaimKind.SECURITY:
            by_erratum.setdefault(cause.erratum, []).append(cause)
    known = {one.erratum: one for one in divergences(run, security=True)}
    seen = [Weakness(known=known.get(erratum or ""), seen=tuple(own)) for erratum, own in by_erratum.items()]
    return (*seen, *(Weakness(known=one, seen=()) for name, one in known.items() if name not in by_erratum))


class _Evidence:
    """Finds the exchanges behind an outcome; each is shown once, as long as the page stays light."""

    def __init__(self, run: Run) -> None:
        self._cases = {case.id: case for case in run.cases}
        self._exchanges = run.exchanges
        self._shown: set[str] = set()
        self._left = _EVIDENCE_BUDGET

    def title(self, case_id: str) -> str:
        """Give the title of a case, and who asked: of several the last, who did what was judged."""
        case = self._cases.get(case_id)
        if case is None:
            return case_id
        asked = [exchange.actor for exchange in self.of(case_id)]
        return f"{case.title}, as {asked[-1] if asked else case.actor}"

    def of(self, case_id: str) -> tuple[Exchange, ...]:
        """Give the last exchanges of the case but for those that arranged it."""
        case = self._cases.get(case_id)
        own = [self._exchanges[key] for key in case.exchanges if key in self._exchanges] if case else []
        return tuple(one for one in own if not one.purpose.startswith(_ARRANGING))[-_MOST_EXCHANGES:]

    def is_new(self, exchange: Exchange) -> bool:
        """Tell whether an exchange is to be shown here, and take it as shown."""
        if exchange.id in self._shown or self._left <= 0:
            return False
        self._shown.add(exchange.id)
        texts = (exchange.request.body or "", exchange.response.body, account.frames_of(exchange))
        self._left -= sum(min(2 * len(text), _LONGEST) for text in texts)
        return True

    def is_shown(self, exchange: Exchange) -> bool:
        return exchange.id in self._shown


def _of(causes: Iterable[Cause], standing: Standing) -> tuple[Cause, ...]:
    return tuple(cause for cause in causes if cause.standing is standing)


def _causes_at(causes: Iterable[Cause]) -> Mapping[tuple[OperationKey, ClaimKind], Cause]:
    """Give for a cell of the matrix the cause that weighs most, to jump to."""
    found: dict[tuple[OperationKey, ClaimKind], Cause] = {}
    for cause in sorted(causes, key=lambda one: (one.standing is not Standing.BROKEN, one.number)):
        for key in cause.operations:
            found.setdefault((key, cause.kind), cause)
    return found


def _beyond(fields: Iterable[Beyond]) -> Mapping[OperationKey, list[Beyond]]:
    grouped: dict[OperationKey, list[Beyond]] = {}
    for one in sorted(fields):
        grouped.setdefault(one.operation, []).append(one)
    return grouped


def _claims(run: Run) -> Mapping[OperationKey, list[tuple[ClaimResult, Standing]]]:
    grouped: dict[OperationKey, list[tuple[ClaimResult, Standing]]] = {}
    for key in sorted(run.claims):
        result = run.claims[key]
        grouped.setdefault(key.operation, []).append((result, coverage.standing_of(result)))
    return grouped


def _environment(evidence: _Evidence) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(REPORT_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "slug": _slug,
        "pretty": account.pretty,
        "clip": _clip,
        "clip_value": _clip_value,
        "frames": account.frames_of,
        "lasting": account.lasting,
        "brief": _brief,
    }
    environment.globals |= {
        "marks": MARKS,
        "standings": STANDINGS,
        "words": _WORDS,
        "counted": account.counted,
        "title_of": evidence.title,
        "evidence_of": evidence.of,
        "is_new": evidence.is_new,
        "is_shown": evidence.is_shown,
    }
    return environment


def _slug(verdict: str) -> str:
    return verdict.replace(" ", "-")


def _brief(seconds: float) -> str:
    """Give the time of a request: ``8 ms``, ``1.25 s``."""
    return f"{seconds * 1000:,.0f} ms" if seconds < 1 else f"{seconds:,.2f} s"


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n… cut here; run.json holds the rest"


def _clip_value(text: str) -> str:
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}… cut here; run.json holds the rest"
