"""The ten-second summary: what a person reads in a terminal when a run has ended."""

from collections.abc import Iterator, Mapping
from pathlib import PurePath

from rich.console import Console
from rich.text import Text

from preflight.model.operation import OperationKey
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.reporting import account
from preflight.reporting.account import Unjudged, counted
from preflight.reporting.causes import Cause, causes_of
from preflight.reporting.coverage import Standing
from preflight.reporting.ink import STYLES, Ink

# More than this cannot be read in ten seconds.
_MOST_PROMISES = 24
_MOST_WARNINGS = 6
_MOST_REASONS = 8
_MOST_OPERATIONS = 4


def show(run: Run, console: Console, reports: Mapping[str, PurePath] | None = None) -> None:
    """Print the summary; colours, width and signs are those that the console can show."""
    for line in _lines(Ink(console), run, reports or {}):
        console.print(line, highlight=False, soft_wrap=True)


def _lines(ink: Ink, run: Run, reports: Mapping[str, PurePath]) -> Iterator[Text]:
    yield Text()
    yield from _verdict(ink, run)
    yield from _broken(ink, run)
    yield from _worthless(ink, run)
    yield from _reasons(ink, "Preflight stumbled", Verdict.ERROR, account.stumbles(run))
    yield from _reasons(ink, "Could not be judged", Verdict.INCONCLUSIVE, account.unjudged(run))
    yield from _not_exercised(ink, run)
    yield from _warnings(ink, run)
    yield from _leftovers(ink, run)
    yield from _reports(ink, reports)
    yield Text()


def _verdict(ink: Ink, run: Run) -> Iterator[Text]:
    style = f"bold {STYLES[run.verdict]}"
    subject = ink.text(f"{run.target} · release {run.release} · profile {run.profile}")
    headline = Text.assemble(ink.text(account.HEADLINES[run.verdict], style), "  ", subject)
    yield from ink.wrapped(headline, Text.assemble(ink.mark(run.verdict), " "), indent=2)
    yield from _plain(ink, account.verdict_sentence(run))
    yield from _plain(ink, " · ".join(f"{label} {value}" for label, value in account.figures(run).items()), "dim")


def _broken(ink: Ink, run: Run) -> Iterator[Text]:
    yield from _promises(ink, run, "Broken promises", Verdict.FAIL, _MOST_PROMISES)


def _warnings(ink: Ink, run: Run) -> Iterator[Text]:
    """Tell the advisory promises that are broken, after all that weighs more."""
    yield from _promises(ink, run, "Warnings: they fail no run", Verdict.INCONCLUSIVE, _MOST_WARNINGS)


def _promises(ink: Ink, run: Run, title: str, verdict: Verdict, most: int) -> Iterator[Text]:
    """Tell what is broken alike once, under the operations that show it."""
    wanted = Standing.BROKEN if verdict is Verdict.FAIL else Standing.WARNING
    causes = [cause for cause in causes_of(run) if cause.standing is wanted]
    told: dict[tuple[OperationKey, ...], list[Cause]] = {}
    for cause in causes[:most]:
        told.setdefault(cause.operations, []).append(cause)
    if causes:
        yield from _heading(ink, title)
    for operations, own in told.items():
        yield from _plain(ink, _named(operations), "bold")
        for cause in own:
            yield from _item(ink, verdict, _cause(cause))
    rest = sum(cause.size for cause in causes[most:])
    yield from _rest(ink, rest, "more promise" if verdict is Verdict.FAIL else "more warning")


def _worthless(ink: Ink, run: Run) -> Iterator[Text]:
    worthless = account.worthless_waivers(run)
    if worthless:
        yield from _heading(ink, "Waivers worth nothing any more")
    for waiver, what in worthless.items():
        yield from _item(ink, Verdict.FAIL, f"{account.waiver_line(waiver)}: {what}")


def _named(operations: tuple[OperationKey, ...]) -> str:
    named = ", ".join(map(str, operations[:_MOST_OPERATIONS]))
    rest = len(operations) - _MOST_OPERATIONS
    return f"{named} and {counted(rest, 'more operation')}" if rest > 0 else named


def _cause(cause: Cause) -> str:
    findings = [finding for promise in cause.promises for finding in promise.findings]
    if not findings:
        return cause.lead.claim.promise
    first, seen = findings[0], sum(finding.count for finding in findings)
    alike = f"{cause.size} promises broken alike" if cause.size > 1 else ""
    times = f"seen {seen:,} times" if seen > 1 else ""
    more = ", ".join(filter(None, (alike, times)))
    told = f"{first.where or 'the body'}: promised {first.promised}, received {first.received}"
    return f"{told} ({more})" if more else told


def _reasons(ink: Ink, title: str, verdict: Verdict, groups: tuple[Unjudged, ...]) -> Iterator[Text]:
    if groups:
        yield from _heading(ink, title)
    for group in groups[:_MOST_REASONS]:
        yield from _item(ink, verdict, f"{group.reason} ({group.extent})")
    yield from _rest(ink, len(groups) - _MOST_REASONS, "more reason")


def _not_exercised(ink: Ink, run: Run) -> Iterator[Text]:
    keys = account.not_exercised(run)
    if keys:
        yield from _heading(ink, f"Not exercised: {counted(len(keys), 'operation')}")
        yield from _plain(ink, ", ".join(map(str, keys[:_MOST_REASONS])))
    yield from _rest(ink, len(keys) - _MOST_REASONS, "more operation")


def _leftovers(ink: Ink, run: Run) -> Iterator[Text]:
    if run.leftovers:
        yield from _heading(ink, "Left behind: to be removed by hand")
    for one in run.leftovers:
        yield from _item(ink, Verdict.ERROR, f"{one.what}: {one.why}")


def _reports(ink: Ink, reports: Mapping[str, PurePath]) -> Iterator[Text]:
    if reports:
        yield from _heading(ink, "Reports")
    width = max(map(len, reports), default=0)
    for name, path in sorted(reports.items()):
        # Never wrapped: a path that is cut can be neither clicked nor copied.
        yield ink.text(f"  {name:<{width}}  {path.as_posix()}")


def _rest(ink: Ink, number: int, noun: str) -> Iterator[Text]:
    if number > 0:
        yield from _plain(ink, f"… and {counted(number, noun)}; the reports list every one", "dim")


def _heading(ink: Ink, title: str) -> Iterator[Text]:
    yield Text()
    yield Text.assemble("  ", ink.text(title, "bold underline"))


def _item(ink: Ink, verdict: Verdict, told: str) -> Iterator[Text]:
    yield from ink.wrapped(ink.text(told), Text.assemble("    ", ink.mark(verdict), " "), indent=6)


def _plain(ink: Ink, told: str, style: str = "") -> Iterator[Text]:
    yield from ink.wrapped(ink.text(told, style), Text("  "), indent=2)
