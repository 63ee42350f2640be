"""summary.md: what a person reads on the page of a build job, verdict first."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath

from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.reporting.account import (
    HEADLINES,
    BrokenPromise,
    Unjudged,
    broken_promises,
    figures,
    not_applicable,
    not_exercised,
    stumbles,
    unjudged,
    verdict_sentence,
    waiver_line,
    waivers_in_use,
    worthless_waivers,
)
from preflight.reporting.marks import code, plain

_MARKS = {
    Verdict.PASS: "✅",
    Verdict.FAIL: "❌",
    Verdict.INCONCLUSIVE: "❔",
    Verdict.ERROR: "💥",
    Verdict.NOT_APPLICABLE: "⚪",
}


def render(run: Run, reports: Mapping[str, PurePath] | None = None) -> str:
    """Give the summary as Markdown; `reports` maps the names of reports to where they are."""
    blocks = [
        f"# {_MARKS[run.verdict]} {HEADLINES[run.verdict]}",
        plain(verdict_sentence(run)),
        _subject(run),
        _figures(run),
        *_broken(run),
        *_list(
            "Waivers worth nothing any more",
            (f"- {plain(waiver_line(waiver))}: {what}" for waiver, what in worthless_waivers(run).items()),
        ),
        *_reasons("Preflight stumbled", stumbles(run)),
        *_reasons("Could not be judged", unjudged(run)),
        *_list("Not exercised", (f"- {code(key)}" for key in not_exercised(run))),
        *_reasons("Not applicable", not_applicable(run)),
        *_list("Waived", (f"- {plain(waiver_line(waiver))}" for waiver in waivers_in_use(run))),
        *_list("Security warnings", _drift(run, security=True)),
        *_list("Documentation drift", _drift(run, security=False)),
        *_list("Left behind", (f"- {plain(one.what)}: {plain(one.why)}" for one in run.leftovers)),
        *_list("Reports", (f"- {name}: {code(path.as_posix())}" for name, path in sorted((reports or {}).items()))),
    ]
    return "\n\n".join(blocks) + "\n"


def _subject(run: Run) -> str:
    named = {"Target": run.target, "release": run.release, "profile": run.profile, "run": run.id}
    return " · ".join(f"{name} {code(value)}" for name, value in named.items())


def _figures(run: Run) -> str:
    given = figures(run)
    return "\n".join(
        (f"| {' | '.join(given)} |", f"|{' --- |' * len(given)}", f"| {' | '.join(given.values())} |"),
    )


def _broken(run: Run) -> Iterator[str]:
    broken = broken_promises(run)
    if broken:
        yield "## Broken promises"
    for operation, promises in broken.items():
        page = promises[0].claim.page
        yield f"### {code(operation)} · [page](<{page}>)"
        yield "\n".join(_promise(promise) for promise in promises)


def _promise(promise: BrokenPromise) -> str:
    should = " (advisory)" if promise.advisory else ""
    if not promise.findings:
        return f"- {plain(promise.claim.promise)}{should}"
    finding, more = promise.findings[0], len(promise.findings) - 1
    rest = f" *(and {more} more)*" if more else ""
    told = f"promised {code(finding.promised)}, received {code(finding.received)}"
    return f"- {code(finding.where)}: {told}{rest}{should}. {plain(promise.claim.promise)}"


def _reasons(title: str, groups: Iterable[Unjudged]) -> Iterator[str]:
    return _list(title, (f"- {plain(group.reason)} ({group.extent})" for group in groups))


def _drift(run: Run, *, security: bool) -> Iterator[str]:
    for one in run.drift:
        if one.security is security:
            yield (
                f"- {code(one.operation)}: documented {code(one.documented)}, served {code(one.served)} "
                f"(erratum {code(one.erratum)}, releases {code(one.releases or 'all')}, [page](<{one.page}>))"
            )


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    every = tuple(lines)
    if every:
        yield f"## {title}"
        yield "\n".join(every)
