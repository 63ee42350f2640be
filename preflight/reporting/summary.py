"""summary.md: what a person reads on the page of a build job, verdict first."""

import re
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
)

_MARKS = {
    Verdict.PASS: "✅",
    Verdict.FAIL: "❌",
    Verdict.INCONCLUSIVE: "❔",
    Verdict.ERROR: "💥",
    Verdict.NOT_APPLICABLE: "⚪",
}
# Build servers cut a summary off at a megabyte; the whole text stands in run.json and report.html.
_LONGEST = 300
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&])")


def render(run: Run, reports: Mapping[str, PurePath] | None = None) -> str:
    """Give the summary as Markdown; `reports` maps the names of reports to where they are."""
    blocks = [
        f"# {_MARKS[run.verdict]} {HEADLINES[run.verdict]}",
        _text(verdict_sentence(run)),
        _subject(run),
        _figures(run),
        *_broken(run),
        *_reasons("Preflight stumbled", stumbles(run)),
        *_reasons("Could not be judged", unjudged(run)),
        *_list("Not exercised", (f"- {_code(key)}" for key in not_exercised(run))),
        *_reasons("Not applicable", not_applicable(run)),
        *_list("Documentation drift", _drift(run)),
        *_list("Left behind", (f"- {_text(one.what)}: {_text(one.why)}" for one in run.leftovers)),
        *_list("Reports", (f"- {name}: {_code(path.as_posix())}" for name, path in sorted((reports or {}).items()))),
    ]
    return "\n\n".join(blocks) + "\n"


def _subject(run: Run) -> str:
    named = {"Target": run.target, "release": run.release, "profile": run.profile, "run": run.id}
    return " · ".join(f"{name} {_code(value)}" for name, value in named.items())


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
        yield f"### {_code(operation)} · [page](<{page}>)"
        yield "\n".join(_promise(promise) for promise in promises)


def _promise(promise: BrokenPromise) -> str:
    should = " (advisory)" if promise.advisory else ""
    if not promise.findings:
        return f"- {_text(promise.claim.promise)}{should}"
    finding, more = promise.findings[0], len(promise.findings) - 1
    rest = f" *(and {more} more)*" if more else ""
    told = f"promised {_code(finding.promised)}, received {_code(finding.received)}"
    return f"- {_code(finding.where)}: {told}{rest}{should}. {_text(promise.claim.promise)}"


def _reasons(title: str, groups: Iterable[Unjudged]) -> Iterator[str]:
    return _list(title, (f"- {_text(group.reason)} ({group.extent})" for group in groups))


def _drift(run: Run) -> Iterator[str]:
    for one in run.drift:
        yield (
            f"- {_code(one.operation)}: documented {_code(one.documented)}, served {_code(one.served)} "
            f"(erratum {_code(one.erratum)}, releases {_code(one.releases or 'all')}, [page](<{one.page}>))"
        )


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    every = tuple(lines)
    if every:
        yield f"## {title}"
        yield "\n".join(every)


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _one_line(text))


def _code(value: object) -> str:
    """Give a code span that holds any text: its fence is longer than every run of backticks inside."""
    text = _one_line(str(value)) or "(nothing)"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
