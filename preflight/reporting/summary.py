"""summary.md: what a person reads on the page of a build job, verdict first, and never more than such a page takes."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Final

from preflight.model.claim import ClaimKind
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.reporting.account import (
    HEADLINES,
    Unjudged,
    counted,
    figures,
    not_applicable,
    stumbles,
    unjudged,
    verdict_sentence,
    waiver_line,
    waivers_in_use,
    why_not_exercised,
    worthless_waivers,
)
from preflight.reporting.causes import Cause, causes_of
from preflight.reporting.coverage import Standing
from preflight.reporting.drift import Divergence, divergences
from preflight.reporting.marks import code, plain

_MARKS: Final = {
    Verdict.PASS: "✅",
    Verdict.FAIL: "❌",
    Verdict.INCONCLUSIVE: "❔",
    Verdict.ERROR: "💥",
    Verdict.NOT_APPLICABLE: "⚪",
}
# Bytes that a section may take; together with verdict and figures they stay below 64 kB.
_BROKEN: Final = 16_000
_LONG: Final = 7_000
_SHORT: Final = 3_000
_MOST_OPERATIONS: Final = 5


def render(run: Run, reports: Mapping[str, PurePath] | None = None) -> str:
    """Give the summary as Markdown; `reports` maps the names of reports to where they are."""
    causes = causes_of(run)
    warnings = [cause for cause in causes if cause.standing is Standing.WARNING]
    blocks = [
        f"# {_MARKS[run.verdict]} {HEADLINES[run.verdict]}",
        plain(verdict_sentence(run)),
        _subject(run),
        _figures(run),
        *_list("Broken promises", map(_cause, (one for one in causes if one.standing is Standing.BROKEN)), _BROKEN),
        *_list(
            "Waivers worth nothing any more",
            (f"- {plain(waiver_line(waiver))}: {what}" for waiver, what in worthless_waivers(run).items()),
        ),
        *_reasons("Preflight stumbled", stumbles(run)),
        *_reasons("Could not be judged", unjudged(run), _LONG),
        *_list("Not exercised", (f"- {code(key)}: {plain(why)}" for key, why in why_not_exercised(run).items())),
        *_list("Left behind", (f"- {plain(one.what)}: {plain(one.why)}" for one in run.leftovers)),
        *_list("Warnings", map(_cause, (one for one in warnings if one.kind is not ClaimKind.SECURITY)), _LONG),
        *_list("Security warnings", _security(run, warnings), _LONG),
        *_list("Waived", (f"- {plain(waiver_line(waiver))}" for waiver in waivers_in_use(run))),
        *_reasons("Not applicable", not_applicable(run)),
        *_drift(divergences(run, security=False)),
        *_list("Reports", (f"- {name}: {code(path.as_posix())}" for name, path in sorted((reports or {}).items()))),
    ]
    return "\n\n".join(blocks) + "\n"


def _subject(run: Run) -> str:
    alias = {} if run.alias in run.target else {"alias": run.alias}
    named = {"Target": run.target, **alias, "release": run.release, "profile": run.profile, "run": run.id}
    return " · ".join(f"{name} {code(value)}" for name, value in named.items())


def _figures(run: Run) -> str:
    given = figures(run)
    return "\n".join(
        (f"| {' | '.join(given)} |", f"|{' --- |' * len(given)}", f"| {' | '.join(given.values())} |"),
    )


def _cause(cause: Cause) -> str:
    claim = cause.lead.claim
    seen = ""
    if cause.first:
        finding = cause.first.findings[0]
        seen = f" at {code(finding.where)}: promised {code(finding.promised)}, received {code(finding.received)}"
    more = f" {_extent(cause)}" if cause.size > 1 or len(cause.cases) > 1 else ""
    return f"- **{code(claim.id.operation)}**{seen}. {plain(claim.promise).rstrip('.')}.{more} [page](<{claim.page}>)"


def _extent(cause: Cause) -> str:
    others = [code(key) for key in cause.operations[1 : _MOST_OPERATIONS + 1]]
    rest = len(cause.operations) - 1 - len(others)
    also = f", also of {', '.join(others)}" if others else ""
    also += f" and {counted(rest, 'more operation')}" if rest else ""
    return f"*One cause, {counted(cause.size, 'promise')} in {counted(len(cause.cases), 'case')}*{also}."


def _security(run: Run, warnings: Iterable[Cause]) -> Iterator[str]:
    seen = {cause.erratum for cause in warnings if cause.kind is ClaimKind.SECURITY}
    yield from map(_cause, (cause for cause in warnings if cause.kind is ClaimKind.SECURITY))
    for one in divergences(run, security=True):
        if one.erratum not in seen:
            yield _divergence(one)


def _reasons(title: str, groups: Iterable[Unjudged], most: int = _SHORT) -> Iterator[str]:
    return _list(title, (f"- {plain(group.reason)} ({group.extent})" for group in groups), most)


def _drift(drift: tuple[Divergence, ...]) -> Iterator[str]:
    """Fold drift away: it accuses nobody, and there is much of it."""
    title, *lines = [*_list("Documentation drift", map(_divergence, drift), _LONG), ""]
    if drift:
        yield title
        yield f"<details><summary>{counted(len(drift), 'place')} where pages and servers part</summary>"
        yield from filter(None, lines)
        yield "</details>"


def _divergence(one: Divergence) -> str:
    keys = list(one.pages)
    where = code(keys[0]) if len(keys) == 1 else counted(len(keys), "operation")
    return (
        f"- {code(one.erratum)} in {where}: documented {code(one.documented)}, served {code(one.served)} "
        f"(releases {code(one.releases or 'all')}, [page](<{one.pages[keys[0]]}>))"
    )


def _list(title: str, lines: Iterable[str], most: int = _SHORT) -> Iterator[str]:
    """Give a section with as many lines as it may take, and say how many are left out."""
    every = tuple(lines)
    told: list[str] = []
    for line in every:
        most -= len(line.encode("utf-8", "backslashreplace")) + 1
        if most < 0:
            break
        told.append(line)
    if len(told) < len(every):
        told.append(f"- … and {len(every) - len(told):,} more; report.html lists every one")
    if told:
        yield f"## {title}"
        yield "\n".join(told)
