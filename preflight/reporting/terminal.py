"""The ten-second summary: what a person reads in a terminal when a run has ended."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import PurePath

from rich.console import Console
from rich.text import Text

from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.reporting import account
from preflight.reporting.account import BrokenPromise, Unjudged, counted

STYLES: Mapping[Verdict, str] = {
    Verdict.PASS: "green",
    Verdict.FAIL: "red",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.ERROR: "magenta",
    Verdict.NOT_APPLICABLE: "bright_black",
}
_MARKS = {
    Verdict.PASS: "✓",
    Verdict.FAIL: "✗",
    Verdict.INCONCLUSIVE: "?",
    Verdict.ERROR: "!",
    Verdict.NOT_APPLICABLE: "-",
}
_ASCII = str.maketrans({"✓": "+", "✗": "x", "·": "-", "…": "...", "—": "-", "–": "-", "→": "->"})  # noqa: RUF001 (dashes)
# More than this cannot be read in ten seconds.
_MOST_PROMISES = 24
_MOST_REASONS = 8
_NARROWEST = 20


def show(run: Run, console: Console, reports: Mapping[str, PurePath] | None = None) -> None:
    """Print the summary; colours, width and signs are those that the console can show."""
    for line in _lines(_Ink(console), run, reports or {}):
        console.print(line, highlight=False, soft_wrap=True)


class _Ink:
    """Writes text as the console can show it: nothing that its encoding lacks, nothing that would steer it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._ascii = not console.encoding.lower().startswith("utf")

    def text(self, text: str, style: str = "") -> Text:
        return Text(self._shown(text), style=style)

    def mark(self, verdict: Verdict) -> Text:
        return self.text(_MARKS[verdict], f"bold {STYLES[verdict]}")

    def wrapped(self, text: Text, first: Text, *, indent: int) -> Iterator[Text]:
        """Break text at the width of the console; lines after the first hang under the first."""
        lines = text.wrap(self._console, max(self._console.width - indent, _NARROWEST))
        for number, line in enumerate(lines):
            line.rstrip()
            yield Text.assemble(" " * indent if number else first, line)

    def _shown(self, text: str) -> str:
        # A server's answer may hold escape sequences; a terminal would obey them.
        plain = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)
        return plain.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii") if self._ascii else plain


def _lines(ink: _Ink, run: Run, reports: Mapping[str, PurePath]) -> Iterator[Text]:
    yield Text()
    yield from _verdict(ink, run)
    yield from _broken(ink, run)
    yield from _reasons(ink, "Preflight stumbled", Verdict.ERROR, account.stumbles(run))
    yield from _reasons(ink, "Could not be judged", Verdict.INCONCLUSIVE, account.unjudged(run))
    yield from _not_exercised(ink, run)
    yield from _leftovers(ink, run)
    yield from _reports(ink, reports)
    yield Text()


def _verdict(ink: _Ink, run: Run) -> Iterator[Text]:
    style = f"bold {STYLES[run.verdict]}"
    subject = ink.text(f"{run.target} · release {run.release} · profile {run.profile}")
    headline = Text.assemble(ink.text(account.HEADLINES[run.verdict], style), "  ", subject)
    yield from ink.wrapped(headline, Text.assemble(ink.mark(run.verdict), " "), indent=2)
    yield from _plain(ink, account.verdict_sentence(run))
    yield from _plain(ink, " · ".join(f"{label} {value}" for label, value in account.figures(run).items()), "dim")


def _broken(ink: _Ink, run: Run) -> Iterator[Text]:
    every = [(key, promise) for key, own in account.broken_promises(run).items() for promise in own]
    if every:
        yield from _heading(ink, "Broken promises")
    for operation, promises in groupby(every[:_MOST_PROMISES], key=itemgetter(0)):
        yield from _plain(ink, str(operation), "bold")
        for _, promise in promises:
            yield from _item(ink, Verdict.INCONCLUSIVE if promise.advisory else Verdict.FAIL, _promise(promise))
    yield from _rest(ink, len(every) - _MOST_PROMISES, "more promise")


def _promise(promise: BrokenPromise) -> str:
    advisory = " (advisory)" if promise.advisory else ""
    if not promise.findings:
        return f"{promise.claim.promise}{advisory}"
    finding, more = promise.findings[0], len(promise.findings) - 1
    rest = f" (and {more} more)" if more else ""
    return f"{finding.where}: promised {finding.promised}, received {finding.received}{rest}{advisory}"


def _reasons(ink: _Ink, title: str, verdict: Verdict, groups: tuple[Unjudged, ...]) -> Iterator[Text]:
    if groups:
        yield from _heading(ink, title)
    for group in groups[:_MOST_REASONS]:
        yield from _item(ink, verdict, f"{group.reason} ({group.extent})")
    yield from _rest(ink, len(groups) - _MOST_REASONS, "more reason")


def _not_exercised(ink: _Ink, run: Run) -> Iterator[Text]:
    keys = account.not_exercised(run)
    if keys:
        yield from _heading(ink, f"Not exercised: {counted(len(keys), 'operation')}")
        yield from _plain(ink, ", ".join(map(str, keys[:_MOST_REASONS])))
    yield from _rest(ink, len(keys) - _MOST_REASONS, "more operation")


def _leftovers(ink: _Ink, run: Run) -> Iterator[Text]:
    if run.leftovers:
        yield from _heading(ink, "Left behind: to be removed by hand")
    for one in run.leftovers:
        yield from _item(ink, Verdict.ERROR, f"{one.what}: {one.why}")


def _reports(ink: _Ink, reports: Mapping[str, PurePath]) -> Iterator[Text]:
    if reports:
        yield from _heading(ink, "Reports")
    width = max(map(len, reports), default=0)
    for name, path in sorted(reports.items()):
        # Never wrapped: a path that is cut can be neither clicked nor copied.
        yield ink.text(f"  {name:<{width}}  {path.as_posix()}")


def _rest(ink: _Ink, number: int, noun: str) -> Iterator[Text]:
    if number > 0:
        yield from _plain(ink, f"… and {counted(number, noun)}; the reports list every one", "dim")


def _heading(ink: _Ink, title: str) -> Iterator[Text]:
    yield Text()
    yield Text.assemble("  ", ink.text(title, "bold underline"))


def _item(ink: _Ink, verdict: Verdict, told: str) -> Iterator[Text]:
    yield from ink.wrapped(ink.text(told), Text.assemble("    ", ink.mark(verdict), " "), indent=6)


def _plain(ink: _Ink, told: str, style: str = "") -> Iterator[Text]:
    yield from ink.wrapped(ink.text(told, style), Text("  "), indent=2)
