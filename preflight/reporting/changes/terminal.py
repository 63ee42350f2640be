"""What changed, in a terminal: whether it is safe in the first line, what can break a client before the rest."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from preflight.reporting.account import counted
from preflight.reporting.changes.page import Item, Page, Section
from preflight.reporting.ink import Ink

_STYLES = {True: "green", False: "red", None: "yellow"}
_MARKS = {True: "✓", False: "✗", None: "?"}
# What breaks nobody is told in a few lines; files and --json hold all of it.
_MOST_COMPATIBLE = 12


def show(page: Page, console: Console) -> None:
    """Print a page; colours, width and signs are those that the console can show."""
    for line in _lines(Ink(console), page):
        console.print(line, highlight=False, soft_wrap=True)


def _lines(ink: Ink, page: Page) -> Iterator[Text]:
    style = f"bold {_STYLES[page.good]}"
    # The first line is told whole: it may be all that somebody, or a script, reads.
    yield Text.assemble(ink.text(page.headline, style))
    for line in page.lines:
        yield from ink.wrapped(ink.text(line, "dim"), Text("  "), indent=2)
    for section in page.sections:
        yield from _section(ink, section)
    if page.notes:
        yield Text()
    for note in page.notes:
        yield from ink.wrapped(ink.text(note, "dim"), Text("  "), indent=2)


def _section(ink: Ink, section: Section) -> Iterator[Text]:
    yield Text()
    number = sum(len(items) for _, items in section.subjects)
    yield Text.assemble("  ", ink.text(f"{section.title} ({number:,})", "bold underline"))
    left = number if section.breaking else min(number, _MOST_COMPATIBLE)
    more = number - left
    for subject, items in section.subjects:
        if left:
            yield from ink.wrapped(ink.text(subject, "bold"), Text("  "), indent=2)
        for item in items[:left]:
            yield from _item(ink, item, breaking=section.breaking)
        left -= len(items[:left])
    if more:
        told = f"… and {counted(more, 'more change')}; --out and --json tell every one"
        yield from ink.wrapped(ink.text(told, "dim"), Text("  "), indent=2)


def _item(ink: Ink, item: Item, *, breaking: bool) -> Iterator[Text]:
    mark = ink.text(_MARKS[not breaking], f"bold {_STYLES[not breaking]}")
    asked = f"{item.asked}: " if item.asked else ""
    yield from ink.wrapped(ink.text(f"{asked}{item.told}"), Text.assemble("    ", mark, " "), indent=6)
    if item.said and breaking:
        yield from ink.wrapped(ink.text(item.said, "dim"), Text("      "), indent=6)
