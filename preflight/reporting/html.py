"""report.html: one self-contained page for people, readable without a network, a script or colours."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from preflight.model.claim import ClaimKind
from preflight.model.exchange import Exchange
from preflight.model.run import CaseResult, Run
from preflight.model.verdict import Verdict
from preflight.paths import REPORT_TEMPLATES
from preflight.reporting import account

MARKS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.INCONCLUSIVE: "?",
    Verdict.ERROR: "!",
    Verdict.NOT_APPLICABLE: "-",
}
# A body is evidence, and run.json holds all of it; a page must stay light enough to open on a phone.
_LONGEST = 6000


def render(run: Run) -> str:
    """Give the report as one HTML page."""
    template = _environment(_Cases(run)).get_template("report.html.j2")
    return template.render(
        run=run,
        marks=MARKS,
        headline=account.HEADLINES[run.verdict],
        sentence=account.verdict_sentence(run),
        figures=account.figures(run),
        sections=_sections(run),
        broken=account.broken_promises(run),
        stumbles=account.stumbles(run),
        unjudged=account.unjudged(run),
        not_applicable=account.not_applicable(run),
        not_exercised=account.not_exercised(run),
        kinds=tuple(kind for kind in ClaimKind if kind in account.coverage(run)),
        matrix=account.matrix(run),
        coverage=account.coverage(run),
    )


class _Cases:
    """Finds the case behind an outcome, and the exchange that was judged."""

    def __init__(self, run: Run) -> None:
        self._cases = {case.id: case for case in run.cases}
        self._exchanges = run.exchanges

    def title(self, case_id: str) -> str:
        case = self._cases.get(case_id)
        return f"{case.title}, as {case.actor}" if case else case_id

    def judged_exchange(self, case_id: str) -> Exchange | None:
        """Give the last exchange of the case; those before it arranged it."""
        case: CaseResult | None = self._cases.get(case_id)
        return self._exchanges.get(case.exchanges[-1]) if case and case.exchanges else None


def _environment(cases: _Cases) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(REPORT_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters |= {"slug": _slug, "pretty": account.pretty, "clip": _clip, "frames": account.frames_of}
    environment.globals |= {"title_of": cases.title, "evidence_of": cases.judged_exchange}
    return environment


def _sections(run: Run) -> tuple[tuple[str, str, int | None], ...]:
    """Give id, title and count of each section, in the order of the page."""
    stumbles = account.stumbles(run)
    return (
        ("broken", "Broken promises", sum(map(len, account.broken_promises(run).values()))),
        *((("stumbles", "Preflight stumbled", len(stumbles)),) if stumbles else ()),
        ("unjudged", "Could not be judged", sum(map(account.is_open, run.claims.values()))),
        ("matrix", "Operations and kinds of claims", None),
        *((("waivers", "Waivers", len(run.waivers)),) if run.waivers else ()),
        ("drift", "Documentation drift", len(run.drift)),
        ("beyond", "Beyond the contract", len(run.beyond_contract)),
        ("leftovers", "Left behind", len(run.leftovers)),
        ("environment", "Environment", None),
    )


def _slug(verdict: Verdict) -> str:
    return str(verdict).replace(" ", "-")


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}\n… cut here; run.json holds the rest"
